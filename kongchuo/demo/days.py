"""Registers and absences by chance, shaped like published attendance, around the written fates.

Shares: 2.63 % of a class's registers never arrive, in runs of the length NYC schools showed
(2009–2017); absence runs of 1, 2 and 3 days as 792 : 81 : 5 (Ed-Fi sample); 55 % of full-day
absences unexcused (Whitney & Liu 2016); a fifth more on Fridays (Clifton-Sprigg & James).
"""

from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from attendance.enums import CLOSURE_REASONS, OUT_MARKS, SEEN_MARKS, LeaveState, Mark, RegisterState
from kongchuo.demo.fates import Need
from kongchuo.demo.plan import Child, Plan, Request, Roll, Spell
from regions.clock import at
from students.enums import Status

# Runs of missing registers: length (the last five stand for 6–10, 11–20 and more) and how often.
MISSING_RUNS = {1: 13638, 2: 2335, 3: 783, 4: 361, 5: 214, 8: 336, 15: 107, 25: 44}
MISSING_SHARE = 0.0263
NO_CLASS_SHARE = 0.004
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
AWAY = {Status.SUSPENDED, Status.HOME_TEACHING, Status.STUDY_ELSEWHERE}


def keep_registers(plan: Plan, needs: dict[tuple[int, date], Need], rng: Random) -> None:
    """Every class's registers up to the last day; what the fates need comes before chance."""
    teachers = class_seats(plan, "teacher")
    stand_ins = class_seats(plan, "stand_in")
    kinds: dict[int, set[bool]] = {}
    for child in plan.children:
        for spell in child.spells:
            kinds.setdefault(spell.klass, set()).add(child.boarder)
    for klass in plan.land.classes:
        days = sorted(
            {
                day
                for boarder in kinds.get(klass.key, ())
                for day in plan.land.almanac.days(klass, boarder)
            }
        )
        missing = _missing(days, rng)
        for day in days:
            need = needs.get((klass.key, day))
            if need is Need.MISSING or (need is None and day in missing):
                continue
            idle = need is Need.NO_CLASS or (need is None and rng.random() < NO_CLASS_SHARE)
            roll = _roll(klass.key, day, idle, need is not None, rng)
            substituted = klass.key in stand_ins and rng.random() < 0.1
            roll.stand_in = substituted
            roll.taken_by = (stand_ins if substituted else teachers)[klass.key]
            plan.rolls[klass.key, day] = roll
            code = klass.school.code
            plan.registers_from[code] = min(day, plan.registers_from.get(code, day))


def class_seats(plan: Plan, role: str) -> dict[int, str]:
    """Class key to the username that holds this role there."""
    return {
        unit: member.username
        for member in plan.staff
        for held, unit in member.seats
        if held == role and isinstance(unit, int)
    }


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


def _roll(klass: int, day: date, idle: bool, on_time: bool, rng: Random) -> Roll:
    taken = at(day, time(7, 50)) + timedelta(seconds=rng.randrange(30 * 60))
    received = taken + timedelta(seconds=rng.randrange(1, 20))
    chance = 1.0 if on_time else rng.random()
    if chance < NEXT_DAY:
        received += timedelta(hours=rng.randrange(22, 27))
    elif chance < NEXT_DAY + LATE_TODAY:
        received += timedelta(minutes=rng.randrange(95, 480))
    return Roll(
        klass=klass,
        on=day,
        state=RegisterState.NO_CLASS if idle else RegisterState.TAKEN,
        reason=rng.choice(CLOSURE_REASONS) if idle else "",
        client_key=UUID(int=rng.getrandbits(128), version=4),
        taken_at=taken,
        received_at=received,
        taken_by="",
        stand_in=False,
        late=received > at(day, CUTOFF),
    )


def chance_absences(plan: Plan, rng: Random) -> None:
    """Short absences of everybody, on days no fate has written."""
    storm, blown = _storm(plan, rng)
    for child in plan.children:
        days = plan.own_days(child, plan.land.first, plan.until)
        storm_hits = storm if child.residence[:9] in blown else None
        walk = iter(days)
        for day in walk:
            if day == storm_hits and day not in child.quiet and rng.random() < STORM_SHARE:
                child.marks[day] = Mark.ABSENT
            elif rng.random() < ABSENCE_BEGINS * (FRIDAY_EXCESS if day.isoweekday() == 5 else 1):
                length = rng.choices(list(ABSENCE_RUNS), list(ABSENCE_RUNS.values()))[0]
                _stay_away(child, [day, *islice(walk, length - 1)], rng)
            else:
                _part_of_day(child, day, rng)


def _storm(plan: Plan, rng: Random) -> tuple[date | None, set[str]]:
    townships = sorted({school.township for school in plan.land.schools})
    blown = set(rng.sample(townships, 2))
    days = plan.land.almanac.days(plan.land.classes[0], False)
    return (days[-18] if len(days) > 20 else None), blown


def _stay_away(child: Child, days: list[date], rng: Random) -> None:
    if child.quiet.intersection(days):
        return
    mark = Mark.ABSENT
    if rng.random() > UNEXCUSED:
        mark = rng.choice([Mark.SICK, Mark.SICK, Mark.PERSONAL])
        if rng.random() < ON_FILE:
            child.requests.append(Request(mark, days[0], days[-1], LeaveState.APPROVED))
    child.marks.update(dict.fromkeys(days, mark))


def _part_of_day(child: Child, day: date, rng: Random) -> None:
    chance = rng.random()
    for mark, share in PART_DAYS.items():
        if chance < share:
            if day not in child.quiet:
                child.marks[day] = mark
            return
        chance -= share


def settle(plan: Plan) -> None:
    """What follows from the registers: who they knew, which marks they hold, their counts."""
    by_class: dict[int, list[Roll]] = {}
    for roll in plan.rolls.values():
        if roll.state is RegisterState.TAKEN:
            by_class.setdefault(roll.klass, []).append(roll)
    for rolls in by_class.values():
        rolls.sort(key=lambda roll: roll.on)
    for child in plan.children:
        for spell in child.spells:
            rolls = [roll for roll in by_class.get(spell.klass, []) if spell.covers(roll.on)]
            spell.listed_from = _listed_from(spell.recorded_at, rolls)
            for roll in rolls:
                if knows(spell, roll):
                    _count(plan, child, roll)
        child.marks = {
            day: mark for day, mark in sorted(child.marks.items()) if _on_file(plan, child, day)
        }


def _listed_from(recorded_at: datetime, rolls: list[Roll]) -> date | None:
    """The first day from which on every register was made knowing the child."""
    listed = None
    for roll in reversed(rolls):
        if roll.received_at < recorded_at:
            break
        listed = roll.on
    return listed


def knows(spell: Spell, roll: Roll | None) -> bool:
    """Is this a taken register that was made knowing the child?"""
    return (
        roll is not None
        and roll.state is RegisterState.TAKEN
        and spell.listed_from is not None
        and roll.on >= spell.listed_from
    )


def _on_file(plan: Plan, child: Child, day: date) -> bool:
    spell = child.spell_on(day)
    return spell is not None and knows(spell, plan.rolls.get((spell.klass, day)))


def _count(plan: Plan, child: Child, roll: Roll) -> None:
    """A child away, or whose own calendar has no school, is not expected, unless it came."""
    mark = child.marks.get(roll.on)
    away = any(a.kind in AWAY and a.began <= roll.on <= a.until for a in child.away)
    klass = plan.land.classes[roll.klass]
    away = away or roll.on not in plan.land.almanac.days(klass, child.boarder)
    if not away or mark in SEEN_MARKS:
        roll.expected += 1
        roll.present += mark not in OUT_MARKS
