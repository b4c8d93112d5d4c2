"""The county of 责任书: drafted, and issued."""

import pytest

from tests.contracts.contract_county import TODAY, build


@pytest.fixture
def county(settings):
    settings.KONGCHUO_TODAY = TODAY
    made = build()
    made.draft()
    return made


@pytest.fixture
def issued(county):
    county.issue()
    return county
