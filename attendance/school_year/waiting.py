"""Closures that wait: for whom, and which of them have waited two school days (专班)."""

from collections.abc import Iterable
from datetime import date

from accounts.enums import Role
from accounts.models import User
from accounts.places.calendar_rows import may_decide
from regions.clock import local
from regions.days import PlaceRules, place_rules_of
from regions.models import CalendarRow, SchoolClass
from regions.paths import county_of, inside_any
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar, Track, each_day, is_weekday
from regions.rules.closures import is_overdue

OFFICES = (Role.COUNTY_OFFICE,)
DECIDERS = (Role.CENTRAL, Role.BUREAU)


def waiting_closures(user: User, on: date) -> list[CalendarRow]:
    """What waits for this user's word; for the county's office what nobody decided in two days."""
    mine = user.reach.paths(*DECIDERS, *OFFICES)
    rows = list(CalendarRow.objects.proposed().filter(inside_any("path", mine))) if mine else []
    if not rows:
        return []
    overseen = user.reach.paths(*OFFICES)
    late = set(overdue([row for row in rows if row.path.startswith(overseen)], on))
    return [row for row in rows if row.pk in late or may_decide(row, user)]


def overdue(rows: Iterable[CalendarRow], on: date) -> list[int]:
    """Those on which two school days have gone by without a decision: they lie with the 专班."""
    known: dict[str, PlaceRules] = {}
    late = []
    for row in rows:
        county = county_of(row.path)
        if county not in known:
            known[county] = place_rules_of(county)
        asked = row.entered_on or local(row.entered_at).date()
        if is_overdue(
            _school_days(row.path, asked, on, known[county].calendar), asked_on=asked, on=on
        ):
            late.append(row.pk)
    return late


def _school_days(path: str, first: date, last: date, calendar: Calendar) -> list[date]:
    track = track_at(path, first)
    return [day for day in each_day(first, last) if track and _is_school_day(calendar, track, day)]


def _is_school_day(calendar: Calendar, track: Track, day: date) -> bool:
    """A day nobody decided is taken for what its weekday says: waiting must not stop the clock."""
    try:
        return calendar.is_school_day(track, day)
    except NoCalendar:
        return is_weekday(day)


def track_at(path: str, on: date) -> Track | None:
    """The first class at a place; None where there is none."""
    found = SchoolClass.objects.at(path).running(on).order_by("path").first()
    return found.track() if found else None
