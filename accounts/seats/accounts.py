"""Looking after an account: the name shown, stopping it and back, its locks, a new first password."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts import history
from accounts.enums import Role
from accounts.login import brakes
from accounts.login.password_rule import first_password
from accounts.login.passwords import set_password
from accounts.login.sessions import end_sessions
from accounts.models import Seat, User
from accounts.seats.ending import refuse_last_of_a_kind
from accounts.seats.keeping import NOT_ONESELF, Keeper
from accounts.seats.permissions import locked_account, open_seats
from accounts.seats.usernames import SYSTEM
from regions.labels import Labelled
from regions.paths import common
from regions.refusals import Refused

SHOWN_ONCE = "密码只显示一次；没有记下，请重置。"


class ShownBefore(Refused):
    """The same form came twice: the password it gave was shown then."""


@transaction.atomic
def rename(username: str, name: str, *, by: User, on: date) -> User:
    """Change the name shown. The account and all that it did stay the same person's."""
    user = _to_look_after(username, by=by, on=on)
    name = name.strip()
    if not name:
        raise Refused("姓名不能为空。")
    if name == user.name:
        raise Refused("姓名没有变。")
    before, user.name = user.name, name
    user.save(update_fields=["name"])
    _record("users.rename", user, by, on, before={"name": before}, after={"name": name})
    return user


@transaction.atomic
def stop(username: str, *, reason: str, by: User, on: date) -> User:
    """停用: nobody logs in as this account until it is reopened; its seats stay."""
    user = _to_look_after(username, by=by, on=on)
    if not user.is_active:
        raise Refused("这个账号已经停用。")
    for seat in open_seats(user, on):
        refuse_last_of_a_kind(seat, last=on)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user, by=by)
    _record("users.stop", user, by, on, after={"active": False}, note=reason)
    return user


@transaction.atomic
def reopen(username: str, *, by: User, on: date) -> User:
    """恢复: an account that was stopped may log in again."""
    user = _to_look_after(username, by=by, on=on)
    if user.is_active:
        raise Refused("这个账号没有停用。")
    user.is_active = True
    user.save(update_fields=["is_active"])
    _record("users.reopen", user, by, on, after={"active": True})
    return user


@transaction.atomic
def unlock(username: str, *, by: User, on: date) -> User:
    """解锁: forget the wrong passwords that were tried for an account."""
    user = locked_account(username)
    refusal = Keeper(by).why_not_look_after(user, open_seats(user, on))
    if user.pk == by.pk or (refusal and not by.reach.holds(Role.SECURITY_ADMIN)):
        raise Refused(refusal)
    brakes.release(user.username)
    _record("users.unlock", user, by, on)
    return user


@transaction.atomic
def reset_password(username: str, *, by: User, on: date, seen: str | None = None) -> str:
    """A new first password, shown once, to be changed at login; open sessions end. Raises Refused,
    and ShownBefore where the password is another than the one of `seen` (`stamp_of`)."""
    return give_password(locked_account(username), by=by, on=on, seen=seen)


def stamp_of(user: User) -> str:
    """Which password an account has: since when."""
    return user.password_at.isoformat() if user.password_at else ""


def give_password(user: User, *, by: User, on: date, seen: str | None = None) -> str:
    """As `reset_password`, for an account that is locked, inside the caller's transaction."""
    if refusal := Keeper(by).why_not_reset(user, open_seats(user, on)):
        raise Refused(refusal)
    if not user.is_active:
        raise Refused("这个账号已停用，先恢复使用。")
    if seen is not None and seen != stamp_of(user):
        raise ShownBefore(SHOWN_ONCE)
    gift = gift_to(user)
    password = first_password()
    set_password(user, password, first=True)
    user.save(update_fields=["password", "must_change_password", "password_at"])
    end_sessions(user, by=by)
    _record("users.reset_password", user, by, on, after={"gift": gift.value})
    return password


class Gift(Labelled):
    """What a new first password is to its account."""

    FIRST = "first", "发放初始密码"
    AGAIN = "again", "重发初始密码"
    RESET = "reset", "重置密码"


def gift_to(user: User) -> Gift:
    """First where the account has no password, again where nobody has come in with it yet."""
    if not user.has_usable_password():
        return Gift.FIRST
    return Gift.RESET if user.last_login or not user.must_change_password else Gift.AGAIN


class Act(Labelled):
    """What the page of accounts does to one."""

    RESET = "reset", "重置密码"
    UNLOCK = "unlock", "解锁"
    STOP = "stop", "停用"
    REOPEN = "reopen", "恢复使用"


def acts_on(user: User, *, keeper: Keeper, seats: Sequence[Seat]) -> list[Act]:
    """What a keeper may do to an account with these open seats."""
    by, looks_after = keeper.by, not keeper.why_not_look_after(user, seats)
    found = []
    if user.is_active and not keeper.why_not_reset(user, seats):
        found.append(Act.RESET)
    if user.is_active and user.pk != by.pk and (looks_after or by.reach.holds(Role.SECURITY_ADMIN)):
        found.append(Act.UNLOCK)
    if looks_after:
        found.append(Act.STOP if user.is_active else Act.REOPEN)
    return found


def _to_look_after(username: str, *, by: User, on: date) -> User:
    user = locked_account(username)
    if user.username == SYSTEM:
        raise Refused(NOT_ONESELF)
    if refusal := Keeper(by).why_not_look_after(user, open_seats(user, on)):
        raise Refused(refusal)
    return user


def _record(verb: str, user: User, by: User, on: date, **more) -> None:
    path = common(seat.path for seat in open_seats(user, on))
    history.record(verb, "user", user.username, path=path, by=by, on=on, **more)
