"""Shapes of what people fill in about papers. A form checks shape; the verbs decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from cases.enums.records import PaperKind, ServiceMode
from cases.form_fields import REQUIRED, ActForm, FuzzyField, set_choices, set_rows
from cases.law.periods import ORDER_DAYS
from regions.models import LegalBasis
from regions.rules.believable import DateKind
from students.enums import GuardianKind
from students.models import Guardian

NUMBER = {
    "invalid": "请填数字。",
    "min_value": "不能小于 %(limit_value)s。",
    "max_value": "不能大于 %(limit_value)s。",
}
PHONE = RegexValidator(r"^[0-9+()（）\-－转 ]{7,20}$", "请填电话号码，例如 0887-1234567。")
CHOICE = REQUIRED | {"invalid_choice": "请从列出的选项里选。"}


def guardian_choices(guardians: Iterable[Guardian]) -> list[tuple[str, str]]:
    return [
        (one.uid, f"{one.name}（{one.relation or GuardianKind(one.kind).label}）")
        for one in guardians
    ]


def chosen_of(guardians: Iterable[Guardian], uid: str) -> Guardian | None:
    return next((guardian for guardian in guardians if guardian.uid == uid), None)


class ClauseChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: LegalBasis) -> str:  # type: ignore[override]
        return f"{obj.title} {obj.article}"


class PaperIssueForm(ActForm):
    addressee = forms.ChoiceField(
        label="受送达人",
        help_text="只能是父母或者其他法定监护人，不能是受委托照护人。",
        error_messages=CHOICE,
    )
    days = forms.IntegerField(
        label="限期（日）",
        min_value=ORDER_DAYS[0],
        max_value=ORDER_DAYS[-1],
        help_text=f"{ORDER_DAYS[0]} 至 {ORDER_DAYS[-1]} 日（系统设定；义务教育法没有规定天数）。",
        error_messages=NUMBER | REQUIRED,
    )
    receiving = forms.CharField(
        label="返回的学校和班级",
        max_length=80,
        required=False,
        help_text="不填，就是现在在读的学校和班级。",
    )
    help = forms.CharField(
        label="可以提供的帮助", max_length=100, required=False, initial="资助、住宿和学业帮扶"
    )
    extra = forms.CharField(
        label="补充的事实",
        max_length=150,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="未到校天数、联系和批评教育的日期会自动写入，不用重复。",
    )
    person = forms.CharField(label="联系人", max_length=20, required=False)
    phone = forms.CharField(label="联系电话", max_length=20, required=False, validators=[PHONE])

    def __init__(self, *args: Any, guardians: list[Guardian], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guardians = guardians
        set_choices(
            self,
            "addressee",
            guardian_choices(one for one in guardians if one.kind != GuardianKind.CARER),
        )

    def told(self) -> dict[str, Any]:
        told = super().told()
        of_act = {name: told.pop(name) for name in ("version", "days")}
        addressee = chosen_of(self.guardians, told.pop("addressee"))
        return of_act | {"addressee": addressee, "text": told}


class ServeForm(ActForm):
    mode = forms.ChoiceField(
        label="送达方式",
        choices=ServiceMode.choices,
        error_messages=CHOICE,
    )
    served = FuzzyField(
        kind=DateKind.BROUGHT,
        label="送达日期",
        help_text="期限从确切的送达日期起算；公告送达填公告之日，满 30 日视为送达。",
    )
    recipient = forms.CharField(
        label="签收人",
        max_length=60,
        required=False,
        help_text="公告送达不用填；留置送达的，填受送达人。",
    )
    relation = forms.CharField(label="与受送达人的关系", max_length=20, required=False)
    place = forms.CharField(label="送达地点", max_length=100, required=False)
    servers = forms.CharField(label="送达人（两人）", max_length=60, error_messages=REQUIRED)
    refusal = forms.CharField(
        label="拒收事由", max_length=200, required=False, help_text="留置送达必填。"
    )
    witness = forms.CharField(
        label="见证人", max_length=60, required=False, help_text="留置送达必填：村（社区）干部等。"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)
    file = forms.FileField(
        label="送达回证照片或 PDF", required=False, error_messages={"empty": "文件是空的。"}
    )

    def clean_mode(self) -> ServiceMode:
        return ServiceMode(self.cleaned_data["mode"])


class VoidForm(ActForm):
    reason = forms.CharField(
        label="作废原因",
        min_length=2,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=REQUIRED | {"min_length": "请写明作废的原因。"},
    )


class RecordForm(ActForm):
    kind = forms.ChoiceField(
        label="文书",
        choices=PaperKind.choices,
        error_messages=CHOICE,
    )
    number = forms.CharField(
        label="文号", max_length=60, required=False, help_text="照原件填写；原件没有文号的不填。"
    )
    issued = FuzzyField(kind=DateKind.BROUGHT, label="制发日期")
    addressee = forms.ChoiceField(label="受送达人", required=False, error_messages=CHOICE)
    days = forms.IntegerField(
        label="限期（日）",
        min_value=ORDER_DAYS[0],
        max_value=ORDER_DAYS[-1],
        required=False,
        error_messages=NUMBER,
    )
    fine = forms.DecimalField(
        label="罚款（元）",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
        error_messages=NUMBER,
    )
    legal_basis = ClauseChoice(
        LegalBasis.objects.none(),
        label="罚款的依据",
        required=False,
        error_messages=CHOICE,
        empty_label="请选择",
        help_text="行政处罚决定书必填。义务教育法没有规定罚款，依据由县里录入。",
    )
    remedies_not_told = forms.BooleanField(
        label="原件没有写明行政复议和行政诉讼的途径、期限", required=False
    )
    note = forms.CharField(label="说明", max_length=200, required=False)
    file = forms.FileField(
        label="文书照片或 PDF", required=False, error_messages={"empty": "文件是空的。"}
    )

    def __init__(
        self, *args: Any, guardians: list[Guardian], bases: QuerySet[LegalBasis], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.guardians = guardians
        set_choices(self, "addressee", [("", "没有或不详"), *guardian_choices(guardians)])
        set_rows(self, "legal_basis", bases)

    def clean_kind(self) -> PaperKind:
        return PaperKind(self.cleaned_data["kind"])

    def told(self) -> dict[str, Any]:
        told = super().told()
        told["addressee"] = chosen_of(self.guardians, told["addressee"])
        return told | {"remedies_told": not told.pop("remedies_not_told")}


class CompleteForm(forms.Form):
    """Why the printed copy carries whole numbers."""

    reason = forms.CharField(
        label="补全号码的事由",
        min_length=2,
        max_length=200,
        error_messages={"required": "请写明为什么要补全。", "min_length": "请写明为什么要补全。"},
    )
