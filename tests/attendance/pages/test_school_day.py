"""The day of a school: what it says of other days carries its year where that is another one."""

from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from attendance.enums import AlertEventKind, AlertState, Mark
from attendance.models import AbsenceAlert, AlertEvent, Register
from attendance.no_class import ask_no_class
from attendance.overview import school_day
from regions.clock import at
from students.enums import AbsenceKind
from tests import factories as make

pytestmark = pytest.mark.django_db
ON = make.THURSDAY


@pytest.mark.parametrize(
    ("came", "said"), [(date(2026, 11, 20), "11-20"), (date(2027, 9, 2), "2027-09-02")]
)
def test_a_register_that_came_in_another_school_year_says_so(settings, came, said):
    settings.KONGCHUO_TODAY = ON
    make.term()
    of = make.school_class(make.school())
    make.pupil(of)
    make.take(of, ON, make.user(Role.OFFICE, of.school))
    Register.objects.update(received_at=at(came, time(8)))
    page = school_day(of.school, ON, make.place_rules())
    assert [tile.time for tile in page.tiles] == [said]


@pytest.mark.parametrize(
    ("spoken", "said"), [(date(2026, 11, 17), "11-17"), (date(2026, 5, 20), "2026-05-20")]
)
def test_a_contact_of_another_school_year_says_so(settings, spoken, said):
    settings.KONGCHUO_TODAY = ON
    make.term()
    of = make.school_class(make.school())
    child = make.pupil(of, listed_from=date(2026, 11, 1))
    office = make.user(Role.OFFICE, of.school, name="周教务")
    alert = AbsenceAlert.objects.create(
        student=child, path=of.path, state=AlertState.OPEN, opened_on=ON, as_of=ON, first=ON,
        last=ON, unexplained=3, grounds=["unexplained"],
        proof={"days": [], "threshold": 3, "teacher_days": 3},
    )  # fmt: skip
    AlertEvent.objects.create(
        alert=alert, kind=AlertEventKind.CONTACT, on=spoken, by=office, note="家长说在外地"
    )
    (row,) = school_day(of.school, ON, make.place_rules()).alerts
    assert row.second == f"周教务 {said} 家长说在外地"


def test_a_class_whose_closure_waits_counts_in_no_number_of_the_row(settings):
    """Its 3 out stood in 请假 and 未到, and not in 应到."""
    settings.KONGCHUO_TODAY = ON
    make.term()
    school = make.school()
    of, beside = make.school_class(school), make.school_class(school, number=2)
    here, there = make.pupils(of, 5), make.pupils(beside, 4)
    office = make.user(Role.OFFICE, school)
    marks = {here[0].uid: Mark.SICK, here[1].uid: Mark.ABSENT, here[2].uid: Mark.LATE}
    make.take(of, ON, office, **marks)
    out = {there[0].uid: Mark.SICK, there[1].uid: Mark.ABSENT, there[2].uid: Mark.LOST}
    make.take(beside, ON, office, **out)

    def row() -> tuple[int, ...]:
        page = school_day(school, ON, make.place_rules())
        return page.expected, page.present, page.on_leave, page.unexplained

    assert row() == (9, 4, 2, 3)
    ask_no_class(beside.pk, ON, "天气原因", by=office, at=at(ON, time(12)))
    assert row() == (5, 3, 1, 1)
    client = Client()
    client.force_login(office)
    said = client.get(reverse("attendance:school", args=[school.code, str(ON)])).text
    assert "1 个班停课待核</b>，不计入人数" in said and "3<small> / 5</small>" in said


def test_a_child_away_that_a_file_marks_all_the_same_leaves_the_sum(settings):
    settings.KONGCHUO_TODAY = ON
    make.term()
    of = make.school_class(make.school())
    one, two, _ = make.pupils(of, 3)
    office = make.user(Role.OFFICE, of.school)
    make.status(one, AbsenceKind.SUSPENDED, ON, ON)
    make.take(of, ON, office, **{one.uid: Mark.ABSENT, two.uid: Mark.PERSONAL})
    page = school_day(of.school, ON, make.place_rules())
    row = (page.expected, page.present, page.on_leave, page.unexplained)
    assert row == (2, 1, 1, 0)
