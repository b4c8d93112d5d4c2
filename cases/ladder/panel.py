"""The ladder as the case page draws it: four columns, what each needed, why the next is shut."""

from dataclasses import dataclass, field
from datetime import date

from cases.day_words import day_said, happened_said
from cases.enums.states import OUT_OF_SCHOOL, STEP_NUMBERS, Step
from cases.law.conditions import CONDITIONS, CaseFacts, CheckState, Evidence
from cases.law.steps import Check, checks, why_not

COLUMNS: list[tuple[str, tuple[Step, ...]]] = [
    ("宣传教育", (Step.PERSUADE,)),
    ("责令限期改正", (Step.ORDER,)),
    ("行政处罚", (Step.PENALTY,)),
    ("起诉 或 申请强制执行", (Step.ENFORCE, Step.SUE)),
]
BRANCHES = {Step.ENFORCE: "4a", Step.SUE: "4b"}
SHOWS: dict[Step, tuple[Step, tuple[Evidence, ...]]] = {
    Step.PERSUADE: (Step.ORDER, (Evidence.CONTACT, Evidence.CRITICISM)),
    Step.ORDER: (Step.PENALTY, (Evidence.ORDER_SERVED, Evidence.ORDER_LAPSED)),
    Step.PENALTY: (Step.PENALTY, (Evidence.FINE_BASIS,)),
    Step.ENFORCE: (
        Step.ENFORCE,
        (Evidence.DECISION_SERVED, Evidence.APPEALS_OVER, Evidence.DEMAND_OVER, Evidence.IN_WINDOW),
    ),
    Step.SUE: (Step.SUE, (Evidence.LEGAL_OPINION,)),
}
NOT_OVER = {
    CONDITIONS[Evidence.ORDER_LAPSED].label: "责令的期限还没有届满",
    CONDITIONS[Evidence.APPEALS_OVER].label: "复议、诉讼的期限还没有过",
    CONDITIONS[Evidence.DEMAND_OVER].label: "催告书送达未满 10 个工作日",
}
SIGNS = {
    CheckState.DONE: ("check-circle-fill", "ok", "已具备："),
    CheckState.UNDATED: ("check-circle-fill", "ok", "已具备，日期不详："),
    CheckState.WAIT: ("hourglass-split", "warn", "等待："),
    CheckState.MISSING: ("circle", "", "未到："),
}


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition: icon and its tone, the word a screen reader says, text, what stands at the right."""

    icon: str
    tone: str
    spoken: str
    text: str
    end: str = ""
    bold: bool = False

    @property
    def css(self) -> str:
        return f"t-{self.tone}" if self.tone else "mute"


@dataclass(frozen=True, slots=True)
class StepPart:
    """A step, or a branch of the fourth: its tag, the sentence that shuts it, its conditions."""

    title: str
    state: str
    tag: str = ""
    tone: str = ""
    why: str = ""
    since: str = ""
    lines: tuple[ConditionLine, ...] = ()

    @property
    def wants_criticism(self) -> bool:
        """Is 批评教育 still to be given, and the step it belongs to the one that stands?"""
        wanted = CONDITIONS[Evidence.CRITICISM].label
        missing = SIGNS[CheckState.MISSING][0]
        return self.state == "now" and any(
            line.text == wanted and line.icon == missing for line in self.lines
        )


@dataclass(frozen=True, slots=True)
class StepColumn:
    """One of the four steps: done, now, shut or open."""

    number: int
    title: str
    state: str
    parts: list[StepPart] = field(default_factory=list)


def columns_of(facts: CaseFacts, since: dict[Step, str], on: date) -> list[StepColumn]:
    """The four columns as of `on`; `since` says when the standing step was entered, and by whom."""
    found = []
    for number, (title, steps) in enumerate(COLUMNS, 1):
        parts = [_part(facts, step, since.get(step, ""), on) for step in steps]
        states = {part.state for part in parts}
        state = next((s for s in ("now", "done", "left", "") if s in states), "shut")
        found.append(StepColumn(number, title, state, parts))
    return found


def _part(facts: CaseFacts, step: Step, since: str, on: date) -> StepPart:
    out, number = facts.state in OUT_OF_SCHOOL, STEP_NUMBERS[step]
    title = f"{BRANCHES[step]} {step.label}" if step in BRANCHES else ""
    if step is facts.step:
        if not out:  # back or gone by an exit: nothing says that the step was completed
            return StepPart(title, "", "办到这一步", "plain", since=since)
        return StepPart(title, "now", since=since, lines=_lines(facts, step, on))
    if step is Step.PERSUADE or step in facts.entered:
        return StepPart(title, "done", since=since, lines=_lines(facts, step, on))
    if step in facts.left_out:
        return StepPart(title, "left", tag="已批准跳过", tone="plain")
    if not out or number < STEP_NUMBERS[facts.step]:
        return StepPart(title, "", since="未进入")
    return _not_entered(facts, step, title, on)


def _not_entered(facts: CaseFacts, step: Step, title: str, on: date) -> StepPart:
    """Why the step is shut, or that it may be entered now."""
    why, lines = why_not(facts, step, None, on), _lines(facts, step, on)
    if why is None:
        return StepPart(title, "", tag="可以进入", tone="ok", lines=lines)
    waiting = next((one for one in checks(facts, step, on) if not one.met), None)
    if waiting and waiting.opens_on:
        opens = f"{day_said(waiting.opens_on, on)}起可进入"
        return StepPart(title, "", opens, "warn", lines=lines)
    own = {CONDITIONS[need].label for need in SHOWS[step][1]}
    barred = not facts.chinese or (waiting is not None and waiting.label in own)
    tone = "bad" if barred and step is Step.PENALTY else "plain"
    return StepPart(title, "shut", "不能进入", tone, why.removeprefix("不能进入："), lines=lines)


def _lines(facts: CaseFacts, step: Step, on: date) -> tuple[ConditionLine, ...]:
    if facts.state not in OUT_OF_SCHOOL:
        return ()
    asked, needs = SHOWS[step]
    labels = {CONDITIONS[need].label for need in needs}
    entered = step is facts.step or step in facts.entered
    if asked is step and entered and step is not Step.SUE:
        return ()
    return tuple(_line(one, on) for one in checks(facts, asked, on) if one.label in labels)


def _line(one: Check, on: date) -> ConditionLine:
    icon, tone, spoken = SIGNS[one.state]
    end = f"{one.count} 次" if one.count > 1 else _day(one, on)
    if one.state is CheckState.WAIT:
        said = NOT_OVER.get(one.label, one.label)
        return ConditionLine(icon, tone, spoken, said, f"{_day(one, on)}届满", bold=True)
    return ConditionLine(icon, tone, spoken, one.label, end)


def _day(one: Check, on: date) -> str:
    return happened_said(one.last, on) if one.last else ""
