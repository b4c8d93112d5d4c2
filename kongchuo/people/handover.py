"""交接: one seat ends, another begins, and all that stands open in the leaver's name moves with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from accounts import history
from accounts.enums import Role, SeatState
from accounts.models import Seat, User
from accounts.seats.handed_over import HandedOver
from accounts.seats.locking import locked_seats
from accounts.seats.permissions import require_effect
from cases.contacts.handover import TASKS
from regions.paths import inside
from regions.refusals import Refused
from students.handover import CHARGES
from students.models import Student

KINDS: Sequence[HandedOver] = (CHARGES, TASKS)


@dataclass(frozen=True, slots=True)
class Open:
    """How many things of a kind stand open in the name of a seat's holder."""

    kind: HandedOver
    count: int

    @property
    def said(self) -> str:
        return f"{self.kind.label} {self.count} {self.kind.measure}"


def open_of(seat: Seat, on: date) -> list[Open]:
    """What a hand-over of the seat would move, by kind; kinds with nothing open are left out."""
    return open_of_all([seat], on)[seat.pk]


def open_of_all(seats: Sequence[Seat], on: date) -> dict[int, list[Open]]:
    """As `open_of`, by the number of each seat, in as many statements for many as for one."""
    counted = [(kind, kind.counts(seats, on)) for kind in KINDS]
    return {
        seat.pk: [Open(kind, counts[seat.pk]) for kind, counts in counted if counts.get(seat.pk)]
        for seat in seats
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """A kind of open things, the children the reader may open, and how many things are of others."""

    said: str
    children: list[Student]
    others: int


def shown_to(reader: User, seat: Seat, on: date) -> list[Shown]:
    """As `open_of`, with the children of whom the reader may open the page."""
    found = []
    for one in open_of(seat, on):
        numbers = one.kind.children(seat, on)
        known = Student.objects.visible_to(reader).in_bulk({pk for pk in numbers if pk})
        others = sum(pk not in known for pk in numbers)
        found.append(Shown(one.said, sorted(known.values(), key=lambda who: who.pk), others))
    return found


def move_all(seat: Seat, *, to: User, by: User, on: date) -> list[Open]:
    """Move all that stands open; inside the caller's transaction. A second time it finds nothing."""
    moved = [Open(kind, kind.move(seat, to, by, on)) for kind in KINDS]
    return [one for one in moved if one.count]


@transaction.atomic
def hand_over(pk: int, *, to: str, by: User, on: date) -> list[Open]:
    """Give all that stands open in the name of a seat's holder to the account `to`, who has a seat
    at that unit, at the school or above it. What moved; twice, the second time nothing is left.

    Raises Refused: `by` may not give such a seat, the seat goes on, or `to` is no fit successor.
    """
    (seat,) = locked_seats([pk])
    require_effect(by, Role(seat.role), seat.unit)
    if seat.state != SeatState.REVOKED and (seat.until is None or seat.until > on):
        raise Refused("这份任职还没有结束，先办离任，再办交接。")
    successor = successors(seat, on).filter(username=to).first()
    if successor is None:
        raise Refused("接手的人要在本单位任职，请从列表里选。")
    moved = move_all(seat, to=successor, by=by, on=on)
    if not moved:
        raise Refused(f"{seat.user.name}名下没有要移交的。")
    history.record(
        "seats.hand_over",
        "user",
        seat.user.username,
        path=seat.path,
        by=by,
        on=on,
        after={"seat": seat.pk, "to": successor.username},
        note="、".join(one.said for one in moved),
    )
    return moved


def successors(seat: Seat, on: date) -> QuerySet[User]:
    """Who can take over: others who act at the seat's unit on the day, or at its school."""
    paths = [seat.path, seat.path.split("C", 1)[0]]
    acting = Seat.objects.on(on).filter(path__in=paths)
    if seat.school_class_id or seat.school_id:
        acting = acting | Seat.objects.on(on).filter(inside("path", paths[1]))
    found = User.objects.filter(pk__in=acting.values("user"), is_active=True)
    return found.exclude(pk=seat.user_id).order_by("name", "username")
