"""校历 by clicks: who sees, enters, asks, decides, and what each is shown first."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.job_runs import run_claimed
from accounts.places import calendar_rows as rows
from accounts.places.calendar_rows import Draft
from accounts.places.calendar_scopes import class_scope
from attendance.alerts import JOB
from attendance.enums import Mark
from attendance.flagging import flag_absences
from attendance.no_class import ask_no_class
from regions.clock import now
from regions.enums import DayKind, SchoolKind
from regions.models import CalendarRow
from tests import factories as make
from tests.attendance.pages.year_world import ADD, ON, World, page, post, press, row_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = ON
    return World()


def test_a_day_says_what_it_rests_on(world):
    said = page(world.office, day="2026-10-01")
    assert "当日依据" in said and "国庆" in said and "按这条" in said
    assert "2026年8月" in said and "2027年7月" in said
    world.ask()
    said = page(world.bureau, place="5399010001", grade="7", day="2026-12-03")
    assert "周教务" in said and "停课待核" in said and "供水抢修" in said


def test_an_undecided_year_is_said_and_the_button_names_what_is_missing(world):
    said = page(world.bureau)
    assert "天没有核定" in said and "录入春季学期" in said and "1月1日" in said
    assert "录入春季学期" not in page(world.office)


@pytest.mark.parametrize(
    ("day", "bureau", "school"),
    [(date(2026, 10, 31), False, False), (date(2026, 11, 1), True, False),
     (date(2026, 12, 14), True, False), (date(2026, 12, 15), True, True)],
)  # fmt: skip
def test_the_bureau_is_told_from_november_and_the_schools_from_mid_december(
    world, settings, day, bureau, school
):
    settings.KONGCHUO_TODAY = day
    told = "起没有校历"
    principal = make.user(Role.PRINCIPAL, world.of.school)
    watcher = make.user(Role.COUNTY_OFFICE, make.region("539901"))
    assert (told in page(watcher)) is bureau
    assert (told in page(principal)) is school


def test_a_row_is_shown_with_what_it_touches_before_it_is_saved(world):
    make.take(world.of, date(2026, 12, 1), world.office)
    said = post(world.bureau, ADD, **row_of(begins="2026-12-01", ends="2026-12-02"))
    text = said.content.decode()
    assert "1 个班少 2 个教学日" in text and "2 → 0" in text and "1 份" in text
    assert CalendarRow.objects.filter(kind="closure").count() == 0
    said = press(world.bureau, ADD, **row_of())
    assert "已录入：2026-12-04 停课。" in said.content.decode()
    assert CalendarRow.objects.get(kind="closure").entered_by == world.bureau.username


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ends": "2206-12-04"}, "太远"),
        ({"begins": "202511"}, "只有年月"),
        ({"source": ""}, "依据"),
        ({"grades": "10"}, "1 至 9"),
        ({"where": "539902"}, "列出的选项"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(world, wrong, says):
    said = press(world.bureau, ADD, **row_of(**wrong))
    assert says in said.content.decode()
    assert CalendarRow.objects.filter(kind="closure").count() == 0


def test_taking_back_a_closure_shows_the_alerts_it_brings(world):
    for day in (30, 1, 2):
        on = date(2026, 12 if day < 9 else 11, day)
        make.take(world.of, on, world.office, **{world.child.uid: Mark.ABSENT})
    flag_absences(ON, make.region("539901"))
    run_claimed(JOB, make.region("539901").path, ON, lambda held: {}, again=True)
    wanted = Draft("539901", DayKind.CLOSURE, date(2026, 12, 2), date(2026, 12, 2), "雪", "X")
    row = rows.add_row(wanted, by=world.bureau, on=ON)
    end = reverse("attendance:calendar_end", args=[row.pk])
    said = post(world.bureau, end, reason="录错了，没有下雪", last="").content.decode()
    assert "新增未到预警" in said and "1 人" in said and "0 → 1" in said
    assert press(world.bureau, end, reason="录错了，没有下雪", last="").status_code == 200
    row.refresh_from_db()
    assert row.state == "ended"


@pytest.mark.parametrize(
    ("day", "bureau", "school"),
    [(date(2026, 10, 31), False, False), (date(2026, 11, 1), True, False),
     (date(2026, 12, 14), True, False), (date(2026, 12, 15), True, True)],
)  # fmt: skip
def test_the_first_page_says_so_too(world, settings, day, bureau, school):
    settings.KONGCHUO_TODAY = day
    told = "起没有校历，由"
    overview = page(world.bureau, reverse("reports:overview"))
    here = page(world.office, reverse("attendance:school", args=["5399010001", f"{day}"]))
    assert (told in overview, told in here) == (bureau, school)
    assert told not in page(world.office, reverse("attendance:alerts"))


@pytest.mark.parametrize(
    ("decided", "classes", "told"),
    [
        ("", [7], True),
        ("primary", [7], True),
        ("primary", [7, 3], True),
        ("primary", [3], False),
        ("junior", [7], False),
        ("junior", [7, 3], True),
    ],
)
def test_a_year_decided_for_one_stage_is_told_where_the_other_has_classes(
    settings, decided, classes, told
):
    settings.KONGCHUO_TODAY = date(2026, 12, 16)
    make.term()
    school = make.school(kind=SchoolKind.NINE_YEAR, primary=6)
    for grade in classes:
        make.school_class(school, grade=grade)
    county = make.region("539901")
    if decided:
        year = date(2027, 1, 1), date(2027, 12, 31)
        make.calendar_row(DayKind.YEAR, *year, place=county, stage=decided)
    overview = page(make.user(Role.BUREAU, county), reverse("reports:overview"))
    here = page(
        make.user(Role.OFFICE, school),
        reverse("attendance:school", args=[school.code, "2026-12-16"]),
    )
    assert ("起没有校历，由" in overview, "起没有校历，由" in here) == (told, told)


def test_a_day_off_for_boarders_alone_is_told(world):
    make.pupil(world.of, "玉叫", boarder=True)
    wanted = row_of(kind="holiday", where="5399010001", boarders="on")
    assert "1 个班少 1 个教学日" in post(world.bureau, ADD, **wanted).content.decode()


@pytest.mark.parametrize("year", [0, 2024, 2029, 99999, 10**30])
def test_a_year_far_away_is_not_settled(world, year):
    said = post(world.bureau, reverse("attendance:calendar_settle", args=[year]), source="X")
    assert said.status_code == 409 and "只能核定去年、今年和明年" in said.content.decode()


class TestClosures:
    def test_from_the_school_to_the_bureau(self, world):
        asked = {"where": "5399010001", "begins": str(ON), "ends": str(ON), "reason": "停水"}
        said = press(world.office, ADD, **asked).content.decode()
        assert "已申请停课：2026-12-03 停课。" in said
        row = CalendarRow.objects.get(kind="closure")
        assert row.holds_day and "1 处停课等你核定" in page(world.bureau)
        decide = reverse("attendance:calendar_decide", args=[row.pk])
        assert "核准停课" in page(world.bureau, decide)
        said = post(world.bureau, decide, answer="yes", words="").content.decode()
        assert "已核准：2026-12-03 停课。" in said

    def test_who_decides_reads_the_class_and_what_it_loses(self, world):
        """The day waits already: it is told against the day as it is without a closure."""
        row = ask_no_class(world.of.pk, ON, "教师外出培训", by=world.office, at=now())
        shown = page(world.bureau, reverse("attendance:calendar_decide", args=[row.pk]))
        assert f"白水中学 {world.of.label(ON)}" in shown
        assert "1 个班少 1 个教学日" in shown and "没有班级变化" not in shown

    def test_an_opinion_is_measured(self, world):
        row = world.ask()
        decide = reverse("attendance:calendar_decide", args=[row.pk])
        said = post(world.bureau, decide, answer="no", words="字" * 201).content.decode()
        assert "意见" in said and "200" in said
        row.refresh_from_db()
        assert row.state == "proposed"

    def test_a_school_cannot_enter_another_kind_or_for_another_school(self, world):
        make.school("5399010002")
        press(world.office, ADD, **row_of(kind="term"))
        assert CalendarRow.objects.exclude(kind="term").get().state == "proposed"
        said = press(world.office, ADD, **row_of(where="5399010002"))
        assert "列出的选项" in said.content.decode()

    def test_nobody_else_decides(self, world):
        row = world.ask()
        decide = reverse("attendance:calendar_decide", args=[row.pk])
        client = Client()
        client.force_login(world.office)
        assert client.post(decide, {"answer": "yes"}).status_code == 403
        client.force_login(make.user(Role.CENTRAL, world.of.school))
        assert client.post(decide, {"answer": "yes"}).status_code == 409
        end = reverse("attendance:calendar_end", args=[row.pk])
        client.force_login(make.user(Role.OFFICE, make.school("5399010002")))
        assert client.get(end).status_code == 404
        client.force_login(make.user(Role.CENTRAL, make.school("5399010003")))
        assert client.get(decide).status_code == 404
        row.refresh_from_db()
        assert row.state == "proposed"

    @pytest.mark.parametrize(
        ("day", "there"), [(date(2026, 12, 7), False), (date(2026, 12, 8), True),
                           (date(2027, 3, 8), True)]
    )  # fmt: skip
    def test_after_two_school_days_it_lies_with_the_county_office(
        self, world, settings, day, there
    ):
        world.ask()
        settings.KONGCHUO_TODAY = day
        office = make.user(Role.COUNTY_OFFICE, make.region("539901"))
        assert ("已转县专班" in page(office)) is there
        assert "停课待核" in page(office)


def test_a_year_is_settled_when_nothing_is_missing(world, settings):
    settings.KONGCHUO_TODAY = date(2026, 12, 20)
    settle = reverse("attendance:calendar_settle", args=[2027])
    assert "先录入 2027 年的春季学期" in post(world.bureau, settle, source="X").content.decode()
    make.term(begins=date(2027, 3, 1), ends=date(2027, 7, 9), stage="")
    said = post(world.bureau, settle, source="X").content.decode()
    assert "先录入国家 2027 年的放假安排和文号" in said
    day = date(2027, 5, 1)
    rows.add_row(
        Draft("539901", DayKind.HOLIDAY, day, day, "劳动节", "国办"), by=world.bureau, on=ON
    )
    assert "核定 2027 年校历" in page(world.bureau)
    assert "已核定 2027 年校历。" in post(world.bureau, settle, source="国办").content.decode()
    assert make.place_rules().calendar.is_school_day(world.of.track(), date(2027, 1, 4))
    assert "已经核定" in post(world.bureau, settle, source="国办").content.decode()


def test_closures_of_the_last_two_weeks_stand_beside_the_months_and_the_others_in_the_list(world):
    for day, reason in ((date(2026, 11, 5), "旧的停水"), (date(2026, 12, 2), "新的停水")):
        wanted = Draft(class_scope(world.of), DayKind.CLOSURE, day, day, reason, "X")
        rows.add_row(wanted, by=world.bureau, on=ON)
    said = page(world.bureau)
    assert said.count("旧的停水") == 1 and said.count("新的停水") == 2
    assert "白水中学 七(1)班" in said and "近两周" in said
