"""Shapes of calendar rows and policies as they are filled in. A form never saves."""

import re
from datetime import date
from typing import Any

from django import forms

from accounts.day_fields import DayField, LastDayField, check_span
from accounts.places.calendar_rows import Draft
from accounts.reason_fields import ReasonField
from regions.enums import DayKind, RowState, Stage
from regions.rules.believable import DateKind
from regions.rules.policies import Threshold

GRADES = re.compile(r"[1-9](,[1-9]){0,8}")
OFFERED = (DayKind.CLOSURE, DayKind.HALF_CLOSURE, DayKind.HOLIDAY, DayKind.MAKE_UP, DayKind.TERM,
           DayKind.OPENING)  # fmt: skip


class RowForm(forms.Form):
    """A row of the calendar: what, from when to when, for whom, on whose word."""

    where = forms.ChoiceField(label="哪里")
    kind = forms.ChoiceField(label="安排", choices=[(kind, kind.label) for kind in OFFERED])
    begins = DayField(kind=DateKind.CALENDAR_BEGINS, label="从")
    ends = LastDayField(kind=DateKind.CALENDAR_ENDS, label="到（含这一天）")
    stage = forms.ChoiceField(
        label="学段", required=False, choices=[("", "全部"), *((one, one.label) for one in Stage)]
    )
    grades = forms.CharField(
        label="年级", required=False, max_length=30, help_text="只给几个年级的，写成 8,9。"
    )
    boarders = forms.BooleanField(label="只限住校生", required=False)
    reason = forms.CharField(label="说明", max_length=200, help_text="例如：供水管道抢修。")
    source = forms.CharField(
        label="依据", max_length=120, help_text="文号；班级停课写卫生健康部门的意见。",
        error_messages={"required": "请写依据：文号，或卫生健康部门的意见。"},
    )  # fmt: skip

    def __init__(
        self, *args: Any, places: list[tuple[str, str]], asks: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["where"].choices = places  # type: ignore[attr-defined]
        if asks:
            for name in ("kind", "stage", "grades", "boarders", "source"):
                del self.fields[name]

    def clean_grades(self) -> str:
        grades = self.cleaned_data["grades"].replace("，", ",").replace("、", ",").strip()
        if grades and not GRADES.fullmatch(grades):
            raise forms.ValidationError("年级写成 8,9 这样，1 至 9。")
        return grades

    def clean(self) -> dict[str, Any]:
        check_span(self, "ends", first=self.cleaned_data.get("begins"))
        return self.cleaned_data

    @property
    def draft(self) -> Draft:
        """What was filled in, as the verb takes it."""
        told = self.cleaned_data
        narrow = [told.get("stage", "")]
        narrow.append(f"grade:{told['grades']}" if told.get("grades") else "")
        narrow.append("boarders" if told.get("boarders") else "")
        scope = "/".join([told["where"], *filter(None, narrow)])
        kind = DayKind(told.get("kind") or DayKind.CLOSURE)
        return Draft(
            scope, kind, told["begins"], told["ends"], told["reason"], told.get("source", "")
        )


class WithdrawForm(forms.Form):
    """Why a value is taken back as if it had never been."""

    reason = ReasonField(
        label="撤销的原因", what="撤销的原因", help_text="例如：文号录错，县里没有发过这份文件。"
    )


class EndForm(forms.Form):
    """撤销 a row, or let it end earlier."""

    last = DayField(
        kind=DateKind.CALENDAR_BEGINS, label="提前到哪一天结束（含）", required=False,
        help_text="不填就是整条撤销，当作没有过。",
    )  # fmt: skip
    reason = ReasonField(label="原因", what="为什么撤销或提前结束")

    def __init__(self, *args: Any, begins: date, ends: date, state: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.may_shorten = state == RowState.ACTIVE and begins < ends
        if not self.may_shorten:
            del self.fields["last"]

    @property
    def told(self) -> dict[str, Any]:
        """As the verb takes it."""
        return {"last": self.cleaned_data.get("last"), "reason": self.cleaned_data["reason"]}


class PolicyForm(forms.Form):
    """A threshold: its value, from when, on whose word."""

    value = forms.CharField(label="改为", max_length=10)
    since = DayField(kind=DateKind.POLICY, label="从哪天起")
    until = DayField(
        kind=DateKind.POLICY, label="到哪天为止（含）", required=False,
        help_text="一直执行的不填。",
    )  # fmt: skip
    source = forms.CharField(label="文号和条款", max_length=120)

    def __init__(self, *args: Any, threshold: Threshold, **options: Any) -> None:
        super().__init__(*args, **options)
        self.threshold = threshold
        self.fields["value"].help_text = f"{threshold.wanted}。"

    def clean_value(self) -> str:
        value = self.cleaned_data["value"].strip()
        if not self.threshold.takes(value):
            raise forms.ValidationError(f"{self.threshold.wanted}。")
        return value


class PolicyEndForm(forms.Form):
    """The last day of a county's own threshold, and on whose word it ends."""

    last = DayField(kind=DateKind.POLICY, label="执行到哪天（含）")
    source = forms.CharField(label="文号和条款", max_length=120)
