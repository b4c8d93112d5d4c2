"""发放初始密码: first passwords of accounts nobody has logged in to, as slips for one sheet.

An account brought by a file has no password. Whoever may reset it gives the first one; a slip lost
before the first login is given again. A password is in clear only in the answer to who gives it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Prefetch

from accounts.login.passwords import first_password_until
from accounts.models import Seat, User
from accounts.seats.accounts import give_password
from accounts.seats.keeping import Keeper, accounts_near
from accounts.seats.permissions import NO_ACCOUNT, still_open
from regions.refusals import Refused

NOBODY = "没有选人。请先勾选，再打印密码条。"
COME_IN = "{names}已经登录过，不用再发。忘记密码的，逐个重置。"
GIVEN = "{names}的密码条已经发过，这次没有打印。要重发，请在“已发、还没登录”里勾选。"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An account nobody has logged in to, and what it is for; `given`: it has a first password."""

    user: User
    seats: list[Seat]

    @property
    def given(self) -> bool:
        return self.user.has_usable_password()

    @property
    def until(self) -> date | None:
        """The last day of the first password it has."""
        return first_password_until(self.user)

    def posts(self, on: date) -> str:
        """Its seats in words: 白水中学 七(3)班 班主任."""
        return "、".join(f"{seat.unit_label(on)} {seat.role_label}".strip() for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Slip:
    """What one person is handed; the password opens the account until that day."""

    name: str
    posts: str
    username: str
    password: str
    until: date | None


def newcomers(by: User, on: date) -> list[Newcomer]:
    """The accounts `by` may give a first password, by place and name; in two statements for all,
    and for a security administrator those that say whether its own password is its own."""
    keeper, found = Keeper(by), []
    users = accounts_near(by, on).filter(is_active=True, last_login=None, must_change_password=True)
    for user in users.prefetch_related(Prefetch("seats", Seat.objects.with_units())):
        seats = still_open(user.seats.all(), on)
        if not keeper.why_not_reset(user, seats):
            found.append(Newcomer(user, seats))
    return sorted(found, key=lambda one: (one.seats[0].path, one.user.name, one.user.username))


@transaction.atomic
def issue(
    usernames: Collection[str], *, again: Collection[str] = (), by: User, on: date
) -> list[Slip]:
    """Give each account a first password, and one of these `again` another; a history row for each.

    All or none. Raises Refused: for nobody, for who is not `by`'s to reset, has logged in, or was
    given a password by somebody else since the list was read.
    """
    names = {*usernames, *again}
    if not names:
        raise Refused(NOBODY)
    users = list(
        User.objects.select_for_update(no_key=True).filter(username__in=names).order_by("pk")
    )
    if len(users) != len(names):
        raise Refused(NO_ACCOUNT)
    _refuse(COME_IN, [user for user in users if user.last_login])
    first = [user for user in users if user.username not in again]
    _refuse(GIVEN, [user for user in first if user.has_usable_password()])
    slips = []
    for user in users:
        password = give_password(user, by=by, on=on)
        who = Newcomer(user, list(user.seats.open(on).with_units().order_by("pk")))
        slip = Slip(user.name, who.posts(on), user.username, password, who.until)
        slips.append((who.seats[0].path, slip))
    return [slip for _, slip in sorted(slips, key=lambda one: (one[0], one[1].name))]


def _refuse(words: str, users: list[User]) -> None:
    if users:
        raise Refused(words.format(names="、".join(user.name for user in users)))
