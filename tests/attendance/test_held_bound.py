"""停课待核 is bounded: two days of a class wait at most, through whichever door the third is asked for."""

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.places import calendar_rows as rows
from accounts.places.calendar_rows import Draft
from attendance.enums import AlertState, Mark
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from attendance.no_class import ask_no_class
from attendance.overview import school_day
from attendance.register_files import import_registers
from regions.clock import at
from regions.enums import DayKind
from regions.models import CalendarRow
from regions.refusals import Refused
from tests import factories as make
from tests.attendance.pages.year_world import ADD, page, post, press

pytestmark = pytest.mark.django_db
MON, TUE, WED, THU, FRI = (date(2026, 11, 16) + timedelta(days=n) for n in range(5))
FULL = "已有 2 天停课待核（11月16日、11月17日）"


class World:
    def __init__(self, settings) -> None:
        self.settings = settings
        make.term()
        self.school = make.school("5399010001", name="白水中学")
        self.of = make.school_class(self.school)
        self.beside = make.school_class(self.school, number=2)
        self.child = make.pupil(self.of, listed_from=date(2026, 11, 1))
        make.pupil(self.beside, "玉叫", listed_from=date(2026, 11, 1))
        self.teacher = make.user(Role.TEACHER, self.of)
        self.office = make.user(Role.OFFICE, self.school)
        self.bureau = make.user(Role.BUREAU, make.region("539901"))
        make.take(self.of, MON - timedelta(days=3), self.office)

    def day(self, on: date) -> None:
        self.settings.KONGCHUO_TODAY = on

    def sheet(self, on: date) -> str:
        return reverse("attendance:register", args=[self.of.pk, str(on)])

    def press(self, on: date, by=None) -> str:
        """今天不上课 on the register's page, on that day."""
        self.day(on)
        sent = {"version": "0", "client_key": "x", "no_class": "天气原因"}
        return post(by or self.teacher, self.sheet(on), **sent).text

    def wide(self, on: date) -> CalendarRow:
        wanted = Draft("5399010001", DayKind.CLOSURE, on, on, "停水")
        return rows.ask_closure(wanted, by=self.office, on=on)

    def decide(self, on: date, agreed: bool, today: date) -> None:
        row = CalendarRow.objects.proposed().get(begins=on)
        rows.decide_closure(row.pk, agreed=agreed, words="查过，照常上课", by=self.bureau, on=today)


@pytest.fixture
def world(settings) -> World:
    return World(settings)


def waiting() -> list[date]:
    return list(CalendarRow.objects.proposed().values_list("begins", flat=True))


def test_a_teacher_cannot_press_it_a_third_day_while_nobody_answers(world):
    for on in (MON, TUE):
        assert "已申请停课" in world.press(on)
    said = world.press(WED)
    assert f"七(1)班{FULL}" in said and "照常点名" in said and "请联系县教育体育局核定" in said
    assert waiting() == [MON, TUE]


def test_the_page_says_so_before_and_the_sheet_is_there_and_due(world):
    for on in (MON, TUE):
        world.press(on)
    world.day(WED)
    said = page(world.teacher, world.sheet(WED))
    assert FULL in said and 'name="no_class"' not in said and "提交点名" in said
    today = school_day(world.school, WED, make.place_rules())
    assert [tile.label for tile in today.missing] == ["七(1)", "七(2)"] and today.held == 0


def test_the_child_of_an_unanswered_class_alerts_after_all(world):
    """Unbounded, no day of the class was known and the child alerted on none."""
    for on in (MON, TUE, WED, THU, FRI):
        world.press(on)
    for ahead in range(4):
        on = WED + timedelta(days=(0, 1, 2, 5)[ahead])
        world.day(on)
        make.take(world.of, on, world.office, **{world.child.uid: Mark.ABSENT})
    flag_absences(FRI, make.region("539901"))
    assert AbsenceAlert.objects.get().state == AlertState.OPEN


def test_days_apart_count_together(world):
    for on in (MON, WED):
        world.press(on)
    assert "没有核定以前不能再申请" in world.press(FRI)


@pytest.mark.parametrize("agreed", [True, False])
def test_an_answer_makes_room_for_another(world, agreed):
    for on in (MON, TUE):
        world.press(on)
    world.decide(MON, agreed, WED)
    assert "已申请停课" in world.press(WED)
    assert waiting() == [TUE, WED]


def test_a_day_that_was_refused_is_due_again(world):
    world.press(MON)
    world.decide(MON, False, MON)
    today = school_day(world.school, MON, make.place_rules())
    assert "七(1)" in [tile.label for tile in today.missing]
    assert "核准前" not in world.press(TUE)


def test_taken_back_it_makes_room(world):
    for on in (MON, TUE):
        world.press(on)
    rows.end_row(
        CalendarRow.objects.get(begins=MON).pk, reason="按错了，当天上课", by=world.teacher, on=WED
    )
    assert "已申请停课" in world.press(WED)


def test_the_school_asks_for_no_third_day_either(world):
    for on in (MON, TUE):
        world.wide(on)
    world.day(WED)
    asked = {"where": "5399010001", "begins": str(WED), "ends": str(WED), "reason": "停水"}
    assert f"本校{FULL}" in post(world.office, ADD, **asked).text
    assert f"本校{FULL}" in press(world.office, ADD, **asked).text
    assert waiting() == [MON, TUE]


def test_days_of_the_school_count_for_its_class_and_those_of_the_class_for_the_school(world):
    world.wide(MON)
    world.press(TUE)
    with pytest.raises(Refused, match="七\\(1\\)班已有 2 天"):
        ask_no_class(world.of.pk, WED, "x", by=world.teacher, at=at(WED, time(9)))
    with pytest.raises(Refused, match="七\\(1\\)班已有 2 天"):
        world.wide(WED)
    row = ask_no_class(world.beside.pk, WED, "x", by=world.office, at=at(WED, time(9)))
    assert row.holds_day


def test_one_day_asked_for_by_class_and_school_is_one_day(world):
    world.press(MON)
    world.wide(MON)
    assert "已申请停课" in world.press(TUE)


def test_tomorrow_counts(world):
    world.wide(MON)
    rows.ask_closure(
        Draft("5399010001", DayKind.CLOSURE, TUE, TUE, "停水"), by=world.office, on=MON
    )
    with pytest.raises(Refused, match="没有核定以前不能再申请"):
        ask_no_class(world.of.pk, WED, "x", by=world.teacher, at=at(WED, time(9)))


def test_a_file_asks_for_no_third_day(world):
    for on in (MON, TUE):
        world.press(on)
    world.day(WED)
    said = f"学校标识码,班级,日期,学籍号,标记,说明\n5399010001,七(1)班,{WED},,不上课,大雪"
    result = import_registers(
        said.encode(), "考勤.csv", by=world.office, at=at(WED, time(12)), partial=True
    )
    assert result.closures == 0 and FULL in result.rejected[0].message
    assert waiting() == [MON, TUE]


def test_a_late_upload_and_a_longer_closure_hold_no_day_and_may_wait(world):
    """The controls: they change nothing before they are approved, so nothing is bounded."""
    for on in (MON, TUE):
        world.press(on)
    late = ask_no_class(world.of.pk, WED, "x", by=world.teacher, at=at(THU, time(9)))
    longer = rows.ask_closure(
        Draft("5399010001", DayKind.CLOSURE, THU, FRI, "停水"), by=world.office, on=THU
    )
    assert not late.holds_day and not longer.holds_day
    assert "七(1)" in [t.label for t in school_day(world.school, WED, make.place_rules()).missing]


def test_the_offices_named_are_those_that_answer(world):
    world.school.led_by = make.school("5399010009", name="白水镇中心校")
    world.school.save(update_fields=["led_by"])
    for on in (MON, TUE):
        world.press(on)
    assert "请联系白水镇中心校或县教育体育局核定" in world.press(WED)


@pytest.mark.parametrize("role", [Role.BUREAU, Role.COUNTY_OFFICE])
def test_who_answers_reads_on_the_first_page_how_many_wait_and_since_when(world, role):
    watcher = make.user(role, make.region("539901"))
    home = reverse("reports:overview")
    assert "没有核定" not in page(watcher, home)
    for on in (MON, TUE):
        world.press(on)
    said = page(watcher, home)
    assert "2 处停课没有核定" in said and "11月16日" in said and "已转县专班" not in said
    world.day(FRI)
    assert "2 处满两个教学日没有核定，已转县专班" in page(watcher, home)


def test_a_central_school_reads_it_too_and_a_school_does_not(world):
    leading = make.school("5399010009", name="白水镇中心校")
    world.school.led_by = leading
    world.school.save(update_fields=["led_by"])
    central = make.user(Role.CENTRAL, leading)
    world.press(MON)
    home = reverse("attendance:schools_today")
    assert "1 处停课没有核定" in page(central, home)
    client = Client()
    client.force_login(world.office)
    assert "处停课没有核定" not in client.get("/", follow=True).text
