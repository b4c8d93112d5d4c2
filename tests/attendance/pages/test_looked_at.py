"""A change of the year is looked at, then done; what is looked at costs a fixed number of statements."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.places import calendar_rows as rows
from accounts.places.calendar_rows import Draft
from accounts.places.calendar_scopes import class_scope
from attendance.school_year.waiting import waiting_closures
from regions.enums import DayKind
from regions.models import CalendarRow, School
from tests import factories as make
from tests.attendance.pages.year_world import (
    ADD,
    ON,
    SEEN,
    World,
    post,
    row_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = ON
    return World()


class TestWhatWasLookedAt:
    """Done is what was shown, and nothing else."""

    def test_pressing_without_looking_shows_it_first(self, world):
        said = post(world.bureau, ADD, confirmed="1", **row_of()).content.decode()
        assert "还没有办" in said and not CalendarRow.objects.filter(kind="closure").exists()

    def test_another_value_than_was_shown_is_shown_again(self, world):
        seen = SEEN.search(post(world.bureau, ADD, **row_of()).content.decode())[1]
        other = row_of(begins="2026-12-07", ends="2026-12-07")
        said = post(world.bureau, ADD, confirmed="1", seen=seen, **other).content.decode()
        assert "还没有办" in said and not CalendarRow.objects.filter(kind="closure").exists()
        seen = SEEN.search(said)[1]
        said = post(world.bureau, ADD, confirmed="1", seen=seen, **other).content.decode()
        assert "已录入：2026-12-07 停课。" in said

    def test_what_changed_in_between_is_shown_again(self, world):
        days = row_of(begins="2026-12-01", ends="2026-12-01")
        seen = SEEN.search(post(world.bureau, ADD, **days).content.decode())[1]
        make.take(world.of, date(2026, 12, 1), world.office)
        said = post(world.bureau, ADD, confirmed="1", seen=seen, **days).content.decode()
        assert "还没有办" in said and "1 份" in said
        assert not CalendarRow.objects.filter(kind="closure").exists()

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [({"begins": "2026-12-01"}, "过去的日子"), ({"source": ""}, "依据"),
         ({"ends": "2026-12-10"}, "最多停课 5 天")],
    )  # fmt: skip
    def test_a_look_promises_no_suspension_that_is_refused(self, world, wrong, says):
        head = make.school("5399010009", name="中心校")
        world.of.school.led_by = head
        world.of.school.save()
        central = make.user(Role.CENTRAL, head)
        said = post(central, ADD, **row_of(where=class_scope(world.of), **wrong)).content.decode()
        assert says in said and "录入后会变" not in said
        said = post(central, ADD, **row_of(where=class_scope(world.of))).content.decode()
        assert "录入后会变" in said

    def test_nor_an_end_that_is_refused(self, world):
        term = CalendarRow.objects.get(kind="term")
        end = reverse("attendance:calendar_end", args=[term.pk])
        said = post(world.bureau, end, reason="全县提前放假", last="2027-02-01").content.decode()
        assert "提前结束的日期应在" in said and "撤销后会变" not in said

    def test_a_closure_of_days_to_come_promises_no_number_of_alerts(self, world):
        said = post(world.bureau, ADD, **row_of()).content.decode()
        assert "现在算不出" in said and "0 人" not in said


class TestStatements:
    """However many rows there are, the statements stay the same."""

    def asked(self, number: int) -> None:
        for n in range(number):
            school = make.school(f"53990101{n:02d}")
            make.school_class(school)
            wanted = Draft(school.code, DayKind.CLOSURE, ON, ON, "停水")
            rows.ask_closure(wanted, by=make.user(Role.OFFICE, school), on=ON)

    def counted(self, role: Role, number: int, act) -> int:
        user = make.user(role, make.region("539901"))
        self.asked(number)
        user.reach  # noqa: B018 (read with the session)
        with CaptureQueriesContext(connection) as sent:
            act(user)
        return len(sent)

    @pytest.mark.parametrize("role", [Role.BUREAU, Role.COUNTY_OFFICE])
    @pytest.mark.parametrize("number", [2, 20])
    def test_what_waits(self, world, role, number):
        day = ON + timedelta(days=10)
        assert self.counted(role, number, lambda user: waiting_closures(user, day)) <= 4

    @pytest.mark.parametrize("number", [2, 20])
    def test_what_waits_for_a_central_school(self, world, number):
        head = make.school("5399010099", name="中心校")
        self.asked(number)
        School.objects.exclude(pk=head.pk).update(led_by=head)
        central = make.user(Role.CENTRAL, head)
        assert len(central.reach.seats) > number
        with CaptureQueriesContext(connection) as sent:
            assert len(waiting_closures(central, ON)) == number
        assert len(sent) <= 4

    @pytest.mark.parametrize("number", [2, 20])
    def test_the_places_of_the_form(self, world, number):
        for n in range(number):
            make.region(f"5399011{n:02d}")
            make.school_class(make.school(f"53990102{n:02d}"))
        client = Client()
        client.force_login(world.bureau)
        with CaptureQueriesContext(connection) as sent:
            answer = client.get(ADD)
        assert f"5399011{number - 1:02d}" in answer.text
        assert len(sent) <= 17
