"""Several people come back from the same village and save at once (PostgreSQL: SQLite has no row locks)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet

from accounts.enums import Role
from cases.contacts.recording import record_contact
from cases.enums.records import DeadlineKind
from cases.enums.states import ContactWay, EventKind, Met
from cases.models import Contact
from regions.clock import today
from tests import factories as make
from tests.cases.case_county import case_of, county

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SAVERS = 8


@pytest.fixture
def place(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY
    return county()


def race(student, users, keys) -> list[Contact]:
    """Each saves a first contact at the same moment."""
    barrier = Barrier(len(users))

    def save(n: int) -> Contact:
        barrier.wait()
        try:
            return record_contact(
                student, on=today(), way=ContactWay.VISIT, contacted_on=make.THURSDAY, met=Met.NOBODY, note="门锁着",
                by=users[n], client_key=keys[n],
            )  # fmt: skip
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as pool:
        return list(pool.map(save, range(len(users))))


def everybody(place) -> list:
    return [make.user(Role.VILLAGE, place.village, name=f"村干部{n}") for n in range(SAVERS)]


def counts(case) -> tuple[int, int, int]:
    """(contacts, verifications, days standing for the next contact)."""
    verified = case.events.filter(kind=EventKind.VERIFIED).count()
    standing = case.deadlines.standing().filter(kind=DeadlineKind.CONTACT).count()
    return Contact.objects.count(), verified, standing


def test_one_of_them_verifies_and_one_day_stands(place):
    case, users = case_of(place.student), everybody(place)
    race(place.student, users, [uuid4() for _ in users])
    assert counts(case) == (SAVERS, 1, 1)


def test_the_control_without_the_lock_verifies_more_than_once(place, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    case, users = case_of(place.student), everybody(place)
    race(place.student, users, [uuid4() for _ in users])
    contacts, verified, standing = counts(case)
    assert contacts == SAVERS
    assert verified > 1 or standing > 1


def test_one_form_sent_many_times_at_once_is_one_contact(place):
    case, key = case_of(place.student), uuid4()
    saved = race(place.student, [place.cadre] * SAVERS, [key] * SAVERS)
    assert len({one.pk for one in saved}) == 1
    assert counts(case) == (1, 1, 1)
    assert case.events.filter(kind=EventKind.CONTACT).count() == 1
