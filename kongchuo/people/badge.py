"""How many vacancies wait for a person to fill them, for the menu: counted in the database, at most
one statement a kind of unit."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat

from accounts.enums import CLASS_ROLES, Role
from accounts.models import Seat, User
from kongchuo.people.roster import class_paths
from regions.enums import Level
from regions.models import Region, School, SchoolClass
from regions.paths import inside_any
from students.models import Enrolment, Student


def vacancies(user: User, on: date) -> int:
    """The classes, schools, townships and villages with children and nobody in the seat that this
    person gives; those of `roster.sections_of` that it fills itself."""
    reach = user.reach
    return (
        _classes(class_paths(user), on)
        + _schools(reach.paths(Role.BUREAU), on)
        + _homes(reach.paths(Role.COUNTY_OFFICE), Level.TOWNSHIP, Role.TOWNSHIP, on)
        + _homes(reach.paths(Role.TOWNSHIP), Level.VILLAGE, Role.VILLAGE, on)
    )


def _nobody(roles: Iterable[Role], on: date) -> Q:
    held = Seat.objects.on(on).filter(user__is_active=True, role__in=roles)
    return ~Q(Exists(held.filter(path=OuterRef("path"))))


def _classes(paths: tuple[str, ...], on: date) -> int:
    if not paths:
        return 0
    spells = Enrolment.objects.on(on).filter(school_class=OuterRef("pk"))
    classes = SchoolClass.objects.at(*paths).running(on)
    return classes.filter(Exists(spells), _nobody(CLASS_ROLES, on)).count()


def _schools(paths: tuple[str, ...], on: date) -> int:
    if not paths:
        return 0
    spells = Enrolment.objects.on(on).filter(school_class__school=OuterRef("pk"))
    schools = School.objects.filter(inside_any("path", paths), closed_on=None)
    return schools.filter(Exists(spells), _nobody([Role.OFFICE], on)).count()


def _homes(paths: tuple[str, ...], level: Level, role: Role, on: date) -> int:
    if not paths:
        return 0
    regions = Region.objects.filter(inside_any("path", paths), level=level)
    lives = _at("residence_path")
    at_home = _at("household_path").filter(residence_path="")
    return regions.filter(Exists(lives) | Exists(at_home), _nobody([role], on)).count()


def _at(field: str):
    """The children in a region of the outer query: a path goes on in digits, S and C, all below ~."""
    end = Concat(OuterRef("path"), Value("~"))
    return Student.objects.filter(**{f"{field}__gte": OuterRef("path"), f"{field}__lt": end})
