"""启用: what a system administrator proposed, judged by the security administrator."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from accounts import history
from accounts.enums import CLASS_ROLES, Role, SeatState
from accounts.models import Seat, User
from accounts.seats.granting import give_way, told
from accounts.seats.independence import made_by, why_dependent
from accounts.seats.locking import locked_seats
from accounts.seats.occupied import why_not_second_teacher
from accounts.seats.rules.granting import why_not_together
from accounts.seats.voiding import void_first_password
from regions.clock import now
from regions.refusals import Refused

NOT_YOURS = "待启用的任职由安全管理员启用或退回。"
NOT_THE_SUBMITTER = "启用人不能是提交人。"
NOT_ONES_OWN = "自己的任职由另一位安全管理员启用。"
MADE_BY = "你的账号由{submitter}建立，密码还没有由另一位安全管理员重置过，不能启用任职。"
OVER = "任职止 {until} 已过，只能退回。"
HANDLED = "这份任职已处理过。"
APART = "三员要分开：这一份只能退回。"
LOCKED = "账号已停用，只能退回。"


@dataclass
class Activated:
    """What came of activating: the seats let in, and why the others still wait."""

    seats: list[Seat] = field(default_factory=list)
    left: list[tuple[Seat, str]] = field(default_factory=list)


@transaction.atomic
def activate(pks: Iterable[int], *, by: User, on: date) -> Activated:
    """Let proposed seats in: each that may, with the reason beside each that may not.

    Seats that swap classes are judged together: a seat that gives way to one of them makes room for
    another of them, and only if that one does come in.
    """
    _require_security(by)
    asked = list(pks)
    wanted = locked_seats(asked)
    if asked and not wanted:
        raise Refused(HANDLED)
    answer, judging = Activated(), Judging(by, on)
    chosen: list[Seat] = []
    for seat in wanted:
        refusal = judging.why_not(seat)
        (answer.left.append((seat, refusal)) if refusal else chosen.append(seat))
    chosen = _that_fit(chosen, answer, on)
    for seat in chosen:
        if seat.replaces:
            give_way(seat.replaces, seat.began, by=by, on=on, reason="换班")
    for seat in chosen:
        _let_in(seat, by=by, on=on)
    answer.seats = chosen
    return answer


def _that_fit(chosen: list[Seat], answer: Activated, on: date) -> list[Seat]:
    """Those for whose class there is room; each that falls out may take the room from others."""
    while True:
        leaving = {seat.replaces_id for seat in chosen if seat.replaces_id}
        reasons = [
            why_not_second_teacher(seat, on=on, leaving=leaving)
            or _beside_another(seat, chosen, on)
            for seat in chosen
        ]
        if not any(reasons):
            return chosen
        answer.left += [(seat, why) for seat, why in zip(chosen, reasons, strict=True) if why]
        chosen = [seat for seat, why in zip(chosen, reasons, strict=True) if not why]


def _beside_another(seat: Seat, chosen: Collection[Seat], on: date) -> str:
    """Of two 班主任, or two 代班, proposed for one class the first one goes in."""
    for other in chosen:
        if other.pk >= seat.pk:
            return ""
        same = (other.role, other.path) == (seat.role, seat.path) and seat.role in CLASS_ROLES
        apart = _over_before(other, seat) or _over_before(seat, other)
        if same and not apart:
            return f"{seat.unit_label(on)}同时提交了{other.user.name}，只启用一位。"
    return ""


def _over_before(one: Seat, other: Seat) -> bool:
    return one.until is not None and one.until < other.began


def _let_in(seat: Seat, *, by: User, on: date) -> None:
    seat.state, seat.activated_by, seat.activated_at = SeatState.ACTIVE, by, now()
    seat.save(update_fields=["state", "activated_by", "activated_at"])
    history.record(
        "seats.activate", "user", seat.user.username, path=seat.path, by=by, on=on,
        before={"state": SeatState.PROPOSED.value}, after=told(seat),
        note=void_first_password(seat.user, by=by),
    )  # fmt: skip


class Judging:
    """What `by` may let in on a day (room in a class apart): asked once for all that wait."""

    def __init__(self, by: User, on: date) -> None:
        self.by, self.on = by, on
        self.between: dict[int, str] = {}
        self.beside: dict[int, list[tuple[int, Role]]] = {}
        active = Seat.objects.open(on).filter(state=SeatState.ACTIVE)
        waiting = Seat.objects.waiting().values("user_id")
        for pk, user, role in active.filter(user__in=waiting).values_list("pk", "user_id", "role"):
            self.beside.setdefault(user, []).append((pk, Role(role)))

    def why_not(self, seat: Seat) -> str:
        """Why this seat may not be let in by this person; "" when it may."""
        submitter = seat.granted_by
        if seat.state != SeatState.PROPOSED or submitter is None:
            return HANDLED
        if submitter.pk == self.by.pk:
            return NOT_THE_SUBMITTER
        if seat.user_id == self.by.pk:
            return NOT_ONES_OWN
        return self._why_not_seat(seat) or self._why_not_between(submitter)

    def _why_not_seat(self, seat: Seat) -> str:
        """Why nobody may let it in."""
        if seat.user_id == seat.granted_by_id:
            return APART
        if not seat.user.is_active:
            return LOCKED
        if seat.until and seat.until < self.on:
            return OVER.format(until=seat.until)
        held = self.beside.get(seat.user_id, [])
        others = [role for pk, role in held if pk not in (seat.pk, seat.replaces_id)]
        return APART if why_not_together(Role(seat.role), others) else ""

    def _why_not_between(self, submitter: User) -> str:
        """Why this person is no second word to the submitter."""
        if submitter.pk not in self.between:
            self.between[submitter.pk] = why_not_second(self.by, submitter, self.on)
        return self.between[submitter.pk]


def why_not_second(by: User, submitter: User, on: date) -> str:
    """Why `by` may let in nothing of this submitter; "" when the two are two people."""
    if makers := made_by(by):
        return MADE_BY.format(submitter=makers[0].name)
    return why_dependent(by, submitter, on)


@transaction.atomic
def refuse_seat(pks: Iterable[int], *, reason: str = "", by: User, on: date) -> list[Seat]:
    """退回: proposed seats are never let in. Raises Refused when one is no longer waiting."""
    _require_security(by)
    seats = locked_seats(pks)
    if not seats or any(seat.state != SeatState.PROPOSED for seat in seats):
        raise Refused(HANDLED)
    for seat in seats:
        seat.state, seat.ended_by, seat.end_reason = SeatState.REFUSED, by, reason
        seat.save(update_fields=["state", "ended_by", "end_reason"])
        history.record(
            "seats.refuse", "user", seat.user.username, path=seat.path, by=by, on=on,
            before={"state": SeatState.PROPOSED.value}, after=told(seat), note=reason,
        )  # fmt: skip
    return seats


def _require_security(by: User) -> None:
    if not by.reach.holds(Role.SECURITY_ADMIN):
        raise Refused(NOT_YOURS)
