"""月报告: who has reported, one school's month, drafting, signing and correcting it."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import access
from accounts.enums import SCHOOL_STAFF, Access
from accounts.gate import open_to
from accounts.requests import Request
from regions.clock import today
from regions.models import School
from regions.paths import inside_any
from regions.refusals import Refused
from reports.forms import CorrectForm, ReportForm
from reports.monthly import page as report_page
from reports.monthly import reports as months
from reports.queries.places import WATCHERS

YEARS = range(2000, 2100)


def _month(said: str) -> date:
    try:
        month = date.fromisoformat(f"{said}-01")
    except ValueError:
        raise Http404 from None
    if month.year not in YEARS:
        raise Http404
    return month


def _school(request: Request, code: str) -> School:
    reached = School.objects.filter(inside_any("path", request.user.reach.paths(*WATCHERS)))
    return get_object_or_404(reached, code=code)


@open_to(*WATCHERS)
def monthly(request: Request) -> HttpResponse:
    """Who has reported a month; a school's own months where one school is all there is."""
    on = today()
    asked = _month(request.GET["month"]) if request.GET.get("month") else months.month_of(on)
    listed = months.month_at(request.user.reach.paths(*WATCHERS), asked, on)
    access.log(Access.LIST, "monthly", by=request.user, scope=f"{asked:%Y-%m}", request=request)
    if len(listed.lines) == 1 and "month" not in request.GET:
        return redirect("reports:month_report", listed.lines[0].school.code, f"{asked:%Y-%m}")
    context = {"listed": listed, "months": months.months_back(on), "on": on}
    return render(request, "reports/monthly.html", context)


@open_to(*WATCHERS)
def report(request: Request, code: str, month: str) -> HttpResponse:
    """One school's month: the newest edition, and those before it."""
    return _report(request, _school(request, code), _month(month))


def _report(
    request: Request, school: School, month: date, *, said: str = "", form=None
) -> HttpResponse:
    page = report_page.report_page(request.user, school, month, today())
    access.log(
        Access.LIST,
        "month_report",
        school.code,
        by=request.user,
        scope=f"{month:%Y-%m}",
        request=request,
    )
    newest = page.newest
    draft_form = form or ReportForm(initial={"note": newest.note if newest else ""})
    context = {"page": page, "refusal": said, "form": draft_form, "correct_form": CorrectForm()}
    status = 409 if said else 200
    return render(request, "reports/month_report.html", context, status=status)


def _done(
    request: Request, code: str, month: str, roles, act: Callable[[date], object], done: str
) -> HttpResponse:
    """Do one act on a month; a refusal stands on the page."""
    school, of = _school(request, code), _month(month)
    if not request.user.reach.holds(*roles, over=school.path):
        raise PermissionDenied(months.NOT_DRAFTER)
    try:
        act(of)
    except Refused as refusal:
        return _report(request, school, of, said=str(refusal))
    messages.success(request, done)
    return redirect(reverse("reports:month_report", args=[code, month]))


@open_to(*SCHOOL_STAFF)
@require_POST
def draft(request: Request, code: str, month: str) -> HttpResponse:
    """Draw the draft, or draw it again."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _report(request, _school(request, code), _month(month), form=form)
    note = form.cleaned_data["note"]
    return _done(
        request,
        code,
        month,
        months.DRAFTERS,
        lambda of: months.draft(code, of, by=request.user, on=today(), note=note),
        "已拟稿。核对后请校长签字上报。",
    )


@open_to(*months.SIGNERS)
@require_POST
def sign(request: Request, code: str, month: str) -> HttpResponse:
    """The principal signs what was on the screen."""
    seen = request.POST.get("seen", "")
    return _done(
        request,
        code,
        month,
        months.SIGNERS,
        lambda of: months.sign(code, of, by=request.user, on=today(), seen=seen),
        "已签字上报。",
    )


@open_to(*SCHOOL_STAFF)
@require_POST
def correct(request: Request, code: str, month: str) -> HttpResponse:
    """A new edition of a signed report, with its reason."""
    reason = request.POST.get("reason", "")
    return _done(
        request,
        code,
        month,
        months.DRAFTERS,
        lambda of: months.correct(code, of, by=request.user, on=today(), reason=reason),
        "已更正，原来的一版保留。核对后请校长再签字上报。",
    )
