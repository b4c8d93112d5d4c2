"""Rates that were printed in newspapers and notices, computed again (shared/cases/rates.json).

Read in place where the collection stands; the figures below are our own copy of what reproduces.
"""

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from cases.enums.states import EventKind, Step
from reports.enums import Measure
from reports.queries.ladder_funnel import Happened, stints
from reports.rules.indicators import INDICATORS, figure
from reports.rules.rounding import half_up, percent, rate_text, ratio
from tests.reports.random_counties import YEAR_BEGAN

COLLECTION = Path(__file__).resolve().parents[4] / "shared" / "cases" / "rates.json"
HERE = (
    {one["id"]: one for one in json.loads(COLLECTION.read_text())["rates"]}
    if COLLECTION.exists()
    else {}
)

PRINTED = {
    "R01": (16, 18201, 2, "0.09"),
    "R10": (119, 76 + 43, 0, "100"),
    "R12": (413, 270 + 143, 0, "100"),
    "R14": (374, 275 + 99, 0, "100"),
    "R21": (506, 498, 2, "101.61"),
    "R22": (619, 615, 2, "100.65"),
    "R23": (663, 615, 2, "107.80"),
    "R24": (758, 724, 2, "104.70"),
    "R25": (783, 787, 2, "99.49"),
    "R36": (402, 405, 1, "99.3"),
}
IMPLIED = {
    "R03": (13, range(587, 590), 2, "2.21"),
    "R04": (3, [200_001, 300_000], 3, "0.001"),
    "R05": (1, [181_819, 200_000, 222_222], 4, "0.0005"),
    "R07": (16058, [16537, 16538], 2, "97.10"),
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_rate_comes_out_of_its_counts(name):
    numerator, denominator, digits, printed = PRINTED[name]
    assert half_up(ratio(numerator, denominator) * 100, digits) == printed


@pytest.mark.parametrize("name", IMPLIED)
def test_a_rate_printed_without_its_base_fits_the_bases_it_implies(name):
    numerator, bases, digits, printed = IMPLIED[name]
    for base in bases:
        assert half_up(ratio(numerator, base) * 100, digits) == printed, base


if HERE:  # a checkout alone holds the copy

    @pytest.mark.parametrize("name", PRINTED)
    def test_our_copy_is_what_was_printed(name):
        one = HERE[name]
        assert one["published"] == f"{PRINTED[name][3]}%"
        assert one["reproduces"] is True

    def test_every_rate_of_a_child_that_reproduces_is_in_our_copy():
        """Year-on-year changes and survival rates are no rate of a snapshot; the latter stands below."""
        ours = {name for name, one in HERE.items() if one["reproduces"] is True}
        assert ours - set(PRINTED) == {"R39", "R44", "R46"}


@pytest.mark.parametrize(("numerator", "base"), [(3, 300_000), (1, 200_000)])
def test_a_small_rate_is_never_shown_as_nothing(numerator, base):
    """普洱 2020: 0.001 % and 0.0005 %; two fixed decimals would print 0.00 %."""
    assert percent(Fraction(numerator, base)) == {3: "0.001", 1: "0.0005"}[numerator]
    assert half_up(Fraction(numerator, base) * 100, 2) == "0.00"


@pytest.mark.parametrize("left", [31, 15])
def test_a_school_that_merged_away_is_a_dash_although_the_sheet_printed_a_hundred(left):
    """R16, R19: every entrant left."""
    gone = Counter(entrants=left, went_out=left)
    b9 = next(one for one in INDICATORS if (one.measure, one.variant) == (Measure.NINE_YEARS, "B9"))
    assert figure(b9, gone).text == "—"
    assert rate_text(0, left - left) == "—"


def test_a_place_that_took_in_more_than_it_lost_has_a_negative_legacy_rate():
    """RULE1: 上海, 福建, 浙江 printed negative rates in 1997; ours is shown, not clipped."""
    legacy = next(
        one for one in INDICATORS if (one.measure, one.variant) == (Measure.DROPOUT_RATE, "legacy")
    )
    assert figure(legacy, Counter(start=500, came_in=30, went_out=10)).text == "-4.00 %"


def test_the_funnel_of_a_prefecture_accounts_for_the_eight_it_lost():
    """F1, 普洱 2020: of 53 ordered 33 returned and 12 were penalised; 8 were accounted for by nobody.

    Of 12 penalised 9 returned and 3 were still out.
    """
    events = []
    for case in range(53):
        ends = (
            [(EventKind.RETURNED, None)]
            if case < 33
            else [(EventKind.STEP, Step.PENALTY)]
            if case < 45
            else []
        )
        if 33 <= case < 42:
            ends.append((EventKind.RETURNED, None))
        chain = [(EventKind.OPENED, None), (EventKind.STEP, Step.ORDER), *ends]
        events += [Happened(case, kind, step, YEAR_BEGAN) for kind, step in chain]
    counts = Counter((one.step, one.ended) for one in stints(events))
    assert counts == {
        (Step.PERSUADE, "went_on"): 53,
        (Step.ORDER, "returned"): 33,
        (Step.ORDER, "went_on"): 12,
        (Step.ORDER, "in_hand"): 8,
        (Step.PENALTY, "returned"): 9,
        (Step.PENALTY, "in_hand"): 3,
    }
