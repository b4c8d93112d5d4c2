"""Which days can be believed of a kind of date: a mistyped year is told before it is stored.

One table for all forms and all files. Bounds are those of the design (the school's year, §4); what
it does not name is ours and marked so. Standard library only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from regions.enums import DayKind


class DateKind(StrEnum):
    """What a date is the date of."""

    HAPPENED = "happened"  # contact, criticism, decision, service, return, court
    BROUGHT = "brought"  # what a case brought along, or an old paper, went through
    REGISTER = "register"
    ABSENCE_BEGINS = "absence_begins"
    LEAVE_ENDS = "leave_ends"
    EXPLANATION_ENDS = "explanation_ends"
    TREATMENT_ENDS = "treatment_ends"  # 定期治疗: the end of the term
    STATUS_BEGINS = "status_begins"  # 休学, 送教上门, 借读, 长期请假
    STATUS_ENDS = "status_ends"
    EXIT_ENDS = "exit_ends"
    CALENDAR_BEGINS = "calendar_begins"
    CALENDAR_ENDS = "calendar_ends"
    BIRTH = "birth"
    JOINED = "joined"  # 入班日期
    SEAT = "seat"
    SEAT_ENDS = "seat_ends"
    TRANSFER = "transfer"
    POLICY = "policy"
    BASIS_BEGINS = "basis_begins"
    BASIS_ENDS = "basis_ends"
    APPOINTMENT = "appointment"  # next contact, promised return, task, deadline of a contract
    COUNTED = "counted"  # the day a number is asked for
    BASELINE = "baseline"  # the day up to which a county knows a cohort
    ALERTS_FROM = "alerts_from"


@dataclass(frozen=True, slots=True)
class Bound:
    """From when until when a date is believed (both included), and what to do beyond."""

    of: Callable[[date, date], tuple[date, date]]
    advice: str = ""


FIRST_LAW = date(1986, 7, 1)  # 义务教育法 came into force
OLDEST_CASE = date(2016, 9, 1)
LONGEST_LEAVE = timedelta(days=60)
LONGEST_EXPLANATION = timedelta(days=30)
LONGEST_TERM = timedelta(days=200)
AHEAD = timedelta(days=180)
MONTHS_BACK = timedelta(days=60)
SEAT_BACK = timedelta(days=30)
HALF_A_YEAR = timedelta(days=183)
ONE_DAY = timedelta(days=1)
# The longest a calendar row may be, in days. Holidays, make-up days and years are ours.
LONGEST_ROW = {
    DayKind.TERM: 200,
    DayKind.CLOSURE: 31,
    DayKind.HALF_CLOSURE: 31,
    DayKind.MAKE_UP: 31,
    DayKind.HOLIDAY: 100,
    DayKind.YEAR: 366,
    DayKind.OPENING: 7,
}


def _years(day: date, count: int) -> date:
    """The same day `count` years on or, below zero, back; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + count)
    except ValueError:
        return day.replace(year=day.year + count, day=28)


def _autumn(on: date, years: int) -> date:
    """1 September of the school year of `on`, or so many years on or back."""
    return date((on.year if on.month >= 9 else on.year - 1) + years, 9, 1)


def _a_year_from(first: date) -> date:
    return _years(first, 1) - ONE_DAY


# Each from the day it is entered on and the first day of its span.
BOUNDS: dict[DateKind, Bound] = {
    DateKind.HAPPENED: Bound(lambda on, first: (min(_autumn(on, -3), max(first, OLDEST_CASE)), on)),
    DateKind.BROUGHT: Bound(lambda on, first: (OLDEST_CASE, on)),
    DateKind.REGISTER: Bound(lambda on, first: (_autumn(on, 0).replace(month=8, day=15), on)),
    DateKind.ABSENCE_BEGINS: Bound(lambda on, first: (on - MONTHS_BACK, on + MONTHS_BACK)),
    DateKind.LEAVE_ENDS: Bound(
        lambda on, first: (first, first + LONGEST_LEAVE),
        "请假一次最多 60 天，更久的由教务处办理休学。",
    ),
    DateKind.TREATMENT_ENDS: Bound(lambda on, first: (first, first + LONGEST_TERM)),
    DateKind.EXPLANATION_ENDS: Bound(
        lambda on, first: (on - MONTHS_BACK, on + LONGEST_EXPLANATION),
        "一次最多说明到 30 天以后。更久请办休学，或登记长期请假。",
    ),
    # Ours: one that began earlier has run its longest and is asked for anew.
    DateKind.STATUS_BEGINS: Bound(lambda on, first: (_autumn(on, -1), on + MONTHS_BACK)),
    DateKind.STATUS_ENDS: Bound(lambda on, first: (first, _a_year_from(first))),
    # Ours: 专门教育 lasts up to three years.
    DateKind.EXIT_ENDS: Bound(lambda on, first: (_autumn(on, -3), _years(on, 3))),
    DateKind.CALENDAR_BEGINS: Bound(lambda on, first: (_autumn(on, -1), _autumn(on, 2) - ONE_DAY)),
    DateKind.CALENDAR_ENDS: Bound(lambda on, first: (first, _autumn(on, 2) - ONE_DAY)),
    DateKind.BIRTH: Bound(lambda on, first: (_years(on, -19), _years(on, -4))),
    # Ours: a class has six years at most.
    DateKind.JOINED: Bound(lambda on, first: (_autumn(on, -6), on)),
    DateKind.SEAT: Bound(lambda on, first: (on - SEAT_BACK, on + AHEAD)),
    # Ours: a seat given for a time is given for three years at most.
    DateKind.SEAT_ENDS: Bound(lambda on, first: (on - SEAT_BACK, _years(on, 3))),
    DateKind.TRANSFER: Bound(lambda on, first: (on - SEAT_BACK, on + AHEAD)),
    DateKind.POLICY: Bound(lambda on, first: (FIRST_LAW, _years(on, 1))),
    DateKind.BASIS_BEGINS: Bound(lambda on, first: (FIRST_LAW, _years(on, 1))),
    # Ours: from here on down.
    DateKind.BASIS_ENDS: Bound(lambda on, first: (FIRST_LAW, _years(on, 10))),
    DateKind.APPOINTMENT: Bound(lambda on, first: (_autumn(on, -3), on + AHEAD)),
    DateKind.COUNTED: Bound(lambda on, first: (OLDEST_CASE, on)),
    DateKind.BASELINE: Bound(lambda on, first: (FIRST_LAW, on)),
    DateKind.ALERTS_FROM: Bound(lambda on, first: (_autumn(on, -1), on + AHEAD)),
}


def why_not(kind: DateKind, day: date, *, on: date, first: date | None = None) -> str:
    """One sentence that says why a day cannot be believed, with the nearest that can; "" when it can.

    `on` is the day it is entered, `first` the first day of the span whose last day this is, or of
    the case it happened in (`on` where there is none yet): an old case is told of from its start.
    """
    bound = BOUNDS[kind]
    earliest, latest = bound.of(on, first or on)
    if day < earliest:
        return f"{_check(earliest - day)}：{day} 太早，最早 {earliest}。"
    if day <= latest:
        return ""
    if latest == on and day - on <= HALF_A_YEAR:
        return f"{day} 还没有到，请填实际的那一天。"
    return f"{_check(day - latest)}：{day} 太远，最晚 {latest}。{bound.advice}"


def why_not_row(kind: DayKind, begins: date, ends: date, *, on: date) -> str:
    """Why the days of a calendar row cannot be believed; "" when they can."""
    longest = LONGEST_ROW[kind]
    return (
        why_not(DateKind.CALENDAR_BEGINS, begins, on=on)
        or why_not(DateKind.CALENDAR_ENDS, ends, on=on, first=begins)
        or ("" if (ends - begins).days < longest else _too_long(begins, ends, longest))
    )


def _too_long(begins: date, ends: date, longest: int) -> str:
    days = (ends - begins).days + 1
    return f"请核对日期：{begins} 至 {ends} 有 {days} 天，最长 {longest} 天。"


def _check(beyond: timedelta) -> str:
    return "请核对年份" if beyond > HALF_A_YEAR else "请核对日期"
