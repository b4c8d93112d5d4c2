"""The page 考勤更正 and its two buttons."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import access
from accounts.enums import SCHOOL_STAFF, Access, Role
from accounts.gate import open_to
from accounts.requests import Request
from attendance.enums import ProposalState
from attendance.models import ProposedMark
from attendance.proposed_marks.deciding import confirm, turn_down
from attendance.proposed_marks.lists import READERS, proposed_page
from regions.clock import now, today
from regions.days import place_rules_of
from regions.paths import county_of
from regions.refusals import Refused

DECIDERS = SCHOOL_STAFF | {Role.BUREAU}
DONE = {
    ProposalState.CONFIRMED: "已确认：{name} {day:%-m月%-d日}记为{mark}，预警已重算。",
    ProposalState.REFUSED: "没有确认：{name} {day:%-m月%-d日}仍算未到，登记表上注明没有确认。",
    ProposalState.REPLACED: "{name} {day:%-m月%-d日}的考勤已经另行更正，这一处不用再办。",
}
NOTHING_TYPED = {"pk": 0, "words": "", "error": ""}


@open_to(*READERS)
def proposed_marks(request: Request) -> HttpResponse:
    """Marks over alerts: what waits, what was decided."""
    return _show(request)


@open_to(*DECIDERS)
@require_POST
def decide_mark(request: Request, pk: int) -> HttpResponse:
    """Confirm a mark, or say that it is not so."""
    verb = confirm if request.POST.get("answer") == "yes" else turn_down
    words = request.POST.get("words", "")
    try:
        done = verb(pk, words=words, by=request.user, on=today(), at=now())
    except ProposedMark.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return _show(request, {"pk": pk, "words": words, "error": str(refusal)})
    said = DONE[ProposalState(done.state)]
    messages.success(
        request, said.format(name=done.student.name, day=done.on, mark=done.wanted_label)
    )
    return redirect("attendance:proposed_marks")


def _show(request: Request, typed: dict | None = None) -> HttpResponse:
    paths = request.user.reach.paths(*READERS)
    request.place_rules = place_rules_of(county_of(paths[0]))
    page = proposed_page(request.user, today(), request.place_rules)
    access.log(Access.LIST, "marks", by=request.user, scope="考勤更正", request=request)
    context = {"page": page, "typed": typed or NOTHING_TYPED}
    return render(request, "attendance/proposed_marks.html", context, status=409 if typed else 200)
