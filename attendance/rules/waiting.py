"""等县批: the school agreed on proof, the bureau has not spoken yet. Pure.

While it waits a day is not explained, but for a while nothing rises by itself: only the decider is
late. Numbers are ours (系统设定).
"""

from collections.abc import Iterable
from datetime import date

DUE_SCHOOL_DAYS = 2
HELD_SCHOOL_DAYS = 5


def waited(passed_on: date, on: date, school_days: Iterable[date]) -> int:
    """等县批 n 天: the school days after the school agreed, up to `on`."""
    return sum(passed_on < day <= on for day in school_days)


def due_on(passed_on: date, school_days: Iterable[date]) -> date | None:
    """The day the bureau is to decide by: the second school day after; None where none is decided."""
    after = sorted(day for day in school_days if day > passed_on)
    return after[DUE_SCHOOL_DAYS - 1] if len(after) >= DUE_SCHOOL_DAYS else None


def is_held(proof: bool, days: int) -> bool:
    """Does a request keep what it asks for from rising, suspicion and a case by itself?"""
    return proof and days <= HELD_SCHOOL_DAYS
