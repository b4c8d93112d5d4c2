"""Acts on a case: the four steps, who answers for it, words and evidence."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.gate import open_to
from cases import permissions as rules
from cases.act_view import act_page, bind, case_for
from cases.enums.states import Step, step_title
from cases.fuzzy_dates import FuzzyDate
from cases.ladder import actions
from cases.ladder.facts import facts_of
from cases.ladder.forms import AdvanceForm, CourtForm, CriticiseForm, DecideSkipForm, SkipForm
from cases.law.conditions import CONDITIONS, CaseFacts, Evidence
from cases.law.steps import STEP_RULES, checks, why_not
from cases.permissions import MAY, CaseRight
from regions.clock import today


@open_to(*MAY[CaseRight.CRITICISE])
@require_http_methods(["GET", "POST"])
def criticise(request: HttpRequest, uid: str) -> HttpResponse:
    """批评教育 by the body that may order."""
    case = case_for(request, uid, CaseRight.CRITICISE)
    form = bind(request, CriticiseForm, case, initial={"happened": FuzzyDate.on(today())})
    return act_page(
        request, case, form, lambda **told: actions.criticise(uid, by=request.user, **told),
        title="登记批评教育", button="保存批评教育记录", done="criticise", intro="义务教育法 第58条",
    )  # fmt: skip


@open_to(*MAY[CaseRight.ADVANCE])
@require_http_methods(["GET", "POST"])
def advance(request: HttpRequest, uid: str) -> HttpResponse:
    """The next step, or the sentence that says what is missing."""
    case = case_for(request, uid, CaseRight.ADVANCE)
    roles = {held.role for held in rules.acting(request.user, case)}
    facts = facts_of(case, today())
    above = [step for step in STEP_RULES if step is not Step.PERSUADE and step != case.step]
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


def _in_time_once(facts: CaseFacts, step: Step) -> bool:
    """Is it only the window that has closed by today? What was done in time may be entered late."""
    missing = [one.label for one in checks(facts, step, today()) if not one.met]
    return missing == [CONDITIONS[Evidence.IN_WINDOW].label]


@open_to(*MAY[CaseRight.ASK_SKIP])
@require_http_methods(["GET", "POST"])
def skip(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask the county office to leave a step out."""
    case = case_for(request, uid, CaseRight.ASK_SKIP)
    form = bind(request, SkipForm, case)
    return act_page(
        request, case, form,
        lambda **told: actions.ask_skip(uid, by=request.user, on=today(), **told),
        title="申请跳过一步", button="报县控辍保学专班批准", done="skip",
    )  # fmt: skip


@open_to(*MAY[CaseRight.DECIDE_SKIP])
@require_http_methods(["GET", "POST"])
def decide_skip(request: HttpRequest, uid: str) -> HttpResponse:
    """Grant or refuse what was asked."""
    case = case_for(request, uid, CaseRight.DECIDE_SKIP)
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


@open_to(*MAY[CaseRight.COURT])
@require_http_methods(["GET", "POST"])
def court(request: HttpRequest, uid: str) -> HttpResponse:
    """What the court did."""
    case = case_for(request, uid, CaseRight.COURT)
    form = bind(request, CourtForm, case, initial={"happened": FuzzyDate.on(today())})

    def save(*, court: str, number: str, **told):
        actions.record_court(uid, by=request.user, details=form.details, **told)

    return act_page(
        request, case, form, save, title="登记法院办理", button="保存法院办理情况", done="court"
    )
