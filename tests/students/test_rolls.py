"""What proves the rolls: each promise broken by hand is told, and what is allowed is not."""

from datetime import date, timedelta

import pytest

from students.enrolments import roll_faults
from students.enums import AbsenceKind
from students.models import Enrolment, Student
from tests import factories as make

pytestmark = pytest.mark.django_db
MON, DAY = date(2026, 11, 23), timedelta(days=1)


@pytest.fixture
def child() -> Student:
    return make.pupil(make.school_class(make.school()), "岩香")


def test_whole_rolls_have_no_fault(child):
    make.status(child, AbsenceKind.SICK, MON, MON + 2 * DAY)
    make.status(child, AbsenceKind.SICK, MON + 3 * DAY, MON + 4 * DAY)
    assert list(roll_faults()) == []


@pytest.mark.parametrize("first", [MON, MON + 2 * DAY])
def test_explained_days_that_overlap_are_told(child, first):
    make.status(child, AbsenceKind.SICK, MON, MON + 2 * DAY)
    make.status(child, AbsenceKind.PERSONAL, first, MON + 9 * DAY)
    (said,) = roll_faults()
    assert said.startswith(f"{child.uid}：{first} 起的") and said.endswith("与前一段重叠")


def test_named_weekdays_may_lie_in_other_days(child):
    make.status(child, AbsenceKind.SUSPENDED, MON, MON + 30 * DAY)
    treated = make.status(child, AbsenceKind.TREATMENT, MON, MON + 30 * DAY)
    assert len(list(roll_faults())) == 1
    type(treated).objects.filter(pk=treated.pk).update(weekdays="135")
    assert list(roll_faults()) == []


def test_two_children_on_the_same_days_are_no_fault(child):
    other = make.pupil(child.enrolments.get().school_class, "玉罕")
    for one in (child, other):
        make.status(one, AbsenceKind.SICK, MON, MON + 2 * DAY)
    assert list(roll_faults()) == []


def test_the_class_a_child_is_said_to_be_in_is_the_one_it_sits_in(child):
    other = make.school_class(child.enrolments.get().school_class.school, number=2)
    Student.objects.filter(pk=child.pk).update(school_path=other.path)
    (said,) = roll_faults()
    assert said == f"{child.uid}：所在班级与在班记录不一致"


def test_spells_that_overlap_are_told(child):
    before = child.enrolments.get()
    Enrolment.objects.filter(pk=before.pk).update(ended=MON, how_ended="class_change")
    Enrolment.objects.create(
        student=child, school_class=before.school_class, began=MON - DAY, how="class_change"
    )
    (said,) = roll_faults()
    assert said == f"{child.uid}：{MON - DAY} 起的在班记录与前一段重叠"
