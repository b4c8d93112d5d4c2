"""Fates written on purpose: what happens to some children in their last school days.

A pattern has one letter per school day of the child, the last letter is the last day:

    .  present             A  absent            S P  sick, personal: the teacher's word
    T E H  late, left early, half a day         X  whereabouts unknown (失联)
    U  away and not listed M  no register       N  the class register says no class
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import partial
from random import Random

from attendance.enums import LeaveState, Mark
from kongchuo.demo.plan import Away, Child, Plan, Request
from students.enums import Status


class Need(Enum):
    """What a fate needs of a class's register on a day."""

    TAKEN = "taken"
    MISSING = "missing"
    NO_CLASS = "no_class"


MARKS = {
    "A": Mark.ABSENT, "S": Mark.SICK, "P": Mark.PERSONAL, "X": Mark.LOST,
    "T": Mark.LATE, "E": Mark.LEFT_EARLY, "H": Mark.HALF_DAY,
}  # fmt: skip
NEEDS = {"M": Need.MISSING, "N": Need.NO_CLASS}
APPROVED, REFUSED, PENDING = LeaveState.APPROVED, LeaveState.REFUSED, LeaveState.PENDING


@dataclass(frozen=True, slots=True)
class Fate:
    """A pattern, and a request or a status over its letters `over` (first and last, from 0)."""

    name: str
    pattern: str
    request: LeaveState | None = None
    status: Status | None = None
    over: tuple[int, int] = (0, 0)


FATES = (
    Fate("three", ".AAA"),
    Fate("four", ".AAAA"),
    Fate("five", ".AAAAA"),
    Fate("three_since_half_a_day", "AAHAAA"),
    Fate("two", ".AA"),
    Fate("one", ".A"),
    Fate("two_broken_by_late", ".AATAA"),
    Fate("two_broken_by_left_early", "AAAEAA"),
    Fate("two_and_a_missing_register", ".AMA"),
    Fate("two_after_a_missing_register", ".MAA"),
    Fate("two_and_none_today", ".AAM"),
    Fate("one_and_two_missing", ".MAM"),
    Fate("only_missing_registers", ".MMM"),
    Fate("three_and_a_missing_register", ".AMAA"),
    Fate("three_across_no_class", ".ANAA"),
    Fate("two_across_no_class", ".ANA"),
    Fate("teachers_word_four", ".SSSS"),
    Fate("teachers_word_four_apart", ".SSASS"),
    Fate("teachers_word_four_kinds", ".PSPS"),
    Fate("teachers_word_three", ".SSS"),
    Fate("teachers_word_three_among_two", ".ASSSA"),
    Fate("approved", ".SSSSSS", APPROVED, over=(1, 6)),
    Fate("approved_then_three", ".SSSAAA", APPROVED, over=(1, 3)),
    Fate("came_during_leave", "AAS.AA", APPROVED, over=(2, 3)),
    Fate("approved_without_register", ".AMA", APPROVED, over=(2, 2)),
    Fate("three_with_leave_without_register", ".AAMA", APPROVED, over=(3, 3)),
    Fate("refused", ".SSS", REFUSED, over=(1, 3)),
    Fate("refused_two", ".SS", REFUSED, over=(1, 2)),
    Fate("pending", ".PPP", PENDING, over=(1, 3)),
    Fate("suspended", ".AUUUUUUUU", status=Status.SUSPENDED, over=(2, 9)),
    Fate("suspension_ended", ".AUUUUUUAA", status=Status.SUSPENDED, over=(2, 7)),
    Fate("back_from_suspension", "UUUUUU.AA", status=Status.SUSPENDED, over=(0, 5)),
    Fate("home_teaching", "UUUUUUUUUU", status=Status.HOME_TEACHING, over=(0, 9)),
    Fate("home_teaching_came_once", "AAUTUAA", status=Status.HOME_TEACHING, over=(2, 4)),
    Fate("study_elsewhere", ".AAUUUUUUU", status=Status.STUDY_ELSEWHERE, over=(3, 9)),
    Fate("study_elsewhere_ran_out", "UUUUUAAA", status=Status.STUDY_ELSEWHERE, over=(0, 4)),
    Fate("long_leave", ".PPPPPPP", status=Status.LONG_LEAVE, over=(1, 7)),
    Fate("long_leave_came", "APPP.AA", status=Status.LONG_LEAVE, over=(1, 4)),
    Fate("lost", ".X"),
    Fate("lost_after_two", ".AAX"),
    Fate("lost_and_back", ".X."),
    Fate("back_after_five", ".AAAAA."),
    Fate("back_after_three", ".AAA.."),
)


@dataclass
class Cast:
    """Gives fates to children, and keeps what they need of the registers."""

    plan: Plan
    rng: Random
    needs: dict[tuple[int, date], Need] = field(default_factory=dict)
    free: list[Child] = field(default_factory=list)

    def own_days(self, child: Child) -> list[date]:
        return self.plan.own_days(child, self.plan.land.first, self.plan.until)

    def give(self, name: str, happen: Callable[[Child], bool]) -> Child | None:
        """The first free child `happen` fits; it is free no longer. None where none fits."""
        for at, child in enumerate(self.free):
            if happen(child):
                child.fate = name
                return self.free.pop(at)
        return None

    def lay(self, child: Child, fate: Fate) -> bool:
        """Write a fate over the child's last days; False, with nothing written, where it cannot."""
        days = self.own_days(child)[-len(fate.pattern) :]
        return len(days) == len(fate.pattern) and self.write(child, days, fate)

    def write(self, child: Child, days: list[date], fate: Fate) -> bool:
        """Write a fate over `days`, one per letter, where no other fate needs these registers."""
        wanted = {}
        for day, letter in zip(days, fate.pattern, strict=True):
            spell = child.spell_on(day)
            if spell is None or day in child.quiet:
                return False
            wanted[spell.klass, day] = NEEDS.get(letter, Need.TAKEN)
        if not self.reserve(wanted):
            return False
        child.quiet.update(days)
        for day, letter in zip(days, fate.pattern, strict=True):
            if letter in MARKS:
                child.marks[day] = MARKS[letter]
        first, last = days[fate.over[0]], days[fate.over[1]]
        if fate.request:
            kind = child.marks.get(first, Mark.SICK)
            child.requests.append(Request(kind, first, last, fate.request))
        if fate.status:
            child.away.append(Away(fate.status, first, last))
        return True

    def reserve(self, wanted: dict[tuple[int, date], Need]) -> bool:
        if any(self.needs.get(key, need) is not need for key, need in wanted.items()):
            return False
        self.needs.update(wanted)
        return True


def assign(plan: Plan, copies: int, silent_today: list[int], rng: Random) -> Cast:
    """Give every patterned fate to `copies` children where it fits.

    The classes `silent_today` hand in no register on the last day, every other class does. Each
    fate that ends with a missing register has one of them to itself: they contradict each other.
    """
    cast = Cast(plan, rng, free=rng.sample(plan.children, len(plan.children)))
    for klass in plan.land.classes:
        silent = klass.key in silent_today
        cast.needs[klass.key, plan.until] = Need.MISSING if silent else Need.TAKEN
    seats = iter(silent_today)
    for fate in FATES:
        only = next(seats, None) if fate.pattern.endswith("M") else None
        for _ in range(copies):
            cast.give(fate.name, partial(_lay_in, cast, fate, only))
    return cast


def _lay_in(cast: Cast, fate: Fate, only: int | None, child: Child) -> bool:
    return only in (None, child.spells[-1].klass) and cast.lay(child, fate)
