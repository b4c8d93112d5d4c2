"""返校观察: after a return the register itself is watched, and it may say ready or 再次辍学.

Pure: school days with what each was in, an answer out. design §4 «Return and closing».
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from attendance.enums import DayState


@dataclass(frozen=True, slots=True)
class Rule:
    """The thresholds of one watch: those in force on the day of return, however long it lasts."""

    days: int = 10
    percent: int = 90
    flag_days: int = 3
    teacher_days: int = 3

    def enough(self, window: Sequence[bool]) -> bool:
        """Is this window full, and was the child there often enough in it?"""
        return len(window) == self.days and sum(window) * 100 >= self.percent * self.days


@dataclass(frozen=True, slots=True)
class Observation:
    """What the school days since the return say.

    `days`: each school day and what it was, in order. `counted`: the days that count, with whether
    the child was there. `ready_on`: the first day the last `rule.days` counted days were enough;
    what is missed after it does not take it back. `relapse`: the unexplained days that reopen the
    case, the last of them the day it happened; the watch ends there.
    """

    rule: Rule
    days: tuple[tuple[date, DayState], ...] = ()
    counted: tuple[tuple[date, bool], ...] = ()
    ready_on: date | None = None
    relapse: tuple[date, ...] = ()

    @property
    def window(self) -> tuple[tuple[date, bool], ...]:
        """The last counted days, no more than the rule asks for."""
        return self.counted[-self.rule.days :]

    @property
    def number(self) -> int:
        """观察期第几天: how many counted days the window holds."""
        return len(self.window)

    @property
    def seen(self) -> int:
        return sum(seen for _, seen in self.window)

    @property
    def not_taken(self) -> tuple[date, ...]:
        return tuple(day for day, state in self.days if state is DayState.NOT_TAKEN)

    @property
    def relapsed_on(self) -> date | None:
        return self.relapse[-1] if self.relapse else None

    @property
    def still_needed(self) -> int:
        """How many school days the child must be there from here on, until it is ready."""
        if self.ready_on:
            return 0
        window = [seen for _, seen in self.window]
        for more in range(self.rule.days + 1):
            if self.rule.enough((window + [True] * more)[-self.rule.days :]):
                return more
        return self.rule.days


def observe(days: Iterable[tuple[date, DayState]], rule: Rule) -> Observation:
    """Follow the school days since the return (the day of return first), one after the other.

    Present counts and is seen; unexplained counts; an explained day, a day nobody took the register
    and a day whose closure waits (停课待核) count for nothing, so the window grows. 病假 and 事假 on a
    teacher's word are explained until the run since the child was last seen holds more than
    `teacher_days` of them; then all of them count. The answer for a day is the same whether it is
    asked that night or a month later.
    """
    before: list[tuple[date, DayState]] = []
    run: list[tuple[date, DayState]] = []
    ready_on: date | None = None
    relapse: tuple[date, ...] = ()
    for day, state in days:
        run.append((day, state))
        spoken = _resolved(run, rule.teacher_days)
        counted = _counted(before + spoken)
        if ready_on is None and rule.enough([seen for _, seen in counted[-rule.days :]]):
            ready_on = day
        missed = tuple(day for day, state in spoken if state is DayState.UNEXPLAINED)
        if state is DayState.SEEN:
            before, run = before + spoken, []
        elif len(missed) >= rule.flag_days:
            relapse = missed
            break
    everything = before + _resolved(run, rule.teacher_days)
    counted = _counted(everything)
    return Observation(rule, tuple(everything), tuple(counted), ready_on, relapse)


def _resolved(run: list[tuple[date, DayState]], teacher_days: int) -> list[tuple[date, DayState]]:
    """A run with each teacher's word read as what the whole run makes of it."""
    words = sum(state is DayState.TEACHERS_WORD for _, state in run)
    means = DayState.UNEXPLAINED if words > teacher_days else DayState.EXPLAINED
    return [(day, means if state is DayState.TEACHERS_WORD else state) for day, state in run]


def _counted(days: list[tuple[date, DayState]]) -> list[tuple[date, bool]]:
    return [
        (day, state is DayState.SEEN)
        for day, state in days
        if state in (DayState.SEEN, DayState.UNEXPLAINED)
    ]
