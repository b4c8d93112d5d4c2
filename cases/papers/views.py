"""The pages of papers: issue, print, serve, void, record; and the visit form."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
from accounts.gate import open_to
from accounts.models import Attachment
from accounts.versions import Conflict
from cases import legal_basis
from cases.enums.records import PaperKind
from cases.models import Case, Contact, Paper
from cases.papers import issuing, recording, serving
from cases.papers.forms import CompleteForm, PaperIssueForm, RecordForm, ServeForm, VoidForm
from cases.papers.pages import blank_visit, paper_page, visit_sheet
from cases.papers.permissions import FILES
from cases.permissions import ORDERS, REFUSALS, WITHHELD, CaseRight, may, withheld_from
from regions.clock import today
from regions.days import place_rules_of
from regions.refusals import Refused
from regions.values import number_of
from students.models import Guardian

ISSUE, RECORD, SERVE, VOID = "制发责令限期改正通知书", "补录文书", "登记送达", "作废文书"
VISITORS = CLASS_ROLES | SCHOOL_ROLES | HOME_ROLES | COUNTY_ROLES
READERS = VISITORS | REFERRAL_ROLES


def _case(request: HttpRequest, uid: str, act: CaseRight | None = None) -> Case:
    """The case within reach, and 403 with a sentence where this is not the reader's to do."""
    reached = Case.objects.visible_to(request.user).select_related("student")
    case = get_object_or_404(reached, uid=uid)
    if act and not may(request.user, act, case):
        raise PermissionDenied(REFUSALS[act])
    return case


def _paper(request: HttpRequest, uid: str, paper_uid: str, act: CaseRight | None = None) -> Paper:
    case = _case(request, uid, act)
    paper = get_object_or_404(case.papers.select_related("addressee"), uid=paper_uid)
    paper.case = case
    return paper


def _done(form: Form, case: Case, do: Callable[[], object]) -> bool:
    """Did the verb do it? Its sentence goes on the form, the filled-in words stay."""
    if not form.is_valid():
        return False
    try:
        do()
    except Conflict as conflict:
        form.add_error(None, f"{conflict}请看过现在的情况，再提交。")
        form.data = form.data.copy()
        form.data["version"] = Case.objects.get(pk=case.pk).version
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _given(form: Form, *without: str) -> dict:
    return {name: value for name, value in form.cleaned_data.items() if name not in without}


def _form_page(request: HttpRequest, case: Case, form: Form, title: str, **more) -> HttpResponse:
    access.log(Access.VIEW, "student", case.student.uid, by=request.user, request=request)
    page = {"case": case, "form": form, "title": title, "button": title} | more
    status = 409 if form.is_bound and form.errors else 200
    return render(request, "cases/act.html", page, status=status)


@open_to(*ORDERS)
@require_http_methods(["GET", "POST"])
def paper_issue(request: HttpRequest, uid: str) -> HttpResponse:
    """Issue a 责令限期改正通知书; its number is given when it is saved."""
    case = _case(request, uid, CaseRight.ISSUE)
    guardians = list(case.student.guardians.all())
    days = place_rules_of(case.county_path).policies.number("order_days", case.county_path, today())
    initial = {"version": case.version, "days": days, "person": request.user.name}
    form = PaperIssueForm(request.POST or None, guardians=guardians, initial=initial)
    issued: list[Paper] = []

    def do() -> None:
        chosen = form.cleaned_data["addressee"]
        issued.append(
            issuing.issue(
                uid, PaperKind.ORDER, by=request.user, on=today(),
                version=form.cleaned_data["version"], days=form.cleaned_data["days"],
                addressee=next((one for one in guardians if one.uid == chosen), None),
                text=_given(form, "version", "days", "addressee"),
            )
        )  # fmt: skip

    if request.method == "POST" and _done(form, case, do):
        return redirect("cases:paper", uid, issued[0].uid)
    shut = _why_nobody(case, guardians)
    return _form_page(request, case, form, ISSUE, refused="" if form.is_bound else shut)


def _why_nobody(case: Case, guardians: list[Guardian]) -> str:
    """Why an order can be issued to none of these people, or nothing where it can to one."""
    refusals = [issuing.why_not_issue(case, PaperKind.ORDER, one) for one in guardians or [None]]
    return "" if None in refusals else str(refusals[0])


@open_to(*ORDERS)
@require_http_methods(["GET", "POST"])
def paper_record(request: HttpRequest, uid: str) -> HttpResponse:
    """Record a paper that was made outside the portal."""
    case = _case(request, uid, CaseRight.ISSUE)
    guardians = list(case.student.guardians.all())
    allowed = legal_basis.of_place(case.county_path).filter(allows_fine=True)
    form = RecordForm(
        request.POST or None, request.FILES or None, guardians=guardians, bases=allowed,
        initial={"version": case.version},
    )  # fmt: skip

    def do() -> None:
        given = _given(form, "kind", "addressee", "remedies_not_told")
        chosen = form.cleaned_data["addressee"]
        recording.record_paper(
            uid, form.cleaned_data["kind"], by=request.user,
            addressee=next((one for one in guardians if one.uid == chosen), None),
            remedies_told=not form.cleaned_data["remedies_not_told"], **given,
        )  # fmt: skip

    if request.method == "POST" and _done(form, case, do):
        return redirect("cases:case", uid)
    return _form_page(request, case, form, RECORD, intro="平台外已有的文书，照原件登记")


@open_to(*ORDERS)
@require_http_methods(["GET", "POST"])
def paper_serve(request: HttpRequest, uid: str, paper_uid: str) -> HttpResponse:
    """Record how and when a paper was served: its periods start."""
    paper = _paper(request, uid, paper_uid, CaseRight.SERVE)
    initial = {"version": paper.case.version, "recipient": paper.addressee_name}
    form = ServeForm(request.POST or None, request.FILES or None, initial=initial)

    def do() -> None:
        serving.serve(paper_uid, by=request.user, **form.cleaned_data)

    if request.method == "POST" and _done(form, paper.case, do):
        return redirect("cases:case", uid)
    return _form_page(request, paper.case, form, SERVE, intro=paper.number)


@open_to(*ORDERS)
@require_http_methods(["GET", "POST"])
def paper_void(request: HttpRequest, uid: str, paper_uid: str) -> HttpResponse:
    """Void a paper, with the reason; the number stays."""
    paper = _paper(request, uid, paper_uid, CaseRight.VOID)
    form = VoidForm(request.POST or None, initial={"version": paper.case.version})

    def do() -> None:
        issuing.void(paper_uid, by=request.user, on=today(), **form.cleaned_data)

    if request.method == "POST" and _done(form, paper.case, do):
        return redirect("cases:case", uid)
    return _form_page(request, paper.case, form, VOID, intro=f"{paper.number}，编号保留")


@open_to(*READERS)
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, uid: str, paper_uid: str) -> HttpResponse:
    """The paper for the printer, numbers masked; with a reason, whole, and a row that stays."""
    found = _paper(request, uid, paper_uid, CaseRight.SERVE if request.method == "POST" else None)
    form = CompleteForm(request.POST or None)
    asked = request.method == "POST"
    complete = asked and form.is_valid()
    reason = form.cleaned_data["reason"] if complete else ""
    child, scope = found.case.student.uid, f"{found.label} {found.number}"
    log = {"by": request.user, "scope": scope, "reason": reason, "request": request}
    if complete:
        access.log(Access.REVEAL, "student", child, **log)
    access.log(Access.PRINT, "student", child, **log)
    page = paper_page(found, request.user, complete=complete) | {"form": form}
    status = 400 if asked and not complete else 200
    return render(request, "cases/papers/print.html", page, status=status)


@open_to(*READERS)
def paper_file(request: HttpRequest, uid: str, paper_uid: str, file_id: int) -> HttpResponse:
    """A scan laid beside a paper, for whoever reaches the case; one access row per look."""
    found = _paper(request, uid, paper_uid)
    file = get_object_or_404(Attachment.objects.filter(kind=FILES, uid=found.uid), pk=file_id)
    child = found.case.student.uid
    access.log(
        Access.VIEW, "student", child, by=request.user, scope=found.label, request=request
    )  # fmt: skip
    response = FileResponse(file.file.open("rb"), content_type=file.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@open_to(*VISITORS)
def visit_form(request: HttpRequest, uid: str) -> HttpResponse:
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
