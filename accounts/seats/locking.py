"""One order of locks wherever seats are written: accounts, then classes, then seats, each by number.

Whoever writes a seat takes all it needs here, at once, before it reads what it decides on. So no two
of them wait for each other. The locks let foreign keys to the row be written (FOR NO KEY UPDATE):
each history row names who did it, and that account may be locked by another.
"""

from collections.abc import Iterable

from django.db.models import Q

from accounts.enums import ADMIN_ROLES
from accounts.models import Seat, User
from regions.models import SchoolClass

RELATED = ("user", "granted_by", "region", "school", "school_class__school")


def lock_accounts(pks: Iterable[int]) -> None:
    _hold(User.objects.filter(pk__in=set(pks)))


def lock_classes(pks: Iterable[int]) -> None:
    _hold(SchoolClass.objects.filter(pk__in=set(pks)))


def _hold(rows) -> None:
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def locked_seats(
    pks: Iterable[int], *, accounts: Iterable[int] = (), classes: Iterable[int] = ()
) -> list[Seat]:
    """The seats of these rows as they stand once they are locked, with the seats they replace, their
    accounts and classes; more `accounts` and `classes` where the caller touches them too.

    With a seat of an administrator all seats of administrators are locked: one asks for the others.
    Whose a seat is, which class and what it replaces never changes, so that is read before.
    """
    wanted = set(pks)
    told = list(
        Seat.objects.filter(pk__in=wanted).values_list(
            "role", "user_id", "school_class_id", "replaces_id", "replaces__school_class_id"
        )
    )
    lock_accounts([*accounts, *(user for _, user, *_ in told)])
    mine = {one for _, _, *held in told for one in (held[0], held[2]) if one}
    lock_classes([*classes, *mine])
    rows = Q(pk__in=wanted | {replaced for *_, replaced, _ in told if replaced})
    if any(role in ADMIN_ROLES for role, *_ in told):
        rows |= Q(role__in=ADMIN_ROLES)
    held = Seat.objects.filter(rows).order_by("pk").select_for_update(of=("self",), no_key=True)
    seats = {seat.pk: seat for seat in held.select_related(*RELATED)}
    for seat in seats.values():
        if seat.replaces_id in seats:
            seat.replaces = seats[seat.replaces_id]
    return [seats[pk] for pk in sorted(wanted & set(seats))]


def lock_administrators() -> None:
    """The seats of all administrators: whether one may go is asked of the others."""
    _hold(Seat.objects.filter(role__in=ADMIN_ROLES))
