"""在办个案 and one case: what is due, what happened, what is next."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts import access
from accounts.enums import CHILD_READERS, REFERRAL_ROLES, Access
from accounts.gate import open_to
from accounts.inline import show_file
from accounts.models import User
from accounts.requests import Request
from cases.case_file.page import case_page, files_of, history_of
from cases.contacts import acts as contacts
from cases.ladder import acts as ladder
from cases.models import Case
from cases.papers import acts as papers
from cases.worklist.views import place_rules_for
from regions.clock import today
from regions.days import PlaceRules

READERS = CHILD_READERS | REFERRAL_ROLES


@open_to(*READERS)
def case(request: Request, uid: str) -> HttpResponse:
    """One case; one access row for the child."""
    found = _case(request, uid)
    place_rules = place_rules_for(request, found.county_path)
    topic = request.GET.get("log", "")
    page = case_page(found, request.user, today(), place_rules, topic)
    access.log(Access.VIEW, "student", found.student.uid, by=request.user, request=request)
    return render(request, "cases/case.html", _context(request, page, place_rules))


def _case(request: Request, uid: str) -> Case:
    reached = Case.objects.visible_to(request.user).select_related(
        "student__household_region",
        "student__residence_region",
        "previous",
        "finding__alert",
        "placed_class__school",
    )
    return get_object_or_404(reached, uid=uid)


def _context(request: Request, page, place_rules: PlaceRules) -> dict:
    watch, closing = page.watch, page.closing
    urls = {button.label: button.url for button in [*page.buttons, *page.more]}
    back = _back(request.user)
    number, path = place_rules.policies.number, page.case.county_path
    days, percent = (number(f"observation_{key}", path, today()) for key in ("days", "percent"))
    return {
        "page": page,
        "watch": watch,
        "closing": closing,
        "rules_url": reverse("cases:rules"),
        "back_url": back[0],
        "back_label": back[1],
        "evidence_url": urls.get(contacts.EVIDENCE.label, ""),
        "issue_url": urls.get(papers.ISSUE.label, ""),
        "advance_url": urls.get(ladder.ADVANCE.label, ""),
        "criticise_url": urls.get(ladder.CRITICISE.label, ""),
        "observation_said": f"连续 {days} 个教学日，到校 ≥ {percent} %，没有新的未到预警",
    }


def _back(user: User) -> tuple[str, str]:
    if user.reach.holds(*CHILD_READERS):
        return reverse("cases:worklist"), "在办个案"
    return reverse("cases:referred"), "移送个案"


@open_to(*READERS)
def evidence_file(request: Request, uid: str, file_id: int) -> FileResponse:
    """A file laid beside a case, for whoever reaches the case; one access row per look."""
    found = _case(request, uid)
    shown = files_of(found, history_of(found, request.user)[1])
    file = next((one for one in shown if one.pk == file_id), None)
    if file is None:
        raise Http404
    return show_file(request, file, uid=found.student.uid, scope="个案证据")
