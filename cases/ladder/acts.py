"""The acts of the four steps: criticism, the next step, a step left out, the court."""

from cases.act import OUT, Act, Filling, Occasion, Situation
from cases.enums.records import DeadlineKind
from cases.enums.states import Step, step_title
from cases.fuzzy_dates import FuzzyDate
from cases.ladder import steps
from cases.ladder.facts import facts_of
from cases.ladder.forms import AdvanceForm, CourtForm, CriticiseForm, DecideSkipForm, SkipForm
from cases.law.conditions import CONDITIONS, CaseFacts, Evidence
from cases.law.steps import STEP_RULES, checks, why_not
from cases.models import Skip
from cases.permissions import CaseRight, acting


def _today(at: Occasion) -> Filling:
    return Filling(initial={"happened": FuzzyDate.on(at.on)})


def _criticism(at: Occasion) -> Filling:
    return Filling(initial={"happened": FuzzyDate.on(at.on)}, intro="义务教育法 第58条")


def _next_steps(at: Occasion) -> Filling:
    """The steps above, and for each one that cannot be entered the sentence that says what is missing."""
    roles = {held.role for held in acting(at.by, at.case)}
    facts = facts_of(at.case, at.on)
    above = [step for step in STEP_RULES if step is not Step.PERSUADE and step != at.case.step]
    whys = {step: why_not(facts, step, roles, at.on) for step in above}
    described = [
        {"title": step_title(step), "why": (why or "").removeprefix("不能进入：")}
        for step, why in whys.items()
    ]
    able = [step for step in above if whys[step] is None or _in_time_once(facts, step, at)]
    return Filling(
        initial={"happened": FuzzyDate.on(at.on), "to": able[0].value if able else ""},
        options={"steps": above if at.posted else able},
        refused="" if able else "哪一步都还不能进入，缺什么见下面。",
        around={"steps": described},
    )


def _in_time_once(facts: CaseFacts, step: Step, at: Occasion) -> bool:
    """Is it only the window that has closed by today? What was done in time may be entered late."""
    missing = [one.label for one in checks(facts, step, at.on) if not one.met]
    return missing == [CONDITIONS[Evidence.IN_WINDOW].label]


def _asked(at: Occasion) -> Filling:
    """What was asked: grant it or refuse it."""
    rows = at.case.skips.filter(round=at.case.round, granted=None).select_related("asked_by")
    skips = list(rows)
    said = "；".join(_format_asked(skip) for skip in skips)
    return Filling(
        options={"steps": [Step(skip.step) for skip in skips]},
        intro=said,
        refused="" if skips else "没有等待审批的申请。",
        asks=bool(skips),
    )


def _format_asked(skip: Skip) -> str:
    who = f"（{skip.asked_by.name}）" if skip.asked_by else ""
    return f"{skip.step_label}：{skip.reason}{who}"


def _no_skip_asked(now: Situation) -> bool:
    return not now.skip_asked


def _skip_asked(now: Situation) -> bool:
    return now.skip_asked


def _before_the_court(now: Situation) -> bool:
    return now.case.step in (Step.ENFORCE, Step.SUE)


CRITICISE = Act(
    CaseRight.CRITICISE, "criticise", "登记批评教育", button="保存批评教育记录", icon="megaphone",
    says="义务教育法 第58条", states=OUT, form=CriticiseForm, verb=steps.criticise,
    fill=_criticism,
)  # fmt: skip
ADVANCE = Act(
    CaseRight.ADVANCE, "advance", "进入下一步", button="进入这一步", icon="arrow-right-circle",
    says="四步法；条件不齐的说明缺什么", states=OUT, form=AdvanceForm, verb=steps.advance,
    fill=_next_steps, settles_late=(DeadlineKind.ORDER,),
)  # fmt: skip
ASK_SKIP = Act(
    CaseRight.ASK_SKIP, "skip", "申请跳过一步", button="报县控辍保学专班批准", icon="skip-forward",
    says="写明理由，报县控辍保学专班批准", states=OUT, form=SkipForm, verb=steps.ask_skip,
    fits=_no_skip_asked,
)  # fmt: skip
DECIDE_SKIP = Act(
    CaseRight.DECIDE_SKIP, "decide_skip", "审批跳过一步", button="保存审批", icon="check2-square",
    says="准许或不准，写明意见", states=OUT, form=DecideSkipForm, verb=steps.decide_skip,
    fill=_asked, fits=_skip_asked, settles=(DeadlineKind.DECIDE_SKIP,),
)  # fmt: skip
COURT = Act(
    CaseRight.COURT, "court", "登记法院办理", button="保存法院办理情况", icon="bank",
    says="递交、调解、判决、执行", states=OUT, form=CourtForm, verb=steps.record_court,
    fill=_today, fits=_before_the_court,
)  # fmt: skip
