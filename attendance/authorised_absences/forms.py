"""Shapes of what people say about a request. A form never saves and never asks who the user is."""

from django import forms

from accounts.day_fields import DayField
from accounts.reason_fields import ReasonField
from regions.rules.believable import DateKind
from students.enums import SampleResult

REQUIRED = {"required": "这一项不能为空。"}


class PlainForm(forms.Form):
    """Nothing to fill in."""


class NoteForm(forms.Form):
    note = forms.CharField(label="说明", max_length=200, required=False)


class ReasonForm(forms.Form):
    note = ReasonField(label="原因", error_messages=REQUIRED)


class ProofForm(forms.Form):
    proof = forms.CharField(
        label="看到的证明",
        max_length=200,
        help_text="例如：县医院诊断证明，11月18日。",
        error_messages=REQUIRED,
    )
    file = forms.FileField(
        label="证明照片或 PDF", required=False, help_text="拍清楚字和章；10 MB 以内。"
    )


class EndForm(forms.Form):
    last = DayField(
        kind=DateKind.STATUS_BEGINS, label="改到哪一天为止（含）", error_messages=REQUIRED
    )
    note = forms.CharField(label="说明", max_length=200, required=False)


class SampleForm(forms.Form):
    result = forms.ChoiceField(
        label="核查结果", choices=SampleResult.choices, widget=forms.RadioSelect,
        error_messages=REQUIRED,
    )  # fmt: skip
    note = forms.CharField(
        label="核查情况", max_length=200, required=False, help_text="不实的必须写明查到了什么。"
    )

    def clean_result(self) -> SampleResult:
        return SampleResult(self.cleaned_data["result"])
