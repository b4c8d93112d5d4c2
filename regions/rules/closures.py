"""停课: when a school's request holds its day, for how many days nobody need answer, and when silence
brings it to the county's office.

Pure; the numbers are those of the design (the school's year, §4), no notice gives any.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_SUSPENSION = 5  # days of a class suspended on a health authority's opinion
ANSWER_WITHIN = 2  # school days
MOST_HELD = 2  # days of a class that wait at once: as many as the answer may take
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Full:
    """A class, or a school, for which as many days wait as may."""

    path: str
    days: tuple[date, ...]


def holds_its_day(begins: date, ends: date, *, asked_on: date) -> bool:
    """Is the day 停课待核 from the asking on? One day, today or tomorrow; a longer or a past closure
    changes nothing before it is approved."""
    return begins == ends and begins in (asked_on, asked_on + ONE_DAY)


def full_at(path: str, day: date, held: Iterable[tuple[str, date]]) -> Full | None:
    """Where no further `day` may wait at `path`, a class or a school; None where one may.

    `held` are the places and days that wait. A day its school asked for counts for each class, and a
    school's day for each of its classes; asked for twice, by class and school, it is one day.
    """
    school = path.split("C", 1)[0]
    waiting: dict[str, set[date]] = defaultdict(set)
    for place, on in held:
        waiting[place].add(on)
    of_the_school = waiting[school]
    for place in sorted({path, *(one for one in waiting if one.startswith(path))}):
        days = waiting[place] | of_the_school
        if day not in days and len(days) >= MOST_HELD:
            return Full(place, tuple(sorted(days)))
    return None


def is_overdue(school_days: Iterable[date], *, asked_on: date, on: date) -> bool:
    """Have two school days gone by since the day of asking without a decision?"""
    return sum(asked_on < day < on for day in school_days) >= ANSWER_WITHIN


def days_in(begins: date, ends: date) -> int:
    return (ends - begins).days + 1
