"""Passwords: set, and changed by their owner. Reset by another: seats/accounts."""

from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import history
from accounts.login.password_rule import FIRST_PASSWORD_DAYS
from accounts.login.sessions import forget_devices
from accounts.models import User
from regions.clock import local, now
from regions.refusals import Refused

OLD_WRONG = "原密码不对。"


def set_password(user: User, password: str, *, first: bool) -> None:
    """Set a password without saving; a `first` one must be changed at login. Raises Refused when weak."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Refused("".join(weak.messages)) from None
    user.set_password(password)
    user.must_change_password, user.password_at = first, now()


def first_password_until(user: User) -> date | None:
    """The last day on which the first password of an account opens it; None for a password of its
    holder's own, and where there is none."""
    if not user.must_change_password or not user.has_usable_password():
        return None
    given = user.password_at or user.created_at
    return local(given).date() + timedelta(days=FIRST_PASSWORD_DAYS)


def first_password_over(user: User, on: date) -> bool:
    """Has the first password of an account come to its end before this day?"""
    until = first_password_until(user)
    return until is not None and until < on


@transaction.atomic
def change_password(user: User, *, old: str, new: str, on: date) -> None:
    """Change one's own password; no phone is trusted any more. Refused when the old one is wrong or the
    new one too weak."""
    if not user.check_password(old):
        raise Refused(OLD_WRONG)
    if old == new:
        raise Refused("新密码要和原来的不同。")
    set_password(user, new, first=False)
    user.save(update_fields=["password", "must_change_password", "password_at"])
    forget_devices(user, by=user)
    history.record("users.change_password", "user", user.username, path="", by=user, on=on)
