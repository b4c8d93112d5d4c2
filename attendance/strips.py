"""The strip of days: the calendar that proves an alert, cell by cell, from the same facts."""

from dataclasses import dataclass
from datetime import date, timedelta

from attendance.enums import DayState, Mark
from attendance.records import AbsenceAssessment, ClassSpell
from attendance.rules.streaks import day_state
from regions.enums import DayKind
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar, each_day
from regions.rules.day_words import day_in_words

SHOWN_DAYS = 15


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day: its kind (seen, un, ex, no, off, rest), the sign in the box, and the spoken words."""

    kind: str
    sign: str
    day: date
    spoken: str
    today: bool = False


def strip_of(
    assessment: AbsenceAssessment,
    calendar: Calendar,
    *,
    days: int = SHOWN_DAYS,
    first: date | None = None,
) -> list[StripDay]:
    """The last `days` natural days up to the judged one, or all since `first`."""
    start = first or assessment.on - timedelta(days=days - 1)
    numbers = {day: n for n, day in enumerate(assessment.run.unexplained, 1)}
    return [_cell(assessment, calendar, day, numbers) for day in each_day(start, assessment.on)]


def _cell(
    assessment: AbsenceAssessment, calendar: Calendar, day: date, numbers: dict[date, int]
) -> StripDay:
    is_today = day == assessment.on
    if day not in assessment.facts:
        return _no_school(assessment, calendar, day, is_today)
    said = f"{day.day}日"
    if day in numbers:
        spoken = f"{said}，无正当理由未到，第 {numbers[day]} 天"
        return StripDay("un", str(numbers[day]), day, spoken, is_today)
    facts = assessment.facts[day]
    state = day_state(facts)
    if state is DayState.SEEN:
        mark = f"，{Mark(facts.mark).label}" if facts.mark else ""
        return StripDay("seen", "✓", day, f"{said}，到校{mark}", is_today)
    if state is DayState.NOT_TAKEN:
        return StripDay("no", "?", day, f"{said}，未报考勤", is_today)
    if state is DayState.HELD:
        return StripDay("no", "核", day, f"{said}，停课待核", is_today)
    if state is DayState.UNEXPLAINED:
        return StripDay("un", "缺", day, f"{said}，未到，此后到过校", is_today)
    return StripDay("ex", "假", day, f"{said}，有正当理由", is_today)


def _no_school(
    assessment: AbsenceAssessment, calendar: Calendar, day: date, is_today: bool
) -> StripDay:
    spell = _spell_on(assessment, day)
    if spell is None:
        return StripDay("off", "–", day, f"{day.day}日，不在册", is_today)
    try:
        what = calendar.day(spell.track, day)
    except NoCalendar:
        return StripDay("no", "?", day, f"{day.day}日，校历未定", is_today)
    if what.school and (spell.counts_from is None or day < spell.counts_from):
        return StripDay("off", "–", day, f"{day.day}日，学校还没有开始报考勤", is_today)
    if what.school or what.kind in (DayKind.CLOSURE, DayKind.HALF_CLOSURE):
        return StripDay("rest", "休", day, f"{day.day}日，学校停课", is_today)
    return StripDay("off", "·", day, f"{day.day}日，不上课", is_today)


def _spell_on(assessment: AbsenceAssessment, day: date) -> ClassSpell | None:
    return next((spell for spell in assessment.child.spells if spell.holds(day)), None)


def sentence(assessment: AbsenceAssessment) -> str:
    """最后到校 11月16日，此后 3 个教学日未到: what the strip says, in words."""
    run = assessment.run
    seen = run.last_seen
    start = (
        f"最后到校 {day_in_words(seen, assessment.on)}，此后 "
        if seen
        else "开始计算以来没有到校记录，"
    )
    told = f"{start}{len(run.unexplained)} 个教学日无正当理由未到"
    if run.explained:
        told += f"；另有 {len(run.explained)} 天有正当理由，不计"
    if run.not_taken:
        told += f"；{len(run.not_taken)} 天未报考勤，不计"
    if run.held:
        told += f"；{len(run.held)} 天停课待核，不计"
    return told + ("；登记为失联。" if run.lost else "。")
