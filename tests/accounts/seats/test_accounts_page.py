"""账号: what each administrator may press there, and what comes of it."""

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from tests import factories as make
from tests.accounts.seats.giving import give
from tests.counties import TODAY, person
from tests.pages.test_queries import asked

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def press(client: Client, act: str, username: str) -> str:
    body = {"act": act, "username": username}
    return client.post("/users/", body, follow=True).content.decode()


def test_the_security_administrator_resets_a_county_s_password_shown_once(world, security):
    bureau, client = person(Role.BUREAU, world.here), signed_in(security)
    shown = press(client, "reset", bureau.username)
    assert "只显示这一次" in shown
    password = shown.split('<span class="cell">')[1].split("<")[0]
    assert User.objects.get(pk=bureau.pk).check_password(password)
    assert password not in client.get("/users/").content.decode()


def test_the_system_administrator_stops_and_reopens_and_resets_nobody(world, root):
    teacher, client = make.user(Role.TEACHER, world.here.school_class), signed_in(root)
    assert f"{teacher.username} 已停用" in press(client, "stop", teacher.username)
    assert not User.objects.get(pk=teacher.pk).is_active
    assert "已恢复使用" in press(client, "reopen", teacher.username)
    assert "密码由安排任职的上级重置" in press(client, "reset", teacher.username)
    assert 'value="reset"' not in client.get("/users/").content.decode()


@pytest.mark.parametrize("act", ["", "delete"])
def test_what_is_no_act_is_refused_in_words(world, root, act):
    assert "没有这样的办理" in press(signed_in(root), act, "x")


def test_a_seat_says_what_keeps_it_from_reaching(world, root, office):
    give("ju2", Role.BUREAU, world.here.county, root)
    left = make.user(name="张海波")
    make.seat(left, Role.OFFICE, world.here.school, until=TODAY.replace(day=1))
    shown = signed_in(root).get("/users/").content.decode()
    assert "（待启用）" in shown and "（已离任）" in shown


def test_it_asks_as_much_for_thirty_accounts_as_for_two(world, root):
    client = signed_in(root)

    def grow(count: int) -> int:
        for _ in range(count):
            make.user(Role.TEACHER, world.here.school_class)
        return len(asked(client, "/users/"))

    assert grow(2) == grow(28)
