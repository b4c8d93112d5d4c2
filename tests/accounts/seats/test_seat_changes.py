"""任职变动: what the audit administrator reads of seats, and nobody else."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.login.devices import revoke, trust
from accounts.models import User
from accounts.seats.accounts import rename, reset_password
from accounts.seats.activating import activate
from accounts.seats.ending import end
from accounts.seats.slips import issue
from accounts.trail_views import SEAT_VERBS
from kongchuo.people.handover import hand_over
from regions.clock import now
from students.models import Charge
from tests import factories as make
from tests.accounts.seats.giving import DAY, give
from tests.counties import TODAY
from tests.pages.test_queries import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> Client:
    client = Client()
    client.force_login(make.user(Role.AUDIT_ADMIN))
    return client


def test_each_act_stands_there_with_who_did_it_and_why(world, office, root, security, auditor):
    seat = give("bzr2", Role.TEACHER, world.here.school_class, office, name="陈海燕")
    rename("bzr2", "陈海艳", by=office, on=TODAY)
    reset_password("bzr2", by=office, on=TODAY)
    filed = make.newcomer(Role.TEACHER, world.class_by.school_class, name="王建华")
    issue([filed.username], by=office, on=TODAY)
    User.objects.filter(pk=filed.pk).update(must_change_password=False)
    reset_password(filed.username, by=office, on=TODAY)
    until = TODAY + DAY
    gone = give("dai1", Role.STAND_IN, world.here.school_class, office, name="填错人", until=until)
    end(gone.pk, last=TODAY - DAY, reason="填错人", by=office, on=TODAY)
    end(seat.pk, last=TODAY, reason="调往外县", by=office, on=TODAY)
    waiting = give("ju2", Role.BUREAU, world.here.county, root, name="何建军")
    activate([waiting.pk], by=security, on=TODAY)
    shown = auditor.get("/trail/seats/").content.decode()
    for words in ("给任职", "提交待启用", "启用", "离任", "改名", "陈海燕 → 陈海艳", "发放初始密码", "重发初始密码", "重置密码",
                  "撤销任职", "2026-11-19 起，2026-11-19 止", "调往外县",
                  "段立新", "赵志华", "班主任"):  # fmt: skip
        assert words in shown, words


def test_a_hand_over_says_to_whom_and_a_phone_which(world, office, auditor):
    seat = give("bzr2", Role.TEACHER, world.here.school_class, office, name="陈海燕")
    phone = trust(seat.user, "安卓手机 微信", at=now()).device
    revoke(seat.user, phone.pk, at=now())
    Charge.objects.create(
        student=world.here.child, user=seat.user, name="陈海燕", post="teacher", unit="白水中学", began=TODAY
    )  # fmt: skip
    end(seat.pk, last=TODAY, reason="退休", by=office, on=TODAY)
    hand_over(seat.pk, to=office.username, by=office, on=TODAY)
    shown = auditor.get("/trail/seats/").content.decode()
    for words in (f"交给{office.name}（{office.username}）", "办结交接", "包保 1 项", "信任手机", "取消信任手机",
                  "安卓手机 微信"):  # fmt: skip
        assert words in shown, words


WRITTEN = r'history\.record\(\s*"([a-z_.]+)",\s*"user"|_record\(\s*"((?:users|devices)\.[a-z_]+)"'


def test_no_change_of_an_account_is_left_out():
    """Every verb the code writes about a user has its words here."""
    root = Path(__file__).resolve().parents[3]
    text = "".join(
        file.read_text("utf-8")
        for app in ("accounts", "kongchuo", "students", "demo")
        for file in (root / app).rglob("*.py")
    )
    written = {first or second for first, second in re.findall(WRITTEN, text)}
    assert {"seats.hand_over", "seats.grant", "devices.trust", "users.stop"} <= written
    assert written <= set(SEAT_VERBS), written - set(SEAT_VERBS)


def test_it_asks_as_much_for_thirty_as_for_two(world, root, auditor):
    def grow(count: int) -> int:
        for _ in range(count):
            give(f"ju{uuid4().hex[:6]}", Role.BUREAU, world.here.county, root)
        return len(asked(auditor, "/trail/seats/"))

    assert grow(2) == grow(28)
