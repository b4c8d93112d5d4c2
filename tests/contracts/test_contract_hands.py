"""A post changes hands: the contract is closed and a fresh copy waits; and the export of the unsigned."""

from datetime import date, timedelta

import pytest

from accounts.enums import Role
from contracts import listing
from contracts.contracts import supersede_changed
from contracts.enums import ContractState, Link
from contracts.models import Contract
from tests import factories as make
from tests.contracts.contract_county import DUE, TODAY, YEAR, leave, rows

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def signed_village(county):
    one = county.of(Link.TOWNSHIP_VILLAGE, county.villages[0])
    people = (
        county.by(Role.TOWNSHIP, county.townships[0]),
        county.by(Role.VILLAGE, county.villages[0]),
    )
    return county.sign(one, *people)


def test_a_new_holder_gets_a_fresh_copy_once(issued):
    old = signed_village(issued)
    assert supersede_changed(TODAY, issued.county) == {"checked": 1, "superseded": 0}
    leave(issued.by(Role.VILLAGE, issued.villages[0]), TODAY)
    assert supersede_changed(TOMORROW, issued.county)["superseded"] == 1
    after = rows()
    assert supersede_changed(TOMORROW, issued.county)["superseded"] == 0
    assert rows() == after
    old.refresh_from_db()
    fresh = issued.of(Link.TOWNSHIP_VILLAGE, issued.villages[0])
    assert old.state == ContractState.SUPERSEDED and fresh.replaces == old
    assert (fresh.text, fresh.state, fresh.signatures.count()) == (
        old.text,
        ContractState.ISSUED,
        0,
    )
    assert fresh.parent == old.parent and fresh.due_on == TOMORROW + timedelta(days=14)
    assert old.signatures.count() == 2


def test_under_a_fresh_copy_hang_the_same_villages(issued):
    one = issued.of(Link.COUNTY_TOWNSHIP, issued.townships[0])
    issued.sign(one, issued.by(Role.COUNTY_OFFICE), issued.by(Role.TOWNSHIP, issued.townships[0]))
    leave(issued.by(Role.TOWNSHIP, issued.townships[0]), TODAY)
    supersede_changed(TOMORROW, issued.county)
    fresh = issued.of(Link.COUNTY_TOWNSHIP, issued.townships[0])
    assert fresh.pk != one.pk
    assert issued.of(Link.TOWNSHIP_VILLAGE, issued.villages[0]).parent == fresh


def test_a_run_for_last_tuesday_leaves_what_was_signed_since(issued):
    """The successor signed today and did not sit there on Tuesday: that is no change of hands."""
    old = issued.of(Link.TOWNSHIP_VILLAGE, issued.villages[0])
    leave(issued.by(Role.VILLAGE, issued.villages[0]), date(2026, 11, 18))
    new = make.user(None, name="接任者")
    make.seat(new, Role.VILLAGE, issued.villages[0], began=TODAY)
    issued.sign(old, issued.by(Role.TOWNSHIP, issued.townships[0]), new)
    before = rows()
    assert supersede_changed(date(2026, 11, 17), issued.county)["superseded"] == 0
    assert supersede_changed(TODAY, issued.county)["superseded"] == 0
    assert rows() == before


def test_a_locked_account_or_another_county_or_an_old_year(issued):
    signed_village(issued)
    user = issued.by(Role.VILLAGE, issued.villages[0])
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert supersede_changed(TODAY, make.region("539902"))["superseded"] == 0
    Contract.objects.update(year=YEAR - 1)
    assert supersede_changed(TODAY, issued.county)["superseded"] == 0
    Contract.objects.update(year=YEAR)
    assert supersede_changed(TODAY, issued.county)["superseded"] == 1


def test_a_change_of_hands_and_a_vacancy_are_told_apart(issued):
    signed_village(issued)
    leave(issued.by(Role.VILLAGE, issued.villages[0]), TODAY - timedelta(days=1))
    supersede_changed(TODAY, issued.county)
    office = issued.by(Role.COUNTY_OFFICE)

    def why() -> str:
        told = listing.unsigned_rows(office, YEAR, TODAY)
        return next(row["未签原因"] for row in told if row["乙方"].startswith("第1村"))

    assert why() == "岗位空缺"
    make.user(Role.VILLAGE, issued.villages[0], name="接任者")
    assert why() == "换人待重签"


# The export


def test_the_export_names_each_unsigned_once(issued):
    signed_village(issued)
    office = issued.by(Role.COUNTY_OFFICE)
    told = listing.unsigned_rows(office, YEAR, DUE + timedelta(days=3))
    assert len(told) == Contract.objects.exclude(state="signed").count() == 6
    assert all(list(row) == listing.UNSIGNED_HEADER for row in told)
    assert {row["逾期天数"] for row in told} == {3}
    assert {row["责任线"] for row in told} == {"政府线", "教育线"}
    shelf = listing.contract_list(office, YEAR, TODAY)
    reasons = [r for line in listing.unsigned_lines(shelf) for r in line.reasons]
    assert sum(count for _, count in reasons) == 6
    assert {label for label, _ in reasons} == {"上级未签"}
