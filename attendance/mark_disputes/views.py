"""监护人要求更正: the list with its answers, and the form that writes a request down."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.enums import Access
from accounts.gate import open_to
from accounts.requests import Request
from attendance.mark_disputes.answering import DECIDERS, answer
from attendance.mark_disputes.asking import dispute
from attendance.mark_disputes.forms import AnswerForm, DisputeForm
from attendance.mark_disputes.lists import READERS, dispute_page
from attendance.models import MarkDispute
from attendance.rights import MAY, RegisterRight
from regions.clock import now, today
from regions.refusals import Refused
from students.models import Student

RECORDERS = MAY[RegisterRight.ASK_LEAVE]
IDS = "answer{}_%s"  # many forms stand on one page
RECORDED = "已登记：{name} {day:%-m月%-d日}的考勤，{due:%-m月%-d日}前答复监护人。"
ANSWERED = "已答复：{name} {day:%-m月%-d日}，{state}。请告诉监护人。"


@open_to(*READERS)
def disputes(request: Request) -> HttpResponse:
    """What guardians want corrected, and what the school answered."""
    return _show(request)


@open_to(*RECORDERS)
@require_http_methods(["GET", "POST"])
def ask_correction(request: Request, uid: str) -> HttpResponse:
    """Write down that a guardian says a mark is wrong."""
    student = get_object_or_404(Student.objects.visible_to(request.user), uid=uid)
    on = today()
    form = DisputeForm(request.POST or None, initial={"day": on, "asked_on": on})
    if form.is_valid():
        try:
            made = dispute(student, by=request.user, on=on, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = RECORDED.format(name=student.name, day=made.on, due=made.due_on)
            messages.success(request, said)
            return redirect("attendance:disputes")
    access.log(Access.VIEW, "student", uid, by=request.user, request=request)
    context = {"student": student, "form": form}
    status = 409 if form.errors else 200
    return render(request, "attendance/dispute.html", context, status=status)


@open_to(*DECIDERS)
@require_POST
def answer_dispute(request: Request, pk: int) -> HttpResponse:
    """The answer to the guardian."""
    if not MarkDispute.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    form = AnswerForm(request.POST, auto_id=IDS.format(pk))
    if form.is_valid():
        try:
            done = answer(pk, by=request.user, on=today(), at=now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = ANSWERED.format(
                name=done.student.name, day=done.on, state=done.get_state_display()
            )
            messages.success(request, said)
            return redirect("attendance:disputes")
    return _show(request, pk, form)


def _show(request: Request, pk: int = 0, form: AnswerForm | None = None) -> HttpResponse:
    page = dispute_page(request.user, today())
    access.log(Access.LIST, "disputes", by=request.user, scope="监护人要求更正", request=request)
    forms = {row.dispute.pk: AnswerForm(auto_id=IDS.format(row.dispute.pk)) for row in page.open}
    if form:
        forms[pk] = form
    context = {"page": page, "forms": forms}
    status = 409 if form else 200
    return render(request, "attendance/disputes.html", context, status=status)
