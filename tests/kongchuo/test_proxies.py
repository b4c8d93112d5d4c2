"""Behind proxies: whose address counts."""

import pytest
from django.test import RequestFactory

from kongchuo.middleware import ClientAddressMiddleware


def seen(forwarded: str) -> str:
    """The address that the rest of the portal sees of a request from a proxy at 10.0.0.1."""
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded}
    )
    ClientAddressMiddleware(lambda request: None)(request)
    return request.META["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "", "10.0.0.1"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "' OR 1=1 --", "10.0.0.1"),
    ],
)
def test_the_client_is_who_the_last_proxies_say(settings, proxies, forwarded, expected):
    settings.KONGCHUO_PROXIES = proxies
    assert seen(forwarded) == expected


@pytest.mark.django_db
def test_a_lock_falls_on_the_clients_address(settings, client):
    """Five wrong passwords from one place do not lock the same account from another."""
    settings.KONGCHUO_PROXIES = 1

    def is_locked(source: str) -> bool:
        body = {"username": "nobody", "password": "wrong"}
        answer = client.post("/login/", body, headers={"x-forwarded-for": source})
        return "已锁定" in answer.content.decode()

    assert [is_locked("203.0.113.9") for _ in range(6)][-1]
    assert not is_locked("203.0.113.10")
    settings.KONGCHUO_PROXIES = 0
    assert [is_locked(f"203.0.113.{n}") for n in range(6)][-1], "without it, one address for all"
