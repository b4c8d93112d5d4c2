"""A phone that is trusted: how long, how its secret changes hands, and what ends it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.enums import Role
from accounts.login import devices, passwords
from accounts.login.sessions import end_sessions
from accounts.login.user_agents import device_label, is_phone
from accounts.models import Change, TrustedDevice, User
from accounts.seats.accounts import reset_password
from regions.clock import at, now
from regions.models import School
from regions.refusals import Refused
from tests import factories as make
from tests.counties import person, two_counties

MORNING = time(7, 55)
DAY = date(2026, 11, 30)
DESK = [Role.OFFICE, Role.TOWNSHIP, Role.BUREAU, Role.SYSTEM_ADMIN]


def on(day: date, minutes: float = 0):
    return at(day, MORNING) + timedelta(minutes=minutes)


@pytest.fixture(autouse=True)
def that_monday(settings):
    settings.KONGCHUO_TODAY = DAY


@pytest.fixture
def teacher(db) -> User:
    return make.user(Role.TEACHER, make.school_class(make.school()), username="laoshi")


@pytest.fixture
def ticket(teacher) -> str:
    return devices.trust(teacher, "安卓手机", at=on(DAY)).ticket


def enters(ticket: str, when) -> str | None:
    """The next ticket, "" where the browser keeps what it has; None where the password is asked."""
    trust = devices.come_in(ticket, at=when)
    return trust.ticket if trust else None


def later(days: int, minutes: float = 0):
    return on(DAY + timedelta(days=days), minutes)


def test_trusted_on_the_30th_of_november_it_works_until_the_30th_of_december(ticket):
    for day in (date(2026, 12, 7), date(2026, 12, 21), date(2026, 12, 30)):
        ticket = enters(ticket, on(day))
        assert ticket, day
    assert enters(ticket, on(date(2026, 12, 31))) is None


@pytest.mark.parametrize(("days", "comes_in"), [(14, True), (15, False)])
def test_fourteen_idle_days_are_too_many_one_day_later(ticket, days, comes_in):
    assert (enters(ticket, later(days)) is not None) is comes_in


class TestTheSecret:
    def test_each_session_gets_another(self, ticket):
        second = enters(ticket, later(1))
        third = enters(second, later(2))
        assert len({ticket, second, third}) == 3
        row = TrustedDevice.objects.get()
        assert not any(secret.split(".")[1].split(":")[0] in str(row.__dict__)
                       for secret in (ticket, second, third))  # fmt: skip

    def test_an_old_one_ends_the_trust_and_every_session_and_leaves_a_row(self, ticket, teacher):
        second = enters(ticket, later(1))
        third = enters(second, later(2))
        before = teacher.sessions_from
        assert enters(ticket, later(2, 1)) is None
        device = TrustedDevice.objects.get()
        assert device.revoked_at == later(2, 1) and device.revoked_by is None
        row = Change.objects.get(verb="devices.revoke")
        assert (row.uid, row.by, row.note) == ("laoshi", None, devices.OLD_SEEN)
        teacher.refresh_from_db()
        assert teacher.sessions_from != before
        assert enters(third, later(2, 2)) is None

    def test_a_copy_is_found_out_whoever_comes_second(self, ticket):
        """The thief used what was copied, and its next: the owner's is the old one now."""
        thief = enters(enters(ticket, later(1)), later(1, 5))
        assert thief and enters(ticket, later(2)) is None
        assert enters(thief, later(3)) is None

    def test_an_answer_lost_on_the_way_costs_nothing(self, ticket):
        for minutes in (0, 0.5, 3, 60):
            assert enters(ticket, later(1, minutes)) is not None
        fresh = enters(ticket, later(2))
        assert enters(fresh, later(3))

    def test_two_tabs_at_once_get_one_next_secret(self, ticket):
        first, second = enters(ticket, later(1)), enters(ticket, later(1, 0.5))
        assert first and second == ""
        assert enters(first, later(2))

    @pytest.mark.parametrize(
        "made_up", ["", "1.x", "1.x:y", "x", "1" * 4000, "1.2.3:4", "\x00", "登录"]
    )
    def test_what_we_did_not_sign_is_nothing(self, ticket, made_up):
        assert enters(made_up, later(1)) is None
        assert enters(ticket[:-1] + ("a" if ticket[-1] != "a" else "b"), later(1)) is None
        assert enters(ticket, later(1))


class TestHowMany:
    def test_the_third_takes_the_place_of_the_one_not_used_for_longest(self, teacher):
        first = devices.trust(teacher, "安卓手机", at=later(0)).ticket
        second = devices.trust(teacher, "苹果手机", at=later(1)).ticket
        first = enters(first, later(2))
        made = devices.trust(teacher, "鸿蒙手机", at=later(3))
        assert made.replaced == "苹果手机"
        assert enters(second, later(4)) is None
        assert enters(first, later(4)) and enters(made.ticket, later(4))
        assert TrustedDevice.objects.open_on(DAY + timedelta(days=4)).count() == 2

    def test_those_that_are_over_take_no_place(self, teacher):
        for days in (0, 0, 15):
            assert devices.trust(teacher, "安卓手机", at=later(days)).replaced == ""

    @pytest.mark.parametrize("role", DESK)
    def test_no_phone_is_trusted_with_a_desk(self, role, db):
        user = person(role, two_counties().here)
        with pytest.raises(Refused, match="只有班主任"):
            devices.trust(user, "安卓手机", at=on(DAY))

    def test_nor_with_a_desk_beside_the_class(self, teacher):
        make.seat(teacher, Role.OFFICE, School.objects.get())
        with pytest.raises(Refused, match="只有班主任"):
            devices.trust(teacher, "安卓手机", at=on(DAY))

    def test_each_leaves_a_row(self, ticket, teacher):
        row = Change.objects.get(verb="devices.trust")
        assert (row.by, row.uid, row.after) == (teacher, "laoshi", {"device": "安卓手机"})


def change_password(teacher: User) -> None:
    passwords.change_password(teacher, old=make.PASSWORD, new="Qingshan-2027", on=DAY)


def reset(teacher: User) -> None:
    office = make.user(Role.OFFICE, School.objects.get())
    reset_password(teacher.username, by=office, on=DAY)


def disable(teacher: User) -> None:
    User.objects.filter(pk=teacher.pk).update(is_active=False)


def end_seat(teacher: User) -> None:
    teacher.seats.update(until=DAY - timedelta(days=1))


def add_a_desk(teacher: User) -> None:
    make.seat(teacher, Role.OFFICE, School.objects.get())


def revoke(teacher: User) -> None:
    devices.revoke(teacher, TrustedDevice.objects.get().pk, at=on(DAY))


ENDS = [change_password, reset, end_sessions, disable, end_seat, add_a_desk, revoke]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_what_ends_it(ticket, teacher, end):
    second = enters(ticket, on(DAY, 1))
    assert second
    end(teacher)
    assert enters(second, on(DAY, 2)) is None


def test_a_revoked_one_cannot_be_revoked_again_nor_anothers(ticket, teacher):
    device = TrustedDevice.objects.get()
    with pytest.raises(Refused):
        devices.revoke(make.user(), device.pk, at=on(DAY))
    assert devices.revoke(teacher, device.pk, at=on(DAY)) == "安卓手机"
    with pytest.raises(Refused, match="不在信任之列"):
        devices.revoke(teacher, device.pk, at=on(DAY))


LINUX = "Mozilla/5.0 (Linux; Android 14; V2304A) AppleWebKit/537.36 Chrome/116 Mobile"


@pytest.mark.parametrize(
    ("user_agent", "label", "phone"),
    [
        (LINUX, "安卓手机", True),
        (f"{LINUX} MicroMessenger/8.0.49", "安卓手机 · 微信", True),
        (f"{LINUX} MicroMessenger/7.0.1 wxwork/4.1.22", "安卓手机 · 企业微信", True),
        (f"{LINUX} DingTalk/7.5", "安卓手机 · 钉钉", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Safari", "苹果手机", True),
        ("Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) Safari", "苹果平板", True),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1", "鸿蒙手机", True),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/116 MicroMessenger/6", "电脑 · 微信", False),
        ("", "电脑", False),
    ],
)
def test_a_phone_by_the_words_of_its_owner(user_agent, label, phone):
    assert device_label(user_agent) == label
    assert is_phone(user_agent) is phone


def together(count: int, act) -> list:
    barrier = Barrier(count)

    def one(n: int):
        barrier.wait()
        try:
            return act(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtTheSameInstant:
    @pytest.fixture
    def teacher(self) -> User:
        return make.user(Role.TEACHER, make.school_class(make.school()), username="laoshi")

    def test_tabs_that_show_the_same_secret_all_enter_and_one_gets_the_next(self, teacher):
        ticket = devices.trust(teacher, "安卓手机", at=on(DAY)).ticket
        got = together(6, lambda n: enters(ticket, later(1)))
        assert sorted(bool(one) for one in got) == [False] * 5 + [True] and None not in got

    def test_phones_trusted_together_leave_two(self, teacher):
        together(5, lambda n: devices.trust(User.objects.get(), f"手机{n}", at=now()))
        assert TrustedDevice.objects.open_on(DAY).count() == devices.MOST
