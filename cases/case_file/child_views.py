"""The alert and the child: what the register shows, what people did, what they may do next."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from accounts import access
from accounts.enums import CHILD_READERS, Access
from accounts.gate import open_to, with_password
from accounts.models import User
from accounts.requests import Request
from attendance.mark_disputes.lists import open_disputes
from attendance.models import AbsenceAlert
from attendance.next_check import next_check, yet_to_alert
from attendance.records import AbsenceAssessment
from attendance.rights import MAY, RegisterRight
from attendance.strips import sentence, strip_of
from cases.contacts.forms import RevealForm
from cases.contacts.recording import MAKERS, photos_of
from cases.intake.alert_views import assessment_of
from cases.models import Contact
from cases.permissions import sees_sensitive, withheld_from
from regions.clock import now, today
from regions.days import PlaceRules, place_rules_of
from regions.paths import county_of
from regions.rules.values import number_of
from students.models import Enrolment, Student


@open_to(*CHILD_READERS)
def child(request: Request, uid: str) -> HttpResponse:
    """A child: who, where, the last days, leave, alerts, contacts. One access row per look."""
    student = get_object_or_404(Student.objects.visible_to(request.user), uid=uid)
    access.log(Access.VIEW, "student", uid, by=request.user, request=request)
    return render(request, "cases/child.html", _child_page(request, student))


def _child_page(request: Request, student: Student, **more) -> dict:
    place_rules = place_rules_of(county_of(student.school_path)) if student.school_path else None
    if place_rules:
        request.place_rules = place_rules
    assessment = assessment_of(student, place_rules) if place_rules else None
    spells = list(student.enrolments.select_related("school_class__school").order_by("-began"))
    path = student.school_path
    alerts = list(student.alerts.order_by("-first"))
    contacts = list(Contact.objects.filter(student=student).select_related("by"))
    return {
        "student": student,
        "guardians": student.guardians.all(),
        "spells": [_spell(one) for one in spells],
        "strip": strip_of(assessment, place_rules.calendar)
        if place_rules and assessment and assessment.days
        else [],
        "sentence": sentence(assessment) if assessment and assessment.run.unexplained else "",
        "alert_comes": _alert_comes(assessment, alerts, place_rules) if place_rules else "",
        "disputed": open_disputes(student),
        "statuses": _statuses(request.user, student),
        "leaves": student.authorised.leaves().order_by("-first")[:20],
        "alerts": alerts,
        "cases": student.cases.visible_to(request.user).order_by("-pk"),
        "contacts": contacts,
        "photos": photos_of(contacts),
        "withheld": withheld_from(request.user, student, contacts),
        "may_leave": request.user.reach.holds(*MAY[RegisterRight.ASK_LEAVE], over=path),
        "may_contact": request.user.reach.holds(*MAKERS),
        "revealed": more.get("revealed"),
        "reveal_error": more.get("reveal_error", ""),
    }


def _alert_comes(
    assessment: AbsenceAssessment | None, alerts: list[AbsenceAlert], place_rules: PlaceRules
) -> str:
    """When the alert comes of a child that is due one: its days are full, and nothing was checked."""
    if assessment is None or not yet_to_alert(assessment, alerts):
        return ""
    check = next_check(assessment.path, place_rules.policies, at=now())
    full = len(assessment.run.unexplained) >= assessment.threshold.number
    why = f"已满 {assessment.threshold.number} 个教学日" if full else "登记为失联"
    return f"{why}，{check.when}核对时预警，由学校确认或说明原因。"


def _spell(one: Enrolment) -> dict:
    over = one.ended is not None and one.ended < today()
    return {"spell": one, "label": one.school_class.label(one.ended or today()), "over": over}


def _statuses(by: User, student: Student) -> list[dict]:
    """Each status that holds its days, with its proof; a sensitive one's for those who act on the
    child alone."""
    rows = list(student.authorised.statuses().standing().order_by("-first"))
    secret = any(one.sensitive for one in rows) and not sees_sensitive(by, student)
    return [
        {"spell": one, "proof": "" if one.sensitive and secret else one.proof or "没有证明"}
        for one in rows
    ]


REVEALABLE = {"id_no": "证件号", "xueji_no": "学籍号"}


@open_to(*CHILD_READERS)
@with_password("POST")
@require_POST
def reveal(request: Request, uid: str) -> HttpResponse:
    """One protected value in clear, for a reason, with a row that stays."""
    student = get_object_or_404(Student.objects.visible_to(request.user), uid=uid)
    form = RevealForm(request.POST)
    if not form.is_valid():
        error = next(iter(form.errors.values()))[0]
        page = _child_page(request, student, reveal_error=error)
        return render(request, "cases/child.html", page, status=400)
    name, reason = form.cleaned_data["field"], form.cleaned_data["reason"]
    label, value = _value(student, name)
    access.log(
        Access.REVEAL, "student", uid, by=request.user, scope=label, reason=reason, request=request
    )
    page = _child_page(request, student, revealed={"label": label, "value": value})
    return render(request, "cases/child.html", page)


def _value(student: Student, name: str) -> tuple[str, str]:
    """A protected value by its name in the form: a field of the child, or guardian:ORDER."""
    if name in REVEALABLE:
        return REVEALABLE[name], getattr(student, name)
    order = name.removeprefix("guardian:")
    guardian = get_object_or_404(student.guardians, order=number_of(order) or 0)
    return f"{guardian.name}的电话", guardian.phone
