"""A step left out, the fourth step's two branches, and the court."""

import json
from datetime import date, timedelta

import pytest

from accounts.enums import Role
from accounts.places.calendars import import_policies
from accounts.seats.granting import Term, grant
from accounts.versions import Conflict
from cases.enums.records import CourtAct, DeadlineKind, PaperKind
from cases.enums.states import EventKind, Step
from cases.ladder import steps
from cases.ladder.facts import enforceable, facts_of
from cases.law.conditions import Enforceable
from cases.models import Case, Skip
from cases.papers.recording import record_paper
from regions.clock import today
from regions.models import Policy
from regions.refusals import Refused
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.ladder_acts import (
    advanced,
    ago,
    at,
    events_of,
    on,
    ordered,
    persuaded,
    recorded,
    served,
    skipped,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pinned_day(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def world():
    return county()


@pytest.fixture
def case(world):
    return case_of(world.student, on=ago(60))


def test_a_step_left_out_takes_a_reason_and_the_county_offices_word(world, case):
    ordered(case, world)
    recorded(case, world, PaperKind.LEGAL_OPINION, on(12))
    with pytest.raises(Refused, match="还没有办第三步（行政处罚）；要跳过"):
        advanced(case, world, Step.SUE, on(1))
    with pytest.raises(Refused, match="写明跳过的理由"):
        steps.ask_skip(
            case.uid, Step.PENALTY, by=world.officer, on=ON, version=at(case), reason=" 急 "
        )
    skipped(case, world, Step.PENALTY, granted=False)
    with pytest.raises(Refused, match="还没有办第三步"):
        advanced(case, world, Step.SUE, on(1))
    skipped(case, world, Step.PENALTY)
    event = advanced(case, world, Step.SUE, on(1))
    assert event.details == {"from": "order", "left_out": ["penalty"]}
    kinds = [e.kind for e in case.events.filter(kind__startswith="skip")]
    assert kinds == ["skip_asked", "skip_refused", "skip_asked", "skip_granted"]


def test_who_asks_does_not_decide(world, case):
    steps.ask_skip(
        case.uid, Step.ORDER, by=world.officer, on=ON, version=at(case), reason="家长外出无法送达"
    )
    for who in (world.officer, world.bureau, world.office):
        with pytest.raises(Refused, match="县控辍保学专班审批"):
            steps.decide_skip(
                case.uid, Step.ORDER, by=who, on=ON, version=at(case), granted=True, opinion=""
            )
    with pytest.raises(Refused, match="责任乡镇或县教育体育局申请"):
        steps.ask_skip(
            case.uid,
            Step.PENALTY,
            by=world.county_office,
            on=ON,
            version=at(case),
            reason="没有依据可罚",
        )


def test_nor_does_who_gave_the_seat_of_who_asks(world, case):
    term = Term(Role.TOWNSHIP, world.township, ON)
    asker = grant("zg2", term, name="赵敏", by=world.county_office, on=ON).seat.user
    reason = "家长外出无法送达"
    steps.ask_skip(case.uid, Step.ORDER, by=asker, on=ON, version=at(case), reason=reason)
    answer = {"on": ON, "granted": True, "opinion": ""}
    with pytest.raises(Refused, match="刀文华办过赵敏的账号或任职"):
        steps.decide_skip(case.uid, Step.ORDER, by=world.county_office, version=at(case), **answer)
    beside = make.user(Role.COUNTY_OFFICE, world.region)
    skip = steps.decide_skip(case.uid, Step.ORDER, by=beside, version=at(case), **answer)
    assert skip.granted and skip.decided_by == beside


def test_one_request_stands_at_a_time_and_only_for_a_step_that_may_be_left_out(world, case):
    ask = {"by": world.officer, "on": ON, "reason": "家长外出无法送达"}
    steps.ask_skip(case.uid, Step.ORDER, version=at(case), **ask)
    with pytest.raises(Refused, match="已经申请过"):
        steps.ask_skip(case.uid, Step.ORDER, version=at(case), **ask)
    for step in (Step.PERSUADE, Step.SUE, Step.ENFORCE):
        with pytest.raises(Refused, match="不能跳过"):
            steps.ask_skip(case.uid, step, version=at(case), **ask)
    with pytest.raises(Refused, match="没有等待审批的申请"):
        steps.decide_skip(
            case.uid,
            Step.PENALTY,
            by=world.county_office,
            on=ON,
            version=at(case),
            granted=True,
            opinion="",
        )
    assert Skip.objects.count() == 1


def test_a_step_that_was_entered_is_not_left_out(world, case):
    ordered(case, world)
    with pytest.raises(Refused, match="已经办过"):
        steps.ask_skip(
            case.uid,
            Step.ORDER,
            by=world.officer,
            on=ON,
            version=at(case),
            reason="家长外出无法送达",
        )


def test_a_return_promised_in_court_is_a_due_date_of_the_township(world, case):
    persuaded(case, world)
    skipped(case, world, Step.ORDER)
    skipped(case, world, Step.PENALTY)
    record_paper(
        case.uid,
        PaperKind.LEGAL_OPINION,
        on=today(),
        by=world.officer,
        version=at(case),
        number="",
        issued=on(9),
    )
    advanced(case, world, Step.SUE, on(5))
    told = {
        "by": world.officer,
        "on": today(),
        "happened": on(1),
        "promised_on": ON + timedelta(3),
    }
    with pytest.raises(Conflict):
        steps.record_court(case.uid, CourtAct.MEDIATION, version=1, **told)
    assert not events_of(case, EventKind.COURT)
    steps.record_court(case.uid, CourtAct.MEDIATION, version=at(case), **told)
    promise = case.deadlines.get(kind=DeadlineKind.PROMISE)
    assert (promise.due_on, promise.who) == (ON + timedelta(3), Role.TOWNSHIP)


def test_the_court_has_its_own_acts_on_each_branch(world, case):
    with pytest.raises(Refused, match="还没有进入第四步"):
        steps.record_court(
            case.uid,
            CourtAct.HEARING,
            on=today(),
            by=world.officer,
            happened=on(1),
            version=at(case),
        )
    Case.objects.update(step=Step.SUE)
    with pytest.raises(Refused, match="不属于第四步（提起诉讼）"):
        steps.record_court(
            case.uid,
            CourtAct.RULING,
            on=today(),
            by=world.officer,
            happened=on(1),
            version=at(case),
        )
    Case.objects.update(step=Step.ENFORCE)
    event = steps.record_court(
        case.uid,
        CourtAct.DETENTION,
        on=today(),
        by=world.bureau,
        happened=on(1),
        version=at(case),
        details={"days": 15},
    )
    assert event.details == {"days": 15, "act": "detention"}
    with pytest.raises(Refused, match="责任乡镇或县教育体育局登记"):
        steps.record_court(
            case.uid, CourtAct.CLOSED, on=today(), by=world.office, happened=on(1), version=at(case)
        )


def enforceable_case(case, world, *, policy: bool) -> None:
    """An order of 300 days ago that nobody appealed, and a demand; the court takes orders or not."""
    Case.objects.update(opened_on=ago(320))
    ordered(case, world, days=230)
    skipped(case, world, Step.PENALTY, days=40)
    demand = recorded(case, world, PaperKind.DEMAND, on(30))
    served(demand, world, on(30))
    if policy:
        Policy.objects.create(
            region=world.region,
            key="enforceable",
            value="责令改正",
            since=date(2025, 1, 1),
            source="县法院复函",
        )


def test_enforcement_of_an_order_only_where_the_court_takes_orders(world, case):
    enforceable_case(case, world, policy=False)
    with pytest.raises(Refused, match="没有已送达、法院认可可执行的决定（本县：处罚决定"):
        advanced(case, world, Step.ENFORCE, on(1))


def test_enforcement_of_an_order_the_court_takes(world, case):
    enforceable_case(case, world, policy=True)
    facts = facts_of(Case.objects.get(), ON)
    assert facts.enforceable is Enforceable.ORDER
    assert facts.decision.appeals_until < ago(40) < ON < facts.decision.window_until
    with pytest.raises(Refused, match="未满 10 个工作日"):
        advanced(case, world, Step.ENFORCE, on(20))
    with pytest.raises(Refused, match="提起诉讼的期限还没有过"):
        advanced(case, world, Step.ENFORCE, on(60))
    event = advanced(case, world, Step.ENFORCE, on(1))
    assert event.details == {"from": "order", "left_out": ["penalty"]}


@pytest.mark.parametrize(("value", "taken"), [("责令改正", True), ("处罚决定", True), ("7", False)])
def test_the_county_enters_what_its_court_takes_with_the_courts_letter(world, value, taken):
    row = {
        "scope": "539901",
        "key": "enforceable",
        "value": value,
        "from": "2026-01-01",
        "source": "县法院复函",
    }
    content = json.dumps([row]).encode()
    if taken:
        import_policies(content, by=world.bureau, on=ON)
        assert enforceable(world.region.path, ON).value == value
    else:
        with pytest.raises(Refused, match="看不懂"):
            import_policies(content, by=world.bureau, on=ON)


def test_where_no_letter_is_entered_only_a_penalty_is_enforced(world):
    assert enforceable(world.region.path, ON) is Enforceable.PENALTY
