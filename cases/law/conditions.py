"""What the four steps ask for, and what of it is on file: conditions, facts, and how they are judged.

Dates are as sure as anybody knows them: a condition of time is judged on the most favourable day
the dates allow, and not at all where nothing bounds a day.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from accounts.enums import Role
from cases.enums.states import CaseState, Step
from cases.fuzzy_dates import FuzzyDate

UNKNOWN = FuzzyDate.unknown()
ONE_DAY = timedelta(days=1)


class Evidence(StrEnum):
    """What must be on file, or over, before a step is entered."""

    CONTACT = "contact"
    CRITICISM = "criticism"
    ORDER_SERVED = "order_served"
    ORDER_LAPSED = "order_lapsed"
    FINE_BASIS = "fine_basis"
    DECISION_SERVED = "decision_served"
    APPEALS_OVER = "appeals_over"
    DEMAND_OVER = "demand_over"
    IN_WINDOW = "in_window"
    LEGAL_OPINION = "legal_opinion"


class Enforceable(StrEnum):
    """Which decision the county's court accepts as enforceable: policy row `enforceable`."""

    PENALTY = "处罚决定"
    ORDER = "责令改正"


class CheckState(StrEnum):
    """`UNDATED`: it is there, but a date is unknown, so its time is not judged."""

    DONE = "done"
    UNDATED = "undated"
    WAIT = "wait"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: how a page calls it, its article, and the refusal where it is not met."""

    label: str
    cites: str
    refusal: str


CONDITIONS: dict[Evidence, Condition] = {
    Evidence.CONTACT: Condition(
        "家访或联系至少 1 次", "义务教育法 第13条",
        "不能进入：还没有联系监护人的记录（义务教育法第13条）。",
    ),
    Evidence.CRITICISM: Condition(
        "有权责令的机关批评教育", "义务教育法 第58条",
        "不能进入：责任乡镇或县教育体育局还没有作出批评教育（义务教育法第58条）。",
    ),
    Evidence.ORDER_SERVED: Condition(
        "责令限期改正通知书已送达父母或其他法定监护人", "义务教育法 第58条",
        "不能进入：责令限期改正通知书还没有送达父母或者其他法定监护人（义务教育法第58条）。",
    ),
    Evidence.ORDER_LAPSED: Condition(
        "责令的期限已届满，学生没有返校", "义务教育法 第58条",
        "不能进入：责令的期限还没有届满{opens}（义务教育法第58条）。",
    ),
    Evidence.FINE_BASIS: Condition(
        "可罚款的法律依据，写明有权机关", "行政处罚法 第12条、第38条",
        "不能进入：没有可罚款的法律依据（义务教育法第58条没有设定罚款）。",
    ),
    Evidence.DECISION_SERVED: Condition(
        "法院认可可执行的决定已送达", "行政诉讼法 第97条",
        "不能进入：没有已送达、法院认可可执行的决定（本县：{enforceable}；行政诉讼法第97条）。",
    ),
    Evidence.APPEALS_OVER: Condition(
        "复议 60 日、诉讼 6 个月的期限已过", "行政复议法 第20条，行政诉讼法 第46条",
        "不能进入：监护人申请复议、提起诉讼的期限还没有过{opens}（行政强制法第53条）。",
    ),
    Evidence.DEMAND_OVER: Condition(
        "履行催告书已送达满 10 个工作日", "行政强制法 第54条",
        "不能进入：履行行政决定催告书送达未满 10 个工作日{opens}（行政强制法第54条）。",
    ),
    Evidence.IN_WINDOW: Condition(
        "在起诉期限届满后 3 个月内", "行政强制法 第53条",
        "不能进入：已超过申请强制执行的 3 个月期限（行政强制法第53条）。",
    ),
    Evidence.LEGAL_OPINION: Condition(
        "法律意见书（原告资格和诉讼请求）", "未成年人保护法 第106条、第108条",
        "不能进入：没有法律意见书，说明原告资格和诉讼请求（未成年人保护法第106条）。",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days an act may have happened on; an end that is None is not known."""

    earliest: date | None = None
    latest: date | None = None

    @classmethod
    def of(cls, on: "date | FuzzyDate | DateRange | None") -> "DateRange":
        if isinstance(on, FuzzyDate):
            return cls(on.earliest, on.latest)
        return on if isinstance(on, DateRange) else cls(on, on)

    @property
    def unknown(self) -> bool:
        return self.latest is None

    def reaches(self, one: FuzzyDate) -> bool:
        """May `one` have happened before the act, or on its day?"""
        return one.earliest is None or self.latest is None or one.earliest <= self.latest


@dataclass(frozen=True, slots=True)
class Served:
    """A paper served on a parent or legal guardian. `due` is the first day its period may end:
    counted from the earliest day of service where the day is not sure; None where nothing is known.
    """

    served: FuzzyDate = UNKNOWN
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision a court would enforce: when the appeals end, and when the window closes."""

    served: FuzzyDate = UNKNOWN
    appeals_until: date | None = None
    window_until: date | None = None


@dataclass(frozen=True, slots=True)
class FineBasis:
    """A clause of the place that allows a fine, and the body that may impose it.

    `bodies` are the seats that act for that body; a body without a seat in the portal has none.
    """

    said: str
    competent: str
    bodies: frozenset[Role]
    since: date
    until: date | None = None

    def in_force(self, span: DateRange) -> bool:
        """On some day of the span; an open end is not judged."""
        began = span.latest is None or self.since <= span.latest
        return began and (
            span.earliest is None or self.until is None or span.earliest <= self.until
        )


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All that the ladder asks of a case, in its present round. Papers that are void are absent."""

    state: CaseState = CaseState.PERSUADING
    step: Step = Step.PERSUADE
    chinese: bool = True
    entered: Mapping[Step, FuzzyDate] = field(default_factory=dict)
    left_out: frozenset[Step] = frozenset()
    contacts: tuple[FuzzyDate, ...] = ()
    criticisms: tuple[FuzzyDate, ...] = ()
    orders: tuple[Served, ...] = ()
    decision: Decision | None = None
    demands: tuple[Served, ...] = ()
    opinions: tuple[FuzzyDate, ...] = ()
    bases: tuple[FineBasis, ...] = ()
    enforceable: Enforceable = Enforceable.PENALTY


@dataclass(frozen=True, slots=True)
class Proof:
    """How one condition stands: how many pieces, the last or decisive day, from when it opens."""

    state: CheckState = CheckState.MISSING
    count: int = 0
    last: FuzzyDate | None = None
    opens_on: date | None = None


MISSING = Proof()


def _on_file(dates: Collection[FuzzyDate], span: DateRange) -> Proof:
    """Things done no later than the act."""
    before = [one for one in dates if span.reaches(one)]
    if not before:
        return MISSING
    dated = [one for one in before if one.latest is not None]
    if span.unknown or not dated:
        return Proof(CheckState.UNDATED, len(before), before[-1])
    return Proof(CheckState.DONE, len(before), max(dated, key=lambda one: one.latest or date.min))


def _over(due: date | None, span: DateRange, count: int = 1) -> Proof:
    """A period that must have ended before the act."""
    if due is None or span.latest is None:
        return Proof(CheckState.UNDATED, count)
    if span.latest > due:
        return Proof(CheckState.DONE, count, FuzzyDate.on(due))
    return Proof(CheckState.WAIT, count, FuzzyDate.on(due), due + ONE_DAY)


def _first_over(papers: Collection[Served], span: DateRange) -> Proof:
    """The first of several periods to end: one parent's order is enough."""
    return _over(_first_due(papers), span, len(papers)) if papers else MISSING


def _first_due(papers: Collection[Served]) -> date | None:
    return min((one.due for one in papers if one.due), default=None)


def _after_decision(facts: CaseFacts) -> list[Served]:
    """Demands that may follow the decision they ask to perform (行政强制法 54)."""
    decided = facts.decision.served.earliest if facts.decision else None
    return [
        one
        for one in facts.demands
        if decided is None or one.served.latest is None or one.served.latest >= decided
    ]


def _served(papers: Collection[Served], span: DateRange) -> Proof:
    return _on_file([one.served for one in papers], span)


def _decision_served(facts: CaseFacts, span: DateRange) -> Proof:
    return _on_file([facts.decision.served], span) if facts.decision else MISSING


def _appeals_over(facts: CaseFacts, span: DateRange) -> Proof:
    return _over(facts.decision.appeals_until, span) if facts.decision else MISSING


def _in_window(facts: CaseFacts, span: DateRange) -> Proof:
    """Is there a day left to apply on, once the appeals and the demand are over?"""
    decision = facts.decision
    if decision is None:
        return MISSING
    until = decision.window_until
    if until is None or span.unknown:
        return Proof(CheckState.UNDATED, 1)
    periods = [decision.appeals_until, _first_due(_after_decision(facts))]
    opens = [day + ONE_DAY for day in periods if day] + [span.earliest or date.min]
    return Proof(CheckState.DONE, 1, FuzzyDate.on(until)) if max(opens) <= until else MISSING


def _fine_basis(facts: CaseFacts, span: DateRange) -> Proof:
    bases = [one for one in facts.bases if one.in_force(span)]
    return Proof(CheckState.DONE, len(bases)) if bases else MISSING


FOUND: dict[Evidence, Callable[[CaseFacts, DateRange], Proof]] = {
    Evidence.CONTACT: lambda facts, span: _on_file(facts.contacts, span),
    Evidence.CRITICISM: lambda facts, span: _on_file(facts.criticisms, span),
    Evidence.ORDER_SERVED: lambda facts, span: _served(facts.orders, span),
    Evidence.ORDER_LAPSED: lambda facts, span: _first_over(facts.orders, span),
    Evidence.FINE_BASIS: _fine_basis,
    Evidence.DECISION_SERVED: _decision_served,
    Evidence.APPEALS_OVER: _appeals_over,
    Evidence.DEMAND_OVER: lambda facts, span: _first_over(_after_decision(facts), span),
    Evidence.IN_WINDOW: _in_window,
    Evidence.LEGAL_OPINION: lambda facts, span: _on_file(facts.opinions, span),
}
