"""Twenty savers on one register: one winner, nineteen keep their input (PostgreSQL only)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts.enums import Role
from accounts.models import Change
from attendance import registers
from attendance.enums import Mark
from attendance.models import Absence, Register
from tests import factories as make

SAVERS = 20

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY
    make.term()
    of = make.school_class(make.school())
    return of, make.pupils(of, SAVERS)


def race(of, pupils, version: int, reason: str = "") -> list:
    """Each saver marks another child absent; all press the button at once."""
    users = [make.user(Role.OFFICE, of.school, name=f"老师{n}") for n in range(SAVERS)]
    barrier = Barrier(SAVERS)

    def save(n: int):
        client = Client()
        client.force_login(users[n])
        posted = {
            "version": version, "client_key": str(uuid4()), "reason": reason,
            f"mark-{pupils[n].uid}": Mark.ABSENT, f"note-{pupils[n].uid}": f"填的{n}",
        }  # fmt: skip
        barrier.wait()
        try:
            return client.post(f"/register/{of.pk}/{make.THURSDAY}/", posted)
        finally:
            connection.close()

    with ThreadPoolExecutor(SAVERS) as pool:
        return list(pool.map(save, range(SAVERS)))


def losers_keep_their_input(answers: list) -> bool:
    lost = [(n, one) for n, one in enumerate(answers) if one.status_code == 409]
    return len(lost) == SAVERS - 1 and all(f"填的{n}" in one.content.decode() for n, one in lost)


def test_one_of_twenty_takes_the_register(world):
    of, pupils = world
    answers = race(of, pupils, version=0)
    assert sorted(one.status_code for one in answers) == [302] + [409] * (SAVERS - 1)
    assert losers_keep_their_input(answers)
    assert (Register.objects.count(), Absence.objects.count()) == (1, 1)
    assert Change.objects.filter(verb="registers.conflict").count() == SAVERS - 1


def test_one_of_twenty_corrects_it(world):
    of, pupils = world
    make.take(of, make.THURSDAY, make.user(Role.OFFICE, of.school))
    answers = race(of, pupils, version=1, reason="更正")
    assert losers_keep_their_input(answers)
    assert Register.objects.get().version == 2 and Absence.objects.count() == 1


def test_control_without_the_version_check_the_losers_overwrite(world, monkeypatch):
    """With the protection off every saver wins in turn, and nineteen inputs are lost."""
    of, pupils = world
    make.take(of, make.THURSDAY, make.user(Role.OFFICE, of.school))
    honest = registers._submit

    def blind(school_class, on, sheet, *rest):
        locked = Register.objects.select_for_update()
        standing = locked.get(school_class=school_class, on=on)
        object.__setattr__(sheet, "version", standing.version)
        return honest(school_class, on, sheet, *rest)

    monkeypatch.setattr(registers, "_submit", blind)
    answers = race(of, pupils, version=1, reason="更正")
    assert [one.status_code for one in answers] == [302] * SAVERS
    assert Absence.objects.count() == 1
