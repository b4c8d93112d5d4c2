"""The register, the day of a school, leave, and the list of alerts."""

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.enums import CLASS_ROLES, COUNTY_ROLES, SCHOOL_ROLES, SCHOOL_STAFF, Access, Role
from accounts.gate import open_to, require
from accounts.requests import Request
from accounts.versions import Conflict
from attendance import conflicts, registers
from attendance.authorised_absences import requests
from attendance.authorised_absences.deciders import decider_of
from attendance.authorised_absences.outlook import Outlook
from attendance.authorised_absences.pending import waiting_words
from attendance.authorised_absences.term_ends import SPREAD
from attendance.enums import CLOSURE_REASONS, AlertState, Mark
from attendance.flagging import lack_on
from attendance.forms import LeaveForm, read_sheet
from attendance.models import AbsenceAlert, Register
from attendance.next_check import NextCheck, next_check
from attendance.no_class import ask_no_class, said_of
from attendance.overview import school_day, schools_day
from attendance.pages import RegisterPage, register_page, url_of
from attendance.proposed_marks.lists import waiting_marks
from attendance.registers import FilledRegister
from attendance.rights import MAY, REFUSALS, RegisterRight
from attendance.school_year.waiting import unanswered_closures
from regions.clock import local, now, today
from regions.days import PlaceRules, place_rules_of
from regions.models import School, SchoolClass
from regions.paths import county_of, inside_any
from regions.refusals import NoCalendar, Refused
from regions.rules.day_words import day_in_words
from regions.rules.values import iso_day
from students.enums import AbsenceState
from students.models import AuthorisedAbsence, Student

TAKERS = CLASS_ROLES | SCHOOL_STAFF
OVERSEERS = COUNTY_ROLES | {Role.CENTRAL, Role.TOWNSHIP}

TOTALS = (
    "due",
    "taken",
    "missing",
    "undecided",
    "held",
    "expected",
    "present",
    "alerts",
)


@open_to(*CLASS_ROLES)
def my_register(request: Request) -> HttpResponse:
    """The class this teacher fills in today."""
    paths = request.user.reach.paths(*CLASS_ROLES)
    school_class = SchoolClass.objects.filter(path__in=paths).order_by("path").first()
    if school_class is None:
        raise Http404
    return redirect(url_of(school_class.pk, today()))


@open_to(*(TAKERS | OVERSEERS))
@require_http_methods(["GET", "POST"])
def register(request: Request, class_id: int, on: str) -> HttpResponse:
    """A class and a day: everyone present, tap the exceptions, submit."""
    day = _day(on)
    if request.method == "POST":
        return _submit(request, class_id, day)
    school_class, place_rules = _class_and_land(request, class_id)
    page = register_page(school_class, day, place_rules, request.user, at=now())
    page.error = _why_not(school_class, day, place_rules, page)
    return _show(request, page)


def _class_and_land(request: Request, class_id: int) -> tuple[SchoolClass, PlaceRules]:
    try:
        school_class = registers.class_for(class_id, request.user)
    except SchoolClass.DoesNotExist:
        raise Http404 from None
    place_rules = place_rules_of(school_class.path)
    request.place_rules = place_rules
    return school_class, place_rules


def _format_done(register: Register, sheet: FilledRegister) -> str:
    """已提交 08:03。实到 43，未到 1: the fact repeated once it is saved."""
    said = f"已提交 {local(register.received_at):%H:%M}。"
    out = [marked.mark for marked in sheet.marks.values()]
    absent = sum(mark in (Mark.ABSENT, Mark.LOST) for mark in out)
    leave = sum(mark in (Mark.SICK, Mark.PERSONAL) for mark in out)
    told = f"{said}实到 {register.present}，未到 {absent}，请假 {leave}。"
    if not register.held:
        return told
    return f"{told}有 {register.held} 名学生的这一处会改变预警，等教务处或县里确认，确认前不算。"


def _why_not(
    school_class: SchoolClass, day: date, place_rules: PlaceRules, page: RegisterPage
) -> str:
    """The sentence that closes the form; the page of an undecided calendar is raised."""
    try:
        registers.refuse_day(school_class, day, page.pupils, place_rules.calendar, today=today())
    except NoCalendar:
        raise
    except Refused as refusal:
        page.may_correct = False
        return "" if not page.pupils else str(refusal)
    return ""


def _submit(request: Request, class_id: int, day: date) -> HttpResponse:
    if reason := request.POST.get("no_class", "").strip():
        return _ask_no_class(request, class_id, day, reason)
    try:
        sheet = read_sheet(request.POST)
        saved = registers.submit(class_id, day, sheet, by=request.user, at=now())
    except SchoolClass.DoesNotExist:
        raise Http404 from None
    except Conflict as conflict:
        registers.keep_lost(cast(Register, conflict.theirs), sheet, by=request.user)
        page = conflicts.page_of(class_id, day, sheet, conflict)
        return render(request, "attendance/conflict.html", page, status=409)
    except NoCalendar:
        raise
    except Refused as refusal:
        return _keep_input(request, class_id, day, str(refusal))
    messages.success(request, _format_done(saved, sheet))
    return redirect(url_of(class_id, day))


def _ask_no_class(request: Request, class_id: int, day: date, reason: str) -> HttpResponse:
    """今天不上课: no register is taken, a closure of the class is asked for."""
    try:
        row = ask_no_class(class_id, day, reason, by=request.user, at=now())
    except SchoolClass.DoesNotExist:
        raise Http404 from None
    except NoCalendar:
        raise
    except Refused as refusal:
        return _keep_input(request, class_id, day, str(refusal))
    messages.success(request, said_of(row, registers.class_for(class_id, request.user)))
    return redirect(url_of(class_id, day))


def _keep_input(request: Request, class_id: int, day: date, sentence: str) -> HttpResponse:
    """Refused: the page again with all that was filled in, and the sentence."""
    school_class, place_rules = _class_and_land(request, class_id)
    require(request.user, MAY[RegisterRight.TAKE], school_class.path, REFUSALS[RegisterRight.TAKE])
    page = register_page(school_class, day, place_rules, request.user, at=now())
    page.error = sentence
    page.no_class = request.POST.get("no_class", "")
    page.reason = request.POST.get("reason", "")
    for pupil in page.pupils:
        pupil.mark = request.POST.get(f"mark-{pupil.uid}", "")
        pupil.note = request.POST.get(f"note-{pupil.uid}", "")
    return _show(request, page, status=409)


def _show(request: Request, page: RegisterPage, status: int = 200) -> HttpResponse:
    context = {"page": page, "closure_reasons": CLOSURE_REASONS}
    return render(request, "attendance/register.html", context, status=status)


def _day(text: str) -> date:
    day = iso_day(text)
    if day is None:
        raise Http404
    return day


@open_to(*SCHOOL_STAFF)
def my_school(request: Request) -> HttpResponse:
    paths = request.user.reach.paths(*SCHOOL_STAFF)
    school = get_object_or_404(School.objects.order_by("path"), path=paths[0])
    return redirect("attendance:school", school.code, today().isoformat())


@open_to(*(SCHOOL_ROLES | OVERSEERS))
def school(request: Request, code: str, on: str) -> HttpResponse:
    """The day of one school: classes to fill in, children to look after."""
    day = _day(on)
    reached = School.objects.filter(inside_any("path", request.user.reach.school_paths))
    found = get_object_or_404(reached, code=code)
    place_rules = place_rules_of(county_of(found.path))
    request.place_rules = place_rules
    page = school_day(found, day, place_rules)
    access.log(
        Access.LIST,
        "school_day",
        code,
        by=request.user,
        scope=f"{found.name} {day}",
        request=request,
    )
    staff = request.user.reach.holds(*MAY[RegisterRight.HANDLE_ALERT], over=found.path)
    cutoff = place_rules.policies.clock("cutoff", found.path, day)
    over = day < today() or now().time().replace(tzinfo=None) >= cutoff
    context = {"page": page, "staff": staff, "cutoff": f"{cutoff:%H:%M}", "past_cutoff": over}
    context["check"] = next_check(found.path, place_rules.policies, at=now())
    return render(request, "attendance/school.html", context)


@open_to(*OVERSEERS)
def schools(request: Request, on: str = "") -> HttpResponse:
    """The same day over one's schools."""
    day = _day(on) if on else today()
    paths = _outermost(request.user.reach.paths(*OVERSEERS))
    place_rules = place_rules_of(county_of(paths[0]))
    request.place_rules = place_rules
    lines = schools_day(paths, day, place_rules, request.user)
    access.log(Access.LIST, "schools_day", by=request.user, scope=str(day), request=request)
    totals = {name: sum(getattr(line, name) for line in lines) for name in TOTALS}
    waits = unanswered_closures(request.user, today())
    context = {"lines": lines, "day": day, "totals": totals, "unanswered": waits}
    return render(request, "attendance/schools.html", context)


def _outermost(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Paths without those that lie inside another."""
    return tuple(
        path
        for path in dict.fromkeys(paths)
        if not any(path != other and path.startswith(other) for other in paths)
    )


@open_to(*(SCHOOL_ROLES | OVERSEERS | CLASS_ROLES))
def alert_list(request: Request) -> HttpResponse:
    """Alerts within reach, those that wait first."""
    reached = AbsenceAlert.objects.visible_to(request.user).select_related("student")
    state = request.GET.get("state", AlertState.OPEN)
    chosen = reached.filter(state=state) if state in set(AlertState) else reached
    alerts = list(chosen.order_by("first", "path")[:200])
    waiting = waiting_words(alerts, today())
    paths = request.user.reach.paths(*SCHOOL_ROLES, *OVERSEERS, *CLASS_ROLES)
    request.place_rules = place_rules_of(county_of(paths[0]))
    lack = lack_on(paths, today(), request.place_rules.calendar)
    counts = {name.value: reached.filter(state=name).count() for name in AlertState}
    scope = AlertState(state).label if state in set(AlertState) else "全部"
    access.log(Access.LIST, "alerts", by=request.user, scope=f"预警：{scope}", request=request)
    context = {"alerts": alerts, "state": state, "counts": counts, "waiting": waiting,
               "marks": waiting_marks(request.user).count(), "lack": lack}  # fmt: skip
    shown = context | {"check": None if alerts else _check(request)}
    return render(request, "attendance/alerts.html", shown)


def _check(request: Request) -> NextCheck | None:
    """The check of today where this person sits; None for who sits at no place."""
    path = next((held.path for held in request.user.reach.seats if held.path), "")
    return next_check(path, place_rules_of(path).policies, at=now()) if path else None


@open_to(*TAKERS)
@require_http_methods(["GET", "POST"])
def ask_leave(request: Request, uid: str) -> HttpResponse:
    """Ask for leave for a child of one's class, or, as the school, grant it."""
    student = get_object_or_404(Student.objects.visible_to(request.user), uid=uid)
    grants = request.user.reach.holds(*MAY[RegisterRight.DECIDE_LEAVE], over=student.school_path)
    form = LeaveForm(
        request.POST or None, request.FILES or None, office=grants,
        initial={"first": today(), "last": today()},
    )  # fmt: skip
    by, on, outlook = request.user, today(), None
    if form.is_valid():
        try:
            if grants:
                outlook = requests.foresee(student, by=by, on=on, **form.cleaned_data)
            if _was_told(outlook, request):
                verb = requests.grant if grants else requests.ask
                made = verb(student, by=by, on=on, **form.cleaned_data)
                said = done(made, form.cleaned_data["last"]) if grants else "请假已交学校审批。"
                messages.success(request, said)
                return redirect("cases:child", uid)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    access.log(Access.VIEW, "student", uid, by=request.user, request=request)
    context = {"student": student, "form": form, "grants": grants, "outlook": outlook}
    return render(request, "attendance/leave.html", context)


def _was_told(outlook: Outlook | None, request: Request) -> bool:
    """Did the page say, before this press, that the request goes on, and why?"""
    if outlook is None or outlook.refusal or not outlook.why_second:
        return True
    return request.POST.get("to_bureau") == outlook.why_second


def done(absence: AuthorisedAbsence, last: date | None = None) -> str:
    """What came of the school's word: enough, or on to who decides and why; and where it does not
    end on `last`, as asked for, when it does."""
    moved = last not in (None, absence.last)
    spread = f"{SPREAD}，这一份到 {day_in_words(absence.last, today())}。" if moved else ""
    if absence.state == AbsenceState.APPROVED:
        return f"已批准{absence.get_kind_display()}。{spread}"
    decider = decider_of(absence, today())
    proven = f"有证明，等{decider.short}批" if absence.proof else "没有证明，批准前照常升级，请补"
    return f"学校已同意，报{decider.name}批准（{absence.why_second}）；{proven}。{spread}"
