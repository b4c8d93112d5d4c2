"""The twelve months of a school year as a grid: a sign for each day, from the calendar's own answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from regions.enums import DayKind
from regions.refusals import NoCalendar
from regions.rules.calendar import (
    Calendar,
    CalendarRule,
    Day,
    Track,
    days_from_monday,
    each_day,
    is_weekday,
)

FIRST_MONTH = 8
KEYS = [
    ("in", "9", "上课"), ("make", "补", "调休上课"), ("hol", "假", "放假"), ("close", "休", "停课"),
    ("ask", "核", "停课待核"), ("open", "报", "报到日"), ("none", "?", "没有核定"), ("vac", "9", "假期"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: its look (a KEYS name, or off), its sign, what it is in words."""

    day: date
    look: str
    sign: str
    said: str


@dataclass
class Month:
    """A month: the blanks before its first Monday-based week day, its cells, and its sum."""

    first: date
    cells: list[Cell] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"{self.first.year}年{self.first.month}月"

    @property
    def weeks(self) -> list[list[Cell | None]]:
        cells: list[Cell | None] = [*([None] * days_from_monday(self.first)), *self.cells]
        cells += [None] * (-len(cells) % 7)
        return [cells[at : at + 7] for at in range(0, len(cells), 7)]

    @property
    def school_days(self) -> int:
        return sum(cell.look in ("in", "make", "ask") for cell in self.cells)

    @property
    def undecided(self) -> int:
        return sum(cell.look == "none" for cell in self.cells)


def months_of(
    year: int, track: Track, calendar: Calendar, own: Iterable[CalendarRule]
) -> list[Month]:
    """August to July of the school year that begins in `year`. `own` are the rows that open a day
    of reporting (报到日)."""
    opening = [row for row in own if row.kind is DayKind.OPENING]
    found = []
    for number in range(12):
        index = FIRST_MONTH - 1 + number
        first = date(year + index // 12, index % 12 + 1, 1)
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        month = Month(first)
        month.cells = [_cell(day, track, calendar, opening) for day in each_day(first, last)]
        found.append(month)
    return found


def _cell(day: date, track: Track, calendar: Calendar, opening: list[CalendarRule]) -> Cell:
    number = str(day.day)
    if any(row.covers(day) for row in opening):
        return Cell(day, "open", "报", "报到日")
    try:
        what = calendar.day(track, day)
    except NoCalendar:
        if is_weekday(day):
            return Cell(day, "none", "?", "没有核定")
        return Cell(day, "off", "·", "周末，没有核定")
    return Cell(day, *_look(what, number))


def _look(what: Day, number: str) -> tuple[str, str, str]:
    if what.held:
        return "ask", "核", "停课待核"
    if what.school:
        if what.kind is DayKind.MAKE_UP:
            return "make", "补", what.reason or "调休上课"
        return ("close", "半", "半天停课") if what.half else ("in", number, "上课")
    if what.kind is DayKind.TERM:
        return "vac", number, "不在学期内"
    if what.kind is DayKind.HOLIDAY:
        return "hol", "假", what.reason or "放假"
    if what.kind is DayKind.CLOSURE:
        return "close", "休", f"停课{'：' + what.reason if what.reason else ''}"
    return "off", "·", "周末"
