"""Shapes of what is filled in about a seat. A form never saves and never asks who the user is."""

from collections.abc import Iterable
from typing import cast

from django import forms

from accounts.day_fields import DayField
from accounts.enums import Role
from accounts.models import User
from cases.form_fields import REQUIRED
from regions.models import SchoolClass
from regions.rules.believable import DateKind

NOBODY = ("", "请选择")
REASONS = ["调动", "退休", "产假", "病假", "支教", "换届", "其他"]


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


class AppointForm(forms.Form):
    """Who takes a seat: an account that stands, or a new one by username and name."""

    role = forms.ChoiceField(label="岗位", error_messages=REQUIRED)
    username = forms.CharField(
        label="账号",
        max_length=40,
        widget=forms.TextInput(attrs={"list": "accounts", "autocomplete": "off"}),
        help_text="已有账号的从列表里选；没有的填一个新用户名（字母、数字）。",
        error_messages=REQUIRED,
    )
    name = forms.CharField(
        label="姓名（新账号要填）", max_length=40, required=False, help_text="已有账号的不用填。"
    )
    began = DayField(kind=DateKind.SEAT, label="任职起", error_messages=REQUIRED)
    until = DayField(
        kind=DateKind.SEAT_ENDS,
        label="任职止（最后一天）",
        required=False,
        help_text="代班的必须填，最长 60 天；其他的不定期限就不填。",
    )

    def __init__(self, *args, roles: Iterable[Role], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "role", [(role.value, role.label) for role in roles])

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class EndForm(forms.Form):
    last = DayField(kind=DateKind.SEAT, label="最后一天", error_messages=REQUIRED)
    reason = forms.ChoiceField(
        label="原因", choices=[NOBODY, *((word, word) for word in REASONS)], error_messages=REQUIRED
    )


class MoveForm(forms.Form):
    """Another class of the same school, from a day."""

    to = forms.ChoiceField(label="换到", error_messages=REQUIRED)
    first = DayField(kind=DateKind.SEAT, label="从哪天起", error_messages=REQUIRED)

    def __init__(self, *args, classes: Iterable[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "to", [NOBODY, *classes])

    def clean_to(self) -> SchoolClass:
        return SchoolClass.objects.get(pk=self.cleaned_data["to"])


class SwapForm(MoveForm):
    """The same with the seat of the teacher who takes the class left, as it was previewed."""

    other = forms.IntegerField(widget=forms.HiddenInput, error_messages=REQUIRED)


class HandOverForm(forms.Form):
    to = forms.ChoiceField(label="交给", error_messages=REQUIRED)

    def __init__(self, *args, people: Iterable[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.username, f"{one.name}（{one.username}）") for one in people]
        _choose(self, "to", [NOBODY, *choices])


class RenameForm(forms.Form):
    name = forms.CharField(label="新的姓名", max_length=40, error_messages=REQUIRED)


class StopForm(forms.Form):
    reason = forms.CharField(label="停用原因", max_length=200, error_messages=REQUIRED)


class ResetForm(forms.Form):
    """Carries which password the account had when the button was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class PlainForm(forms.Form):
    """An act that asks nothing more."""
