"""停课: when a school's request holds its day, and when silence brings it to the county's office.

Pure; the numbers are those of the design (the school's year, §4), no notice gives any.
"""

from collections.abc import Iterable
from datetime import date, timedelta

LONGEST_SUSPENSION = 5  # days of a class suspended on a health authority's opinion
ANSWER_WITHIN = 2  # school days
ONE_DAY = timedelta(days=1)


def holds_its_day(begins: date, ends: date, *, asked_on: date) -> bool:
    """Is the day 停课待核 from the asking on? One day, today or tomorrow; a longer or a past closure
    changes nothing before it is approved."""
    return begins == ends and begins in (asked_on, asked_on + ONE_DAY)


def is_overdue(school_days: Iterable[date], *, asked_on: date, on: date) -> bool:
    """Have two school days gone by since the day of asking without a decision?"""
    return sum(asked_on < day < on for day in school_days) >= ANSWER_WITHIN


def days_in(begins: date, ends: date) -> int:
    return (ends - begins).days + 1
