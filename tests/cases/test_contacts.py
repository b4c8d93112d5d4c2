"""A contact is written down once, also when nobody was met."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.words import Role
from attendance.models import AbsenceAlert, AlertEvent
from attendance.words import Mark
from cases.contacts import record_contact
from cases.models import Contact
from cases.words import ContactWay, Met
from regions.refusals import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY
    make.term()
    of = make.school_class(make.school())
    child, teacher = make.pupil(of), make.user(Role.TEACHER, of)
    make.take(of, make.THURSDAY, teacher, **{child.uid: Mark.LOST})
    return child, teacher


def visit(child, by, *, on=make.THURSDAY, key=None):
    return record_contact(
        child, way=ContactWay.VISIT, on=on, met=Met.NOBODY, note="门锁着", by=by,
        client_key=key or uuid4(),
    )  # fmt: skip


def test_nobody_met_is_a_result_and_stands_beside_the_alert(world):
    child, teacher = world
    contact = visit(child, teacher)
    assert contact.alert == AbsenceAlert.objects.get()
    assert AlertEvent.objects.filter(kind="contact", note="家访，未见到人").exists()


def test_sent_twice_is_one_contact(world):
    child, teacher = world
    key = uuid4()
    assert visit(child, teacher, key=key) == visit(child, teacher, key=key)
    assert Contact.objects.count() == 1 and AlertEvent.objects.filter(kind="contact").count() == 1


def test_a_contact_in_the_future_is_refused(world):
    with pytest.raises(Refused, match="还没有到"):
        visit(*world, on=date(2026, 11, 20))


def test_a_contact_quiets_no_clock(world):
    child, teacher = world
    before = AbsenceAlert.objects.values().get()
    visit(child, teacher)
    assert AbsenceAlert.objects.values().get() == before
