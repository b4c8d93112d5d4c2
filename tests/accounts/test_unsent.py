"""A form sent after its session or its token expired: what was typed comes back, to its writer alone."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import unsent
from accounts.enums import Role
from attendance.enums import Mark
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from regions.clock import now
from tests import factories as make
from tests.cases.case_county import ON, case_of, county

pytestmark = pytest.mark.django_db
TYPED = "家长说孩子跟着亲戚去了外县，答应月底送回来。" * 8
HERE = "http://testserver"


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def page_of(here) -> str:
    return f"/cases/{case_of(here.student).uid}/note/"


def idle(client: Client, minutes: int = 31) -> None:
    """Leave the browser alone for a while."""
    session = client.session
    session["touched"] = (now() - timedelta(minutes=minutes)).isoformat()
    session.save()


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    session["began"] = session["touched"] = now().isoformat()
    session.save()
    return client


def send(client: Client, page: str, typed: str = TYPED, **headers):
    headers = {"referer": f"{HERE}{page}"} | headers
    told = {"said": typed, "version": "1", unsent.STOOD_ON: page}
    return client.post(page, told, headers=headers)


def enter(client: Client, user, page: str):
    """Log in on the page that came, and follow it."""
    user.set_password("kongchuo-2026-nov")
    user.must_change_password = False
    user.save()
    given = {"username": user.username, "password": "kongchuo-2026-nov", "next": page}
    return client.post("/login/", given, follow=True)


def test_after_the_session_expired_the_text_comes_back_into_its_form(here):
    page, client = page_of(here), logged_in(here.officer)
    idle(client)
    answer = send(client, page)
    assert answer.status_code == 302 and answer["Location"] == f"/login/?next={page}"
    shown = client.get(answer["Location"]).content.decode()
    assert "登录已过期" in shown and TYPED[:20] not in shown
    back = enter(client, here.officer, page)
    html = back.content.decode()
    assert "刚才没有提交" in html and TYPED in html
    held = re.search(r'id="unsent"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert held and f'"action": "{page}"' in held[1] and "csrfmiddlewaretoken" not in held[1]
    assert "刚才没有提交" not in client.get(page).content.decode(), "once"


def test_nobody_else_is_shown_it(here):
    page, client = page_of(here), logged_in(here.officer)
    idle(client)
    send(client, page)
    html = enter(client, here.bureau, page).content.decode()
    assert TYPED[:20] not in html and "刚才没有提交" not in html
    assert TYPED[:20] not in enter(client, here.officer, page).content.decode(), "gone for good"


def test_it_lies_sealed_and_not_for_long(here):
    page, client = page_of(here), logged_in(here.officer)
    idle(client)
    send(client, page)
    for session in Session.objects.all():
        assert TYPED[:6] not in str(session.get_decoded()) and "家长" not in session.session_data
    session = client.session
    session[unsent.NAME] |= {"until": (now() - timedelta(minutes=1)).isoformat()}
    session.save()
    assert TYPED[:20] not in enter(client, here.officer, page).content.decode()


@pytest.mark.parametrize(
    ("typed", "headers"),
    [
        ("字" * 30_000, {}),
        (TYPED, {"referer": "https://elsewhere.example/"}),
        (TYPED, {"origin": "https://elsewhere.example"}),
        (TYPED, {"x-requested-with": "fetch"}),
    ],
)
def test_what_is_too_long_or_from_elsewhere_is_not_kept(here, typed, headers):
    page, client = page_of(here), logged_in(here.officer)
    idle(client)
    assert send(client, page, typed, **headers).status_code == 302
    assert unsent.NAME not in client.session


def test_a_form_of_another_login_comes_back_filled(here):
    page = page_of(here)
    client = Client(enforce_csrf_checks=True)
    client.force_login(here.officer)
    answer = send(client, page)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert TYPED in client.get(page).content.decode()
    foreign = send(client, page, origin="https://elsewhere.example")
    assert foreign.status_code == 403 and "没有保存" in foreign.content.decode()


def sent_back(client: Client, user, address: str, page: str, **given) -> str:
    """Send a form too late to an address of its own; the page its writer finds after the login."""
    idle(client)
    told = given | {unsent.STOOD_ON: page}
    answer = client.post(address, told, headers={"referer": f"{HERE}{address}"})
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [page]
    back = enter(client, user, page)
    assert back.status_code == 200
    return back.content.decode()


def test_a_form_shown_again_by_a_refusal_comes_back_on_its_page(here):
    """The address takes POST only: the form names the page it stood on at first."""
    days = make.weekdays(ON, 3)
    teacher = make.user(Role.TEACHER, here.school_class)
    for day in days:
        make.take(here.school_class, day, teacher, **{here.student.uid: Mark.ABSENT})
    flag_absences(ON, here.region)
    alert = AbsenceAlert.objects.get()
    page, client = f"/alerts/{alert.pk}/", logged_in(here.office)
    given = {"kind": "sick", "until": "2026-01-01", "proof": TYPED, "version": alert.version}
    assert f'name="stood_on" value="{page}"' in client.get(page).content.decode()
    refused = client.post(f"{page}explain/", given | {unsent.STOOD_ON: page},
                          headers={"referer": f"{HERE}{page}"})  # fmt: skip
    assert refused.status_code == 409
    assert f'name="stood_on" value="{page}"' in refused.content.decode()
    assert TYPED in sent_back(client, here.office, f"{page}explain/", page, **given)


def test_a_page_with_a_query_is_the_one_it_was(here):
    page, client = "/snapshots/?back=1", logged_in(here.bureau)
    given = {"on": "2026-10-31", "title": TYPED}
    assert TYPED in sent_back(client, here.bureau, "/snapshots/freeze/", page, **given)


@pytest.mark.parametrize(
    "page", ["//evil.example/", "/\\evil.example", "https://evil.example/", ""]
)
def test_a_page_elsewhere_is_none(here, page):
    client = logged_in(here.officer)
    idle(client)
    answer = client.post(page_of(here), {"said": TYPED, unsent.STOOD_ON: page},
                         headers={"referer": f"{HERE}/"})  # fmt: skip
    assert answer["Location"] == "/login/" and unsent.NAME not in client.session


def test_after_half_an_hour_nothing_is_promised(here):
    page, client = page_of(here), logged_in(here.officer)
    idle(client)
    send(client, page)
    session = client.session
    session[unsent.NAME] |= {"until": (now() - timedelta(minutes=1)).isoformat()}
    session.save()
    assert "填的内容还在" not in client.get("/login/").content.decode()
    assert unsent.NAME not in client.session


def test_a_password_is_never_kept(here):
    client = logged_in(make.user(Role.OFFICE, here.school_class.school))
    idle(client)
    given = {
        "old": "x",
        "new1": "kongchuo-2026",
        "new2": "x",
        unsent.STOOD_ON: "/account/password/",
    }
    client.post("/account/password/", given, headers={"referer": f"{HERE}/account/password/"})
    assert unsent.NAME not in client.session
