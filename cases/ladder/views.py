"""Acts on a case: the four steps, who answers for it, words and evidence."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from accounts.gate import open_to
from cases import permissions as rules
from cases.act_view import act_page, bind, case_for
from cases.case_forms import (
    AdvanceForm,
    AssignForm,
    CourtForm,
    CriticiseForm,
    DecideSkipForm,
    EndReferralForm,
    EvidenceForm,
    HandOverForm,
    ReasonForm,
    ReferForm,
    SaidForm,
    SkipForm,
)
from cases.contacts import notes
from cases.enums.states import ReachKind, Step, step_title
from cases.fuzzy_dates import FuzzyDate
from cases.intake import assignment
from cases.ladder import actions
from cases.ladder.facts import facts_of
from cases.law.conditions import NEEDS, Evidence, Facts
from cases.law.steps import LADDER, checks, why_not
from cases.models import Case
from cases.permissions import MAY, Act
from regions.clock import today
from regions.enums import Level
from regions.models import Region
from regions.paths import inside


@open_to(*MAY[Act.CRITICISE])
@require_http_methods(["GET", "POST"])
def criticise(request: HttpRequest, uid: str) -> HttpResponse:
    """批评教育 by the body that may order."""
    case = case_for(request, uid, Act.CRITICISE)
    form = bind(request, CriticiseForm, case, initial={"happened": FuzzyDate.on(today())})
    return act_page(
        request, case, form, lambda **told: actions.criticise(uid, by=request.user, **told),
        title="登记批评教育", button="保存批评教育记录", done="criticise", intro="义务教育法 第58条",
    )  # fmt: skip


@open_to(*MAY[Act.ADVANCE])
@require_http_methods(["GET", "POST"])
def advance(request: HttpRequest, uid: str) -> HttpResponse:
    """The next step, or the sentence that says what is missing."""
    case = case_for(request, uid, Act.ADVANCE)
    roles = {held.role for held in rules.acting(request.user, case)}
    facts = facts_of(case, today())
    above = [step for step in LADDER if step is not Step.PERSUADE and step != case.step]
    whys = {step: why_not(facts, step, roles, today()) for step in above}
    steps = [
        {"title": step_title(one), "why": (why or "").removeprefix("不能进入：")}
        for one, why in whys.items()
    ]
    able = [step for step in above if whys[step] is None or _in_time_once(facts, step)]
    form = bind(
        request, AdvanceForm, case, steps=above if request.method == "POST" else able,
        initial={"happened": FuzzyDate.on(today()), "to": able[0].value if able else ""},
    )  # fmt: skip
    return act_page(
        request, case, form, lambda **told: actions.advance(uid, by=request.user, **told),
        title="进入下一步", button="进入这一步", done="advance", steps=steps,
        refused="" if able else "哪一步都还不能进入，缺什么见下面。",
    )  # fmt: skip


def _in_time_once(facts: Facts, step: Step) -> bool:
    """Is it only the window that has closed by today? What was done in time may be entered late."""
    missing = [one.label for one in checks(facts, step, today()) if not one.met]
    return missing == [NEEDS[Evidence.IN_WINDOW].label]


@open_to(*MAY[Act.ASK_SKIP])
@require_http_methods(["GET", "POST"])
def skip(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask the county office to leave a step out."""
    case = case_for(request, uid, Act.ASK_SKIP)
    form = bind(request, SkipForm, case)
    return act_page(
        request, case, form,
        lambda **told: actions.ask_skip(uid, by=request.user, on=today(), **told),
        title="申请跳过一步", button="报县控辍保学专班批准", done="skip",
    )  # fmt: skip


@open_to(*MAY[Act.DECIDE_SKIP])
@require_http_methods(["GET", "POST"])
def decide_skip(request: HttpRequest, uid: str) -> HttpResponse:
    """Grant or refuse what was asked."""
    case = case_for(request, uid, Act.DECIDE_SKIP)
    asked = case.skips.filter(round=case.round, granted=None).select_related("asked_by")
    steps = [Step(one.step) for one in asked]
    form = bind(request, DecideSkipForm, case, steps=steps) if steps else None
    said = "；".join(f"{one.step_label}：{one.reason}（{one.asked_by.name}）" for one in asked)
    return act_page(
        request, case, form,
        lambda **told: actions.decide_skip(uid, by=request.user, on=today(), **told),
        title="审批跳过一步", button="保存审批", done="decide_skip", intro=said,
        refused="" if steps else "没有等待审批的申请。",
    )  # fmt: skip


@open_to(*MAY[Act.COURT])
@require_http_methods(["GET", "POST"])
def court(request: HttpRequest, uid: str) -> HttpResponse:
    """What the court did."""
    case = case_for(request, uid, Act.COURT)
    form = bind(request, CourtForm, case, initial={"happened": FuzzyDate.on(today())})

    def save(*, court: str, number: str, **told):
        actions.record_court(uid, by=request.user, details=form.details, **told)

    return act_page(
        request, case, form, save, title="登记法院办理", button="保存法院办理情况", done="court"
    )


@open_to(*MAY[Act.ASSIGN])
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, uid: str) -> HttpResponse:
    """Name the township that answers for the case."""
    case = case_for(request, uid, Act.ASSIGN)
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


@open_to(*MAY[Act.HAND_OVER])
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, uid: str) -> HttpResponse:
    """转乡镇办理: the other township acts from now on."""
    case = case_for(request, uid, Act.HAND_OVER)
    owner = case.reach.get(kind=ReachKind.OWNER, until=None)
    others = _townships(case).exclude(path=owner.path)
    form = bind(request, HandOverForm, case, townships=others)
    return act_page(
        request, case, form,
        lambda **told: assignment.hand_over(uid, by=request.user, on=today(), **told),
        title="转乡镇办理", button="转给这个乡镇办理", done="hand_over",
        intro=f"现在由{owner.unit}办理；转出后{owner.unit}只能查看",
    )  # fmt: skip


@open_to(*MAY[Act.REFER])
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, uid: str) -> HttpResponse:
    """移送: a body of the county sees this one case."""
    case = case_for(request, uid, Act.REFER)
    form = bind(request, ReferForm, case)
    return act_page(
        request, case, form,
        lambda **told: assignment.refer(uid, by=request.user, on=today(), **told),
        title="移送", button="移送这份档案", done="refer",
    )  # fmt: skip


@open_to(*MAY[Act.END_REFERRAL])
@require_http_methods(["GET", "POST"])
def end_referral(request: HttpRequest, uid: str) -> HttpResponse:
    """移送结束: the body no longer sees the case."""
    case = case_for(request, uid, Act.END_REFERRAL)
    rows = case.reach.filter(kind=ReachKind.REFERRAL, until=None).order_by("pk")
    roles = [Role(row.role) for row in rows]
    form = bind(request, EndReferralForm, case, roles=roles) if roles else None
    return act_page(
        request, case, form,
        lambda **told: assignment.end_referral(uid, by=request.user, on=today(), **told),
        title="结束移送", button="结束移送", done="end_referral",
        refused="" if roles else "这份档案没有移送给任何单位。",
    )  # fmt: skip


@open_to(*MAY[Act.MISTAKE])
@require_http_methods(["GET", "POST"])
def mistake(request: HttpRequest, uid: str) -> HttpResponse:
    """建档有误."""
    case = case_for(request, uid, Act.MISTAKE)
    form = bind(request, ReasonForm, case)
    return act_page(
        request, case, form,
        lambda **told: assignment.set_mistake(uid, by=request.user, on=today(), **told),
        title="认定建档有误", button="认定建档有误，停止办理", done="mistake", intro="档案编号保留",
    )  # fmt: skip


@open_to(*MAY[Act.NOTE])
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, uid: str) -> HttpResponse:
    """情况说明."""
    case = case_for(request, uid, Act.NOTE)
    form = bind(request, SaidForm, case)
    return act_page(
        request, case, form,
        lambda **told: notes.note(uid, by=request.user, on=today(), **told),
        title="写情况说明", button="写入经过", done="note",
    )  # fmt: skip


@open_to(*MAY[Act.REPORT])
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, uid: str) -> HttpResponse:
    """The school's written report (未成年人保护法 28)."""
    case = case_for(request, uid, Act.REPORT)
    form = bind(request, SaidForm, case)
    return act_page(
        request, case, form,
        lambda **told: notes.report(uid, by=request.user, on=today(), **told),
        title="写书面报告", button="提交书面报告", done="report",
        intro="未成年人保护法 第28条：写明最后到校日、已做的劝返、家长说的原因",
    )  # fmt: skip


@open_to(*MAY[Act.NOTE])
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, uid: str) -> HttpResponse:
    """A file beside the case."""
    case = case_for(request, uid, Act.NOTE)
    form = bind(request, EvidenceForm, case)

    def save(*, file, **told):
        notes.add_evidence(uid, file, by=request.user, on=today(), **told)

    return act_page(
        request, case, form, save, title="上传证据", button="上传这份材料", done="evidence"
    )
