"""Working days and statutory holidays by the national notices, not by any school's calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from regions.enums import DayKind, Stage
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar, CalendarRule, Track
from regions.rules.national import national_rows

WHO = "系统管理员（国务院办公厅放假通知）"
# An office that is always in term and belongs to no place: what is left of the calendar is the
# week, the nation's holidays and its make-up days.
ALWAYS = CalendarRule("", date.min, date.max, DayKind.TERM)
OFFICE = Track(path="", stage=Stage.PRIMARY, entry_year=0, first_grade=0)


@dataclass(frozen=True, slots=True)
class Workdays:
    """The decided years and what each of their days is."""

    years: frozenset[int]
    calendar: Calendar

    @classmethod
    def of(cls, rows: Iterable[CalendarRule]) -> "Workdays":
        kept = list(rows)
        years = frozenset(row.begins.year for row in kept if row.kind is DayKind.YEAR)
        return cls(years, Calendar([ALWAYS, *kept]))

    def is_holiday(self, day: date) -> bool:
        """Is `day` a statutory holiday? Raises NoCalendar in a year nobody has decided."""
        self._must_be_decided(day)
        return self.calendar.day(OFFICE, day).kind is DayKind.HOLIDAY

    def is_working(self, day: date) -> bool:
        """Monday to Friday without the holidays, and the make-up days. Raises NoCalendar."""
        self._must_be_decided(day)
        return self.calendar.is_school_day(OFFICE, day)

    def _must_be_decided(self, day: date) -> None:
        if day.year not in self.years:
            raise NoCalendar(f"{day.year}年的节假日", WHO)


@cache
def national() -> Workdays:
    """The whole nation's working days, from the notices on file."""
    return Workdays.of(national_rows())
