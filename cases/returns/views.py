"""Back at school and off the list: return, placing, words of closing, approval, lawful exits."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.enums import COUNTY_ROLES
from accounts.gate import open_to
from cases.act_view import act_page, bind, case_for
from cases.enums.states import AccessKind, OpinionOf
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case
from cases.permissions import MAY, CaseRight, acting, may
from cases.returns import closing, exits, returning
from cases.returns.forms import (
    ApproveForm,
    ExitForm,
    OpinionForm,
    PlaceForm,
    ReopenForm,
    ReturnForm,
    SendBackForm,
)
from cases.returns.panels import closing_panel
from regions.clock import today
from regions.models import SchoolClass

OPINION_ACTS = {
    OpinionOf.SCHOOL: CaseRight.SCHOOL_OPINION,
    OpinionOf.TOWNSHIP: CaseRight.TOWNSHIP_OPINION,
}
OPINION_TITLES = {OpinionOf.SCHOOL: "签学校意见", OpinionOf.TOWNSHIP: "报请销号"}


@open_to(*MAY[CaseRight.RETURN])
@require_http_methods(["GET", "POST"])
def record_return(request: HttpRequest, uid: str) -> HttpResponse:
    """The child is back in class."""
    case = case_for(request, uid, CaseRight.RETURN)
    form = bind(request, ReturnForm, case, initial={"on": FuzzyDate.on(today())})
    return act_page(
        request, case, form, lambda **told: returning.record_return(uid, by=request.user, **told),
        title="登记返校", button="登记返校，进入安置", done="record_return",
        intro="要在上课日，人回到课堂才算返校",
    )  # fmt: skip


@open_to(*MAY[CaseRight.PLACE])
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, uid: str) -> HttpResponse:
    """In which class, and how."""
    case = case_for(request, uid, CaseRight.PLACE)
    form = bind(
        request, PlaceForm, case, classes=_classes(request, case), day=today(),
        initial={"on": today()},
    )  # fmt: skip
    return act_page(
        request, case, form, lambda **told: returning.place(uid, by=request.user, **told),
        title="登记安置", button="保存安置，开始观察", done="place",
    )  # fmt: skip


def _classes(request: HttpRequest, case: Case):
    """The classes this user may place into: of the county, or of the school that has the child."""
    if request.user.reach.holds(*COUNTY_ROLES):
        paths = [case.county_path]
    else:
        rows = case.access_rows.filter(kind=AccessKind.SCHOOL, until=None)
        paths = [row.path.split("C", 1)[0] for row in rows]
    classes = SchoolClass.objects.at(*paths).running(today()).select_related("school")
    return classes.order_by("school__path", "stage", "-entry_year", "number")


@open_to(*(MAY[CaseRight.SCHOOL_OPINION] | MAY[CaseRight.TOWNSHIP_OPINION]))
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, uid: str) -> HttpResponse:
    """The school's word, or the township's after checking: whichever is this user's."""
    case = case_for(request, uid, *OPINION_ACTS.values())
    mine = next(one for one, act in OPINION_ACTS.items() if may(request.user, act, case))
    form = bind(request, OpinionForm, case, initial={"agrees": "yes"})

    def save(*, agrees: bool, file=None, **told) -> None:
        if agrees:
            closing.give_opinion(uid, mine, by=request.user, on=today(), file=file, **told)
        else:
            closing.disagree(uid, mine, by=request.user, on=today(), **told)

    return act_page(
        request, case, form, save,
        title=OPINION_TITLES[mine], button="签署意见", done="opinion",
        refused=(closing.why_not_close(case) or "") if mine is OpinionOf.TOWNSHIP else "",
        closing=closing_panel(case),
    )  # fmt: skip


@open_to(*MAY[CaseRight.APPROVE])
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, uid: str) -> HttpResponse:
    """销号: the bureau's approval."""
    case = case_for(request, uid, CaseRight.APPROVE)
    form = bind(request, ApproveForm, case)
    return act_page(
        request, case, form,
        lambda **told: closing.approve(uid, by=request.user, on=today(), **told),
        title="审批销号", button="批准销号", done="approve",
        refused=closing.why_not_close(case) or "", closing=closing_panel(case),
    )  # fmt: skip


@open_to(*MAY[CaseRight.APPROVE])
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, uid: str) -> HttpResponse:
    """Not yet: the words are withdrawn with the reason."""
    case = case_for(request, uid, CaseRight.APPROVE)
    form = bind(request, SendBackForm, case)
    return act_page(
        request, case, form,
        lambda **told: closing.disagree(
            uid, OpinionOf.BUREAU, by=request.user, on=today(), **told
        ),
        title="退回销号", button="退回，重新签署", done="send_back",
    )  # fmt: skip


@open_to(*MAY[CaseRight.EXIT])
@require_http_methods(["GET", "POST"])
def leave_by_exit(request: HttpRequest, uid: str) -> HttpResponse:
    """依规办结: one of the closed list, with its proof."""
    case = case_for(request, uid, CaseRight.EXIT)
    roles = frozenset(held.role for held in acting(request.user, case))
    form = bind(request, ExitForm, case, roles=roles)
    return act_page(
        request, case, form,
        lambda **told: exits.leave_by_exit(uid, by=request.user, on=today(), **told),
        title="依规办结", button="按这一事由办结", done="exit", proofs=form.proofs,
    )  # fmt: skip


@open_to(*MAY[CaseRight.REOPEN])
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, uid: str) -> HttpResponse:
    """An exit that ended without the child back at school."""
    case = case_for(request, uid, CaseRight.REOPEN)
    form = bind(request, ReopenForm, case)
    return act_page(
        request, case, form,
        lambda **told: exits.reopen_exit(uid, by=request.user, on=today(), **told),
        title="恢复办理", button="恢复办理，继续劝返", done="reopen",
    )  # fmt: skip
