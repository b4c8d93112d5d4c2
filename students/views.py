"""Children in lists, and the roster on its way in."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.enums import (
    CHILD_READERS,
    CLASS_ROLES,
    Access,
)
from accounts.file_door import pages
from accounts.file_door.door import AlreadyBrought
from accounts.gate import open_to, with_password
from accounts.models import ImportBatch
from accounts.protected import index
from accounts.requests import Request
from regions.clock import today
from regions.models import School, SchoolClass
from regions.paths import inside_any
from regions.refusals import Refused
from students.matching import IMPORTERS
from students.models import AuthorisedAbsence, Enrolment, Student
from students.roster import ROSTER, RosterPlan
from students.rules.identity import clean
from students.rules.names import searched_name
from students.template import roster_template

SHOWN_CHANGES = 100


@open_to(*CHILD_READERS)
@require_http_methods(["GET", "POST"])
def students(request: Request) -> HttpResponse:
    """The children within reach; searched by POST, so that no name stands in a log."""
    words = request.POST.get("words", "").strip()[:40]
    reached = Student.objects.visible_to(request.user)
    if words:
        number = index(clean(words).upper())
        reached = (
            reached.filter(name__contains=words)
            | reached.filter(name__contains=searched_name(words))
            | reached.filter(initials__startswith=words.lower())
            | reached.filter(id_no_index=number)
            | reached.filter(xueji_no_index=number)
            | reached.filter(uid=words.upper())
        )
    pages = Paginator(reached.order_by("school_path", "pk"), 50)
    chosen = pages.get_page(request.GET.get("page"))
    action = Access.SEARCH if words else Access.LIST
    access.log(action, "students", by=request.user, scope="管辖内学生", request=request)
    context = {"rows": _with_class(chosen), "pages": chosen, "words": words, "count": pages.count}
    return render(request, "students/students.html", context)


def _with_class(found) -> list[dict]:
    day, chosen = today(), list(found)
    spells = Enrolment.objects.on(day).filter(student__in=chosen)
    labels = {
        spell.student_id: f"{spell.school_class.school.name} {spell.school_class.label(day)}"
        for spell in spells.select_related("school_class__school")
    }
    return [{"student": one, "where": labels.get(one.pk, "不在册")} for one in chosen]


@open_to(*CHILD_READERS)
def class_roll(request: Request, class_id: int) -> HttpResponse:
    """The roll of a class today."""
    reached = SchoolClass.objects.filter(inside_any("path", request.user.reach.school_paths))
    found = get_object_or_404(reached.select_related("school"), pk=class_id)
    day = today()
    spells = (
        Enrolment.objects.on(day)
        .filter(school_class=found)
        .select_related("student")
        .prefetch_related(
            Prefetch(
                "student__authorised", AuthorisedAbsence.objects.statuses().explaining().on(day)
            )
        )
        .order_by("seat_no", "pk")
    )
    rows = [
        {
            "spell": spell,
            "student": spell.student,
            "age": spell.student.age(day),
            "statuses": list(spell.student.authorised.all()),
        }
        for spell in spells
    ]
    label = found.label(day)
    access.log(
        Access.LIST,
        "class_roll",
        str(class_id),
        by=request.user,
        scope=f"{found.school.name} {label}",
        request=request,
    )
    return render(
        request, "students/class_roll.html", {"school_class": found, "label": label, "rows": rows}
    )


@open_to(*CLASS_ROLES)
def my_class(request: Request) -> HttpResponse:
    paths = request.user.reach.paths(*CLASS_ROLES)
    found = get_object_or_404(SchoolClass.objects.order_by("path"), path=paths[0])
    return redirect("students:class_roll", found.pk)


@open_to(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def roster(request: Request) -> HttpResponse:
    """Step 1: upload a roster."""
    error = ""
    if request.method == "POST":
        options = {"school": request.POST.get("school", "")}
        got = pages.receive(request, "roster", **options)
        if got.batch:
            return redirect("students:roster_check", got.batch.uid)
        error = got.error
    return _upload_page(request, error)


def _upload_page(request: Request, error: str = "") -> HttpResponse:
    paths = request.user.reach.paths(*IMPORTERS)
    schools = School.objects.filter(inside_any("path", paths)).order_by("path")
    context = {"schools": schools, "error": error}
    return render(request, "students/roster.html", context, status=400 if error else 200)


def _options(batch: ImportBatch, *, same_person: bool) -> dict:
    return {"school": batch.options.get("school") or "", "same_person": same_person}


@open_to(*IMPORTERS)
def roster_check(request: Request, uid: str) -> HttpResponse:
    """Step 2: what the file would do. Nothing has changed yet."""
    batch = pages.waiting(uid, "roster", request.user)
    same_person = bool(request.GET.get("same"))
    try:
        options = _options(batch, same_person=same_person)
        plan = pages.check(ROSTER, batch, by=request.user, on=today(), **options)
    except Refused as refusal:
        return _upload_page(request, str(refusal))
    access.log(Access.LIST, "roster", by=request.user, scope="名册核对", request=request)
    return render(request, "students/roster_check.html", _check_page(batch, plan, same_person))


def _check_page(batch: ImportBatch, plan: RosterPlan, same_person: bool) -> dict:
    changes = [
        {"row": one.row.number, "name": one.row.name, "label": label, "old": old, "new": new}
        for one in plan.planned
        for label, old, new in one.changes
    ]
    return {
        "batch": batch,
        "plan": plan,
        "outcome": plan.outcome,
        "changes": changes[:SHOWN_CHANGES],
        "change_count": len(changes),
        "missing": [(spell, spell.school_class.label(plan.on)) for spell in plan.missing],
        "same_person": same_person,
        "columns": sorted(plan.header.headings.items(), key=lambda one: one[1]),
    }


@open_to(*IMPORTERS)
@require_POST
def roster_apply(request: Request, uid: str) -> HttpResponse:
    """Step 3: apply what was previewed, all of it in one transaction."""
    batch = pages.waiting(uid, "roster", request.user)
    options = _options(batch, same_person=bool(request.POST.get("same")))
    partial = bool(request.POST.get("partial"))
    try:
        answer = pages.confirm(
            ROSTER, batch, by=request.user, on=today(), partial=partial, **options
        )
    except AlreadyBrought as said:
        return render(request, "students/roster_done.html", {"already": str(said)})
    except Refused as refusal:
        return _stale_page(request, batch, options, str(refusal))
    plan, outcome = answer.plan, answer.plan.outcome
    if outcome.already:
        return render(request, "students/roster_done.html", {"already": outcome.already})
    if not outcome.applied:
        error = f"有 {outcome.rejected_rows} 行退回。改好再传，或勾选“其余导入”。"
        page = _check_page(batch, plan, options["same_person"]) | {"error": error}
        return render(request, "students/roster_check.html", page, status=409)
    return render(request, "students/roster_done.html", {"plan": plan, "outcome": outcome})


def _stale_page(request: Request, batch: ImportBatch, options: dict, error: str) -> HttpResponse:
    """The preview as it is now, with why it was not applied; the upload page where there is none."""
    try:
        plan = pages.check(ROSTER, batch, by=request.user, on=today(), **options)
    except Refused:
        return _upload_page(request, error)
    page = _check_page(batch, plan, options["same_person"]) | {"error": error}
    return render(request, "students/roster_check.html", page, status=409)


@open_to(*IMPORTERS)
@with_password("GET")
def roster_rejected(request: Request, uid: str) -> HttpResponse:
    """The rejected rows as a file, to mend and send again."""
    batch = pages.waiting(uid, "roster", request.user)
    try:
        options = _options(batch, same_person=False)
        plan = pages.look(ROSTER, batch, by=request.user, on=today(), **options)
    except Refused as refusal:
        return _upload_page(request, str(refusal))
    access.log(Access.EXPORT, "roster_rejected", by=request.user, scope="退回行", request=request)
    return pages.rejected_download(plan.outcome)


@open_to(*IMPORTERS)
def template(request: Request) -> HttpResponse:
    """Our own roster template, with lists to choose from."""
    return pages.workbook_download("roster-template.xlsx", [roster_template()])
