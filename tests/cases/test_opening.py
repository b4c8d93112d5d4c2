"""A finding opens one case; the owner is where the guardians live; history begins."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.versions import Conflict
from cases.contacts.notes import note
from cases.enums.records import DeadlineKind
from cases.enums.states import AccessKind, CaseState, EventKind, Step
from cases.models import Case
from regions.refusals import Refused
from students.enums import FindingState
from students.models import Finding
from tests import factories as make
from tests.cases.case_county import ON, case_of, county

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def test_a_finding_opens_one_case_with_number_owner_and_first_deadlines(here):
    case = case_of(here.student, by=here.office)
    assert (case.state, case.step, case.number) == (
        CaseState.VERIFYING,
        Step.PERSUADE,
        "地区539901控档〔2026〕1号",
    )
    assert case.access_rows.get(kind=AccessKind.OWNER).path == here.township.path
    assert case.access_rows.get(kind=AccessKind.VILLAGE).path == here.village.path
    assert case.access_rows.get(kind=AccessKind.SCHOOL).path == here.school_class.path
    assert case.events.get().kind == EventKind.OPENED
    assert dict(case.deadlines.values_list("kind", "due_on")) == {
        DeadlineKind.VERIFY: date(2026, 11, 20),
        DeadlineKind.SCHOOL_REPORT: date(2026, 11, 20),
    }
    here.student.refresh_from_db()
    assert here.student.case_since == ON


def test_a_second_finding_is_taken_up_by_the_open_case(here):
    first = case_of(here.student)
    assert case_of(here.student, note="again") == first
    assert set(Finding.objects.values_list("state", flat=True)) == {FindingState.TAKEN_UP}


def test_a_child_whose_case_is_closed_gets_a_new_one_that_names_it(here):
    first = case_of(here.student)
    Case.objects.filter(pk=first.pk).update(state=CaseState.CLOSED, closed_on=ON)
    second = case_of(here.student, note="again")
    assert (second.previous, second.serial) == (first, 2)


def test_the_database_holds_one_open_case_per_child(here):
    case = case_of(here.student)
    case.pk, case.uid, case.serial = None, "another", 99
    with pytest.raises(IntegrityError), transaction.atomic():
        case.save(force_insert=True)


@pytest.mark.parametrize(
    ("residence", "household", "owner", "assign"),
    [
        ("539901001001", "539901002001", "539901001", False),
        ("539902001001", "539901002001", "539901002", False),
        ("", "539901002", "539901002", False),
        ("", "", "539901001", True),
        ("", "539902001001", "539901001", True),
    ],
)
def test_the_owner_is_residence_then_household_then_the_schools_township(
    here, residence, household, owner, assign
):
    make.region("539902001001")
    child = here.student
    for name, code in (("residence", residence), ("household", household)):
        region = make.region(code) if code else None
        setattr(child, f"{name}_region", region)
        setattr(child, f"{name}_path", region.path if region else "")
    child.save()
    case = case_of(child)
    assert case.access_rows.get(kind=AccessKind.OWNER).path == make.region(owner).path
    assert case.to_assign is assign


def test_who_reaches_a_case(here):
    case = case_of(here.student)
    seen = lambda user: case in Case.objects.visible_to(user)  # noqa: E731
    assert all(
        seen(user)
        for user in (
            here.officer,
            here.bureau,
            here.county_office,
            here.office,
            here.teacher,
            here.cadre,
        )
    )
    assert not seen(here.neighbour)
    assert not seen(make.user(Role.COURT, here.region))
    assert not seen(make.user(Role.TEACHER, make.school_class(here.school_class.school, number=2)))
    assert not seen(make.user(Role.SYSTEM_ADMIN))


def test_a_stale_version_loses_and_nothing_is_written(here):
    case = case_of(here.student)
    note(case.uid, by=here.officer, on=ON, version=case.version, said="家长在外地")
    with pytest.raises(Conflict, match="李雯"):
        note(case.uid, by=here.bureau, on=ON, version=case.version, said="同时写")
    assert case.events.count() == 2


def test_reading_gives_no_right_to_act(here):
    case = case_of(here.student)
    row = case.access_rows.get(kind=AccessKind.OWNER)
    row.kind = AccessKind.FORMER
    row.save()
    with pytest.raises(Refused, match="只能查看"):
        note(case.uid, by=here.officer, on=ON, version=case.version, said="我还想写")
    with pytest.raises(Case.DoesNotExist):
        note(case.uid, by=here.neighbour, on=ON, version=case.version, said="邻乡")


def test_a_child_nobody_can_place_is_refused(here):
    nowhere = make.pupil(here.school_class, "无校")
    nowhere.enrolments.all().delete()
    nowhere.school_path = ""
    nowhere.save()
    with pytest.raises(Refused, match="无法确定"):
        case_of(nowhere)
    assert not Finding.objects.filter(student=nowhere, state=FindingState.TAKEN_UP).exists()
