"""Shapes of what people type on account pages. A form never saves and never asks who the user is."""

from django import forms

from accounts.login.password_rule import ThreeOfFourClasses

REQUIRED = {"required": "这一项不能为空。"}


class LoginForm(forms.Form):
    username = forms.CharField(max_length=150, label="账号", error_messages=REQUIRED)
    password = forms.CharField(label="密码", error_messages=REQUIRED, strip=False)


class ConfirmForm(forms.Form):
    password = forms.CharField(
        label="密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages=REQUIRED,
        strip=False,
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label="原密码", widget=forms.PasswordInput, error_messages=REQUIRED, strip=False
    )
    new1 = forms.CharField(
        label="新密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=REQUIRED,
        strip=False,
    )
    new2 = forms.CharField(
        label="再输一遍",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=REQUIRED,
        strip=False,
    )

    rule = ThreeOfFourClasses().get_help_text()

    def clean_new2(self) -> str:
        if self.cleaned_data.get("new1") != self.cleaned_data["new2"]:
            raise forms.ValidationError("两次输入的新密码不一样。")
        return self.cleaned_data["new2"]
