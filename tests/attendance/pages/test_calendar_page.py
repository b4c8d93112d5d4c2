"""校历 by clicks: who sees, enters, asks, decides, and what each is shown first."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.job_runs import run_claimed
from accounts.models import Change
from accounts.places import calendar_rows as rows
from accounts.places.calendar_rows import Draft
from accounts.places.calendar_scopes import class_scope
from attendance.alerts import JOB
from attendance.enums import Mark
from attendance.flagging import flag_absences
from attendance.school_year.policy_effects import effect_of_value
from regions.enums import DayKind
from regions.models import CalendarRow, Policy
from regions.rules.policies import Setting
from tests import factories as make

pytestmark = pytest.mark.django_db
ON = date(2026, 12, 3)
SEEN = re.compile('name="seen" value="([0-9a-f]{64})"')
CALENDAR, ADD = reverse("attendance:calendar"), reverse("attendance:calendar_add")


class World:
    def __init__(self) -> None:
        make.term()
        self.of = make.school_class(make.school("5399010001", name="白水中学"))
        self.child = make.pupil(self.of, listed_from=date(2026, 11, 1))
        self.office = make.user(Role.OFFICE, self.of.school, name="周教务")
        self.bureau = make.user(Role.BUREAU, make.region("539901"), name="段文彬")

    def ask(self, on: date = ON) -> CalendarRow:
        wanted = Draft("5399010001", DayKind.CLOSURE, on, on, "供水抢修")
        return rows.ask_closure(wanted, by=self.office, on=ON)


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = ON
    return World()


def page(user, address=CALENDAR, **asked) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def post(user, address, **sent):
    client = Client()
    client.force_login(user)
    return client.post(address, sent, follow=True)


def press(user, address, **sent):
    """Look at what the form would do, then press with what the page carries."""
    seen = SEEN.search(post(user, address, **sent).content.decode())
    return post(user, address, **sent, confirmed="1", seen=seen[1] if seen else "")


def row_of(**more) -> dict:
    return {
        "where": "5399010001", "kind": "closure", "begins": "2026-12-04", "ends": "2026-12-04",
        "reason": "停水", "source": "X〔2026〕1号", **more,
    }  # fmt: skip


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
    said = post(world.bureau, end, reason="录错", last="").content.decode()
    assert "新增未到预警" in said and "1 人" in said and "0 → 1" in said
    assert press(world.bureau, end, reason="录错", last="").status_code == 200
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


class TestPolicies:
    def test_a_value_shows_who_would_newly_alert(self, world):
        for day in (1, 2):
            on = date(2026, 12, day)
            make.take(world.of, on, world.office, **{world.child.uid: Mark.ABSENT})
        address = reverse("attendance:policy_change", args=["flag_days"])
        sent = {"value": "2", "since": "2026-12-01", "source": "X〔2026〕2号"}
        said = post(world.bureau, address, **sent).content.decode()
        assert "新增未到预警" in said and "1 人" in said and not Policy.objects.exists()
        press(world.bureau, address, **sent)
        press(world.bureau, address, **{**sent, "value": "1"})
        old, new = Policy.objects.order_by("pk")
        assert old.value == "2" and old.ended_at and old.ended_by == world.bureau.username
        assert new.value == "1" and new.ended_at is None
        assert "X〔2026〕2号" in page(world.bureau, reverse("attendance:policy"))

    def test_looser_than_the_province_is_refused_and_an_overruled_row_is_named(self, world):
        place, day = make.region("53"), ON - timedelta(days=1)
        Policy.objects.create(region=make.region("539901"), key="flag_days", value="3",
                              since=date(2026, 9, 1), source="县3")  # fmt: skip
        Policy.objects.create(region=place, key="flag_days", value="2", since=day, source="省2")
        said = page(world.bureau, reverse("attendance:policy"))
        assert "比上级宽，不执行" in said and "省2" in said
        address = reverse("attendance:policy_change", args=["flag_days"])
        sent = {"value": "3", "since": str(ON), "source": "X"}
        assert "不能比上级的 2 更宽" in post(world.bureau, address, **sent).content.decode()

    def test_counts_are_of_the_county_alone(self, world):
        setting = Setting("flag_days", "1", make.region("539901").path, ON, "X")
        told = effect_of_value(setting, make.place_rules(), on=ON)
        assert (told.opened, told.closed, told.coming) == (0, 0, False)

    def out(self, world, *days: date) -> None:
        for day in days:
            make.take(world.of, day, world.office, **{world.child.uid: Mark.ABSENT})

    def test_a_day_to_come_says_who_would_alert_were_it_in_force_now(self, world):
        self.out(world, date(2026, 12, 1), date(2026, 12, 2))
        address = reverse("attendance:policy_change", args=["flag_days"])
        sent = {"value": "2", "since": "2026-12-20", "source": "X〔2026〕2号"}
        said = post(world.bureau, address, **sent).content.decode()
        assert "1 人" in said and "按 2026-12-03 的考勤算" in said and "到时以当天为准" in said

    def test_absences_of_the_month_before_are_not_forgotten(self, world):
        self.out(world, date(2026, 11, 27), date(2026, 11, 30))
        setting = Setting("flag_days", "2", make.region("539901").path, ON, "X")
        told = effect_of_value(setting, make.place_rules(), on=date(2026, 12, 1))
        assert told.opened == 1

    def test_a_threshold_of_other_things_says_so(self, world):
        address = reverse("attendance:policy_change", args=["order_days"])
        sent = {"value": "5", "since": str(ON), "source": "X"}
        said = post(world.bureau, address, **sent).content.decode()
        assert "这一条不影响" in said and "0 人" not in said

    def test_a_row_that_ends_by_its_own_day(self, world):
        address = reverse("attendance:policy_change", args=["flag_days"])
        sent = {"value": "2", "since": "2026-12-01", "until": "2026-12-31", "source": "X"}
        press(world.bureau, address, **sent)
        policies = make.place_rules().policies
        path = make.region("539901").path
        told = [policies.number("flag_days", path, day) for day in (ON, date(2027, 1, 1))]
        assert told == [2, 3]
        said = post(world.bureau, address, **{**sent, "until": "2026-11-30"}).content.decode()
        assert "早于开始的那天" in said

    def test_the_county_goes_back_to_the_province_s_line(self, world):
        province, county = make.region("53"), make.region("539901")
        Policy.objects.create(region=province, key="flag_days", value="3", source="省3",
                              since=date(2026, 1, 1))  # fmt: skip
        for value, since in (("1", date(2026, 8, 1)), ("2", date(2026, 9, 1))):
            Policy.objects.create(region=county, key="flag_days", value=value, since=since,
                                  source=f"县{value}")  # fmt: skip
        self.out(world, date(2026, 12, 1), date(2026, 12, 2))
        flag_absences(ON, county)
        address = reverse("attendance:policy_end", args=["flag_days"])
        assert address in page(world.bureau, reverse("attendance:policy"))
        sent = {"last": str(ON - timedelta(days=1)), "source": "X〔2026〕3号"}
        said = post(world.bureau, address, **sent).content.decode()
        assert "3（省3）" in said and "撤回未到预警" in said and "1 人" in said
        assert Policy.objects.active().filter(until=None).count() == 3, "nothing was done yet"
        press(world.bureau, address, **sent)
        policies = make.place_rules().policies
        assert policies.setting("flag_days", county.path, ON).source == "省3"
        assert policies.number("flag_days", county.path, ON - timedelta(days=1)) == 2
        assert Policy.objects.count() == 5 and Policy.objects.active().count() == 3
        assert "不用结束" in post(world.bureau, address, **sent).content.decode()
        assert Change.objects.filter(verb="policy.end").count() == 2

    def test_a_county_s_line_that_ends_later_is_told_as_of_that_day(self, world):
        county = make.region("539901")
        Policy.objects.create(region=county, key="flag_days", value="2", source="县2",
                              since=date(2026, 9, 1))  # fmt: skip
        self.out(world, date(2026, 12, 1), date(2026, 12, 2))
        flag_absences(ON, county)
        address = reverse("attendance:policy_end", args=["flag_days"])
        sent = {"last": "2026-12-31", "source": "X"}
        said = post(world.bureau, address, **sent).content.decode()
        assert "撤回未到预警" in said and "1 人" in said and "还没有到执行的日子" in said


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
        said = post(world.bureau, end, reason="x", last="2027-02-01").content.decode()
        assert "提前结束的日期应在" in said and "撤销后会变" not in said

    def test_a_closure_of_days_to_come_promises_no_number_of_alerts(self, world):
        said = post(world.bureau, ADD, **row_of()).content.decode()
        assert "现在算不出" in said and "0 人" not in said


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
