"""The accounts that stand before any other: the first administrator, and the one jobs run as."""

from datetime import date

from django.db import transaction

from accounts import history
from accounts.enums import ADMIN_ROLES, Role, SeatState
from accounts.login import brakes
from accounts.login.passwords import set_password
from accounts.login.sessions import end_sessions
from accounts.models import Seat, User
from accounts.seats.permissions import locked_account
from accounts.seats.usernames import SYSTEM, why_not_username
from regions.refusals import Refused

NOT_AN_ADMINISTRATOR = "这里只重置在任的系统、安全、审计管理员的密码，其余账号由上级重置。"
AT_THE_SERVER = "在服务器上重置"


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


def reset_admin(username: str, password: str, *, on: date) -> User:
    """A new password for an administrator whom nobody else can give one, set at the server.

    To be changed at login; open sessions end and wrong tries are forgotten. The history row names
    nobody: whoever works at the server did it. Refused for an account that is no administrator's
    today or is stopped, and when the password is too weak.
    """
    with transaction.atomic():
        user = locked_account(username)
        if not user.seats.on(on).filter(role__in=ADMIN_ROLES).exists():
            raise Refused(NOT_AN_ADMINISTRATOR)
        if not user.is_active:
            raise Refused("这个账号已停用，先请系统管理员恢复使用。")
        set_password(user, password, first=True)
        user.save(update_fields=["password", "must_change_password", "password_at"])
        end_sessions(user)
        brakes.release(username)
        history.record(
            "users.reset_password", "user", username, path="", by=None, on=on, note=AT_THE_SERVER
        )
    return user


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
