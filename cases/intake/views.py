"""Pages that say who answers for a case: owner, referral, a case opened in error."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from accounts.gate import open_to
from cases.act_view import act_page, bind, case_for
from cases.enums.states import AccessKind
from cases.intake import assignment
from cases.intake.forms import AssignForm, EndReferralForm, HandOverForm, ReasonForm, ReferForm
from cases.models import Case
from cases.permissions import MAY, CaseRight
from regions.clock import today
from regions.enums import Level
from regions.models import Region
from regions.paths import inside


@open_to(*MAY[CaseRight.ASSIGN])
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, uid: str) -> HttpResponse:
    """Name the township that answers for the case."""
    case = case_for(request, uid, CaseRight.ASSIGN)
    form = bind(request, AssignForm, case, townships=_townships(case))
    return act_page(
        request, case, form,
        lambda **told: assignment.assign(uid, by=request.user, on=today(), **told),
        title="指定责任乡镇", button="指定为责任乡镇", done="assign",
        refused="" if case.to_assign else "这份档案已有责任乡镇。要换，请用“转乡镇办理”。",
    )  # fmt: skip


def _townships(case: Case):
    found = Region.objects.filter(inside("path", case.county_path), level=Level.TOWNSHIP)
    return found.order_by("path")


@open_to(*MAY[CaseRight.HAND_OVER])
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, uid: str) -> HttpResponse:
    """转乡镇办理: the other township acts from now on."""
    case = case_for(request, uid, CaseRight.HAND_OVER)
    owner = case.access_rows.get(kind=AccessKind.OWNER, until=None)
    others = _townships(case).exclude(path=owner.path)
    form = bind(request, HandOverForm, case, townships=others)
    return act_page(
        request, case, form,
        lambda **told: assignment.hand_over(uid, by=request.user, on=today(), **told),
        title="转乡镇办理", button="转给这个乡镇办理", done="hand_over",
        intro=f"现在由{owner.unit}办理；转出后{owner.unit}只能查看",
    )  # fmt: skip


@open_to(*MAY[CaseRight.REFER])
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, uid: str) -> HttpResponse:
    """移送: a body of the county sees this one case."""
    case = case_for(request, uid, CaseRight.REFER)
    form = bind(request, ReferForm, case)
    return act_page(
        request, case, form,
        lambda **told: assignment.refer(uid, by=request.user, on=today(), **told),
        title="移送", button="移送这份档案", done="refer",
    )  # fmt: skip


@open_to(*MAY[CaseRight.END_REFERRAL])
@require_http_methods(["GET", "POST"])
def end_referral(request: HttpRequest, uid: str) -> HttpResponse:
    """移送结束: the body no longer sees the case."""
    case = case_for(request, uid, CaseRight.END_REFERRAL)
    rows = case.access_rows.filter(kind=AccessKind.REFERRAL, until=None).order_by("pk")
    roles = [Role(row.role) for row in rows]
    form = bind(request, EndReferralForm, case, roles=roles) if roles else None
    return act_page(
        request, case, form,
        lambda **told: assignment.end_referral(uid, by=request.user, on=today(), **told),
        title="结束移送", button="结束移送", done="end_referral",
        refused="" if roles else "这份档案没有移送给任何单位。",
    )  # fmt: skip


@open_to(*MAY[CaseRight.MISTAKE])
@require_http_methods(["GET", "POST"])
def mistake(request: HttpRequest, uid: str) -> HttpResponse:
    """建档有误."""
    case = case_for(request, uid, CaseRight.MISTAKE)
    form = bind(request, ReasonForm, case)
    return act_page(
        request, case, form,
        lambda **told: assignment.set_mistake(uid, by=request.user, on=today(), **told),
        title="认定建档有误", button="认定建档有误，停止办理", done="mistake", intro="档案编号保留",
    )  # fmt: skip
