"""What nobody has decided is never shown as good: figures, wall, parts and the month's signature."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from regions.enums import DayKind, RowState
from regions.models import CalendarRow, School
from regions.refusals import Refused
from reports.counting.roll_up import roll_up
from reports.enums import Measure
from reports.monthly import reports
from reports.queries.rates_json import as_json
from reports.queries.snapshots import figures_at, latest
from reports.rules.indicators import INDICATORS, figure
from tests import factories as make
from tests.reports.snapshot_county import ON, Watched, watched

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 1, 4)
NEED = {Measure.TIMELINESS, Measure.ATTENDANCE, Measure.ABSENT, Measure.SUSPECTED}


@pytest.fixture
def world(settings) -> Watched:
    settings.KONGCHUO_TODAY = ON
    return watched()


def shown(user, name: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"reports:{name}")).content.decode()


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: f"{one.id}{one.variant}")
def test_a_figure_that_needs_an_undecided_day_has_no_value(one):
    counts = dict.fromkeys([*one.numerator, *one.denominator], 7)
    open_ = figure(one, {**counts, "undecided": 2})
    needs = one.measure in NEED
    assert open_.undecided is needs
    assert (open_.text == "无法核定：校历未定") is needs
    assert open_.denominator == figure(one, counts).denominator
    assert (as_json(open_)["value"] is None) or not needs
    assert not figure(one, counts).undecided


def test_row_8_in_january_of_an_undecided_year_rate_and_wall_say_so(world, settings):
    settings.KONGCHUO_TODAY = MONDAY
    School.objects.update(alerts_from=date(2026, 9, 1))
    roll_up(MONDAY, world.base.region)
    said = {one.id: one.text for one in figures_at(latest(world.path, MONDAY), world.path)}
    assert {key for key, text in said.items() if text == "无法核定：校历未定"} >= {
        Measure.TIMELINESS, Measure.ATTENDANCE,
    }  # fmt: skip
    for name in ("overview", "screen"):
        page = shown(world.base.bureau, name)
        assert "无法核定：校历未定" in page and "缺 2 校" in page and "全部已报" not in page


def test_a_held_class_is_neither_due_nor_all_taken(world):
    School.objects.update(alerts_from=date(2026, 9, 1))
    make.calendar_row(
        DayKind.CLOSURE, ON, place=world.base.school_class.school,
        state=RowState.PROPOSED, holds_day=True,
    )  # fmt: skip
    roll_up(ON, world.base.region)
    page = shown(world.base.bureau, "overview")
    assert "1 班停课待核" in page and "全部已报" not in page


class TestSigning:
    def signed(self, world):
        code, month = world.base.school_class.school.code, date(2026, 11, 1)
        report = reports.draft(code, month, by=world.base.office, on=ON)
        return reports.sign(code, month, by=world.principal, on=ON, seen=report.digest)

    def test_no_report_is_signed_while_a_day_of_it_is_undecided(self, world):
        CalendarRow.objects.filter(kind="term").delete()
        make.term(begins=date(2026, 8, 31), ends=date(2026, 11, 10))
        make.term(begins=ON + timedelta(days=150), ends=ON + timedelta(days=180))
        with pytest.raises(Refused, match="无法核定：校历未定（2026-11-11 起），月报告不能签发"):
            self.signed(world)

    def test_a_decided_month_is_signed(self, world):
        assert self.signed(world).is_signed
