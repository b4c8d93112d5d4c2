"""等县批: the school agreed on proof, the bureau has not spoken yet. Pure.

While it waits a day is not explained, but for a while nothing rises by itself: only the decider is
late. It runs once while a child is unseen: asking anew starts nothing. Numbers are ours (系统设定).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from attendance.rules.second_word import Span

DUE_SCHOOL_DAYS = 2
HELD_SCHOOL_DAYS = 5


@dataclass(frozen=True, slots=True)
class Agreed:
    """A request that the school agreed to: its days, since when, and what became of it.

    `refused`: the bureau said 不同意. What was only withdrawn or sent back was waited for all the same.
    """

    span: Span
    on: date
    proven: bool = True
    refused: bool = False


def began(asked: Agreed, others: Iterable[Agreed], unseen: Span | None) -> date | None:
    """The day the one wait over the child's days began; None once the bureau said 不同意 to them.

    `unseen`: the days since the child was last seen, None where none counts. Of the others those
    count that share a day with `asked`, and where it lies over unseen days, all that do.
    """
    runs = [asked.span]
    if unseen and asked.span.crosses(unseen):
        runs.append(unseen)
    over = [one for one in others if any(one.span.crosses(run) for run in runs)]
    if any(one.refused for one in over):
        return None
    return min([asked.on, *(one.on for one in over if one.proven)])


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
