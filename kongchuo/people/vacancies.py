"""空岗: a unit with children and nobody in the seat that answers for them; seats that end soon; seats
whose holder has not logged in for two weeks.

A class is vacant without 班主任 and 代班教师, a school without 教务处, a township or village without
its seat; who holds it with an account that was stopped (停用) counts as nobody. How long is counted in
school days of the class; a school, township or village in days.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from accounts.enums import CLASS_ROLES, Role
from accounts.models import Seat, SeatQuerySet
from regions.clock import local
from regions.enums import Level
from regions.models import Region, School, SchoolClass
from regions.paths import inside_any
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar
from regions.rules.classnames import school_year
from students.models import Enrolment, Student

SOON = timedelta(days=7)
STAND_IN_SOON = timedelta(days=1)
SILENT = timedelta(days=14)
LOGS_IN = {Role.TEACHER, Role.OFFICE, Role.TOWNSHIP, Role.VILLAGE}
TO_THE_BUREAU = 3  # school days a class may stand without a teacher before the bureau sees it


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat nobody holds. `since` None: nobody ever held it; `days` None: the calendar does not say.
    `last`: the seat that ended last, or the one whose account was stopped."""

    unit: SchoolClass | School | Region
    role: Role
    label: str
    children: int
    since: date | None
    days: int | None
    last: Seat | None = None


def class_vacancies(paths: Iterable[str], on: date, calendar: Calendar) -> list[Vacancy]:
    """The classes at `paths` with children on the roll and no teacher on the day, by place."""
    paths = list(paths)
    spells = Enrolment.objects.on(on).filter(inside_any("school_class__path", paths))
    children = dict(spells.values_list("school_class_id").annotate(Count("pk")))
    seats = Seat.objects.filter(inside_any("path", paths), role__in=CLASS_ROLES)
    held = _held(seats, on)
    classes = SchoolClass.objects.at(*paths).running(on).select_related("school").order_by("path")
    empty = [one for one in classes if one.pk in children and one.path not in held]
    before = _last_seats(seats.filter(path__in=[one.path for one in empty]), on)
    return [_of_class(one, children[one.pk], before.get(one.path), on, calendar) for one in empty]


def _of_class(
    one: SchoolClass, children: int, last: Seat | None, on: date, calendar: Calendar
) -> Vacancy:
    since = _vacant_since(last, on)
    try:
        begins = since or max(calendar.beginning(one.track()) or on, year_begins(on))
        days = len(calendar.school_days(one.track(), begins, on))
    except NoCalendar:
        days = None
    return Vacancy(one, Role.TEACHER, one.label(on), children, since, days, last)


def year_begins(on: date) -> date:
    """1 September of the school year: before it no class of the year was due."""
    return date(school_year(on), 9, 1)


def school_vacancies(paths: Iterable[str], on: date) -> list[Vacancy]:
    """The schools at `paths` with children on the roll and nobody in 教务处."""
    paths = list(paths)
    spells = Enrolment.objects.on(on).filter(inside_any("school_class__path", paths))
    children = dict(spells.values_list("school_class__school_id").annotate(Count("pk")))
    schools = School.objects.filter(inside_any("path", paths), pk__in=children).order_by("path")
    return _of_units(schools, children, {Role.OFFICE}, on)


def home_vacancies(paths: Iterable[str], level: Level, on: date) -> list[Vacancy]:
    """The townships or villages at `paths` where children live and nobody has the seat."""
    role = {Level.TOWNSHIP: Role.TOWNSHIP, Level.VILLAGE: Role.VILLAGE}[level]
    regions = list(Region.objects.filter(inside_any("path", paths), level=level).order_by("path"))
    living = _living([region.path for region in regions])
    children = {region.pk: living[region.path] for region in regions if living[region.path]}
    return _of_units([one for one in regions if one.pk in children], children, {role}, on)


def _living(paths: list[str]) -> Counter[str]:
    """How many children live in each of these places: by residence, else by household."""
    found: Counter[str] = Counter()
    if not paths:
        return found
    length = len(paths[0])
    for field in ("residence_path", "household_path"):
        rows = Student.objects.filter(inside_any(field, paths))
        if field == "household_path":
            rows = rows.filter(residence_path="")
        for path, count in rows.values_list(field).annotate(Count("pk")):
            found[path[:length]] += count
    return found


def _of_units(
    units: Iterable[School | Region], children: dict[int, int], roles: set[Role], on: date
) -> list[Vacancy]:
    units = list(units)
    seats = Seat.objects.filter(path__in=[unit.path for unit in units], role__in=roles)
    held = _held(seats, on)
    before = _last_seats(seats, on)
    (role,) = roles
    found = []
    for unit in units:
        if unit.path in held:
            continue
        last = before.get(unit.path)
        since = _vacant_since(last, on)
        days = (on - since).days + 1 if since else None
        found.append(Vacancy(unit, role, unit.name, children[unit.pk], since, days, last))
    return found


def _held(seats: SeatQuerySet, on: date) -> set[str]:
    """Where somebody has the seat on the day: who is stopped (停用) cannot log in, and is nobody."""
    return set(seats.on(on).filter(user__is_active=True).values_list("path", flat=True))


def _last_seats(seats: SeatQuerySet, on: date) -> dict[str, Seat]:
    """The seat that was left last at each path: ended before the day, or its account stopped."""
    known = seats.select_related("user")
    ended = {seat.path: seat for seat in known.filter(until__lt=on).order_by("until", "pk")}
    stopped = known.on(on).filter(user__is_active=False).order_by("user__sessions_from", "pk")
    return ended | {seat.path: seat for seat in stopped}


def _vacant_since(last: Seat | None, on: date) -> date | None:
    """The day after the last seat ended; of a seat that goes on, the day its account was stopped."""
    if last is None:
        return None
    if last.until and last.until < on:
        return last.until + timedelta(days=1)
    stopped = last.user.sessions_from
    return local(stopped).date() if stopped else last.began


def ending_soon(seats: Iterable[Seat], on: date) -> list[Seat]:
    """Of the seats of the day those that end within 7 days, a stand-in's the day before, and that
    nobody follows the day after."""
    near = [
        (seat, seat.until + timedelta(days=1))
        for seat in seats
        if seat.until and seat.until - on <= _notice(seat)
    ]
    spans: dict[tuple[str, str], set] = defaultdict(set)
    later = Seat.objects.filter(path__in=[seat.path for seat, _ in near])
    for path, role, began, until in later.values_list("path", "role", "began", "until"):
        spans[path, role].add((began, until))
    return [
        seat
        for seat, day in near
        if not any(
            began <= day and (until is None or until >= day)
            for began, until in spans[seat.path, seat.role]
        )
    ]


def _notice(seat: Seat) -> timedelta:
    return STAND_IN_SOON if seat.role == Role.STAND_IN else SOON


def silent(seats: Iterable[Seat], on: date) -> list[Seat]:
    """Of the seats of the day those of the roles that work here daily whose holder has not logged in
    for 14 days, and has had the seat that long."""
    return [
        seat
        for seat in seats
        if seat.role in LOGS_IN and seat.began <= on - SILENT and _is_silent(seat, on)
    ]


def _is_silent(seat: Seat, on: date) -> bool:
    login = seat.user.last_login
    return login is None or local(login).date() <= on - SILENT
