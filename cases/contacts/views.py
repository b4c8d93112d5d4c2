"""记家访: a contact written down under the thumb, the call before it, the photo beside it."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, drafts, unsent
from accounts.day_fields import happens_in
from accounts.enums import CLASS_ROLES, COUNTY_ROLES, HOME_ROLES, SCHOOL_ROLES, Access
from accounts.gate import open_to
from accounts.inline import show_file
from accounts.models import Attachment
from accounts.requests import Request
from accounts.saving import attempt
from cases.contacts.forms import ContactForm
from cases.contacts.recording import CONTACT_FILE, MAKERS, record_contact
from cases.models import Case, Contact
from cases.permissions import (
    REFUSALS,
    WITHHELD,
    CaseRight,
    acting,
    reachable,
    seats_for,
    withheld_from,
)
from regions.clock import today
from regions.refusals import Refused
from regions.rules.values import number_of
from students.models import Student

CALLING = "拨打监护人电话"
FILLED_ALREADY = {"way", "when", "on"}  # without anybody's doing
WRITTEN = set(ContactForm.base_fields) - {"photo", "client_key"}


@open_to(*MAKERS)
@require_http_methods(["GET", "POST"])
def contact(request: Request, uid: str) -> HttpResponse:
    """Log a visit, call, letter or talk; nobody met is a result too."""
    student, case = _child(request, uid)
    day, draft = today(), _draft(request)
    initial: dict[str, Any] = {
        "when": day.isoformat(),
        "on": day,
        "client_key": uuid4(),
        "way": "visit",
        **draft,
        **({"way": request.GET["way"]} if "way" in request.GET else {}),
    }
    form = ContactForm(request.POST or None, request.FILES or None, day=day, initial=initial)
    if case:
        happens_in(form, case.began_on)
    if form.is_valid():
        told = form.told()
        saved = attempt(form, lambda: record_contact(student, by=request.user, on=day, **told))
        if saved.result:
            drafts.drop(request, request.path)
            return redirect("cases:contact_saved", uid, saved.result.pk)
    access.log(Access.VIEW, "student", uid, by=request.user, scope="记联系", request=request)
    page = _page(student, case, form) | {"draft": bool(draft)}
    return render(request, "cases/contact.html", page)


def _draft(request: Request) -> dict[str, Any]:
    """What was half written here before 拨打, or sent in vain, as the values of a fresh form."""
    user_id = request.user.pk
    lost = unsent.take(request, user_id)
    if lost:
        drafts.keep(request, user_id, request.path, lost["fields"])
    told = drafts.fields_for(request, user_id, request.path) if request.method == "GET" else {}
    return {
        name: values if name == "reasons" else values[0]
        for name, values in told.items()
        if name in WRITTEN and values
    }


def _keep_draft(request: Request, page: str) -> bool:
    """Keep what a contact says so far, while its writer dials; is there anything?"""
    told = {name: request.POST.getlist(name) for name in WRITTEN if name in request.POST}
    if any(any(values) for name, values in told.items() if name not in FILLED_ALREADY):
        return drafts.keep(request, request.user.pk, page, told)
    if told:
        drafts.drop(request, page)
    return False


def _child(request: Request, uid: str) -> tuple[Student, Case | None]:
    """The child and its open case where this person acts on it; 403 where they only read."""
    student = get_object_or_404(reachable(request.user), uid=uid)
    case = Case.objects.visible_to(request.user).open().filter(student=student).first()
    if case and not acting(request.user, case):
        case = None
    if not seats_for(request.user, CaseRight.CONTACT, student, case):
        raise PermissionDenied(REFUSALS[CaseRight.CONTACT])
    return student, case


def _page(
    student: Student,
    case: Case | None,
    form: ContactForm | None = None,
    done: Contact | None = None,
) -> dict[str, Any]:
    spell = student.enrolments.open().select_related("school_class__school").first()
    return {
        "student": student,
        "case": case,
        "form": form,
        "class_label": spell.school_class.label(today()) if spell else "",
        "home": student.residence_region or student.household_region,
        "guardians": student.guardians.all(),
        "done": done,
    }


@open_to(*MAKERS)
def contact_saved(request: Request, uid: str, contact_id: int) -> HttpResponse:
    """What has just been saved, said again, until they leave the page."""
    student, case = _child(request, uid)
    saved = get_object_or_404(student.contacts, pk=contact_id)
    if withheld_from(request.user, student, [saved]):
        raise PermissionDenied(WITHHELD)
    access.log(Access.VIEW, "student", uid, by=request.user, scope="记联系", request=request)
    return render(request, "cases/contact.html", _page(student, case, done=saved))


@open_to(*MAKERS)
@require_POST
def call(request: Request, uid: str) -> HttpResponse:
    """A guardian's number in clear, to be dialled: the look leaves a row that says why. The button
    stands on the contact, whose words are kept until it is saved."""
    student, _ = _child(request, uid)
    drafted = _keep_draft(request, reverse("cases:contact", args=[uid]))
    order = request.POST.get("order", "")
    guardian = get_object_or_404(student.guardians, order=number_of(order) or 0)
    if not guardian.phone:
        raise Refused(f"没有登记{guardian.name}的电话。请到学生页核对，或改用家访、书信。")
    access.log(
        Access.REVEAL,
        "student",
        uid,
        by=request.user,
        scope=f"{guardian.name}的电话",
        reason=CALLING,
        request=request,
    )
    return render(
        request, "cases/call.html", {"student": student, "guardian": guardian, "drafted": drafted}
    )


@open_to(*(CLASS_ROLES | SCHOOL_ROLES | HOME_ROLES | COUNTY_ROLES))
def contact_file(request: Request, uid: str, contact_id: int) -> FileResponse:
    """The photo of a contact that stands before a case; one access row per look."""
    student = get_object_or_404(reachable(request.user), uid=uid)
    found = get_object_or_404(Contact, student=student, pk=contact_id)
    if withheld_from(request.user, student, [found]):
        raise PermissionDenied(WITHHELD)
    laid = Attachment.objects.filter(kind=CONTACT_FILE, uid=str(found.pk))
    file = get_object_or_404(laid)
    return show_file(request, file, uid=uid, scope="联系照片")
