"""A deadline as a page says it: the word first, the date second, and whose turn it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from accounts.enums import CLASS_ROLES, SCHOOL_STAFF, Role
from cases.enums.records import RUNS_OUT, DeadlineKind
from cases.enums.states import AccessKind
from cases.models import CaseAccess, Deadline
from regions.labels import Labelled

SOON = 7
ASIDE = {DeadlineKind.SCHOOL_REPORT}


class Group(Labelled):
    """The groups of a work list, from urgent to later."""

    LATE = "late", "已逾期"
    TODAY = "today", "今天到期"
    SOON = "soon", f"{SOON} 天内"
    LATER = "later", "以后"
    NONE = "none", "没有期限"


@dataclass(frozen=True, slots=True)
class Due:
    """逾期 3 天, 今天, 还有 4 天: the word, its tone (bad, warn or none) and the day."""

    word: str
    tone: str
    day: date | None
    group: Group

    @property
    def row(self) -> str:
        """The class of a table row: a bar of vermilion or ochre at its left."""
        return {"bad": "row-late", "warn": "row-soon"}.get(self.tone, "")


def due_of(day: date | None, on: date) -> Due:
    """How a due date reads on the day `on`."""
    if day is None:
        return Due("没有期限", "", None, Group.NONE)
    left = (day - on).days
    if left < 0:
        return Due(f"逾期 {-left} 天", "bad", day, Group.LATE)
    if left == 0:
        return Due("今天", "warn", day, Group.TODAY)
    return Due(f"还有 {left} 天", "", day, Group.SOON if left <= SOON else Group.LATER)


def ran_out(one: Deadline, on: date) -> bool:
    """A period that runs by itself and is over: nobody is late with it."""
    return one.kind in RUNS_OUT and one.due_on < on


def due_for(one: Deadline, on: date) -> Due:
    """How a deadline reads on the day `on`: a period that has run out is over, not late."""
    if ran_out(one, on):
        return Due("已届满", "", one.due_on, Group.LATER)
    return due_of(one.due_on, on)


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next in a case: who does what, under which article, by when."""

    who: str
    what: str
    article: str
    due: Due
    kind: DeadlineKind | None = None
    deadline: Deadline | None = None
    mine: bool = False


def alike(roles: Collection[Role]) -> frozenset[Role]:
    """The roles whose duties are a reader's own: office and principal stand in for each other."""
    found = frozenset(roles)
    for same in (SCHOOL_STAFF, CLASS_ROLES):
        found |= same if found & same else frozenset()
    return found


def next_of(
    deadlines: Iterable[Deadline], rows: Iterable[CaseAccess], on: date, roles: Collection[Role]
) -> Next:
    """What is due next, as the reader in `roles` over the case sees it.

    A child whom the registers show comes first: nothing else is to be done before that is known.
    Then what is the reader's own and late or due today; then the duty due first, of one day the
    reader's own, a report beside the way after what leads on; where nobody has a duty, the period
    that runs; else persuasion.
    """
    own = alike(roles)

    def urgency(one: Deadline) -> tuple[int, date, bool, int]:
        mine = one.who in own
        leads = bool(one.who) or one.kind == DeadlineKind.OBSERVE
        rank = 1 if leads else 3
        if one.kind == DeadlineKind.RECORD_RETURN:
            rank = -1
        elif mine and one.due_on <= on:
            rank = 0
        elif one.kind in ASIDE and not mine:
            rank = 2
        return rank, one.due_on, not mine, one.pk

    standing = sorted((one for one in deadlines if not ran_out(one, on)), key=urgency)
    if not standing:
        return Next(name_of(Role.TOWNSHIP, rows), "继续劝返", "", due_of(None, on))
    first = standing[0]
    kind = DeadlineKind(first.kind)
    return Next(
        who=name_of(Role(first.who), rows) if first.who else waiting_on(kind, rows),
        what="每天报考勤，到观察期满" if kind is DeadlineKind.OBSERVE else first.label,
        article=first.article,
        due=due_of(first.due_on, on),
        kind=kind,
        deadline=first,
        mine=first.who in own,
    )


def waiting_on(kind: DeadlineKind, rows: Iterable[CaseAccess]) -> str:
    """Who a period that is nobody's duty hangs on: the school that watches, or time itself."""
    return name_of(Role.OFFICE, rows) if kind is DeadlineKind.OBSERVE else "等待"


def name_of(role: Role, rows: Iterable[CaseAccess]) -> str:
    """The unit that answers in a role: 白水镇, 白水中学, 县教育体育局."""
    if role is Role.BUREAU:
        return settings.KONGCHUO_BUREAU_NAME
    kinds = {Role.TOWNSHIP: AccessKind.OWNER, Role.VILLAGE: AccessKind.VILLAGE}
    kinds |= dict.fromkeys(SCHOOL_STAFF | CLASS_ROLES | {Role.CENTRAL}, AccessKind.SCHOOL)
    kind = kinds.get(role)
    unit = next((row.unit for row in rows if row.kind == kind and row.until is None), "")
    label = role.label
    if not unit:
        return label
    return f"{unit} {label}" if role in CLASS_ROLES else unit
