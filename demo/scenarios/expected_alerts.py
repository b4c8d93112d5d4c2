"""Whom a plan expects to be flagged on a day, told day by day from what happened.

Written apart from the portal's rule and walking the other way: forward from the first day that
counts, forgetting everything whenever the child is seen. The portal must agree with it.
"""

from dataclasses import dataclass, field
from datetime import date

from attendance.enums import Mark
from demo.county.plan import ChildPlan, CountyPlan, EnrolmentPlan
from demo.county.registers import is_listed
from demo.scenarios.case_scenarios import CASE_SCENARIOS
from students.enums import AbsenceKind, AbsenceState

# 3天及以上 (云政办规〔2022〕5号 art. 4); a teacher's word holds for as many days.
FLAG_AT = 3
TEACHERS_WORD_HOLDS = 3
# 疑似辍学: over so many natural days, on at least so many school days.
SUSPECTED_AFTER, SUSPECTED_AT_LEAST = 7, 5
CAME = {Mark.LATE, Mark.LEFT_EARLY, Mark.HALF_DAY}


@dataclass
class UnseenDays:
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


def expected_alerts(plan: CountyPlan, on: date) -> tuple[list[str], list[str]]:
    """The uids flagged on `on` and those nobody can judge, each sorted."""
    flagged, doubtful = [], []
    for child in plan.children:
        verdict = expected_verdict(plan, child, on)
        if verdict == "flagged":
            flagged.append(child.uid)
        elif verdict:
            doubtful.append(child.uid)
    return sorted(flagged), sorted(doubtful)


def expected_cases(plan: CountyPlan) -> list[str]:
    """The uids whose case is open at the end, sorted: as the scenarios say, and children in
    none who passed into 疑似辍学 while their school was silent, whose cases opened by themselves."""
    ends = {scenario.name: scenario.open for scenario in CASE_SCENARIOS}
    return sorted(
        child.uid
        for child in plan.children
        if ends.get(child.scenario, unseen_days(plan, child, plan.until).suspected(plan.until))
    )


def expected_verdict(plan: CountyPlan, child: ChildPlan, on: date) -> str:
    """The verdict on one child; "" also where it stood on no roll that day."""
    return unseen_days(plan, child, on).verdict()


def unseen_days(plan: CountyPlan, child: ChildPlan, on: date) -> UnseenDays:
    """What had piled up on one child by `on`; nothing where it stood on no roll that day."""
    unseen = UnseenDays()
    if child.enrolment_on(on) is None:
        return unseen
    for enrolment in sorted(child.enrolments, key=lambda enrolment: enrolment.began):
        school_class = plan.places.classes[enrolment.class_key]
        begins = plan.counts_from(school_class)
        for day in plan.places.calendar.days(school_class, child.boarder):
            if begins <= day <= on and enrolment.covers(day):
                unseen = _after_day(plan, child, enrolment, day, unseen)
    return unseen


def _after_day(
    plan: CountyPlan, child: ChildPlan, enrolment: EnrolmentPlan, day: date, unseen: UnseenDays
) -> UnseenDays:
    """One school day of a child: what it adds to the memory, or a fresh one when it was seen."""
    if (enrolment.class_key, day) in plan.closures:
        return unseen
    register = plan.registers.get((enrolment.class_key, day))
    mark = child.marks.get(day)
    statuses = {status.kind for status in child.statuses if status.began <= day <= status.until}
    asked = {leave.state for leave in child.leaves if leave.first <= day <= leave.last}
    granted = AbsenceState.APPROVED in asked or AbsenceKind.LONG_LEAVE in statuses
    if mark in CAME:
        return UnseenDays()
    unseen.lost = unseen.lost or mark is Mark.LOST
    if statuses - {AbsenceKind.LONG_LEAVE}:
        return unseen
    if not is_listed(enrolment, register):
        if not granted:
            unseen.no_register.add(day)
    elif mark is None:
        return UnseenDays()
    elif not granted:
        on_word = mark in (Mark.SICK, Mark.PERSONAL) and not asked
        (unseen.on_teachers_word if on_word else unseen.unexplained).add(day)
    return unseen
