"""A first password opens its account for 14 days, whoever gave it; then it is given anew."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User, WrongTry
from accounts.seats.accounts import SHOWN_ONCE
from tests import factories as make
from tests.counties import TODAY

pytestmark = pytest.mark.django_db
LAST = TODAY + timedelta(days=14)


def log_in(username: str, password: str):
    return Client().post("/login/", {"username": username, "password": password})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def by_slip(world, office) -> tuple[str, str]:
    of = make.newcomer(Role.TEACHER, world.here.school_class)
    sheet = signed_in(office).post("/people/passwords/", {"first": of.username}).content.decode()
    assert "2026年12月3日" in sheet
    return of.username, re.search(r"<dd>([A-Z]\w+-\d+)</dd>", sheet)[1]


def by_appointing(world, office) -> tuple[str, str]:
    told = {"role": "teacher", "username": "wangjh", "name": "王建华", "began": str(TODAY)}
    shown = signed_in(office).post(f"/people/at/{world.here.school_class.path}/", told)
    return "wangjh", shown_on(shown.content.decode())


def by_reset(world, office) -> tuple[str, str]:
    of = make.user(Role.TEACHER, world.here.school_class)
    shown = signed_in(office).post(f"/people/{of.seats.get().pk}/reset/", {"seen": ""})
    return of.username, shown_on(shown.content.decode())


def shown_on(page: str) -> str:
    assert "2026年12月3日" in page and "data-print" in page
    return re.search(r'<b class="cell">([^<]+)</b>', page)[1]


@pytest.mark.parametrize("given", [by_slip, by_appointing, by_reset])
def test_an_unused_first_password_ends_and_the_login_says_who_gives_another(
    world, office, settings, given
):
    username, password = given(world, office)
    settings.KONGCHUO_TODAY = LAST
    assert log_in(username, password).status_code == 302
    User.objects.filter(username=username).update(last_login=None)
    settings.KONGCHUO_TODAY = LAST + timedelta(days=1)
    refused = log_in(username, password)
    said = refused.content.decode()
    assert refused.status_code == 401 and "初始密码已过期（有效至 12月3日）" in said
    assert "教师找本校教务处" in said
    settings.KONGCHUO_TODAY = LAST + timedelta(days=400)
    assert log_in(username, password).status_code == 401
    listed = signed_in(office).get("/people/passwords/").content.decode()
    assert "1 人的初始密码已过期" in listed and "已过期" in listed


def test_a_password_of_ones_own_does_not_end(world, office, settings):
    of = make.user(Role.TEACHER, world.here.school_class)
    User.objects.filter(pk=of.pk).update(password_at=None)
    settings.KONGCHUO_TODAY = TODAY + timedelta(days=400)
    assert log_in(of.username, make.PASSWORD).status_code == 302


def test_only_who_knows_the_password_learns_that_it_is_over(world, office, settings):
    username, password = by_slip(world, office)
    settings.KONGCHUO_TODAY = LAST + timedelta(days=1)
    over, wrong, nobody = (
        re.search(r'role="alert">(.*?)</div>', page.content.decode(), re.DOTALL)[1]
        for page in (
            log_in(username, password), log_in(username, "Wrong-20261"),
            log_in("nobody1", "Wrong-20261"),
        )
    )  # fmt: skip
    assert wrong == nobody != over
    assert WrongTry.objects.count() == 3, "an old slip opens no brake"
    answers = [log_in(username, password).status_code for _ in range(5)]
    assert 429 in answers


def test_the_slip_is_shown_once_and_coming_back_changes_nothing(world, office):
    of = make.user(Role.TEACHER, world.here.school_class)
    url = f"/people/{of.seats.get().pk}/reset/"
    client = signed_in(office)
    assert client.get(f"/people/{of.seats.get().pk}/").content.decode().count('name="seen"') == 1
    first = shown_on(client.post(url, {"seen": ""}).content.decode())
    for answer in (client.post(url, {"seen": ""}), client.get(url)):
        shown = answer.content.decode()
        assert SHOWN_ONCE in shown and first not in shown and "去重置密码" in shown
    assert User.objects.get(pk=of.pk).check_password(first)
    seat = client.get(f"/people/{of.seats.get().pk}/").content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', seat)[1]
    assert shown_on(client.post(url, {"seen": seen}).content.decode()) != first


def test_nor_does_the_form_that_made_the_account_sent_again(world, office):
    by_appointing(world, office)
    told = {"role": "teacher", "username": "wangjh", "name": "王建华", "began": str(TODAY)}
    before = User.objects.get(username="wangjh").password
    again = signed_in(office).post(f"/people/at/{world.here.school_class.path}/", told)
    assert again.status_code == 409 and SHOWN_ONCE in again.content.decode()
    assert User.objects.get(username="wangjh").password == before
