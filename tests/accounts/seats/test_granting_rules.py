"""Who gives which seat, and whether it works at once: the table, cell by cell, without a database."""

from datetime import date

import pytest

from accounts.enums import ADMIN_ROLES, REFERRAL_ROLES, Role
from accounts.seats.rules.granting import (
    Effect,
    Place,
    effect_of,
    givers,
    giving_offices,
    is_of_the_county,
    levels_of,
    line_above,
    offices_above,
    why_not_days,
    why_not_together,
)
from regions.enums import Level

COUNTY, TOWN, VILLAGE = (Place(level) for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE))
SCHOOL, POINT = Place(), Place(teaching_point=True)
NOBODY: set[Role] = set()
# role, where, who gives it so that it works at once
TABLE = [
    (Role.TEACHER, SCHOOL, {Role.OFFICE, Role.PRINCIPAL}),
    (Role.TEACHER, POINT, {Role.OFFICE, Role.PRINCIPAL, Role.CENTRAL}),
    (Role.STAND_IN, SCHOOL, {Role.OFFICE, Role.PRINCIPAL}),
    (Role.STAND_IN, POINT, {Role.OFFICE, Role.PRINCIPAL, Role.CENTRAL}),
    (Role.OFFICE, SCHOOL, {Role.BUREAU}),
    (Role.PRINCIPAL, SCHOOL, {Role.BUREAU}),
    (Role.CENTRAL, SCHOOL, {Role.BUREAU}),
    (Role.VILLAGE, VILLAGE, {Role.TOWNSHIP}),
    (Role.TOWNSHIP, TOWN, {Role.COUNTY_OFFICE}),
    (Role.LEADER, VILLAGE, {Role.COUNTY_OFFICE}),
    (Role.LEADER, TOWN, {Role.COUNTY_OFFICE}),
    (Role.LEADER, COUNTY, NOBODY),
    (Role.BUREAU, COUNTY, NOBODY),
    (Role.COUNTY_OFFICE, COUNTY, NOBODY),
    (Role.INSPECTOR, COUNTY, NOBODY),
    *((role, COUNTY, NOBODY) for role in sorted(REFERRAL_ROLES)),
    *((role, Place(), NOBODY) for role in sorted(ADMIN_ROLES)),
]


def test_the_table_names_every_role_but_that_of_the_jobs():
    assert {role for role, *_ in TABLE} == set(Role) - {Role.SYSTEM}


@pytest.mark.parametrize(("role", "at", "who"), TABLE)
def test_a_seat_from_above_works_at_once_and_from_nobody_else(role, at, who):
    assert givers(role, at) == who
    for giver in Role:
        expected = Effect.AT_ONCE if giver in who else None
        if giver is Role.SYSTEM_ADMIN:
            expected = Effect.PROPOSED
        assert effect_of(role, at, {giver}) is expected, giver


def test_a_system_administrator_who_is_also_above_gives_it_at_once():
    assert effect_of(Role.OFFICE, SCHOOL, {Role.SYSTEM_ADMIN, Role.BUREAU}) is Effect.AT_ONCE


@pytest.mark.parametrize("giver", list(Role))
def test_nobody_gives_the_seat_of_the_jobs(giver):
    assert effect_of(Role.SYSTEM, Place(), {giver}) is None


@pytest.mark.parametrize(("role", "at", "who"), TABLE)
def test_what_the_system_administrator_alone_gives_is_of_the_county(role, at, who):
    assert is_of_the_county(role, at.level) == (not who)


@pytest.mark.parametrize(
    ("role", "levels"),
    [
        (Role.LEADER, {Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE}),
        (Role.VILLAGE, {Level.VILLAGE}),
        (Role.TOWNSHIP, {Level.TOWNSHIP}),
        (Role.BUREAU, {Level.COUNTY}),
        (Role.INSPECTOR, {Level.COUNTY}),
        (Role.COURT, {Level.COUNTY}),
        (Role.TEACHER, set()),
        (Role.AUDIT_ADMIN, set()),
    ],
)
def test_at_which_levels_a_role_sits(role, levels):
    assert levels_of(role) == levels


@pytest.mark.parametrize(
    ("role", "until", "says"),
    [
        (Role.TEACHER, None, ""),
        (Role.TEACHER, date(2026, 12, 1), ""),
        (Role.TEACHER, date(2026, 11, 30), "早于"),
        (Role.STAND_IN, None, "要填任职止"),
        (Role.STAND_IN, date(2027, 1, 29), ""),  # day 60
        (Role.STAND_IN, date(2027, 1, 30), "现在是 61 天"),
    ],
)
def test_the_days_of_a_seat(role, until, says):
    refusal = why_not_days(role, date(2026, 12, 1), until)
    assert (says in refusal) if says else refusal == ""


@pytest.mark.parametrize(
    ("role", "others", "apart"),
    [
        (Role.SYSTEM_ADMIN, [], False),
        (Role.SYSTEM_ADMIN, [Role.SYSTEM_ADMIN], False),
        (Role.SYSTEM_ADMIN, [Role.SECURITY_ADMIN], True),
        (Role.BUREAU, [Role.AUDIT_ADMIN], True),
        (Role.AUDIT_ADMIN, [Role.TEACHER], True),
        (Role.TEACHER, [Role.OFFICE, Role.VILLAGE], False),
    ],
)
def test_an_administrator_holds_no_other_seat(role, others, apart):
    assert bool(why_not_together(role, others)) is apart


def at(school: str, town: str = "T1", county: str = "C1", led_by: int | None = None) -> Place:
    point = led_by is not None
    return Place(None, point, school=school, township=town, county=county, led_by=led_by)


def home(level: Level, town: str, county: str = "C1") -> Place:
    return Place(level, township=town, county=county)


ONE, OTHER = at("S1"), at("S2", "T2")
BUREAU, COUNTY_OFFICE = (Role.BUREAU, "C1"), (Role.COUNTY_OFFICE, "C1")
# seats of one account, the offices that give them all, those that stand above them all
ACCOUNTS = [
    ([(Role.TEACHER, ONE), (Role.STAND_IN, ONE)],
     {(Role.OFFICE, "S1"), (Role.PRINCIPAL, "S1")}, {BUREAU}),
    ([(Role.TEACHER, ONE), (Role.TEACHER, OTHER)], set(), {BUREAU}),
    ([(Role.TEACHER, at("S3", led_by=1)), (Role.TEACHER, at("S4", led_by=1))],
     {(Role.CENTRAL, "1")}, {BUREAU}),
    ([(Role.TEACHER, at("S3", led_by=1)), (Role.TEACHER, at("S4", led_by=2))], set(), {BUREAU}),
    ([(Role.TEACHER, ONE), (Role.OFFICE, ONE)], set(), {BUREAU}),
    ([(Role.OFFICE, ONE), (Role.CENTRAL, OTHER)], {BUREAU}, set()),
    ([(Role.VILLAGE, home(Level.VILLAGE, "T1")), (Role.TOWNSHIP, home(Level.TOWNSHIP, "T1"))],
     set(), {COUNTY_OFFICE}),
    ([(Role.VILLAGE, home(Level.VILLAGE, "T1")), (Role.VILLAGE, home(Level.VILLAGE, "T2"))],
     set(), {COUNTY_OFFICE}),
    ([(Role.VILLAGE, home(Level.VILLAGE, "T1")), (Role.LEADER, home(Level.VILLAGE, "T1"))],
     set(), {COUNTY_OFFICE}),
    ([(Role.TEACHER, ONE), (Role.VILLAGE, home(Level.VILLAGE, "T1"))], set(), set()),
    ([(Role.TEACHER, ONE), (Role.TEACHER, at("S9", "T9", "C2"))], set(), set()),
    ([(Role.TEACHER, ONE), (Role.BUREAU, home(Level.COUNTY, "T1"))], set(), set()),
    ([], set(), set()),
]  # fmt: skip


@pytest.mark.parametrize(("seats", "give", "above"), ACCOUNTS)
def test_which_office_gives_all_seats_and_which_stands_above_them(seats, give, above):
    assert giving_offices(seats) == give
    assert offices_above(seats) == give | above


@pytest.mark.parametrize(("role", "where", "able"), TABLE)
def test_the_line_above_goes_on_from_the_givers_and_never_comes_back(role, where, able):
    found = line_above(role, where)
    assert found >= able and role not in found
    assert all(givers(up, Place()) <= found for up in found)
