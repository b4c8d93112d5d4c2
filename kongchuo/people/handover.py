"""交接: one seat ends, another begins, and all that stands open in the leaver's name moves with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Seat, User
from accounts.seats.handed_over import HandedOver
from cases.contacts.handover import TASKS
from students.handover import CHARGES

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
    found = [Open(kind, kind.count(seat, on)) for kind in KINDS]
    return [one for one in found if one.count]


def move_all(seat: Seat, *, to: User, by: User, on: date) -> list[Open]:
    """Move all that stands open; inside the caller's transaction. A second time it finds nothing."""
    moved = [Open(kind, kind.move(seat, to, by, on)) for kind in KINDS]
    return [one for one in moved if one.count]
