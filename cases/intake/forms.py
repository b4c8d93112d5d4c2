"""What people type to say who answers for a case."""

from django import forms

from accounts.enums import REFERRAL_ROLES, Role
from cases.form_fields import CHOSEN, ActForm, choice, text


class ReasonForm(ActForm):
    reason = text("原因", most=200)


class AssignForm(ActForm):
    township = forms.ModelChoiceField(
        None, label="责任乡镇", empty_label="请选择", error_messages=CHOSEN
    )

    def __init__(self, *args, townships, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships
        self.fields["township"].label_from_instance = lambda one: one.name


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

    def __init__(self, *args, roles: list[Role], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(one.value, Role(one).label) for one in roles]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])
