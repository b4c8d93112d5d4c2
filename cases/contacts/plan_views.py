"""一生一案 and 包保责任人: the pages of a case about what is to be done and by whom."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

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
from accounts.requests import Request
from accounts.saving import at_version, attempt
from cases.contacts import named_people, plans
from cases.contacts.acts import PEOPLE, PLAN
from cases.contacts.answerable import labels_of, seats_around
from cases.contacts.forms import PeopleForm, PlanForm, TaskDoneForm, TaskForm
from cases.enums.records import PostKey
from cases.models import Case, Plan
from cases.permissions import may, seats_for
from regions.clock import today
from regions.refusals import Refused
from students.models import Charge

READERS = CLASS_ROLES | SCHOOL_ROLES | HOME_ROLES | COUNTY_ROLES | REFERRAL_ROLES
STALE = "页面已过期，请刷新后再填。"


def _case(request: Request, uid: str) -> Case:
    reached = Case.objects.visible_to(request.user).select_related("student")
    return get_object_or_404(reached, uid=uid)


def _case_to_plan(request: Request, uid: str) -> Case:
    case = _case(request, uid)
    if not may(request.user, PLAN.right, case):
        raise PermissionDenied(PLAN.refusal)
    return case


@open_to(*READERS)
@require_http_methods(["GET", "POST"])
def plan(request: Request, uid: str) -> HttpResponse:
    """The plan of a case with its tasks; saving it keeps what was filled in when somebody was first."""
    posted = request.method == "POST"
    case = _case_to_plan(request, uid) if posted else _case(request, uid)
    form = PlanForm(request.POST) if posted else None
    if form and _saved(request, case, form, plans.save_plan, PLAN.done):
        return redirect("cases:plan", uid)
    return _render_plan(request, case, form=form)


@open_to(*PLAN.roles)
@require_POST
def add_task(request: Request, uid: str) -> HttpResponse:
    """One more task with 四定."""
    case, form = _case_to_plan(request, uid), TaskForm(request.POST)
    if _saved(request, case, form, plans.add_task, "已安排任务。写在个案的经过里。"):
        return redirect("cases:plan", uid)
    return _render_plan(request, case, task_form=form)


@open_to(*PLAN.roles)
@require_POST
def finish_task(request: Request, uid: str) -> HttpResponse:
    """A task is done."""
    case, form = _case_to_plan(request, uid), TaskDoneForm(request.POST)
    if not form.is_valid():
        raise Refused(STALE)
    if _saved(request, case, form, plans.finish_task, "任务已完成。写在个案的经过里。"):
        return redirect("cases:plan", uid)
    return _render_plan(request, case, error="".join(map(str, form.non_field_errors())))


def _saved(
    request: Request, case: Case, form: Form, verb: Callable[..., object], done: str
) -> bool:
    """Did the verb do what the form says? A refusal stands on the form, and the case is read anew."""
    if not form.is_valid():
        return False
    by, told = request.user, form.cleaned_data
    if attempt(form, lambda: verb(case.uid, by=by, on=today(), **told)).saved:
        messages.success(request, done)
        return True
    case.refresh_from_db()
    return False


def _render_plan(
    request: Request,
    case: Case,
    *,
    form: PlanForm | None = None,
    task_form: TaskForm | None = None,
    error: str = "",
) -> HttpResponse:
    """The page; after a refusal the forms carry the case's version of now, so that a second look saves."""
    user, standing = request.user, Plan.objects.filter(case=case).first()
    access.log(Access.VIEW, "student", case.student.uid, by=user, scope="一生一案", request=request)
    may_plan = case.is_open and may(user, PLAN.right, case)
    return render(
        request,
        "cases/plan.html",
        {
            "case": case,
            "student": case.student,
            "plan": standing,
            "tasks": [_task_row(task) for task in case.tasks.select_related("done_by")],
            "may_plan": may_plan,
            "why_not": "" if may_plan else _why_not(case),
            "conflict": _refused(form),
            "form": _at_version(form or PlanForm(initial=_filled(standing)), case),
            "people": list(labels_of(seats_around(case.student, today()), today())),
            "task_form": _at_version(task_form or TaskForm(), case),
            "error": error,
        },
        status=409 if error or _refused(form) or _refused(task_form) else 200,
    )


def _why_not(case: Case) -> str:
    if not case.is_open:
        return f"这份档案{case.state_label}，一生一案不再修改。"
    return PLAN.refusal


def _filled(standing: Plan | None) -> dict[str, Any]:
    if standing is None:
        return {}
    return {name: getattr(standing, name) for name in ("diagnosis", "goal", "measures")}


def _at_version(form: Form, case: Case) -> Form:
    """The hidden version says what the page shows now, also when the form came back."""
    form.initial["version"] = case.version
    if form.is_bound:
        at_version(form, case.version)
    return form


def _refused(form) -> bool:
    return bool(form and form.non_field_errors())


def _task_row(task) -> dict[str, Any]:
    late = not task.done_on and task.due_on < today()
    return {"task": task, "state": "ok" if task.done_on else "bad" if late else "go"}


@open_to(*READERS)
@require_http_methods(["GET", "POST"])
def people(request: Request, uid: str) -> HttpResponse:
    """The five named people of the child of a case: who, of which unit, since when."""
    case = _case(request, uid)
    may_name = bool(seats_for(request.user, PEOPLE.right, case.student, case))
    if request.method == "POST" and not may_name:
        raise PermissionDenied(PEOPLE.refusal)
    named = list(case.student.charges.order_by("-began", "-pk"))
    standing = {PostKey(one.post): one for one in named if one.until is None}
    form = PeopleForm(request.POST or None, standing=standing)
    if form.is_valid():
        child, by = case.student.uid, request.user
        verb = named_people.name_people
        if attempt(form, lambda: verb(child, form.wanted, by=by, on=today())).saved:
            messages.success(request, PEOPLE.done)
            return redirect("cases:people", uid)
    access.log(
        Access.VIEW,
        "student",
        case.student.uid,
        by=request.user,
        scope="包保责任人",
        request=request,
    )
    status = 409 if form.errors else 200
    page = _people_page(case, form, named, may_name)
    return render(request, "cases/named.html", page, status=status)


def _people_page(
    case: Case, form: PeopleForm, named: list[Charge], may_name: bool
) -> dict[str, Any]:
    former = [one for one in named if one.until]
    return {
        "case": case,
        "student": case.student,
        "form": form,
        "vacant": sum(row["person"] is None for row in form.rows),
        "former": [{"label": PostKey(one.post).label, "person": one} for one in former],
        "may_name": may_name,
        "why_not": PEOPLE.refusal,
    }
