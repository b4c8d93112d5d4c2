"""A span is weighed day by day, by what the child was on each."""

from datetime import date

import pytest

from accounts.enums import Role
from attendance.authorised_absences import requests
from attendance.authorised_absences.weighing import weigh
from regions.enums import DayKind
from students.enums import AbsenceKind
from students.traits import keep_before, now_of
from tests import factories as make

pytestmark = pytest.mark.django_db


def nov(day: int) -> date:
    return date(2026, 11, day)


def test_days_of_a_span_are_weighed_by_what_the_child_was_or_is_on_each(settings):
    """Boarders have Wednesdays off: a boarder until 11-24, a day pupil since."""
    settings.KONGCHUO_TODAY = nov(27)
    make.term()
    of = make.school_class(make.school())
    child, teacher = make.pupil(of), make.user(Role.TEACHER, of)
    for day in (18, 25):
        make.calendar_row(
            DayKind.HOLIDAY, nov(day), place=make.region("539901"), boarders=True, reason="住校生放假",
            scope=f"b{day}",
        )  # fmt: skip
    child.boarder = True
    child.save()
    before = now_of(child)
    child.boarder = False
    child.save()
    asked = requests.ask(
        child, kind=AbsenceKind.SICK, first=nov(16), last=nov(27), reason="家长来校请假",
        proof="县医院诊断证明", by=teacher, on=nov(27),
    )  # fmt: skip
    assert weigh(asked, on=nov(27), proof=True).school_days == 10, "control: a day pupil all along"
    keep_before(child, before, on=nov(24))
    assert weigh(asked, on=nov(27), proof=True).school_days == 9
