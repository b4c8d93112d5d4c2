"""The truth of a plan: who is flagged on a day, told day by day from what happened (design §4).

Written apart from the portal's rule and walking the other way: forward from the first day that
counts, forgetting everything whenever the child is seen. The portal must agree with it.
"""

from dataclasses import dataclass, field
from datetime import date

from attendance.enums import LeaveState, Mark, RegisterState
from kongchuo.demo.days import knows
from kongchuo.demo.plan import Child, Plan, Spell
from students.enums import Status

# 3天及以上 (云政办规〔2022〕5号 art. 4); a teacher's word holds for as many days.
FLAG_AT = 3
TEACHERS_WORD_HOLDS = 3
# 疑似辍学: over so many natural days, on at least so many school days.
SUSPECTED_AFTER, SUSPECTED_AT_LEAST = 7, 5
CAME = {Mark.LATE, Mark.LEFT_EARLY, Mark.HALF_DAY}


@dataclass
class Memory:
    """What has piled up since the child was last seen."""

    unexplained: set[date] = field(default_factory=set)
    on_teachers_word: set[date] = field(default_factory=set)
    no_register: set[date] = field(default_factory=set)
    lost: bool = False

    @property
    def counted(self) -> set[date]:
        """The days that count: a teacher's word holds for so many of the run, then for none."""
        if len(self.on_teachers_word) > TEACHERS_WORD_HOLDS:
            return self.unexplained | self.on_teachers_word
        return self.unexplained

    def suspected(self, on: date) -> bool:
        """Over 7 natural days and at least 5 school days. Told for runs without excused days."""
        counted = self.counted
        days = (on - min(counted)).days + 1 if counted else 0
        return days > SUSPECTED_AFTER and len(counted) >= SUSPECTED_AT_LEAST

    def verdict(self) -> str:
        """ "flagged", "cannot_judge" or "" for neither."""
        counted = self.counted
        if self.lost or len(counted) >= FLAG_AT:
            return "flagged"
        doubtful = len(counted) + len(self.no_register) >= FLAG_AT
        return "cannot_judge" if counted and doubtful else ""


def truth(plan: Plan, on: date) -> tuple[list[str], list[str]]:
    """The uids flagged on `on` and those nobody can judge, each sorted."""
    flagged, doubtful = [], []
    for child in plan.children:
        verdict = judge(plan, child, on)
        if verdict == "flagged":
            flagged.append(child.uid)
        elif verdict:
            doubtful.append(child.uid)
    return sorted(flagged), sorted(doubtful)


def judge(plan: Plan, child: Child, on: date) -> str:
    """The verdict on one child; "" also where it stood on no roll that day."""
    return remember(plan, child, on).verdict()


def remember(plan: Plan, child: Child, on: date) -> Memory:
    """What had piled up on one child by `on`; nothing where it stood on no roll that day."""
    memory = Memory()
    if child.spell_on(on) is None:
        return memory
    for spell in sorted(child.spells, key=lambda spell: spell.began):
        klass = plan.land.classes[spell.klass]
        begins = plan.counts_from(klass)
        for day in plan.land.almanac.days(klass, child.boarder):
            if begins <= day <= on and spell.covers(day):
                memory = _live(plan, child, spell, day, memory)
    return memory


def _live(plan: Plan, child: Child, spell: Spell, day: date, memory: Memory) -> Memory:
    """One school day of a child: what it adds to the memory, or a fresh one when it was seen."""
    roll = plan.rolls.get((spell.klass, day))
    if roll is not None and roll.state is RegisterState.NO_CLASS:
        return memory
    mark = child.marks.get(day)
    statuses = {away.kind for away in child.away if away.began <= day <= away.until}
    asked = {request.state for request in child.requests if request.first <= day <= request.last}
    granted = LeaveState.APPROVED in asked or Status.LONG_LEAVE in statuses
    if mark in CAME:
        return Memory()
    memory.lost = memory.lost or mark is Mark.LOST
    if statuses - {Status.LONG_LEAVE}:
        return memory
    if not knows(spell, roll):
        if not granted:
            memory.no_register.add(day)
    elif mark is None:
        return Memory()
    elif not granted:
        on_word = mark in (Mark.SICK, Mark.PERSONAL) and not asked
        (memory.on_teachers_word if on_word else memory.unexplained).add(day)
    return memory
