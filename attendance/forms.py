"""Shapes of what people fill in about days. A form never saves and never asks who the user is."""

import uuid
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime

from accounts.day_fields import DayField, LastDayField, check_span
from attendance.enums import Mark
from attendance.registers import FilledRegister, Marked
from regions.refusals import Refused
from regions.rules.believable import DateKind
from students.enums import LEAVE_CHOICES, AbsenceKind

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
    no_class = posted.get("no_class", "").strip()
    return FilledRegister(
        marks={} if no_class else marks,
        no_class=no_class,
        reason=posted.get("reason", "").strip(),
        version=version,
        client_key=client_key,
        taken_at=taken_at if taken_at and taken_at.tzinfo else None,
    )


class LeaveForm(forms.Form):
    kind = forms.ChoiceField(label="请假类型", choices=LEAVE_CHOICES)
    first = DayField(kind=DateKind.ABSENCE_BEGINS, label="从", error_messages=REQUIRED)
    last = LastDayField(kind=DateKind.LEAVE_ENDS, label="到（含这一天）", error_messages=REQUIRED)
    reason = forms.CharField(
        label="原因", max_length=200, help_text="谁来请的假，为什么。", error_messages=REQUIRED
    )

    def clean_kind(self) -> AbsenceKind:
        return AbsenceKind(self.cleaned_data["kind"])

    def clean(self) -> dict[str, Any]:
        check_span(self, "last", first=self.cleaned_data.get("first"))
        return self.cleaned_data


class ExplainForm(forms.Form):
    kind = forms.ChoiceField(label="原因", choices=LEAVE_CHOICES)
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
