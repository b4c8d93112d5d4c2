"""账号: what each administrator may press there, and what comes of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from regions.clock import now
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


def test_the_list_offers_the_reset_to_whom_it_belongs_and_takes_none_itself(world, root, security):
    bureau = person(Role.BUREAU, world.here)
    door = f"/people/{bureau.seats.get().pk}/reset/"
    shown = {who: signed_in(who).get("/users/").content.decode() for who in (root, security)}
    assert f'formaction="{door}"' in shown[security] and "/reset/" not in shown[root]
    for who in (root, security):
        assert "没有这样的办理" in press(signed_in(who), "reset", bureau.username)
    assert User.objects.get(pk=bureau.pk).check_password(make.PASSWORD)


def test_the_system_administrator_stops_and_reopens_and_resets_nobody(world, root):
    teacher, client = make.user(Role.TEACHER, world.here.school_class), signed_in(root)
    assert f"{teacher.username} 已停用" in press(client, "stop", teacher.username)
    assert not User.objects.get(pk=teacher.pk).is_active
    assert "已恢复使用" in press(client, "reopen", teacher.username)
    answer = client.post(f"/people/{teacher.seats.get().pk}/reset/", {"seen": ""})
    assert answer.status_code == 409 and "本校教务处或校长重置" in answer.content.decode()


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


def test_nor_for_thirty_in_county_seats_that_the_security_administrator_resets(world, security):
    client = signed_in(security)

    def grow(count: int) -> int:
        for _ in range(count):
            make.user(Role.BUREAU, world.here.county)
        return len(asked(client, "/users/"))

    assert grow(10) == grow(20)


STATES = [
    ({"last_login": True}, {"在用"}),
    ({}, {"未登录过"}),
    ({"is_active": False, "last_login": True}, {"账号已停用"}),
    ({"must_change_password": True, "age": 14}, {"未登录过", "初始密码有效至 11月19日"}),
    ({"must_change_password": True, "age": 15}, {"未登录过", "初始密码已过期"}),
    ({"must_change_password": True, "age": 0, "last_login": True},
     {"没换初始密码", "初始密码有效至 12月3日"}),
    ({"password": "!", "must_change_password": True}, {"还没有密码"}),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "words"), STATES)
def test_an_account_says_how_it_stands_on_both_lists(world, root, office, fields, words):
    of = make.user(Role.TEACHER, world.here.school_class, name="张海波")
    given = dict(fields)
    given["password_at"] = now() - timedelta(days=given.pop("age", 0))
    if given.pop("last_login", False):
        given["last_login"] = now()
    User.objects.filter(pk=of.pk).update(**given)
    for who, url in ((root, "/users/"), (office, "/people/")):
        shown = signed_in(who).get(url).content.decode()
        rows = "".join(row for row in shown.split("<tr")[1:] if "张海波" in row)
        tags = re.findall(r'<span class="tag[^"]*"><span[^>]*></span>([^<]*)</span>', rows)
        said = {one.strip() for one in tags}
        expected = words if url == "/users/" or words != {"在用"} else {"在岗"}
        if url == "/people/" and not given.get("is_active", True):
            expected = words | {"没有班主任"}  # who cannot log in holds nothing
        assert said == expected
