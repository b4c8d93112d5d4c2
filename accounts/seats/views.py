"""Accounts and their seats."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.enums import Role, SeatState
from accounts.gate import open_to
from accounts.models import Seat, User
from accounts.requests import Request
from accounts.rights import MAY, AdminRight
from accounts.seats import accounts
from accounts.seats.account_states import seat_state, states_of
from accounts.seats.keeping import Keeper
from accounts.seats.permissions import still_open
from regions.clock import today
from regions.refusals import Refused


@open_to(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
@require_http_methods(["GET", "POST"])
def users(request: Request) -> HttpResponse:
    """Accounts and seats; they come by file. Stopped, reopened and unlocked one by one."""
    day, error = today(), ""
    if request.method == "POST":
        try:
            _act_on(request, request.POST.get("username", ""), day)
            return redirect(request.get_full_path())
        except Refused as refusal:
            error = str(refusal)
    found = User.objects.prefetch_related(Prefetch("seats", Seat.objects.with_units()))
    chosen = Paginator(found.order_by("username"), 50).get_page(request.GET.get("page"))
    keeper = Keeper(request.user)
    rows = [_row(user, keeper, day) for user in chosen]
    brings = request.user.reach.holds(*MAY[AdminRight.USERS])
    page = {"rows": rows, "pages": chosen, "error": error, "brings": brings}
    return render(request, "accounts/users.html", page, status=409 if error else 200)


def _act_on(request: Request, username: str, on: date) -> None:
    """Do what was pressed, but for passwords: those are reset on the page of a seat. Raises Refused."""
    act, by = request.POST.get("act", ""), request.user
    if act == accounts.Act.STOP:
        accounts.stop(username, reason="", by=by, on=on)
    elif act == accounts.Act.REOPEN:
        accounts.reopen(username, by=by, on=on)
    elif act == accounts.Act.UNLOCK:
        accounts.unlock(username, by=by, on=on)
    else:
        raise Refused("没有这样的办理，请刷新页面再试。")
    messages.success(request, f"{username} 已{accounts.Act(act).label}，记入任职变动。")


def _row(user: User, keeper: Keeper, day: date) -> dict[str, Any]:
    seats = list(user.seats.all())
    standing = still_open(seats, day)
    acts = accounts.acts_on(user, keeper=keeper, seats=standing)
    return {
        "user": user,
        "seats": [(seat.pk, _told(seat, day)) for seat in seats],
        "states": states_of(user, day),
        "acts": [one for one in acts if one is not accounts.Act.RESET],
        "reset_at": standing[0].pk if accounts.Act.RESET in acts else None,
        "reset_label": accounts.gift_to(user).label,
        "password_seen": accounts.stamp_of(user),
    }


def _told(seat: Seat, day: date) -> str:
    """班主任 白水中学 七(3)班, with what keeps it from reaching: 待启用, 已离任……"""
    said, state = f"{seat.role_label} {seat.unit_label(day)}".strip(), seat_state(seat, day)
    if seat.state == SeatState.ACTIVE and seat.began > day:
        state = f"{seat.began} 起"
    return f"{said}（{state}）" if state else said
