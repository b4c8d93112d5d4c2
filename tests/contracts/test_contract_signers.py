"""Two people sign at once: nothing is lost, nothing is written twice (PostgreSQL only)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from contracts import contracts
from contracts.enums import ContractState, Link
from contracts.models import Contract, Signature
from tests import factories as make
from tests.contracts.contract_county import TODAY, build

COLLEAGUES = 8

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def county(settings):
    settings.KONGCHUO_TODAY = TODAY
    made = build()
    made.draft()
    made.issue()
    return made


def all_at_once(users, uid: str) -> list[int]:
    barrier = Barrier(len(users))

    def press(user) -> int:
        client = Client()
        client.force_login(user)
        barrier.wait()
        try:
            return client.post(reverse("contracts:sign", args=[uid]), {"read": "on"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as pool:
        return sorted(pool.map(press, users))


def test_one_of_many_colleagues_signs_for_their_side(county):
    one = county.of(Link.COUNTY_TOWNSHIP, county.townships[0])
    users = [
        make.user(Role.TOWNSHIP, county.townships[0], name=f"同事{n}") for n in range(COLLEAGUES)
    ]
    assert all_at_once(users, one.uid) == [302] + [409] * (COLLEAGUES - 1)
    assert Signature.objects.count() == 1


def both_sides(county, monkeypatch) -> str:
    """Both sides sign so that each waits for the other between signing and deciding."""
    one = county.of(Link.COUNTY_TOWNSHIP, county.townships[0])
    meet, honest = Barrier(2, timeout=2), contracts._settle

    def slow(contract, on):
        with suppress(BrokenBarrierError):  # the lock keeps the other one out
            meet.wait()
        honest(contract, on)

    monkeypatch.setattr(contracts, "_settle", slow)
    users = [county.by(Role.COUNTY_OFFICE), county.by(Role.TOWNSHIP, county.townships[0])]
    assert all_at_once(users, one.uid) == [302, 302]
    assert one.signatures.count() == 2
    one.refresh_from_db()
    return one.state


def test_both_sides_at_once_make_it_signed(county, monkeypatch):
    assert both_sides(county, monkeypatch) == ContractState.SIGNED


def test_control_without_the_lock_the_second_signature_does_not_close_it(county, monkeypatch):
    monkeypatch.setattr(
        contracts, "_locked", lambda uid, by: Contract.objects.visible_to(by).get(uid=uid)
    )
    assert both_sides(county, monkeypatch) == ContractState.ISSUED
