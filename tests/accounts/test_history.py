"""A Change carries the narrowest place that holds all it touched."""

import json

import pytest

from accounts.enums import Role
from accounts.models import Change
from accounts.places.calendars import import_calendar, import_policies
from accounts.places.import_places import import_places
from accounts.seats.accounts import reset_password
from accounts.seats.import_users import import_users
from attendance.authorised_absences import requests
from regions.paths import COUNTY, TOWNSHIP, county_of
from students.enrolments import leave_roll, place
from students.enums import AbsenceKind, Began, Ended
from tests import factories as make

pytestmark = pytest.mark.django_db
ON = make.THURSDAY


@pytest.fixture
def of():
    return make.school_class(make.school())


def path_of(verb: str) -> str:
    return Change.objects.filter(verb=verb).latest("pk").path


def test_an_act_on_a_child_carries_its_class(of):
    child, office = make.pupil(of), make.user(Role.OFFICE, of.school)
    requests.grant(
        child, kind=AbsenceKind.SICK, first=ON, last=ON, reason="发烧，家长来电", by=office, on=ON
    )
    assert path_of("absences.ask") == of.path
    leave_roll(child, on=ON, how=Ended.TRANSFER_OUT, by=office)
    assert path_of("enrolments.leave_roll") == of.path


def test_a_move_inside_the_county_is_one_row_at_the_new_class(of):
    there = make.school_class(make.school("5399010002", region_code="539901002"))
    place(make.pupil(of), there, began=ON, how=Began.TRANSFER_IN, by=None)
    assert [(one.verb, one.path) for one in Change.objects.all()] == [
        ("enrolments.place", there.path)
    ]


def test_a_move_between_counties_is_written_at_both_ends(of):
    there = make.school_class(make.school("5399020001", region_code="539902001"))
    place(make.pupil(of), there, began=ON, how=Began.TRANSFER_IN, by=None)
    assert county_of(of.path) != county_of(there.path)
    assert {(one.verb, one.path) for one in Change.objects.all()} == {
        ("enrolments.leave_roll", of.path),
        ("enrolments.place", there.path),
    }


def test_a_file_carries_what_holds_all_its_rows(of):
    county = make.region("539901")
    bureau, root = make.user(Role.BUREAU, county), make.user(Role.SYSTEM_ADMIN)
    day = {"scope": of.school.code, "from": "2026-11-18", "to": "2026-11-18", "kind": "closure"}
    import_calendar(json.dumps([day]).encode(), by=bureau, on=ON)
    assert path_of("calendar.import") == of.school.path
    limit = {"scope": "539901", "key": "cutoff", "value": "09:00", "from": "2026-09-01",
             "source": "县教通〔2026〕3号"}  # fmt: skip
    import_policies(json.dumps([limit]).encode(), by=bureau, on=ON)
    assert path_of("policy.import") == county.path
    places = "区划代码,名称\n539901007,甲乡\n539901008,乙乡\n".encode()
    import_places(places, "a.csv", by=root, on=ON, apply=True)
    assert path_of("places.import") == county.path and len(county.path) == COUNTY
    seat = "用户名,姓名,角色,单位代码,班级\nx1,李梅,township,539901007,\n".encode()
    import_users(seat, "a.csv", by=root, on=ON, apply=True)
    assert len(path_of("seats.grant")) == TOWNSHIP


def test_a_password_of_a_teacher_carries_the_class(of):
    teacher = make.user(Role.TEACHER, of)
    reset_password(teacher.username, by=make.user(Role.OFFICE, of.school), on=ON)
    assert path_of("users.reset_password") == of.path
