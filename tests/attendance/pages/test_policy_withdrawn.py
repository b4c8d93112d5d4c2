"""A value that was entered wrongly is withdrawn: as if it had never been, and kept with its reason."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.job_runs import run_claimed
from accounts.models import Change
from attendance.alerts import JOB
from attendance.enums import AlertState, Mark
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from kongchuo import jobs
from regions.clock import now
from regions.models import Policy
from tests import factories as make
from tests.attendance.pages.year_world import ON, World, page, post, press

pytestmark = pytest.mark.django_db
CHANGE = reverse("attendance:policy_change", args=["flag_days"])
ROWS = reverse("attendance:policy_rows", args=["flag_days"])
WRONG = "文号录错，没有这份文件"
SINCE = date(2026, 12, 1)


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = ON
    return World()


def withdraw(row: Policy) -> str:
    return reverse("attendance:policy_withdraw", args=[row.pk])


def enter(world, value: str, source: str, since: date = SINCE) -> Policy:
    press(world.bureau, CHANGE, value=value, since=str(since), source=source)
    return Policy.objects.latest("pk")


def holds() -> tuple[str, str]:
    setting = make.place_rules().policies.setting("flag_days", make.region("539901").path, ON)
    return setting.value, setting.source


def test_it_is_shown_first_what_that_does_and_then_done(world):
    for day in (1, 2):
        on = date(2026, 12, day)
        make.take(world.of, on, world.office, **{world.child.uid: Mark.ABSENT})
    wrong = enter(world, "2", "X〔2026〕2号")
    county = make.region("539901")
    run_claimed(JOB, county.path, ON, lambda held: flag_absences(ON, county, held))
    assert AbsenceAlert.objects.get().state == AlertState.OPEN
    said = post(world.bureau, withdraw(wrong), reason=WRONG).text
    assert "撤销以后" in said and "2026年12月3日起 3（云政办规〔2022〕5号 第4条）" in said
    assert "撤回未到预警" in said and "1 人" in said and "几分钟内核对时生效" in said
    assert holds() == ("2", "X〔2026〕2号"), "nothing was done yet"
    night = now().replace(hour=23, minute=59)
    assert jobs.FLAG not in [due.name for due in jobs.due(night, county)]
    assert "已撤销：未到校预警" in press(world.bureau, withdraw(wrong), reason=WRONG).text
    assert holds()[0] == "3"
    assert jobs.due(night, county)[0].name == jobs.FLAG
    flag_absences(ON, county)
    assert AbsenceAlert.objects.get().state == AlertState.WITHDRAWN


def test_its_history_says_who_when_and_why_and_keeps_its_own_source(world):
    wrong = enter(world, "2", "X〔2026〕2号")
    press(world.bureau, withdraw(wrong), reason=WRONG)
    said = page(world.office, ROWS)
    assert (
        "X〔2026〕2号" in said
        and "段文彬" in said
        and f"撤销：{WRONG}" in said
        and "已撤销" in said
    )
    change = Change.objects.get(verb="policy.withdraw")
    assert (change.by, change.note, change.after["source"]) == (world.bureau, WRONG, "X〔2026〕2号")
    wrong.refresh_from_db()
    assert (wrong.ended_by, wrong.end_reason) == (world.bureau.username, WRONG)


def test_what_it_replaced_stands_again_with_its_own_source(world):
    right = enter(world, "2", "县〔2026〕1号")
    wrong = enter(world, "1", "录错的文号")
    said = page(world.bureau, ROWS)
    assert "县〔2026〕1号" in said and "已由别的一条代替" in said and "录错的文号" in said
    assert (
        "2026年12月3日起 2（县〔2026〕1号）"
        in post(world.bureau, withdraw(wrong), reason=WRONG).text
    )
    press(world.bureau, withdraw(wrong), reason=WRONG)
    assert holds() == ("2", "县〔2026〕1号")
    right.refresh_from_db()
    assert right.ended_at, "a row never changes: one of its words stands in its place"
    assert Policy.objects.active().get().source == "县〔2026〕1号"


def test_an_end_that_was_entered_wrongly_is_withdrawn_as_well(world):
    enter(world, "2", "县〔2026〕1号")
    end = reverse("attendance:policy_end", args=["flag_days"])
    press(world.bureau, end, last="2026-12-02", source="X")
    assert holds()[0] == "3"
    press(world.bureau, withdraw(Policy.objects.active().get()), reason="结束的日子录错了")
    assert holds() == ("2", "县〔2026〕1号") and Policy.objects.active().get().until is None


def test_a_value_to_come_is_withdrawn_before_it_holds(world):
    coming = enter(world, "2", "X〔2026〕2号", date(2026, 12, 20))
    assert "2026年12月20日起 3" in post(world.bureau, withdraw(coming), reason=WRONG).text
    press(world.bureau, withdraw(coming), reason=WRONG)
    assert not Policy.objects.active().exists()


@pytest.mark.parametrize("reason", ["", "错", "录错了 "])
def test_a_reason_of_hardly_a_word_is_none(world, reason):
    wrong = enter(world, "2", "X〔2026〕2号")
    said = press(world.bureau, withdraw(wrong), reason=reason).text
    assert "至少 6 个字" in said and Policy.objects.active().exists()


def test_withdrawn_twice_it_says_so(world):
    wrong = enter(world, "2", "X〔2026〕2号")
    press(world.bureau, withdraw(wrong), reason=WRONG)
    assert "已经撤销" in post(world.bureau, withdraw(wrong), reason=WRONG).text


def test_nobody_withdraws_what_is_another_county_s_or_the_province_s(world):
    there = Policy.objects.create(
        region=make.region("539902"), key="flag_days", value="2", since=ON, source="邻县"
    )
    above = Policy.objects.create(
        region=make.region("53"), key="flag_days", value="2", since=ON, source="省"
    )
    client = Client()
    client.force_login(world.bureau)
    for row in (there, above):
        assert client.get(withdraw(row)).status_code == 404
    said = page(world.bureau, ROWS)
    assert "省" in said and withdraw(above) not in said and "邻县" not in said
    mine = enter(world, "1", "县〔2026〕1号")
    assert withdraw(mine) in page(world.bureau, ROWS) and withdraw(mine) not in page(
        world.office, ROWS
    )
    client.force_login(make.user(Role.PRINCIPAL, world.of.school))
    assert client.get(withdraw(mine)).status_code == 403


def test_the_database_knows_who_ended_a_row(world):
    row = Policy.objects.create(
        region=make.region("539901"), key="flag_days", value="2", since=ON, source="X"
    )
    with pytest.raises(IntegrityError, match="policy_ender"), transaction.atomic():
        Policy.objects.filter(pk=row.pk).update(ended_at=timezone.now())
