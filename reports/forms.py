"""Forms of numbers: why something is exported, what a month's report adds in words."""

from django import forms

from accounts.day_fields import DayField
from regions.rules.believable import DateKind
from reports.workbooks import SHORTEST_PURPOSE

A_LISTED_DAY = {"required": "请选日期。"}


class PurposeForm(forms.Form):
    """导出事由."""

    purpose = forms.CharField(
        label="导出事由",
        max_length=100,
        min_length=SHORTEST_PURPOSE,
        help_text="例如：报送市教育体育局 11 月控辍保学月报。会写进每张表，并留下记录。",
        error_messages={
            "required": "请写明导出事由。",
            "min_length": "事由太短，请写清楚用在哪里。",
        },
    )


class LedgerForm(PurposeForm):
    """A ledger of a day."""

    on = DayField(kind=DateKind.COUNTED, label="日期", error_messages={"required": "请选日期。"})
    field_order = ["on", "purpose"]


class FreezeForm(forms.Form):
    """Which day's numbers become final, and under which name they are reported."""

    on = DayField(kind=DateKind.COUNTED, label="统计日期", error_messages=A_LISTED_DAY)
    title = forms.CharField(
        label="用途",
        max_length=60,
        help_text="例如：2026年11月控辍保学月报。",
        error_messages={"required": "请写这份统计报到哪里、叫什么。"},
    )


class RecountForm(forms.Form):
    """Why a final day is counted again."""

    on = DayField(kind=DateKind.COUNTED, label="统计日期", error_messages=A_LISTED_DAY)
    note = forms.CharField(
        label="更正原因",
        max_length=200,
        help_text="原来的一版保留，更正的另成一版，要再定稿。",
        error_messages={"required": "请写明为什么更正。"},
    )


class ReportForm(forms.Form):
    """What the school says beside its numbers; `seen` is the digest of what was on the screen."""

    note = forms.CharField(
        label="情况说明",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="本月做了哪些工作，需要上级解决什么。",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class CorrectForm(forms.Form):
    """Why a signed report is corrected."""

    reason = forms.CharField(
        label="更正原因", max_length=200, error_messages={"required": "请写明为什么更正。"}
    )
