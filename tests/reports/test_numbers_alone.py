"""单位负责人 and 督学 look on: the numbers of their places, and no child."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from tests import factories as make
from tests.counties import TODAY, person, two_counties
from tests.county_records import count_both, hang_cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    settings.KONGCHUO_TODAY = TODAY
    made = two_counties()
    hang_cases(made)
    count_both()
    return made


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", [Role.LEADER, Role.INSPECTOR])
def test_home_is_the_overview_in_numbers_without_a_child_or_a_list(world, role):
    client = signed_in(person(role, world.here))
    shown = client.get("/", follow=True).content.decode()
    assert "全县总览" in shown and "这里只有汇总数" in shown
    for at in world.spots:
        assert at.child.name not in shown
    assert "/names" not in shown and "/cases/" not in shown


def test_a_township_s_leader_reads_it_and_no_other(world):
    client = signed_in(make.user(Role.LEADER, world.here.township))
    codes = [at.township.codes.get().code for at in (world.here, world.school_by, world.far)]
    urls = [reverse("reports:place", args=[code]) for code in codes]
    assert [client.get(url).status_code for url in urls] == [200, 404, 404]


def test_a_village_s_leader_is_told_that_it_has_no_numbers_of_its_own(world):
    client = signed_in(make.user(Role.LEADER, world.here.village))
    assert "村（社区）没有单独的汇总数" in client.get("/", follow=True).content.decode()


def test_a_seat_that_looks_on_opens_no_list_to_who_holds_another_one(world):
    """An office clerk who is also leader of the township reads only the school's children by name."""
    clerk = person(Role.OFFICE, world.here)
    make.seat(clerk, Role.LEADER, world.here.county)
    client = signed_in(clerk)
    county = world.here.county.codes.get().code
    place = client.get(reverse("reports:place", args=[county]))
    assert place.status_code == 200 and "这里只有汇总数" in place.content.decode()
    names = client.get(reverse("reports:names"), {"place": county})
    assert world.school_by.child.name not in names.content.decode()
