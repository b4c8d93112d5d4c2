"""Paths: the narrowest place that holds several, and what lies at a place, below or above it."""

import pytest

from accounts.models import Change
from regions.paths import at_or_around, common

COUNTY = "000001000002000003"
TOWNSHIP = COUNTY + "000004"
SCHOOL = TOWNSHIP + "S000005"
CLASS = SCHOOL + "C000006"


@pytest.mark.parametrize(
    ("paths", "holds_all"),
    [
        ([], ""),
        ([CLASS], CLASS),
        ([CLASS, CLASS], CLASS),
        ([CLASS, SCHOOL + "C000007"], SCHOOL),
        ([CLASS, SCHOOL], SCHOOL),
        ([CLASS, TOWNSHIP + "S000055C000006"], TOWNSHIP),
        ([CLASS, COUNTY + "000044S000005"], COUNTY),
        ([CLASS, "000001000002000009"], "000001000002"),
        ([CLASS, "000009000002000003"], ""),
        ([CLASS, ""], ""),
        (["000001"], "000001"),
    ],
)
def test_the_narrowest_place_that_holds_all(paths, holds_all):
    assert common(paths) == common(reversed(paths)) == holds_all


@pytest.mark.django_db
def test_at_or_around_a_place_are_those_below_and_those_that_hold_it():
    around = [COUNTY, TOWNSHIP, CLASS, "000001", "000001000002"]
    beside = ["", "000001000002000009", "000009", "000001000009"]
    for path in [*around, *beside]:
        Change.objects.create(verb="v", kind="k", uid="u", path=path)
    found = Change.objects.filter(at_or_around("path", COUNTY))
    assert sorted(found.values_list("path", flat=True)) == sorted(around)
