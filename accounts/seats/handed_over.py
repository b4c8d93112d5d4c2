"""What goes with a seat when it changes hands: each app gives its kinds, hand-over moves them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.enums import SeatState
from accounts.models import Seat, User


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One kind of open thing: 包保学生 counted in 名.

    `count(seat, on)`: how many stand open in the name of the seat's holder. `move(seat, to, by, on)`
    gives them to another account and returns how many it moved; a second time it finds none.
    `holders()`: the accounts with any open, as a query of {"user"} rows.
    """

    label: str
    measure: str
    count: Callable[[Seat, date], int]
    move: Callable[[Seat, User, User, date], int]
    holders: Callable[[], QuerySet]


def is_last_of_holder(seat: Seat, on: date) -> bool:
    """Does the holder act in no other seat on the day or later?"""
    others = Seat.objects.filter(user=seat.user_id).exclude(pk=seat.pk)
    coming = others.filter(began__gt=on, state=SeatState.ACTIVE)
    return not (others.on(on) | coming).exists()
