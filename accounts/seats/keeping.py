"""Who looks after whose account: renames, stops, reopens, unlocks it, gives it a first password.

The office that gives all its open seats; where no one office does, the one that stands above all of
them; where none does (a teacher who is a village cadre, two counties), and for seats of the county,
the administrators: the password by the security, the rest by the system administrator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from accounts.enums import Role, SeatState
from accounts.models import Seat, User
from accounts.seats.independence import made_by
from accounts.seats.permissions import Unit, effect, place_of
from accounts.seats.rules.granting import (
    OF_THE_COUNTY,
    Effect,
    Place,
    given_by,
    giving_offices,
    is_of_the_county,
    line_above,
    offices_above,
)
from regions.paths import covers, inside_any

NO_SEAT = "这个账号没有在任的岗位，由系统管理员处理。"
NOTHING_TO_OPEN = "这个账号没有在任的岗位，密码没有人能重置。先办任职，再由安排任职的上级重置。"
NOT_ONESELF = "自己的账号不能由自己这样处理。"
OWN_PASSWORD_KNOWN = "你的账号是{maker}建立的，先请另一位安全管理员重置你的密码，再办理。"  # noqa: S105
KEPT_BY = "这个账号改名、停用、解锁由{who}办。"
PASSWORD_BY = "这个账号的密码由{who}重置。"  # noqa: S105
BOTH_BY = "这个账号改名、停用、解锁、重置密码由{who}办。"
OFFICES = {
    Role.OFFICE: "本校教务处或校长",
    Role.CENTRAL: "中心校",
    Role.BUREAU: "县教育体育局",
    Role.TOWNSHIP: "乡镇控辍专干",
    Role.COUNTY_OFFICE: "县控辍保学专班",
}


def placed(seats: Iterable[Seat]) -> list[tuple[Role, Place]]:
    """Seats as the rule of granting asks about them."""
    return [(Role(seat.role), place_of(seat.unit)) for seat in seats]


def is_of_county(user: User, seats: Sequence[Seat]) -> bool:
    """Has the account a seat of the county among these open ones, or was it ever active in one?"""
    active = [seat for seat in user.seats.all() if seat.state == SeatState.ACTIVE]
    return any(is_of_the_county(role, at.level) for role, at in placed([*seats, *active]))


def keeping_offices(user: User, seats: Sequence[Seat]) -> frozenset[Role]:
    """Which kinds of office look after an account with these open seats; none: the administrators."""
    if not seats or is_of_county(user, seats):
        return frozenset()
    told = placed(seats)
    return frozenset(role for role, _ in giving_offices(told) or offices_above(told))


def who_keeps(user: User, seats: Sequence[Seat]) -> tuple[str, str]:
    """Who looks after an account, and who resets its password, in words."""
    kinds = keeping_offices(user, seats)
    named = "、".join(words for role, words in OFFICES.items() if role in kinds)
    return (named, named) if named else (Role.SYSTEM_ADMIN.label, Role.SECURITY_ADMIN.label)


def turn_to(user: User, seats: Sequence[Seat]) -> str:
    """The same in a sentence; "" for an account without a seat."""
    if not seats:
        return ""
    keeps, resets = who_keeps(user, seats)
    if keeps == resets:
        return BOTH_BY.format(who=keeps)
    return KEPT_BY.format(who=keeps) + PASSWORD_BY.format(who=resets)


def accounts_near(by: User, on: date, *, several: bool = False) -> QuerySet[User]:
    """Accounts among which are all that `by` looks after: with a seat that it gives at once (of the
    county, for a security administrator), or with several seats in its reach; or `several` alone."""
    near, roles = Seat.objects.open(on), given_by(by.reach.roles)
    if by.reach.holds(Role.SECURITY_ADMIN):
        roles = OF_THE_COUNTY | {Role.LEADER}
    else:
        near = near.filter(inside_any("path", by.reach.paths(*by.reach.roles)))
    many = near.values("user").annotate(n=Count("pk")).filter(n__gt=1).values("user")
    mine = Q(pk__in=many)
    if not several:
        mine |= Q(pk__in=near.filter(role__in=roles).values("user"))
    return User.objects.filter(mine).exclude(pk=by.pk)


@dataclass
class Keeper:
    """One person who looks after accounts, asked about many: its own state is read once."""

    by: User

    def why_not_look_after(self, user: User, seats: Sequence[Seat]) -> str:
        """Why not rename, stop or reopen an account with these open seats; "" where it may."""
        if user.pk == self.by.pk:
            return NOT_ONESELF
        if not seats:
            return "" if self.by.reach.holds(Role.SYSTEM_ADMIN) else NO_SEAT
        if all(effect(self.by, Role(seat.role), seat.unit) for seat in seats):
            return ""
        if self.is_above(user, seats):
            return ""
        return KEPT_BY.format(who=who_keeps(user, seats)[0])

    def why_not_reset(self, user: User, seats: Sequence[Seat]) -> str:
        """Why not give an account with these open seats a new first password; "" where it may.

        Whoever sets a password could act as that person: so it is the office that gives or stands
        above all seats, else the security administrator, never the system administrator.
        """
        if user.pk == self.by.pk:
            return NOT_ONESELF
        if not seats:
            return NOTHING_TO_OPEN
        if not keeping_offices(user, seats) and self.by.reach.holds(Role.SECURITY_ADMIN):
            return self.password_known
        if not is_of_county(user, seats) and self._gives_all(seats):
            return ""
        if self.is_above(user, seats):
            return ""
        return PASSWORD_BY.format(who=who_keeps(user, seats)[1])

    @cached_property
    def password_known(self) -> str:
        """Why a security administrator may set nobody's: another may still know its own."""
        makers = made_by(self.by)
        return OWN_PASSWORD_KNOWN.format(maker=makers[0].name) if makers else ""

    def _gives_all(self, seats: Sequence[Seat]) -> bool:
        return all(effect(self.by, Role(seat.role), seat.unit) is Effect.AT_ONCE for seat in seats)

    def is_above(self, user: User, seats: Sequence[Seat]) -> bool:
        """Does it stand above all these seats, where no office gives them all?"""
        if is_of_county(user, seats) or giving_offices(placed(seats)):
            return False
        return all(self._stands_above(Role(seat.role), seat.unit) for seat in seats)

    def _stands_above(self, role: Role, unit: Unit | None) -> bool:
        above = line_above(role, place_of(unit))
        return unit is not None and any(
            seat.role in above and covers(seat.path, unit.path) for seat in self.by.reach.seats
        )
