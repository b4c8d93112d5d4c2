"""How many second words reach the bureau of a county of 60,000 pupils, in an ordinary and a flu week.

A term is drawn by chance, request by request, and each is put before the real rules. Shares of the
attendance literature stand in `demo.county.registers`; what is marked 系统设定 is an assumption of
ours, to be replaced by a county's own numbers.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from attendance.enums import DayState
from attendance.rules.absence_kinds import KINDS
from attendance.rules.sampling import Grant, draw
from attendance.rules.second_word import (
    NONE_LATE,
    AbsenceRequest,
    LateLeave,
    Span,
    chain_of,
    count_days,
    why_refused,
    why_second,
)
from demo.county.plan import random_stream
from demo.county.registers import ABSENCE_BEGINS, ON_FILE, UNEXCUSED
from regions.rules.calendar import each_day, is_weekday
from students.enums import AbsenceKind

PUPILS = 60_000
SCHOOLS = 150  # 系统设定: from 教学点 of 20 to schools of 2,000
WEEKS = 12  # 系统设定: the week looked at is the last of so many, the term's rates stand by then
FIRST = date(2026, 9, 7)
# 系统设定: how long what is asked for lasts, in school days, and how often of a thousand.
ORDINARY_DAYS = {1: 780, 2: 130, 3: 50, 4: 14, 5: 16, 8: 6, 10: 3, 12: 1}
FLU_DAYS = {1: 350, 2: 250, 3: 220, 4: 90, 5: 80, 8: 10}
FLU_TIMES = 4  # 系统设定: so many times the ordinary illness
SICK_SHARE, OFFICIAL_SHARE = 0.65, 0.03  # 系统设定
PROVEN = 0.85  # 系统设定: of leave that needs proof, so much has it when the school agrees
ASKED_LATE = 0.04  # 系统设定: 补假, asked for after 未到 was marked
LATE_SCHOOLS, ASKED_LATE_THERE = 0.02, 0.15  # 系统设定: schools where it is a habit
# 系统设定: alerts a week that a school explains on proof, and statuses a week that begin.
EXPLAINED_ALERTS = 7
STATUSES = {
    AbsenceKind.LONG_LEAVE: 5, AbsenceKind.SUSPENDED: 3, AbsenceKind.STUDY_ELSEWHERE: 4,
    AbsenceKind.HOME_TEACHING: 1,
}  # fmt: skip


@dataclass
class Term:
    """What a term's requests came to so far: each child's spans, each school's 补假."""

    rng: Random
    spans: dict[tuple[int, AbsenceKind], list[Span]] = field(
        default_factory=lambda: defaultdict(list)
    )
    late: Counter = field(default_factory=Counter)
    granted: Counter = field(default_factory=Counter)

    def rate(self, school: int) -> LateLeave:
        return LateLeave(self.late[school], self.granted[school])

    @property
    def county(self) -> LateLeave:
        return LateLeave(self.late.total(), self.granted.total())


@dataclass
class WeekCount:
    """What one week came to."""

    requests: int = 0
    refused: int = 0
    second: int = 0
    sampled: int = 0
    why: Counter = field(default_factory=Counter)
    grants: list[Grant] = field(default_factory=list)

    def as_json(self) -> dict:
        return {
            "requests": self.requests, "refused": self.refused, "second_words": self.second,
            "sampled": self.sampled, "why": dict(self.why.most_common()),
        }  # fmt: skip


def estimate(seed: int = 1) -> dict[str, WeekCount]:
    """The last week of a term, once as usual and once with flu; the same for the same seed."""
    weeks = {"ordinary": False, "flu": True}
    return {name: _last_week(random_stream(seed, "requests"), flu) for name, flu in weeks.items()}


def _last_week(rng: Random, flu: bool) -> WeekCount:
    term, week = Term(rng), WeekCount()
    for n in range(WEEKS):
        last = n == WEEKS - 1
        week = _week(term, FIRST + timedelta(weeks=n), FLU_TIMES if flu and last else 1)
    return week


def _week(term: Term, monday: date, times: int) -> WeekCount:
    week = WeekCount()
    starts = PUPILS * ABSENCE_BEGINS * 5 * (1 - UNEXCUSED) * ON_FILE
    for _ in range(round(starts * (SICK_SHARE * times + 1 - SICK_SHARE))):
        _leave(term, week, monday, times > 1)
    for _ in range(EXPLAINED_ALERTS):
        days = term.rng.choice([3, 3, 4, 5])
        _weigh(week, AbsenceRequest(AbsenceKind.SICK, days, days, days, True, days, alert=True))
    for kind, count in STATUSES.items():
        for _ in range(count):
            _weigh(week, AbsenceRequest(kind, 60, 60, 60, proof=term.rng.random() < PROVEN))
    week.sampled = len(draw(week.grants, monday))
    return week


def _leave(term: Term, week: WeekCount, monday: date, flu: bool) -> None:
    rng, pupil = term.rng, term.rng.randrange(PUPILS)
    school = pupil * SCHOOLS // PUPILS
    kind = _kind(rng)
    days = FLU_DAYS if flu and kind is AbsenceKind.SICK else ORDINARY_DAYS
    length = min(rng.choices(list(days), list(days.values()))[0], KINDS[kind].longest)
    span = _span(monday + timedelta(days=rng.randrange(5)), length)
    habit = school < SCHOOLS * LATE_SCHOOLS
    late = rng.random() < (ASKED_LATE_THERE if habit else ASKED_LATE)
    asked = _request(term, kind, pupil, school, span, length if late else 0)
    if _weigh(week, asked):
        term.spans[pupil, kind].append(span)
        term.granted[school] += 1
        term.late[school] += late
        if not why_second(asked):
            week.grants.append(Grant(len(week.grants), str(school), monday))


def _kind(rng: Random) -> AbsenceKind:
    chance = rng.random()
    if chance < SICK_SHARE:
        return AbsenceKind.SICK
    return AbsenceKind.OFFICIAL if chance > 1 - OFFICIAL_SHARE else AbsenceKind.PERSONAL


def _span(first: date, length: int) -> Span:
    """`length` weekdays from `first` on."""
    days = [
        day for day in each_day(first, first + timedelta(days=2 * length + 2)) if is_weekday(day)
    ]
    return Span(first, days[length - 1])


def _request(
    term: Term, kind: AbsenceKind, pupil: int, school: int, span: Span, marked: int
) -> AbsenceRequest:
    """The request as the rules weigh it: who was not away was seen."""
    others = term.spans[pupil, kind]
    since = min((one.first for one in others), default=span.first)
    days = [day for day in each_day(since, span.last) if is_weekday(day)]
    away = [*others, span]
    states = {day: DayState.SEEN for day in days if not any(day in one for one in away)}
    chain = chain_of(span, others, states)
    asked = AbsenceRequest(
        kind,
        count_days(kind, [span], days),
        count_days(kind, chain, days),
        sum(any(day in one for one in chain) for day in days),
        marked=marked,
        school=term.rate(school) if term.granted[school] else NONE_LATE,
        county=term.county,
    )
    proven = asked.proof_is_due and term.rng.random() < PROVEN
    return replace(asked, proof=proven)


def _weigh(week: WeekCount, asked: AbsenceRequest) -> bool:
    """Count the request and, where it needs one, its second word; False where it is refused."""
    week.requests += 1
    if why_refused(asked):
        week.refused += 1
        return False
    if why := why_second(asked):
        week.second += 1
        for reason in why.split("；"):
            week.why["".join(letter for letter in reason if not letter.isdigit())] += 1
    return True
