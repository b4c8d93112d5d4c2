"""Rows that hang below one another, inserted the same way by the demo, `make bench` and the tests."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from accounts.enums import Role, SeatState
from accounts.models import Seat, User
from regions.models import Region, School, SchoolClass
from regions.paths import class_segment, region_segment, school_segment

Unit = Region | School | SchoolClass
U = TypeVar("U", Region, School, SchoolClass)


def insert_units(rows: Iterable[U]) -> list[U]:
    """Insert regions, schools or classes whose upper units stand, and give each its path."""
    made = list(rows)
    for row in made:
        row.save(force_insert=True)
        row.path = _path(row)
        row.save(update_fields=["path"])
    return made


def _path(row: Unit) -> str:
    if isinstance(row, Region):
        return (row.parent.path if row.parent else "") + region_segment(row.pk)
    if isinstance(row, School):
        return row.region.path + school_segment(row.pk)
    return row.school.path + class_segment(row.pk)


def seat_row(
    user: User, role: Role, unit: Unit | None, *, began: date, until: date | None = None
) -> Seat:
    """An active seat not yet saved; without a unit for the roles that have none."""
    return Seat(
        user=user,
        role=role,
        region=unit if isinstance(unit, Region) else None,
        school=unit if isinstance(unit, School) else None,
        school_class=unit if isinstance(unit, SchoolClass) else None,
        path=unit.path if unit else "",
        began=began,
        until=until,
        state=SeatState.ACTIVE,
    )


def nearest_holder(role: Role, path: str) -> User:
    """Who holds the role over this place or the nearest above it. Raises IndexError for nobody."""
    places = [path[:end] for end in range(len(path), 0, -1)]
    active = Seat.objects.filter(state=SeatState.ACTIVE)
    seats = active.filter(role=role, path__in=places).select_related("user")
    return seats.order_by("-path", "pk")[0].user
