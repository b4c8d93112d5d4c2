"""The accounts that stand before any other: the first administrator, and the one jobs run as."""

from datetime import date

from django.db import transaction

from accounts import history
from accounts.enums import Role
from accounts.login.passwords import set_password
from accounts.models import Seat, User
from accounts.seats.usernames import SYSTEM, USERNAME
from regions.refusals import Refused


def first_admin(username: str, password: str, *, on: date) -> User:
    """The first system administrator. Refused when one stands, or when the password is too weak."""
    if Seat.objects.filter(role=Role.SYSTEM_ADMIN).exists():
        raise Refused("系统管理员已经有了。要加人，请用他的账号导入。")
    if not USERNAME.fullmatch(username):
        raise Refused("账号只能用字母、数字、_ . @ -，2 至 40 位。")
    if username.lower() == SYSTEM or User.objects.filter(username__iexact=username).exists():
        raise Refused("这个用户名已有人用，或只差大小写。请换一个用户名。")
    with transaction.atomic():
        user = User(username=username, name="系统管理员", must_change_password=False)
        set_password(user, password, first=False)
        user.save()
        Seat.objects.create(user=user, role=Role.SYSTEM_ADMIN, began=on)
        history.record("users.first_admin", "user", username, path="", by=user, on=on)
    return user


def system_account(*, on: date) -> User:
    """The account jobs run as. It has no password, and reaches no pupil."""
    user, made = User.objects.get_or_create(
        username=SYSTEM, defaults={"name": "系统任务", "must_change_password": False}
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Seat.objects.create(user=user, role=Role.SYSTEM, began=on)
    return user
