"""A county for load only: numbered children in classes of 45, a term of registers, 2 % absent.

It is a plan like the demo's, of the same parts, and the demo's bulk load writes it.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from uuid import UUID

from django.db import connection

from accounts.models import User
from attendance.enums import Mark, RegisterState
from demo.county.calendar import CountyCalendar, terms
from demo.county.places import (
    COUNTY,
    PREFECTURE,
    PROVINCE,
    ClassPlan,
    CountyPlaces,
    RegionPlan,
    SchoolPlan,
    plan_classes,
)
from demo.county.plan import ChildPlan, CountyPlan, EnrolmentPlan, RegisterPlan, StaffPlan
from demo.load.bulk_load import load_plan
from regions.clock import at
from regions.enums import Level, SchoolKind
from regions.models import Region, SchoolClass

TODAY = date(2026, 11, 19)
FIRST = date(2026, 9, 1)
PER_CLASS, CLASSES_PER_SCHOOL, SCHOOLS_PER_TOWNSHIP = 45, 18, 5
ABSENT = 0.02


@dataclass
class Load:
    """What the measurements ask for by name."""

    county: Region
    classes: list[SchoolClass]
    teacher: User
    office: User
    bureau: User
    days: list[date]


def build(pupils: int, seed: int = 539901) -> Load:
    """Fill an empty database with `pupils` children and their registers up to TODAY."""
    places = _places(pupils)
    plan = CountyPlan(seed, TODAY, places, _children(places.classes), _staff(places))
    plan.registers_from = {school.code: FIRST for school in places.schools}
    _add_registers(plan, Random(seed))  # noqa: S311 (load, no secret)
    rows = load_plan(plan)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    users = [rows.users[f"load-{name}"] for name in ("teacher", "office", "bureau")]
    days = places.calendar.days(places.classes[0], boarder=False)
    return Load(rows.regions[COUNTY], rows.classes, *users, days)


def _places(pupils: int) -> CountyPlaces:
    """Schools of nine years with two classes of 45 in a grade, as many as the pupils fill."""
    count = -(-pupils // (PER_CLASS * CLASSES_PER_SCHOOL))
    townships = [f"{COUNTY}{n + 1:03d}" for n in range(-(-count // SCHOOLS_PER_TOWNSHIP))]
    schools = [
        SchoolPlan(
            f"5399{n:06d}",
            f"负载学校{n}",
            SchoolKind.NINE_YEAR,
            townships[n // SCHOOLS_PER_TOWNSHIP],
            primary_years=6,
            junior_years=3,
        )
        for n in range(count)
    ]
    regions = [RegionPlan(*PROVINCE), RegionPlan(*PREFECTURE)]
    regions.append(RegionPlan(COUNTY, "负载县", Level.COUNTY, PREFECTURE[0]))
    regions += [RegionPlan(code, f"负载{code}", Level.TOWNSHIP, COUNTY) for code in townships]
    sizes = [max(0, min(2 * PER_CLASS, pupils - 2 * PER_CLASS * n)) for n in range(count * 9)]
    calendar = CountyCalendar(FIRST, TODAY, (terms(COUNTY, FIRST.year)[0],))
    return CountyPlaces(regions, schools, plan_classes(schools, sizes, FIRST.year), calendar)


def _children(classes: list[ClassPlan]) -> list[ChildPlan]:
    entered, recorded = FIRST - timedelta(days=1), at(FIRST, time(7))
    pupils = [school_class.key for school_class in classes for _ in range(school_class.size)]
    return [
        ChildPlan(
            uid=f"L{n:09d}",
            name=f"学生{n}",
            sex=str(n % 2 + 1),
            enrolments=[EnrolmentPlan(key, entered, recorded, listed_from=FIRST)],
        )
        for n, key in enumerate(pupils)
    ]


def _staff(places: CountyPlaces) -> list[StaffPlan]:
    offices = tuple(("office", school.code) for school in places.schools[:4])
    return [
        StaffPlan("load-teacher", "load-teacher", (("teacher", 0),)),
        StaffPlan("load-office", "load-office", offices),
        StaffPlan("load-bureau", "load-bureau", (("bureau", COUNTY),)),
    ]


def _add_registers(plan: CountyPlan, rng: Random) -> None:
    """Every class on every school day at eight, but the first class not yet today."""
    days = plan.places.calendar.days(plan.places.classes[0], boarder=False)
    for school_class in plan.places.classes:
        for day in days:
            if (school_class.key, day) != (0, TODAY):
                plan.registers[school_class.key, day] = RegisterPlan(
                    school_class.key,
                    day,
                    RegisterState.TAKEN,
                    client_key=UUID(int=rng.getrandbits(128)),
                    taken_at=at(day, time(8)),
                    received_at=at(day, time(8)),
                    taken_by="load-teacher",
                    expected=school_class.size,
                    present=school_class.size,
                )
    for child in plan.children:
        key = child.enrolments[0].class_key
        for day in days:
            if rng.random() < ABSENT and (key, day) in plan.registers:
                child.marks[day] = rng.choice([Mark.ABSENT, Mark.SICK, Mark.SICK])
                plan.registers[key, day].present -= 1
