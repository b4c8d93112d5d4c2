"""空岗: who is seen to be missing, since when, and in how many school days; what ends soon."""

from datetime import date, time, timedelta

import pytest

from accounts.enums import Role
from accounts.models import Seat
from kongchuo.people.vacancies import (
    class_vacancies,
    ending_soon,
    home_vacancies,
    school_vacancies,
    silent,
)
from regions import clock
from regions.enums import Level
from regions.models import CalendarRow, Region
from tests import factories as make

pytestmark = pytest.mark.django_db
LAST = date(2026, 12, 4)  # a Friday
MON, TUE, WED = (date(2026, 12, day) for day in (7, 8, 9))


@pytest.fixture
def of(settings):
    settings.KONGCHUO_TODAY = TUE
    make.term()
    of = make.school_class(make.school())
    make.pupils(of, 3)
    return of


def at(of, on):
    return class_vacancies([of.school.path], on, make.place_rules().calendar)


def test_ends_friday_successor_wednesday_two_school_days(of):
    """year: ends Fri 12-04, successor Wed 12-09, vacant 2 school days."""
    teacher = make.user(Role.TEACHER, of)
    Seat.objects.filter(user=teacher).update(until=LAST)
    make.seat(make.user(), Role.TEACHER, of, began=WED)
    assert at(of, LAST) == []
    (saturday,), (tuesday,) = at(of, LAST + timedelta(days=1)), at(of, TUE)
    assert (saturday.days, tuesday.days) == (0, 2)
    assert (tuesday.since, tuesday.children) == (LAST + timedelta(days=1), 3)
    assert tuesday.last and tuesday.last.user == teacher
    assert at(of, WED) == []


def test_a_stand_in_fills_a_class_and_a_school_clerk_does_not(of):
    make.user(Role.OFFICE, of.school)
    assert [one.label for one in at(of, TUE)] == [of.label(TUE)]
    make.user(Role.STAND_IN, of)
    assert at(of, TUE) == []


def test_a_class_without_children_is_none_to_fill(of):
    make.school_class(of.school, number=2)
    assert len(at(of, TUE)) == 1


def test_without_a_calendar_the_days_are_unknown(of):
    CalendarRow.objects.all().delete()
    (found,) = at(of, TUE)
    assert found.days is None and found.since is None


def test_a_class_nobody_ever_had_counts_from_the_years_first_day(of):
    (found,) = at(of, TUE)
    calendar = make.place_rules().calendar
    assert found.since is None
    assert found.days == len(calendar.school_days(of.track(), date(2026, 9, 1), TUE))


def test_a_school_without_an_office(of):
    assert [one.unit for one in school_vacancies([make.region().path], TUE)] == [of.school]
    make.user(Role.PRINCIPAL, of.school)
    assert len(school_vacancies([make.region().path], TUE)) == 1
    clerk = make.user(Role.OFFICE, of.school)
    assert school_vacancies([make.region().path], TUE) == []
    Seat.objects.filter(user=clerk).update(until=LAST)
    (found,) = school_vacancies([make.region().path], TUE)
    assert (found.since, found.days) == (LAST + timedelta(days=1), 4)


def test_a_village_where_children_live_and_nobody_has_the_seat(of):
    village = make.region("539901001201")
    empty = make.region("539901001202")
    child = of.enrolments.first().student
    child.residence_region, child.residence_path = village, village.path
    child.save(update_fields=["residence_region", "residence_path"])
    county = Region.objects.get(level=Level.COUNTY)
    (found,) = home_vacancies([county.path], Level.VILLAGE, TUE)
    assert (found.unit, found.children) == (village, 1) and found.unit != empty
    make.user(Role.VILLAGE, village)
    assert home_vacancies([county.path], Level.VILLAGE, TUE) == []
    assert [one.unit.path for one in home_vacancies([county.path], Level.TOWNSHIP, TUE)] == [
        village.path[:24]
    ]


@pytest.mark.parametrize(
    ("role", "ends_in", "soon"),
    [
        (Role.TEACHER, 7, True),
        (Role.TEACHER, 8, False),
        (Role.STAND_IN, 1, True),
        (Role.STAND_IN, 2, False),
    ],
)
def test_what_ends_soon(of, role, ends_in, soon):
    user = make.user(role, of)
    Seat.objects.filter(user=user).update(until=TUE + timedelta(days=ends_in))
    seats = Seat.objects.on(TUE)
    assert bool(ending_soon(seats, TUE)) is soon
    make.seat(make.user(), role, of, began=TUE + timedelta(days=ends_in + 1))
    assert ending_soon(Seat.objects.on(TUE), TUE) == []


@pytest.mark.parametrize(
    ("role", "since", "login", "told"),
    [
        (Role.TEACHER, 14, None, True),
        (Role.TEACHER, 13, None, False),
        (Role.TEACHER, 60, 14, True),
        (Role.TEACHER, 60, 13, False),
        (Role.OFFICE, 60, 14, True),
        (Role.OFFICE, 60, 13, False),
        (Role.TOWNSHIP, 60, 14, True),
        (Role.TOWNSHIP, 13, None, False),
        (Role.VILLAGE, 14, None, True),
        (Role.VILLAGE, 60, 13, False),
        (Role.PRINCIPAL, 60, None, False),
        (Role.BUREAU, 60, None, False),
    ],
)
def test_who_has_not_logged_in(of, role, since, login, told):
    """Told of the four who work here daily: class, 教务处, township, village."""
    at = {
        Role.TEACHER: of, Role.OFFICE: of.school, Role.PRINCIPAL: of.school,
        Role.TOWNSHIP: make.region("539901001"), Role.VILLAGE: make.region("539901001001"),
        Role.BUREAU: make.region("539901"),
    }  # fmt: skip
    user = make.user(role, at[role])
    Seat.objects.filter(user=user).update(began=TUE - timedelta(days=since))
    if login is not None:
        user.last_login = clock.at(TUE - timedelta(days=login), time(8))
        user.save(update_fields=["last_login"])
    assert bool(silent(Seat.objects.on(TUE).select_related("user"), TUE)) is told
