"""四步法去向: who entered a step came back from it, is in hand, went on, or left another way."""

from datetime import date, timedelta
from random import Random

import pytest

from accounts.enums import Precision
from cases.enums.records import DeadlineKind
from cases.enums.states import CaseState, EventKind, Phase, Step
from cases.fuzzy_dates import FuzzyDate
from cases.history import write
from cases.models import Case, CaseEvent, Deadline
from reports.queries.ladder_funnel import (
    COLUMNS,
    Happened,
    StepRow,
    funnel,
    funnel_cases,
    overdue,
    phases,
    stints,
)
from tests import factories as make
from tests.reports.lived_years import dropped

ON = make.THURSDAY
YEAR = 2026


def happened(*chain) -> list[Happened]:
    return [
        Happened(1, kind, step, date(2026, 10, 8) + timedelta(days=n))
        for n, (kind, step) in enumerate(chain)
    ]


OPENED, STEP, BACK = EventKind.OPENED, EventKind.STEP, EventKind.RETURNED
AGAIN, LEFT, CLOSED = EventKind.RELAPSED, EventKind.EXITED, EventKind.CLOSED


@pytest.mark.parametrize(
    ("chain", "ways"),
    [
        ([(OPENED, None)], [("persuade", "in_hand")]),
        ([(OPENED, None), (BACK, None)], [("persuade", "returned")]),
        ([(OPENED, None), (BACK, None), (CLOSED, None)], [("persuade", "returned")]),
        ([(OPENED, None), (LEFT, None)], [("persuade", "other")]),
        (
            [(OPENED, None), (STEP, Step.ORDER), (BACK, None)],
            [("persuade", "went_on"), ("order", "returned")],
        ),
        (  # a relapse enters the first step again: one child, two 人次
            [(OPENED, None), (STEP, Step.ORDER), (BACK, None), (AGAIN, None)],
            [("persuade", "went_on"), ("order", "returned"), ("persuade", "in_hand")],
        ),
        (
            [(OPENED, None), (LEFT, None), (EventKind.REOPENED, None), (BACK, None)],
            [("persuade", "other"), ("persuade", "returned")],
        ),
    ],
)
def test_each_stay_on_a_step_ends_one_way(chain, ways):
    assert [(one.step, one.ended) for one in stints(happened(*chain))] == ways


def test_whatever_happens_every_row_adds_up():
    rng = Random(7)
    kinds = [OPENED, STEP, BACK, AGAIN, LEFT, CLOSED, EventKind.REOPENED]
    for _ in range(300):
        chain = [(rng.choice(kinds), rng.choice(list(Step))) for _ in range(rng.randint(1, 9))]
        for one in stints(happened(*chain)):
            assert one.ended in COLUMNS[1:]


@pytest.fixture
def three(db) -> list[Case]:
    """One child comes back after an order, one stands at the order, one is being persuaded."""
    make.term()
    at = make.school_class(make.school())
    cases = dropped(make.pupils(at, 3), date(2026, 10, 12), date(2026, 11, 16))
    for case in cases[:2]:
        write(
            case, STEP, by=None, happened=FuzzyDate.on(date(2026, 10, 26)), step=Step.ORDER,
            details={"from": "persuade"},
        )  # fmt: skip
    write(cases[0], BACK, by=None, happened=FuzzyDate.on(date(2026, 11, 5)))
    Case.objects.filter(pk=cases[0].pk).update(
        state=CaseState.RETURNED, returned_on=date(2026, 11, 5)
    )
    for case in cases:
        write(case, EventKind.DROPOUT, by=None, happened=FuzzyDate.on(date(2026, 11, 16)))
    return cases


def row(rows: list[StepRow], step: Step) -> tuple[int, ...]:
    found = next(one for one in rows if one.step is step)
    return tuple(getattr(found, column) for column in COLUMNS)


def test_the_funnel_of_a_county_a_township_and_a_school(three):
    county, township = make.region("539901"), make.region("539901001")
    school = three[0].student.school_path.split("C")[0]
    for path in (county.path, township.path, school):
        rows = funnel(path, YEAR, ON)
        assert row(rows, Step.PERSUADE) == (3, 0, 1, 2, 0)
        assert row(rows, Step.ORDER) == (2, 1, 1, 0, 0)
        assert row(rows, Step.PENALTY) == (0, 0, 0, 0, 0)
    assert funnel(make.region("539901002").path, YEAR, ON)[0].entered == 0
    assert rows[1].share == "50.00 %"
    assert rows[2].share == "—"


def test_behind_each_number_stand_its_cases(three):
    county = make.region("539901").path
    order = {column: set(funnel_cases(county, YEAR, ON, Step.ORDER, column)) for column in COLUMNS}
    assert order == {
        "entered": {three[0].pk, three[1].pk}, "returned": {three[0].pk},
        "in_hand": {three[1].pk}, "went_on": set(), "other": set(),
    }  # fmt: skip


def test_the_funnel_of_an_earlier_day_knows_nothing_later(three):
    county = make.region("539901").path
    assert row(funnel(county, YEAR, date(2026, 10, 20)), Step.ORDER) == (0, 0, 0, 0, 0)
    assert row(funnel(county, YEAR, date(2026, 11, 1)), Step.ORDER) == (2, 0, 2, 0, 0)


def test_last_year_s_steps_are_not_this_year_s(three):
    county = make.region("539901").path
    assert funnel(county, YEAR + 1, date(2027, 10, 8))[0].entered == 0


def test_a_case_opened_by_mistake_is_in_no_number(three):
    Case.objects.filter(pk=three[2].pk).update(state=CaseState.MISTAKE)
    county = make.region("539901").path
    assert funnel(county, YEAR, ON)[0].entered == 2


def test_a_step_whose_day_nobody_knows_counts_on_the_day_it_was_entered(three):
    CaseEvent.objects.filter(kind=STEP.value).update(
        happened_from=None, happened_to=None, precision=Precision.UNKNOWN
    )
    entered = CaseEvent.objects.filter(kind=STEP.value).first().entered_at.date()
    county = make.region("539901").path
    assert row(funnel(county, YEAR, entered + timedelta(days=1)), Step.ORDER)[0] == 2


def test_open_cases_by_phase(three):
    found = phases(make.region("539901").path)
    assert found == {Phase.FIND: 2, Phase.PERSUADE: 0, Phase.PLACE: 1, Phase.KEEP: 0}


def test_only_duties_that_are_past_are_overdue(three):
    Deadline.objects.all().delete()
    for kind, due, dropped_on in [
        (DeadlineKind.SERVE, ON - timedelta(days=1), None),
        (DeadlineKind.CONTACT, ON, None),
        (DeadlineKind.REVIEW, ON - timedelta(days=3), None),
        (DeadlineKind.VERIFY, ON - timedelta(days=9), ON - timedelta(days=8)),
    ]:
        Deadline.objects.create(
            case=three[1], kind=kind, starts_on=ON - timedelta(days=20), due_on=due,
            article="系统设定", dropped_on=dropped_on,
        )  # fmt: skip
    found = overdue(make.region("539901").path, ON)
    assert [one.kind for one in found] == [DeadlineKind.SERVE]
