"""What people type to record a return, close a case, or let it end by a lawful reason."""

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from accounts.day_fields import DayField, LastDayField, check_span
from accounts.enums import Role
from cases.enums.records import ExitKind, PlacementMode
from cases.form_fields import (
    CHOSEN,
    REQUIRED,
    ActForm,
    FuzzyField,
    choice,
    proof_file,
    set_choices,
    set_rows,
    text,
)
from cases.law.exits import EXITS
from regions.clock import today
from regions.models import SchoolClass
from regions.rules.believable import DateKind

PLACED_IN_CLASS: list[tuple[str, str]] = [
    (mode, mode.label)
    for mode in PlacementMode
    if mode not in (PlacementMode.HOME_TEACHING, PlacementMode.VOCATIONAL)
]


class ReturnForm(ActForm):
    on = FuzzyField(label="哪一天回到课堂")
    note = text("说明", "谁接回、怎么回来的、有什么困难。", rows=2, required=False)
    file = proof_file("到校照片或证明")

    def told(self) -> dict[str, Any]:
        told = super().told()
        return told | {"returned": told.pop("on")}


class ClassChoice(forms.ModelChoiceField):
    """A class named as it is called on `day`."""

    day: date

    def label_from_instance(self, obj: SchoolClass) -> str:  # type: ignore[override]
        return f"{obj.school.name} {obj.label(self.day)}"


class PlaceForm(ActForm):
    mode = choice("安置方式", PLACED_IN_CLASS, widget=forms.RadioSelect)
    school_class = ClassChoice(
        SchoolClass.objects.none(),
        label="班级",
        required=False,
        empty_label="不换班",
        help_text="原班就读不用选。送教上门、职业学校就读按“依规办结”登记。",
    )
    on = DayField(kind=DateKind.HAPPENED, label="哪一天进班", error_messages=REQUIRED)
    note = text("说明", "帮扶教师、住宿、资助等。", rows=2, most=200, required=False)

    def __init__(
        self, *args: Any, classes: QuerySet[SchoolClass], day: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "school_class", classes)
        field = self.fields["school_class"]
        if isinstance(field, ClassChoice):
            field.day = day

    def told(self) -> dict[str, Any]:
        told = super().told()
        return told | {"began": told.pop("on")}

    def clean_mode(self) -> PlacementMode:
        return PlacementMode(self.cleaned_data["mode"])


class OpinionForm(ActForm):
    agrees = forms.ChoiceField(
        label="是否同意",
        choices=[("yes", "同意"), ("no", "不同意")],
        initial="yes",
        widget=forms.RadioSelect,
        error_messages=CHOSEN,
    )
    note = text("意见", "学校写在校表现；乡镇写怎么核实的、见到谁。", most=200)
    file = proof_file("核实照片或证明")

    def clean_agrees(self) -> bool:
        return self.cleaned_data["agrees"] == "yes"


class ApproveForm(ActForm):
    note = text("审批意见", rows=2, most=200, required=False)


class SendBackForm(ActForm):
    note = text("退回原因", "写明还差什么，学校和乡镇补齐后重新签署。", most=200)


class ExitForm(ActForm):
    kind = choice("事由", [], widget=forms.RadioSelect)
    proof = text("看到的证明", "写明证明的名称、出具单位和日期。", rows=2, most=200)
    until = LastDayField(
        kind=DateKind.EXIT_ENDS, label="截止日期", required=False, help_text="有期限的事由必填。"
    )
    where_to = forms.CharField(
        label="去向",
        max_length=100,
        required=False,
        help_text="转出、出国（境）必填：转入的学校，或国家、地区。",
    )
    approver_note = text("批准意见", rows=2, most=200, required=False)
    file = proof_file("证明的照片或扫描件")

    def __init__(self, *args: Any, roles: frozenset[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(
            self,
            "kind",
            [(kind, ExitKind(kind).label) for kind, row in EXITS.items() if row.approvers & roles],
        )

    def clean_kind(self) -> ExitKind:
        return ExitKind(self.cleaned_data["kind"])

    def clean(self) -> dict[str, Any]:
        kind = self.cleaned_data.get("kind")
        until = cast(LastDayField, self.fields["until"])
        until.kind = EXITS[kind].until if kind else DateKind.EXIT_ENDS
        check_span(self, "until", first=today())
        return self.cleaned_data


class ReopenForm(ActForm):
    note = text("为什么恢复办理", "例如“休学期满未返校”。", rows=2, most=200)
