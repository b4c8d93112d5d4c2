"""Which periods a paper starts when it is served, with the article each rests on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from cases.enums.records import DeadlineKind, PaperKind
from cases.law import periods
from cases.law.workdays import Workdays
from regions.refusals import NoCalendar
from regions.rules.calendar import is_weekday

T = TypeVar("T", date, periods.Window)

UNDECIDED = "该年节假日安排还没有公布；届满日遇法定节假日的，顺延至节后第一日。"
UNDECIDED_WORKDAYS = "该年放假安排还没有公布，暂按最晚的一天计。"
LONGEST_HOLIDAY = timedelta(days=9)
ON_A_WEEKEND = "届满日是周末，没有顺延；是否顺延到周一，请问司法所。"
NOT_TOLD = "文书没有告知救济途径，按一年计。"


@dataclass(frozen=True, slots=True)
class Clock:
    """One period: from when, until when, by which article; `ours` is the issuing body's own duty."""

    kind: DeadlineKind
    starts_on: date
    due_on: date
    article: str
    ours: bool = False
    note: str = ""


def clocks(
    kind: PaperKind, effective: date, *, days: int | None, told: bool, work: Workdays
) -> list[Clock]:
    """What starts when a paper of `kind` takes effect; `told`: does it tell of the remedies?

    Natural days that end in a year nobody has decided are kept unrolled, with a note. Working days
    there are counted by the week alone, with as many more as the longest holiday takes.
    """
    started = []
    if kind is PaperKind.ORDER and days:
        due, note = _rolled(lambda off: periods.order_due(effective, days, off), work)
        said = f"义务教育法 第58条；自送达之日起 {days} 日内"
        started.append(Clock(DeadlineKind.ORDER, effective, due, said, ours=True, note=note))
    if kind is PaperKind.PENALTY:
        due, note = _rolled(lambda off: periods.fine_due(effective, off), work)
        started.append(
            Clock(DeadlineKind.FINE, effective, due, "行政处罚法 第67条、第72条", note=note)
        )
    if kind in (PaperKind.ORDER, PaperKind.PENALTY):
        started += _remedies(effective, told, work)
    if kind is PaperKind.PENALTY:
        started.append(_court(started[-1].due_on, work))
    if kind is PaperKind.DEMAND:
        due, note = _demand_over(effective, work)
        article = "行政强制法 第54条、第69条"
        started.append(Clock(DeadlineKind.DEMAND, effective, due, article, note=note))
    return started


def _remedies(effective: date, told: bool, work: Workdays) -> list[Clock]:
    review, on_review = _rolled(lambda off: periods.review_until(effective, off, told), work)
    suit, on_suit = _rolled(lambda off: periods.suit_until(effective, off, told), work)
    late = "" if told else NOT_TOLD
    return [
        Clock(DeadlineKind.REVIEW, effective, review, "行政复议法 第20条", note=late + on_review),
        Clock(DeadlineKind.SUIT, effective, suit, "行政诉讼法 第46条", note=late + on_suit),
    ]


def _court(appeal_over: date, work: Workdays) -> Clock:
    window, note = _rolled(lambda off: periods.court_window(appeal_over, off), work)
    return Clock(
        DeadlineKind.COURT_WINDOW,
        window.first,
        window.last,
        "行政强制法 第53条；催告送达满 10 个工作日后才能申请（第54条）",
        ours=True,
        note=note,
    )


def _demand_over(effective: date, work: Workdays) -> tuple[date, str]:
    """Ten working days; where nobody has decided the year, the last day they can possibly take."""
    try:
        return periods.demand_over(effective, work.is_working), ""
    except NoCalendar:
        by_week = periods.demand_over(effective, is_weekday)
        return by_week + LONGEST_HOLIDAY, UNDECIDED_WORKDAYS


def _rolled(count: Callable[[periods.Answer], T], work: Workdays) -> tuple[T, str]:
    """The end of a period, rolled off holidays; as it falls, with a note, in an undecided year.

    A Saturday or Sunday is not moved (docs/adr/0010); whoever acts on that day is told so.
    """
    try:
        ends = count(work.is_holiday)
    except NoCalendar:
        return count(lambda day: False), UNDECIDED
    last = ends.last if isinstance(ends, periods.Window) else ends
    return ends, "" if work.is_working(last) else ON_A_WEEKEND
