"""校历 by clicks: read, entered, ended, asked for, decided."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import CLASS_ROLES, EVERYONE, REFERRAL_ROLES, SCHOOL_STAFF, Role
from accounts.gate import open_to
from accounts.places import calendar_rows
from accounts.places.calendar_rows import Draft
from accounts.places.calendar_scopes import class_scope
from accounts.requests import Request
from accounts.rights import AdminRight, may
from attendance.next_check import next_check
from attendance.school_year.effects import Effect, changed, effect_of
from attendance.school_year.forms import EndForm, RowForm
from attendance.school_year.looking import look_or_act
from attendance.school_year.months import KEYS
from attendance.school_year.page import (
    LAYERS,
    Place,
    asked_year,
    home_path,
    named,
    place_at,
    rules_for,
    schools_of,
    whom,
    year_page,
)
from regions.clock import now, today
from regions.days import PlaceRules, as_rule, place_rules_of
from regions.enums import DayKind, Level, RowState
from regions.models import CalendarRow, Region, SchoolClass
from regions.paths import COUNTY, county_of, inside
from regions.refusals import Refused
from regions.rules.calendar_gaps import BUREAU_LOOKS, SCHOOLS_LOOK
from regions.rules.values import iso_day

READERS = EVERYONE - REFERRAL_ROLES
WRITERS = SCHOOL_STAFF | {Role.CENTRAL, Role.BUREAU, Role.SYSTEM_ADMIN}
ENDERS = WRITERS | CLASS_ROLES  # a class teacher takes back what the register's page asked for
ONE_DAY = timedelta(days=1)


@open_to(*READERS)
def calendar(request: Request) -> HttpResponse:
    """The year of a place, month by month; a day that is clicked shows what it rests on."""
    return _year(request)


def _year(request: Request, error: str = "", status: int = 200) -> HttpResponse:
    schools = schools_of(request.user)
    place = _place(request, schools)
    if place is None:
        return render(request, "attendance/calendar_none.html")
    rules = rules_for(place)
    request.place_rules = rules
    asked = request.GET
    grade = int(asked["grade"]) if asked.get("grade", "") in set("123456789") - {""} else 0
    page = year_page(
        place, rules, by=request.user, on=today(), year=asked_year(asked.get("year", ""), today()),
        grade=grade, boarders=asked.get("who") == "boarders", layer=asked.get("layer", ""),
        day=iso_day(asked.get("day", "")),
    )  # fmt: skip
    context = {
        "page": page,
        "keys": KEYS,
        "layers": LAYERS,
        "schools": schools if len(schools) > 1 else [],
        "may_add": _verb_of(request) is not None,
        "may_settle": may(AdminRight.CALENDAR, request.user, over=county_of(place.path)),
        "asks": request.user.reach.holds(*SCHOOL_STAFF),
        "warn": warning(request, page.undecided_from),
        "error": error,
    }
    return render(request, "attendance/calendar.html", context, status=status)


def warning(request: Request, first: date | None) -> bool:
    """Is the first undecided day near enough to be told: the bureau earlier than the schools?"""
    if first is None:
        return False
    from_here = first - today()
    soon = BUREAU_LOOKS if _is_bureau(request) else SCHOOLS_LOOK
    return from_here <= soon


def _is_bureau(request: Request) -> bool:
    return request.user.reach.holds(Role.BUREAU, Role.SYSTEM_ADMIN, Role.COUNTY_OFFICE)


def _place(request: Request, schools: list[Place]) -> Place | None:
    """The school or place asked for, within reach; else the user's own."""
    code = request.GET.get("place", "")
    if code:
        found = next((place for place in schools if place.code == code), None)
        if found is None:
            raise Http404
        return found
    home = home_path(request.user)
    return place_at(home) if home else None


@dataclass(frozen=True, slots=True)
class Entering:
    """What this person does with a row: the verb, the words of its button and of what was done."""

    verb: Callable[..., CalendarRow]
    check: Callable[..., CalendarRow]
    title: str
    press: str
    done: str


ADDS = Entering(calendar_rows.add_row, calendar_rows.checked_row, "加一段校历", "录入", "已录入：")
SUSPENDS = Entering(
    calendar_rows.add_row, calendar_rows.checked_row, "班级停课", "决定停课", "已停课："
)
ASKS = Entering(
    calendar_rows.ask_closure, calendar_rows.checked_closure, "申请停课", "申请停课", "已申请停课："
)


def _verb_of(request: Request) -> Entering | None:
    reach = request.user.reach
    if reach.holds(Role.BUREAU, Role.SYSTEM_ADMIN):
        return ADDS
    if reach.holds(*SCHOOL_STAFF):
        return ASKS
    return SUSPENDS if reach.holds(Role.CENTRAL) else None


@open_to(*WRITERS)
@require_http_methods(["GET", "POST"])
def calendar_add(request: Request) -> HttpResponse:
    """Fill in a row, see what it touches, then save it."""
    entering = _verb_of(request) or ADDS
    form = RowForm(
        request.POST or None, places=_places_for(request, entering), asks=entering is ASKS,
        initial=_initial(request),
    )  # fmt: skip
    by, on = request.user, today()
    look = look_or_act(
        request, form,
        lambda: _preview_of(form.draft, request, entering),
        lambda: entering.verb(form.draft, by=by, on=on),
    )  # fmt: skip
    if look.result:
        messages.success(
            request, f"{entering.done}{_said(look.result)}。{_until_then(look.result)}"
        )
        return redirect("attendance:calendar")
    context = {"form": form, "entering": entering, "asks": entering is ASKS, "look": look}
    context["when"] = "核准以后几分钟内" if entering is ASKS else _when(request)
    return render(request, "attendance/calendar_add.html", context)


def _when(request: Request) -> str:
    """When the alerts that a change of past days brings are raised and taken back."""
    path = home_path(request.user)
    return next_check(path, place_rules_of(path).policies, at=now()).when if path else ""


def _until_then(row: CalendarRow) -> str:
    """What a closure that was asked for is until somebody decides."""
    if row.state != RowState.PROPOSED:
        return ""
    return "核定前是停课待核。" if row.holds_day else "核准前照常上课、照常点名。"


def _initial(request: Request) -> dict[str, Any]:
    day = iso_day(request.GET.get("day", "")) or today()
    return {"begins": day, "ends": day, "kind": request.GET.get("kind", DayKind.CLOSURE)}


def _places_for(request: Request, entering: Entering) -> list[tuple[str, str]]:
    """The places this person may enter a row for, as scopes with their names."""
    schools = schools_of(request.user)
    if entering is ADDS:
        return [*_regions_for(request), *((one.code, one.name) for one in schools)]
    mine = [one for one in schools if may(_right(entering), request.user, over=one.path)]
    whole = [(one.code, f"{one.name}（全校）") for one in mine] if entering is ASKS else []
    return whole + _classes_of(mine)


def _right(entering: Entering) -> AdminRight:
    return AdminRight.ASK_CLOSURE if entering is ASKS else AdminRight.SUSPEND_CLASS


def _classes_of(schools: list[Place]) -> list[tuple[str, str]]:
    paths = [one.path for one in schools]
    rows = SchoolClass.objects.at(*paths).running(today()).select_related("school")
    rows = rows.order_by("path")
    return [(class_scope(one), f"{one.school.name} {one.label(today())}") for one in rows]


def _regions_for(request: Request) -> list[tuple[str, str]]:
    """The county, and its townships; for the system administrator also what stands above."""
    found = Region.objects.filter(level__lte=Level.TOWNSHIP, codes__ended=None)
    if not request.user.reach.holds(Role.SYSTEM_ADMIN):
        county = county_of(home_path(request.user))
        found = found.filter(inside("path", county)) if county else found.none()
    return list(found.order_by("path").values_list("codes__code", "name"))


def _said(row: CalendarRow) -> str:
    days = f"{row.begins}" if row.begins == row.ends else f"{row.begins} 至 {row.ends}"
    return f"{days} {DayKind(row.kind).label}"


def _preview_of(draft: Draft, request: Request, entering: Entering) -> Effect:
    """What the row would do; of a closure that is asked for, what approving it would do."""
    row = entering.check(draft, by=request.user, on=today())
    rules = _county_rules(row)
    return _effect(row, rules, changed(rules.calendar, add=[as_rule(row)]))


def _county_rules(row: CalendarRow) -> PlaceRules:
    return place_rules_of(county_of(row.path) if len(row.path) >= COUNTY else row.path)


def _effect(row: CalendarRow, rules: PlaceRules, after: Any, first: date | None = None) -> Effect:
    last = max(row.ends, row.begins)
    return effect_of(row.path, first or row.begins, last, rules, after, on=today())


@open_to(*ENDERS)
@require_http_methods(["GET", "POST"])
def calendar_end(request: Request, pk: int) -> HttpResponse:
    """撤销 a row or let it end earlier: first what that touches, then the act."""
    row = _reached(request, pk)
    form = EndForm(request.POST or None, begins=row.begins, ends=row.ends, state=row.state)
    by, on = request.user, today()
    look = look_or_act(
        request, form,
        lambda: _effect_of_end(row, form.cleaned_data, request),
        lambda: calendar_rows.end_row(pk, **form.told, by=by, on=on),
    )  # fmt: skip
    if look.done:
        last = form.told["last"]
        messages.success(request, f"已{f'提前到 {last} 结束' if last else '撤销'}：{_said(row)}。")
        return redirect("attendance:calendar")
    proposed = row.state == RowState.PROPOSED
    title = "撤回停课申请" if proposed else "撤销或提前结束" if form.may_shorten else "撤销"
    context = {"form": form, "row": row, "said": _said(row), "whom": whom(row), "look": look}
    context |= {"title": title, "press": "撤回申请" if proposed else "确定", "when": _when(request)}
    return render(request, "attendance/calendar_end.html", context)


def _effect_of_end(row: CalendarRow, told: dict[str, Any], request: Request) -> Effect:
    last = told.get("last")
    calendar_rows.refuse_end(row, last=last, reason=told["reason"], by=request.user)
    rules, rule = _county_rules(row), as_rule(row)
    rest = [replace(rule, ends=last)] if last and rule.begins <= last < rule.ends else []
    after = changed(rules.calendar, drop=[rule], add=rest)
    return _effect(row, rules, after, last + ONE_DAY if rest and last else None)


def _reached(request: Request, pk: int) -> CalendarRow:
    """The row, where one of this person's seats covers its place or stands below it."""
    row = get_object_or_404(CalendarRow, pk=pk)
    seats = [held.path for held in request.user.reach.seats if held.path]
    everywhere = request.user.reach.holds(Role.SYSTEM_ADMIN)
    if not everywhere and not any(row.path.startswith(path) for path in seats):
        raise Http404
    return row


@open_to(Role.CENTRAL, Role.BUREAU)
@require_http_methods(["GET", "POST"])
def calendar_decide(request: Request, pk: int) -> HttpResponse:
    """核定 a school's closure: what approving it touches, then yes or no."""
    row = _reached(request, pk)
    if request.method == "POST":
        agreed = request.POST.get("answer") == "yes"
        words = request.POST.get("words", "").strip()
        try:
            calendar_rows.decide_closure(
                pk, agreed=agreed, words=words, by=request.user, on=today()
            )
        except Refused as refusal:
            return _decide_page(request, row, str(refusal), status=409)
        messages.success(request, f"{'已核准' if agreed else '已不同意'}：{_said(row)}。")
        return redirect("attendance:calendar")
    return _decide_page(request, row)


def _decide_page(
    request: Request, row: CalendarRow, error: str = "", status: int = 200
) -> HttpResponse:
    rules, rule = _county_rules(row), as_rule(row)
    refused = changed(rules.calendar, drop=[rule])
    context = {
        "row": row,
        "said": _said(row),
        "place": named(row),
        "error": error,
        "when": _when(request),
        "may_decide": row.state == RowState.PROPOSED
        and calendar_rows.may_decide(row, request.user),
        "effect": _effect(row, replace(rules, calendar=refused), changed(refused, add=[rule])),
    }
    return render(request, "attendance/calendar_decide.html", context, status=status)


@open_to(Role.BUREAU, Role.SYSTEM_ADMIN)
@require_POST
def calendar_settle(request: Request, year: int) -> HttpResponse:
    """核定 a calendar year of one's county."""
    county = get_object_or_404(Region, path=county_of(home_path(request.user)))
    source = request.POST.get("source", "").strip()
    try:
        calendar_rows.settle_year(year, county, source=source, by=request.user, on=today())
    except Refused as refusal:
        return _year(request, str(refusal), status=409)
    messages.success(request, f"已核定 {year} 年校历。")
    return redirect("attendance:calendar")
