"""包保 and 职务: what the database promises of who answers for whom."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Line, PostLevel
from accounts.models import Post
from students.models import Charge
from tests import factories as make

pytestmark = pytest.mark.django_db
BEGAN = date(2026, 9, 1)


def charge(**fields) -> Charge:
    row = {"post": "township_cadre", "name": "刀文华", "began": BEGAN} | fields
    return Charge.objects.create(**row)


@pytest.fixture
def child():
    return make.pupil(make.school_class(make.school()))


def test_a_charge_is_over_a_child_or_a_place_and_of_a_user_or_a_name(child):
    place = make.region("539901001").path
    charge(student=child), charge(over_path=place), charge(student=child, post="teacher")
    charge(student=child, post="county_leader", name="", user=make.user())
    assert child.charges.count() == 3


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("charge_over_child_or_place", {}),
        ("charge_over_child_or_place", {"student": True, "over_path": "R1"}),
        ("charge_names_somebody", {"student": True, "name": ""}),
    ],
)
def test_the_database_refuses(child, name, broken):
    fields = {**broken, "student": child} if "student" in broken else broken
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        charge(**fields)


def test_one_stands_in_a_post_for_a_child_and_for_a_place(child):
    place = make.region("539901001").path
    for over in ({"student": child}, {"over_path": place}):
        charge(**over, until=date(2026, 10, 1))
        charge(**over)
        with pytest.raises(IntegrityError), transaction.atomic():
            charge(**over)


def post(county, **fields) -> Post:
    row = {
        "key": "county_head", "label": "县长", "set": "六长", "line": Line.GOVERNMENT,
        "level": PostLevel.COUNTY, "since": BEGAN,
    }  # fmt: skip
    return Post.objects.create(county=county, **row | fields)


@pytest.mark.parametrize(
    "second", [{}, {"since": date(2026, 10, 1)}, {"key": "x", "until": date(2026, 8, 1)}]
)
def test_a_county_has_one_standing_post_of_a_key_whose_dates_run_forward(second):
    county = make.region("539901")
    post(county), post(make.region("539902")), post(county, key="mayor")
    with pytest.raises(IntegrityError), transaction.atomic():
        post(county, **second)
