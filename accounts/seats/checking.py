"""What must hold of all seats and no constraint can promise: found, and told."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from accounts.enums import CLASS_ROLES, Role, SeatState
from accounts.models import Seat
from accounts.seats.permissions import place_of
from accounts.seats.rules.granting import levels_of, why_not_days, why_not_together

ONE_DAY = timedelta(days=1)


def check_seats(on: date) -> list[dict[str, object]]:
    """Every seat that stands as it must not: {kind, seat, user, message}; none where all is well."""
    seats = list(Seat.objects.filter(state=SeatState.ACTIVE).with_units().order_by("pk"))
    found = [*_two_teachers(seats, on), *_administrators(seats, on), *_unfit(seats)]
    return sorted(found, key=lambda fault: (fault["kind"], fault["seat"]))


def _fault(kind: str, seat: Seat, message: str) -> dict[str, object]:
    return {"kind": kind, "seat": seat.pk, "user": seat.user.username, "message": message}


def _two_teachers(seats: list[Seat], on: date) -> Iterator[dict[str, object]]:
    """Two 班主任, or two 代班, of a class on one day, on any day."""
    classes: dict[tuple[str, str], list[Seat]] = {}
    for seat in seats:
        if seat.role in CLASS_ROLES:
            classes.setdefault((seat.role, seat.path), []).append(seat)
    for held in classes.values():
        held.sort(key=lambda seat: (seat.began, seat.pk))
        latest = held[0]
        for _, seat in pairwise(held):
            if latest.until is None or latest.until >= seat.began:
                told = f"{seat.unit_label(on)}同一天有{seat.role_label}{latest.user.name}和{seat.user.name}。"
                yield _fault("two_teachers", seat, told)
            latest = max(latest, seat, key=lambda one: one.until or date.max)


def _administrators(seats: list[Seat], on: date) -> Iterator[dict[str, object]]:
    """三员 who hold another seat beside."""
    held: dict[int, list[Seat]] = {}
    for seat in seats:
        if seat.until is None or seat.until >= on:
            held.setdefault(seat.user_id, []).append(seat)
    for mine in held.values():
        if refusal := why_not_together(Role(mine[0].role), [Role(seat.role) for seat in mine]):
            yield _fault("administrators", mine[0], refusal)


def _unfit(seats: list[Seat]) -> Iterator[dict[str, object]]:
    """A seat whose days its role may not have, or whose path is not its unit's."""
    for seat in seats:
        role = Role(seat.role)
        if refusal := why_not_days(role, seat.began, seat.until):
            yield _fault("days", seat, refusal)
        unit = seat.unit
        if (unit.path if unit else "") != seat.path:
            yield _fault("path", seat, f"{seat.user.name}的任职与单位的位置不符。")
        elif seat.region and place_of(seat.region).level not in levels_of(role):
            yield _fault("level", seat, f"{role.label}不在这一级单位任职。")
