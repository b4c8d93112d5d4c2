"""Attendance that hangs on a particular day or a move: holidays, closures, transfers, late enrolment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from attendance.enums import Mark
from demo.county.people import DAWN
from demo.county.places import ClassPlan
from demo.county.plan import ChildPlan, EnrolmentPlan
from demo.scenarios.attendance_patterns import APPROVED, Assignment, Pattern
from regions.clock import at
from students.enums import Began, Ended


def assign_status_changes(assignment: Assignment, copies: int) -> None:
    """Give each of these to `copies` children where it fits."""
    changes: dict[str, Callable[[Assignment, ChildPlan], bool]] = {
        "three_across_weekend": across_weekend,
        "three_across_holiday": across_holiday,
        "three_across_closure": across_closure,
        "three_across_make_up": across_make_up,
        "two_and_a_day_off_for_boarders": around_boarders_day,
        "three_before_a_day_off_for_boarders": before_boarders_day,
        "class_change_within_three": class_change,
        "transfer_within_three": transfer,
        "transfer_known_late": transfer_known_late,
        "late_enrolment_three": partial(late_enrolment, letters=".AAA"),
        "late_enrolment_never_seen": partial(late_enrolment, letters="AA"),
        "late_enrolment_absent_at_once": partial(late_enrolment, letters="AAA"),
        "late_enrolment_present": partial(late_enrolment, letters="..."),
        "new_arrival_two": new_arrival,
        "transferred_out": transferred_out,
        "since_september": since_september,
    }
    for name, change in changes.items():
        for _ in range(copies):
            assignment.give(name, partial(change, assignment))


def crossing(assignment: Assignment, child: ChildPlan, days: list[date], at_day: int) -> bool:
    """Exactly three unexplained days around days[at_day], and approved leave ever since."""
    first = min(at_day - 1, len(days) - 3)
    if first < 1:
        return False
    rest = len(days) - first - 3
    pattern = _then_on_leave(".AAA", rest)
    return assignment.write(child, days[first - 1 :], pattern)


def _then_on_leave(letters: str, rest: int) -> Pattern:
    """The letters, and approved leave over the `rest` of the days."""
    if not rest:
        return Pattern("", letters)
    over = (len(letters), len(letters) + rest - 1)
    return Pattern("", letters + "S" * rest, APPROVED, over=over)


def across_weekend(assignment: Assignment, child: ChildPlan) -> bool:
    days = assignment.own_days(child)
    mondays = [at for at in range(1, len(days)) if (days[at] - days[at - 1]).days == 3]
    return bool(mondays) and crossing(assignment, child, days, mondays[-1])


def _across(assignment: Assignment, child: ChildPlan, day: date | None) -> bool:
    """Around a day on which this child has no school."""
    days = assignment.own_days(child)
    if day is None or day in days:
        return False
    after = [at for at in range(1, len(days)) if days[at - 1] < day < days[at]]
    return bool(after) and crossing(assignment, child, days, after[0])


def across_holiday(assignment: Assignment, child: ChildPlan) -> bool:
    return _across(assignment, child, assignment.plan.places.local_days.holiday)


def across_closure(assignment: Assignment, child: ChildPlan) -> bool:
    marks = assignment.plan.places.local_days
    return assignment.plan.last_class(child).school.code == marks.closed_school and _across(
        assignment, child, marks.closure
    )


def across_make_up(assignment: Assignment, child: ChildPlan) -> bool:
    day, days = assignment.plan.places.local_days.make_up, assignment.own_days(child)
    return day in days and crossing(assignment, child, days, days.index(day))


def around_boarders_day(assignment: Assignment, child: ChildPlan) -> bool:
    """Two unexplained days with a mark between them on a day that is no school day of a boarder."""
    after, off = _boarders_day(assignment, child), assignment.plan.places.local_days.boarders_off
    if off is None or not _absent_until(assignment, child, after + 1, 2):
        return False
    child.decided_days.add(off)
    child.marks[off] = Mark.ABSENT
    return True


def before_boarders_day(assignment: Assignment, child: ChildPlan) -> bool:
    """Three unexplained days, then a day whose register is only about the day pupils."""
    return _absent_until(assignment, child, _boarders_day(assignment, child), 3)


def _boarders_day(assignment: Assignment, child: ChildPlan) -> int:
    """Which of a boarder's days is the first after the boarders' day off; -1 where none is."""
    marks, days = assignment.plan.places.local_days, assignment.own_days(child)
    off = marks.boarders_off
    mine = child.boarder and assignment.plan.last_class(child).school.code == marks.boarding_school
    if off is None or not mine or off in days:
        return -1
    return next((at for at in range(len(days)) if days[at] > off), -1)


def _absent_until(assignment: Assignment, child: ChildPlan, end: int, count: int) -> bool:
    """Absent on the `count` days before days[end], then on approved leave."""
    days = assignment.own_days(child)
    first = end - count - 1
    if first < 0:
        return False
    return assignment.write(child, days[first:], _then_on_leave("." + "A" * count, len(days) - end))


def class_change(assignment: Assignment, child: ChildPlan) -> bool:
    """Absent, moved to the class next door, still absent."""
    old = assignment.plan.last_class(child)
    others = [
        school_class
        for school_class in assignment.plan.places.classes
        if school_class.school is old.school
        and school_class.grade == old.grade
        and school_class is not old
    ]
    return _move(assignment, child, others, Began.CLASS_CHANGE, Pattern("", ".AAAA"), before_end=2)


def transfer(assignment: Assignment, child: ChildPlan) -> bool:
    """Absent at one school, moved to another, absent there."""
    pattern = Pattern("", ".AAA")
    return _move(
        assignment, child, _elsewhere(assignment, child), Began.TRANSFER_IN, pattern, before_end=1
    )


def transfer_known_late(assignment: Assignment, child: ChildPlan) -> bool:
    """The new school entered the transfer two days after it: its registers knew nothing before."""
    pattern = Pattern("", ".A..A")
    others = _elsewhere(assignment, child)
    return _move(assignment, child, others, Began.TRANSFER_IN, pattern, before_end=3, known=1)


def _elsewhere(assignment: Assignment, child: ChildPlan) -> list[ClassPlan]:
    old = assignment.plan.last_class(child)
    return [
        school_class
        for school_class in assignment.plan.places.classes
        if school_class.grade == old.grade
        and school_class.school is not old.school
        and school_class.stage is old.stage
        and school_class.school.alerts_from is None
    ]


def _move(
    assignment: Assignment, child: ChildPlan, others: list[ClassPlan], how: Began, pattern: Pattern,
    *, before_end: int, known: int | None = None,
) -> bool:  # fmt: skip
    """Move the child so many days before the end; known to the new class `known` days before it."""
    days = assignment.own_days(child)
    if not others or len(days) < len(pattern.letters) + 2:
        return False
    old, new, day = child.enrolments[0], assignment.rng.choice(others), days[-before_end]
    recorded = at(days[-known] if known else day, DAWN)
    ended = Ended.CLASS_CHANGE if how is Began.CLASS_CHANGE else Ended.TRANSFER_OUT
    moved = replace(old, ended=day, how_ended=ended.value, where_to=new.school.name)
    child.enrolments = [moved, EnrolmentPlan(new.key, day, recorded, how)]
    if assignment.write_last_days(child, pattern):
        return True
    child.enrolments = [old]
    return False


def late_enrolment(assignment: Assignment, child: ChildPlan, letters: str) -> bool:
    """On the roll since September, entered only lately: the registers before say nothing."""
    days = assignment.own_days(child)
    if len(days) < len(letters) + 5 or not assignment.write_last_days(child, Pattern("", letters)):
        return False
    known = days[-len(letters)]
    child.enrolments = [replace(child.enrolments[0], recorded_at=at(known, DAWN))]
    child.decided_days.update(days)
    return True


def new_arrival(assignment: Assignment, child: ChildPlan) -> bool:
    """Came from another county two days ago and was never seen."""
    days = assignment.own_days(child)
    if len(days) < 3 or not assignment.write_last_days(child, Pattern("", "AA")):
        return False
    child.enrolments = [
        EnrolmentPlan(
            child.enrolments[0].class_key, days[-2], at(days[-2], DAWN), Began.TRANSFER_IN
        )
    ]
    return True


def transferred_out(assignment: Assignment, child: ChildPlan) -> bool:
    """Absent three days, then taken off the roll for another county."""
    days = assignment.own_days(child)
    if len(days) < 10 or not assignment.write(child, days[-9:-5], Pattern("", ".AAA")):
        return False
    gone = days[-5]
    child.enrolments = [
        replace(child.enrolments[0], ended=gone, how_ended=Ended.TRANSFER_OUT, where_to="邻县小学")
    ]
    return True


def since_september(assignment: Assignment, child: ChildPlan) -> bool:
    """Seen in the first days of September and never again; the class has its own missing days."""
    days = assignment.own_days(child)
    if len(days) < 15 or not assignment.write_last_days(child, Pattern("", "AAA")):
        return False
    child.decided_days.update(days)
    for day in days[6:-3]:
        child.marks[day] = Mark.ABSENT
    return True
