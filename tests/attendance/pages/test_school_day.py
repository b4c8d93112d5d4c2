"""The day of a school: what it says of other days carries its year where that is another one."""

from datetime import date, time

import pytest

from accounts.enums import Role
from attendance.enums import AlertEventKind, AlertState
from attendance.models import AbsenceAlert, AlertEvent, Register
from attendance.overview import school_day
from regions.clock import at
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
