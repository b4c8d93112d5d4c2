"""名单: who stands behind a number. Of a number of a snapshot, whom the snapshot stored with it.

First every child is a key (what it was found as, and its row), so that a long list costs nothing;
then one page of keys becomes rows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, DateField, F, When
from django.db.models.functions import Coalesce

from accounts.models import User
from cases.enums.states import (
    OPEN_STATES,
    PHASE_OF,
    CaseState,
    Phase,
    Step,
    step_title,
)
from cases.models import Case as ChildCase
from cases.permissions import SEES_SENSITIVE
from regions.enums import Stage
from regions.rules.classnames import school_year
from regions.rules.known_part import WHOLE, Lack
from reports.enums import (
    CohortCount,
    Flow,
    PlaceCount,
    StudentStatus,
    Turn,
)
from reports.models import Snapshot, SnapshotStudent
from reports.queries import snapshots
from reports.queries.case_counts import late_rows
from reports.queries.ladder_funnel import COLUMNS, cases_of, funnel_cases
from reports.queries.monthly_changes import cases_behind
from reports.queries.places import Place
from reports.queries.snapshot_students import (
    People,
    behind_classes,
    behind_cohort,
    behind_flow,
    seen_of,
)
from reports.rules.status_sets import BY_DAYS, EXPECTED, KEPT, MISSING, lack_of

SETS = {"kept": KEPT, "expected": EXPECTED, "missing": MISSING}
SET_TITLES = {"kept": "在校（含毕业）", "expected": "应在校", "missing": "不在校"}
LISTED_COUNTS = {
    count.value: count
    for count in (PlaceCount.DROPPED, PlaceCount.DROPPED_NOW, PlaceCount.OPENING_MISSING)
}
COLUMN_NAMES = dict(zip(COLUMNS, ("进入", "返校", "在办", "转下一步", "其他办结"), strict=True))
DEFAULT = "dropout,suspected,absent"
Key = tuple[str, int]
# Of whom a school reads no more than 依规不在校: decisions of a court, and of health.
PRIVATE = {StudentStatus.CORRECTIONAL, StudentStatus.REHAB}
# When a child out of school was last seen: by the registers, else by its case; of others, since when.
SEEN_BY_REGISTERS = When(student__run__unexplained__gt=0, then=F("student__run__last_seen"))
OUT_SINCE = Case(
    When(
        student_status__in=[
            StudentStatus.DROPOUT,
            StudentStatus.SUSPECTED,
            StudentStatus.ABSENT,
        ],
        then=Coalesce(Case(SEEN_BY_REGISTERS), F("case__left_to"), F("since")),
    ),
    default=F("since"),
    output_field=DateField(),
)


def reads_private(user: User) -> bool:
    return user.reach.holds(*SEES_SENSITIVE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is of: the words of the address, each checked against ours."""

    student_statuses: tuple[StudentStatus, ...] = ()
    title: str = ""
    stage: Stage | None = None
    flow: Flow | None = None
    step: Step | None = None
    column: str = ""
    phase: str = ""
    overdue: bool = False
    count: PlaceCount | None = None
    cohort: CohortCount | None = None
    turn: Turn | None = None
    month: date | None = None

    @property
    def of_children(self) -> bool:
        """Read from the snapshot, not from the cases as they stand now."""
        return bool(self.student_statuses or self.flow or self.count or self.cohort)


def read(words: Mapping[str, str]) -> Asked | None:
    """The list that an address asks for; None for words that are not ours."""
    try:
        return _read(words)
    except (KeyError, ValueError):
        return None


def _read(words: Mapping[str, str]) -> Asked:
    stage = Stage(words["stage"]) if words.get("stage") else None
    if words.get("overdue"):
        return Asked(overdue=True, title="逾期事项")
    if phase := words.get("phase"):
        label = "在办个案" if phase == "all" else f"{Phase(phase).label}阶段个案"
        return Asked(phase=phase, title=label)
    if step := words.get("step"):
        column = words.get("column", "entered")
        title = f"{step_title(Step(step))}：{COLUMN_NAMES[column]}"
        return Asked(step=Step(step), column=column, title=title)
    if turn := words.get("turn"):
        month = date.fromisoformat(f"{words['month']}-01") if words.get("month") else None
        title = f"{_of_stage(stage)}{Turn(turn).label}"
        said = f"{month.month}月{title}" if month else f"本学年{title}"
        return Asked(turn=Turn(turn), month=month, stage=stage, title=said)
    if count := words.get("count"):
        return Asked(count=LISTED_COUNTS[count], title=PlaceCount(LISTED_COUNTS[count]).label)
    if cohort := words.get("cohort"):
        title = f"九年级这一届：{CohortCount(cohort).label}"
        return Asked(cohort=CohortCount(cohort), title=title)
    if flow := words.get("flow"):
        return Asked(flow=Flow(flow), title=Flow(flow).label)
    return _of_statuses(words.get("student_status") or DEFAULT, stage)


def _of_stage(stage: Stage | None) -> str:
    return Stage(stage).label if stage else ""


def _of_statuses(said: str, stage: Stage | None) -> Asked:
    student_statuses = SETS.get(said) or [StudentStatus(word) for word in said.split(",")]
    title = SET_TITLES.get(said) or "、".join(
        StudentStatus(student_status).label for student_status in student_statuses
    )
    title = f"{_of_stage(stage)}{title}"
    return Asked(student_statuses=tuple(student_statuses), title=title, stage=stage)


@dataclass(frozen=True, slots=True)
class Term:
    """A summand of the proof at the foot."""

    label: str
    count: int
    word: str = ""
    lack: Lack = WHOLE

    @property
    def said(self) -> str:
        return self.lack.words(0) if self.lack.hides(self.count) else f"{self.count}"


@dataclass
class StudentList:
    """A list: its keys in order, what was counted, and why what is missing from it is missing.

    `hidden`: how many of them this user may not see. `private`: how many are named to nobody who
    does not act on them. `unnamed`: how many came as a number without names. Of a number of a
    snapshot, `paths` says where each child stood, and `rows` holds what the snapshot says of it.
    `lack`: the classes whose day was undecided, where the number hangs on days.
    """

    asked: Asked
    place: Place
    on: date
    snapshot: Snapshot | None = None
    keys: list[Key] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    hidden: int = 0
    private: int = 0
    unnamed: int = 0
    lack: Lack = WHOLE
    paths: dict[int, str] = field(default_factory=dict)
    rows: dict[int, SnapshotStudent] = field(default_factory=dict)

    @property
    def counted(self) -> int:
        return sum(term.count for term in self.terms)

    @property
    def counted_said(self) -> str:
        return self.lack.words(self.counted, self.unit)

    @property
    def missing(self) -> int:
        return self.counted - len(self.keys)

    @property
    def unit(self) -> str:
        if self.asked.overdue:
            return "件"
        return "人次" if self.asked.step or self.asked.turn else "人"


def find(user: User, place: Place, asked: Asked, on: date) -> StudentList:
    """The children behind a number at a place."""
    names = StudentList(asked, place, on, snapshots.latest(place.path, on))
    if not asked.of_children:
        names.keys, names.terms = _cases(user, place, asked, on)
        names.hidden = names.missing
    elif names.snapshot:
        _read_people(names, names.snapshot, user)
    return names


def _read_people(names: StudentList, snapshot: Snapshot, user: User) -> None:
    """Who stands in the list is what the snapshot stored; the user's reach hides, and adds nobody."""
    asked = names.asked
    people = _people(snapshot, names.place.path, asked)
    names.paths, names.unnamed = people.paths, people.unnamed
    statuses = set(asked.student_statuses)
    if not opinion_of(asked):
        here = snapshots.counts_at(snapshot, names.place.path, asked.stage)
        names.lack = lack_of(here, statuses)
    names.terms = _terms(asked, people.counts, names.lack)
    if statuses and statuses <= PRIVATE and not reads_private(user):
        names.private = len(people.paths)
        return
    seen = seen_of(user, people)
    names.hidden = len(people.paths) - len(seen)
    if statuses - {StudentStatus.IN_SCHOOL}:
        rows = snapshots.names_behind(snapshot, names.place.path, statuses)
        oldest = rows.annotate(out_since=OUT_SINCE)
        oldest = oldest.order_by(F("out_since").asc(nulls_last=True), "pk")
        names.rows = {row.student_id: row for row in oldest if row.student_id in people.paths}
    order = [pk for pk in names.rows if pk in seen]
    order += sorted(seen.keys() - names.rows.keys(), key=lambda pk: (seen[pk], pk))
    names.keys = [("student", pk) for pk in order]


def _people(snapshot: Snapshot, path: str, asked: Asked) -> People:
    if asked.flow:
        return behind_flow(snapshot, path, asked.flow)
    if asked.cohort:
        return behind_cohort(snapshot, path, asked.cohort)
    if asked.count:
        return behind_classes(snapshot, path, [asked.count])
    return behind_classes(snapshot, path, asked.student_statuses, asked.stage)


def _terms(asked: Asked, counts: Counter[str], here: Lack) -> list[Term]:
    if word := asked.flow or asked.count or asked.cohort:
        return [Term(asked.title, counts[word])]
    few = len(asked.student_statuses) <= 3
    return [
        Term(student_status.label, counts[student_status], student_status, lack)
        for student_status in asked.student_statuses
        for lack in [here if student_status in BY_DAYS else WHOLE]
        if few or counts[student_status]
    ]


def _cases(user: User, place: Place, asked: Asked, on: date) -> tuple[list[Key], list[Term]]:
    seen = set(ChildCase.objects.visible_to(user).at(place.path[:18]).values_list("pk", flat=True))
    if asked.overdue:
        rows = list(late_rows(place.path, on).values_list("pk", "case_id"))
        keys = [("deadline", pk) for pk, case_id in rows if case_id in seen]
        return keys, [Term("逾期事项", len(rows))]
    if asked.turn:
        pks = cases_behind(place.path, school_year(on), on, asked.turn, asked.month, asked.stage)
        return [("case", pk) for pk in pks if pk in seen], [Term(asked.title, len(pks))]
    if asked.step:
        pks = funnel_cases(place.path, school_year(on), on, asked.step, asked.column)
        return [("case", pk) for pk in pks if pk in seen], [Term(asked.title, len(pks))]
    states = [
        state for state in OPEN_STATES if asked.phase in ("all", PHASE_OF[CaseState(state)].value)
    ]
    chosen = cases_of(place.path).filter(state__in=states)
    by_state = list(chosen.order_by("opened_on", "pk").values_list("pk", "state"))
    terms = [
        Term(Phase(PHASE_OF[state]).label, sum(of == state for _, of in by_state))
        for state in states
    ]
    return [("case", pk) for pk, _ in by_state if pk in seen], terms


def opinion_of(asked: Asked) -> str:
    """The word of the address for a set of statuses that has one."""
    return next((word for word, of in SETS.items() if tuple(of) == asked.student_statuses), "")


def by_kind(keys: Sequence[Key], kind: str) -> list[int]:
    return [pk for of, pk in keys if of == kind]
