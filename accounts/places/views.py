"""Places, accounts and calendars brought in by file."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import EVERYONE, REFERRAL_ROLES, Role
from accounts.file_door import pages
from accounts.file_door.door import AlreadyBrought, Door
from accounts.file_door.outcome import Outcome
from accounts.gate import open_to, require
from accounts.places.calendars import CALENDAR
from accounts.places.import_places import PLACES
from accounts.requests import Request
from accounts.seats.import_users import USERS
from regions.clock import today
from regions.refusals import Refused

READERS = EVERYONE - REFERRAL_ROLES
DOORS: dict[str, Door[Any]] = {door.name: door for door in (PLACES, USERS, CALENDAR)}
ASKED_FOR = {
    "places": "区划代码、名称；学校标识码、学校名称、办学类型、区划代码",
    "users": "用户名、姓名、角色、单位代码、班级、任职起、任职止",
    "calendar": "JSON 列表，每条 scope、from、to、kind、reason、source",
}
CLOSED = "新账号 {made} 个还没有密码，由安排他们的上级在“发放初始密码”里打印密码条。"


@open_to(Role.SYSTEM_ADMIN, Role.BUREAU)
@require_http_methods(["GET", "POST"])
def bring(request: Request, door: str) -> HttpResponse:
    """Upload a file of places, accounts or calendar rows, and see what it would do."""
    if door not in DOORS:
        raise Http404
    if door != "calendar":
        require(request.user, {Role.SYSTEM_ADMIN})
    error = ""
    if request.method == "POST":
        got = pages.receive(request, door, **_options(request.POST, door))
        if got.batch:
            return redirect("accounts:bring_check", door, got.batch.uid)
        error = got.error
    return _bring_page(request, door, {"error": error}, status=400 if error else 200)


def _bring_page(request: Request, door: str, page: dict, status: int = 200) -> HttpResponse:
    page = {
        "door": door,
        "title": DOORS[door].title,
        "columns": ASKED_FOR[door],
        "doors": DOORS,
        **page,
    }
    return render(request, "accounts/bring.html", page, status=status)


def _options(posted: Mapping[str, Any], door: str) -> dict[str, bool]:
    """What was chosen beside the file: of accounts, do those it does not name end today?"""
    return {"end_missing": bool(posted.get("end_missing"))} if door == USERS.name else {}


def _known(door: str) -> str:
    if door not in DOORS:
        raise Http404
    return door


@open_to(Role.SYSTEM_ADMIN, Role.BUREAU)
def bring_check(request: Request, door: str, uid: str) -> HttpResponse:
    """The preview of an uploaded file: nothing has changed yet."""
    batch = pages.waiting(uid, _known(door), request.user)
    page: dict[str, Any] = {"batch": batch}
    try:
        plan = pages.check(
            DOORS[door], batch, by=request.user, on=today(), **_options(batch.options, door)
        )
        page |= {"outcome": plan.outcome, "plan": plan}
    except AlreadyBrought as said:
        page = {"done": str(said)}
    except Refused as refusal:
        page = {"error": str(refusal)}
    return _bring_page(request, door, page)


@open_to(Role.SYSTEM_ADMIN, Role.BUREAU)
@require_POST
def bring_apply(request: Request, door: str, uid: str) -> HttpResponse:
    """Apply a previewed file."""
    batch = pages.waiting(uid, _known(door), request.user)
    try:
        answer = pages.confirm(
            DOORS[door], batch, by=request.user, on=today(), **_options(batch.options, door)
        )
    except AlreadyBrought as said:
        return _bring_page(request, door, {"done": str(said)})
    except Refused as refusal:
        return _bring_page(request, door, {"error": str(refusal)}, status=409)
    outcome = answer.plan.outcome
    if outcome.already:
        return _bring_page(request, door, {"done": outcome.already})
    if not outcome.applied:
        page = {"batch": batch, "outcome": outcome, "plan": answer.plan}
        return _bring_page(request, door, page, status=409)
    return _bring_page(request, door, {"done": _done(door, outcome, answer.given)})


def _done(door: str, outcome: Outcome, given: Any) -> str:
    if door == CALENDAR.name:
        return f"已录入 {outcome.created} 条，{outcome.unchanged} 条原来就有。"
    if door == USERS.name:
        ended = f"，名单外离任 {outcome.ended}" if outcome.ended else ""
        made = CLOSED.format(made=given) if given else ""
        return (
            f"已提交：新增 {outcome.created}，换班和改名 {outcome.updated}，"
            f"不变 {outcome.unchanged}{ended}。新的任职由安全管理员启用后生效。{made}"
        )
    return f"已导入：新增 {outcome.created}，改动 {outcome.updated}，无变化 {outcome.unchanged}。"
