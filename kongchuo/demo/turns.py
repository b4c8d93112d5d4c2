"""Fates that hang on a particular day or a move: holidays, closures, transfers, late enrolment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from attendance.enums import Mark
from kongchuo.demo.fates import APPROVED, Cast, Fate
from kongchuo.demo.land import ClassPlan
from kongchuo.demo.people import DAWN
from kongchuo.demo.plan import Child, Spell
from regions.clock import at
from students.enums import Began, Ended


def assign_turns(cast: Cast, copies: int) -> None:
    """Give each of these fates to `copies` children where it fits."""
    turns: dict[str, Callable[[Cast, Child], bool]] = {
        "three_across_weekend": across_weekend,
        "three_across_holiday": across_holiday,
        "three_across_closure": across_closure,
        "three_across_make_up": across_make_up,
        "two_and_a_day_off_for_boarders": around_boarders_day,
        "three_before_a_day_off_for_boarders": before_boarders_day,
        "class_change_within_three": class_change,
        "transfer_within_three": transfer,
        "transfer_known_late": transfer_known_late,
        "late_enrolment_three": partial(late_enrolment, pattern=".AAA"),
        "late_enrolment_never_seen": partial(late_enrolment, pattern="AA"),
        "late_enrolment_absent_at_once": partial(late_enrolment, pattern="AAA"),
        "late_enrolment_present": partial(late_enrolment, pattern="..."),
        "new_arrival_two": new_arrival,
        "transferred_out": transferred_out,
        "since_september": since_september,
    }
    for name, turn in turns.items():
        for _ in range(copies):
            cast.give(name, partial(turn, cast))


def crossing(cast: Cast, child: Child, days: list[date], at_day: int) -> bool:
    """Exactly three unexplained days around days[at_day], and approved leave ever since."""
    first = min(at_day - 1, len(days) - 3)
    if first < 1:
        return False
    rest = len(days) - first - 3
    fate = _then_on_leave(".AAA", rest)
    return cast.write(child, days[first - 1 :], fate)


def _then_on_leave(pattern: str, rest: int) -> Fate:
    """The pattern, and approved leave over the `rest` of the days."""
    if not rest:
        return Fate("", pattern)
    over = (len(pattern), len(pattern) + rest - 1)
    return Fate("", pattern + "S" * rest, APPROVED, over=over)


def across_weekend(cast: Cast, child: Child) -> bool:
    days = cast.own_days(child)
    mondays = [at for at in range(1, len(days)) if (days[at] - days[at - 1]).days == 3]
    return bool(mondays) and crossing(cast, child, days, mondays[-1])


def _across(cast: Cast, child: Child, day: date | None) -> bool:
    """Around a day on which this child has no school."""
    days = cast.own_days(child)
    if day is None or day in days:
        return False
    after = [at for at in range(1, len(days)) if days[at - 1] < day < days[at]]
    return bool(after) and crossing(cast, child, days, after[0])


def across_holiday(cast: Cast, child: Child) -> bool:
    return _across(cast, child, cast.plan.land.landmarks.holiday)


def across_closure(cast: Cast, child: Child) -> bool:
    marks = cast.plan.land.landmarks
    return _class_of(cast, child).school.code == marks.closed_school and _across(
        cast, child, marks.closure
    )


def across_make_up(cast: Cast, child: Child) -> bool:
    day, days = cast.plan.land.landmarks.make_up, cast.own_days(child)
    return day in days and crossing(cast, child, days, days.index(day))


def around_boarders_day(cast: Cast, child: Child) -> bool:
    """Two unexplained days with a mark between them on a day that is no school day of a boarder."""
    after, off = _boarders_day(cast, child), cast.plan.land.landmarks.boarders_off
    if off is None or not _absent_until(cast, child, after + 1, 2):
        return False
    child.quiet.add(off)
    child.marks[off] = Mark.ABSENT
    return True


def before_boarders_day(cast: Cast, child: Child) -> bool:
    """Three unexplained days, then a day whose register is only about the day pupils."""
    return _absent_until(cast, child, _boarders_day(cast, child), 3)


def _boarders_day(cast: Cast, child: Child) -> int:
    """Which of a boarder's days is the first after the boarders' day off; -1 where none is."""
    marks, days = cast.plan.land.landmarks, cast.own_days(child)
    off = marks.boarders_off
    mine = child.boarder and _class_of(cast, child).school.code == marks.boarding_school
    if off is None or not mine or off in days:
        return -1
    return next((at for at in range(len(days)) if days[at] > off), -1)


def _absent_until(cast: Cast, child: Child, end: int, count: int) -> bool:
    """Absent on the `count` days before days[end], then on approved leave."""
    days = cast.own_days(child)
    first = end - count - 1
    if first < 0:
        return False
    return cast.write(child, days[first:], _then_on_leave("." + "A" * count, len(days) - end))


def _class_of(cast: Cast, child: Child) -> ClassPlan:
    return cast.plan.land.classes[child.spells[-1].klass]


def class_change(cast: Cast, child: Child) -> bool:
    """Absent, moved to the class next door, still absent."""
    old = _class_of(cast, child)
    others = [
        klass for klass in cast.plan.land.classes
        if klass.school is old.school and klass.grade == old.grade and klass is not old
    ]  # fmt: skip
    return _move(cast, child, others, Began.CLASS_CHANGE, Fate("", ".AAAA"), before_end=2)


def transfer(cast: Cast, child: Child) -> bool:
    """Absent at one school, moved to another, absent there."""
    fate = Fate("", ".AAA")
    return _move(cast, child, _elsewhere(cast, child), Began.TRANSFER_IN, fate, before_end=1)


def transfer_known_late(cast: Cast, child: Child) -> bool:
    """The new school entered the transfer two days after it: its registers knew nothing before."""
    fate = Fate("", ".A..A")
    others = _elsewhere(cast, child)
    return _move(cast, child, others, Began.TRANSFER_IN, fate, before_end=3, known=1)


def _elsewhere(cast: Cast, child: Child) -> list[ClassPlan]:
    old = _class_of(cast, child)
    return [
        klass for klass in cast.plan.land.classes
        if klass.grade == old.grade and klass.school is not old.school
        and klass.stage is old.stage and klass.school.alerts_from is None
    ]  # fmt: skip


def _move(
    cast: Cast, child: Child, others: list[ClassPlan], how: Began, fate: Fate,
    *, before_end: int, known: int | None = None,
) -> bool:  # fmt: skip
    """Move the child so many days before the end; known to the new class `known` days before it."""
    days = cast.own_days(child)
    if not others or len(days) < len(fate.pattern) + 2:
        return False
    old, new, day = child.spells[0], cast.rng.choice(others), days[-before_end]
    recorded = at(days[-known] if known else day, DAWN)
    ended = Ended.CLASS_CHANGE if how is Began.CLASS_CHANGE else Ended.TRANSFER_OUT
    moved = replace(old, ended=day, how_ended=ended.value, where_to=new.school.name)
    child.spells = [moved, Spell(new.key, day, recorded, how)]
    if cast.lay(child, fate):
        return True
    child.spells = [old]
    return False


def late_enrolment(cast: Cast, child: Child, pattern: str) -> bool:
    """On the roll since September, entered only lately: the registers before say nothing."""
    days = cast.own_days(child)
    if len(days) < len(pattern) + 5 or not cast.lay(child, Fate("", pattern)):
        return False
    known = days[-len(pattern)]
    child.spells = [replace(child.spells[0], recorded_at=at(known, DAWN))]
    child.quiet.update(days)
    return True


def new_arrival(cast: Cast, child: Child) -> bool:
    """Came from another county two days ago and was never seen."""
    days = cast.own_days(child)
    if len(days) < 3 or not cast.lay(child, Fate("", "AA")):
        return False
    child.spells = [Spell(child.spells[0].klass, days[-2], at(days[-2], DAWN), Began.TRANSFER_IN)]
    return True


def transferred_out(cast: Cast, child: Child) -> bool:
    """Absent three days, then taken off the roll for another county."""
    days = cast.own_days(child)
    if len(days) < 10 or not cast.write(child, days[-9:-5], Fate("", ".AAA")):
        return False
    gone = days[-5]
    child.spells = [
        replace(child.spells[0], ended=gone, how_ended=Ended.TRANSFER_OUT, where_to="邻县小学")
    ]
    return True


def since_september(cast: Cast, child: Child) -> bool:
    """Seen in the first days of September and never again; the class has its own missing days."""
    days = cast.own_days(child)
    if len(days) < 15 or not cast.lay(child, Fate("", "AAA")):
        return False
    child.quiet.update(days)
    for day in days[6:-3]:
        child.marks[day] = Mark.ABSENT
    return True
