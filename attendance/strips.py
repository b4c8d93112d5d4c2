"""The strip of days: the calendar that proves an alert, cell by cell, from the same facts."""

from dataclasses import dataclass
from datetime import date, timedelta

from attendance.enums import MARK_LABELS, DayState
from attendance.records import Judgement
from attendance.streaks import day_state
from regions.calendar import Calendar, Track, each_day
from regions.enums import DayKind
from regions.refusals import NoCalendar

SHOWN_DAYS = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: its kind (seen, un, ex, no, off, rest), the sign in the box, and the spoken words."""

    kind: str
    sign: str
    day: date
    spoken: str
    today: bool = False


def strip_of(
    judgement: Judgement, calendar: Calendar, *, days: int = SHOWN_DAYS, first: date | None = None
) -> list[Cell]:
    """The last `days` natural days up to the judged one, or all since `first`."""
    start = first or judgement.on - timedelta(days=days - 1)
    numbers = {day: n for n, day in enumerate(judgement.run.unexplained, 1)}
    return [_cell(judgement, calendar, day, numbers) for day in each_day(start, judgement.on)]


def _cell(judgement: Judgement, calendar: Calendar, day: date, numbers: dict[date, int]) -> Cell:
    is_today = day == judgement.on
    if day not in judgement.facts:
        return _no_school(judgement, calendar, day, is_today)
    said = f"{day.day}日"
    if day in numbers:
        spoken = f"{said}，无正当理由未到，第 {numbers[day]} 天"
        return Cell("un", str(numbers[day]), day, spoken, is_today)
    facts = judgement.facts[day]
    state = day_state(facts)
    if state is DayState.SEEN:
        mark = f"，{MARK_LABELS[facts.mark]}" if facts.mark else ""
        return Cell("seen", "✓", day, f"{said}，到校{mark}", is_today)
    if state is DayState.NOT_TAKEN:
        return Cell("no", "?", day, f"{said}，未报考勤", is_today)
    if state is DayState.UNEXPLAINED:
        return Cell("un", "缺", day, f"{said}，未到，此后到过校", is_today)
    return Cell("ex", "假", day, f"{said}，有正当理由", is_today)


def _no_school(judgement: Judgement, calendar: Calendar, day: date, is_today: bool) -> Cell:
    track = _track_on(judgement, day)
    if track is None:
        return Cell("off", "–", day, f"{day.day}日，不在册", is_today)
    try:
        what = calendar.day(track, day)
    except NoCalendar:
        return Cell("no", "?", day, f"{day.day}日，校历未定", is_today)
    if what.school or what.kind in (DayKind.CLOSURE, DayKind.HALF_CLOSURE):
        return Cell("rest", "休", day, f"{day.day}日，学校停课", is_today)
    return Cell("off", "·", day, f"{day.day}日，不上课", is_today)


def _track_on(judgement: Judgement, day: date) -> Track | None:
    return next((spell.track for spell in judgement.child.spells if spell.holds(day)), None)


def sentence(judgement: Judgement) -> str:
    """最后到校 11月16日，此后 3 个教学日未到: what the strip says, in words."""
    run = judgement.run
    seen = run.last_seen
    start = f"最后到校 {seen.month}月{seen.day}日，此后 " if seen else "开始计算以来没有到校记录，"
    told = f"{start}{len(run.unexplained)} 个教学日无正当理由未到"
    if run.explained:
        told += f"；另有 {len(run.explained)} 天有正当理由，不计"
    if run.not_taken:
        told += f"；{len(run.not_taken)} 天未报考勤，不计"
    return told + ("；登记为失联。" if run.lost else "。")
