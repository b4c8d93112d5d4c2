"""Who with an account can be asked to do something for a child: those whose seats reach it there."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from accounts.enums import CLASS_ROLES, COUNTY_ROLES, SCHOOL_STAFF, Role
from accounts.models import Seat, User
from cases.enums.records import PostKey
from regions.paths import COUNTY, ancestors, county_of
from students.models import Enrolment, Student

ROLES_OF = {
    PostKey.COUNTY_LEADER: COUNTY_ROLES,
    PostKey.TOWNSHIP_CADRE: {Role.TOWNSHIP},
    PostKey.VILLAGE_CADRE: {Role.VILLAGE},
    PostKey.SCHOOL_LEADER: SCHOOL_STAFF,
    PostKey.TEACHER: CLASS_ROLES,
}


def seats_around(student: Student, on: date) -> list[Seat]:
    """The seats at the child's class, school, village, township and county, by unit and name."""
    classes = Enrolment.objects.on(on).filter(student=student).values("school_class__path")
    home = student.residence_path or student.household_path
    at = (
        Q(role__in=CLASS_ROLES, path__in=classes)
        | Q(role__in=SCHOOL_STAFF, path=student.school_path)
        | Q(role__in=(Role.VILLAGE, Role.TOWNSHIP), path__in=_below_county(home))
        | Q(role__in=COUNTY_ROLES, path=county_of(student.school_path or home))
    )
    seats = Seat.objects.on(on).filter(at, user__is_active=True).exclude(path="")
    links = ("user", "region", "school", "school_class__school")
    return list(seats.select_related(*links).order_by("-path", "user__name"))


def _below_county(home: str) -> list[str]:
    """The paths of the township and the village of a home."""
    return [path for path in ancestors(home) if len(path) > COUNTY]


def labels_of(seats: Iterable[Seat], on: date) -> dict[str, User]:
    """{"姓名（单位 角色）": account}: what a task can be given to by name."""
    return {
        f"{seat.user.name}（{seat.unit_label(on)} {seat.role_label}）": seat.user for seat in seats
    }


def holder_of(post: PostKey, name: str, seats: Iterable[Seat]) -> User | None:
    """The one account of this name with a seat that goes with the post; None for none or several."""
    held = {
        seat.user_id: seat.user
        for seat in seats
        if seat.role in ROLES_OF[post] and seat.user.name == name
    }
    return next(iter(held.values())) if len(held) == 1 else None
