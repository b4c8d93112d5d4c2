"""The pages of papers beside their acts: the print, its scans, and the visit form."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.enums import (
    CLASS_ROLES,
    COUNTY_ROLES,
    HOME_ROLES,
    REFERRAL_ROLES,
    SCHOOL_ROLES,
    Access,
)
from accounts.gate import open_to, with_password
from accounts.inline import show_file
from accounts.models import Attachment
from accounts.requests import Request
from cases.models import Case, Contact, Paper
from cases.papers.forms import CompleteForm
from cases.papers.pages import blank_visit, paper_page, visit_sheet
from cases.papers.permissions import FILES
from cases.permissions import REFUSALS, WITHHELD, CaseRight, may, withheld_from
from regions.clock import today
from regions.rules.values import number_of

VISITORS = CLASS_ROLES | SCHOOL_ROLES | HOME_ROLES | COUNTY_ROLES
READERS = VISITORS | REFERRAL_ROLES


def _case(request: Request, uid: str, act: CaseRight | None = None) -> Case:
    """The case within reach, and 403 with a sentence where this is not the reader's to do."""
    reached = Case.objects.visible_to(request.user).select_related("student")
    case = get_object_or_404(reached, uid=uid)
    if act and not may(request.user, act, case):
        raise PermissionDenied(REFUSALS[act])
    return case


def _paper(request: Request, uid: str, paper_uid: str, act: CaseRight | None = None) -> Paper:
    case = _case(request, uid, act)
    paper = get_object_or_404(case.papers.select_related("addressee"), uid=paper_uid)
    paper.case = case
    return paper


@open_to(*READERS)
@with_password("POST")
@require_http_methods(["GET", "POST"])
def paper(request: Request, uid: str, paper_uid: str) -> HttpResponse:
    """The paper for the printer, numbers masked; with a reason, whole, and a row that stays."""
    found = _paper(request, uid, paper_uid, CaseRight.SERVE if request.method == "POST" else None)
    form = CompleteForm(request.POST or None)
    asked = request.method == "POST"
    complete = asked and form.is_valid()
    reason = form.cleaned_data["reason"] if complete else ""
    child, scope = found.case.student.uid, f"{found.label} {found.number}"
    looks = [Access.REVEAL, Access.PRINT] if complete else [Access.PRINT]
    for look in looks:
        access.log(
            look, "student", child, by=request.user, scope=scope, reason=reason, request=request
        )
    page = paper_page(found, request.user, complete=complete) | {"form": form}
    status = 400 if asked and not complete else 200
    return render(request, "cases/papers/print.html", page, status=status)


@open_to(*READERS)
def paper_file(request: Request, uid: str, paper_uid: str, file_id: int) -> FileResponse:
    """A scan laid beside a paper, for whoever reaches the case; one access row per look."""
    found = _paper(request, uid, paper_uid)
    file = get_object_or_404(Attachment.objects.filter(kind=FILES, uid=found.uid), pk=file_id)
    return show_file(request, file, uid=found.case.student.uid, scope=found.label)


@open_to(*VISITORS)
def visit_form(request: Request, uid: str) -> HttpResponse:
    """家访记录表 for the printer: for the next visit, of a recorded contact, or blank."""
    case = _case(request, uid)
    if "blank" in request.GET:
        return render(request, "cases/papers/visit.html", {"case": case, "sheet": blank_visit()})
    asked, contact = request.GET.get("contact", ""), None
    if asked:
        rows = Contact.objects.filter(student=case.student).select_related("by")
        contact = get_object_or_404(rows, pk=number_of(asked) or 0)
        if withheld_from(request.user, case.student, [contact]):
            raise PermissionDenied(WITHHELD)
    child = case.student.uid
    access.log(Access.PRINT, "student", child, by=request.user, scope="家访记录表", request=request)
    sheet = visit_sheet(case, contact, request.user, today())
    return render(request, "cases/papers/visit.html", {"case": case, "sheet": sheet})
