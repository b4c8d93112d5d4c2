"""Policies by clicks: another value, one that ends, and who would newly alert."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Change
from attendance.enums import Mark
from attendance.flagging import flag_absences
from attendance.school_year.policy_effects import effect_of_value
from regions.models import Policy
from regions.rules.policies import Setting
from tests import factories as make
from tests.attendance.pages.year_world import ON, World, page, post, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = ON
    return World()


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

    def test_a_value_that_begins_later_stands_on_the_page(self, world):
        address = reverse("attendance:policy_change", args=["flag_days"])
        press(world.bureau, address, value="2", since="2026-12-20", source="X〔2026〕2号")
        said = page(world.bureau, reverse("attendance:policy"))
        assert "2026-12-20 起 2（X〔2026〕2号）" in said
