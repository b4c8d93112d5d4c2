"""待启用任职: what the security administrator sees and presses; the same through the command."""

import json
from datetime import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.enums import Role, SeatState
from accounts.models import Seat
from accounts.seats.checking import check_seats
from accounts.seats.granting import ONE_DAY
from accounts.seats.waiting import groups_for
from kongchuo.people.activation_views import count_children
from regions.clock import at as at_time
from students.models import Student
from tests import factories as make
from tests.accounts.seats.giving import give
from tests.counties import TODAY, unit_in
from tests.pages.test_queries import asked

pytestmark = pytest.mark.django_db
URL = "/seats/waiting/"


@pytest.fixture
def page(security) -> Client:
    client = Client()
    client.force_login(security)
    return client


def text(client: Client, url: str = URL) -> str:
    return client.get(url).content.decode()


def waiting(*names: str) -> str:
    seats = Seat.objects.waiting()
    found = seats.filter(user__username__in=names) if names else seats
    return ",".join(str(pk) for pk in found.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("role", "children"),
    [
        (Role.BUREAU, 3),  # here, class_by, school_by: the third is of another township
        (Role.COUNTY_OFFICE, 3),
        (Role.TOWNSHIP, 2),
        (Role.VILLAGE, 1),
        (Role.CENTRAL, 2),
        (Role.OFFICE, 2),
        (Role.TEACHER, 1),
        (Role.STAND_IN, 1),
        (Role.LEADER, 0),
        (Role.INSPECTOR, 0),
        (Role.COURT, 0),
        (Role.AUDIT_ADMIN, 0),
    ],
)
def test_it_says_how_many_children_a_seat_opens(world, root, security, role, children):
    until = TODAY + 9 * ONE_DAY if role is Role.STAND_IN else None
    seat = give("new1", role, unit_in(role, world.here), root, until=until)
    (group,) = groups_for(security, TODAY)
    count_children([group])
    assert group.children == children
    Seat.objects.filter(pk=seat.pk).update(state=SeatState.ACTIVE)
    seen = Student.objects.visible_to(seat.user).count()
    assert seen == children, "what it says is what the seat reaches"


def test_classes_of_a_school_are_one_group_and_told_apart_on_request(world, root, page):
    give("b1", Role.TEACHER, world.here.school_class, root, name="陈海燕")
    give("b2", Role.TEACHER, world.class_by.school_class, root, name="张海波")
    assert "按单位 1 组 2 份" in text(page) and "陈海燕 等" in text(page)
    (group,) = groups_for(root, TODAY)
    apart = text(page, f"{URL}?apart={group.key}")
    assert "按单位 2 组 2 份" in apart and "张海波" in apart


def test_what_is_chosen_is_let_in_and_said(world, root, page):
    give("jw1", Role.OFFICE, world.here.school, root)
    give("jw2", Role.OFFICE, world.school_by.school, root)
    answer = page.post(URL, {"act": "activate", "seats": waiting("jw1")}, follow=True)
    assert "已启用 1 份任职" in answer.content.decode()
    assert list(Seat.objects.waiting().values_list("user__username", flat=True)) == ["jw2"]


def test_what_is_turned_away_is_said_and_kept(world, root, security, page):
    give("jw1", Role.OFFICE, world.here.school, root)
    body = {"act": "refuse", "seats": waiting(), "reason": "不是本县的人"}
    assert "已退回 1 份任职" in page.post(URL, body, follow=True).content.decode()
    seat = Seat.objects.get(user__username="jw1")
    assert (seat.state, seat.ended_by, seat.end_reason) == ("refused", security, "不是本县的人")


@pytest.mark.parametrize(
    ("seats", "says"),
    [("", "没有选任职"), ("99999", "。"), ("x", "没有选任职"), ("9" * 5000, "没有选任职")],
)
@pytest.mark.parametrize("act", ["activate", "refuse"])
def test_nothing_chosen_is_said_and_nothing_done(world, root, page, seats, says, act):
    give("jw1", Role.OFFICE, world.here.school, root)
    answer = page.post(URL, {"act": act, "seats": seats})
    assert answer.status_code == 409 and says in answer.content.decode()
    assert Seat.objects.waiting().count() == 1


def test_the_submitter_s_own_seat_is_named_and_only_turned_away(world, root, page):
    give(root.username, Role.BUREAU, world.here.county, root)
    shown = text(page)
    assert "段立新是提交这批任职的系统管理员" in shown and "本人提交给本人" in shown
    answer = page.post(URL, {"act": "activate", "seats": waiting()})
    assert answer.status_code == 409 and "只能退回" in answer.content.decode()
    page.post(URL, {"act": "refuse", "seats": waiting()})
    assert not Seat.objects.waiting().exists()


def test_wide_and_barred_seats_are_ticked_by_hand_alone(world, root, security):
    give("bu1", Role.BUREAU, world.here.county, root)
    give("jw1", Role.OFFICE, world.here.school, root)
    chosen = {group.role: group.chosen for group in groups_for(security, TODAY)}
    assert chosen == {Role.BUREAU: False, Role.OFFICE: True}


def test_the_menu_counts_what_waits(world, root, page):
    give("jw1", Role.OFFICE, world.here.school, root)
    assert '<span class="count">1' in text(page).replace("\n", "").replace("  ", "")


def test_it_asks_as_much_for_thirty_seats_as_for_two(world, root, page):
    def grow(count: int) -> int:
        for _ in range(count):
            school = make.school(f"53990199{Seat.objects.count():02d}")
            name = f"jw{Seat.objects.count()}"
            give(name, Role.OFFICE, school, root)
        return len(asked(page, URL))

    two = grow(2)
    assert grow(28) == two


def door(name: str, **options) -> dict:
    out = StringIO()
    call_command(name, stdout=out, stderr=StringIO(), **options)
    return json.loads(out.getvalue())


class TestTheCommand:
    def test_lets_in_a_unit_and_tells_what_is_left(self, world, root, security):
        give("jw1", Role.OFFICE, world.here.school, root)
        give("jw2", Role.OFFICE, world.far.school, root)
        give(root.username, Role.BUREAU, world.here.county, root)
        told = door("activate_seats", unit=world.here.school.code, by=security.username)
        assert told == {"activated": 1, "refused": 0, "left": 0}
        county = world.here.county.codes.get().code
        told = door("activate_seats", unit=county, by=security.username)
        assert told == {"activated": 0, "refused": 1, "left": 1}
        assert Seat.objects.get(user__username="jw2").state == SeatState.PROPOSED

    def test_a_county_takes_the_administrators_along(self, world, root, security):
        give("au2", Role.AUDIT_ADMIN, None, root)
        county = world.here.county.codes.get().code
        assert door("activate_seats", unit=county, by=security.username)["activated"] == 1

    def test_is_the_security_administrator_s(self, world, root):
        give("jw1", Role.OFFICE, world.here.school, root)
        for unit, by in ((world.here.school.code, root), ("5399019999", root)):
            with pytest.raises(CommandError, match="。"):
                door("activate_seats", unit=unit, by=by.username)
        assert Seat.objects.waiting().count() == 1


class TestCheckSeats:
    def test_all_is_well_where_only_verbs_were_used(self, world, office, root):
        give("b1", Role.TEACHER, world.here.school_class, office)
        give("s1", Role.STAND_IN, world.here.school_class, office, until=TODAY)
        assert door("check_seats") == {"faults": []}

    def test_two_teachers_of_a_class_are_found_on_any_day(self, world):
        one = make.user(Role.TEACHER, world.here.school_class, name="张海波")
        one.seats.update(until=TODAY + ONE_DAY)
        two = make.user(name="陈海燕")
        make.seat(two, Role.TEACHER, world.here.school_class, began=TODAY + ONE_DAY)
        (fault,) = check_seats(TODAY)
        assert fault["kind"] == "two_teachers" and fault["user"] == two.username
        two.seats.update(began=TODAY + 2 * ONE_DAY)
        assert check_seats(TODAY) == []

    def test_an_administrator_with_another_seat_and_a_wrong_level_are_found(self, world, root):
        make.seat(root, Role.OFFICE, world.here.school)
        make.user(Role.VILLAGE, world.here.township)
        Seat.objects.filter(pk=make.user(Role.OFFICE, world.here.school).seats.get().pk).update(
            path="9"
        )
        assert [fault["kind"] for fault in check_seats(TODAY)] == [
            "administrators",
            "level",
            "path",
        ]


def test_on_paper_a_group_names_everybody_and_says_when_each_part_came(world, root, page):
    for name, username in (("陈海燕", "b1"), ("张海波", "b2")):
        at = world.here if username == "b1" else world.class_by
        give(username, Role.TEACHER, at.school_class, root, name=name)
    Seat.objects.filter(user__username="b1").update(
        granted_at=at_time(TODAY - ONE_DAY, time(9, 30))
    )
    Seat.objects.filter(user__username="b2").update(granted_at=at_time(TODAY, time(16, 5)))
    shown = " ".join(text(page).split())
    assert "陈海燕、张海波" in shown
    assert "分次提交：11月18日 09:30 至 11月19日 16:05" in shown


def test_a_reason_typed_without_a_tick_stays_with_the_sentence(world, root, page):
    give("jw1", Role.OFFICE, world.here.school, root)
    body = {"act": "refuse", "reason": "不是本县的人"}
    shown = page.post(URL, body).content.decode()
    assert "没有选任职" in shown and 'value="不是本县的人"' in shown
    assert "checked" not in shown, "and nothing is ticked that was not"
