"""四步法: the four legal steps as a table a lawyer can check (drawn into docs/ladder.md).

`why_not` says in one sentence why a case may not enter a step, `checks` what the step needs and
what of it is on file.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from accounts.enums import Role
from cases.enums.records import PaperKind
from cases.enums.states import OUT_OF_SCHOOL, STEP_NUMBERS, CaseState, Step, step_title
from cases.fuzzy_dates import FuzzyDate
from cases.law.conditions import CONDITIONS, FOUND, CaseFacts, CheckState, DateRange, Evidence

OWN_RULE = "四步法，系统设定"
ONLY_CHINESE = "不能进入：第二步至第四步只对具有中国国籍的适龄儿童、少年适用（义务教育法第4条）。"


@dataclass(frozen=True, slots=True)
class StepRule:
    """A step: who may enter it, after which steps, with what on file; what it writes and starts.

    `left_out` are the steps before it that may be left out with the county office's approval;
    `needs_of` is asked unless the step it hangs on was left out. `also` is cited beside `cites`.
    """

    by: frozenset[Role]
    who: str
    cites: str
    after: tuple[Step, ...] = ()
    left_out: frozenset[Step] = frozenset()
    needs: tuple[Evidence, ...] = ()
    needs_of: Mapping[Step, tuple[Evidence, ...]] = field(default_factory=dict)
    papers: tuple[PaperKind, ...] = ()
    clock: str = ""
    also: Mapping[Role, str] = field(default_factory=dict)

    def article(self, role: Role) -> str:
        """What this role acts on: a township never cites what speaks of the education department."""
        return "，".join([self.cites] + ([self.also[role]] if role in self.also else []))


ORDERERS = frozenset({Role.TOWNSHIP, Role.BUREAU})
STEP_RULES: dict[Step, StepRule] = {
    Step.PERSUADE: StepRule(
        by=frozenset({Role.VILLAGE, Role.TEACHER, Role.OFFICE, Role.PRINCIPAL}) | ORDERERS,
        who="学校、村（社区）、乡镇、县教育体育局",
        cites="义务教育法 第5条、第13条",
        papers=(PaperKind.PERSUASION,),
    ),
    Step.ORDER: StepRule(
        by=ORDERERS,
        who="责任乡镇或县教育体育局",
        cites="义务教育法 第58条",
        also={Role.BUREAU: "未成年人保护法 第83条"},
        after=(Step.PERSUADE,),
        needs=(Evidence.CONTACT, Evidence.CRITICISM),
        papers=(PaperKind.ORDER,),
        clock="限期改正（系统设定 7 日）；复议 60 日；诉讼 6 个月",
    ),
    Step.PENALTY: StepRule(
        by=ORDERERS,
        who="法律依据写明的有权机关",
        cites="行政处罚法 第12条、第38条、第44条",
        after=(Step.PERSUADE, Step.ORDER),
        needs=(Evidence.FINE_BASIS,),
        needs_of={Step.ORDER: (Evidence.ORDER_SERVED, Evidence.ORDER_LAPSED)},
        papers=(PaperKind.PRIOR_NOTICE, PaperKind.PENALTY),
        clock="缴纳罚款 15 日；复议 60 日；诉讼 6 个月，其后 3 个月内可申请强制执行",
    ),
    Step.ENFORCE: StepRule(
        by=ORDERERS,
        who="作出决定的机关",
        cites="行政诉讼法 第97条，行政强制法 第53条、第54条",
        after=(Step.PERSUADE, Step.ORDER, Step.PENALTY),
        left_out=frozenset({Step.PENALTY}),
        needs=(
            Evidence.DECISION_SERVED, Evidence.APPEALS_OVER, Evidence.DEMAND_OVER,
            Evidence.IN_WINDOW,
        ),
        papers=(PaperKind.DEMAND, PaperKind.ENFORCEMENT),
        clock="催告 10 个工作日",
    ),
    Step.SUE: StepRule(
        by=frozenset({Role.TOWNSHIP}),
        who="责任乡镇作原告；检察院可支持起诉",
        cites="未成年人保护法 第106条、第108条",
        after=(Step.PERSUADE, Step.ORDER, Step.PENALTY),
        left_out=frozenset({Step.ORDER, Step.PENALTY}),
        needs=(Evidence.CONTACT, Evidence.CRITICISM, Evidence.LEGAL_OPINION),
        needs_of={Step.ORDER: (Evidence.ORDER_SERVED, Evidence.ORDER_LAPSED)},
        papers=(PaperKind.LEGAL_OPINION, PaperKind.COMPLAINT),
    ),
}  # fmt: skip
# Papers that prepare a step are made in the one before it, or at any time.
PREPARING: dict[PaperKind, tuple[Step, ...]] = {
    PaperKind.DEMAND: (Step.PENALTY, Step.ORDER),
    PaperKind.LEGAL_OPINION: (),
    PaperKind.PERSUASION: (),
}
MAY_BE_LEFT_OUT = frozenset().union(*(rung.left_out for rung in STEP_RULES.values()))


def made_in(kind: PaperKind) -> tuple[Step, ...]:
    """The steps a paper of a kind is made in; empty for one that is made at any time."""
    own = tuple(step for step, rung in STEP_RULES.items() if kind in rung.papers)
    return PREPARING.get(kind, own)


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a step: what stands, from when it opens, and the refusal if it is not met."""

    label: str
    state: CheckState
    cites: str
    refusal: str = ""
    count: int = 0
    last: FuzzyDate | None = None
    opens_on: date | None = None

    @property
    def met(self) -> bool:
        return self.state in (CheckState.DONE, CheckState.UNDATED)


FOREIGN = Check("中国国籍", CheckState.MISSING, "义务教育法 第4条", ONLY_CHINESE)


def why_not(
    facts: CaseFacts,
    step: Step,
    roles: Collection[Role] | None = None,
    on: date | FuzzyDate | DateRange | None = None,
) -> str | None:
    """Why a case may not enter `step` on that day, in one sentence with its article; None if it may.

    `roles` are those held over the case; None leaves the right unasked.
    """
    return (
        _wrong_state(facts)
        or _wrong_place(facts, step, DateRange.of(on))
        or _wrong_role(step, roles)
        or next((one.refusal for one in checks(facts, step, on) if not one.met), None)
        or _wrong_body(facts, step, roles, DateRange.of(on))
    )


def _wrong_state(facts: CaseFacts) -> str | None:
    if facts.state in OUT_OF_SCHOOL:
        return None
    if facts.state in (CaseState.RETURNED, CaseState.OBSERVING):
        return f"不能进入：学生已返校，责令已经履行；再次辍学才从第一步重新办理（{OWN_RULE}）。"
    return f"不能进入：个案已经办结（{OWN_RULE}）。"


def _wrong_place(facts: CaseFacts, step: Step, span: DateRange) -> str | None:
    """The ladder goes up; of the fourth step's branches the other one may follow."""
    if step is facts.step:
        return f"已经在{step_title(step)}（{OWN_RULE}）。"
    if step in facts.entered or STEP_NUMBERS[step] < STEP_NUMBERS[facts.step]:
        return f"不能退回{step_title(step)}；返校后再次辍学才从第一步重新办理（{OWN_RULE}）。"
    for before in STEP_RULES[step].after:
        began = facts.entered.get(before)
        if began and not span.reaches(began):
            return f"不能进入：日期早于进入{step_title(before)}的日期（{OWN_RULE}）。"
    return None


def _wrong_role(step: Step, roles: Collection[Role] | None) -> str | None:
    rung = STEP_RULES[step]
    if roles is None or rung.by & set(roles):
        return None
    return f"不能进入：{step.label}由{rung.who}办理（{rung.cites}）。"


def _wrong_body(
    facts: CaseFacts, step: Step, roles: Collection[Role] | None, span: DateRange
) -> str | None:
    """A penalty by a body the clause does not name is void (行政处罚法 38)."""
    if roles is None or step is not Step.PENALTY:
        return None
    bases = [one for one in facts.bases if one.in_force(span)]
    if any(one.bodies & set(roles) for one in bases):
        return None
    return f"不能进入：罚款由{bases[0].competent}决定（{bases[0].said}）。"


def checks(
    facts: CaseFacts, step: Step, on: date | FuzzyDate | DateRange | None = None
) -> list[Check]:
    """What entering `step` takes, in the order it is asked for. A None or unknown day judges no time."""
    if step is Step.PERSUADE:
        return []
    rung, span = STEP_RULES[step], DateRange.of(on)
    late = [
        need
        for before in rung.needs_of
        if before not in facts.left_out & rung.left_out
        for need in rung.needs_of[before]
    ]
    return [
        *([] if facts.chinese else [FOREIGN]),
        *[_check(facts, need, span) for need in rung.needs],
        *[_before(facts, one, rung) for one in rung.after if one is not Step.PERSUADE],
        *[_check(facts, need, span) for need in late],
    ]


def _before(facts: CaseFacts, before: Step, rung: StepRule) -> Check:
    """An earlier step: entered, or left out with approval where it may be."""
    title = step_title(before)
    may_skip = before in rung.left_out
    if before in facts.entered or before is facts.step:
        return Check(f"已办{title}", CheckState.DONE, OWN_RULE, last=facts.entered.get(before))
    if before in facts.left_out and may_skip:
        return Check(f"已批准跳过{title}", CheckState.DONE, OWN_RULE)
    way = "；要跳过，须写明理由，报县控辍保学专班批准" if may_skip else ""
    return Check(
        f"已办{title}",
        CheckState.MISSING,
        OWN_RULE,
        f"不能进入：还没有办{title}{way}（{OWN_RULE}）。",
    )


def _check(facts: CaseFacts, evidence: Evidence, span: DateRange) -> Check:
    need, found = CONDITIONS[evidence], FOUND[evidence](facts, span)
    day = found.opens_on
    opens = f"，{day.year}年{day.month}月{day.day}日起可以" if day else ""
    refusal = need.refusal.format(opens=opens, enforceable=facts.enforceable.value)
    return Check(
        need.label, found.state, need.cites, refusal, found.count, found.last, found.opens_on
    )
