"""对换: two 班主任 of a school take each other's class from a day, in one act."""

from datetime import date

from django.db import transaction

from accounts.enums import Role, SeatState
from accounts.models import Seat, User
from accounts.seats.granting import Term, give_way, lay
from accounts.seats.locking import locked_seats
from accounts.seats.permissions import require_effect
from accounts.seats.rules.granting import Effect
from regions.models import SchoolClass
from regions.refusals import Refused

NOT_TWO = "对换的两位要是同一所学校两个班的班主任，请重新选班。"
LEFT = "{name}这份任职到那天已经不在任，不能对换。请重新核对。"


def partner_of(seat: Seat, to: SchoolClass, first: date) -> Seat | None:
    """The 班主任 whose class a teacher would take on that day; None where it is free."""
    if seat.role != Role.TEACHER:
        return None
    there = Seat.objects.on(first).filter(role=Role.TEACHER, school_class=to)
    return there.exclude(user=seat.user_id).with_units().first()


@transaction.atomic
def swap(pk: int, other: int, *, first: date, by: User, on: date) -> list[Seat]:
    """Two teachers' new seats, each at the other's class from the day `first`, each until its own
    last day; the old ones end before it. Raises Refused, with neither moved."""
    seats = locked_seats([pk, other])
    _refuse_unlike(seats)
    for seat in seats:
        if require_effect(by, Role.TEACHER, seat.unit) is not Effect.AT_ONCE:
            raise Refused("对换由学校办理，用文件的请一起提交。")
        if seat.state != SeatState.ACTIVE or (seat.until and seat.until < first):
            raise Refused(LEFT.format(name=seat.user.name))
    terms = [
        Term(Role.TEACHER, there.unit, first, seat.until, seat.post, replaces=seat)
        for seat, there in zip(seats, seats[::-1], strict=True)
    ]
    for seat in seats:
        give_way(seat, first, by=by, on=on, reason="对换")
    return [
        lay(seat.user, term, Effect.AT_ONCE, by=by, on=on)
        for seat, term in zip(seats, terms, strict=True)
    ]


def _refuse_unlike(seats: list[Seat]) -> None:
    classes = [seat.school_class for seat in seats if seat.role == Role.TEACHER]
    schools = {one.school_id for one in classes if one}
    people = {seat.user_id for seat in seats}
    if len(classes) != 2 or len(schools) != 1 or len(people) != 2 or classes[0] == classes[1]:
        raise Refused(NOT_TWO)
