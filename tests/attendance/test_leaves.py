"""One request for leave is one row: tapped twice, overlapping, refused before, or for another child."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.models import Change
from attendance.authorised_absences import requests
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


def request(verb, child, by, first=MON, last=TUE, kind=AbsenceKind.SICK, reason="发烧，家长来电"):
    return verb(child, kind=kind, first=first, last=last, reason=reason, by=by, on=make.THURSDAY)


def count() -> int:
    return AuthorisedAbsence.objects.count()


def test_the_same_request_twice_is_one(world):
    (child, _), teacher, _ = world
    asked = [request(requests.ask, child, teacher).pk for _ in range(2)]
    assert asked[0] == asked[1] and count() == 1
    assert Change.objects.filter(verb="absences.ask").count() == 1


def test_the_same_leave_granted_twice_is_one(world):
    (child, _), _, office = world
    granted = [request(requests.grant, child, office).pk for _ in range(2)]
    assert granted[0] == granted[1] and count() == 1


@pytest.mark.parametrize(
    ("first", "last"), [(TUE, WED), (MON, MON), (date(2026, 11, 20), WED), (MON, TUE)]
)
def test_an_overlapping_request_is_told(world, first, last):
    (child, _), teacher, _ = world
    request(requests.ask, child, teacher)
    said = "已有病假（待批），和 11月23日 至 11月24日 的重叠。请只填还没有办过手续的日子。"
    with pytest.raises(Refused) as refusal:
        request(requests.ask, child, teacher, first, last, reason="家里办事，来电")
    assert str(refusal.value) == said and count() == 1


def test_a_school_is_told_of_what_a_teacher_asked_for(world):
    (child, _), teacher, office = world
    request(requests.ask, child, teacher, MON, MON)
    with pytest.raises(Refused, match="待批），和 11月23日 的重叠"):
        request(requests.grant, child, office)
    assert count() == 1


def test_other_days_and_other_children_are_free(world):
    (child, other), teacher, _ = world
    request(requests.ask, child, teacher)
    request(requests.ask, child, teacher, WED, WED)
    request(requests.ask, other, teacher)
    assert count() == 3


@pytest.mark.parametrize("state", [AbsenceState.REFUSED, AbsenceState.WITHDRAWN])
def test_what_was_refused_or_withdrawn_holds_no_day(world, state):
    (child, _), teacher, _ = world
    request(requests.ask, child, teacher)
    AuthorisedAbsence.objects.update(state=state)
    request(requests.ask, child, teacher)
    assert count() == 2


def test_approved_spans_of_any_kind_never_overlap(world):
    (child, _), teacher, office = world
    make.status(child, AbsenceKind.LONG_LEAVE, MON, WED, by=office)
    with pytest.raises(Refused, match="已有长期请假（已批）"):
        request(requests.ask, child, teacher)
    assert not AuthorisedAbsence.objects.leaves().exists()
