"""No imprecise date, old paper or earlier round is a way round a period of the law."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from cases.contacts.recording import record_contact
from cases.enums.records import CourtAct, DeadlineKind, PaperKind
from cases.enums.states import ContactWay, EventKind, Met, Step
from cases.fuzzy_dates import FuzzyDate
from cases.ladder import steps
from cases.lifecycle import restart
from cases.models import Case, Contact, Paper
from cases.papers.recording import record_paper
from cases.returns.returning import record_return
from regions.clock import today
from regions.refusals import Refused
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.ladder_acts import (
    a_clause,
    advanced,
    ago,
    at,
    criticised,
    on,
    ordered,
    persuaded,
    recorded,
    served,
)

pytestmark = pytest.mark.django_db
UNKNOWN, ABOUT_TODAY = FuzzyDate.unknown(), FuzzyDate.about(ON)


@pytest.fixture(autouse=True)
def pinned_day(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def world():
    return county()


@pytest.fixture
def case(world):
    return case_of(world.student, on=ago(60))


def an_order(case, world, issued, service):
    persuaded(case, world, 50)
    advanced(case, world, Step.ORDER, on(45))
    served(recorded(case, world, PaperKind.ORDER, issued, days=7), world, service)
    a_clause("乡镇人民政府")


@pytest.mark.parametrize("act", [on(0), UNKNOWN, ABOUT_TODAY, FuzzyDate.not_later(ON)])
@pytest.mark.parametrize("service", [on(0), UNKNOWN, ABOUT_TODAY, FuzzyDate.not_later(ON)])
def test_an_order_of_today_has_not_lapsed_however_it_is_dated(world, case, act, service):
    an_order(case, world, on(0), service)
    with pytest.raises(Refused, match="期限还没有届满，2026年11月27日起可以"):
        advanced(case, world, Step.PENALTY, act)


@pytest.mark.parametrize("act", [on(0), UNKNOWN])
@pytest.mark.parametrize(
    "service", [UNKNOWN, FuzzyDate.about(ago(20)), FuzzyDate.not_later(ago(1))]
)
def test_an_old_order_of_an_unsure_service_is_judged_by_the_earliest_day(world, case, act, service):
    """The control: brought along from paper, it lets the ladder go on."""
    an_order(case, world, on(30), service)
    event = advanced(case, world, Step.PENALTY, act)
    assert event.details.get("undated", False) is (UNKNOWN in (act, service))


def test_an_order_without_its_days_is_judged_by_the_fewest(world, case):
    persuaded(case, world, 50)
    advanced(case, world, Step.ORDER, on(45))
    served(recorded(case, world, PaperKind.ORDER, on(2)), world, on(2))
    a_clause("乡镇人民政府")
    with pytest.raises(Refused, match="2026年11月21日起可以"):
        advanced(case, world, Step.PENALTY, UNKNOWN)


def a_penalty(case, world, days: int, clause):
    return served(
        recorded(case, world, PaperKind.PENALTY, on(days), fine=500, legal_basis=clause),
        world, on(days),
    )  # fmt: skip


@pytest.fixture
def decided(world):
    """A case of two years whose penalty was served 210 days ago."""
    case = case_of(world.student, on=ago(700))
    ordered(case, world, 500)
    clause = a_clause("乡镇人民政府")
    advanced(case, world, Step.PENALTY, on(400))
    a_penalty(case, world, 210, clause)
    return case


def test_a_demand_older_than_the_decision_demands_nothing(world, decided):
    served(recorded(decided, world, PaperKind.DEMAND, on(390)), world, on(390))
    with pytest.raises(Refused, match="催告书送达未满"):
        advanced(decided, world, Step.ENFORCE, on(0))


@pytest.mark.parametrize("service", [ABOUT_TODAY, UNKNOWN])
def test_a_demand_of_about_today_is_not_over(world, decided, service):
    served(recorded(decided, world, PaperKind.DEMAND, on(0)), world, service)
    with pytest.raises(Refused, match="催告书送达未满 10 个工作日，2026年12月"):
        advanced(decided, world, Step.ENFORCE, UNKNOWN)


def test_a_demand_after_the_decision_is_the_one_that_counts(world, decided):
    served(recorded(decided, world, PaperKind.DEMAND, on(20)), world, on(20))
    assert advanced(decided, world, Step.ENFORCE, on(0)).step == Step.ENFORCE


def test_what_was_done_before_the_child_left_is_no_evidence(world, case):
    Case.objects.filter(pk=case.pk).update(left_from=ago(61), left_to=ago(61))
    persuaded(case, world, 62)
    with pytest.raises(Refused, match="还没有联系监护人"):
        advanced(case, world, Step.ORDER, on(0))
    persuaded(case, world, 60)
    assert advanced(case, world, Step.ORDER, on(0)).step == Step.ORDER


def again(case) -> Case:
    """The child came back twenty days ago and dropped out again five days ago."""
    Case.objects.filter(pk=case.pk).update(left_from=None, left_to=None)
    fresh = Case.objects.get(pk=case.pk)
    record_return(
        fresh.uid,
        on=today(),
        by=fresh.events.first().by or BY[0],
        returned=ago(20),
        version=at(case),
    )
    fresh.refresh_from_db()
    fresh.round += 1
    restart(fresh, ago(5))
    return fresh


def visited(world, child, day: date) -> Contact:
    return record_contact(
        child, way=ContactWay.VISIT, on=today(), contacted_on=day, met=Met.NOBODY, note="门锁着", by=world.officer,
        client_key=uuid4(),
    )  # fmt: skip


def test_an_old_case_is_told_of_from_its_start_and_a_new_one_is_not(world):
    old = case_of(world.student, on=date(2018, 3, 1))
    assert visited(world, world.student, date(2018, 3, 5)).case == old
    with pytest.raises(Refused, match="请核对年份：2016-03-05 太早，最早 2018-03-01"):
        visited(world, world.student, date(2016, 3, 5))
    home = {"residence_region": world.village, "residence_path": world.village.path}
    fresh = make.pupil(world.school_class, "玉叫", **home)
    case_of(fresh, on=ago(5))
    with pytest.raises(Refused, match="请核对年份：2018-03-05 太早，最早 2023-09-01"):
        visited(world, fresh, date(2018, 3, 5))


def test_the_page_of_an_act_knows_when_its_case_began(world, client):
    case = case_of(world.student, on=date(2018, 3, 1))
    client.force_login(world.officer)
    told = {"version": at(case), "note": "对父亲进行批评教育", "happened_1": "day"}
    page = reverse("cases:criticise", args=[case.uid])
    refused = client.post(page, told | {"happened_0": "2017-03-05"})
    assert "请核对年份：2017-03-05 太早" in refused.content.decode()
    assert client.post(page, told | {"happened_0": "2018-03-05"}).status_code == 302


BY: list = []


def test_a_spent_order_does_not_come_back_under_another_entry(world, case):
    BY[:] = [world.office]
    ordered(case, world)
    fresh = again(case)
    criticised(fresh, world, 4)
    steps.record_persuasion(
        fresh.uid,
        on=today(),
        by=world.officer,
        happened=on(4),
        version=at(case),
        note="再次上门劝返",
    )
    advanced(fresh, world, Step.ORDER, on(3))
    clause = a_clause("乡镇人民政府")
    old = {"issued": on(45), "addressee": world.guardian, "days": 7}
    with pytest.raises(Refused, match="早于进入第二步"):
        record_paper(
            fresh.uid,
            PaperKind.ORDER,
            on=today(),
            by=world.officer,
            version=at(case),
            number="旧1",
            **old,
        )
    Paper.objects.filter(kind=PaperKind.ORDER).update(round=1)
    with pytest.raises(Refused, match="还没有送达父母"):
        advanced(fresh, world, Step.PENALTY, on(0))
    assert clause.allows_fine


def test_a_court_goes_on_after_the_child_came_back_and_left_again(world, case):
    BY[:] = [world.office]
    ordered(case, world)
    recorded(case, world, PaperKind.LEGAL_OPINION, on(30))
    steps.ask_skip(
        case.uid, Step.PENALTY, by=world.officer, on=ago(29), version=at(case), reason="没有依据"
    )
    steps.decide_skip(
        case.uid, Step.PENALTY, by=world.county_office, on=ago(29), version=at(case),
        granted=True, opinion="",
    )  # fmt: skip
    advanced(case, world, Step.SUE, on(28))
    fresh = again(case)
    told = {"by": world.officer, "happened": on(1), "version": at(case)}
    event = steps.record_court(fresh.uid, CourtAct.JUDGMENT, on=today(), **told)
    assert (event.step, event.kind) == (Step.SUE, EventKind.COURT)
    with pytest.raises(Refused, match="不属于第四步（提起诉讼）"):
        steps.record_court(fresh.uid, CourtAct.RULING, on=today(), **(told | {"version": at(case)}))


def test_the_window_to_apply_closes_when_the_child_is_back(world, decided):
    standing = decided.deadlines.standing().filter(kind=DeadlineKind.COURT_WINDOW)
    assert standing.exists()
    record_return(
        decided.uid, on=today(), by=world.office, returned=date(2026, 11, 18), version=at(decided)
    )
    assert not standing.exists()
