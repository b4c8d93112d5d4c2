"""在办个案 and one case: what is due, what happened, what is next."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.enums import (
    CLASS_ROLES,
    COUNTY_ROLES,
    HOME_ROLES,
    REFERRAL_ROLES,
    SCHOOL_ROLES,
    Access,
    Role,
)
from accounts.gate import open_to
from accounts.models import User
from attendance.overview import schools_day
from cases.case_file.page import case_page, files_of, history_of
from cases.models import Case
from cases.worklist.buttons import OFFERS
from cases.worklist.rows import Filters, worklist
from cases.worklist.waiting import waits_for
from regions.clock import now, today
from regions.days import Land, land_of
from regions.refusals import NoCalendar

WORKERS = CLASS_ROLES | SCHOOL_ROLES | HOME_ROLES | COUNTY_ROLES
READERS = WORKERS | REFERRAL_ROLES
SEE_SCHOOLS = COUNTY_ROLES | {Role.CENTRAL, Role.TOWNSHIP}
EXPORTERS = COUNTY_ROLES | SCHOOL_ROLES | {Role.TOWNSHIP}
SELECTS = [("township", "乡镇"), ("village", "村"), ("school", "学校"), ("step", "步骤")]
DONE = {offer.name: offer.label for offer in OFFERS} | {"word": "签署意见"}


@open_to(*WORKERS)
@require_http_methods(["GET", "POST"])
def worklist_page(request: HttpRequest) -> HttpResponse:
    """The open cases within reach by what is due; searched by POST, so no name stands in a log."""
    filters = _filters(request)
    page = worklist(request.user, filters, whole="all" in request.GET)
    access.log(Access.LIST, "cases", by=request.user, scope="在办个案", request=request)
    context = {
        "page": page, "filters": filters, "selects": _selects(page.choices, filters),
        "waits": waits_for(request.user, page.rows),
        "may_export": request.user.reach.holds(*EXPORTERS),
    }  # fmt: skip
    if not page.total.total:
        context |= _registers_today(request)
    return render(request, "cases/worklist.html", context)


def _filters(request: HttpRequest) -> Filters:
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


def _registers_today(request: HttpRequest) -> dict:
    """What an empty list rests on: how many classes have submitted today."""
    paths = request.user.reach.paths(*SEE_SCHOOLS)
    if not paths:
        return {"today_said": f"截至 {now():%H:%M}。学校确认未到校预警后，个案会出现在这里。"}
    land = _land(request, paths[0])
    try:
        lines = schools_day(paths, today(), land, request.user)
    except NoCalendar as undecided:
        return {"no_calendar": str(undecided)}
    due, taken = sum(line.due for line in lines), sum(line.taken for line in lines)
    said = f"截至 {now():%H:%M}，辖区 {len(lines)} 所学校今天的考勤已报 {taken} / {due} 个班。"
    if not due:
        said = "今天辖区没有要报考勤的班（不上课，或没有学校）。"
    return {"today_said": said, "today_missing": due - taken, "may_see_schools": True}


def _land(request: HttpRequest, path: str) -> Land:
    land = land_of(path)
    request.land = land
    return land


@open_to(*READERS)
def case(request: HttpRequest, uid: str) -> HttpResponse:
    """One case; one access row for the child."""
    found = _case(request, uid)
    land = _land(request, found.county_path)
    topic = request.GET.get("log", "")
    page = case_page(found, request.user, today(), land, topic)
    access.log(Access.VIEW, "student", found.student.uid, by=request.user, request=request)
    return render(request, "cases/case.html", _context(request, page, land))


def _case(request: HttpRequest, uid: str) -> Case:
    reached = Case.objects.visible_to(request.user).select_related(
        "student__household_region", "student__residence_region", "previous", "finding",
        "placed_class__school",
    )  # fmt: skip
    return get_object_or_404(reached, uid=uid)


def _context(request: HttpRequest, page, land: Land) -> dict:
    watch, closing = page.watch, page.closing
    urls = {button.label: button.url for button in [*page.buttons, *page.more] if button}
    back = _back(request.user)
    number, path = land.policies.number, page.case.county_path
    days, percent = (number(f"observation_{key}", path, today()) for key in ("days", "percent"))
    return {
        "page": page,
        "watch": watch,
        "closing": closing,
        "rules_url": reverse("cases:rules"),
        "back_url": back[0],
        "back_label": back[1],
        "done": _done(request.GET.get("done", "")),
        "evidence_url": urls.get("上传证据", ""),
        "issue_url": urls.get("制发文书", ""),
        "advance_url": urls.get("进入下一步", ""),
        "criticise_url": urls.get("登记批评教育", ""),
        "observation_said": f"连续 {days} 个教学日，到校 ≥ {percent} %，没有新的未到预警",
    }


def _back(user: User) -> tuple[str, str]:
    if user.reach.holds(*WORKERS):
        return reverse("cases:worklist"), "在办个案"
    return reverse("cases:referred"), "移送个案"


def _done(name: str) -> str:
    """The fact repeated after an act; a name nobody knows says nothing."""
    return f"已保存：{DONE[name]}。写在下面的经过里。" if name in DONE else ""


@open_to(*READERS)
def evidence_file(request: HttpRequest, uid: str, file_id: int) -> HttpResponse:
    """A file laid beside a case, for whoever reaches the case; one access row per look."""
    found = _case(request, uid)
    shown = files_of(found, history_of(found, request.user)[1])
    file = next((one for one in shown if one.pk == file_id), None)
    if file is None:
        raise Http404
    access.log(
        Access.VIEW, "student", found.student.uid, by=request.user, scope="个案证据",
        request=request,
    )  # fmt: skip
    response = FileResponse(file.file.open("rb"), content_type=file.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
