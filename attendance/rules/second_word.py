"""Who has the last word on an explained day: the school alone, or the bureau after it.

Nobody who is judged by a number decides alone what lowers it; and nobody is buried in approvals.
What is not from a law is ours (系统设定). Pure: counts in, a sentence out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from attendance.enums import DayState
from attendance.rules.absence_kinds import KINDS, SHORTEST_CAUSE, WITHOUT_LIMIT, Unit, falls_on
from attendance.rules.sampling import monday
from regions.rules.calendar import is_weekday
from students.enums import CAUSES, AbsenceCause, AbsenceKind

SEEN_BETWEEN = 3  # so many school days seen between two spans keep them apart
MARKED_FREELY = 2  # so many days marked 未到 before leave was asked need no second word
WEEKDAYS_ALONE = 3  # 定期治疗 on more days of a week leaves nobody who sees the child
TOGETHER_ALONE = max(rule.alone for rule in KINDS.values() if rule.alone < WITHOUT_LIMIT)
OVER_COUNTY = 2  # a school's 补假率 over twice the county's
FEWEST_LATE = 5  # below so many, chance makes a small school's rate


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both included, on the weekdays named where any is."""

    first: date
    last: date
    weekdays: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last and falls_on(day, self.weekdays)

    def __iter__(self) -> Iterator[date]:
        every = (self.first + timedelta(days=n) for n in range(self.days))
        return (day for day in every if day in self)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def without(self, others: Iterable["Span"]) -> list["Span"]:
        """What of it no other holds, as spans, in order."""
        free: list[Span] = []
        for day in self:
            if any(day in other for other in others):
                continue
            if free and free[-1].last + timedelta(days=1) == day:
                free[-1] = Span(free[-1].first, day)
            else:
                free.append(Span(day, day))
        return free

    def crosses(self, other: "Span") -> bool:
        """Do the two share a day?"""
        first, last = max(self.first, other.first), min(self.last, other.last)
        shared = range(first.toordinal(), last.toordinal() + 1)
        return any(date.fromordinal(n) in self and date.fromordinal(n) in other for n in shared)


def chain_of(wanted: Span, others: Iterable[Span], states: Mapping[date, DayState]) -> list[Span]:
    """`wanted` with those of its kind that fewer than three seen school days keep from it, in order.

    `states` are the child's school days as far as they are known: a day to come was not seen.
    """
    chain, left = [wanted], sorted(others, key=lambda one: one.first)
    grown = True
    while grown:
        near = [one for one in left if any(_is_near(one, link, states) for link in chain)]
        chain, left = chain + near, [one for one in left if one not in near]
        grown = bool(near)
    return sorted(chain, key=lambda one: one.first)


def _is_near(one: Span, other: Span, states: Mapping[date, DayState]) -> bool:
    earlier, later = sorted((one, other), key=lambda span: span.first)
    seen = (
        day
        for day, state in states.items()
        if earlier.last < day < later.first and state is DayState.SEEN
    )
    return sum(1 for _ in seen) < SEEN_BETWEEN


def fullest_week(spans: Iterable[Span]) -> int:
    """The most days that the spans hold in one week, Monday to Sunday; each day once."""
    weeks = Counter(monday(day) for day in {day for one in spans for day in one})
    return max(weeks.values(), default=0)


def treated_week(wanted: Span, plans: Iterable[Span], leave: Iterable[Span]) -> int:
    """The most days of leave of every kind in a week of `wanted` in which a plan of treatment has a
    day; each day once, a Saturday or Sunday only where a plan names it."""
    plans = list(plans)
    treated = {monday(day) for plan in plans for day in plan}
    asked = {monday(day) for day in wanted}
    days = {
        day for one in (wanted, *plans, *leave) for day in one if one.weekdays or is_weekday(day)
    }
    weeks = Counter(monday(day) for day in days)
    return max((weeks[week] for week in treated & asked), default=0)


def count_days(kind: AbsenceKind, spans: Iterable[Span], school_days: Sequence[date]) -> int:
    """What spans add up to in the unit of their kind; each day once."""
    spans = list(spans)
    if KINDS[kind].unit is Unit.SCHOOL_DAYS or any(one.weekdays for one in spans):
        return sum(any(day in one for one in spans) for day in school_days)
    return sum(one.days for one in spans)


@dataclass(frozen=True, slots=True)
class LateLeave:
    """补假 of a place this term: leave granted, and of it asked for only after 未到 was marked."""

    late: int
    granted: int

    @property
    def rate(self) -> float:
        return self.late / self.granted if self.granted else 0.0

    def stands_out(self, county: "LateLeave") -> bool:
        return self.late >= FEWEST_LATE and self.rate > OVER_COUNTY * county.rate


NONE_LATE = LateLeave(0, 0)


@dataclass(frozen=True, slots=True)
class AbsenceRequest:
    """All that is weighed of a request.

    `days`: its own length in the unit of its kind; `chained`: with the spans it hangs together
    with; `school_days`: of the chain, None where the calendar does not say; `together`: of the
    chain of every kind that is not away, but treatment. `in_week`: days of treatment in its fullest
    week; `treated_week`: of leave of every kind in a week of its days that has treatment. `marked`:
    days of it marked 未到; `marked_before`: those of other leave asked for afterwards that hang
    together with it. `alert`: it touches the days of a standing alert.
    """

    kind: AbsenceKind
    days: int
    chained: int
    school_days: int | None
    proof: bool = False
    together: int = 0
    in_week: int = 0
    treated_week: int = 0
    marked: int = 0
    marked_before: int = 0
    alert: bool = False
    school: LateLeave = NONE_LATE
    county: LateLeave = NONE_LATE
    false_sample: bool = False

    @property
    def explained(self) -> int:
        """Days marked 未到 that leave asked for afterwards would explain; 0 where this one has none."""
        return self.marked and self.marked + self.marked_before

    @property
    def explains_marks(self) -> bool:
        return self.alert or self.explained > MARKED_FREELY

    @property
    def proof_is_due(self) -> bool:
        if self.explains_marks or self.school_days is None:
            return True
        return max(self.school_days, self.together) > KINDS[self.kind].proof_over


def why_refused(asked: AbsenceRequest) -> str:
    """One sentence that says why the span is too long; "" when it is not."""
    rule, label = KINDS[asked.kind], asked.kind.label
    if asked.days > rule.longest:
        return (
            f"{label}一次最长 {rule.longest} {rule.unit.label}，这里有 {asked.days} "
            f"{rule.unit.label}。{rule.instead}。"
        )
    if asked.chained > rule.chain:
        return (
            f"{label}连同前后相隔不到 {SEEN_BETWEEN} 个到校日的，共 {asked.chained} "
            f"{rule.unit.label}，超过 {rule.chain} {rule.unit.label}。{rule.instead}。"
        )
    return ""


def why_second(asked: AbsenceRequest) -> str:
    """Why the bureau must agree as well, in words; "" when the school's word is enough."""
    reasons = [
        _not_alone(asked),
        _too_many(asked),
        _explains(asked),
        "没有证明" if asked.proof_is_due and not asked.proof else "",
        "学校本学期补假率超过全县两倍" if asked.school.stands_out(asked.county) else "",
        "学校上月抽查有一份不实" if asked.false_sample else "",
    ]
    return "；".join(reason for reason in reasons if reason)


def _not_alone(asked: AbsenceRequest) -> str:
    return "" if KINDS[asked.kind].alone else f"{asked.kind.label}由县教育体育局批准"


def _too_many(asked: AbsenceRequest) -> str:
    """A kind's own chain against its own days; all kinds together against the most that a school
    may grant of any; treatment, and what stands beside it, by the week."""
    alone = KINDS[asked.kind].alone
    if not alone:
        return ""
    return (_over_days(asked, alone) if alone < WITHOUT_LIMIT else "") or _over_week(asked)


def _over_days(asked: AbsenceRequest, alone: int) -> str:
    if asked.school_days is None:
        return "校历未定，算不出教学日"
    if asked.school_days > alone:
        chained = "连同前后一段，共 " if asked.chained > asked.days else ""
        return f"{chained}{asked.school_days} 个教学日，超过学校可准的 {alone} 天"
    if asked.together > TOGETHER_ALONE:
        return f"连同前后各种请假，共 {asked.together} 个教学日，超过学校可准的 {TOGETHER_ALONE} 天"
    return ""


def _over_week(asked: AbsenceRequest) -> str:
    limit = f"超过学校可准的每周 {WEEKDAYS_ALONE} 天"
    if asked.in_week > WEEKDAYS_ALONE:
        return f"每周 {asked.in_week} 天，{limit}"
    if asked.treated_week > WEEKDAYS_ALONE:
        return f"定期治疗连同其他请假，一周 {asked.treated_week} 天，{limit}"
    return ""


def _explains(asked: AbsenceRequest) -> str:
    if asked.alert:
        marked = f"涉及已登记未到 {asked.marked} 天，" if asked.marked else ""
        return f"补假：{marked}预警没有办结"
    if not asked.explains_marks:
        return ""
    around = "连同前后几份，" if asked.marked_before else ""
    return f"补假：{around}涉及已登记未到 {asked.explained} 天"


def why_wrong_words(kind: AbsenceKind, cause: str, words: str, weekdays: str) -> str:
    """Why a cause is none: not from the list of its kind, or hardly a word; "" when it is one."""
    if cause and AbsenceCause(cause) not in CAUSES[kind]:
        return f"{kind.label}没有“{AbsenceCause(cause).label}”这一项，请重新选择事由。"
    if len(words.strip()) < SHORTEST_CAUSE:
        return f"请写明事由，至少 {SHORTEST_CAUSE} 个字，例如“发烧，家长来电请假”。"
    if bool(weekdays) != KINDS[kind].weekdays:
        return (
            "定期治疗请选每周哪几天。"
            if not weekdays
            else f"{kind.label}不按星期办理，请不要选星期。"
        )
    return ""
