"""What people type to say who answers for a case."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.enums import REFERRAL_ROLES, Role
from cases.form_fields import CHOSEN, ActForm, choice, set_choices, set_rows, text
from regions.models import Region


class ReasonForm(ActForm):
    reason = text("原因", most=200)


class TownshipChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Region) -> str:  # type: ignore[override]
        return obj.name


class AssignForm(ActForm):
    township = TownshipChoice(
        Region.objects.none(), label="责任乡镇", empty_label="请选择", error_messages=CHOSEN
    )

    def __init__(self, *args: Any, townships: QuerySet[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "township", townships)


class HandOverForm(AssignForm):
    reason = text("转办原因", "例如“监护人已迁居邻近乡镇”。", rows=2, most=200)


class ReferForm(ActForm):
    role = choice(
        "移送哪个单位",
        [(one, one.label) for one in Role if one in REFERRAL_ROLES],
        widget=forms.RadioSelect,
    )
    reason = text("移送理由", "该单位会看到这一份档案，直到移送结束。", rows=2, most=200)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class EndReferralForm(ActForm):
    role = choice("结束哪个单位的移送", [], widget=forms.RadioSelect)
    note = text("结果", rows=2, most=200, required=False)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "role", [(one.value, Role(one).label) for one in roles])

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])
