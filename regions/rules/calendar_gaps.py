"""When the days ahead are undecided: who is told, and what is missing before a year is decided."""

from collections.abc import Iterable
from datetime import date, timedelta

from regions.enums import DayKind
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar, CalendarRule, Track, contradicts, each_day, is_weekday

# From 1 November, and from 15 December, on the next year's first day comes within sight (design).
BUREAU_LOOKS, SCHOOLS_LOOK = timedelta(days=61), timedelta(days=17)
AUTUMN, SPRING = "秋季学期", "春季学期"


def first_undecided(calendar: Calendar, track: Track, first: date, last: date) -> date | None:
    """The first weekday from `first` to `last` that nobody has decided; None where all are."""
    for day in filter(is_weekday, each_day(first, last)):
        try:
            calendar.day(track, day)
        except NoCalendar:
            return day
    return None


def missing_of(rows: Iterable[CalendarRule], school_year: int) -> list[str]:
    """What the school year that begins in `school_year` still lacks, in the order to enter it."""
    known = list(rows)
    terms = [row for row in known if row.kind is DayKind.TERM]
    lacks = []
    if not _any_in(terms, date(school_year, 8, 1), date(school_year, 12, 31)):
        lacks.append(AUTUMN)
    if not _any_in(terms, date(school_year + 1, 2, 1), date(school_year + 1, 7, 31)):
        lacks.append(SPRING)
    lacks += [f"{year} 年" for year in (school_year, school_year + 1) if not _decided(known, year)]
    return lacks


def _any_in(rows: Iterable[CalendarRule], first: date, last: date) -> bool:
    return any(first <= row.begins <= last for row in rows)


def _decided(rows: Iterable[CalendarRule], year: int) -> bool:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return any(
        row.kind is DayKind.YEAR and row.begins <= first and last <= row.ends for row in rows
    )


def why_not_settle(rows: Iterable[CalendarRule], sources: Iterable[date], year: int) -> str:
    """What a calendar year lacks before it may be declared decided; "" when nothing.

    `sources`: the first days of the holidays that were entered with the notice they come from.
    """
    known = list(rows)
    terms = [row for row in known if row.kind is DayKind.TERM]
    if _decided(known, year):
        return f"{year} 年已经核定。"
    if not _any_in(terms, date(year, 2, 1), date(year, 7, 31)):
        return f"先录入 {year} 年的春季学期。"
    if not _any_in(terms, date(year - 1, 8, 1), date(year - 1, 12, 31)):
        return f"先录入 {year - 1} 年的秋季学期。"
    if not any(day.year == year for day in sources):
        return f"先录入国家 {year} 年的放假安排和文号。"
    inside = [row for row in known if row.begins.year == year or row.ends.year == year]
    if any(contradicts(one, two) for at, one in enumerate(inside) for two in inside[at + 1 :]):
        return f"{year} 年有互相冲突的安排，先撤销其中一条。"
    return ""
