"""Two counties, and the people who give and judge seats in them."""

import pytest

from accounts.enums import Role
from accounts.models import User
from tests import factories as make
from tests.counties import TODAY, World, person, two_counties


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = TODAY


@pytest.fixture
def world() -> World:
    return two_counties()


@pytest.fixture
def office(world) -> User:
    return person(Role.OFFICE, world.here)


@pytest.fixture
def root() -> User:
    return make.user(Role.SYSTEM_ADMIN, name="段立新")


@pytest.fixture
def security() -> User:
    return make.user(Role.SECURITY_ADMIN, name="赵志华")
