"""离任: a seat ends by its last day; the last administrator of a kind stays."""

from datetime import date

from django.db import transaction

from accounts import history
from accounts.enums import ADMIN_ROLES, Role, SeatState
from accounts.login.sessions import end_sessions
from accounts.models import Seat, User
from accounts.seats.granting import ONE_DAY, told
from accounts.seats.independence import made_by
from accounts.seats.permissions import require_effect
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind

LAST_OF_A_KIND = "这是最后一位{kind}，先请另一位到任，再办离任或停用。"
OVER = "这份任职已经止于 {until}。"
GONE = "这份任职已退回或撤销。"


@transaction.atomic
def end(pk: int, *, last: date, reason: str, by: User, on: date) -> Seat:
    """End a seat with the day `last`. One that waits, or would end before it began, is revoked.

    The account is asked for its password again. Raises Refused.
    """
    seat = Seat.objects.select_for_update(of=("self",)).with_units().get(pk=pk)
    require_effect(by, Role(seat.role), seat.unit)
    _refuse_days(seat, last, on)
    refuse_last_of_a_kind(seat, last=last)
    before = told(seat)
    if seat.state == SeatState.PROPOSED or last < seat.began:
        seat.state = SeatState.REVOKED
    else:
        seat.until = last
    seat.ended_by, seat.end_reason = by, reason
    seat.save(update_fields=["state", "until", "ended_by", "end_reason"])
    end_sessions(seat.user, by=by)
    history.record(
        "seats.end", "user", seat.user.username, path=seat.path, by=by, on=on,
        before=before, after=told(seat), note=reason,
    )  # fmt: skip
    return seat


def _refuse_days(seat: Seat, last: date, on: date) -> None:
    if seat.state in (SeatState.REFUSED, SeatState.REVOKED):
        raise Refused(GONE)
    if seat.until and (seat.until < on or seat.until < last):
        raise Refused(OVER.format(until=seat.until))
    if refusal := believable.why_not(DateKind.SEAT, last, on=on):
        raise Refused(refusal)


def refuse_last_of_a_kind(seat: Seat, *, last: date) -> None:
    """Refused when no other administrator of the seat's kind goes on without end after `last`."""
    role = Role(seat.role)
    if role not in ADMIN_ROLES or seat.state != SeatState.ACTIVE:
        return
    kind = Seat.objects.select_for_update(of=("self",)).filter(role=role)
    list(kind.values_list("pk", flat=True))
    going_on = Seat.objects.on(last + ONE_DAY).filter(role=role, until=None)
    others = going_on.filter(user__is_active=True).exclude(user=seat.user).select_related("user")
    if not any(_can_act(other) for other in others):
        raise Refused(LAST_OF_A_KIND.format(kind=role.label))


def _can_act(seat: Seat) -> bool:
    """Is the holder able to do the work: a security administrator judges nothing while whoever made
    the account may know its password."""
    return seat.role != Role.SECURITY_ADMIN or not made_by(seat.user)
