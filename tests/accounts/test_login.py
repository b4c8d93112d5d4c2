"""Logging in and staying in: passwords, locks, session clocks, and where a login leads."""

import re
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from accounts.enums import Role
from accounts.login.password_rule import ThreeOfFourClasses, first_password
from accounts.login.sessions import end_sessions
from accounts.models import User
from tests import factories as make
from tests.access_table import NO_LOGIN, TABLE
from tests.counties import TODAY, World, person, two_counties

pytestmark = pytest.mark.django_db
WRONG = "Xuexiao-0000"
DESK = [Role.OFFICE, Role.TOWNSHIP, Role.BUREAU, Role.SYSTEM_ADMIN]
PHONES = [Role.TEACHER, Role.STAND_IN, Role.VILLAGE]


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = TODAY


@pytest.fixture
def world() -> World:
    return two_counties()


@pytest.fixture
def office(world) -> User:
    return person(Role.OFFICE, world.here, username="jiaowu")


def log_in(client: Client, username="jiaowu", password=make.PASSWORD, source="127.0.0.1", **more):
    body = {"username": username, "password": password, **more}
    return client.post("/login/", body, REMOTE_ADDR=source)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_sessions_ended_elsewhere_are_over_at_the_next_page(office):
    phone, other = Client(), Client()
    log_in(phone)
    other.force_login(make.user(Role.BUREAU, make.region(), username="other"))
    assert is_in(phone) and is_in(other)
    end_sessions(office)
    assert not is_in(phone) and is_in(other)
    log_in(phone)
    assert is_in(phone)


def test_passwords_are_kept_with_argon2id_sized_for_a_morning(office):
    algorithm, kind, version, cost, *_ = office.password.split("$")
    assert (algorithm, kind, version) == ("argon2", "argon2id", "v=19")
    assert cost == "m=19456,t=2,p=1"
    assert make.PASSWORD not in office.password


def test_a_right_password_leads_to_ones_own_page(office):
    client = Client()
    assert log_in(client)["Location"] == "/"
    assert client.get("/", follow=True).request["PATH_INFO"].startswith("/school/")


@pytest.mark.parametrize(
    ("username", "password"),
    [("jiaowu", WRONG), ("nobody", make.PASSWORD), ("jiaowu", ""), ("", make.PASSWORD)],
)
def test_a_wrong_login_says_no_more_than_that(office, username, password):
    client = Client()
    answer = log_in(client, username, password)
    assert answer.status_code == 401 and not is_in(client)


def test_unknown_wrong_and_disabled_read_the_same(office):
    off = make.user(username="stopped")
    User.objects.filter(pk=off.pk).update(is_active=False)
    pages = [
        log_in(Client(), name, word).content.decode()
        for name, word in (("jiaowu", WRONG), ("nobody", WRONG), ("stopped", make.PASSWORD))
    ]
    notes = {re.search(r'role="alert">(.*?)</', page, re.DOTALL)[1] for page in pages}
    assert len(notes) == 1


class TestFirstPassword:
    @pytest.fixture
    def fresh(self, office) -> Client:
        User.objects.filter(pk=office.pk).update(must_change_password=True)
        client = Client()
        log_in(client)
        return client

    def test_nothing_else_opens_before_it_is_changed(self, fresh, world):
        for name, page in TABLE.items():
            if (
                page.args
                or page.roles is NO_LOGIN
                or name in ("accounts:password", "accounts:logout")
            ):
                continue
            answer = fresh.get(reverse(name))
            assert (answer.status_code, answer.get("Location")) == (302, "/account/password/"), name

    def test_once_changed_everything_opens_and_the_session_stays(self, fresh):
        body = {"old": make.PASSWORD, "new1": "Qingshan-2027", "new2": "Qingshan-2027"}
        assert fresh.post("/account/password/", body)["Location"] == "/"
        assert is_in(fresh)
        assert log_in(Client()).status_code == 401
        assert log_in(Client(), password="Qingshan-2027").status_code == 302

    def test_one_may_leave_instead(self, fresh):
        assert fresh.post("/logout/").status_code == 302
        assert not is_in(fresh)

    @pytest.mark.parametrize(
        ("old", "new1", "new2", "says"),
        [
            (WRONG, "Qingshan-2027", "Qingshan-2027", "原密码不对。"),
            (make.PASSWORD, "Qingshan-2027", "Qingshan-2028", "两次输入的新密码不一样。"),
            (make.PASSWORD, make.PASSWORD, make.PASSWORD, "新密码要和原来的不同。"),
            (make.PASSWORD, "short-A1", "short-A1", "密码至少 10 位"),
            (make.PASSWORD, "qingshanqingshan", "qingshanqingshan", "密码至少 10 位"),
            (make.PASSWORD, "jiaowu-Abc-2027", "jiaowu-Abc-2027", "密码里不要带账号。"),
        ],
    )
    def test_a_bad_change_is_refused_with_a_sentence(self, fresh, office, old, new1, new2, says):
        answer = fresh.post("/account/password/", {"old": old, "new1": new1, "new2": new2})
        assert says in answer.content.decode()
        office.refresh_from_db()
        assert office.must_change_password and office.check_password(make.PASSWORD)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Abcdefgh12", True),
        ("abcdefgh1-", True),
        ("ABCDEFGH1-", True),
        ("Abcdefgh1", False),
        ("abcdefgh12", False),
        ("ABCDEFGHIJ-", False),
        ("1234567890", False),
        ("", False),
    ],
)
def test_ten_characters_of_three_classes(password, good):
    refused = nullcontext() if good else pytest.raises(ValidationError)
    with refused:
        ThreeOfFourClasses().validate(password)


def test_first_passwords_keep_the_rule_and_differ():
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        ThreeOfFourClasses().validate(password)


class TestClocks:
    """A session's clocks are turned back: what it kept at login is aged by hand."""

    def aged(self, client: Client, began: timedelta, touched: timedelta) -> Client:
        session = client.session
        for key, age in (("began", began), ("touched", touched)):
            session[key] = (parse_datetime(session[key]) - age).isoformat()
        session.save()
        return client

    def entered(self, world, role: Role) -> Client:
        client = Client()
        log_in(client, person(role, world.here).username)
        assert is_in(client)
        return client

    @pytest.mark.parametrize("role", DESK + PHONES)
    def test_twelve_hours_end_every_session(self, world, role):
        client = self.entered(world, role)
        almost = timedelta(hours=11, minutes=59)
        assert is_in(self.aged(client, almost, timedelta()))
        assert not is_in(self.aged(client, timedelta(minutes=2), timedelta()))

    @pytest.mark.parametrize("role", DESK)
    def test_thirty_idle_minutes_end_it_at_a_desk(self, world, role):
        client = self.entered(world, role)
        idle = timedelta(minutes=29)
        assert is_in(self.aged(client, idle, idle))
        assert is_in(self.aged(client, idle, idle)), "the page in between was a touch"
        assert not is_in(self.aged(client, idle, timedelta(minutes=31)))

    @pytest.mark.parametrize("role", PHONES)
    def test_a_phone_that_lies_idle_stays_in(self, world, role):
        client = self.entered(world, role)
        assert is_in(self.aged(client, timedelta(hours=5), timedelta(hours=5)))

    def test_a_teacher_who_is_also_the_office_has_a_desk(self, world):
        both = person(Role.TEACHER, world.here)
        make.seat(both, Role.OFFICE, world.here.school)
        client = Client()
        log_in(client, both.username)
        assert not is_in(self.aged(client, timedelta(hours=1), timedelta(hours=1)))

    def test_an_ended_session_is_gone_for_good(self, world):
        client = self.entered(world, Role.OFFICE)
        self.aged(client, timedelta(hours=13), timedelta())
        assert not is_in(client)
        assert not Session.objects.exists()


def test_a_login_starts_a_new_session(office):
    """A session key planted before the login is worth nothing after it."""
    client = Client()
    log_in(client)
    before = client.session.session_key
    client.post("/logout/")
    log_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_pages_behind_the_login_are_not_kept_by_the_browser(office):
    client = Client()
    log_in(client)
    for url in ("/account/", "/students/", "/alerts/", "/no/such/page"):
        assert client.get(url)["Cache-Control"] == "no-store", url


def test_logging_out_is_a_post(office):
    client = Client()
    log_in(client)
    assert client.get("/logout/").status_code == 405 and is_in(client)
    assert client.post("/logout/")["Location"] == "/login/" and not is_in(client)


def test_a_visitor_is_led_back_to_where_they_wanted_to_go(office):
    client = Client()
    assert client.get("/alerts/")["Location"] == "/login/?next=/alerts/"
    assert 'value="/alerts/"' in client.get("/login/?next=/alerts/").content.decode()
    assert log_in(client, next="/alerts/")["Location"] == "/alerts/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/", "//example.com/", "///example.com", "/\\example.com",
        "http:example.com", "javascript:alert(1)", "\\\\example.com", " https://example.com",
    ],
)  # fmt: skip
def test_a_login_never_leads_to_another_site(office, elsewhere):
    assert log_in(Client(), next=elsewhere)["Location"] == "/"
