"""Children in lists, and the roster on its way in."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, uploads
from accounts.enums import CLASS_ROLES, COUNTY_ROLES, HOME_ROLES, SCHOOL_ROLES, Access
from accounts.gate import open_to
from accounts.models import ImportBatch
from accounts.protected import index
from accounts.requests import Request
from regions.clock import today
from regions.models import School, SchoolClass
from regions.paths import inside_any
from regions.refusals import Refused
from students.arrivals import apply_roster
from students.identity import clean
from students.models import AuthorisedAbsence, Enrolment, Student
from students.roster import IMPORTERS, RosterPlan, plan_roster
from students.statuses import ENTERERS, import_statuses
from students.template import roster_template

VIEWERS = CLASS_ROLES | SCHOOL_ROLES | HOME_ROLES | COUNTY_ROLES
SHOWN_CHANGES = 100


@open_to(*VIEWERS)
@require_http_methods(["GET", "POST"])
def students(request: Request) -> HttpResponse:
    """The children within reach; searched by POST, so that no name stands in a log."""
    words = request.POST.get("words", "").strip()[:40]
    reached = Student.objects.visible_to(request.user)
    if words:
        number = index(clean(words).upper())
        reached = (
            reached.filter(name__contains=words)
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


@open_to(*VIEWERS)
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
            Prefetch("student__authorised", AuthorisedAbsence.objects.statuses().approved().on(day))
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
        Access.LIST, "class_roll", str(class_id), by=request.user,
        scope=f"{found.school.name} {label}", request=request,
    )  # fmt: skip
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
        got = uploads.receive(request, "roster", **options)
        if got.batch:
            return redirect("students:roster_check", got.batch.uid)
        error = got.error
    return _upload_page(request, error)


def _upload_page(request: Request, error: str = "") -> HttpResponse:
    paths = request.user.reach.paths(*IMPORTERS)
    schools = School.objects.filter(inside_any("path", paths)).order_by("path")
    context = {"schools": schools, "error": error}
    return render(request, "students/roster.html", context, status=400 if error else 200)


def _plan(batch: ImportBatch, by, *, same_person: bool) -> RosterPlan:
    school = School.objects.filter(code=batch.options.get("school") or "").first()
    return plan_roster(
        bytes(batch.content),
        batch.filename,
        by=by,
        on=today(),
        school=school,
        same_person=same_person,
    )


def _batch(request: Request, uid: str) -> ImportBatch:
    return get_object_or_404(ImportBatch, uid=uid, door="roster", by=request.user, applied_at=None)


@open_to(*IMPORTERS)
def roster_check(request: Request, uid: str) -> HttpResponse:
    """Step 2: what the file would do. Nothing has changed yet."""
    batch = _batch(request, uid)
    same_person = bool(request.GET.get("same"))
    try:
        plan = _plan(batch, request.user, same_person=same_person)
    except Refused as refusal:
        return _upload_page(request, str(refusal))
    access.log(Access.LIST, "roster", by=request.user, scope="名册核对", request=request)
    batch.digest = plan.digest()
    batch.save(update_fields=["digest"])
    return render(request, "students/roster_check.html", _check_page(batch, plan, same_person))


def _check_page(batch: ImportBatch, plan: RosterPlan, same_person: bool) -> dict:
    changes = [
        {"row": one.row.number, "name": one.row.name, "label": label, "old": old, "new": new}
        for one in plan.planned
        for label, old, new in one.changes
    ]
    day = today()
    return {
        "batch": batch,
        "plan": plan,
        "outcome": plan.outcome,
        "changes": changes[:SHOWN_CHANGES],
        "change_count": len(changes),
        "missing": [(spell, spell.school_class.label(day)) for spell in plan.missing],
        "same_person": same_person,
        "columns": sorted(plan.header.headings.items(), key=lambda one: one[1]),
    }


@open_to(*IMPORTERS)
@require_POST
def roster_apply(request: Request, uid: str) -> HttpResponse:
    """Step 3: apply what was previewed, all of it in one transaction."""
    batch = _batch(request, uid)
    same_person = bool(request.POST.get("same"))
    try:
        plan = _plan(batch, request.user, same_person=same_person)
        partial = bool(request.POST.get("partial"))
        if plan.outcome.rejected and not partial:
            raise Refused(f"有 {len(plan.outcome.rejected)} 行退回。改好再传，或勾选“其余导入”。")
        apply_roster(plan, by=request.user, on=today(), partial=partial, digest=batch.digest)
        uploads.mark_applied(batch, plan.outcome)
    except Refused as refusal:
        context = _check_page(batch, plan, same_person) | {"error": str(refusal)}
        return render(request, "students/roster_check.html", context, status=409)
    return render(request, "students/roster_done.html", {"plan": plan, "outcome": plan.outcome})


@open_to(*IMPORTERS)
def roster_rejected(request: Request, uid: str) -> HttpResponse:
    """The rejected rows as a file, to mend and send again."""
    plan = _plan(_batch(request, uid), request.user, same_person=False)
    access.log(Access.EXPORT, "roster_rejected", by=request.user, scope="退回行", request=request)
    return uploads.rejected_download(plan.outcome)


@open_to(*IMPORTERS)
def template(request: Request) -> HttpResponse:
    """Our own roster template, with lists to choose from."""
    return uploads.workbook_download("roster-template.xlsx", [roster_template()])


@open_to(*ENTERERS)
@require_http_methods(["GET", "POST"])
def statuses(request: Request) -> HttpResponse:
    """休学, 送教上门, 借读 and long leave from a file: preview, then apply the same file."""
    context: dict = {}
    if request.method == "POST" and not request.POST.get("batch"):
        got = uploads.receive(request, "statuses")
        context = {"error": got.error, "batch": got.batch}
    elif request.method == "POST":
        context = {"batch": uploads.mine(request.POST["batch"], "statuses", request.user)}
    if batch := context.get("batch"):
        apply = bool(request.POST.get("apply"))
        try:
            outcome = import_statuses(
                bytes(batch.content), batch.filename, by=request.user, on=today(), apply=apply
            )
            context["outcome"] = outcome
            if outcome.applied:
                uploads.mark_applied(batch, outcome)
        except Refused as refusal:
            context = {"error": str(refusal)}
    return render(request, "students/statuses.html", context)
