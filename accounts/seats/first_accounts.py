"""The accounts that stand before any other: the first administrator, and the one jobs run as."""

from datetime import date

from django.db import transaction

from accounts import history
from accounts.enums import ADMIN_ROLES, Role, SeatState
from accounts.login.passwords import set_password
from accounts.models import Seat, User
from accounts.seats.usernames import SYSTEM, why_not_username
from regions.refusals import Refused


def first_admin(username: str, password: str, *, role: Role = Role.SYSTEM_ADMIN, on: date) -> Seat:
    """The first administrator of a kind, active at once: nobody stands yet who could activate it.

    Refused once one of the kind has been active, or when the password is too weak.
    """
    if role not in ADMIN_ROLES:
        raise Refused("只能建立系统、安全、审计三员的第一个账号。")
    with transaction.atomic():
        if Seat.objects.filter(role=role, state=SeatState.ACTIVE).exists():
            raise Refused(f"{role.label}已经有了。要加人，由系统管理员导入，安全管理员启用。")
        if refusal := why_not_username(username):
            raise Refused(refusal)
        if User.objects.filter(username__iexact=username).exists():
            raise Refused("这个用户名已有人用，或只差大小写。请换一个用户名。")
        user = User(username=username, name=role.label, must_change_password=False)
        set_password(user, password, first=False)
        user.save()
        seat = Seat.objects.create(user=user, role=role, began=on, state=SeatState.ACTIVE)
        history.record(
            "users.first_admin", "user", username, path="", by=user, on=on, after={"role": role}
        )
    return seat


def system_account(*, on: date) -> User:
    """The account jobs run as. It has no password, and reaches no pupil."""
    user, made = User.objects.get_or_create(
        username=SYSTEM, defaults={"name": "系统任务", "must_change_password": False}
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Seat.objects.create(user=user, role=Role.SYSTEM, began=on, state=SeatState.ACTIVE)
    return user
