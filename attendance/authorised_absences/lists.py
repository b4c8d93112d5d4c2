"""The page 请假与休学: what waits, what is drawn, who is out now, whose time runs out, who is not back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.enums import COUNTY_ROLES, SCHOOL_ROLES, Role
from accounts.models import User
from attendance.authorised_absences.deciders import delegated_at
from attendance.authorised_absences.opened import opened_by
from attendance.authorised_absences.pending import Pending, looks_due, pending_of
from attendance.authorised_absences.samples import to_look_at
from attendance.authorised_absences.weighing import (
    AGREED,
    explained_span,
    has_lapsed,
    term_of,
)
from attendance.rights import MAY, RegisterRight
from attendance.rules.second_word import LateLeave
from regions.days import PlaceRules
from regions.models import School, SchoolClass
from regions.paths import county_of, inside, inside_any
from students.enums import LEAVES, AbsenceKind, AbsenceState
from students.models import AbsenceQuerySet, AuthorisedAbsence

READERS = SCHOOL_ROLES | COUNTY_ROLES
BROUGHT = Q(state=AbsenceState.APPROVED, proof_at__isnull=False)  # a proof the bureau is to see
SOON, LONG_AGO, WARNED = timedelta(days=30), timedelta(days=60), timedelta(days=7)
MOST_ROWS = 200
TABS = {
    "waiting": "等审批",
    "sample": "抽查",
    "away": "现在不在校",
    "ending": "30 天内到期",
    "overdue": "已到期未到",
}
GROUPS = {
    "病假、事假等": LEAVES,
    "长期请假": [AbsenceKind.LONG_LEAVE],
    "休学、延缓入学": [AbsenceKind.SUSPENDED, AbsenceKind.DEFERRED],
    "借读": [AbsenceKind.STUDY_ELSEWHERE],
    "送教上门": [AbsenceKind.HOME_TEACHING],
    "依规不在校": [AbsenceKind.LAWFUL],
}


@dataclass
class AbsenceRow:
    """One request in a list, with its class as it is called today."""

    absence: AuthorisedAbsence
    where: str
    pending: Pending | None = None
    mine: bool = False
    opened: bool = False
    look_due: date | None = None

    @property
    def choosable(self) -> bool:
        """May this person grant it together with others?"""
        return self.opened and self.absence.state != AbsenceState.APPROVED

    def is_late(self, on: date) -> bool:
        due = self.pending.due_on if self.pending else self.look_due
        return bool(due and due < on) or self.has_lapsed(on)

    def has_lapsed(self, on: date) -> bool:
        return has_lapsed(self.absence, on)


@dataclass
class SchoolRate:
    """补假率 of a school this term, and whether it sends all its leave to the bureau."""

    school: School
    rate: LateLeave
    stands_out: bool


@dataclass
class AbsencePage:
    """All the page shows of one tab."""

    tab: str
    on: date
    counts: dict[str, int]
    groups: dict[str, int]
    rows: list[AbsenceRow] = field(default_factory=list)
    county: LateLeave = field(default_factory=lambda: LateLeave(0, 0))
    schools: list[SchoolRate] = field(default_factory=list)
    together: int = 0
    looked_at: int = 0
    false: int = 0

    @property
    def out_now(self) -> int:
        return sum(self.groups.values())


def in_reach(user: User) -> AbsenceQuerySet:
    """Requests at the schools of this user's seats that read the page."""
    rows = AuthorisedAbsence.objects.filter(inside_any("path", user.reach.paths(*READERS)))
    return rows.select_related("student", "asked_by", "first_by")


def reads_proof(user: User, absence: AuthorisedAbsence) -> bool:
    """May this person read the cause and the proof? What speaks of health or offence is read by who
    had a word in it, and by the county."""
    if not absence.sensitive or user.reach.holds(*COUNTY_ROLES, over=absence.path):
        return True
    return user.pk in (absence.asked_by_id, absence.first_by_id)


def to_decide(user: User, on: date, rules: PlaceRules | None = None) -> AbsenceQuerySet:
    """What waits for this person: the school's word or a proof it still owes; the bureau's word or
    its look at a proof, or the word of a 中心校. That the bureau may give too, but is not asked to."""
    school = user.reach.paths(*MAY[RegisterRight.DECIDE_LEAVE])
    wanted = inside_any("path", school) & (Q(state=AbsenceState.ASKED) | _owed(on))
    bureau, central = user.reach.paths(Role.BUREAU), user.reach.paths(Role.CENTRAL)
    if bureau or central:
        delegated = delegated_at(county_of((*bureau, *central)[0]), on, rules).requests
        wanted |= Q(state=AbsenceState.PASSED) & (
            (inside_any("path", bureau) & ~delegated) | (inside_any("path", central) & delegated)
        )
        wanted |= inside_any("path", bureau) & BROUGHT
    return AuthorisedAbsence.objects.filter(wanted)


def _owed(on: date) -> Q:
    """Approved, and its proof due within a week or overdue."""
    return Q(state=AbsenceState.APPROVED, proof_due_on__lte=on + WARNED, last__gte=on)


def waiting_absences(user: User, on: date) -> int:
    """How many wait for this person's word. The draw is counted on the page: it reads two months."""
    decides = user.reach.holds(*SCHOOL_ROLES, Role.BUREAU)
    return to_decide(user, on).count() if decides else 0


def absence_page(user: User, tab: str, on: date, place_rules: PlaceRules) -> AbsencePage:
    """Gather one tab; a fixed number of statements."""
    reached = in_reach(user)
    drawn = _drawn(user, on)
    lists = {
        "waiting": reached.filter(_undecided(user, on)),
        "sample": reached.filter(pk__in=drawn),
        "away": reached.explaining().on(on),
        "ending": reached.statuses()
        .explaining()
        .filter(Q(last__lte=on + SOON) | Q(proof_due_on__isnull=False), last__gte=on),
        "overdue": _not_back(reached, on),
    }
    counts = {name: rows.count() for name, rows in lists.items()}
    page = AbsencePage(tab, on, counts, _groups(lists["away"]))
    rows = list(lists[tab].order_by("last" if tab != "waiting" else "asked_at", "pk")[:MOST_ROWS])
    page.rows = _rows(rows, user, on, place_rules)
    page.together = sum(row.choosable for row in page.rows) if tab == "waiting" else 0
    if tab == "sample":
        page.looked_at = sum(bool(row.sample_result) for row in rows)
        page.false = sum(row.sample_result == "false" for row in rows)
    _add_rates(page, user, on, place_rules)
    return page


def _undecided(user: User, on: date) -> Q:
    """The county sees what schools agreed to; a school also what it is asked for, and what it owes."""
    if user.reach.holds(*COUNTY_ROLES):
        return Q(state=AbsenceState.PASSED) | BROUGHT
    return Q(state__in=[AbsenceState.ASKED, AbsenceState.PASSED]) | _owed(on) | BROUGHT


def _drawn(user: User, on: date) -> list[int]:
    """The leaves drawn of last week, which is whole, and those still to be looked at of the weeks
    before; the bureau alone looks at them."""
    paths = user.reach.paths(*MAY[RegisterRight.APPROVE])
    return to_look_at(county_of(paths[0]), on) if paths else []


def _not_back(reached: AbsenceQuerySet, on: date) -> AbsenceQuerySet:
    """Whose status ended and who was not seen since: a run goes on after its last day."""
    again = AuthorisedAbsence.objects.filter(student=OuterRef("student_id")).explaining().on(on)
    over = reached.statuses().approved().filter(last__lt=on, last__gte=on - LONG_AGO)
    return over.filter(student__run__last__gt=F("last")).exclude(Exists(again))


def _groups(rows: AbsenceQuerySet) -> dict[str, int]:
    told = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
    return {name: sum(told.get(kind, 0) for kind in kinds) for name, kinds in GROUPS.items()}


def _rows(
    rows: Iterable[AuthorisedAbsence], user: User, on: date, place_rules: PlaceRules
) -> list[AbsenceRow]:
    """Rows with their classes; those that wait with how long, the most urgent first."""
    rows = list(rows)
    waiting = pending_of([row for row in rows if row.state == AbsenceState.PASSED], on, place_rules)
    pending = {one.absence_id: one for one in waiting}
    where = class_labels(rows, on)
    mine = set(to_decide(user, on, place_rules).values_list("pk", flat=True))
    looks = looks_due(rows, place_rules)
    opened = opened_by(user, [row for row in rows if row.pk in mine])
    found = [
        AbsenceRow(
            row,
            where.get(row.path, ""),
            pending.get(row.pk),
            row.pk in mine,
            row.pk in opened,
            looks.get(row.pk),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (not row.mine, _due(row)))


def _due(row: AbsenceRow) -> date:
    """The day something is due: the second word, a proof, the end. What was asked for comes first."""
    if row.pending:
        return row.pending.due_on or date.max
    if row.look_due:
        return row.look_due
    if row.absence.state == AbsenceState.ASKED:
        return date.min
    return explained_span(row.absence).last


def class_labels(rows: Iterable[AuthorisedAbsence], on: date) -> dict[str, str]:
    classes = SchoolClass.objects.filter(path__in={row.path for row in rows})
    return {
        one.path: f"{one.school.name} {one.label(on)}" for one in classes.select_related("school")
    }


def _add_rates(page: AbsencePage, user: User, on: date, place_rules: PlaceRules) -> None:
    """补假率 of the county, and of each school in reach, those that stand out first."""
    paths = user.reach.paths(*READERS)
    granted = AuthorisedAbsence.objects.leaves().filter(
        inside("path", county_of(paths[0])), state__in=AGREED, first__gte=term_of(on, place_rules)
    )
    told: dict[str, list[int]] = {}
    for path, count, late in granted.values_list("path").annotate(
        all=Count("pk"), late=Count("pk", filter=Q(after_mark=True))
    ):
        sums = told.setdefault(path.split("C", 1)[0], [0, 0])
        sums[0], sums[1] = sums[0] + count, sums[1] + late
    page.county = LateLeave(
        sum(late for _, late in told.values()), sum(count for count, _ in told.values())
    )
    mine = [path for path in told if any(path.startswith(one) for one in paths)]
    for school in School.objects.filter(path__in=mine):
        count, late = told[school.path]
        rate = LateLeave(late, count)
        page.schools.append(SchoolRate(school, rate, rate.stands_out(page.county)))
    page.schools.sort(key=lambda one: (not one.stands_out, -one.rate.rate, one.school.path))
