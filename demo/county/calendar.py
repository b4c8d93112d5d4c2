"""Which days are school days in the demo county, resolved without the portal's own calendar rule.

The truth of the demo rests on these days, so they are worked out here a second time: for each day
the row of the nearest place wins, at the same place the narrower one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from regions.enums import DayKind
from regions.rules.national import notices


class ClassPlaces(Protocol):
    """What the almanac asks of a class: the places it sits in and its grade."""

    @property
    def key(self) -> int: ...

    @property
    def grade(self) -> int: ...

    @property
    def codes(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A row of the county's calendar at a region or school code, both days included."""

    code: str
    begins: date
    ends: date
    kind: DayKind
    reason: str
    grades: tuple[int, ...] = ()
    boarders: bool = False

    @property
    def scope(self) -> str:
        """The place and its narrowing as `import_calendar` writes them."""
        if self.boarders:
            return f"{self.code}/boarders"
        return f"{self.code}/grade:{','.join(map(str, self.grades))}" if self.grades else self.code

    def speaks_to(self, school_class: ClassPlaces, boarder: bool, day: date) -> bool:
        return (
            self.begins <= day <= self.ends
            and self.code in school_class.codes
            and (not self.grades or school_class.grade in self.grades)
            and (boarder or not self.boarders)
        )


@dataclass
class CountyCalendar:
    """The county's rows and the nation's days from `first` to `last`."""

    first: date
    last: date
    rows: tuple[CalendarEntry, ...]
    _days: dict[tuple[int, bool], list[date]] = field(default_factory=dict)

    def days(self, school_class: ClassPlaces, boarder: bool) -> list[date]:
        """The school days of a class's day pupils or boarders, in order."""
        key = (school_class.key, boarder)
        if key not in self._days:
            every = each(self.first, self.last)
            self._days[key] = [day for day in every if self._is_school(school_class, boarder, day)]
        return self._days[key]

    def _is_school(self, school_class: ClassPlaces, boarder: bool, day: date) -> bool:
        spoken = [row for row in self.rows if row.speaks_to(school_class, boarder, day)]
        if not any(row.kind is DayKind.TERM for row in spoken):
            return False
        local = [row for row in spoken if row.kind is not DayKind.TERM]
        if local:
            nearest = max(
                local,
                key=lambda row: (school_class.codes.index(row.code), row.boarders, row.grades),
            )
            return nearest.kind in (DayKind.MAKE_UP, DayKind.HALF_CLOSURE)
        return nation_at_school(day)


def each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def decided_years() -> set[int]:
    return {entry["year"] for entry in notices()}


def nation_at_school(day: date) -> bool:
    """Does the nation go to school on this day: a weekday that is no holiday, or a make-up day?"""
    entry = next(entry for entry in notices() if entry["year"] == day.year)
    text = day.isoformat()
    if any(text == made_up for made_up, _ in entry["make_up"]):
        return True
    holiday = any(begins <= text <= ends for begins, ends, _ in entry["holidays"])
    return not holiday and day.isoweekday() < 6


def terms(code: str, year: int) -> list[CalendarEntry]:
    """Both terms of the school year that begins in September of `year`."""
    nature = DayKind.TERM
    autumn = f"{year}—{year + 1}学年上学期"
    spring = f"{year}—{year + 1}学年下学期"
    return [
        CalendarEntry(code, date(year, 9, 1), date(year + 1, 1, 12), nature, autumn),
        CalendarEntry(code, date(year + 1, 2, 24), date(year + 1, 7, 10), nature, spring),
    ]


def in_term(rows: Iterable[CalendarEntry], day: date) -> bool:
    return any(row.begins <= day <= row.ends for row in rows)
