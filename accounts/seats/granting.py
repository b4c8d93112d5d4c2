"""Giving a seat: at once from above, proposed by a system administrator; moving it to another unit."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from accounts import history
from accounts.enums import Role, SeatState, Unit, unit_of
from accounts.login.password_rule import first_password
from accounts.login.passwords import set_password
from accounts.login.sessions import end_sessions
from accounts.models import Seat, User
from accounts.seats import occupied
from accounts.seats.locking import locked_seats
from accounts.seats.permissions import Unit as AnyUnit
from accounts.seats.permissions import (
    effect,
    place_of,
    require_effect,
)
from accounts.seats.rules.granting import Effect, levels_of, why_not_days, why_not_together
from accounts.seats.usernames import why_not_username
from accounts.seats.voiding import void_first_password
from regions.clock import now
from regions.models import Region, School, SchoolClass
from regions.paths import inside
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind

NOT_TO_ONESELF = "自己的任职由别人办理，不能自己给自己。"
ANOTHERS = "这个用户名已是另一个人的，请换一个用户名。"
NAME_TOO = "这个账号没有在本单位任过职。请同时填写姓名，核对是本人。"
STOPPED = "这个账号已停用，先恢复使用。"
HELD = "{name}已有这份任职（{began} 起），不用再办。"
KINDS: dict[Unit, type] = {
    Unit.CLASS: SchoolClass,
    Unit.SCHOOL: School,
    Unit.REGION: Region,
    Unit.NONE: type(None),
}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """One seat wanted: the role, the unit, its days, and what it stands for."""

    role: Role
    unit: AnyUnit | None
    began: date
    until: date | None = None
    post: str = ""
    stands_in_for: Seat | None = None
    replaces: Seat | None = None

    @property
    def path(self) -> str:
        return self.unit.path if self.unit else ""


@dataclass(frozen=True, slots=True)
class Granted:
    """A seat given, and the first password of an account that was made to work at once ("" else)."""

    seat: Seat
    password: str = ""


@transaction.atomic
def grant(username: str, term: Term, *, name: str = "", by: User, on: date) -> Granted:
    """Give a seat to an account, and make the account where none stands and a name is given.

    Given from above it works at once; given by a system administrator it waits, and reaches nobody,
    until the security administrator activates it. Raises Refused.
    """
    worth = require_effect(by, term.role, term.unit)
    user, password = _account(username, name, worth)
    if worth is Effect.AT_ONCE and user.pk == by.pk:
        raise Refused(NOT_TO_ONESELF)
    is_known = bool(name) or worth is not Effect.AT_ONCE or _has_acted_at(user, term.path)
    seat = lay(user, term, worth, by=by, on=on)
    if not is_known:
        raise Refused(NAME_TOO)
    return Granted(seat, password)


def lay(user: User, term: Term, worth: Effect, *, by: User, on: date) -> Seat:
    """Write a seat that `by` may give, the account locked; with its history row. Raises Refused."""
    refuse_unfit(term, on=on)
    _refuse_beside(user, term, by, on)
    at_once = worth is Effect.AT_ONCE
    if at_once:
        occupied.refuse_second_teacher(term, on=on)
    seat = Seat.objects.create(
        user=user,
        role=term.role,
        path=term.path,
        post=term.post,
        began=term.began,
        until=term.until,
        state=SeatState.ACTIVE if at_once else SeatState.PROPOSED,
        granted_by=by,
        granted_at=now(),
        replaces=term.replaces,
        stands_in_for=term.stands_in_for,
        **link_of(term.unit),
    )
    history.record(
        "seats.grant", "user", user.username, path=seat.path, by=by, on=on, after=told(seat),
        note=void_first_password(user, by=by) if at_once else "",
    )  # fmt: skip
    return seat


def link_of(unit: AnyUnit | None) -> dict[str, AnyUnit]:
    """The column of a seat that holds its unit."""
    links = {Region: "region", School: "school", SchoolClass: "school_class"}
    return {links[type(unit)]: unit} if unit is not None else {}


def told(seat: Seat) -> dict[str, object]:
    """A seat as its history rows tell it."""
    return {
        "seat": seat.pk,
        "role": seat.role,
        "path": seat.path,
        "post": seat.post,
        "began": seat.began.isoformat(),
        "until": seat.until.isoformat() if seat.until else None,
        "state": str(seat.state),
    }


def refuse_unfit(term: Term, *, on: date) -> None:
    """Refused where role, unit and days do not fit each other."""
    role = term.role
    fits = isinstance(term.unit, KINDS[unit_of(role)])
    if fits and isinstance(term.unit, Region):
        fits = place_of(term.unit).level in levels_of(role)
    if not fits:
        raise Refused(f"{role.label}不在这一级单位任职，请改单位。")
    refusal = (
        believable.why_not(DateKind.SEAT, term.began, on=on)
        or (term.until and believable.why_not(DateKind.SEAT_ENDS, term.until, on=on))
        or why_not_days(role, term.began, term.until)
        or _why_not_stand_in_for(term)
    )
    if refusal:
        raise Refused(refusal)


def _why_not_stand_in_for(term: Term) -> str:
    of = term.stands_in_for
    if of is None or (of.role == Role.TEACHER and of.path == term.path):
        return ""
    return "代班只能代本班班主任。"


def _account(username: str, name: str, worth: Effect) -> tuple[User, str]:
    """The account of this name, locked; made where none stands. Only who gives its seat at once
    learns a first password."""
    found = User.objects.select_for_update(no_key=True).filter(username__iexact=username).first()
    if found is None:
        return _new_account(username, name, worth)
    if found.username != username or (name and found.name != name):
        raise Refused(ANOTHERS)
    if not found.is_active:
        raise Refused(STOPPED)
    return found, ""


def _has_acted_at(user: User, path: str) -> bool:
    """Had the account a seat at this unit, or anywhere in its school, before?"""
    return user.seats.filter(inside("path", path.split("C", 1)[0])).exists()


def _new_account(username: str, name: str, worth: Effect) -> tuple[User, str]:
    if refusal := why_not_username(username):
        raise Refused(refusal)
    if not name:
        raise Refused("没有这个账号。要新建，请填姓名。")
    if worth is not Effect.AT_ONCE:
        return closed_account(username, name), ""
    user, password = User(username=username, name=name), first_password()
    set_password(user, password, first=True)
    _insert(user)
    return user, password


def closed_account(username: str, name: str) -> User:
    """An account nobody can log in to before whoever may reset it has given it a first password."""
    user = User(username=username, name=name)
    user.set_unusable_password()
    _insert(user)
    return user


def _insert(user: User) -> None:
    """Refused where the same username was made at this moment."""
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise Refused(ANOTHERS) from None


def _refuse_beside(user: User, term: Term, by: User, on: date) -> None:
    """Refused where the account holds this seat already, or one that must be another person's.

    What a system administrator wants for himself is not turned away unseen: it stands on the
    security administrator's list, where it can only be refused.
    """
    beside = list(user.seats.open(on).exclude(pk=term.replaces.pk if term.replaces else None))
    for seat in beside:
        if (seat.role, seat.path) == (term.role, term.path) and _overlap(seat, term):
            raise Refused(HELD.format(name=user.name, began=seat.began))
    refusal = why_not_together(term.role, [Role(seat.role) for seat in beside])
    if refusal and user.pk != by.pk:
        raise Refused(refusal)


def _overlap(seat: Seat, term: Term) -> bool:
    after = term.until is not None and term.until < seat.began
    before = seat.until is not None and seat.until < term.began
    return not (after or before)


@transaction.atomic
def move(pk: int, to: AnyUnit, *, first: date, by: User, on: date) -> Seat:
    """Give a person the same role at another unit from the day `first`; the old seat ends before it.

    Where only a system administrator may give it, the new seat waits, and the old one ends when
    that is activated. Raises Refused.
    """
    (old,) = locked_seats([pk], classes=[to.pk] if isinstance(to, SchoolClass) else [])
    role = Role(old.role)
    worth = require_effect(by, role, to)
    if effect(by, role, old.unit) is None:
        raise Refused("原来的任职不归你办。请原单位先办离任。")
    if old.state != SeatState.ACTIVE or (old.until and old.until < first):
        raise Refused("这份任职不在任，不能换。")
    if old.path == to.path:
        raise Refused("新单位就是原来的单位。")
    term = Term(role, to, first, old.until, old.post, replaces=old)
    new = lay(old.user, term, worth, by=by, on=on)
    if worth is Effect.AT_ONCE:
        give_way(old, first, by=by, on=on, reason="换班" if unit_of(role) is Unit.CLASS else "换岗")
    return new


def take_back(seat: Seat, on: date) -> None:
    """撤销, not saved: it reaches no more from this moment. One that had begun keeps its last day."""
    if seat.state == SeatState.ACTIVE and seat.began <= on:
        seat.until = on
    seat.state = SeatState.REVOKED


def give_way(old: Seat, first: date, *, by: User, on: date, reason: str) -> None:
    """End a seat the day before another takes its place, or take it back where it had not begun by
    then. Where that is so from today, the account is asked for its password again."""
    before = told(old)
    last = first - ONE_DAY
    if last < old.began:
        take_back(old, on)
    elif old.until is None or old.until > last:
        old.until = last
    else:
        return
    old.ended_by, old.end_reason = by, reason
    old.save(update_fields=["state", "until", "ended_by", "end_reason"])
    if first <= on:
        end_sessions(old.user, by=by)
    history.record(
        "seats.end", "user", old.user.username, path=old.path, by=by, on=on,
        before=before, after=told(old), note=reason,
    )  # fmt: skip
