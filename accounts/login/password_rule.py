"""Passwords: the rule of 等保 2.0 and the first password an account starts with."""

import secrets

from django.core.exceptions import ValidationError

LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"
# Time for a slip to reach its holder over the longest holiday (国庆 8 days) and the week behind it;
# what lies in a drawer longer opens nothing.
FIRST_PASSWORD_DAYS = 14


class ThreeOfFourClasses:
    """At least 10 characters from 3 of: capital, small letter, digit, sign (GB/T 22239)."""

    def validate(self, password: str, user=None) -> None:
        classes = [
            any(c.isupper() for c in password),
            any(c.islower() for c in password),
            any(c.isdecimal() for c in password),
            any(not c.isalnum() for c in password),
        ]
        if len(password) < 10 or sum(classes) < 3:
            raise ValidationError("密码至少 10 位，大写、小写、数字、符号中要有三种。")
        if user is not None and user.username.lower() in password.lower():
            raise ValidationError("密码里不要带账号。")

    def get_help_text(self) -> str:
        return "至少 10 位，大写、小写、数字、符号中要有三种。"


def first_password() -> str:
    """A first password easy to read aloud; it must be changed at first login."""
    word = "".join(secrets.choice(LETTERS) for _ in range(5))
    return f"{word.capitalize()}-{''.join(secrets.choice(DIGITS) for _ in range(5))}"
