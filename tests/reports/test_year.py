"""The year of five hundred pupils (domain §5.2), lived through rolls, statuses and cases.

Start 500, 12 in, 20 out, 1 dead, 3 dropped out of whom 1 came back, 2 suspended: end 487.
"""

from datetime import date

import pytest

from accounts.enums import Role
from regions.enums import SchoolKind
from reports.counting.roll_up import roll_up
from reports.enums import Flow, Measure, StudentStatus
from reports.queries.snapshot_students import behind_flow
from reports.queries.snapshots import counts_at, figures_at, parts_of, snapshot_on
from students.enums import Began, Ended
from tests import factories as make
from tests.reports.lived_years import born, came_back, dropped, gone, moved, suspended

END = date(2027, 7, 9)
OPENING = date(2026, 9, 1)


@pytest.fixture
def year(db):
    """One school of five classes; the twelve come from and ten of the twenty go to a neighbour."""
    make.term()
    at = make.school(
        "5399010001", region_code="539901001", kind=SchoolKind.PRIMARY, primary=6, junior=0
    )
    next_door = make.school(
        "5399010002", region_code="539901002", kind=SchoolKind.PRIMARY, primary=6, junior=0
    )
    classes = [make.school_class(at, grade, 1, on=END) for grade in range(1, 6)]
    other = make.school_class(next_door, 3, on=END)
    rolls = [born(one, 100, OPENING) for one in classes]
    arriving = born(other, 12, OPENING)
    officer = make.user(Role.BUREAU, make.region("539901"))
    moved(arriving, classes[2], date(2026, 11, 2))
    moved(rolls[2][:10], other, date(2026, 12, 7))
    gone(rolls[0][:10], date(2027, 3, 1), Ended.TRANSFER_OUT, officer)
    gone(rolls[0][10:11], date(2027, 4, 1), Ended.DECEASED, officer)
    cases = dropped(rolls[4][:3], date(2026, 10, 12), date(2026, 11, 20))
    came_back(cases[:1], date(2026, 12, 1))
    suspended(rolls[3][:2], date(2027, 2, 22), date(2027, 12, 31))
    roll_up(END, make.region("539901"))
    return at, next_door, rolls


def figures_of(path: str) -> dict:
    shown = figures_at(snapshot_on(path, END), path)
    return {(one.id, one.variant): one for one in shown}


@pytest.mark.parametrize(
    ("measure", "variant", "numerator", "denominator", "written"),
    [
        (Measure.YEARLY, "a", 487, 491, "99.19 %"),
        (Measure.YEARLY, "b", 487, 489, "99.59 %"),
        (Measure.YEARLY, "c", 498, 500, "99.60 %"),
        (Measure.DROPOUT_RATE, "net", 2, 500, "0.40 %"),
        (Measure.DROPOUT_RATE, "gross", 3, 500, "0.60 %"),
        (Measure.DROPOUT_RATE, "legacy", 13, 500, "2.60 %"),
    ],
)
def test_the_school_has_the_published_rates(
    year, measure, variant, numerator, denominator, written
):
    at, _, _ = year
    one = figures_of(at.path)[measure, variant]
    assert (one.numerator, one.denominator, one.text) == (numerator, denominator, written)


def test_what_moved_between_two_schools_of_the_county_did_not_move_for_the_county(year):
    at, next_door, _ = year
    snapshot = snapshot_on(at.path, END)
    county = counts_at(snapshot, make.region("539901").path)
    assert (county[Flow.START], county[Flow.CAME_IN], county[Flow.WENT_OUT]) == (512, 0, 10)
    schools = parts_of(snapshot, make.region("539901").path, "school")
    assert sum(one[Flow.CAME_IN] for one in schools.values()) == 22
    assert sum(one[Flow.WENT_OUT] for one in schools.values()) == 32
    assert schools[next_door.path][Flow.START] == 12


def test_the_county_s_rate_is_not_the_sum_of_its_schools_moves(year):
    county = figures_of(make.region("539901").path)[Measure.YEARLY, "a"]
    assert (county.numerator, county.denominator) == (497, 501)


def test_behind_every_flow_stand_its_children(year):
    at, _, rolls = year
    snapshot = snapshot_on(at.path, END)
    out = {one.pk for one in rolls[0][:10] + rolls[2][:10]}
    assert set(behind_flow(snapshot, at.path, Flow.WENT_OUT).paths) == out
    assert set(behind_flow(snapshot, snapshot.county_path, Flow.WENT_OUT).paths) == {
        one.pk for one in rolls[0][:10]
    }


def test_a_dropout_of_last_year_still_out_is_no_dropout_of_this_one(year):
    """It stays among 辍学未复学 and out of the yearly rate."""
    at, _, _ = year
    later = date(2027, 10, 8)
    roll_up(later, make.region("539901"))
    counts = counts_at(snapshot_on(at.path, later), at.path)
    assert (counts[StudentStatus.DROPOUT], counts["dropped"], counts["dropped_now"]) == (2, 0, 0)


def test_a_transfer_that_says_nowhere_stays_in_the_denominator(year):
    at, _, rolls = year
    officer = make.user(Role.BUREAU, make.region("539901"))
    gone(rolls[1][:4], date(2027, 5, 6), Ended.TRANSFER_OUT, officer, where_to="")
    roll_up(END, make.region("539901"))
    one = figures_of(at.path)[Measure.YEARLY, "a"]
    assert (one.numerator, one.denominator) == (483, 491)


def test_a_roll_opened_late_counts_from_the_start_of_the_year(year):
    at, _, _ = year
    born(at.classes.first(), 3, date(2026, 10, 12), Began.ENTERED)
    roll_up(END, make.region("539901"))
    counts = counts_at(snapshot_on(at.path, END), at.path)
    assert (counts[Flow.START], counts[Flow.CAME_IN]) == (503, 12)
