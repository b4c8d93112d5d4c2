"""按月变动: who became 疑似辍学 or 辍学, and who came back, month by month, 小学 and 初中 apart.

Counted in 人次, once a case and month, as the national form asks (中小学学籍系统 月报).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cases.enums.states import EventKind
from cases.models import CaseEvent
from regions.clock import local
from regions.enums import Stage
from regions.models import SchoolClass
from regions.rules.classnames import YEAR_BEGINS
from reports.enums import Turn
from reports.queries.ladder_funnel import cases_of

TURN_OF = {
    EventKind.DROPOUT: Turn.DROPPED,
    EventKind.SUSPECTED: Turn.SUSPECTED,
    EventKind.RETURNED: Turn.RETURNED,
}
JUNIOR_AGE = 12


@dataclass(frozen=True, slots=True)
class Happening:
    """One turn of one case: in which month, at which stage the child was."""

    case_id: int
    turn: Turn
    month: date
    stage: Stage


def happenings(path: str, year: int, on: date) -> Iterator[Happening]:
    """What happened to the children of a place in a school year up to a day. Whose day nobody knows
    happened when it was entered. Two statements."""
    begins = date(year, *YEAR_BEGINS)
    rows = CaseEvent.objects.filter(case__in=cases_of(path), kind__in=list(TURN_OF))
    seen: dict[tuple[int, Turn, date], tuple[str, date | None, date]] = {}
    for case_id, kind, day, entered, place, born in rows.order_by("case_id", "id").values_list(
        "case_id",
        "kind",
        "happened_to",
        "entered_at",
        "case__student__school_path",
        "case__student__birth_on",
    ):
        when = day or local(entered).date()
        if begins <= when <= on:
            key = case_id, TURN_OF[EventKind(kind)], when.replace(day=1)
            seen.setdefault(key, (place, born, when))
    classes = SchoolClass.objects.filter(path__in={place for place, _, _ in seen.values()})
    stages = dict(classes.values_list("path", "stage"))
    for (case_id, turn, month), (place, born, when) in seen.items():
        stage = Stage(stages[place]) if place in stages else stage_by_age(born, when)
        yield Happening(case_id, turn, month, stage)


def stage_by_age(born: date | None, on: date) -> Stage:
    """The stage of a child on no roll: 初中 from twelve years on, and where nobody knows the age."""
    if born is None:
        return Stage.JUNIOR
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return Stage.JUNIOR if age >= JUNIOR_AGE else Stage.PRIMARY


def by_month(path: str, year: int, on: date) -> dict[date, Counter[tuple[Stage, Turn]]]:
    """The counts of every month of the school year up to a day, by its first day."""
    begins = date(year, *YEAR_BEGINS)
    first, last = begins.year * 12 + begins.month - 1, on.year * 12 + on.month - 1
    months: dict[date, Counter[tuple[Stage, Turn]]] = {
        date(n // 12, n % 12 + 1, 1): Counter() for n in range(first, last + 1)
    }
    for one in happenings(path, year, on):
        months[one.month][one.stage, one.turn] += 1
    return months


def cases_behind(
    path: str, year: int, on: date, turn: Turn, month: date | None, stage: Stage | None
) -> list[int]:
    """The cases behind one number, one for each 人次; of all months or stages where none is named."""
    return [
        one.case_id
        for one in happenings(path, year, on)
        if one.turn is turn and month in (None, one.month) and stage in (None, one.stage)
    ]
