"""Registers and absences by chance, shaped like published attendance, around the written scenarios.

Shares: 2.63 % of a class's registers never arrive, in runs of the length NYC schools showed
(2009–2017); absence runs of 1, 2 and 3 days as 792 : 81 : 5 (Ed-Fi sample); 55 % of full-day
absences unexcused (Whitney & Liu 2016); a fifth more on Fridays (Clifton-Sprigg & James).
"""

from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from attendance.enums import CLOSURE_REASONS, OUT_MARKS, SEEN_MARKS, Mark, RegisterState
from demo.county.plan import (
    ChildPlan,
    CountyPlan,
    EnrolmentPlan,
    LeavePlan,
    RegisterNeed,
    RegisterPlan,
)
from regions.clock import at
from students.enums import AbsenceKind, AbsenceState

# Runs of missing registers: length (the last five stand for 6–10, 11–20 and more) and how often.
MISSING_RUNS = {1: 13638, 2: 2335, 3: 783, 4: 361, 5: 214, 8: 336, 15: 107, 25: 44}
MISSING_SHARE = 0.0263
CLOSED_SHARE = 0.004
ABSENCE_RUNS = {1: 792, 2: 81, 3: 5}
ABSENCE_BEGINS = 0.011
FRIDAY_EXCESS = 1.2
UNEXCUSED = 0.55
PART_DAYS = {Mark.LATE: 0.006, Mark.LEFT_EARLY: 0.002, Mark.HALF_DAY: 0.001}
ON_FILE = 0.3
# A storm day: so many stay at home in half of the townships.
STORM_SHARE = 0.4
LATE_TODAY, NEXT_DAY = 0.03, 0.007
CUTOFF = time(9, 30)
AWAY = {AbsenceKind.SUSPENDED, AbsenceKind.HOME_TEACHING, AbsenceKind.STUDY_ELSEWHERE}


def plan_registers(
    plan: CountyPlan, needs: dict[tuple[int, date], RegisterNeed], rng: Random
) -> None:
    """Every class's registers up to the last day; what the scenarios need comes before chance."""
    teachers, stand_ins = plan.seats("teacher"), plan.seats("stand_in")
    kinds: dict[int, set[bool]] = {}
    for child in plan.children:
        for enrolment in child.enrolments:
            kinds.setdefault(enrolment.class_key, set()).add(child.boarder)
    for school_class in plan.places.classes:
        tracks = kinds.get(school_class.key, ())
        calendar = plan.places.calendar
        days = sorted({day for track in tracks for day in calendar.days(school_class, track)})
        missing = _missing(days, rng)
        for day in days:
            need = needs.get((school_class.key, day))
            if need is RegisterNeed.MISSING or (need is None and day in missing):
                continue
            if need is RegisterNeed.CLOSED or (need is None and rng.random() < CLOSED_SHARE):
                plan.closures[school_class.key, day] = rng.choice(CLOSURE_REASONS)
                continue
            register = _register(school_class.key, day, need is not None, rng)
            substituted = school_class.key in stand_ins and rng.random() < 0.1
            register.stand_in = substituted
            register.taken_by = (stand_ins if substituted else teachers)[school_class.key]
            plan.registers[school_class.key, day] = register
            code = school_class.school.code
            plan.registers_from[code] = min(day, plan.registers_from.get(code, day))


def _missing(days: list[date], rng: Random) -> set[date]:
    lengths, weights = list(MISSING_RUNS), list(MISSING_RUNS.values())
    mean = sum(n * w for n, w in MISSING_RUNS.items()) / sum(weights)
    missing: set[date] = set()
    walk = iter(days)
    for day in walk:
        if rng.random() < MISSING_SHARE / mean:
            length = rng.choices(lengths, weights)[0]
            missing.update([day, *islice(walk, length - 1)])
    return missing


def _register(class_key: int, day: date, on_time: bool, rng: Random) -> RegisterPlan:
    taken = at(day, time(7, 50)) + timedelta(seconds=rng.randrange(30 * 60))
    received = taken + timedelta(seconds=rng.randrange(1, 20))
    chance = 1.0 if on_time else rng.random()
    if chance < NEXT_DAY:
        received += timedelta(hours=rng.randrange(22, 27))
    elif chance < NEXT_DAY + LATE_TODAY:
        received += timedelta(minutes=rng.randrange(95, 480))
    return RegisterPlan(
        class_key=class_key,
        on=day,
        state=RegisterState.TAKEN,
        client_key=UUID(int=rng.getrandbits(128), version=4),
        taken_at=taken,
        received_at=received,
        late=received > at(day, CUTOFF),
    )


def add_chance_absences(plan: CountyPlan, rng: Random) -> None:
    """Short absences of everybody, on days no scenario has written."""
    storm, blown = _storm(plan, rng)
    for child in plan.children:
        days = plan.own_days(child)
        storm_hits = storm if child.residence[:9] in blown else None
        walk = iter(days)
        for day in walk:
            if day == storm_hits and day not in child.decided_days and rng.random() < STORM_SHARE:
                child.marks[day] = Mark.ABSENT
            elif rng.random() < ABSENCE_BEGINS * (FRIDAY_EXCESS if day.isoweekday() == 5 else 1):
                length = rng.choices(list(ABSENCE_RUNS), list(ABSENCE_RUNS.values()))[0]
                _stay_away(child, [day, *islice(walk, length - 1)], rng)
            else:
                _part_of_day(child, day, rng)


def _storm(plan: CountyPlan, rng: Random) -> tuple[date | None, set[str]]:
    townships = sorted({school.township for school in plan.places.schools})
    blown = set(rng.sample(townships, 2))
    days = plan.places.calendar.days(plan.places.classes[0], False)
    return (days[-18] if len(days) > 20 else None), blown


def _stay_away(child: ChildPlan, days: list[date], rng: Random) -> None:
    if child.decided_days.intersection(days):
        return
    mark = Mark.ABSENT
    if rng.random() > UNEXCUSED:
        mark = rng.choice([Mark.SICK, Mark.SICK, Mark.PERSONAL])
        if rng.random() < ON_FILE:
            child.leaves.append(LeavePlan(mark, days[0], days[-1], AbsenceState.APPROVED))
    child.marks.update(dict.fromkeys(days, mark))


def _part_of_day(child: ChildPlan, day: date, rng: Random) -> None:
    chance = rng.random()
    for mark, share in PART_DAYS.items():
        if chance < share:
            if day not in child.decided_days:
                child.marks[day] = mark
            return
        chance -= share


def count_attendance(plan: CountyPlan) -> None:
    """What follows from the registers: who they knew, which marks they hold, their counts."""
    by_class: dict[int, list[RegisterPlan]] = {}
    for register in plan.registers.values():
        by_class.setdefault(register.class_key, []).append(register)
    for registers in by_class.values():
        registers.sort(key=lambda register: register.on)
    for child in plan.children:
        for enrolment in child.enrolments:
            registers = [
                register
                for register in by_class.get(enrolment.class_key, [])
                if enrolment.covers(register.on)
            ]
            enrolment.listed_from = _listed_from(enrolment.recorded_at, registers)
            for register in registers:
                if is_listed(enrolment, register):
                    _count(plan, child, register)
        child.marks = {
            day: mark for day, mark in sorted(child.marks.items()) if _on_file(plan, child, day)
        }


def _listed_from(recorded_at: datetime, registers: list[RegisterPlan]) -> date | None:
    """The first day from which on every register was made knowing the child."""
    listed = None
    for register in reversed(registers):
        if register.received_at < recorded_at:
            break
        listed = register.on
    return listed


def is_listed(enrolment: EnrolmentPlan, register: RegisterPlan | None) -> bool:
    """Is this a taken register that was made knowing the child?"""
    return (
        register is not None
        and enrolment.listed_from is not None
        and register.on >= enrolment.listed_from
    )


def _on_file(plan: CountyPlan, child: ChildPlan, day: date) -> bool:
    enrolment = child.enrolment_on(day)
    return enrolment is not None and is_listed(
        enrolment, plan.registers.get((enrolment.class_key, day))
    )


def _count(plan: CountyPlan, child: ChildPlan, register: RegisterPlan) -> None:
    """A child away, or whose own calendar has no school, is not expected, unless it came."""
    mark = child.marks.get(register.on)
    away = any(
        status.kind in AWAY and status.began <= register.on <= status.until
        for status in child.statuses
    )
    school_class = plan.places.classes[register.class_key]
    away = away or register.on not in plan.places.calendar.days(school_class, child.boarder)
    if not away or mark in SEEN_MARKS:
        register.expected += 1
        register.present += mark not in OUT_MARKS
