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
from accounts.seats.permissions import still_open
from regions.clock import today
from regions.refusals import Refused


@open_to(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
@require_http_methods(["GET", "POST"])
def users(request: Request) -> HttpResponse:
    """Accounts and seats; they come by file. Stopped, reopened, unlocked and reset one by one."""
    day, fresh, error = today(), None, ""
    if request.method == "POST":
        try:
            fresh = _act_on(request, request.POST.get("username", ""), day)
            if fresh is None:
                return redirect(request.get_full_path())
        except Refused as refusal:
            error = str(refusal)
    found = User.objects.prefetch_related(Prefetch("seats", Seat.objects.with_units()))
    chosen = Paginator(found.order_by("username"), 50).get_page(request.GET.get("page"))
    rows = [_row(user, request.user, day) for user in chosen]
    brings = request.user.reach.holds(*MAY[AdminRight.USERS])
    page = {"rows": rows, "pages": chosen, "fresh": fresh, "error": error, "brings": brings}
    return render(request, "accounts/users.html", page, status=409 if error else 200)


def _act_on(request: Request, username: str, on: date) -> dict[str, str] | None:
    """Do what was pressed; the fresh password to be shown once, else None. Raises Refused."""
    act, by = request.POST.get("act", ""), request.user
    if act == accounts.Act.RESET:
        password = accounts.reset_password(username, by=by, on=on)
        return {"username": username, "password": password}
    if act == accounts.Act.STOP:
        accounts.stop(username, reason="", by=by, on=on)
    elif act == accounts.Act.REOPEN:
        accounts.reopen(username, by=by, on=on)
    elif act == accounts.Act.UNLOCK:
        accounts.unlock(username, by=by, on=on)
    else:
        raise Refused("没有这样的办理，请刷新页面再试。")
    messages.success(request, f"{username} 已{accounts.Act(act).label}，记入任职变动。")
    return None


def _row(user: User, by: User, day: date) -> dict[str, Any]:
    seats = list(user.seats.all())
    return {
        "user": user,
        "seats": [(seat.pk, _told(seat, day)) for seat in seats],
        "acts": accounts.acts_on(user, by=by, seats=still_open(seats, day)),
    }


def _told(seat: Seat, day: date) -> str:
    """班主任 白水中学 七(3)班, with what keeps it from reaching: 待启用, 已离任……"""
    said = f"{seat.role_label} {seat.unit_label(day)}".strip()
    if seat.state != SeatState.ACTIVE:
        return f"{said}（{SeatState(seat.state).label}）"
    if _is_over(seat, day):
        return f"{said}（已离任）"
    return f"{said}（{seat.began} 起）" if seat.began > day else said


def _is_over(seat: Seat, day: date) -> bool:
    return seat.until is not None and seat.until < day
