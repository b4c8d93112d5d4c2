"""总览, 大屏, 名单 and 指标口径."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts import access
from accounts.enums import COUNTY_ROLES, LOOKING_ON, Access, Role
from accounts.gate import open_to
from accounts.requests import Request
from attendance.school_year.waiting import unanswered_closures
from regions.clock import today
from regions.days import PlaceRules, place_rules_of
from reports.enums import StudentStatus
from reports.overview import trend, wall_screen
from reports.overview.page import board
from reports.queries import places
from reports.queries.places import WATCHERS, Place
from reports.queries.snapshots import series
from reports.rules.indicators import INDICATORS
from reports.rules.student_status import EFFECTS


def _place_rules(request: Request, place: Place) -> PlaceRules:
    request.place_rules = place_rules_of(place.path)
    return request.place_rules


def place_or_404(request: Request, code: str) -> Place:
    found = places.find(code, request.user)
    if found is None:
        raise Http404
    return found


def places_or_404(request: Request) -> list[Place]:
    mine = places.own_places(request.user)
    if not mine:
        raise Http404
    return mine


@open_to(*WATCHERS, *LOOKING_ON)
def overview(request: Request) -> HttpResponse:
    """One's own place: a county, a township, a school. Who only looks on reads the numbers alone."""
    if request.user.reach.holds(*WATCHERS):
        mine = places_or_404(request)
        return _board(request, mine[0], mine)
    looked_on = places.places_looked_on(request.user)
    return _numbers(request, looked_on[0] if looked_on else None)


@open_to(*WATCHERS, *LOOKING_ON)
def place(request: Request, code: str) -> HttpResponse:
    """A place within reach."""
    found = places.find(code, request.user)
    if found is None and (looked_on := places.looked_on(code, request.user)):
        return _numbers(request, looked_on)
    if found is None:
        raise Http404
    if not found.part_level:
        raise Http404
    return _board(request, found, [])


def _board(request: Request, found: Place, mine: list[Place]) -> HttpResponse:
    page = board(request.user, found, today(), _place_rules(request, found))
    access.log(
        Access.LIST, "overview", found.code, by=request.user, scope=found.name, request=request
    )
    own = {one.code for one in mine} or {one.code for one in places.own_places(request.user)}
    context = {
        "page": page,
        "place": found,
        "is_own": found.code in own,
        "others": mine if len(mine) > 1 else [],
        "may_screen": found.level == "county" and request.user.reach.holds(*COUNTY_ROLES),
        "is_school": found.level == "school",
        "unanswered": unanswered_closures(request.user, today()) if found.code in own else None,
    }
    return render(request, "reports/overview.html", context)


def _numbers(request: Request, found: Place | None) -> HttpResponse:
    """A place in numbers: no list behind any, no child. None: a village, which has none of its own."""
    if found is None:
        return render(request, "reports/numbers.html", {"place": None, "is_own": True})
    page = board(request.user, found, today(), _place_rules(request, found))
    access.log(
        Access.LIST, "overview", found.code, by=request.user, scope=found.name, request=request
    )
    own = {one.code for one in places.places_looked_on(request.user)}
    context = {"page": page, "place": found, "is_own": found.code in own}
    return render(request, "reports/numbers.html", context)


@open_to(*COUNTY_ROLES)
def screen(request: Request) -> HttpResponse:
    """大屏: counts only, never a child's name, never a school of fewer than ten pupils."""
    found = places_or_404(request)[0]
    page = board(request.user, found, today(), _place_rules(request, found))
    access.log(Access.LIST, "screen", found.code, by=request.user, request=request)
    return render(request, "reports/screen.html", {"page": page, "wall": wall_screen.wall(page)})


@open_to(*WATCHERS)
def trend_table(request: Request, code: str) -> HttpResponse:
    """What the chart draws, as a table."""
    found, on = place_or_404(request, code), today()
    place_rules = _place_rules(request, found)
    days = series(found.path, trend.beginning(place_rules, found.path, on), on)
    access.log(
        Access.LIST, "overview", found.code, by=request.user, scope=found.name, request=request
    )
    drawn = trend.trend_of(days, place_rules, found.path, on)
    return render(request, "reports/trend.html", {"place": found, "trend": drawn})


@open_to(*WATCHERS, *LOOKING_ON, Role.TEACHER, Role.STAND_IN, Role.VILLAGE)
def indicators(request: Request) -> HttpResponse:
    """指标口径: every formula with its source, and what each bucket does to the rates."""
    effects = [
        (StudentStatus(student_status).label, effect) for student_status, effect in EFFECTS.items()
    ]
    return render(request, "reports/indicators.html", {"rows": INDICATORS, "effects": effects})
