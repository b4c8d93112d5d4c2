"""One active 班主任 and one 代班 a class and day: dates cannot promise it, so the class is locked and
asked."""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from accounts.enums import CLASS_ROLES, Role
from accounts.models import Seat
from accounts.seats.locking import lock_classes
from regions.models import Region, School, SchoolClass
from regions.refusals import Refused

TAKEN = {
    Role.TEACHER: "{place}已有班主任{name}，先办离任或换班。",
    Role.STAND_IN: "{place}这几天已有代班教师{name}，先办离任或改起止日期。",
}


class HasTerm(Protocol):
    """What is asked of a seat, standing or wanted."""

    @property
    def role(self) -> str: ...
    @property
    def unit(self) -> Region | School | SchoolClass | None: ...
    @property
    def began(self) -> date: ...
    @property
    def until(self) -> date | None: ...
    @property
    def replaces(self) -> Seat | None: ...


def why_not_second_teacher(term: HasTerm, *, on: date, leaving: Collection[int] = ()) -> str:
    """Who is 班主任 (for a 代班: 代班) of the class on a day of the term; "" for nobody. `leaving`: seats
    on their way out."""
    if term.role not in CLASS_ROLES or not isinstance(term.unit, SchoolClass):
        return ""
    gone = set(leaving) | ({term.replaces.pk} if term.replaces else set())
    standing = Seat.objects.active_within(term.began, term.until).filter(
        role=term.role, school_class=term.unit
    )
    other = standing.exclude(pk__in=gone).select_related("user").order_by("began").first()
    return (
        TAKEN[Role(term.role)].format(place=term.unit.label(on), name=other.user.name)
        if other
        else ""
    )


def refuse_second_teacher(term: HasTerm, *, on: date) -> None:
    """Lock the class of a seat; Refused when it has another of the kind on a day of it."""
    if isinstance(term.unit, SchoolClass):
        lock_classes([term.unit.pk])
    if refusal := why_not_second_teacher(term, on=on):
        raise Refused(refusal)
