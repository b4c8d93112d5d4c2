"""When a 借读 that is to last to the end of a term ends: read from the calendar of the class."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from attendance.rules.absence_kinds import KINDS
from attendance.rules.second_word import Span
from attendance.rules.spreading import OVER_SCHOOL_DAYS, spread_end
from regions.days import PlaceRules, place_rules_of
from regions.enums import DayKind
from regions.models import SchoolClass
from regions.paths import county_of
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar, Track
from students.enums import AbsenceKind
from students.models import AuthorisedAbsence

ONE_DAY = timedelta(days=1)
SPREAD = "借读到学期末的，到期日分散在下学期前 10 个教学日"
AHEAD = timedelta(days=40)  # holds ten school days of any term


@dataclass
class TermEnds:
    """Ends by child; `paths` are the classes of the children that may be asked for."""

    paths: Mapping[int, str]

    def last_of(self, spell: AuthorisedAbsence) -> date:
        """The last day of a 借读: as asked for, or where that ends a term, spread over the next."""
        school_class = self._classes.get(spell.path) if _is_spread(spell) else None
        if school_class is None:
            return spell.last
        calendar = self._rules(county_of(spell.path)).calendar
        days = next_term(school_class.track(), spell.last, calendar)
        last = spread_end(spell.last, spell.student_id, days)
        longest = KINDS[AbsenceKind.STUDY_ELSEWHERE].longest
        return last if Span(spell.first, last).days <= longest else spell.last

    @cached_property
    def _classes(self) -> dict[str, SchoolClass]:
        rows = SchoolClass.objects.filter(path__in=set(self.paths.values()))
        return {one.path: one for one in rows}

    @cached_property
    def _known(self) -> dict[str, PlaceRules]:
        return {}

    def _rules(self, county: str) -> PlaceRules:
        if county not in self._known:
            self._known[county] = place_rules_of(county)
        return self._known[county]


def spread_last(spell: AuthorisedAbsence) -> date:
    """The last day of one 借读, which need not be stored; of what else as asked for."""
    return TermEnds({spell.student_id: spell.path}).last_of(spell)


def _is_spread(spell: AuthorisedAbsence) -> bool:
    return spell.kind == AbsenceKind.STUDY_ELSEWHERE


def next_term(track: Track, last: date, calendar: Calendar) -> list[date]:
    """The first school days of the term after `last`; none where `last` lies within a term, or where
    nobody has decided the next one."""
    begins = min(
        (row.begins for row in calendar.rows if row.kind is DayKind.TERM and row.begins > last),
        default=None,
    )
    if begins is None:
        return []
    try:
        if calendar.school_days(track, last + ONE_DAY, begins - ONE_DAY):
            return []
        return calendar.school_days(track, begins, begins + AHEAD)[:OVER_SCHOOL_DAYS]
    except NoCalendar:
        return []
