"""Every indicator as a table from counts to numerator and denominator."""

from collections import Counter

import pytest

from reports.enums import CohortCount, Flow, Measure, PlaceCount, StudentStatus
from reports.rules.indicators import INDICATORS, Indicator, Target, figure, figures
from reports.rules.rounding import NONE
from reports.rules.student_status import EFFECTS

YEAR = Counter(
    in_school=485, observed=1, graduated=1, dropout=2, suspended=2, transfer_out=20, deceased=1,
    start=500, came_in=12, went_out=20, died=1, dropped=3, dropped_now=2,
)  # fmt: skip
COHORT = Counter(
    entrants=1000, came_in=60, went_out=110, died=2, abroad=3, held_out=4, held_in=3,
    suspended=5, dropped=12, ninth=927, graduates=925,
)  # fmt: skip


def of(measure: Measure, variant: str = "") -> Indicator:
    return next(one for one in INDICATORS if (one.measure, one.variant) == (measure, variant))


@pytest.mark.parametrize(
    ("measure", "variant", "numerator", "denominator", "written"),
    [
        (Measure.YEARLY, "a", 487, 491, "99.19 %"),
        (Measure.YEARLY, "b", 487, 489, "99.59 %"),
        (Measure.YEARLY, "c", 498, 500, "99.60 %"),
        (Measure.DROPOUT_RATE, "net", 2, 500, "0.40 %"),
        (Measure.DROPOUT_RATE, "gross", 3, 500, "0.60 %"),
        (Measure.DROPOUT_RATE, "legacy", 13, 500, "2.60 %"),
        (Measure.DROPOUTS, "", 2, 490, "0.41 %"),
    ],
)
def test_the_year_of_five_hundred(measure, variant, numerator, denominator, written):
    made = figure(of(measure, variant), YEAR)
    assert (made.numerator, made.denominator, made.text) == (numerator, denominator, written)


@pytest.mark.parametrize(
    ("variant", "numerator", "denominator", "written"),
    [
        ("A", 927, 1000, "92.70 %"),
        ("B", 925, 950, "97.37 %"),
        ("B9", 927, 950, "97.58 %"),
        ("C", 927, 945, "98.10 %"),
        ("D", 927, 944, "98.20 %"),
        ("E", 927, 939, "98.72 %"),
    ],
)
def test_the_cohort_of_a_thousand(variant, numerator, denominator, written):
    made = figure(of(Measure.NINE_YEARS, variant), COHORT)
    assert (made.numerator, made.denominator, made.text) == (numerator, denominator, written)


def test_the_variant_prescribed_from_above_stands_first():
    first = {}
    for one in INDICATORS:
        first.setdefault(one.measure, one.variant)
    assert first[Measure.NINE_YEARS] == "A"
    assert first[Measure.YEARLY] == "a"
    assert INDICATORS[0].measure is Measure.NINE_YEARS


def test_before_anybody_graduated_the_rate_by_graduates_is_not_zero_but_a_dash():
    before = COHORT - Counter(graduates=925)
    assert figure(of(Measure.NINE_YEARS, "B"), before).text == NONE
    assert figure(of(Measure.NINE_YEARS, "B9"), before).text == "97.58 %"


def test_without_a_cohort_the_nine_years_are_dashes():
    made = {(one.id, one.variant): one for one in figures(YEAR, None)}
    assert made[Measure.NINE_YEARS, "A"].text == NONE
    assert made[Measure.NINE_YEARS, "A"].met is None


def test_a_place_without_children_has_dashes_and_no_hundred_percent():
    for one in figures(Counter(), Counter(), Target(99, "系统设定")):
        assert one.text == NONE
        assert one.value is None
        assert one.met is None
        assert not one.over


def test_the_target_is_met_by_the_exact_value_not_by_the_written_one():
    close = Counter(start=100_000, in_school=98_996)  # 98.996 % is written 99.00 %
    made = figure(of(Measure.YEARLY, "a"), close, Target(99, "系统设定"))
    assert made.text == "99.00 %"
    assert made.met is False


def test_only_rates_with_a_target_are_held_against_it():
    made = {(one.id, one.variant): one for one in figures(YEAR, COHORT, Target(99, "系统设定"))}
    assert made[Measure.YEARLY, "a"].met is True
    assert made[Measure.DROPOUT_RATE, "net"].target is None


def test_over_a_hundred_percent_is_shown_raw_and_marked():
    made = figure(of(Measure.YEARLY, "a"), Counter(start=498, in_school=506))
    assert made.over
    assert made.text == "101.61 %"


def test_places_are_added_as_people_and_never_as_rates():
    """A merged school's 0/0 and a school of ten beside one of ninety."""
    small = Counter(start=10, in_school=5, dropout=5, dropped_now=5)
    large = Counter(start=90, in_school=90)
    merged = Counter(start=31, went_out=31)
    together = figure(of(Measure.YEARLY, "a"), small + large + merged)
    assert together.text == "95.00 %"  # the mean of the two rates would be 75 %


def test_every_count_an_indicator_uses_is_one_a_snapshot_counts():
    known = {*StudentStatus, *Flow, *PlaceCount}
    year = {key.value for key in known}
    cohort = {key.value for key in CohortCount}
    for one in INDICATORS:
        used = set(one.numerator) | set(one.denominator)
        assert used <= (year if one.counts == "year" else cohort), one
        assert one.formula
        assert one.source
        assert one.label


def test_every_bucket_that_is_expected_can_be_told_from_one_that_is_kept():
    retained = of(Measure.YEARLY, "a").numerator
    assert set(retained) == {b.value for b, effect in EFFECTS.items() if effect.retained}
    assert "dropout" not in retained
