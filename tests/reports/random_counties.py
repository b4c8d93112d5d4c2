"""Random small counties: the plain facts of every child, and the rows written from them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from uuid import uuid4

from accounts.models import User
from attendance.enums import AlertState, Mark, RegisterState
from attendance.models import Absence, AbsenceAlert, Register
from cases.enums.records import ExitKind, PlacementMode
from cases.enums.states import CaseState, Step
from cases.models import Case
from demo.load.rows import insert_units
from regions.clock import SHANGHAI
from regions.enums import DayKind, Level, SchoolKind
from regions.models import CalendarRow, Region, School, SchoolClass
from students.enums import FROM_FILES, AbsenceKind, AbsenceState, Began, Ended, FindingKind
from students.models import AuthorisedAbsence, Enrolment, Student
from tests import factories as make

YEAR_BEGAN = date(2026, 9, 1)
LAST = date(2026, 12, 31)
TERM = (date(2026, 8, 31), date(2027, 1, 22))
SERIAL = count(1)


@dataclass
class Spell:
    room: int
    began: date
    how: Began
    ended: date | None = None
    how_ended: Ended | None = None
    where: str = ""


@dataclass
class File:
    """A case as its dates say it."""

    state: CaseState
    opened: date
    suspected: date | None = None
    dropout: date | None = None
    returned: date | None = None
    closed: date | None = None
    exit: ExitKind | None = None
    until: date | None = None


@dataclass
class Alert:
    state: AlertState
    opened: date
    as_of: date
    handled: date | None


@dataclass
class Life:
    spells: list[Spell] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    statuses: list[tuple[AbsenceKind, date, date]] = field(default_factory=list)
    alert: Alert | None = None


@dataclass
class County:
    """`rooms`: class rows by number; `sheets`: (class, day) to (state, late, who is marked how)."""

    region: Region
    on: date
    rooms: dict[int, SchoolClass] = field(default_factory=dict)
    live_from: dict[int, date | None] = field(default_factory=dict)
    lives: dict[int, Life] = field(default_factory=dict)
    sheets: dict[tuple[int, date], tuple[str, bool, dict[int, Mark]]] = field(default_factory=dict)


def county(seed: int, teacher: User) -> County:
    """One county: land, children with a year behind them, registers."""
    rng = Random(seed)
    region = _region(Level.COUNTY, _region(Level.PREFECTURE, _region(Level.PROVINCE, None)))
    made = County(region, rng.choice(DAYS))
    CalendarRow.objects.create(
        path=region.path, scope=f"{region.pk}", begins=TERM[0], ends=TERM[1],
        kind=DayKind.TERM, entered_by="测试",
    )  # fmt: skip
    _place_rules(made, rng)
    lives = [_life(rng, list(made.rooms.values())) for _ in range(rng.randint(20, 45))]
    _write(made, lives)
    _write_registers(made, rng, teacher)
    return made


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


# Days of autumn 2026 that no notice moves: the national days off and the days worked for them.
MOVED = set(_span(date(2026, 9, 19), date(2026, 10, 11)))
DAYS = [day for day in _span(YEAR_BEGAN, LAST) if day not in MOVED]


def _region(level: Level, above: Region | None) -> Region:
    return insert_units([Region(name=f"地区{next(SERIAL)}", level=int(level), parent=above)])[0]


def _place_rules(made: County, rng: Random) -> None:
    """Two townships, one school of a village, one of the county itself; one class left in July."""
    townships = [_region(Level.TOWNSHIP, made.region) for _ in range(2)]
    village = _region(Level.VILLAGE, townships[0])
    for at in [townships[0], townships[1], village, made.region]:
        both = rng.random() < 0.5
        row = School(
            code=f"{next(SERIAL):010d}", name="学校", kind=SchoolKind.NINE_YEAR, region=at,
            primary_years=6 if both else 0, junior_years=3,
            alerts_from=rng.choice([None, date(2026, 8, 1), date(2026, 11, 2)]),
        )  # fmt: skip
        (school,) = insert_units([row])
        for number in range(1, rng.randint(2, 3)):
            primary = both and rng.random() < 0.5
            _room(made, school, "primary" if primary else "junior", 2026 - number, number)
    _room(made, school, "junior", 2023, 9)


def _room(made: County, school: School, stage: str, entry_year: int, number: int) -> None:
    years = 6 if stage == "primary" else 3
    row = SchoolClass(school=school, stage=stage, entry_year=entry_year, number=number, years=years)
    (room,) = insert_units([row])
    made.rooms[room.pk] = room
    made.live_from[room.pk] = school.alerts_from


def _day(rng: Random, first: date = date(2026, 8, 20), last: date = LAST) -> date:
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def _life(rng: Random, rooms: list[SchoolClass]) -> Life:
    life = Life()
    began = YEAR_BEGAN if rng.random() < 0.7 else _day(rng)
    how = rng.choice([Began.ENTERED, Began.ENTERED, Began.TRANSFER_IN])
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        spell = Spell(rng.choice(rooms).pk, began, how)
        life.spells.append(spell)
        if rng.random() < 0.6:
            break
        spell.ended = _day(rng, began)
        spell.how_ended = rng.choice([*Ended, Ended.TRANSFER_OUT, Ended.CLASS_CHANGE])
        spell.where = rng.choice(["", "县外"])
        began = spell.ended + timedelta(days=rng.choice([0, 0, 5]))
        how = rng.choice([Began.TRANSFER_IN, Began.CLASS_CHANGE, Began.PLACED, Began.ENTERED])
        if spell.ended == spell.began or began >= LAST:
            break
    if rng.random() < 0.35:
        _files(rng, life)
    if rng.random() < 0.25:
        _alert(rng, life)
    while rng.random() < 0.2:
        status, first = rng.choice(FROM_FILES), _day(rng)
        if status not in {kind for kind, _, _ in life.statuses}:
            life.statuses.append((status, first, first + timedelta(days=rng.randint(0, 60))))
    return life


def _files(rng: Random, life: Life) -> None:
    opened = _day(rng, date(2026, 6, 1))
    for _ in range(rng.choice([1, 1, 2])):
        state = rng.choice(list(CaseState))
        one = File(state, opened)
        one.suspected = rng.choice([None, opened + timedelta(days=rng.randint(0, 20))])
        if one.suspected:
            one.dropout = rng.choice([None, one.suspected + timedelta(days=rng.randint(1, 40))])
        back = state in (CaseState.RETURNED, CaseState.OBSERVING, CaseState.CLOSED)
        if back or rng.random() < 0.2:
            one.returned = opened + timedelta(days=rng.randint(1, 60))
        if state in (CaseState.CLOSED, CaseState.EXITED):
            one.closed = (one.returned or opened) + timedelta(days=rng.randint(0, 40))
        if state is CaseState.EXITED:
            one.exit = rng.choice(list(ExitKind))
            one.until = rng.choice([None, one.closed + timedelta(days=rng.randint(0, 60))])
        life.files.append(one)
        if one.closed is None:
            return
        opened = one.closed + timedelta(days=rng.randint(1, 20))


def _alert(rng: Random, life: Life) -> None:
    state, opened = rng.choice(list(AlertState)), _day(rng)
    handled = state in (AlertState.EXPLAINED, AlertState.CONFIRMED)
    day = opened + timedelta(days=rng.randint(0, 20))
    life.alert = Alert(state, opened, day, day if handled else None)


def _write(made: County, lives: list[Life]) -> None:
    students = Student.objects.bulk_create(
        Student(name="岩香", school_path=made.rooms[life.spells[-1].room].path) for life in lives
    )
    made.lives = {one.pk: life for one, life in zip(students, lives, strict=True)}
    Enrolment.objects.bulk_create(
        Enrolment(
            student_id=pk, school_class_id=one.room, began=one.began, how=one.how,
            ended=one.ended, how_ended=one.how_ended if one.how_ended else "",
            where_to=one.where,
        )
        for pk, life in made.lives.items()
        for one in life.spells
    )  # fmt: skip
    office = make.user()
    AuthorisedAbsence.objects.bulk_create(
        AuthorisedAbsence(
            student_id=pk,
            kind=kind,
            first=first,
            last=last,
            proof="证明",
            state=AbsenceState.APPROVED,
            first_by=office,
        )
        for pk, life in made.lives.items()
        for kind, first, last in life.statuses
    )
    AbsenceAlert.objects.bulk_create(
        AbsenceAlert(
            student_id=pk, path=made.rooms[life.spells[-1].room].path, state=one.state,
            opened_on=one.opened, as_of=one.as_of, first=one.opened, last=one.opened,
            unexplained=3, handled_at=_noon(one.handled), answers_until=one.handled,
        )
        for pk, life in made.lives.items()
        if (one := life.alert)
    )  # fmt: skip
    Case.objects.bulk_create(
        _case(made, pk, one) for pk, life in made.lives.items() for one in life.files
    )


def _noon(day: date | None) -> datetime | None:
    return datetime.combine(day, time(23, 30), SHANGHAI) if day else None


def _case(made: County, pk: int, one: File) -> Case:
    serial = next(SERIAL)
    observed = one.state is CaseState.OBSERVING
    return Case(
        student_id=pk, found_as=FindingKind.SURVEY, county_path=made.region.path, year=2026,
        serial=serial, number=f"{serial}", state=one.state, step=Step.PERSUADE,
        step_on=one.opened, opened_on=one.opened, suspected_on=one.suspected,
        dropout_on=one.dropout, returned_on=one.returned, closed_on=one.closed,
        exit_kind=one.exit if one.exit else "", exit_until=one.until,
        placement=PlacementMode.OWN_CLASS if observed else "",
    )  # fmt: skip


def _write_registers(made: County, rng: Random, teacher: User) -> None:
    """Some registers of the first week and of the day asked about, with who was out."""
    week = _span(TERM[0], date(2026, 9, 4))
    sheets, absences = [], []
    for room in made.rooms.values():
        for day in sorted({*week, made.on}):
            if rng.random() < 0.4:
                continue
            state = RegisterState.TAKEN
            here = [pk for pk, life in made.lives.items() if life.spells[0].room == room.pk]
            listed = rng.sample(here, len(here) // 2)
            marks = {pk: rng.choice(list(Mark)) for pk in listed}
            late = rng.random() < 0.3
            made.sheets[room.pk, day] = (state, late, marks)
            row = Register(
                school_class=room, on=day, path=room.path, state=state,
                expected=len(here), present=len(here) - len(marks), client_key=uuid4(),
                taken_at=_noon(day), made_by=teacher, taken_by=teacher, late=late,
            )  # fmt: skip
            sheets.append(row)
            absences += [
                Absence(student_id=pk, on=day, register=row, path=room.path, mark=mark)
                for pk, mark in marks.items()
            ]
    Register.objects.bulk_create(sheets)
    Absence.objects.bulk_create(absences)
