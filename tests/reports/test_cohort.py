"""The cohort of a thousand (domain §5.1), from grade 1 in 2017 to graduation in 2026, by the rolls.

1000 entered, 60 in, 110 out, 2 dead, 3 abroad, 4 held back out and 3 in, 12 dropped out, 5
suspended: 927 in grade 9, of whom 925 graduate.
"""

from datetime import date, datetime, time

import pytest

from accounts.enums import Role
from cases.models import Case
from regions.clock import SHANGHAI
from regions.enums import SchoolKind
from reports.counting.cohorts import ninth_year
from reports.counting.roll_up import roll_up
from reports.enums import Measure
from reports.models import CohortBaseline, SnapshotCount, SnapshotStudent
from reports.queries.snapshots import cohort_at, figures_at, snapshot_on
from reports.rules.rounding import NONE
from students.enums import Began, Ended
from students.models import Enrolment, Student
from tests import factories as make
from tests.reports.lived_years import born, dropped, gone, moved, suspended

GRADE_ONE, JUNIOR = date(2017, 9, 1), date(2023, 9, 1)
END, AUTUMN = date(2026, 7, 10), date(2026, 11, 19)
WRITTEN = {
    "A": "92.70 %", "B": "97.37 %", "B9": "97.58 %",
    "C": "98.10 %", "D": "98.20 %", "E": "98.72 %",
}  # fmt: skip


def classes():
    """Two primaries and the junior school they go on to; a class below and above the cohort's."""
    make.term(begins=date(2025, 9, 1), ends=date(2026, 7, 15))
    one = make.school(
        "5399010001", region_code="539901001", kind=SchoolKind.PRIMARY, primary=6, junior=0
    )
    two = make.school(
        "5399010002", region_code="539901002", kind=SchoolKind.PRIMARY, primary=6, junior=0
    )
    junior = make.school("5399010003", region_code="539901001", junior=3)
    primary = [make.school_class(at, 1, on=GRADE_ONE) for at in (one, two)]
    ninth = make.school_class(junior, 7, on=JUNIOR)
    below = make.school_class(junior, 7, on=date(2024, 9, 1))
    return primary, ninth, below


def live() -> None:
    """Nine years of a thousand children."""
    (first, second), ninth, below = classes()
    officer = make.user(Role.BUREAU, make.region("539901"))
    children = born(first, 600, GRADE_ONE) + born(second, 400, GRADE_ONE)
    Enrolment.objects.update(recorded_at=datetime.combine(GRADE_ONE, time(9), SHANGHAI))
    moved(children[:30], second, date(2019, 3, 4))  # within the county: nothing happened to it
    gone(children[:70], date(2020, 3, 2), Ended.TRANSFER_OUT, officer)
    gone(children[70:72], date(2020, 5, 6), Ended.DECEASED, officer)
    gone(children[72:75], date(2021, 5, 6), Ended.ABROAD, officer)
    came = born(first, 40, date(2021, 9, 6), Began.TRANSFER_IN)
    staying = children[75:] + came
    rows = Enrolment.objects.filter(student__in=staying, ended=None)
    rows.update(ended=JUNIOR, how_ended=Ended.TRANSFER_OUT, where_to=ninth.school.name)
    Enrolment.objects.bulk_create(
        Enrolment(student=one, school_class=ninth, began=JUNIOR, how=Began.ENTERED)
        for one in staying
    )
    gone(staying[:40], date(2024, 3, 4), Ended.TRANSFER_OUT, officer)
    staying = staying[40:] + born(ninth, 20, date(2024, 3, 4), Began.TRANSFER_IN)
    moved(staying[:4], below, date(2024, 9, 2), Began.CLASS_CHANGE)
    above = born(below, 3, date(2024, 9, 1))
    moved(above, ninth, date(2025, 9, 2), Began.CLASS_CHANGE)
    staying = staying[4:] + above
    dropped(staying[:12], date(2025, 10, 13), date(2025, 11, 20))
    suspended(staying[12:17], date(2026, 3, 2), date(2027, 2, 28))
    graduates = Enrolment.objects.filter(student__in=staying[17 : 17 + 925], ended=None)
    graduates.update(ended=date(2026, 7, 1), how_ended=Ended.GRADUATED)


def shown(path: str) -> dict[str, str]:
    snapshot = snapshot_on(path, END)
    return {
        one.variant: one.text for one in figures_at(snapshot, path) if one.id == Measure.NINE_YEARS
    }


@pytest.mark.django_db
def test_the_rolls_alone_give_the_published_rates():
    live()
    county = make.region("539901")
    roll_up(END, county)
    assert shown(county.path) == WRITTEN
    assert cohort_at(snapshot_on(county.path, END), county.path).counts == {
        "entrants": 1000, "came_in": 60, "went_out": 110, "died": 2, "abroad": 3, "held_out": 4,
        "held_in": 3, "dropped": 12, "suspended": 5, "ninth": 927, "graduates": 925,
    }  # fmt: skip


@pytest.mark.django_db
def test_who_had_dropped_out_is_no_graduate_because_its_class_was():
    """The class leaves with everybody on its roll: the twelve with open cases are still out."""
    live()
    out = Student.objects.filter(cases__dropout_on__isnull=False)
    assert (
        Enrolment.objects.filter(student__in=out, ended=None).update(
            ended=date(2026, 7, 1), how_ended=Ended.GRADUATED
        )
        == 12
    )
    county = make.region("539901")
    roll_up(END, county)
    assert shown(county.path) == WRITTEN
    counts = cohort_at(snapshot_on(county.path, END), county.path).counts
    assert (counts["dropped"], counts["ninth"], counts["graduates"]) == (12, 927, 925)


@pytest.mark.django_db
@pytest.mark.parametrize("graduated", [True, False])
def test_who_had_dropped_out_is_out_of_school_in_the_next_year_too_and_in_no_rate_of_it(graduated):
    """辍学未复学 reads twelve in November as in July; 在册, 应在校 and the year's rates know none."""
    live()
    out = Enrolment.objects.filter(student__cases__dropout_on__isnull=False, ended=None)
    if graduated:
        out.update(ended=date(2026, 7, 1), how_ended=Ended.GRADUATED)
    county = make.region("539901")
    make.term()
    roll_up(AUTUMN, county)
    junior = county_counts(county.path, AUTUMN)["junior"]
    assert junior == {"dropout": 12, "start": 4, "in_school": 4}, "four of the class below"
    rows = SnapshotStudent.objects.filter(student_status="dropout")
    assert set(rows.values_list("grade", flat=True)) == {9} and rows.count() == 12


@pytest.mark.django_db
def test_who_came_back_before_the_class_left_is_none_of_them():
    """The control: a case that is closed, or a child back in class, carries nobody over."""
    live()
    Case.objects.update(returned_on=date(2026, 6, 1))
    county = make.region("539901")
    make.term()
    roll_up(AUTUMN, county)
    assert "dropout" not in county_counts(county.path, AUTUMN).get("junior", {})


def county_counts(path: str, on: date) -> dict[str, dict[str, int]]:
    rows = SnapshotCount.objects.filter(snapshot=snapshot_on(path, on), level="county")
    return dict(rows.values_list("stage", "counts"))


@pytest.mark.django_db
def test_a_baseline_knows_the_years_before_the_portal_and_the_rolls_go_on():
    """The county brought its first six years along; three of them are on the rolls."""
    live()
    Enrolment.objects.update(recorded_at=datetime.combine(JUNIOR, time(9), SHANGHAI))
    county = make.region("539901")
    CohortBaseline.objects.create(
        path=county.path, entered=2017, until=JUNIOR, source="2023年学籍年报",
        counts={"entrants": 1000, "came_in": 40, "went_out": 70, "died": 2, "abroad": 3},
    )  # fmt: skip
    roll_up(END, county)
    assert shown(county.path) == WRITTEN


@pytest.mark.django_db
def test_a_baseline_that_knows_the_end_is_taken_at_its_word():
    classes()
    county = make.region("539901")
    counts = {
        "entrants": 1000, "came_in": 60, "went_out": 110, "died": 2, "abroad": 3, "held_out": 4,
        "held_in": 3, "suspended": 5, "ninth": 927, "graduates": 925,
    }  # fmt: skip
    CohortBaseline.objects.create(
        path=county.path, entered=2017, until=END, source="2026年学籍年报", counts=counts
    )
    roll_up(END, county)
    assert shown(county.path) == WRITTEN


@pytest.mark.django_db
def test_without_a_baseline_a_cohort_from_before_the_portal_is_a_dash():
    live()
    Enrolment.objects.update(recorded_at=datetime.combine(JUNIOR, time(9), SHANGHAI))
    county = make.region("539901")
    roll_up(END, county)
    assert set(shown(county.path).values()) == {NONE}


def test_a_cohort_is_in_its_ninth_year_until_the_next_school_year():
    assert ninth_year(date(2026, 8, 14)) == 2017
    assert ninth_year(date(2026, 8, 15)) == 2018
