"""信任这部手机 as its owner meets it: offered, coming back, what still wants the password, 撤销."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts import unsent
from accounts.enums import Access, Role
from accounts.login.device_cookie import name as cookie_name
from accounts.models import AccessLog, Change, TrustedDevice, User, WrongTry
from attendance.models import Register
from students.models import Student
from tests import factories as make
from tests.access_page import NO_LOGIN
from tests.access_table import TABLE, address, batches, is_about_a_place, register_of, undone
from tests.counties import TODAY, World, hang_alerts, person, two_counties
from tests.county_records import count_both, hang_cases, hang_contracts

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile MicroMessenger/8.0"
PHONES = [Role.TEACHER, Role.STAND_IN, Role.VILLAGE]
HERE = "http://testserver"
ACCOUNT = "/account/"


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = TODAY


@pytest.fixture
def world() -> World:
    return two_counties()


@pytest.fixture
def teacher(world) -> User:
    return person(Role.TEACHER, world.here, username="laoshi")


def log_in(client: Client, username="laoshi", password=make.PASSWORD, source="10.0.0.1"):
    body = {"username": username, "password": password}
    return client.post("/login/", body, REMOTE_ADDR=source)


def browser(user_agent: str = PHONE) -> Client:
    return Client(headers={"user-agent": user_agent})


def trusting(client: Client, choice: str = "trust", page: str = ACCOUNT):
    body = {"choice": choice, unsent.STOOD_ON: page}
    return client.post("/account/phone/", body, headers={"referer": f"{HERE}{page}"})


@pytest.fixture
def phone(teacher) -> Client:
    """A phone that was trusted after a login."""
    client = browser()
    client.force_login(teacher)
    trusting(client)
    return client


def end_session(client: Client, settings) -> None:
    """Twelve hours go by: the browser has thrown its session away, and kept the ticket."""
    del client.cookies[settings.SESSION_COOKIE_NAME]


@pytest.fixture
def back(phone, settings) -> Client:
    """The phone the next morning: nobody has typed a password."""
    end_session(phone, settings)
    return phone


def is_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def register_page(world: World) -> str:
    return reverse("attendance:register", args=[world.here.school_class.pk, TODAY.isoformat()])


class TestTheOffer:
    OFFERED = "下次免输密码？"

    @pytest.mark.parametrize("role", PHONES)
    def test_it_stands_on_the_page_after_a_login_on_a_phone(self, world, role):
        client, user = browser(), person(role, world.here)
        log_in(client, user.username)
        assert self.OFFERED in client.get("/", follow=True).content.decode()
        assert self.OFFERED in client.get(ACCOUNT).content.decode(), "until it is answered"

    @pytest.mark.parametrize(
        ("role", "user_agent"),
        [(Role.OFFICE, PHONE), (Role.TOWNSHIP, PHONE), (Role.TEACHER, "Windows NT 10.0")],
    )
    def test_not_at_a_desk(self, world, role, user_agent):
        client, user = browser(user_agent), person(role, world.here)
        log_in(client, user.username)
        assert self.OFFERED not in client.get("/", follow=True).content.decode()

    def test_no_thanks_is_heard_and_leaves_nothing(self, teacher):
        client = browser()
        log_in(client)
        answer = trusting(client, "no", "/students/")
        assert answer["Location"] == "/students/"
        page = client.get(ACCOUNT).content.decode()
        assert self.OFFERED not in page and "每次登录都输密码" in page
        assert not TrustedDevice.objects.exists()

    @pytest.mark.parametrize("secure", [True, False])
    def test_the_cookie_is_for_this_site_and_no_script(self, teacher, settings, secure):
        settings.SESSION_COOKIE_SECURE = secure
        client = browser()
        client.force_login(teacher)
        laid = trusting(client).cookies["__Host-device" if secure else "device"]
        assert bool(laid["secure"]) is secure and laid["httponly"]
        assert (laid["samesite"], laid["path"], laid["domain"]) == ("Lax", "/", "")
        assert 30 * 86400 <= laid["max-age"] <= 31 * 86400

    def test_what_it_means_is_said(self, phone):
        page = phone.get(ACCOUNT).content.decode()
        assert "已信任这部手机，30 天内登录不用输密码。" in page
        assert "安卓手机 · 微信（这部）" in page and "信任这部手机</button>" not in page

    def test_the_third_says_which_one_goes(self, phone, teacher):
        for _ in range(2):
            other = browser()
            other.force_login(teacher)
            trusting(other)
        assert "最久没用的一部（安卓手机 · 微信）已撤销" in other.get(ACCOUNT).content.decode()


class TestComingBack:
    def test_the_page_that_was_wanted_opens_and_nothing_is_fetched_besides(self, back, settings):
        before = back.cookies[cookie_name()].value
        answer = back.get("/students/")
        assert answer.status_code == 200
        assert back.cookies[cookie_name()].value != before
        assert settings.SESSION_COOKIE_NAME in back.cookies

    def test_on_the_30th_of_december_it_works_and_on_the_31st_it_asks(self, teacher, settings):
        settings.KONGCHUO_TODAY = date(2026, 11, 30)
        client = browser()
        client.force_login(teacher)
        trusting(client)
        old = client.cookies[cookie_name()].value
        for day in (date(2026, 12, 10), date(2026, 12, 20), date(2026, 12, 30)):
            settings.KONGCHUO_TODAY = day
            end_session(client, settings)
            assert is_in(client), day
        settings.KONGCHUO_TODAY = date(2026, 12, 31)
        end_session(client, settings)
        assert client.get(ACCOUNT)["Location"].startswith("/login/")
        assert client.cookies[cookie_name()].value == "", "and forgets a ticket that is over"
        settings.KONGCHUO_TODAY = date(2026, 12, 30)
        copied = Client()
        copied.cookies[cookie_name()] = old
        assert not is_in(copied)
        assert TrustedDevice.objects.get().revoked_at

    def test_an_old_ticket_ends_every_session_of_the_account(self, back, settings):
        old = back.cookies[cookie_name()].value
        for _ in range(2):
            assert is_in(back)
            end_session(back, settings)
        assert is_in(back)
        copied = Client()
        copied.cookies[cookie_name()] = old
        assert not is_in(copied) and not is_in(back)
        assert Change.objects.filter(verb="devices.revoke", by=None).count() == 1

    def test_a_braked_account_still_enters_by_the_phone(self, back):
        for n in range(25):
            log_in(Client(), password="wrong", source=f"10.9.0.{n % 5}")
        answer = log_in(Client(), source="10.9.1.1")
        assert answer.status_code == 429 and "请 30 秒后再试" in answer.content.decode()
        assert is_in(back)

    def test_a_register_sent_after_the_session_ended_is_taken(self, phone, world):
        url = register_page(world)
        session = phone.session
        session["began"] = session["touched"] = "2026-11-18T19:00:00+08:00"
        session["phone"] = True
        session.save()
        answer = phone.post(
            url, register_of(world.here) | {unsent.STOOD_ON: url}, headers={"referer": HERE + url}
        )
        assert answer.status_code == 302 and Register.objects.count() == 1
        assert "刚才没有提交" not in phone.get(url).content.decode()

    def test_the_csrf_token_of_a_page_from_before_is_good(self, teacher, world, settings):
        client = Client(enforce_csrf_checks=True, headers={"user-agent": PHONE})
        client.force_login(teacher)
        url = register_page(world)

        def token() -> dict:
            client.get(url)
            return {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}

        client.post("/account/phone/", token() | {"choice": "trust"})
        sent = register_of(world.here) | token()
        end_session(client, settings)
        assert client.post(url, sent).status_code == 302
        assert Register.objects.count() == 1

    def test_a_session_that_runs_asks_nothing_of_the_phone(
        self, phone, django_assert_num_queries, world
    ):
        url = register_page(world)
        phone.get(url)
        ticket = phone.cookies.pop(cookie_name())
        with django_assert_num_queries(8):
            phone.get(url)
        phone.cookies[cookie_name()] = ticket.value
        with django_assert_num_queries(8):
            phone.get(url)

    def test_logging_out_asks_for_the_password_again(self, back):
        assert is_in(back)
        back.post("/logout/")
        assert not is_in(back) and back.cookies[cookie_name()].value == ""
        assert TrustedDevice.objects.get().revoked_at

    def test_who_types_an_account_comes_in_and_not_the_owner_of_the_phone(self, back, world):
        other = person(Role.STAND_IN, world.here, name="李老师")
        assert log_in(back, other.username).status_code == 302
        assert back.cookies[cookie_name()].value == ""
        assert "李老师" in back.get(ACCOUNT).content.decode()

    def test_also_when_the_session_had_ended(self, back):
        back.post("/logout/")
        assert not is_in(back)


class TestTheAccountPage:
    def test_revoking_a_phone_logs_it_out_and_keeps_who_revokes(self, back, teacher):
        assert is_in(back)
        pc = Client()
        log_in(pc)
        device = TrustedDevice.objects.get()
        assert "安卓手机 · 微信" in pc.get(ACCOUNT).content.decode()
        answer = pc.post("/account/phone/revoke/", {"device": device.pk}, follow=True)
        assert "已撤销“安卓手机 · 微信”。" in answer.content.decode()
        assert not is_in(back) and is_in(pc)
        device.refresh_from_db()
        assert device.revoked_by == teacher

    def test_nobody_revokes_the_phone_of_another(self, phone, world):
        other = Client()
        other.force_login(person(Role.STAND_IN, world.here))
        device = TrustedDevice.objects.get()
        assert other.post("/account/phone/revoke/", {"device": device.pk}).status_code == 404
        assert not TrustedDevice.objects.get().revoked_at

    def test_a_desk_is_shown_none(self, world):
        client = Client()
        client.force_login(person(Role.OFFICE, world.here))
        assert "信任的手机" not in client.get(ACCOUNT).content.decode()


def reveal(client: Client, child: Student):
    url, page = reverse("cases:reveal", args=[child.uid]), reverse("cases:child", args=[child.uid])
    told = {"field": "id_no", "reason": "办理转学，核对证件", unsent.STOOD_ON: page}
    return client.post(url, told, headers={"referer": f"{HERE}{page}"})


class TestThePassword:
    def test_a_full_number_wants_it_and_what_was_typed_comes_back(self, back, world):
        child = world.here.child
        page = reverse("cases:child", args=[child.uid])
        answer = reveal(back, child)
        assert answer["Location"] == f"/account/confirm/?next={page}"
        assert not AccessLog.objects.filter(action=Access.REVEAL).exists()
        assert "请输入密码" in back.get(answer["Location"]).content.decode()
        wrong = back.post("/account/confirm/", {"password": "wrong", "next": page})
        assert wrong.status_code == 401 and "密码不对。" in wrong.content.decode()
        assert reveal(back, child).status_code == 302
        right = back.post("/account/confirm/", {"password": make.PASSWORD, "next": page})
        assert right["Location"] == page
        assert "办理转学，核对证件" in back.get(page).content.decode()
        assert world.here.id_no in reveal(back, child).content.decode()
        assert AccessLog.objects.get(action=Access.REVEAL).uid == child.uid

    def test_the_next_morning_it_is_wanted_again(self, back, world, settings):
        back.post("/account/confirm/", {"password": make.PASSWORD})
        assert reveal(back, world.here.child).status_code == 200
        end_session(back, settings)
        assert reveal(back, world.here.child).status_code == 302

    def test_a_session_begun_with_the_password_is_not_asked(self, phone, world):
        assert reveal(phone, world.here.child).status_code == 200

    def test_ten_wrong_ones_are_enough_for_an_hour(self, back, teacher):
        teacher.set_password(make.PASSWORD)
        is_in(back)
        answers = [back.post("/account/confirm/", {"password": f"w{n}"}) for n in range(11)]
        assert [one.status_code for one in answers] == [401] * 9 + [429] * 2
        assert 3590 < int(answers[-1]["Retry-After"]) <= 3600
        assert "请 60 分钟后再试" in answers[-1].content.decode()
        changed = {"old": make.PASSWORD, "new1": "Qingshan-2027", "new2": "Qingshan-2027"}
        page = back.post("/account/password/", changed).content.decode()
        assert "请 60 分钟后再试" in page, "nor can the old password be guessed where it is changed"
        assert WrongTry.objects.exclude(device=None).count() == 10
        assert log_in(Client(), source="10.0.0.9").status_code == 302

    def test_trust_cannot_prolong_itself(self, back):
        assert trusting(back)["Location"].startswith("/account/confirm/")
        assert TrustedDevice.objects.count() == 1
        back.post("/account/confirm/", {"password": make.PASSWORD})
        trusting(back)
        assert TrustedDevice.objects.count() == 2

    def test_it_leads_nowhere_else(self, back):
        sent = {"password": make.PASSWORD, "next": "https://example.com/"}
        assert back.post("/account/confirm/", sent)["Location"] == "/"


def looks(client: Client, world: World, user: User) -> dict[str, int]:
    """Over every page the role may open, GET and POST: the pages that showed a number in full or
    handed out a file, with how often."""
    waiting, cookies, found = batches(world, user), client.cookies.copy(), {}
    role = next(iter(user.reach.roles))
    for name, page in TABLE.items():
        if page.roles is NO_LOGIN or role not in page.roles:
            continue
        for method in ("get", "post"):
            client.cookies = cookies.copy()
            with undone():
                if is_about_a_place(page):
                    page.before(world.here)
                body = page.body(world.here) if method == "post" else {}
                getattr(client, method)(address(name, world.here, waiting), body)
                left = AccessLog.objects.filter(action__in=[Access.REVEAL, Access.EXPORT])
                if count := left.count():
                    found[name] = found.get(name, 0) + count
    return found


@pytest.mark.parametrize("role", PHONES)
def test_begun_by_a_phone_no_page_shows_a_number_or_hands_out_a_file_but_the_call(
    world, role, settings
):
    """The control: the same pages after a login with the password."""
    hang_alerts(world, person(Role.TEACHER, world.here, username="teacher_here"))
    hang_cases(world)
    hang_contracts(world)
    count_both()
    user = person(role, world.here)
    client = browser()
    client.force_login(user)
    control = looks(client, world, user)
    assert "cases:reveal" in control and "cases:call" in control
    client = browser()
    client.force_login(user)
    trusting(client)
    end_session(client, settings)
    client.get(ACCOUNT)
    assert set(looks(client, world, user)) == {"cases:call"}
