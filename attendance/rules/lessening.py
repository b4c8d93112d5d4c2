"""Does a mark, entered afterwards, take days from a run? Pure; the alert over them then waits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from attendance.enums import Mark
from attendance.rules.streaks import DayFacts, Unseen, unseen


def with_mark(facts: Mapping[date, DayFacts], on: date, mark: Mark | None) -> dict[date, DayFacts]:
    """The facts with a register for `on` that knows the child and says `mark` (None: 到校)."""
    return {**facts, on: replace(facts[on], taken=True, listed=True, mark=mark)}


def lessens(
    days: Sequence[date],
    facts: Mapping[date, DayFacts],
    on: date,
    mark: Mark | None,
    teacher_days: int,
) -> bool:
    """Would `mark` on the school day `on` take an unexplained day, or a 失联, out of the run?

    A closure that waits for the day is left aside: refused, it lets the mark speak.
    """
    as_said = {**facts, on: replace(facts[on], held=False)}
    before = unseen(days, as_said, teacher_days)
    after = unseen(days, with_mark(as_said, on, mark), teacher_days)
    return not _within(before, after)


def _within(before: Unseen, after: Unseen) -> bool:
    days, lost = set(before.unexplained), set(before.lost)
    return days <= set(after.unexplained) and lost <= set(after.lost)
