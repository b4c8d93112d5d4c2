"""Who looks after an account with seats of several givers: through the page of a seat, by each."""

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from accounts.seats.keeping import turn_to
from accounts.seats.permissions import open_seats
from tests import factories as make
from tests.counties import TODAY, World

pytestmark = pytest.mark.django_db

ACTS = {"rename": {"name": "新名字"}, "stop": {"reason": "病休"}, "unlock": {}}
BY_SYSTEM = {"rename", "stop", "reopen", "unlock"}
ALL = BY_SYSTEM | {"reset"}
LOCKS = {"unlock"}


def seats_of(world: World, kind: str) -> list:
    here, beside = world.here, world.school_by
    return {
        "two schools": [(Role.TEACHER, here.school_class), (Role.TEACHER, beside.school_class)],
        "teacher and office": [(Role.TEACHER, here.school_class), (Role.OFFICE, here.school)],
        "one school": [(Role.TEACHER, here.school_class), (Role.TEACHER, world.class_by.school_class)],
        "two villages": [(Role.VILLAGE, here.village), (Role.VILLAGE, beside.village)],
        "township and village": [(Role.TOWNSHIP, here.township), (Role.VILLAGE, here.village)],
        "school and village": [(Role.TEACHER, here.school_class), (Role.VILLAGE, here.village)],
        "two counties": [(Role.TEACHER, here.school_class), (Role.TEACHER, world.far.school_class)],
    }[kind]  # fmt: skip


def keepers(world: World) -> dict[str, User]:
    here, beside, far = world.here, world.school_by, world.far
    central = make.user(Role.CENTRAL, here.school)
    beside.school.led_by = here.school
    beside.school.save()
    return {
        "office": make.user(Role.OFFICE, here.school),
        "other school": make.user(Role.PRINCIPAL, beside.school),
        "central of both": central,
        "bureau": make.user(Role.BUREAU, here.county),
        "other bureau": make.user(Role.BUREAU, far.county),
        "township": make.user(Role.TOWNSHIP, here.township),
        "county office": make.user(Role.COUNTY_OFFICE, here.county),
        "system": make.user(Role.SYSTEM_ADMIN),
        "security": make.user(Role.SECURITY_ADMIN),
    }


ADMINISTRATORS = {"system": BY_SYSTEM, "security": LOCKS}
TABLE = {
    "one school": {"office": ALL, **ADMINISTRATORS},
    "two schools": {"bureau": ALL, **ADMINISTRATORS},
    "teacher and office": {"bureau": ALL, **ADMINISTRATORS},
    "two villages": {"county office": ALL, **ADMINISTRATORS},
    "township and village": {"county office": ALL, **ADMINISTRATORS},
    "school and village": {"system": BY_SYSTEM, "security": LOCKS | {"reset"}},
    "two counties": {"system": BY_SYSTEM, "security": LOCKS | {"reset"}},
}
SAID = {
    "one school": "由本校教务处或校长办",
    "two schools": "重置密码由县教育体育局办",
    "teacher and office": "重置密码由县教育体育局办",
    "two villages": "重置密码由县控辍保学专班办",
    "township and village": "重置密码由县控辍保学专班办",
    "school and village": "由系统管理员办。这个账号的密码由安全管理员重置",
    "two counties": "由系统管理员办。这个账号的密码由安全管理员重置",
}


def able(by: User, of: User, pk: int) -> set[str]:
    """What `by` can do to the account, pressed on the page of its seat; all is put back."""
    client = Client()
    client.force_login(by)
    done = set()
    for name, told in (*ACTS.items(), ("reopen", {}), ("reset", {"seen": ""})):
        User.objects.filter(pk=of.pk).update(
            name="杨雪梅", is_active=name != "reopen", password=make.hashed(), password_at=None
        )
        url = f"/people/{pk}/reset/" if name == "reset" else f"/people/{pk}/{name}/"
        status = client.post(url, told).status_code
        assert status in (200, 302, 403, 404, 409), (name, status)
        if status == (200 if name == "reset" else 302):
            done.add(name)
    return done


@pytest.mark.parametrize("kind", TABLE)
def test_the_office_that_gives_all_seats_else_the_one_above_else_the_administrators(world, kind):
    of, who = make.user(name="杨雪梅"), keepers(world)
    for role, unit in seats_of(world, kind):
        make.seat(of, role, unit)
    pk = of.seats.order_by("pk").first().pk
    found = {name: acts for name, by in who.items() if (acts := able(by, of, pk))}
    assert found == TABLE[kind]
    assert SAID[kind] in turn_to(of, open_seats(of, TODAY))


def test_the_page_says_whom_to_turn_to_and_the_bureau_finds_the_account(world):
    of, who = make.user(name="杨雪梅"), keepers(world)
    for role, unit in seats_of(world, "two schools"):
        make.seat(of, role, unit)
    pk = of.seats.order_by("pk").first().pk
    client = Client()
    client.force_login(who["office"])
    shown = client.get(f"/people/{pk}/").content.decode()
    assert SAID["two schools"] in shown and "重置密码</button>" not in shown
    client.force_login(who["bureau"])
    listed = client.get("/people/").content.decode()
    assert "在几个单位任职的 1 人" in listed and f'href="/people/{pk}/"' in listed
    shown = client.get(f"/people/{pk}/").content.decode()
    assert "县教育体育局办" not in shown and "重置密码" in shown
    client.force_login(who["county office"])
    assert "在几个单位任职" not in client.get("/people/").content.decode()
    assert client.get(f"/people/{pk}/").status_code == 404
