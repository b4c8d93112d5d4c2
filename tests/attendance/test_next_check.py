"""When an alert comes is said with its hour: on the sheet, the child's page, the school's day, a preview."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.job_runs import run_claimed
from attendance.alerts import JOB
from attendance.enums import Mark
from attendance.flagging import flag_absences
from attendance.next_check import next_check
from attendance.pages import register_page
from kongchuo import jobs
from regions.clock import at, now
from regions.models import Policy
from tests import factories as make
from tests.attendance.pages.year_world import page, post, press

pytestmark = pytest.mark.django_db
TUE, WED, THU = (date(2026, 11, 17) + timedelta(days=n) for n in range(3))


class World:
    def __init__(self) -> None:
        make.term()
        self.of = make.school_class(make.school("5399010001"))
        self.child = make.pupil(self.of, listed_from=date(2026, 11, 1))
        self.teacher = make.user(Role.TEACHER, self.of)
        self.office = make.user(Role.OFFICE, self.of.school)
        self.county = make.region("539901")
        self.bureau = make.user(Role.BUREAU, self.county)

    def out(self, *days: date) -> None:
        for day in days:
            make.take(self.of, day, self.office, **{self.child.uid: Mark.ABSENT})

    def check(self, on: date = THU) -> None:
        """The job, as the tick runs it."""
        run_claimed(JOB, self.county.path, on, lambda held: flag_absences(on, self.county, held))

    def at_nine(self):
        return next_check(self.of.path, make.place_rules().policies, at=at(THU, time(9)))


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = THU
    return World()


def test_before_the_cut_off_it_comes_after_it(world):
    check = world.at_nine()
    assert check.when == "今天 10:00 考勤截止后"
    assert "还没有核对" in check.said and "10:00" in check.said
    assert check.on(date(2026, 12, 20)) == "12月20日 10:00 考勤截止后"


def test_the_hour_is_the_county_s_own(world):
    Policy.objects.create(
        region=world.county, key="cutoff", value="08:30", since=THU, source="县考勤办法"
    )
    assert world.at_nine().when == "几分钟内"


def test_a_day_that_was_checked_says_so(world):
    world.check()
    check = world.at_nine()
    assert (check.when, "已经核对过" in check.said) == ("几分钟内", True)


@pytest.mark.parametrize(
    ("hour", "said"),
    [(9, "今天再记未到，就满 3 天，10:00 考勤截止后核对时预警学校。"),
     (10, "今天再记未到，就满 3 天，提交后几分钟内预警学校。")],
)  # fmt: skip
def test_the_sheet_says_what_one_more_mark_sets_off_and_when(world, hour, said):
    world.out(TUE, WED)
    world.check(WED)
    sheet = register_page(world.of, THU, make.place_rules(), world.teacher, at=at(THU, time(hour)))
    assert said in sheet.pupils[0].watch_text


def test_a_child_whose_days_are_full_is_said_to_be_due_an_alert_until_it_stands(world):
    home = reverse("cases:child", args=[world.child.uid])
    world.out(TUE, WED)
    assert "已满" not in page(world.office, home)
    world.out(THU)
    assert "已满 3 个教学日，" in page(world.office, home) and "核对时预警" in page(
        world.office, home
    )
    world.check()
    assert "已满 3 个教学日" not in page(world.office, home)


def test_the_school_s_day_says_whether_today_was_checked(world):
    day = reverse("attendance:school", args=["5399010001", str(THU)])
    assert "已经核对过" not in page(world.office, day)
    world.check()
    said = page(world.office, day)
    assert "今天的考勤已经核对过" in said and "每天" not in said


def test_the_preview_of_a_policy_says_when_they_would_alert(world):
    world.out(TUE, WED)
    address = reverse("attendance:policy_change", args=["flag_days"])
    sent = {"value": "2", "since": str(TUE), "source": "X〔2026〕2号"}
    world.check()
    said = post(world.bureau, address, **sent).text
    assert "新增未到预警" in said and "新增和撤回的预警，几分钟内核对时生效。" in said
    said = post(world.bureau, address, **{**sent, "since": "2026-12-20"}).text
    assert "新增和撤回的预警，12月20日 10:00 考勤截止后核对时生效。" in said


def test_another_value_makes_the_check_of_today_due_again(world):
    """The control: before, who newly alerted waited for the next day."""
    world.out(TUE, WED)
    world.check()
    noon = now().replace(hour=23, minute=59)
    first = [due.name for due in jobs.due(noon, world.county)]
    assert jobs.FLAG not in first
    address = reverse("attendance:policy_change", args=["flag_days"])
    press(world.bureau, address, value="2", since=str(TUE), source="X〔2026〕2号")
    assert next((due.name, due.again) for due in jobs.due(noon, world.county)) == (jobs.FLAG, True)
