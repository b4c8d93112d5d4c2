"""疑似辍学 and 辍学: the clocks of a child who is not seen (design §4).

Counted from the first unexplained school day of the run. A contact never stops them; vacation and
explained spells do. Pure: days in, a level and the days it was reached out.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cases.enums.states import AbsenceLevel


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A level is reached over so many natural days and at so many unexplained school days."""

    suspected_days: int = 7
    suspected_school_days: int = 5
    dropout_days: int = 30
    dropout_school_days: int = 20


@dataclass(frozen=True, slots=True)
class Reached:
    """The first day each level was reached; None for one that is not."""

    suspected: date | None = None
    dropout: date | None = None

    @property
    def level(self) -> AbsenceLevel:
        if self.dropout:
            return AbsenceLevel.DROPOUT
        return AbsenceLevel.SUSPECTED if self.suspected else AbsenceLevel.ABSENT


def stopped_days(
    first: date,
    on: date,
    *,
    school_days: Collection[date],
    explained: Collection[date],
    vacation: Collection[date],
) -> set[date]:
    """The natural days from `first` to `on` on which the clocks stand still.

    A day outside term stands still. An explained school day stands still, and so do the weekend
    and holidays behind it until the next school day: a day without school goes on as the school day
    before it was. (So what a day was never depends on a later one, and a late run finds the same
    dates as a run each night.) A school day nobody took the register runs on.
    """
    stopped, standing = set(), False
    for day in _days(first, on):
        if day in school_days:
            standing = day in explained
        if standing or day in vacation:
            stopped.add(day)
    return stopped


def reached_on(
    first: date,
    on: date,
    unexplained_days: Collection[date],
    stopped_days: Collection[date],
    thresholds: Thresholds,
) -> Reached:
    """The first day up to `on` each level was reached, `first` being the first day that counts.

    "Over 7 natural days" is the eighth day that runs. Only days up to the day asked about are
    looked at, so asking later, or again, gives the same days.
    """
    running = unexplained = 0
    suspected = dropout = None
    for day in _days(first, on):
        running += day not in stopped_days
        unexplained += day in unexplained_days
        if (
            suspected is None
            and running > thresholds.suspected_days
            and unexplained >= thresholds.suspected_school_days
        ):
            suspected = day
        if (
            dropout is None
            and running > thresholds.dropout_days
            and unexplained >= thresholds.dropout_school_days
        ):
            dropout = day
    if dropout and (suspected is None or suspected > dropout):
        suspected = dropout
    return Reached(suspected, dropout)


def level(
    first: date,
    on: date,
    unexplained_days: Collection[date],
    stopped_days: Collection[date],
    thresholds: Thresholds,
) -> AbsenceLevel:
    """未到校, 疑似辍学 or 辍学 on a day."""
    return reached_on(first, on, unexplained_days, stopped_days, thresholds).level


def _days(first: date, last: date) -> Iterator[date]:
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)
