"""Behind proxies: whose address counts."""

import os
import subprocess
import sys
from ipaddress import ip_network

import pytest
from django.conf import settings
from django.test import RequestFactory

from accounts.source import neighbourhood, source_of

CLIENT, STRANGER = "203.0.113.9", "198.51.100.7"
OURS = ["10.0.0.1", "10.0.0.2", "10.7.0.0/24", "fd00::/64"]


def seen(config, proxies: list[str], peer: str, forwarded: str | None) -> str:
    """The source of a request that came from `peer` with this header (None: without one)."""
    config.KONGCHUO_PROXIES = [ip_network(name) for name in proxies]
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return source_of(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", CLIENT, CLIENT),
        ("10.7.0.200", CLIENT, CLIENT),
        ("10.0.0.1", f"{CLIENT}, 10.0.0.2", CLIENT),
        ("10.0.0.1", f"{CLIENT},10.7.0.3,10.0.0.2", CLIENT),
        ("10.0.0.1", f"{STRANGER}, {CLIENT}", CLIENT),
        ("10.0.0.1", f"10.0.0.2, {CLIENT}", CLIENT),
        ("10.0.0.1", f"{CLIENT}:51234", CLIENT),
        ("10.0.0.1", f"::ffff:{CLIENT}", CLIENT),
        ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.1", "[2001:db8::7]:443", "2001:db8::7"),
        ("fd00::5", CLIENT, CLIENT),
        ("::ffff:10.0.0.1", CLIENT, CLIENT),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
    ],
)
def test_who_asked_the_last_of_our_proxies_is_the_source(settings, peer, forwarded, expected):
    assert seen(settings, OURS, peer, forwarded) == expected


@pytest.mark.parametrize("forwarded", [CLIENT, f"{CLIENT}, 10.0.0.1", "10.0.0.1", "", "x"])
@pytest.mark.parametrize("proxies", [OURS, []])
def test_the_header_of_anybody_else_is_not_believed(settings, proxies, forwarded):
    assert seen(settings, proxies, STRANGER, forwarded) == STRANGER


@pytest.mark.parametrize(
    "forwarded",
    [None, "", " ", ",", "unknown", "' OR 1=1 --", "999.1.1.1", "[", "[]", "::1::", f"{CLIENT}, x",
     f"{CLIENT},", "1" * 5000, "，", "%", "10.0.0.2, _hidden"],
)  # fmt: skip
def test_a_malformed_header_leaves_who_asked_us(settings, forwarded):
    assert seen(settings, OURS, "10.0.0.1", forwarded) == "10.0.0.1"


@pytest.mark.parametrize("peer", ["", "unix:", "localhost"])
def test_a_server_that_was_told_no_address_tells_none(settings, peer):
    assert seen(settings, OURS, peer, CLIENT) == ""


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        (CLIENT, CLIENT),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_line_counts_as_one_however_many_addresses_it_has(source, counted):
    assert neighbourhood(source) == counted


def started(proxies: str, tmp_path) -> str:
    """What a process of its own, started with this in its environment, says of its proxies."""
    code = "from django.conf import settings; print(*settings.KONGCHUO_PROXIES)"
    told = {"KONGCHUO_PROXIES": proxies, "DJANGO_SETTINGS_MODULE": "kongchuo.settings"}
    told |= {"KONGCHUO_VAR": str(tmp_path), "DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR,
                          env=os.environ | told, capture_output=True, text=True)  # fmt: skip
    return done.stdout or done.stderr


def test_proxies_are_read_as_people_write_them(tmp_path):
    told = started("127.0.0.1， 10.1.0.0/24 ,::1", tmp_path)
    assert told.split() == ["127.0.0.1/32", "10.1.0.0/24", "::1/128"]
    assert started("", tmp_path).split() == []


@pytest.mark.parametrize("wrong", ["1", "0", "10.1.0.5/24", "proxy.example"])
def test_what_is_no_address_stops_the_start_with_a_sentence(wrong, tmp_path):
    assert "KONGCHUO_PROXIES 要写反向代理的地址或网段" in started(wrong, tmp_path)
