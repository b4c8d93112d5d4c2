"""Brakes on wrong passwords: the rule, what it counts, and that nobody locks out another."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import Client

from accounts.enums import Role
from accounts.login import brakes, devices
from accounts.login.brakes import Braked, tried
from accounts.login.rules import (
    ACCOUNT_LIMIT,
    DEVICE_LIMIT,
    SOURCE_LIMIT,
    Brake,
    Count,
    Tries,
    Wait,
    wait_at_device,
    wait_for,
)
from accounts.models import CameIn, User, WrongTry
from kongchuo import tasks
from regions.clock import now
from tests import factories as make
from tests.counties import World, person, two_counties

AT = datetime(2026, 11, 19, 7, 55, tzinfo=ZoneInfo("Asia/Shanghai"))
WRONG = "Xuexiao-0000"


def ago(**spans: float) -> datetime:
    return AT - timedelta(**spans)


def minutes(*numbers: float) -> list[datetime]:
    return [ago(minutes=n) for n in numbers]


def wait(brake: Brake, **left: float) -> Wait:
    return Wait(brake, timedelta(**left))


BUSY = Count(ACCOUNT_LIMIT, ago(seconds=10))
FLOOD = Count(SOURCE_LIMIT, ago(seconds=1))


@pytest.mark.parametrize(
    ("tries", "waits"),
    [
        (Tries(), None),
        (Tries(pair=minutes(1, 2, 3, 4)), None),
        (Tries(pair=minutes(0, 0, 0, 0, 0)), wait(Brake.PAIR, minutes=15)),
        (Tries(pair=minutes(1, 2, 3, 4, 5)), wait(Brake.PAIR, minutes=14)),
        (Tries(pair=minutes(14, 20, 21, 22, 23)), wait(Brake.PAIR, minutes=1)),
        (Tries(pair=minutes(15, 20, 21, 22, 23)), None),
        (Tries(pair=minutes(1, 2, 3, 4, 15.9)), wait(Brake.PAIR, minutes=14)),
        (Tries(pair=minutes(1, 2, 3, 4, 16)), None),
        (Tries(pair=minutes(1, 20, 21, 22, 23)), None),
        (Tries(pair=minutes(1, 2, 3, 4, 5), familiar=True), wait(Brake.PAIR, minutes=14)),
        (Tries(account=Count(ACCOUNT_LIMIT - 1, AT)), None),
        (Tries(account=BUSY), wait(Brake.BUSY, seconds=20)),
        (Tries(account=Count(ACCOUNT_LIMIT + 80, ago(seconds=30))), None),
        (Tries(account=BUSY, familiar=True), None),
        (Tries(source=Count(SOURCE_LIMIT - 1, AT)), None),
        (Tries(source=FLOOD), wait(Brake.BUSY, seconds=29)),
        (Tries(source=FLOOD, account=BUSY), wait(Brake.BUSY, seconds=29)),
        (Tries(source=FLOOD, familiar=True), None),
        (Tries(source=Count(SOURCE_LIMIT, ago(minutes=2))), None),
    ],
)
def test_how_long_a_try_waits(tries, waits):
    assert wait_for(tries, AT) == waits


@pytest.mark.parametrize(
    ("times", "waits"),
    [
        ([], None),
        (minutes(*range(9)), None),
        (minutes(*range(10)), wait(Brake.DEVICE, minutes=51)),
        (minutes(*range(30)), wait(Brake.DEVICE, minutes=51)),
        (minutes(*range(9), 60), None),
        (minutes(*range(9), 59.5), wait(Brake.DEVICE, seconds=30)),
    ],
)
def test_a_trusted_phone_has_ten_an_hour(times, waits):
    assert wait_at_device(times, AT) == waits


pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return two_counties()


@pytest.fixture
def teacher(world) -> User:
    return person(Role.TEACHER, world.here, username="laoshi")


def log_in(username="laoshi", password=make.PASSWORD, source="10.0.0.1", client=None):
    body = {"username": username, "password": password}
    return (client or Client()).post("/login/", body, REMOTE_ADDR=source)


def wrong(times: int, source="10.0.0.1", username="laoshi"):
    for _ in range(times):
        answer = log_in(username, WRONG, source)
    return answer


def older(**spans: float) -> None:
    """Time goes by: all that is kept grows older."""
    for model in (WrongTry, CameIn):
        for row in model.objects.all():
            row.at -= timedelta(**spans)
            row.save()


class TestOneAccountFromOneSource:
    def test_four_wrong_tries_lock_nothing(self, teacher):
        assert wrong(4).status_code == 401
        assert log_in().status_code == 302

    def test_the_fifth_locks_even_the_right_password_for_a_quarter_of_an_hour(self, teacher):
        assert "这个网络上错了 5 次" in wrong(5).content.decode()
        answer = log_in()
        assert answer.status_code == 429 and 890 < int(answer["Retry-After"]) <= 900
        assert "请 15 分钟后再试" in answer.content.decode()
        older(minutes=14, seconds=50)
        assert log_in().status_code == 429
        older(seconds=10)
        assert log_in().status_code == 302

    def test_the_sentences_are_true_for_who_shares_the_network(self, teacher):
        """The lock holds for all behind one address, known there or not, not for one device."""
        assert log_in().status_code == 302
        told = [wrong(1).content.decode(), wrong(4).content.decode()]
        assert "这个账号在这个网络上锁定 15 分钟" in told[0] and "这台设备" not in "".join(told)
        assert "旁边的人" in told[1] and "换一个网络" in told[1]

    def test_tries_during_the_lock_do_not_make_it_longer(self, teacher):
        wrong(9)
        older(minutes=15)
        assert WrongTry.objects.count() == 5
        assert log_in().status_code == 302

    def test_another_source_and_another_account_are_not_touched(self, teacher, world):
        person(Role.STAND_IN, world.here, username="daike")
        wrong(5)
        assert log_in(source="10.0.0.2").status_code == 302
        assert log_in("daike").status_code == 302

    def test_a_login_that_succeeds_forgets_the_wrong_tries_there(self, teacher):
        wrong(4)
        wrong(2, source="10.0.0.2")
        assert log_in().status_code == 302
        assert WrongTry.objects.count() == 2
        wrong(4)
        assert log_in().status_code == 302

    def test_however_the_account_is_spelled(self, teacher):
        for name in ("laoshi", "LAOSHI", " laoshi ", "Laoshi", "laoshi"):
            log_in(name, WRONG)
        assert log_in().status_code == 429

    def test_a_header_nobody_vouches_for_is_no_other_source(self, teacher):
        for n in range(5):
            body = {"username": "laoshi", "password": WRONG}
            Client().post("/login/", body, headers={"x-forwarded-for": f"10.1.1.{n}"})
        assert log_in(source="127.0.0.1").status_code == 429

    def test_one_ipv6_line_is_one_source(self, teacher):
        for n in range(5):
            log_in(password=WRONG, source=f"2001:db8:1:2::{n}")
        assert log_in(source="2001:db8:1:2::77").status_code == 429
        assert log_in(source="2001:db8:1:3::77").status_code == 302


class TestTooManyInAnHour:
    def test_twenty_five_from_five_sources_are_answered_at_once(self, teacher):
        codes = [log_in(password=WRONG, source=f"10.9.0.{n % 5}").status_code for n in range(25)]
        assert codes[:19] == [401] * 19 and codes[20:] == [429] * 5
        answer = log_in(source="10.9.1.1")
        assert answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= 30
        assert "请 30 秒后再试" in answer.content.decode()

    def test_thirty_seconds_later_one_try_gets_through(self, teacher):
        for n in range(20):
            log_in(password=WRONG, source=f"10.9.0.{n}")
        older(seconds=30)
        assert log_in(password=WRONG, source="10.9.1.1").status_code == 401
        assert log_in(source="10.9.1.2").status_code == 429
        older(seconds=30)
        assert log_in(source="10.9.1.2").status_code == 302

    def test_where_the_account_came_in_lately_it_still_does(self, teacher):
        assert log_in(source="10.0.0.8").status_code == 302
        for n in range(25):
            log_in(password=WRONG, source=f"10.9.0.{n % 5}")
        assert log_in(source="10.0.0.9").status_code == 429
        assert log_in(source="10.0.0.8").status_code == 302
        CameIn.objects.update(at=now() - timedelta(days=30))
        assert log_in(source="10.0.0.8").status_code == 429

    def fill(self, source: str, tries: int = SOURCE_LIMIT) -> None:
        rows = [brakes.door(f"guess{n}", source) for n in range(tries)]
        WrongTry.objects.bulk_create(
            WrongTry(account=one.account, source=one.source, at=now()) for one in rows
        )

    def test_two_hundred_from_a_source_hold_back_strangers_and_nobody_who_is_known(
        self, teacher, world
    ):
        person(Role.STAND_IN, world.here, username="daike")
        assert log_in(source="10.0.0.8").status_code == 302
        self.fill("10.0.0.8")
        assert log_in("daike", source="10.0.0.8").status_code == 429
        assert log_in("daike", source="10.0.0.9").status_code == 302
        assert log_in(source="10.0.0.8").status_code == 302

    def test_slips_of_accounts_that_are_known_there_do_not_count(self, teacher, world):
        person(Role.STAND_IN, world.here, username="daike")
        self.fill("10.0.0.8", SOURCE_LIMIT - 1)
        assert log_in(source="10.0.0.8").status_code == 302
        wrong(3, source="10.0.0.8")
        assert log_in("daike", WRONG, "10.0.0.8").status_code == 401
        assert log_in("daike", source="10.0.0.8").status_code == 429


class TestNothingIsGivenAway:
    def test_nothing_is_hashed_for_a_try_that_is_held_back(self, teacher, monkeypatch):
        wrong(5)
        hashed = []
        for name in ("check_password", "set_password"):
            monkeypatch.setattr(User, name, lambda self, raw, n=name: hashed.append(n) or False)
        assert log_in().status_code == 429 and hashed == []
        assert log_in(source="10.0.0.2").status_code == 401
        assert log_in("nobody", source="10.0.0.2").status_code == 401
        assert hashed == ["check_password", "set_password"], "the control, and an unknown account"

    def test_an_unknown_account_is_braked_like_a_known_one(self, teacher):
        known, unknown = (
            [(answer.status_code, answer.get("Retry-After"), answer.content.decode().count("锁定"))
             for answer in (log_in(name, WRONG) for _ in range(6))]
            for name in ("laoshi", "nobody")
        )  # fmt: skip
        assert [one[0] for one in known] == [401] * 4 + [429] * 2
        assert known == unknown

    def test_rows_hold_neither_the_password_nor_the_name(self, teacher):
        log_in(password=WRONG)
        log_in()
        log_in("nobody", WRONG)
        kept = str([*WrongTry.objects.values(), *CameIn.objects.values()])
        assert WrongTry.objects.count() == 1 and CameIn.objects.count() == 1
        assert not any(word in kept for word in ("laoshi", "nobody", WRONG, make.PASSWORD))

    def test_the_tick_forgets_them(self, teacher):
        log_in(source="10.0.0.2")
        wrong(1)
        older(hours=23)
        tasks.tick()
        assert WrongTry.objects.exists()
        older(hours=1, minutes=1)
        tasks.tick()
        assert not WrongTry.objects.exists() and CameIn.objects.exists()
        older(days=29)
        tasks.tick()
        assert not CameIn.objects.exists()


class TestAtATrustedPhone:
    def test_wrong_tries_elsewhere_do_not_count_there_nor_its_own_elsewhere(self, teacher):
        phone = devices.trust(teacher, "安卓手机", at=now()).device
        for n in range(25):
            log_in(password=WRONG, source=f"10.9.0.{n % 5}")
        here = brakes.door("laoshi", "10.9.0.1", phone)
        assert tried(here, lambda: "in", at=now()) == "in"
        WrongTry.objects.all().delete()
        for _ in range(DEVICE_LIMIT - 1):
            assert tried(here, lambda: None, at=now()) is None
        with pytest.raises(Braked, match="请 60 分钟后再试"):
            tried(here, lambda: None, at=now())
        assert log_in(source="10.9.0.1").status_code == 302

    def test_the_right_one_forgets_those_before_it(self, teacher):
        phone = devices.trust(teacher, "安卓手机", at=now()).device
        here = brakes.door("laoshi", "10.9.0.1", phone)
        for found in [None] * 9 + ["in"] + [None] * 9 + ["in"]:
            assert tried(here, lambda: found, at=now()) == found  # noqa: B023


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", [5, 100])
def test_of_tries_that_arrive_together_no_more_are_hashed_than_the_rule_lets_through(
    limit, monkeypatch
):
    """The control takes the rule away: then all of them are."""
    monkeypatch.setattr(brakes, "PAIR_LIMIT", limit)
    monkeypatch.setattr("accounts.login.rules.PAIR_LIMIT", limit)
    hashed, together = [], Barrier(12)

    def guess() -> None:
        together.wait()
        try:
            tried(brakes.door("laoshi", "10.0.0.1"), lambda: hashed.append(1), at=now())
        except Braked:
            pass
        finally:
            connections.close_all()

    guesses = [Thread(target=guess) for _ in range(12)]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()
    assert len(hashed) <= limit and (limit == 5 or len(hashed) == 12)


def test_a_disabled_account_is_a_wrong_try(teacher):
    User.objects.filter(pk=teacher.pk).update(is_active=False)
    assert log_in().status_code == 401
    assert WrongTry.objects.count() == 1
