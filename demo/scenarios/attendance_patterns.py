"""Attendance written on purpose: what happens to some children in their last school days.

A pattern has one letter per school day of the child, the last letter is the last day:

    .  present             A  absent            S P  sick, personal: the teacher's word
    T E H  late, left early, half a day         X  whereabouts unknown (失联)
    U  away and not listed M  no register       N  the class is closed
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from random import Random

from attendance.enums import Mark
from demo.county.plan import ChildPlan, CountyPlan, LeavePlan, RegisterNeed, StatusPlan
from students.enums import AbsenceKind, AbsenceState

MARKS = {
    "A": Mark.ABSENT, "S": Mark.SICK, "P": Mark.PERSONAL, "X": Mark.LOST,
    "T": Mark.LATE, "E": Mark.LEFT_EARLY, "H": Mark.HALF_DAY,
}  # fmt: skip
NEEDS = {"M": RegisterNeed.MISSING, "N": RegisterNeed.CLOSED}
APPROVED, REFUSED, PENDING = AbsenceState.APPROVED, AbsenceState.REFUSED, AbsenceState.ASKED


@dataclass(frozen=True, slots=True)
class Pattern:
    """Letters of days, and a leave or a status over its letters `over` (first and last, from 0)."""

    name: str
    letters: str
    leave: AbsenceState | None = None
    status: AbsenceKind | None = None
    over: tuple[int, int] = (0, 0)


PATTERNS = (
    Pattern("three", ".AAA"),
    Pattern("four", ".AAAA"),
    Pattern("five", ".AAAAA"),
    Pattern("three_since_half_a_day", "AAHAAA"),
    Pattern("two", ".AA"),
    Pattern("one", ".A"),
    Pattern("two_broken_by_late", ".AATAA"),
    Pattern("two_broken_by_left_early", "AAAEAA"),
    Pattern("two_and_a_missing_register", ".AMA"),
    Pattern("two_after_a_missing_register", ".MAA"),
    Pattern("two_and_none_today", ".AAM"),
    Pattern("one_and_two_missing", ".MAM"),
    Pattern("only_missing_registers", ".MMM"),
    Pattern("three_and_a_missing_register", ".AMAA"),
    Pattern("three_across_closed_class", ".ANAA"),
    Pattern("two_across_closed_class", ".ANA"),
    Pattern("teachers_word_four", ".SSSS"),
    Pattern("teachers_word_four_apart", ".SSASS"),
    Pattern("teachers_word_four_kinds", ".PSPS"),
    Pattern("teachers_word_three", ".SSS"),
    Pattern("teachers_word_three_among_two", ".ASSSA"),
    Pattern("approved", ".SSSSSS", APPROVED, over=(1, 6)),
    Pattern("approved_then_three", ".SSSAAA", APPROVED, over=(1, 3)),
    Pattern("came_during_leave", "AAS.AA", APPROVED, over=(2, 3)),
    Pattern("approved_without_register", ".AMA", APPROVED, over=(2, 2)),
    Pattern("three_with_leave_without_register", ".AAMA", APPROVED, over=(3, 3)),
    Pattern("refused", ".SSS", REFUSED, over=(1, 3)),
    Pattern("refused_two", ".SS", REFUSED, over=(1, 2)),
    Pattern("pending", ".PPP", PENDING, over=(1, 3)),
    Pattern("suspended", ".AUUUUUUUU", status=AbsenceKind.SUSPENDED, over=(2, 9)),
    Pattern("suspension_ended", ".AUUUUUUAA", status=AbsenceKind.SUSPENDED, over=(2, 7)),
    Pattern("back_from_suspension", "UUUUUU.AA", status=AbsenceKind.SUSPENDED, over=(0, 5)),
    Pattern("home_teaching", "UUUUUUUUUU", status=AbsenceKind.HOME_TEACHING, over=(0, 9)),
    Pattern("home_teaching_came_once", "AAUTUAA", status=AbsenceKind.HOME_TEACHING, over=(2, 4)),
    Pattern("study_elsewhere", ".AAUUUUUUU", status=AbsenceKind.STUDY_ELSEWHERE, over=(3, 9)),
    Pattern("study_elsewhere_ran_out", "UUUUUAAA", status=AbsenceKind.STUDY_ELSEWHERE, over=(0, 4)),
    Pattern("long_leave", ".PPPPPPP", status=AbsenceKind.LONG_LEAVE, over=(1, 7)),
    Pattern("long_leave_came", "APPP.AA", status=AbsenceKind.LONG_LEAVE, over=(1, 4)),
    Pattern("lost", ".X"),
    Pattern("lost_after_two", ".AAX"),
    Pattern("lost_and_back", ".X."),
    Pattern("back_after_five", ".AAAAA."),
    Pattern("back_after_three", ".AAA.."),
)


@dataclass
class Assignment:
    """Gives scenarios to children, and keeps what they need of the registers."""

    plan: CountyPlan
    rng: Random
    needs: dict[tuple[int, date], RegisterNeed] = field(default_factory=dict)
    free: list[ChildPlan] = field(default_factory=list)

    def own_days(self, child: ChildPlan) -> list[date]:
        return self.plan.own_days(child)

    def give(self, name: str, happen: Callable[[ChildPlan], bool]) -> ChildPlan | None:
        """The first free child `happen` fits; it is free no longer. None where none fits."""
        for at, child in enumerate(self.free):
            if happen(child):
                child.scenario = name
                return self.free.pop(at)
        return None

    def write_last_days(self, child: ChildPlan, pattern: Pattern) -> bool:
        """Write a pattern over the child's last days; False, with nothing written, where it cannot."""
        days = self.own_days(child)[-len(pattern.letters) :]
        return len(days) == len(pattern.letters) and self.write(child, days, pattern)

    def write(self, child: ChildPlan, days: list[date], pattern: Pattern) -> bool:
        """Write a pattern over `days`, one per letter, where no other scenario needs these registers."""
        wanted = {}
        for day, letter in zip(days, pattern.letters, strict=True):
            enrolment = child.enrolment_on(day)
            if enrolment is None or day in child.decided_days:
                return False
            wanted[enrolment.class_key, day] = NEEDS.get(letter, RegisterNeed.TAKEN)
        if not self.reserve(wanted):
            return False
        child.decided_days.update(days)
        for day, letter in zip(days, pattern.letters, strict=True):
            if letter in MARKS:
                child.marks[day] = MARKS[letter]
        first, last = days[pattern.over[0]], days[pattern.over[1]]
        if pattern.leave:
            kind = child.marks.get(first, Mark.SICK)
            child.leaves.append(LeavePlan(kind, first, last, pattern.leave))
        if pattern.status:
            child.statuses.append(StatusPlan(pattern.status, first, last))
        return True

    def reserve(self, wanted: dict[tuple[int, date], RegisterNeed]) -> bool:
        """Note what a scenario needs; False, with nothing noted, where another needs it otherwise."""
        if any(self.needs.get(key, need) is not need for key, need in wanted.items()):
            return False
        self.needs.update(wanted)
        return True


def assign_patterns(
    plan: CountyPlan, copies: int, silent_today: list[int], rng: Random
) -> Assignment:
    """Give every pattern to `copies` children where it fits.

    The classes `silent_today` hand in no register on the last day, every other class does. Each
    pattern that ends with a missing register has one of them to itself: they contradict each other.
    """
    assignment = Assignment(plan, rng, free=rng.sample(plan.children, len(plan.children)))
    for school_class in plan.places.classes:
        silent = school_class.key in silent_today
        assignment.needs[school_class.key, plan.until] = (
            RegisterNeed.MISSING if silent else RegisterNeed.TAKEN
        )
    seats = iter(silent_today)
    for pattern in PATTERNS:
        only = next(seats, None) if pattern.letters.endswith("M") else None
        for _ in range(copies):
            assignment.give(pattern.name, partial(_fits, assignment, pattern, only))
    return assignment


def _fits(assignment: Assignment, pattern: Pattern, only: int | None, child: ChildPlan) -> bool:
    return only in (None, child.enrolments[-1].class_key) and assignment.write_last_days(
        child, pattern
    )
