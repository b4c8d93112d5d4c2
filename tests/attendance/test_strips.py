"""The strip of days says of each day what is known of it, and no more."""

from datetime import date

import pytest

from attendance.records import assess
from attendance.strips import strip_of
from regions.enums import DayKind
from tests import factories as make

pytestmark = pytest.mark.django_db
WED, THU = date(2026, 11, 18), make.THURSDAY


@pytest.mark.parametrize(("begun", "said"), [(THU, "学校还没有开始报考勤"), (WED, "未报考勤")])
def test_a_day_before_the_school_took_registers_was_no_closure(settings, begun, said):
    settings.KONGCHUO_TODAY = THU
    make.term()
    school = make.school()
    school.alerts_from = begun
    school.save()
    child = make.pupil(make.school_class(school))
    rules = make.place_rules()
    (day, _) = strip_of(assess([child.pk], THU, rules)[child.pk], rules.calendar, first=WED)
    assert day.spoken == f"18日，{said}"


def test_control_a_closure_is_called_one(settings):
    settings.KONGCHUO_TODAY = THU
    make.term()
    child = make.pupil(make.school_class(make.school()))
    make.calendar_row(DayKind.CLOSURE, WED, place=make.region("539901"))
    rules = make.place_rules()
    (day, _) = strip_of(assess([child.pk], THU, rules)[child.pk], rules.calendar, first=WED)
    assert day.spoken == "18日，学校停课"
