"""Passwords: set, changed by their owner, reset by who may."""

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import history
from accounts.enums import CLASS_ROLES, Role
from accounts.login.password_rule import first_password
from accounts.login.sessions import end_sessions, forget_devices
from accounts.models import Seat, User
from accounts.rights import MAY, REFUSALS, AdminRight
from regions.clock import now
from regions.paths import common, covers
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


def resettable_teachers(by: User, on: date) -> list[User]:
    """The teachers whose passwords `by` may reset: those who only hold classes of its schools."""
    schools = by.reach.paths(*MAY[AdminRight.RESET_TEACHER])
    teachers = User.objects.filter(
        pk__in=Seat.objects.on(on).filter(role__in=CLASS_ROLES).values("user_id"),
        is_active=True,
    ).prefetch_related("seats__school_class__school", "seats__school", "seats__region")
    return [user for user in teachers.order_by("name") if _only_at(user, schools, on)]


def _only_at(user: User, schools: tuple[str, ...], on: date) -> bool:
    held = [s for s in user.seats.all() if s.began <= on and (s.until is None or s.until >= on)]
    return all(
        Role(seat.role) in CLASS_ROLES and any(covers(path, seat.path) for path in schools)
        for seat in held
    )


@transaction.atomic
def reset_password(username: str, *, by: User, on: date) -> str:
    """A new first password for a teacher of one's school; shown once, to be changed at login."""
    if not by.reach.holds(*MAY[AdminRight.RESET_TEACHER]):
        raise Refused(REFUSALS[AdminRight.RESET_TEACHER])
    teachers = resettable_teachers(by, on)
    user = next((one for one in teachers if one.username == username), None)
    if user is None:
        raise Refused(REFUSALS[AdminRight.RESET_TEACHER])
    password = first_password()
    set_password(user, password, first=True)
    user.save(update_fields=["password", "must_change_password", "password_at"])
    end_sessions(user, by=by)
    history.record(
        "users.reset_password",
        "user",
        user.username,
        by=by,
        on=on,
        path=common(seat.path for seat in user.seats.all()),
    )
    return password
