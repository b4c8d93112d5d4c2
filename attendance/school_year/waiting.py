"""Closures that wait: for whom, and which of them have waited two school days (专班)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from accounts.enums import Role
from accounts.models import User
from accounts.places.calendar_rows import may_decide, own_places
from regions.clock import local
from regions.days import place_rules_of
from regions.models import CalendarRow, SchoolClass
from regions.paths import county_of, inside_any
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar, Track, each_day, is_weekday
from regions.rules.closures import is_overdue

OFFICES = (Role.COUNTY_OFFICE,)
DECIDERS = (Role.CENTRAL, Role.BUREAU)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The closures below a person that nobody has decided: how many, since which day the oldest was
    asked for, how many of them hold a day (停课待核) and how many lie with the county's office."""

    count: int
    since: date
    held: int
    at_county: int


def unanswered_closures(user: User, on: date) -> Unanswered | None:
    """What waits below a 中心校, the bureau or the county's office; None where nothing does."""
    mine = user.reach.paths(*DECIDERS, *OFFICES)
    rows = list(CalendarRow.objects.proposed().filter(inside_any("path", mine))) if mine else []
    if not rows:
        return None
    return Unanswered(
        count=len(rows),
        since=min(_asked_on(row) for row in rows),
        held=sum(row.holds_day for row in rows),
        at_county=len(overdue(rows, on)),
    )


def _asked_on(row: CalendarRow) -> date:
    return row.entered_on or local(row.entered_at).date()


def waiting_closures(user: User, on: date) -> list[CalendarRow]:
    """What waits for this user's word; for the county's office what nobody decided in two days.

    A fixed number of statements, however many wait: the menu counts them on every page.
    """
    mine = user.reach.paths(*DECIDERS, *OFFICES)
    rows = list(CalendarRow.objects.proposed().filter(inside_any("path", mine))) if mine else []
    if not rows:
        return []
    overseen = user.reach.paths(*OFFICES)
    late = set(overdue([row for row in rows if row.path.startswith(overseen)], on))
    own = own_places(user)
    return [row for row in rows if row.pk in late or may_decide(row, user, own=own)]


def overdue(rows: Collection[CalendarRow], on: date) -> list[int]:
    """Those on which two school days have gone by without a decision: they lie with the 专班."""
    known = {county: place_rules_of(county) for county in {county_of(row.path) for row in rows}}
    schools = {row.path.split("C", 1)[0] for row in rows}
    classes = list(SchoolClass.objects.at(*schools).order_by("path")) if rows else []
    late = []
    for row in rows:
        asked = _asked_on(row)
        here = [one for one in classes if one.path.startswith(row.path) and one.is_running(asked)]
        calendar = known[county_of(row.path)].calendar
        days = _school_days(here[0].track(), asked, on, calendar) if here else []
        if is_overdue(days, asked_on=asked, on=on):
            late.append(row.pk)
    return late


def _school_days(track: Track, first: date, last: date, calendar: Calendar) -> list[date]:
    return [day for day in each_day(first, last) if _is_school_day(calendar, track, day)]


def _is_school_day(calendar: Calendar, track: Track, day: date) -> bool:
    """A day nobody decided is taken for what its weekday says: waiting must not stop the clock."""
    try:
        return calendar.is_school_day(track, day)
    except NoCalendar:
        return is_weekday(day)
