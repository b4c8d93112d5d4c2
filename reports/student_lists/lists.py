"""名单: who stands behind a number, found again from the same words that the number was counted by.

First every child is a key (what it was found as, and its row), so that a long list costs nothing;
then one page of keys becomes rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from regions.classnames import school_year
from regions.enums import Stage
from regions.paths import inside
from reports.counting.sources import gather
from reports.enums import (
    Flow,
    PlaceCount,
    StudentStatus,
    Turn,
)
from reports.models import BucketRow, Snapshot
from reports.queries import snapshots
from reports.queries.case_counts import late_rows
from reports.queries.ladder_funnel import COLUMNS, cases_of, funnel_cases
from reports.queries.monthly_changes import cases_behind
from reports.queries.places import Place
from reports.queries.snapshot_students import count_names, flow_names
from reports.rules.status_sets import EXPECTED, KEPT, MISSING
from students.models import Enrolment, Student

SETS = {"kept": KEPT, "expected": EXPECTED, "missing": MISSING}
SET_TITLES = {"kept": "在校（含毕业）", "expected": "应在校", "missing": "不在校"}
LISTED_COUNTS = {
    one.value: one
    for one in (PlaceCount.DROPPED, PlaceCount.DROPPED_NOW, PlaceCount.OPENING_MISSING)
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
    turn: Turn | None = None
    month: date | None = None

    @property
    def of_children(self) -> bool:
        """Read from the snapshot, not from the cases as they stand now."""
        return bool(self.student_statuses or self.flow or self.count)


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


@dataclass
class StudentList:
    """A list: its keys in order, what was counted, and what of it is out of this user's sight."""

    asked: Asked
    place: Place
    on: date
    snapshot: Snapshot | None
    keys: list[Key]
    counted: int
    terms: list[Term]

    @property
    def hidden(self) -> int:
        return self.counted - len(self.keys)

    @property
    def unit(self) -> str:
        if self.asked.overdue:
            return "件"
        return "人次" if self.asked.step or self.asked.turn else "人"


def find(user: User, place: Place, asked: Asked, on: date) -> StudentList:
    """The children behind a number at a place."""
    snapshot = snapshots.latest(place.path, on)
    if asked.of_children:
        if snapshot is None:
            return StudentList(asked, place, on, None, [], 0, [])
        keys, terms = _children(user, place, asked, snapshot)
    else:
        keys, terms = _cases(user, place, asked, on)
    return StudentList(asked, place, on, snapshot, keys, sum(term.count for term in terms), terms)


def _children(
    user: User, place: Place, asked: Asked, snapshot: Snapshot
) -> tuple[list[Key], list[Term]]:
    if asked.flow:
        count = snapshots.counts_at(snapshot, place.path)[asked.flow]
        keys = _students(user, _flow(place, asked.flow, snapshot))
        return keys, [Term(Flow(asked.flow).label, count)]
    if asked.count:
        pks = count_names(snapshot, place.path, asked.count)
        counts = snapshots.counts_at(snapshot, place.path)
        return _students(user, pks), [Term(asked.title, snapshots.counted(counts, asked.count))]
    counts = snapshots.counts_at(snapshot, place.path, asked.stage and asked.stage)
    terms = [
        Term(
            StudentStatus(student_status).label,
            counts[student_status],
            student_status,
        )
        for student_status in asked.student_statuses
        if counts[student_status] or len(asked.student_statuses) <= 3
    ]
    return _of_rows(user, place, asked, snapshot), terms


def _students(user: User, pks: Sequence[int]) -> list[Key]:
    seen = Student.objects.visible_to(user).filter(pk__in=pks).order_by("school_path", "pk")
    return [("student", pk) for pk in seen.values_list("pk", flat=True)]


def _of_rows(user: User, place: Place, asked: Asked, snapshot: Snapshot) -> list[Key]:
    if set(asked.student_statuses) <= PRIVATE and not reads_private(user):
        return []
    rows = snapshots.names_behind(snapshot, place.path, asked.student_statuses).visible_to(user)
    if asked.stage:
        rows = rows.filter(stage=asked.stage)
    oldest = rows.annotate(out_since=OUT_SINCE).order_by(F("out_since").asc(nulls_last=True), "pk")
    keys = [("row", pk) for pk in oldest.values_list("pk", flat=True)]
    if StudentStatus.IN_SCHOOL in asked.student_statuses:
        keys += [("student", pk) for pk in _plainly_there(user, place, asked.stage, snapshot)]
    return keys


def _plainly_there(
    user: User, place: Place, stage: Stage | None, snapshot: Snapshot
) -> Iterable[int]:
    """Children on the rolls of a place on the day of the snapshot who have no row in it."""
    spells = Enrolment.objects.on(snapshot.on).filter(inside("school_class__path", place.path))
    if stage:
        spells = spells.filter(school_class__stage=stage)
    spoken_of = BucketRow.objects.filter(snapshot=snapshot).values("student_id")
    spells = spells.exclude(student_id__in=spoken_of).filter(
        student__in=Student.objects.visible_to(user)
    )
    return spells.order_by("school_class__path", "seat_no", "pk").values_list(
        "student_id", flat=True
    )


def _flow(place: Place, flow: Flow, snapshot: Snapshot) -> list[int]:
    pks = flow_names(snapshot, place.path, flow)
    if flow is not Flow.START:
        return pks
    moved = set(gather(snapshot.county_path, snapshot.on).moved)
    spells = Enrolment.objects.on(snapshot.on).filter(inside("school_class__path", place.path))
    stayed = spells.values_list("student_id", flat=True)
    return [*pks, *(pk for pk in stayed if pk not in moved)]


def _cases(user: User, place: Place, asked: Asked, on: date) -> tuple[list[Key], list[Term]]:
    seen = set(ChildCase.objects.visible_to(user).at(place.path[:18]).values_list("pk", flat=True))
    if asked.overdue:
        rows = list(late_rows(place.path, on).values_list("pk", "case_id"))
        keys = [("deadline", pk) for pk, case_id in rows if case_id in seen]
        return keys, [Term("逾期事项", len(rows))]
    if asked.turn:
        pks = cases_behind(
            place.path, school_year(on), on, asked.turn, asked.month, asked.stage
        )  # fmt: skip
        return [("case", pk) for pk in pks if pk in seen], [Term(asked.title, len(pks))]
    if asked.step:
        pks = funnel_cases(place.path, school_year(on), on, asked.step, asked.column)
        return [("case", pk) for pk in pks if pk in seen], [Term(asked.title, len(pks))]
    states = [
        state for state in OPEN_STATES if asked.phase in ("all", PHASE_OF[CaseState(state)].value)
    ]
    chosen = cases_of(place.path).filter(state__in=list(states))
    by_state = list(chosen.order_by("opened_on", "pk").values_list("pk", "state"))
    terms = [
        Term(Phase(PHASE_OF[state]).label, sum(state == one for _, one in by_state))
        for state in states
    ]
    return [("case", pk) for pk, _ in by_state if pk in seen], terms


def opinion_of(asked: Asked) -> str:
    """The word of the address for a set of buckets that has one."""
    return next((word for word, of in SETS.items() if tuple(of) == asked.student_statuses), "")


def by_kind(keys: Sequence[Key], kind: str) -> list[int]:
    return [pk for found, pk in keys if found == kind]
