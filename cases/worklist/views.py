"""The work list (在办个案)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.enums import (
    CHILD_READERS,
    COUNTY_ROLES,
    SCHOOL_ROLES,
    Access,
    Role,
)
from accounts.gate import open_to
from accounts.requests import Request
from attendance.overview import schools_day
from cases.worklist.rows import Filters, worklist
from cases.worklist.waiting import waits_for
from regions.clock import now, today
from regions.days import PlaceRules, place_rules_of
from regions.refusals import NoCalendar, undecided_classes

SEE_SCHOOLS = COUNTY_ROLES | {Role.CENTRAL, Role.TOWNSHIP}
EXPORTERS = COUNTY_ROLES | SCHOOL_ROLES | {Role.TOWNSHIP}
SELECTS = [("township", "乡镇"), ("village", "村"), ("school", "学校"), ("step", "步骤")]


@open_to(*CHILD_READERS)
@require_http_methods(["GET", "POST"])
def worklist_page(request: Request) -> HttpResponse:
    """The open cases within reach by what is due; searched by POST, so no name stands in a log."""
    filters = _filters(request)
    page = worklist(request.user, filters, on=today(), whole="all" in request.GET)
    access.log(Access.LIST, "cases", by=request.user, scope="在办个案", request=request)
    context = {
        "page": page,
        "filters": filters,
        "selects": _selects(page.choices, filters),
        "waits": waits_for(request.user, page.rows),
        "may_export": request.user.reach.holds(*EXPORTERS),
    }
    if not page.total.total:
        context |= _registers_today(request)
    return render(request, "cases/worklist.html", context)


def _filters(request: Request) -> Filters:
    given = request.POST if request.method == "POST" else request.GET
    chosen = {name: given.get(name, "")[:64] for name, _ in SELECTS}
    words = request.POST.get("words", "").strip()[:40]
    return Filters(phase=request.GET.get("phase", ""), words=words, **chosen)


def _selects(choices: dict, filters: Filters) -> list[dict]:
    """The filters that have something to choose between."""
    return [
        {"name": name, "label": label, "options": choices[name], "chosen": getattr(filters, name)}
        for name, label in SELECTS
        if len(choices[name]) > 1 or getattr(filters, name)
    ]


def _registers_today(request: Request) -> dict:
    """What an empty list rests on: how many classes have submitted today."""
    paths = request.user.reach.paths(*SEE_SCHOOLS)
    if not paths:
        return {"today_said": f"截至 {now():%H:%M}。学校确认未到校预警后，个案会出现在这里。"}
    place_rules = place_rules_for(request, paths[0])
    try:
        lines = schools_day(paths, today(), place_rules, request.user)
    except NoCalendar as refusal:
        return {"no_calendar": str(refusal)}
    due, taken = sum(line.due for line in lines), sum(line.taken for line in lines)
    if undecided := sum(line.undecided for line in lines):
        return {"no_calendar": undecided_classes(undecided)}
    said = f"截至 {now():%H:%M}，辖区 {len(lines)} 所学校今天的考勤已报 {taken} / {due} 个班。"
    if not due:
        said = "今天辖区没有要报考勤的班（不上课，或没有学校）。"
    return {"today_said": said, "today_missing": due - taken, "may_see_schools": True}


def place_rules_for(request: Request, path: str) -> PlaceRules:
    place_rules = place_rules_of(path)
    request.place_rules = place_rules
    return place_rules
