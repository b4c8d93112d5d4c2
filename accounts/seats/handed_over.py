"""What goes with a seat when it changes hands: each app gives its kinds, hand-over moves them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.enums import SeatState
from accounts.models import Seat, User


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One kind of open thing: 包保学生 counted in 名.

    `counts(seats, on)`: how many stand open in the name of each seat's holder, by the seat's number,
    in as many statements for many seats as for one. `move(seat, to, by, on)`
    gives them to another account and returns how many it moved; a second time it finds none.
    `children(seat, on)`: whose things they are, the number of a pupil (None: a place) for each.
    `holders()`: the accounts with any open, as a query of {"user"} rows.
    """

    label: str
    measure: str
    counts: Callable[[Sequence[Seat], date], Mapping[int, int]]
    move: Callable[[Seat, User, User, date], int]
    holders: Callable[[], QuerySet]
    children: Callable[[Seat, date], Sequence[int | None]]


def is_last_of_holder(seat: Seat, on: date) -> bool:
    """Does the holder act in no other seat on the day or later?"""
    others = Seat.objects.filter(user=seat.user_id).exclude(pk=seat.pk)
    coming = others.filter(began__gt=on, state=SeatState.ACTIVE)
    return not (others.on(on) | coming).exists()


def last_of_holders(seats: Iterable[Seat], on: date) -> set[int]:
    """The numbers of those of the seats of which `is_last_of_holder` holds, in one statement."""
    known = list(seats)
    acting = Seat.objects.filter(user__in={seat.user_id for seat in known})
    acting = acting.on(on) | acting.filter(began__gt=on, state=SeatState.ACTIVE)
    held: dict[int, set[int]] = {}
    for user, pk in acting.values_list("user_id", "pk"):
        held.setdefault(user, set()).add(pk)
    return {seat.pk for seat in known if not held.get(seat.user_id, set()) - {seat.pk}}
