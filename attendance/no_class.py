"""今天不上课: whoever takes the register asks, the calendar decides. A register closes no day."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from accounts.places.calendar_rows import (
    Draft,
    ask_closure,
    right_to_end,
    wanted_closure,
)
from accounts.places.calendar_scopes import class_scope
from accounts.places.held_days import pending_closures, refuse_further, why_full, would_hold
from accounts.places.standing_rows import refuse_clash
from accounts.rights import may
from attendance.registers import class_for, refuse_day
from attendance.rolls import roll
from regions.clock import local
from regions.days import place_rules_of
from regions.enums import DayKind
from regions.models import CalendarRow, SchoolClass
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar
from regions.rules.closures import full_at
from regions.rules.day_words import whole_day
from regions.rules.lengths import whole


@dataclass(frozen=True, slots=True)
class Held:
    """停课待核: the closure a day waits for, who decides it, may this user take it back. `whole`: it
    is of the whole school."""

    pk: int
    reason: str
    deciders: str
    may_end: bool
    whole: bool


def ask_no_class(class_id: int, on: date, reason: str, *, by: User, at: datetime) -> CalendarRow:
    """Ask that a class has no school on a day; it arrived at `at`. What waits already is the answer.

    Today is 停课待核 from now on; a day that is past stays what it is until somebody approves. A
    register of the day stays, and counts where the closure is refused. Raises Refused with a
    sentence, and SchoolClass.DoesNotExist beyond reach.
    """
    school_class, today = class_for(class_id, by), local(at).date()
    calendar = place_rules_of(school_class.path).calendar
    refuse_day(school_class, on, roll(school_class, on), calendar, today=today)
    waiting = may_ask(school_class, on, reason, by=by, at=at)
    return waiting or ask_closure(_draft(school_class, on, reason), by=by, on=today)


def may_ask(
    school_class: SchoolClass, on: date, reason: str, *, by: User, at: datetime
) -> CalendarRow | None:
    """The closure that waits already, else None where a new one may be asked for; else Refused."""
    today = local(at).date()
    row = wanted_closure(_draft(school_class, on, reason), by=by, on=today)
    waiting = pending_closures(row.path, on, on)
    if waiting:
        return waiting[0]
    refuse_clash(row)
    refuse_further(row, on=today)
    return None


def _draft(school_class: SchoolClass, on: date, reason: str) -> Draft:
    why = whole(reason, 200, "不上课的原因")
    return Draft(class_scope(school_class), DayKind.CLOSURE, on, on, why)


def deciders_of(school_class: SchoolClass) -> str:
    """Who answers a closure of this class."""
    led = school_class.school.led_by_id is not None
    return "中心校或县教育体育局" if led else "县教育体育局"


def why_no_further(school_class: SchoolClass, on: date, calendar: Calendar, *, today: date) -> str:
    """Why `ask_no_class` would be refused for today: as many days wait as may. "" where it would not;
    no statement but where they do."""
    held = [(row.path, row.begins) for row in calendar.asked]
    full = full_at(school_class.path, on, held) if on == today else None
    row = CalendarRow(path=school_class.path, kind=DayKind.CLOSURE, begins=on, ends=on)
    return why_full(full, on=today) if full and would_hold(row, on=today) else ""


def said_of(row: CalendarRow, school_class: SchoolClass) -> str:
    """What asking did, for who asked."""
    said = f"已申请停课：{school_class.label(row.begins)} {whole_day(row.begins)}（{row.reason}）"
    said += f"，等{deciders_of(school_class)}核定。"
    return said if row.holds_day else f"{said}核准前这天不变：没有点名的仍是未报，点过名的照算。"


def is_held(school_class: SchoolClass, day: date, calendar: Calendar) -> bool:
    """Is the day 停课待核 for any of the class?"""
    try:
        tracks = [school_class.track(boarder) for boarder in (False, True)]
        return any(calendar.is_held(track, day) for track in tracks)
    except NoCalendar:
        return False


def held_on(school_class: SchoolClass, on: date, calendar: Calendar, by: User) -> Held | None:
    """The closure that holds the day; one statement, where there is one."""
    if not is_held(school_class, on, calendar):
        return None
    waiting = pending_closures(school_class.path, on, on)
    row = next((row for row in waiting if row.holds_day), None)
    if row is None:
        return None
    may_end = may(right_to_end(row), by, over=row.path)
    return Held(row.pk, row.reason, deciders_of(school_class), may_end, whole="C" not in row.path)
