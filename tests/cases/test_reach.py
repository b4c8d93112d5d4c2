"""The reach of a case goes where the child goes, and its duties where somebody sees them."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.job_runs import run_claimed
from attendance.enums import Mark
from cases.contacts.named_people import Named, name_people
from cases.enums.records import DeadlineKind, PostKey
from cases.enums.states import AccessKind, CaseState, EventKind, Step
from cases.escalation import escalations, nightly
from cases.fuzzy_dates import FuzzyDate
from cases.intake import assignment
from cases.ladder import steps
from cases.models import Case, CaseAccess, Escalation
from cases.returns.returning import record_return
from regions.clock import today
from regions.refusals import Refused
from students import enrolments
from students.enums import Began
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.ladder_acts import at, criticised
from tests.cases.page_reader import due, visit
from tests.cases.paper_acts import issue
from tests.cases.returned_child import school_beside

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def night(here, on=ON) -> None:
    run_claimed(
        "escalate", here.region.path, on, lambda held: nightly.escalate(on, here.region, held),
        again=True,
    )  # fmt: skip


def reach(case, kind: AccessKind) -> list[str]:
    return list(case.access_rows.filter(kind=kind, until=None).values_list("path", flat=True))


def sees(user, case) -> bool:
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def test_a_child_that_changes_school_takes_its_case_along(here):
    case = case_of(here.student)
    into, office = school_beside(here)
    enrolments.place(here.student, into, began=ON, how=Began.TRANSFER_IN, by=here.bureau)
    assert not sees(office, case)
    night(here)
    assert reach(case, AccessKind.SCHOOL) == [into.path] and sees(office, case)
    assert not sees(here.office, case)
    assert "学籍变动，学校由学校0001变为青山中学" in case.events.last().note
    before = case.events.count()
    night(here)
    assert case.events.count() == before and case.access_rows.count() == 4


def test_a_change_of_class_moves_the_row_and_tells_nothing(here):
    case = case_of(here.student)
    beside = make.school_class(here.school_class.school, number=2)
    enrolments.place(here.student, beside, began=ON, how=Began.CLASS_CHANGE, by=here.office)
    before = case.events.count()
    night(here)
    assert reach(case, AccessKind.SCHOOL) == [beside.path]
    assert case.events.count() == before


def test_a_new_address_and_a_hand_over_move_the_village_and_free_the_cadre(here):
    case = case_of(here.student)
    cadre = {PostKey.TOWNSHIP_CADRE: Named("李雯", "白水镇")}
    name_people(here.student.uid, cadre, by=here.officer, on=ON)
    village = make.region("539901002001")
    new = make.user(Role.VILLAGE, village)
    here.student.residence_region, here.student.residence_path = village, village.path
    here.student.save(update_fields=["residence_region", "residence_path"])
    assignment.hand_over(
        case.uid, here.other, by=here.officer, on=ON, version=at(case), reason="已迁居邻乡"
    )
    assert reach(case, AccessKind.VILLAGE) == [village.path]
    assert sees(new, case) and not CaseAccess.objects.filter(
        case=case, path=here.village.path, until=None
    )
    assert not here.student.charges.filter(until=None).exists()


def test_what_rose_goes_to_the_township_that_now_answers(here):
    case = case_of(here.student)
    due(case, ON - timedelta(days=2), who=Role.VILLAGE)
    night(here)
    assert Escalation.objects.get().path == here.township.path
    assignment.hand_over(
        case.uid, here.other, by=here.officer, on=ON, version=at(case), reason="已迁居邻乡"
    )
    night(here)
    assert Escalation.objects.get(kind=escalations.DEADLINE).path == here.other.path


def test_the_second_step_asks_for_its_order_until_it_is_issued(here):
    case = case_of(here.student, on=ON - timedelta(days=9))
    visit(case, here.officer)
    criticised(case, here, 0)
    steps.advance(
        case.uid,
        Step.ORDER,
        on=today(),
        by=here.officer,
        happened=FuzzyDate.on(ON),
        version=at(case),
    )
    asked = case.deadlines.standing().get(kind=DeadlineKind.ISSUE)
    assert (asked.who, asked.due_on, asked.label) == (
        Role.TOWNSHIP, ON + timedelta(days=5), "制发责令限期改正通知书",
    )  # fmt: skip
    issue(here, case)
    asked.refresh_from_db()
    assert asked.met_on == ON


def test_criticism_is_a_contact_of_the_family(here):
    case = case_of(here.student, on=ON - timedelta(days=9))
    due(case, ON - timedelta(days=1), DeadlineKind.PROMISE)
    due_again = case.deadlines.get()
    criticised(case, here, 0)
    due_again.refresh_from_db()
    assert due_again.met_on == ON
    assert case.deadlines.standing().get().kind == DeadlineKind.CONTACT


def test_a_request_to_skip_is_the_county_offices_duty_and_not_its_askers(here):
    case = case_of(here.student)
    both = make.user(Role.TOWNSHIP, here.township)
    make.seat(both, Role.COUNTY_OFFICE, here.region)
    steps.ask_skip(case.uid, Step.PENALTY, by=both, on=ON, version=at(case), reason="没有依据")
    duty = case.deadlines.standing().get(kind=DeadlineKind.DECIDE_SKIP)
    assert duty.who == Role.COUNTY_OFFICE
    told = {"on": ON, "granted": True, "opinion": ""}
    with pytest.raises(Refused, match="不能是同一个人"):
        steps.decide_skip(case.uid, Step.PENALTY, by=both, version=at(case), **told)
    steps.decide_skip(case.uid, Step.PENALTY, by=here.county_office, version=at(case), **told)
    duty.refresh_from_db()
    assert duty.met_on == ON


def test_a_return_on_a_day_the_register_says_otherwise_is_refused(here):
    case = case_of(here.student)
    make.take(here.school_class, ON, here.teacher, **{here.student.uid: Mark.ABSENT})
    with pytest.raises(Refused, match="考勤记11月19日未到"):
        record_return(case.uid, on=today(), by=here.office, returned=ON, version=at(case))
    make.take(here.school_class, ON, here.office, version=1, reason="记错了人")
    record_return(case.uid, on=today(), by=here.office, returned=ON, version=at(case))
    assert Case.objects.get(pk=case.pk).state == CaseState.RETURNED
    assert case.events.filter(kind=EventKind.RETURNED).count() == 1


def test_no_child_came_back_before_it_was_born(here):
    case = case_of(here.student)
    for day in (FuzzyDate.month(1206, 11), FuzzyDate.not_later(ON.replace(year=2012))):
        with pytest.raises(Refused, match="请核对年份"):
            record_return(case.uid, on=today(), by=here.office, returned=day, version=at(case))
