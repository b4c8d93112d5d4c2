"""What is filled in when a guardian says that a mark is wrong, and when the school answers."""

from django import forms

from accounts.day_fields import DayField
from accounts.reason_fields import ReasonField
from attendance.enums import DisputeState
from regions.rules.believable import DateKind

REQUIRED = {"required": "这一项不能为空。"}


class DisputeForm(forms.Form):
    day = DayField(kind=DateKind.REGISTER, label="哪一天的考勤", error_messages=REQUIRED)
    asked_on = DayField(kind=DateKind.REGISTER, label="哪天提出", error_messages=REQUIRED)
    asker = forms.CharField(
        label="谁提出的", max_length=40, help_text="例如：岩温（父亲）。", error_messages=REQUIRED
    )
    words = ReasonField(label="怎么说的", what="监护人怎么说的", error_messages=REQUIRED)


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label="答复",
        choices=[(one.value, one.label) for one in DisputeState if one is not DisputeState.OPEN],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择答复结果。"},
    )
    words = ReasonField(
        label="怎么核实、怎么答复的", what="答复", help_text="例如：已问班主任，当天在校，已更正。",
        error_messages=REQUIRED,
    )  # fmt: skip

    def clean_state(self) -> DisputeState:
        return DisputeState(self.cleaned_data["state"])
