"""One request for leave is one row: tapped twice, overlapping, refused before, or for another child."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.models import Change
from attendance import leaves
from regions.refusals import Refused
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence
from tests import factories as make

pytestmark = pytest.mark.django_db
MON, TUE, WED = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
def world():
    make.term()
    of = make.school_class(make.school())
    children = [make.pupil(of, name) for name in ("岩香", "玉罕")]
    return children, make.user(Role.TEACHER, of), make.user(Role.OFFICE, of.school)


def request(verb, child, by, first=MON, last=TUE, kind=AbsenceKind.SICK, reason="发烧"):
    return verb(child, kind=kind, first=first, last=last, reason=reason, by=by, on=make.THURSDAY)


def count() -> int:
    return AuthorisedAbsence.objects.count()


def test_the_same_request_twice_is_one(world):
    (child, _), teacher, _ = world
    asked = [request(leaves.ask, child, teacher).pk for _ in range(2)]
    assert asked[0] == asked[1] and count() == 1
    assert Change.objects.filter(verb="leaves.ask").count() == 1


def test_the_same_leave_granted_twice_is_one(world):
    (child, _), _, office = world
    granted = [request(leaves.grant, child, office).pk for _ in range(2)]
    assert granted[0] == granted[1] and count() == 1


@pytest.mark.parametrize(
    ("first", "last"), [(TUE, WED), (MON, MON), (date(2026, 11, 20), WED), (MON, TUE)]
)
def test_an_overlapping_request_is_told(world, first, last):
    (child, _), teacher, _ = world
    request(leaves.ask, child, teacher)
    said = "已有请假申请（待批），和 11月23日 至 11月24日 的申请重叠。请只填还没有申请过的日子。"
    with pytest.raises(Refused) as refusal:
        request(leaves.ask, child, teacher, first, last, reason="家里办事")
    assert str(refusal.value) == said and count() == 1


def test_a_school_is_told_of_what_a_teacher_asked_for(world):
    (child, _), teacher, office = world
    request(leaves.ask, child, teacher, MON, MON)
    with pytest.raises(Refused, match="待批），和 11月23日 的申请重叠"):
        request(leaves.grant, child, office)
    assert count() == 1


def test_other_days_and_other_children_are_free(world):
    (child, other), teacher, _ = world
    request(leaves.ask, child, teacher)
    request(leaves.ask, child, teacher, WED, WED)
    request(leaves.ask, other, teacher)
    assert count() == 3


@pytest.mark.parametrize("state", [AbsenceState.REFUSED, AbsenceState.WITHDRAWN])
def test_what_was_refused_or_withdrawn_holds_no_day(world, state):
    (child, _), teacher, _ = world
    request(leaves.ask, child, teacher)
    AuthorisedAbsence.objects.update(state=state)
    request(leaves.ask, child, teacher)
    assert count() == 2


def test_an_explained_run_may_hold_days_of_leave(world):
    (child, _), teacher, office = world
    request(leaves.ask, child, teacher, MON, MON)
    leaves.grant(
        child, kind=AbsenceKind.SICK, first=MON, last=WED, reason="诊断证明", by=office,
        on=make.THURSDAY, explains=True,
    )  # fmt: skip
    assert count() == 2


def test_a_status_is_no_request(world):
    """A child on 长期请假 may still ask for a sick day: leave is compared with leave alone."""
    (child, _), teacher, office = world
    make.status(child, AbsenceKind.LONG_LEAVE, MON, WED, by=office)
    request(leaves.ask, child, teacher)
    assert AuthorisedAbsence.objects.leaves().count() == 1
