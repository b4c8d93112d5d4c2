"""Numbers as they are written."""

from fractions import Fraction

import pytest

from reports.rules.rounding import NONE, half_up, percent, rate_text, ratio


@pytest.mark.parametrize(
    ("numerator", "denominator", "written"),
    [
        (487, 491, "99.19 %"),
        (487, 489, "99.59 %"),
        (498, 500, "99.60 %"),
        (16, 18201, "0.09 %"),
        (506, 498, "101.61 %"),  # over 100 % as it is
        (0, 500, "0.00 %"),
        (500, 500, "100.00 %"),
        (-13, 500, "-2.60 %"),  # more came than left
    ],
)
def test_a_rate_has_two_decimals(numerator, denominator, written):
    assert rate_text(numerator, denominator) == written


@pytest.mark.parametrize(
    ("numerator", "denominator", "written"),
    [
        (3, 300_000, "0.001 %"),
        (1, 200_000, "0.0005 %"),
        (1, 5_700_000, "0.00002 %"),
        (299_997, 300_000, "99.999 %"),
        (5_699_999, 5_700_000, "99.99998 %"),
        (300_009, 300_000, "100.003 %"),
    ],
)
def test_no_child_is_rounded_away(numerator, denominator, written):
    """Neither the three who are out nor the three who are missing from a hundred percent."""
    assert rate_text(numerator, denominator) == written


def test_nothing_over_nothing_is_a_dash_and_never_a_hundred():
    assert rate_text(0, 0) == NONE == percent(ratio(0, 0))
    assert rate_text(None, 100) == NONE
    assert ratio(0, 0) is None


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (Fraction(5, 1000), 2, "0.01"),  # a half goes up; a float or banker's rounding says 0.00
        (Fraction(15, 1000), 2, "0.02"),
        (Fraction(25, 1000), 2, "0.03"),
        (Fraction(2675, 1000), 2, "2.68"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(-4, 1000), 2, "0.00"),
        (Fraction(7, 2), 0, "4"),
    ],
)
def test_a_half_is_rounded_away_from_zero_and_exactly(value, digits, written):
    assert half_up(value, digits) == written
