"""The page of an alert: explain it, or confirm it and open the case."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import access
from accounts.enums import (
    CHILD_READERS,
    SCHOOL_STAFF,
    Access,
)
from accounts.gate import open_to, require
from accounts.inline import show_file
from accounts.models import Attachment
from accounts.requests import Request
from accounts.saving import sentence_of
from attendance import handling
from attendance.authorised_absences.pending import pending_of
from attendance.enums import AlertState
from attendance.forms import ExplainForm
from attendance.mark_disputes.lists import open_disputes
from attendance.models import AbsenceAlert
from attendance.records import AbsenceAssessment, assess
from attendance.rights import MAY, REFUSALS, RegisterRight
from attendance.strips import sentence, strip_of
from cases.contacts.recording import MAKERS, photos_of
from cases.intake.opening import open_from_alert
from cases.permissions import withheld_from
from regions.clock import today
from regions.days import PlaceRules, place_rules_of
from regions.paths import county_of
from regions.refusals import Refused
from regions.rules.values import number_of
from students.enums import AbsenceState
from students.models import Student


def assessment_of(student: Student, place_rules) -> AbsenceAssessment | None:
    answer = assess([student.pk], today(), place_rules).get(student.pk)
    return answer if isinstance(answer, AbsenceAssessment) else None


@open_to(*CHILD_READERS)
def alert(request: Request, alert_id: int) -> HttpResponse:
    """One alert: its proof day by day, its history, and what the school may do."""
    found = _alert(request, alert_id)
    access.log(Access.VIEW, "student", found.student.uid, by=request.user, request=request)
    return render(request, "cases/alert.html", _alert_page(request, found))


def _alert(request: Request, alert_id: int) -> AbsenceAlert:
    reached = AbsenceAlert.objects.visible_to(request.user)
    return get_object_or_404(reached.select_related("student", "handled_by"), pk=alert_id)


def _alert_to_handle(request: Request, alert_id: int) -> AbsenceAlert:
    found = _alert(request, alert_id)
    require(
        request.user,
        MAY[RegisterRight.HANDLE_ALERT],
        found.path,
        REFUSALS[RegisterRight.HANDLE_ALERT],
    )
    return found


def _alert_page(request: Request, found: AbsenceAlert, **forms) -> dict:
    place_rules = place_rules_of(county_of(found.path))
    request.place_rules = place_rules
    assessment = assessment_of(found.student, place_rules)
    holds = request.user.reach.holds
    is_open = found.state == AlertState.OPEN
    contacts = list(found.student.contacts.select_related("by"))
    return {
        "alert": found,
        "student": found.student,
        "strip": strip_of(assessment, place_rules.calendar) if assessment else [],
        "sentence": sentence(assessment) if assessment and assessment.run.unexplained else "",
        "disputed": open_disputes(found.student),
        "proof": found.proof,
        "waiting": _waiting(found, place_rules),
        "files": Attachment.objects.filter(kind=handling.PROOF, uid=str(found.pk)),
        "events": found.events.select_related("by"),
        "contacts": contacts,
        "photos": photos_of(contacts),
        "withheld": withheld_from(request.user, found.student, contacts),
        "may_handle": is_open and holds(*MAY[RegisterRight.HANDLE_ALERT], over=found.path),
        "may_contact": holds(*MAKERS),
        "explain_form": forms.get("explain") or ExplainForm(initial={"until": today()}),
        "confirm_error": forms.get("confirm_error", ""),
    }


def _waiting(found: AbsenceAlert, place_rules: PlaceRules) -> str:
    """等县批 2 天, where a request over the days of the alert waits for the bureau; else nothing."""
    rows = found.student.authorised.filter(
        state=AbsenceState.PASSED, first__lte=found.last, last__gte=found.first
    )
    return "；".join(one.said for one in pending_of(rows, today(), place_rules))


@open_to(*SCHOOL_STAFF)
@require_POST
def explain(request: Request, alert_id: int) -> HttpResponse:
    """Say why the child is out, with the proof seen."""
    found, form = _alert_to_handle(request, alert_id), _posted(request)
    if form.is_valid():
        try:
            handling.explain(
                alert_id,
                by=request.user,
                on=today(),
                version=_version(request),
                **form.cleaned_data,
            )
            messages.success(request, "原因已记下，报县教育体育局批准；批准前预警不撤下。")
            return redirect("cases:alert", alert_id)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
    return render(
        request, "cases/alert.html", _alert_page(request, found, explain=form), status=409
    )


@open_to(*CHILD_READERS)
def proof_file(request: Request, alert_id: int, file_id: int) -> FileResponse:
    """A file laid beside an alert, for whoever reaches the alert; one access row per look."""
    found = _alert(request, alert_id)
    laid = Attachment.objects.filter(kind=handling.PROOF, uid=str(found.pk))
    file = get_object_or_404(laid, pk=file_id)
    return show_file(request, file, uid=found.student.uid, scope="证明文件")


@open_to(*SCHOOL_STAFF)
@require_POST
def confirm(request: Request, alert_id: int) -> HttpResponse:
    """Say that nobody knows a good reason: a case opens from it."""
    found = _alert_to_handle(request, alert_id)
    note = request.POST.get("note", "").strip()
    try:
        case = open_from_alert(
            alert_id, by=request.user, on=today(), version=_version(request), note=note
        )
    except Refused as refusal:
        page = _alert_page(request, found, confirm_error=sentence_of(refusal))
        return render(request, "cases/alert.html", page, status=409)
    messages.success(request, "已确认无正当理由，个案已建立，转责任乡镇办理。")
    return redirect("cases:case", case.uid)


def _posted(request: Request) -> ExplainForm:
    return ExplainForm(request.POST, request.FILES)


def _version(request: Request) -> int:
    return number_of(request.POST.get("version", "")) or 0
