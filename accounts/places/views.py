"""The calendar and the policies to read; places, accounts and calendars brought in by file."""

from collections.abc import Mapping
from datetime import date, timedelta
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
from accounts.workbooks import Sheet
from regions.clock import today
from regions.days import place_rules_of
from regions.enums import DayKind, Level
from regions.models import CalendarRow, Region, School
from regions.paths import ancestors, inside
from regions.refusals import Refused
from regions.rules.national import notices
from regions.rules.policies import THRESHOLDS

READERS = EVERYONE - REFERRAL_ROLES
DOORS: dict[str, Door[Any]] = {door.name: door for door in (PLACES, USERS, CALENDAR)}
ASKED_FOR = {
    "places": "区划代码、名称；学校标识码、学校名称、办学类型、区划代码",
    "users": "用户名、姓名、角色、单位代码、班级、任职起、任职止",
    "calendar": "JSON 列表，每条 scope、from、to、kind、reason",
}


def home_path(request: Request) -> str:
    """The path whose calendar concerns this user: of its first unit, else of the first county."""
    held = next((held.path for held in request.user.reach.seats if held.path), "")
    county = Region.objects.filter(level=Level.COUNTY).order_by("path").first()
    return held or (county.path if county else "")


@open_to(*READERS)
def calendar(request: Request) -> HttpResponse:
    """The rows that hold for this user's place, newest first, and the national notices."""
    path, since = home_path(request), today() - timedelta(days=400)
    rows = CalendarRow.objects.none()
    if path:
        above = CalendarRow.objects.filter(path__in=[*ancestors(path), path.split("C", 1)[0]])
        rows = above | CalendarRow.objects.filter(inside("path", path))
    shown: list[dict[str, Any]] = [
        {"row": row, "kind": DayKind(row.kind).label, "whom": _whom(row)}
        for row in rows.filter(ends__gte=since).order_by("-begins")
    ]
    places = _names(row["row"].path for row in shown)
    page = {
        "rows": shown,
        "places": places,
        "notices": [_notice(entry) for entry in reversed(notices())],
    }
    for row in shown:
        row["place"] = places.get(row["row"].path, "")
    return render(request, "accounts/calendar.html", page)


def _notice(entry: dict) -> dict:
    days = [
        (date.fromisoformat(a), date.fromisoformat(b), name) for a, b, name in entry["holidays"]
    ]
    up = [(date.fromisoformat(day), name) for day, name in entry["make_up"]]
    return {"year": entry["year"], "notice": entry["notice"], "holidays": days, "make_up": up}


def _whom(row: CalendarRow) -> str:
    parts = {
        "primary": "小学",
        "junior": "初中",
    }
    told = [parts[row.stage]] if row.stage else []
    told += [f"{row.grades} 年级"] if row.grades else []
    told += ["住校生"] if row.boarders else []
    told += [f"{row.community}族"] if row.community else []
    return "、".join(told) or "全部"


def _names(paths) -> dict[str, str]:
    wanted = set(paths)
    from_regions = dict(Region.objects.filter(path__in=wanted).values_list("path", "name"))
    schools = School.objects.filter(path__in=wanted)
    return from_regions | dict(schools.values_list("path", "name"))


@open_to(*READERS)
def policy(request: Request) -> HttpResponse:
    """Every threshold in force today at this user's place, with its source."""
    path = home_path(request)
    policies = place_rules_of(path).policies if path else None
    rows = []
    for threshold in THRESHOLDS.values():
        row = policies.setting(threshold.key, path, today()) if policies else None
        rows.append(
            {
                "threshold": threshold,
                "setting": row,
                "own": row is not None and bool(row.path),
                "wrong": row.wrong if row else "",
            }
        )
    return render(request, "accounts/policy.html", {"rows": rows})


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
    """Apply a previewed file. First passwords come back as a file, once."""
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
    if door == USERS.name and answer.given:
        header = ["用户名", "姓名", "初始密码"]
        sheet = Sheet("初始密码", header, answer.given, widths=[16, 12, 16])
        return pages.workbook_download("first-passwords.xlsx", [sheet])
    return _bring_page(request, door, {"done": _done(door, outcome)})


def _done(door: str, outcome: Outcome) -> str:
    if door == CALENDAR.name:
        return f"已录入 {outcome.created} 条，{outcome.unchanged} 条原来就有。"
    if door == USERS.name:
        ended = f"，名单外离任 {outcome.ended}" if outcome.ended else ""
        return (
            f"已提交：新增 {outcome.created}，换班和改名 {outcome.updated}，"
            f"不变 {outcome.unchanged}{ended}。新的任职由安全管理员启用后生效。"
        )
    return f"已导入：新增 {outcome.created}，改动 {outcome.updated}，无变化 {outcome.unchanged}。"
