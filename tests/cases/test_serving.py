"""Service: its way, its facts and its day, and the periods it starts over the real calendar."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Attachment
from cases.enums.records import DeadlineKind, PaperKind, ServiceMode
from cases.enums.states import CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.intake import assignment
from cases.models import Case, Paper, Service
from cases.papers import issuing
from regions.models import LegalBasis
from regions.refusals import Refused
from students.models import Guardian
from tests.cases.case_county import county
from tests.cases.paper_acts import (
    SERVED,
    TODAY,
    issue,
    local_law,
    ordered,
    record,
    serve,
    standing,
    stands_at,
)

pytestmark = pytest.mark.django_db
NOWHERE = "全家外出，邻居、村委会都不知去向"


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = TODAY
    return county()


@pytest.fixture
def case(here):
    return ordered(here)


def test_service_starts_the_periods_of_an_order_and_meets_the_duty_to_serve(here, case):
    paper = issue(here, case, on=date(2026, 11, 11))
    serve(here, paper, served=FuzzyDate.on(SERVED), place="芒回村", servers="李雯、岩布勒")
    found = standing(case)
    assert found[DeadlineKind.ORDER] == date(2026, 11, 19)
    assert found[DeadlineKind.REVIEW] == date(2027, 1, 11)
    assert found[DeadlineKind.SUIT] == date(2027, 5, 12)
    assert DeadlineKind.SERVE not in found
    assert case.deadlines.get(kind=DeadlineKind.SERVE).met_on == SERVED
    order = case.deadlines.get(kind=DeadlineKind.ORDER)
    assert (order.who, order.starts_on) == (Role.TOWNSHIP, SERVED)
    assert case.deadlines.get(kind=DeadlineKind.SUIT).who == ""


def test_each_parent_has_periods_of_their_own(here, case):
    mother = Guardian.objects.create(student=here.student, name="玉喃", order=2)
    first, second = issue(here, case), issue(here, case, addressee=mother)
    serve(here, first)
    serve(here, second)
    assert case.deadlines.standing().filter(kind=DeadlineKind.ORDER).count() == 2


@pytest.mark.parametrize(
    ("served", "sentence"),
    [
        (FuzzyDate.on(date(2026, 11, 17)), "早于制发日期"),
        (FuzzyDate.on(date(2026, 11, 20)), "还没有到"),
        (FuzzyDate.month(2026, 10), "早于制发日期"),
        (FuzzyDate.month(2026, 12), "还没有到"),
        (FuzzyDate.not_later(date(2026, 11, 17)), "早于制发日期"),
    ],
)
def test_service_lies_between_issue_and_today(here, case, served, sentence):
    paper = issue(here, case, on=date(2026, 11, 18))
    with pytest.raises(Refused, match=sentence):
        serve(here, paper, served=served)
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    "served", [FuzzyDate.unknown(), FuzzyDate.month(2026, 11), FuzzyDate.about(TODAY)]
)
def test_a_day_nobody_knows_starts_no_period_and_says_so(here, case, served):
    paper = issue(here, case, on=date(2026, 11, 11))
    service = serve(here, paper, served=served)
    assert service.effective_on is None
    assert set(standing(case)) == {DeadlineKind.VERIFY, DeadlineKind.SCHOOL_REPORT}
    assert "不计算期限" in case.events.get(kind=EventKind.SERVED).note
    exact = serve(here, paper, served=FuzzyDate.on(SERVED))
    assert exact.effective_on == SERVED and standing(case)[DeadlineKind.ORDER] == TODAY


def test_public_notice_takes_effect_after_thirty_days(here, case):
    paper = issue(here, case)
    service = serve(here, paper, mode=ServiceMode.PUBLIC, recipient="", note=NOWHERE)
    assert service.effective_on == date(2026, 12, 19)
    found = standing(case)
    assert found[DeadlineKind.PUBLIC_NOTICE] == date(2026, 12, 19)
    assert found[DeadlineKind.ORDER] == date(2026, 12, 26)
    event = case.events.get(kind=EventKind.SERVED)
    assert "2026年12月19日视为送达" in event.note and "第95条" in event.policy


def test_handing_it_over_after_all_overtakes_a_public_notice(here, case, settings):
    paper = issue(here, case)
    serve(here, paper, mode=ServiceMode.PUBLIC, recipient="", note=NOWHERE)
    settings.KONGCHUO_TODAY = date(2026, 11, 26)
    serve(here, paper, served=FuzzyDate.on(date(2026, 11, 25)))
    found = standing(case)
    assert found[DeadlineKind.ORDER] == date(2026, 12, 2)
    assert DeadlineKind.PUBLIC_NOTICE not in found


@pytest.mark.parametrize(
    ("mode", "more", "sentence"),
    [
        (ServiceMode.LEFT, {"refusal": "不开门"}, "见证人"),
        (ServiceMode.LEFT, {"witness": "岩布勒"}, "拒收事由"),
        (ServiceMode.FAMILY, {}, "关系"),
        (ServiceMode.DIRECT, {"recipient": " "}, "签收人"),
        (ServiceMode.DIRECT, {"servers": "张三"}, "送达人要写两人"),
        (ServiceMode.PUBLIC, {"recipient": "", "note": " "}, "其他方式为什么无法送达"),
    ],
)
def test_each_way_of_service_asks_for_its_facts(here, case, mode, more, sentence):
    with pytest.raises(Refused, match=sentence):
        serve(here, issue(here, case), mode=mode, **more)


def test_the_database_too_wants_a_witness_for_what_was_left(here, case):
    paper = issue(here, case)
    with pytest.raises(IntegrityError, match="left_service_has_witness"), transaction.atomic():
        Service.objects.create(paper=paper, mode=ServiceMode.LEFT, precision="day")


def test_a_paper_is_served_once(here, case):
    paper = issue(here, case)
    serve(here, paper)
    for served in (FuzzyDate.on(TODAY), FuzzyDate.unknown()):
        with pytest.raises(Refused, match="已经送达"):
            serve(here, paper, served=served)


def test_two_servers_may_be_written_in_any_way(here, case):
    for number, servers in enumerate(("李雯、周勇", "李雯 周勇", "李雯，周勇", "")):
        mother = Guardian.objects.create(student=here.student, name=f"母{number}", order=9 + number)
        paper = issue(here, case, addressee=mother)
        assert serve(here, paper, servers=servers).servers == servers


def test_the_township_that_took_the_case_over_serves_what_stands(here, case):
    """A hand-over leaves no paper that nobody may serve; to void it is still the issuer's."""
    paper = issue(here, case)
    case.refresh_from_db()
    assignment.hand_over(
        case.uid, here.other, by=here.officer, on=TODAY, version=case.version, reason="已迁居"
        "邻乡",
    )  # fmt: skip
    with pytest.raises(Refused, match="送达由制发单位登记"):
        serve(here, paper)
    case.refresh_from_db()
    with pytest.raises(Refused, match="文书由制发单位作废"):
        issuing.void(paper.uid, by=here.neighbour, on=TODAY, version=case.version, reason="有误")
    assert serve(here, paper, by=here.neighbour).effective_on == TODAY


def test_only_the_issuing_body_or_the_bureau_serves_and_voids(here, case):
    paper = issue(here, case, by=here.bureau)
    with pytest.raises(Refused, match="送达由制发单位登记"):
        serve(here, paper)
    case.refresh_from_db()
    with pytest.raises(Refused, match="文书由制发单位作废"):
        issuing.void(paper.uid, by=here.officer, on=TODAY, version=case.version, reason="有误")
    with pytest.raises(Paper.DoesNotExist):
        serve(here, paper, by=here.neighbour)
    assert serve(here, paper, by=here.bureau)


def test_a_paper_of_an_earlier_round_is_spent(here, case):
    paper = issue(here, case)
    Case.objects.filter(pk=case.pk).update(round=1)
    with pytest.raises(Refused, match="上一轮"):
        serve(here, paper)


def test_a_child_who_is_back_starts_no_period(here, case):
    paper = issue(here, case)
    Case.objects.filter(pk=case.pk).update(state=CaseState.RETURNED, returned_on=TODAY)
    assert serve(here, paper).effective_on == TODAY
    assert DeadlineKind.ORDER not in standing(case)
    assert "已返校" in case.events.get(kind=EventKind.SERVED).note


def test_the_scan_of_the_receipt_is_kept_beside_the_paper(here, case):
    paper = issue(here, case)
    serve(here, paper, file=SimpleUploadedFile("回证.pdf", b"%PDF-1.4 receipt"))
    assert Attachment.objects.get(kind="paper", uid=paper.uid).name == "回证.pdf"


def test_a_recorded_penalty_served_in_march_starts_the_worked_example(here, case):
    stands_at(case, Step.PENALTY)
    local_law(here)
    paper = record(
        here, case, PaperKind.PENALTY, fine=Decimal(1000), legal_basis=LegalBasis.objects.get()
    )
    serve(here, paper, served=FuzzyDate.on(date(2026, 3, 2)))
    assert standing(case) | {"verify": None, "school_report": None} == {
        "verify": None, "school_report": None,
        "fine": date(2026, 3, 17), "review": date(2026, 5, 6), "suit": date(2026, 9, 2),
        "court_window": date(2026, 12, 2),
    }  # fmt: skip


def test_a_recorded_demand_counts_working_days(here, case):
    paper = record(here, case, PaperKind.DEMAND, issued=FuzzyDate.on(date(2026, 11, 16)))
    assert standing(case)[DeadlineKind.SERVE] == date(2026, 11, 21)
    serve(here, paper, served=FuzzyDate.on(date(2026, 11, 17)))
    assert standing(case)[DeadlineKind.DEMAND] == date(2026, 12, 1)


def test_what_goes_to_the_court_is_not_served_on_guardians(here, case):
    stands_at(case, Step.SUE)
    paper = record(here, case, PaperKind.COMPLAINT, issued=FuzzyDate.on(TODAY))
    assert DeadlineKind.SERVE not in standing(case)
    with pytest.raises(Refused, match="不向监护人送达"):
        serve(here, paper)
