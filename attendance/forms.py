"""Shapes of what people fill in about days. A form never saves and never asks who the user is."""

import uuid
from typing import Any, cast

from django import forms
from django.utils.dateparse import parse_datetime

from accounts.day_fields import DayField, LastDayField, check_span
from attendance.enums import Mark
from attendance.registers import FilledRegister, Marked
from attendance.rules.absence_kinds import DATES, WEEKDAY_NAMES
from regions.refusals import Refused
from regions.rules.believable import DateKind
from students.enums import FROM_FILES, LEAVE_CHOICES, LEAVES, AbsenceCause, AbsenceKind

STALE = "页面已过期，请刷新后再填。"
REQUIRED = {"required": "这一项不能为空。"}


def read_sheet(posted) -> FilledRegister:
    """The filled register out of a POST. Refused when it is no register form."""
    try:
        version = int(posted.get("version", ""))
        client_key = uuid.UUID(posted.get("client_key", ""))
        marks = {
            name.removeprefix("mark-"): Marked(
                Mark(value), posted.get(f"note-{name.removeprefix('mark-')}", "").strip()
            )
            for name, value in posted.items()
            if name.startswith("mark-") and value
        }
        taken_at = parse_datetime(posted.get("taken_at", "")) if posted.get("taken_at") else None
    except ValueError:
        raise Refused(STALE) from None
    return FilledRegister(
        marks=marks,
        reason=posted.get("reason", "").strip(),
        version=version,
        client_key=client_key,
        taken_at=taken_at if taken_at and taken_at.tzinfo else None,
    )


WEEKDAYS = [(str(n), f"周{name}") for n, name in enumerate(WEEKDAY_NAMES, 1) if n <= 5]
# What an office may ask for besides leave; 依规不在校 comes from a case alone.
OFFICE_KINDS = [kind for kind in AbsenceKind if kind in (*LEAVES, *FROM_FILES)]


class LeaveForm(forms.Form):
    """A request for explained days: leave by a class teacher, statuses too by the office."""

    kind = forms.ChoiceField(label="请假类型", choices=LEAVE_CHOICES)
    first = DayField(kind=DateKind.ABSENCE_BEGINS, label="从", error_messages=REQUIRED)
    last = LastDayField(kind=DateKind.LEAVE_ENDS, label="到（含这一天）", error_messages=REQUIRED)
    weekdays = forms.MultipleChoiceField(
        label="每周哪几天（只有定期治疗要选）",
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="每周超过 3 天的由县里批准。",
    )
    cause = forms.ChoiceField(
        label="事由", choices=[("", "不在下面的"), *AbsenceCause.choices], required=False
    )
    reason = forms.CharField(
        label="原因",
        max_length=200,
        help_text="谁来请的假，为什么，至少 6 个字。",
        error_messages=REQUIRED,
    )
    proof = forms.CharField(
        label="看到的证明",
        max_length=200,
        required=False,
        help_text="连同前后的请假超过 3 天，或者已经登记未到的，要有证明；没有的由上一级批准。",
    )
    file = forms.FileField(
        label="证明照片或 PDF", required=False, help_text="拍清楚字和章；10 MB 以内。"
    )

    def __init__(self, *args: Any, office: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if office:
            field = cast(forms.ChoiceField, self.fields["kind"])
            field.choices = [(kind, kind.label) for kind in OFFICE_KINDS]

    def clean_kind(self) -> AbsenceKind:
        return AbsenceKind(self.cleaned_data["kind"])

    def clean_weekdays(self) -> str:
        return "".join(sorted(self.cleaned_data["weekdays"]))

    def clean(self) -> dict[str, Any]:
        kind = self.cleaned_data.get("kind")
        if kind is not None:
            cast(DayField, self.fields["last"]).kind = DATES[kind][1]
        check_span(self, "last", first=self.cleaned_data.get("first"))
        return self.cleaned_data


EXPLAIN_CHOICES = [
    (kind, kind.label)
    for kind in (*LEAVES, AbsenceKind.LONG_LEAVE)
    if kind is not AbsenceKind.TREATMENT
]


class ExplainForm(forms.Form):
    kind = forms.ChoiceField(label="原因", choices=EXPLAIN_CHOICES)
    until = DayField(
        kind=DateKind.EXPLANATION_ENDS,
        label="管到哪一天（含）",
        help_text="过了这一天还没来，重新开始计算。",
        error_messages=REQUIRED,
    )
    proof = forms.CharField(
        label="看到的证明",
        max_length=200,
        help_text="例如：县医院诊断证明，11月18日；父亲来校写的请假条。",
        error_messages=REQUIRED,
    )

    file = forms.FileField(
        label="证明照片或 PDF", required=False, help_text="拍清楚字和章；10 MB 以内。"
    )

    def clean_kind(self) -> AbsenceKind:
        return AbsenceKind(self.cleaned_data["kind"])
