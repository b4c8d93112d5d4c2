"""四步法去向: how many entered each step, how many came back from it, are in hand, went on.

Counted in 人次: a child who drops out again enters again. Who entered a step left it in one of four
ways or is still there, so every row adds up and nobody is unaccounted for.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cases.enums.records import NOBODYS_DUTY
from cases.enums.states import (
    PHASE_OF,
    STEP_NUMBERS,
    CaseState,
    EventKind,
    Phase,
    Step,
    step_title,
)
from cases.models import Case, CaseEvent, Deadline
from cases.models.case import CaseQuerySet
from regions.clock import local
from regions.paths import COUNTY, inside
from regions.rules.classnames import YEAR_BEGINS
from reports.rules.rounding import rate_text

STARTS = [EventKind.OPENED, EventKind.RELAPSED, EventKind.REOPENED]
ENDS = {
    EventKind.STEP: "went_on",
    EventKind.RETURNED: "returned",
    EventKind.CLOSED: "other",
    EventKind.EXITED: "other",
}
COLUMNS = ("entered", "returned", "in_hand", "went_on", "other")


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as the funnel reads it."""

    case_id: int
    kind: EventKind
    step: Step | None
    on: date


@dataclass(frozen=True, slots=True)
class Stint:
    """One case's stay on one step: since when, and how it ended ("in_hand" while it lasts)."""

    case_id: int
    step: Step
    on: date
    ended: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the funnel, in 人次."""

    step: Step
    entered: int
    returned: int
    in_hand: int
    went_on: int
    other: int

    @property
    def number(self) -> int:
        return STEP_NUMBERS[self.step]

    @property
    def title(self) -> str:
        return step_title(self.step)

    @property
    def label(self) -> str:
        return Step(self.step).label

    @property
    def share(self) -> str:
        """How many of those who entered came back from it."""
        return rate_text(self.returned, self.entered)


def stints(events: Iterable[Happened]) -> list[Stint]:
    """The stays of each case on the ladder, from its events in the order they were written.

    What was brought along from paper may have happened before the case was opened here.
    """
    found: list[Stint] = []
    standing: dict[int, tuple[Step, date]] = {}
    for one in events:
        if one.kind in ENDS and one.case_id in standing:
            step, since = standing.pop(one.case_id)
            found.append(Stint(one.case_id, step, min(since, one.on), ENDS[one.kind]))
        if one.kind in STARTS:
            standing.setdefault(one.case_id, (one.step or Step.PERSUADE, one.on))
        elif one.kind is EventKind.STEP and one.step:
            standing[one.case_id] = (one.step, one.on)
    found += [Stint(pk, step, since, "in_hand") for pk, (step, since) in standing.items()]
    return found


def cases_of(path: str) -> CaseQuerySet:
    """Cases of a county, of the township that owns them, or of a school's or class's children."""
    cases = Case.objects.exclude(state=CaseState.MISTAKE)
    if "S" in path:
        return cases.filter(inside("student__school_path", path))
    if len(path) > COUNTY:
        return cases.owned_in(path)
    return cases.at(path)


def _events(path: str, kinds: Iterable[EventKind]) -> QuerySet[CaseEvent, CaseEvent]:
    return CaseEvent.objects.filter(case__in=cases_of(path), kind__in=list(kinds)).order_by(
        "case_id", "id"
    )


def _read(path: str, on: date) -> list[Happened]:
    """What happened up to a day. Whose day nobody knows happened when it was entered."""
    rows = _events(path, [*STARTS, *ENDS]).values_list(
        "case_id", "kind", "step", "happened_to", "entered_at"
    )
    found = [
        Happened(case_id, EventKind(kind), Step(step) if step else None, day or local(at).date())
        for case_id, kind, step, day, at in rows
    ]
    return [one for one in found if one.on <= on]


def _of_year(path: str, year: int, on: date) -> list[Stint]:
    begins = date(year, *YEAR_BEGINS)
    return [one for one in stints(_read(path, on)) if begins <= one.on <= on]


def funnel(path: str, year: int, on: date) -> list[StepRow]:
    """The steps entered in the school year up to a day, and what came of each."""
    counts = Counter((one.step, one.ended) for one in _of_year(path, year, on))
    rows = []
    for step in Step:
        ways = {column: counts[step, column] for column in COLUMNS[1:]}
        rows.append(StepRow(step=step, entered=sum(ways.values()), **ways))
    return rows


def funnel_cases(path: str, year: int, on: date, step: Step, column: str) -> list[int]:
    """The cases behind one number of the funnel, one for each 人次."""
    return [
        one.case_id
        for one in _of_year(path, year, on)
        if one.step is step and column in ("entered", one.ended)
    ]


def phases(path: str) -> dict[Phase, int]:
    """Open cases by phase (发现、劝返、安置、保学), as they stand now."""
    states: Counter[str] = Counter(cases_of(path).open().values_list("state", flat=True))
    found = dict.fromkeys(Phase, 0)
    for state, count in states.items():
        found[PHASE_OF[CaseState(state)]] += count
    return found


def overdue(path: str, on: date) -> QuerySet[Deadline, Deadline]:
    """What was somebody's duty to do before `on` and is not done, the oldest first."""
    return (
        Deadline.objects.standing()
        .filter(case__in=cases_of(path).open(), due_on__lt=on)
        .exclude(kind__in=list(NOBODYS_DUTY))
        .order_by("due_on", "id")
    )
