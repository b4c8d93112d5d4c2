"""按月变动: each turn of a case once a month, 小学 and 初中 apart, every number with its cases."""

from collections import Counter
from datetime import date

import pytest

from cases import history
from cases.enums.states import CaseState, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case
from regions.clock import local
from regions.enums import SchoolKind, Stage
from reports.enums import Turn
from reports.queries.monthly_changes import by_month, cases_behind, happenings, stage_by_age
from tests import factories as make
from tests.reports.lived_years import dropped

pytestmark = pytest.mark.django_db
ON, YEAR = make.THURSDAY, 2026
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def two():
    """A pupil of grade 3 and one of grade 8, each with a case."""
    make.term()
    school = make.school(kind=SchoolKind.NINE_YEAR, primary=6)
    small, big = make.school_class(school, grade=3), make.school_class(school, grade=8)
    return [
        dropped([make.pupil(of)], date(2026, 9, 15), date(2026, 10, 16))[0] for of in (small, big)
    ]


def tell(case: Case, kind: EventKind, day: date | None) -> None:
    happened = FuzzyDate.on(day) if day else FuzzyDate.unknown()
    history.write(case, kind, by=None, happened=happened)


def path() -> str:
    return make.region("539901").path


def test_every_month_of_the_year_has_a_row_and_stages_stand_apart(two):
    for case in two:
        tell(case, EventKind.SUSPECTED, date(2026, 10, 1))
        tell(case, EventKind.DROPOUT, date(2026, 10, 16))
    tell(two[0], EventKind.RETURNED, date(2026, 11, 3))
    found = by_month(path(), YEAR, ON)
    assert list(found) == [date(2026, month, 1) for month in (8, 9, 10, 11)]
    assert found[OCTOBER] == Counter(
        {(stage, turn): 1 for stage in Stage for turn in (Turn.SUSPECTED, Turn.DROPPED)}
    )
    assert found[NOVEMBER] == Counter({(Stage.PRIMARY, Turn.RETURNED): 1})


def test_twice_in_one_month_is_one_and_in_two_months_two(two):
    for day in (date(2026, 10, 5), date(2026, 10, 20), date(2026, 11, 2)):
        tell(two[1], EventKind.RETURNED, day)
    found = by_month(path(), YEAR, ON)
    assert [found[month][Stage.JUNIOR, Turn.RETURNED] for month in (OCTOBER, NOVEMBER)] == [1, 1]


def test_behind_each_number_stand_its_cases_and_the_year_adds_up(two):
    for case in two:
        tell(case, EventKind.DROPOUT, date(2026, 10, 16))
    asked = path(), YEAR, ON, Turn.DROPPED
    assert cases_behind(*asked, OCTOBER, Stage.PRIMARY) == [two[0].pk]
    assert cases_behind(*asked, NOVEMBER, None) == []
    assert sorted(cases_behind(*asked, None, None)) == sorted(case.pk for case in two)


def test_last_year_mistakes_and_days_to_come_are_left_out(two):
    tell(two[0], EventKind.DROPOUT, date(2026, 6, 30))
    tell(two[0], EventKind.DROPOUT, date(2026, 12, 1))
    tell(two[1], EventKind.DROPOUT, date(2026, 10, 16))
    Case.objects.filter(pk=two[1].pk).update(state=CaseState.MISTAKE)
    assert list(happenings(path(), YEAR, ON)) == []


def test_a_day_nobody_knows_is_the_day_of_entry(two):
    tell(two[0], EventKind.RETURNED, None)
    entered = local(two[0].events.last().entered_at).date()
    (one,) = happenings(path(), entered.year - (entered.month < 8), entered)
    assert one.month == entered.replace(day=1)


@pytest.mark.parametrize(
    ("born", "stage"),
    [(date(2014, 11, 19), Stage.JUNIOR), (date(2014, 11, 20), Stage.PRIMARY), (None, Stage.JUNIOR)],
)
def test_who_is_on_no_roll_stands_by_age(born, stage):
    assert stage_by_age(born, ON) is stage


def test_a_child_on_no_roll_is_counted_by_its_age(two):
    tell(two[1], EventKind.DROPOUT, date(2026, 10, 16))
    child = two[1].student
    child.school_path, child.birth_on = "", date(2018, 5, 6)
    child.save(update_fields=["school_path", "birth_on"])
    assert by_month(path(), YEAR, ON)[OCTOBER] == Counter({(Stage.PRIMARY, Turn.DROPPED): 1})
