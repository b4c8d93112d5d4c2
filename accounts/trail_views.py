"""查看记录 and 任职变动: who looked at what, who gave which seat, for the audit administrator."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from accounts.enums import Role, SeatState
from accounts.gate import open_to
from accounts.models import AccessLog, Change, Seat, User
from accounts.requests import Request
from accounts.seats.accounts import Gift
from regions.clock import today


@open_to(Role.AUDIT_ADMIN)
def trail(request: Request) -> HttpResponse:
    """Who looked at what and why: kinds and reasons, never a pupil's record."""
    rows = AccessLog.objects.select_related("user").order_by("-pk")
    chosen = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "accounts/trail.html", {"rows": chosen, "pages": chosen})


SEAT_VERBS = {
    "users.first_admin": "建立第一个管理员",
    "seats.grant": "给任职",
    "seats.activate": "启用",
    "seats.refuse": "退回",
    "seats.end": "离任",
    "seats.hand_over": "办结交接",
    "users.rename": "改名",
    "users.stop": "停用账号",
    "users.reopen": "恢复账号",
    "users.unlock": "解锁",
    "users.reset_password": "重置密码",
    "users.change_password": "本人改密码",
    "devices.trust": "信任手机",
    "devices.revoke": "取消信任手机",
}


@open_to(Role.AUDIT_ADMIN)
def seat_changes(request: Request) -> HttpResponse:
    """任职变动: who gave, let in, ended, handed over which seat, and who did what with which account."""
    rows = Change.objects.filter(kind="user", verb__in=SEAT_VERBS).select_related("by")
    chosen = Paginator(rows.order_by("-pk"), 50).get_page(request.GET.get("page"))
    page = {"rows": _told(list(chosen)), "pages": chosen}
    return render(request, "accounts/seat_changes.html", page)


def _told(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Each change in words, with the account's name and the seat as it is called today."""
    known = list(changes)
    usernames = {one.uid for one in known} | {one.after.get("to", "") for one in known}
    names = dict(User.objects.filter(username__in=usernames).values_list("username", "name"))
    pks = {one.after["seat"] for one in known if "seat" in one.after}
    seats = Seat.objects.with_units().in_bulk(pks)
    return [
        {
            "change": one,
            "verb": _verb(one),
            "name": names.get(one.uid, ""),
            "what": _what(one, seats.get(one.after.get("seat", 0)), names),
        }
        for one in known
    ]


def _verb(change: Change) -> str:
    state = change.after.get("state")
    if change.verb == "seats.grant" and state == SeatState.PROPOSED:
        return "提交待启用"
    if change.verb == "seats.end" and state == SeatState.REVOKED:
        return "撤销任职"
    if "gift" in change.after:
        return Gift(change.after["gift"]).label
    return SEAT_VERBS[change.verb]


def _what(change: Change, seat: Seat | None, names: Mapping[str, str]) -> str:
    told = change.after
    if change.verb == "users.rename":
        return f"{change.before.get('name', '')} → {told.get('name', '')}"
    if "device" in told:
        return str(told["device"])
    if seat is None:
        return ""
    if "to" in told:
        successor = names.get(told["to"], told["to"])
        return f"{seat.role_label} {seat.unit_label(today())} 交给{successor}（{told['to']}）"
    until = told.get("until")
    span = f"{told.get('began')} 起" + (f"，{until} 止" if until else "")
    return f"{seat.role_label} {seat.unit_label(today())} {span}"
