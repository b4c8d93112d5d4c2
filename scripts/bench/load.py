"""A county for load only: numbered children in classes of 45, a term of registers, 2 % absent."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from uuid import UUID

from django.db import connection

from accounts.enums import Role
from accounts.models import Seat, User
from attendance.enums import Mark, RegisterState
from attendance.models import Absence, Register
from regions.clock import at
from regions.days import place_rules_of
from regions.enums import DayKind, Level, SchoolKind, Stage
from regions.models import CalendarRow, Region, RegionCode, School, SchoolClass
from regions.paths import class_segment, region_segment, school_segment
from students.enums import Began
from students.models import Enrolment, Student

TODAY = date(2026, 11, 19)
FIRST = date(2026, 9, 1)
PER_CLASS, CLASSES_PER_SCHOOL, SCHOOLS_PER_TOWNSHIP = 45, 18, 5
ABSENT = 0.02
BATCH = 5000


@dataclass
class Load:
    """What the measurements ask for by name."""

    county: Region
    classes: list[SchoolClass]
    teacher: User
    bureau: User
    office: User
    days: list[date]


def build(pupils: int, seed: int = 539901) -> Load:
    """Fill an empty database with `pupils` children and their registers up to TODAY."""
    prefecture = _region("5399", Level.PREFECTURE, _region("53", Level.PROVINCE, None))
    county = _region("539901", Level.COUNTY, prefecture)
    CalendarRow.objects.create(
        path=county.path, scope="539901", begins=FIRST, ends=date(2027, 1, 12),
        kind=DayKind.TERM, entered_by="负载",
    )  # fmt: skip
    classes = _classes(county, -(-pupils // PER_CLASS))
    teacher = _user("load-teacher", Role.TEACHER, classes[0])
    bureau = _user("load-bureau", Role.BUREAU, county)
    offices = {one.school for one in classes[: 4 * CLASSES_PER_SCHOOL]}
    office = _user("load-office", Role.OFFICE, *offices)
    _children(classes, pupils)
    calendar = place_rules_of(county.path).calendar
    days = calendar.school_days(classes[0].track(), FIRST, TODAY)
    _registers(classes, days, teacher, Random(seed))  # noqa: S311 (load, no secret)
    School.objects.update(registers_from=FIRST)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    return Load(county, classes, teacher, bureau, office, days)


def _region(code: str, level: Level, parent: Region | None) -> Region:
    made = Region.objects.create(name=f"负载{code}", level=level, parent=parent)
    made.path = (parent.path if parent else "") + region_segment(made.pk)
    made.save(update_fields=["path"])
    RegionCode.objects.create(region=made, code=code)
    return made


def _classes(county: Region, count: int) -> list[SchoolClass]:
    schools = -(-count // CLASSES_PER_SCHOOL)
    townships = [
        _region(f"539901{n + 1:03d}", Level.TOWNSHIP, county)
        for n in range(-(-schools // SCHOOLS_PER_TOWNSHIP))
    ]
    made = School.objects.bulk_create(
        School(
            code=f"5399{n:06d}", name=f"负载学校{n}", kind=SchoolKind.NINE_YEAR,
            region=townships[n // SCHOOLS_PER_TOWNSHIP], primary_years=6, junior_years=3,
        )
        for n in range(schools)
    )  # fmt: skip
    for school in made:
        school.path = school.region.path + school_segment(school.pk)
    School.objects.bulk_update(made, ["path"])
    classes = SchoolClass.objects.bulk_create(
        _class(made[n // CLASSES_PER_SCHOOL], n % CLASSES_PER_SCHOOL) for n in range(count)
    )
    for school_class in classes:
        school_class.path = school_class.school.path + class_segment(school_class.pk)
    SchoolClass.objects.bulk_update(classes, ["path"])
    return classes


def _class(school: School, place: int) -> SchoolClass:
    grade, number = place % 9 + 1, place // 9 + 1
    stage = Stage.PRIMARY if grade <= 6 else Stage.JUNIOR
    years, first = (6, 1) if stage is Stage.PRIMARY else (3, 7)
    return SchoolClass(
        school=school, stage=stage, entry_year=FIRST.year - (grade - first), number=number,
        years=years,
    )  # fmt: skip


def _user(name: str, role: Role, *units: Region | School | SchoolClass) -> User:
    made = User.objects.create(username=name, name=name, must_change_password=False)
    for unit in units:
        Seat.objects.create(
            user=made, role=role, path=unit.path, began=FIRST,
            region=unit if isinstance(unit, Region) else None,
            school=unit if isinstance(unit, School) else None,
            school_class=unit if isinstance(unit, SchoolClass) else None,
        )  # fmt: skip
    return made


def _children(classes: list[SchoolClass], pupils: int) -> None:
    rows = Student.objects.bulk_create(
        (
            Student(name=f"学生{n}", sex=str(n % 2 + 1), school_path=classes[n // PER_CLASS].path)
            for n in range(pupils)
        ),
        batch_size=BATCH,
    )
    Enrolment.objects.bulk_create(
        (
            Enrolment(
                student=student, school_class=classes[n // PER_CLASS], seat_no=n % PER_CLASS + 1,
                began=FIRST - timedelta(days=1), how=Began.ENTERED, listed_from=FIRST,
            )
            for n, student in enumerate(rows)
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _registers(classes: list[SchoolClass], days: list[date], by: User, rng: Random) -> None:
    rolls: dict[int, list[int]] = {}
    for pk, class_id in Enrolment.objects.values_list("student_id", "school_class_id"):
        rolls.setdefault(class_id, []).append(pk)
    for day in days:
        absent = {one.pk: [pk for pk in rolls[one.pk] if rng.random() < ABSENT] for one in classes}
        made = Register.objects.bulk_create(
            [
                Register(
                    school_class=one, on=day, path=one.path, state=RegisterState.TAKEN,
                    expected=len(rolls[one.pk]), present=len(rolls[one.pk]) - len(absent[one.pk]),
                    client_key=UUID(int=rng.getrandbits(128)), taken_at=at(day, time(8)),
                    received_at=at(day, time(8)), made_at=at(day, time(8)), made_by=by, taken_by=by,
                )
                for one in classes
                if not (day == TODAY and one is classes[0])
            ],
            batch_size=BATCH,
        )  # fmt: skip
        Absence.objects.bulk_create(
            [
                Absence(
                    student_id=pk, on=day, register=register, path=register.path,
                    mark=rng.choice([Mark.ABSENT, Mark.SICK, Mark.SICK]).value,
                )
                for register in made
                for pk in absent[register.school_class_id]
            ],
            batch_size=BATCH,
        )  # fmt: skip
