"""The bureau is not buried: second words a week, by the real rules, for a county of 60,000 pupils."""

import pytest

from demo.scenarios.second_words import estimate

MOST_IN_AN_ORDINARY_WEEK = 80


@pytest.mark.parametrize("seed", [1, 2])
def test_an_ordinary_week_stays_under_eighty(seed):
    weeks = estimate(seed)
    assert 0 < weeks["ordinary"].second <= MOST_IN_AN_ORDINARY_WEEK
    assert weeks["flu"].second > weeks["ordinary"].second
    assert weeks["ordinary"].requests > 400 and weeks["flu"].sampled == 30
