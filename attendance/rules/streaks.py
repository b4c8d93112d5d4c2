"""Unseen days: the rule that sees a child who stopped coming (云政办规〔2022〕5号 第4条; design §4).

Pure: dates and marks in, a run and a verdict out. docs/unseen.md is drawn from it by attendance.truth.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from attendance.enums import SEEN_MARKS, TEACHERS_WORD, DayState, Mark, Verdict
from students.enums import AbsenceState


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What is on file about one child on one school day.

    `taken`: the class has a register for the day. `listed`: that register was made knowing the
    child. `mark`: the exception it lists, if any. `leave`: approved before pending before refused.
    `away`: suspended, taught at home, or unexpired proof of study elsewhere. `held` (停课待核): the
    school asked to close that day and nobody has decided.
    """

    taken: bool
    listed: bool = True
    mark: Mark | None = None
    leave: AbsenceState | None = None
    away: bool = False
    held: bool = False


def day_state(facts: DayFacts) -> DayState:
    """What one school day was for one child.

    A held day is neither missed nor attended, whatever a register says: the decision may take it
    away. An explained day stays explained, since it counts for nothing either way.
    """
    state = _decided_state(facts)
    return DayState.HELD if facts.held and state is not DayState.EXPLAINED else state


def _decided_state(facts: DayFacts) -> DayState:
    if facts.mark in SEEN_MARKS:
        return DayState.SEEN
    if facts.away:
        return DayState.EXPLAINED
    pending = facts.mark is Mark.PENDING
    if facts.mark is not None and not pending:
        return _absent(facts)
    if facts.taken and facts.listed and not pending:
        return DayState.SEEN
    if facts.leave is AbsenceState.APPROVED:
        return DayState.EXPLAINED
    return DayState.NOT_TAKEN


def _absent(facts: DayFacts) -> DayState:
    """Listed as out. A request that was refused or waits is no accepted reason."""
    if facts.leave is AbsenceState.APPROVED:
        return DayState.EXPLAINED
    if facts.mark in TEACHERS_WORD and facts.leave is None:
        return DayState.TEACHERS_WORD
    return DayState.UNEXPLAINED


@dataclass(frozen=True, slots=True)
class Unseen:
    """The school days since a child was last seen, each kind in order of date.

    `lost` are the days marked 失联; they stand among the others as well.
    """

    unexplained: tuple[date, ...] = ()
    not_taken: tuple[date, ...] = ()
    explained: tuple[date, ...] = ()
    last_seen: date | None = None
    lost: tuple[date, ...] = ()
    held: tuple[date, ...] = ()

    def verdict(self, threshold: int) -> Verdict:
        """Alert at `threshold` unexplained days, or at once when the whereabouts are unknown."""
        count = len(self.unexplained)
        if self.lost or count >= threshold:
            return Verdict.ALERT
        if count and count + len(self.not_taken) + len(self.held) >= threshold:
            return Verdict.CANNOT_JUDGE
        return Verdict.WATCH if count else Verdict.SEEN

    def outside(self, settled: Iterable[date], excused: Iterable[date] = ()) -> "Unseen":
        """The run without the days that somebody has answered for: `settled` days count no more, an
        `excused` day marked 失联 is known about as long as it is not unexplained."""
        done = frozenset(settled)
        known = done | (frozenset(excused) - frozenset(self.unexplained))
        return replace(
            self,
            unexplained=tuple(day for day in self.unexplained if day not in done),
            lost=tuple(day for day in self.lost if day not in known),
        )


def unseen(
    days: Sequence[date],
    facts: Mapping[date, DayFacts],
    teacher_days: int = 3,
) -> Unseen:
    """Walk `days` (the child's school days, in order) back from the last to the day it was seen.

    An explained day neither counts nor ends the run: the child still was not seen. A day nobody
    took the register is listed and does neither, so a late register cannot hide a child; nor does
    a day whose closure waits, so nobody is seen or missed on it until it is decided. A
    teacher's 病假/事假 explains up to `teacher_days` days of the run; from the next one all count.
    A day without facts is a day without a register.
    """
    found: dict[DayState, list[date]] = {state: [] for state in DayState}
    last_seen, lost = None, []
    for day in reversed(days):
        known = facts.get(day, DayFacts(taken=False))
        state = day_state(known)
        if state is DayState.SEEN:
            last_seen = day
            break
        found[state].append(day)
        if known.mark is Mark.LOST:
            lost.append(day)
    spoken = found[DayState.TEACHERS_WORD]
    counted, excused = (spoken, []) if len(spoken) > teacher_days else ([], spoken)
    return Unseen(
        unexplained=tuple(sorted(found[DayState.UNEXPLAINED] + counted)),
        not_taken=tuple(sorted(found[DayState.NOT_TAKEN])),
        explained=tuple(sorted(found[DayState.EXPLAINED] + excused)),
        last_seen=last_seen,
        lost=tuple(sorted(lost)),
        held=tuple(sorted(found[DayState.HELD])),
    )
