"""Accounts and seats from a file, as a difference: what is new, moved, renamed, the same, not in it.

A file speaks for the units and roles it names. All seats it asks for are proposed (待启用): a system
administrator brings it, the security administrator activates them. A new account has no password:
who may reset it gives the first one (`seats.slips`).
"""

from dataclasses import dataclass, field, replace
from datetime import date

from accounts.enums import ADMIN_ROLES, CLASS_ROLES, Role, SeatState
from accounts.file_door.door import Door, bring, preview
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.reading import read_book
from accounts.file_door.rows import RowSet, rows_of
from accounts.models import Seat, User
from accounts.rights import AdminRight, require
from accounts.seats.accounts import rename
from accounts.seats.ending import end
from accounts.seats.file_rows import HEADINGS, Account, Wanted, read_row, unit_of_seat
from accounts.seats.granting import ANOTHERS, closed_account, lay
from accounts.seats.locking import locked_seats
from accounts.seats.occupied import why_not_second_teacher
from accounts.seats.rules.granting import Effect, why_not_together
from regions.refusals import Refused

SAME_CLASS = "这个班在文件里已有{role}{name}，一个班同一天只有一位{role}。"
MOST_MISSING = 20  # percent of the seats a file speaks for that may be ended with it
TOO_MANY = (
    "名单外 {missing} 份，占这些单位 {standing} 份任职的 {share} %，超过 {most} %，"
    "不能随文件一次办离任。请核对名单，或逐个办理。"
)
OTHER_DAYS = "{name}的任职起止与系统里不同，没有改。要改，请先办离任。"
NOT_IN_THE_FILE = "名单外"


@dataclass
class UsersPlan(FilePlan):
    """What a file of accounts would do.

    `wanted` seats are laid, `moved` of them in place of another (换班), `renamed` accounts get their
    new name; `missing` seats are not in the file, and end with it only where that was asked for.
    """

    wanted: list[Wanted] = field(default_factory=list)
    moved: list[Wanted] = field(default_factory=list)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)
    missing: list[Seat] = field(default_factory=list)
    end_missing: bool = False

    def told(self) -> object:
        return [
            [[one.username, one.name, *one.seat, one.term.began, one.term.until]
             for one in self.wanted],
            [(one.username, one.term.replaces.pk) for one in self.moved if one.term.replaces],
            self.renamed, [seat.pk for seat in self.missing], self.end_missing,
            self.outcome.unchanged,
        ]  # fmt: skip

    def claimed(self) -> list[str]:
        return ["end_missing"] if self.end_missing else []

    def as_json(self) -> dict[str, int]:
        """The counts beyond those of every file."""
        return {
            "moved": len(self.moved),
            "renamed": len(self.renamed),
            "ended": self.outcome.ended,
            "proposed": len(self.wanted),
        }


def import_users(
    content: bytes, filename: str, *, by: User, on: date, apply: bool, partial: bool = False,
    end_missing: bool = False,
) -> Outcome:  # fmt: skip
    """Accounts and seats from a file; the outcome."""
    if not apply:
        return preview(USERS, content, filename, by=by, on=on, end_missing=end_missing).outcome
    answer = bring(USERS, content, filename, by=by, on=on, partial=partial, end_missing=end_missing)
    return answer.plan.outcome


def _rows(content: bytes, filename: str) -> RowSet:
    return rows_of(read_book(content, filename), HEADINGS)


def plan_users(rows: RowSet, *, by: User, on: date, end_missing: bool = False) -> UsersPlan:
    """The difference between the file and what stands on the day. Raises Refused."""
    plan = UsersPlan(Outcome.of(rows), end_missing=end_missing)
    known = _Standing(on)
    named: list[Wanted] = []
    for row in plan.outcome.sound(rows):
        wanted = read_row(row, known.accounts, on)
        if wanted and known.take(wanted, by=by):
            named.append(wanted)
        plan.outcome.reject(row.faults)
    _compare(plan, named, known)
    in_file = {row.text("用户名").lower() for row in rows}
    _find_missing(plan, named, known, in_file)
    _warn_of_teachers(plan, on)
    return plan


class _Standing:
    """The accounts and open seats of the day, and what the rows before have taken of them."""

    def __init__(self, on: date) -> None:
        self.accounts = {
            username.lower(): Account(username, name, active)
            for username, name, active in User.objects.values_list("username", "name", "is_active")
        }
        self.seats: dict[str, list[Seat]] = {}
        for seat in Seat.objects.open(on).with_units().order_by("pk"):
            self.seats.setdefault(seat.user.username, []).append(seat)
        self.roles = {
            name: {Role(seat.role) for seat in seats} for name, seats in self.seats.items()
        }
        self.taken: set[tuple[str, str, str]] = set()
        self.teachers: dict[tuple[str, str], list[Wanted]] = {}

    def held(self, wanted: Wanted) -> Seat | None:
        found = self.seats.get(wanted.username, [])
        return next((seat for seat in found if (seat.role, seat.path) == wanted.seat), None)

    def take(self, wanted: Wanted, *, by: User) -> bool:
        """Take up a row; False, with a fault kept, where it cannot stand beside what is known."""
        row, name = wanted.row, wanted.username
        standing = self.accounts.get(name.lower())
        if standing and standing.name != wanted.name and not self._may_rename(wanted, standing, by):
            row.fault("姓名", ANOTHERS)
            return False
        beside = self.roles.setdefault(name, set())
        apart = why_not_together(wanted.term.role, beside)
        if apart and name != by.username:
            row.fault("角色", apart)
            return False
        if other := self._other_teacher(wanted):
            row.fault("班级", SAME_CLASS.format(name=other.name, role=other.term.role.label))
            return False
        beside.add(wanted.term.role)
        self.accounts.setdefault(name.lower(), Account(name, wanted.name))
        return True

    def _may_rename(self, wanted: Wanted, standing: Account, by: User) -> bool:
        """改名: the same account in the seat it holds. Any other row may mean another person."""
        return (
            self.held(wanted) is not None
            and wanted.username != by.username
            and standing.username == wanted.username
        )

    def _other_teacher(self, wanted: Wanted) -> Wanted | None:
        if wanted.term.role not in CLASS_ROLES:
            return None
        others = self.teachers.setdefault(wanted.seat, [])
        for other in others:
            if other.username != wanted.username and _share_a_day(other, wanted):
                return other
        others.append(wanted)
        return None


def _share_a_day(one: Wanted, other: Wanted) -> bool:
    first, second = one.term, other.term
    before = first.until is not None and first.until < second.began
    after = second.until is not None and second.until < first.began
    return not (before or after)


def _compare(plan: UsersPlan, named: list[Wanted], known: _Standing) -> None:
    """Sort the rows into 新增, 换班, 改名 and 不变; a seat named twice counts once."""
    kept = {(one.username, *one.seat) for one in named}
    for wanted in named:
        key = (wanted.username, *wanted.seat)
        if key in known.taken:
            plan.outcome.unchanged += 1
            continue
        known.taken.add(key)
        held = known.held(wanted)
        if held is not None:
            _same_seat(plan, wanted, held, known)
        elif old := _moved_from(wanted, kept, known):
            moved = replace(wanted, term=replace(wanted.term, replaces=old))
            known.taken.add((wanted.username, old.role, old.path))
            plan.moved.append(moved)
            plan.wanted.append(moved)
            plan.outcome.updated += 1
        else:
            plan.wanted.append(wanted)
            plan.outcome.created += 1


def _same_seat(plan: UsersPlan, wanted: Wanted, held: Seat, known: _Standing) -> None:
    account = known.accounts[wanted.username.lower()]
    term = wanted.term
    until_differs = term.until is not None and term.until != held.until
    if until_differs:
        plan.outcome.warnings.append(OTHER_DAYS.format(name=wanted.name))
    if account.name == wanted.name:
        plan.outcome.unchanged += 1
        return
    known.accounts[wanted.username.lower()] = replace(account, name=wanted.name)
    plan.renamed.append((wanted.username, account.name, wanted.name))
    plan.outcome.updated += 1


def _moved_from(wanted: Wanted, kept: set, known: _Standing) -> Seat | None:
    """The class this teacher leaves: an active seat at the same school that the file names no more."""
    if wanted.term.role not in CLASS_ROLES:
        return None
    for seat in known.seats.get(wanted.username, []):
        key = (wanted.username, seat.role, seat.path)
        same = unit_of_seat(seat) == wanted.speaks_for
        gives_way = seat.until is None or seat.until >= wanted.term.began
        active = seat.state == SeatState.ACTIVE
        if same and active and gives_way and key not in kept | known.taken:
            return seat
    return None


def _find_missing(
    plan: UsersPlan, named: list[Wanted], known: _Standing, in_file: set[str]
) -> None:
    """名单外: active seats of the units and roles the file speaks for, that it does not name.

    Who stands in a rejected row is not missing, nor a seat that gives way to one that waits; the
    three administrators never are.
    """
    spoken = {one.speaks_for for one in named if one.term.role not in ADMIN_ROLES}
    standing = [
        seat
        for seats in known.seats.values()
        for seat in seats
        if seat.state == SeatState.ACTIVE and seat.until is None and unit_of_seat(seat) in spoken
    ]
    rejected = in_file - {one.username.lower() for one in named}
    leaving = {seat.replaces_id for seats in known.seats.values() for seat in seats}
    plan.missing = [
        seat
        for seat in standing
        if (seat.user.username, seat.role, seat.path) not in known.taken
        and seat.pk not in leaving
        and seat.user.username.lower() not in rejected
    ]
    plan.outcome.missing = len(plan.missing)
    if plan.end_missing:
        _refuse_too_many(len(plan.missing), len(standing))
        plan.outcome.ended = len(plan.missing)


def _refuse_too_many(missing: int, standing: int) -> None:
    if missing * 100 > standing * MOST_MISSING:
        share = f"{missing * 100 / standing:.1f}"
        told = TOO_MANY.format(missing=missing, standing=standing, share=share, most=MOST_MISSING)
        raise Refused(told)


def _warn_of_teachers(plan: UsersPlan, on: date) -> None:
    """Whose class still has a teacher cannot be activated before that one has left."""
    leaving = {one.term.replaces.pk for one in plan.moved if one.term.replaces}
    if plan.end_missing:
        leaving |= {seat.pk for seat in plan.missing}
    for wanted in plan.wanted:
        if refusal := why_not_second_teacher(wanted.term, on=on, leaving=leaving):
            plan.outcome.warnings.append(refusal)


def apply_users(plan: UsersPlan, *, by: User, on: date) -> int:
    """Rename, end and propose; how many accounts were made."""
    _lock(plan)
    for username, _, name in plan.renamed:
        rename(username, name, by=by, on=on)
    if plan.end_missing:
        for seat in plan.missing:
            end(seat.pk, last=on, reason=NOT_IN_THE_FILE, by=by, on=on)
    made = 0
    accounts = User.objects.in_bulk({one.username for one in plan.wanted}, field_name="username")
    for wanted in plan.wanted:
        user = accounts.get(wanted.username)
        if user is None:
            user = accounts[wanted.username] = closed_account(wanted.username, wanted.name)
            made += 1
        lay(user, wanted.term, Effect.PROPOSED, by=by, on=on)
    return made


def _lock(plan: UsersPlan) -> None:
    """All that the file writes to, in the one order: it goes on from row to row in its own."""
    names = [*(one[0] for one in plan.renamed), *(one.username for one in plan.wanted)]
    accounts = User.objects.filter(username__in=names).values_list("pk", flat=True)
    leaving = [seat.pk for seat in plan.missing] if plan.end_missing else []
    locked_seats(leaving, accounts=accounts)


USERS = Door(
    name="users", title="账号", read=_rows, plan=plan_users, apply=apply_users,
    require=lambda by: require(AdminRight.USERS, by), scopes=lambda by: [""],
)  # fmt: skip
