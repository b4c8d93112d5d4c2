"""离任: a seat ends by its last day; the last administrator of a kind stays."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts import history
from accounts.enums import ADMIN_ROLES, Role, SeatState
from accounts.login.sessions import end_sessions
from accounts.models import Seat, User
from accounts.seats.granting import ONE_DAY, take_back, told
from accounts.seats.independence import gave, made_by
from accounts.seats.locking import lock_administrators, locked_seats
from accounts.seats.permissions import require_effect
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind

LAST_OF_A_KIND = "这是最后一位{kind}，先请另一位到任，再办离任或停用。"
LAST_WHO_CAN = (
    "这一位走了，剩下的系统管理员提交的任职就没有安全管理员能启用，这位{kind}算最后一位能办的。"
    "先请另一位到任，并由安全管理员重置过密码，再办离任或停用。"
)
OVER = "这份任职已经止于 {until}。"
GONE = "这份任职已退回或撤销。"


@transaction.atomic
def end(pk: int, *, last: date, reason: str, by: User, on: date) -> Seat:
    """End a seat with the day `last`. One that waits, or would end before it began, is revoked.

    The account is asked for its password again. Raises Refused.
    """
    (seat,) = locked_seats([pk])
    require_effect(by, Role(seat.role), seat.unit)
    _refuse_days(seat, last, on)
    refuse_last_of_a_kind(seat, last=last)
    before = told(seat)
    if seat.state == SeatState.PROPOSED or last < seat.began:
        take_back(seat, on)
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
    """Refused when without this administrator, from the day after `last`, the county could not help
    itself: none of the kind goes on, or no security administrator any more who can let in what a
    system administrator proposes."""
    role = Role(seat.role)
    if role not in ADMIN_ROLES or seat.state != SeatState.ACTIVE:
        return
    lock_administrators()
    going_on = Seat.objects.on(last + ONE_DAY).filter(role__in=ADMIN_ROLES, until=None)
    others = going_on.filter(user__is_active=True).exclude(user=seat.user).select_related("user")
    if not any(other.role == role for other in others):
        raise Refused(LAST_OF_A_KIND.format(kind=role.label))
    if _can_staff([*others, seat]) and not _can_staff(others):
        raise Refused(LAST_WHO_CAN.format(kind=role.label))


def _can_staff(administrators: Iterable[Seat]) -> bool:
    """Is there a system administrator, and a security administrator who is second word to it for good?

    Not one whose first password another may know, nor who once gave the system administrator its
    seat. A reset within 30 days passes by itself.
    """
    held = [(seat.role, seat.user) for seat in administrators]
    judges = [user for role, user in held if role == Role.SECURITY_ADMIN and not made_by(user)]
    askers = [user for role, user in held if role == Role.SYSTEM_ADMIN]
    return any(
        judge.pk != asker.pk and not gave(judge, asker) for judge in judges for asker in askers
    )
