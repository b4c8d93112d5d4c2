"""The calendar and the policies from a file: every door that refuses, and what a late row sets off."""

import json
from datetime import date

import pytest

from accounts.enums import Role
from accounts.models import Change, User
from accounts.places.calendars import import_calendar, import_policies
from regions.days import place_rules_of
from regions.models import CalendarChange, CalendarRow, Policy
from regions.refusals import Refused
from tests.counties import TODAY, World, person, two_counties

pytestmark = pytest.mark.django_db
SOURCE = "县教通〔2026〕3号"


@pytest.fixture
def world() -> World:
    made = two_counties()
    CalendarRow.objects.all().delete()
    return made


@pytest.fixture
def bureau(world) -> User:
    return person(Role.BUREAU, world.here)


def entry(kind="closure", first="2026-11-05", last="", scope="539901", **more) -> dict:
    return {"scope": scope, "from": first, "to": last or first, "kind": kind, **more}


def enter(by: User, *entries: dict) -> dict:
    return import_calendar(json.dumps(entries).encode(), by=by, on=TODAY)


def refused(by: User, says: str, *entries: dict) -> None:
    before = list(CalendarRow.objects.values())
    with pytest.raises(Refused, match=says):
        enter(by, *entries)
    assert list(CalendarRow.objects.values()) == before
    assert not Change.objects.filter(verb="calendar.import").exists()


def test_days_are_counted_and_who_entered_them_is_kept(bureau):
    term, closure = entry("term", "2026-09-01", "2027-01-22"), entry(reason="泥石流")
    assert enter(bureau, term, closure) == {"days": 145, "rows": 2, "unchanged": 0}
    row = CalendarRow.objects.get(kind="closure")
    assert (row.reason, row.entered_by) == ("泥石流", bureau.username)
    assert Change.objects.get(verb="calendar.import").by == bureau


def test_the_same_file_again_enters_nothing(bureau):
    enter(bureau, entry())
    changes = CalendarChange.objects.count()
    assert enter(bureau, entry(), entry(reason="")) == {"days": 0, "rows": 0, "unchanged": 2}
    assert CalendarRow.objects.count() == 1 and CalendarChange.objects.count() == changes


@pytest.mark.parametrize(
    "day", ["2026.11.5", "2026年11月5日", "20261105", 20261105, "２０２６/11/5"]
)
def test_a_day_is_read_in_every_spelling(bureau, day):
    enter(bureau, entry(first=day))
    assert CalendarRow.objects.get().begins == date(2026, 11, 5)


class TestTies:
    def test_two_rows_that_contradict_each_other_are_refused(self, bureau):
        refused(bureau, "冲突", entry("closure"), entry("make_up"))

    def test_also_when_the_first_stands_already(self, bureau):
        enter(bureau, entry("closure", "2026-11-02", "2026-11-06"))
        with pytest.raises(Refused, match="2026-11-02 至 2026-11-06 停课"):
            enter(bureau, entry("make_up"))
        assert CalendarRow.objects.count() == 1

    def test_a_narrower_row_is_no_contradiction(self, bureau, world):
        narrower = [entry("make_up", scope=scope) for scope in ("539901/primary", "539901001")]
        assert enter(bureau, entry(), *narrower)["rows"] == 3

    @pytest.mark.parametrize(
        ("one", "other", "clash"),
        [
            ("/grade:1,2", "/grade:2,3", True),
            ("/grade:1,2", "/grade:3,4", False),
            ("/primary", "/junior", False),
            ("/boarders", "/boarders", True),
            ("/community:傣", "/community:佤", False),
            ("/community:傣", "/community:傣族", True),
        ],
    )
    def test_two_rows_clash_where_they_speak_of_the_same_children(self, bureau, one, other, clash):
        rows = [entry("closure", scope=f"539901{one}"), entry("make_up", scope=f"539901{other}")]
        if clash:
            refused(bureau, "冲突", *rows)
        else:
            assert enter(bureau, *rows)["rows"] == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (entry(scope="539909"), "没有代码为 539909 的区划"),
        (entry(scope="5399019999"), "没有学校标识码为 5399019999 的学校"),
        (entry(scope="53990"), "scope"),
        (entry(scope="白水镇"), "scope"),
        (entry(scope="539901/kindergarten"), "kindergarten"),
        (entry(scope="539901/grade:0"), "grade:0"),
        (entry(scope="539901/boarders:yes"), "boarders:yes"),
        (entry(scope="539901/community:"), "community:"),
        (entry(first="2026-11-31"), "日期 from 看不懂"),
        (entry(first="11月5日"), "日期 from 看不懂"),
        (entry(last="202511"), "日期 to 只有年月，没有日，请填成 2025-11-01 这样的日期"),
        (entry(last="2206-11-24"), "请核对年份：2206-11-24 太远，最晚 2028-08-31"),
        (entry(first="0026-11-24"), "请核对年份：0026-11-24 太早，最早 2025-09-01"),
        (entry(last="2026-12-06"), "有 32 天，最长 31 天"),
        (entry("term", "2026-09-01", "2027-03-20"), "有 201 天，最长 200 天"),
        (entry(first="2026-11-05", last="2026-11-04"), "早于"),
        (entry(kind="party"), "kind"),
        ({"scope": "539901", "from": "2026-11-05", "kind": "closure"}, "缺少 to"),
        ({}, "缺少 scope、from、to、kind"),
    ],
)
def test_a_bad_entry_is_named_by_its_place_and_nothing_comes_in(bureau, wrong, says):
    refused(bureau, f"第 2 条.*{says}", entry(), wrong)


@pytest.mark.parametrize(
    "content", [b"", b"scope,from", b'{"scope": "539901"}', b"[1]", b"\xff\xfe"]
)
def test_what_is_no_json_list_is_refused_with_a_sentence(bureau, content):
    with pytest.raises(Refused, match="校历文件"):
        import_calendar(content, by=bureau, on=TODAY)


def test_a_festival_of_one_community_is_no_school_day_for_its_children_alone(bureau, world):
    term = entry("term", "2026-09-01", "2027-01-22")
    enter(bureau, term, entry("holiday", scope="539901/community:傣族", reason="节日"))
    of = world.here.school_class
    calendar, day = place_rules_of(of.path).calendar, date(2026, 11, 5)
    assert calendar.is_school_day(of.track(community="佤"), day)
    assert not calendar.is_school_day(of.track(community="傣"), day)


def test_days_that_may_have_been_judged_are_told_to_attendance(bureau, world):
    enter(bureau, entry(first="2026-11-05"), entry(first="2026-11-20"), entry(first="2026-11-19"))
    told = CalendarChange.objects.order_by("begins")
    assert [one.begins for one in told] == [date(2026, 11, 5), date(2026, 11, 19)]
    assert {one.path for one in told} == {world.here.county.path}
    assert {one.followed_at for one in told} == {None}


class TestWhoMayEnter:
    @pytest.mark.parametrize(
        "role", sorted(set(Role) - {Role.BUREAU, Role.SYSTEM_ADMIN}), ids=lambda role: role
    )
    def test_nobody_else(self, world, role):
        refused(person(role, world.here), "县教育体育局或系统管理员", entry())

    def test_a_bureau_not_for_another_county(self, world, bureau):
        refused(bureau, "不在你的管辖范围内", entry(scope="539902"))
        refused(bureau, "不在你的管辖范围内", entry(), entry(scope=world.far.school.code))

    def test_a_bureau_for_its_schools_and_townships(self, world, bureau):
        scopes = (world.here.school.code, "539901002", "539901002001")
        assert enter(bureau, *(entry(scope=scope) for scope in scopes))["rows"] == 3

    def test_a_system_administrator_for_every_county(self, world):
        root = person(Role.SYSTEM_ADMIN, world.here)
        assert enter(root, entry(), entry(scope="539902"))["rows"] == 2


def policy(value="2", key="flag_days", scope="539901", since="2026-09-01", source=SOURCE) -> dict:
    return {"scope": scope, "key": key, "value": value, "from": since, "source": source}


def decide(by: User, *entries: dict) -> dict:
    return import_policies(json.dumps(entries).encode(), by=by, on=TODAY)


class TestPolicies:
    @pytest.mark.parametrize(
        ("key", "stricter", "looser"),
        [
            ("flag_days", "2", "4"),
            ("cutoff", "09:30", "10:30"),
            ("lock_hours", "12", "48"),
            ("teacher_leave_days", "1", "5"),
            ("observation_days", "15", "5"),
            ("observation_percent", "95", "80"),
            ("consolidation_target", "99.5", "98"),
        ],
    )
    def test_a_county_may_be_stricter_and_not_looser(self, bureau, key, stricter, looser):
        assert decide(bureau, policy(stricter, key)) == {"rows": 1}
        Policy.objects.all().delete()
        with pytest.raises(Refused, match="不能比上级的"):
            decide(bureau, policy(looser, key))
        assert not Policy.objects.exists()

    def test_stricter_than_what_the_place_above_decided(self, world):
        root = person(Role.SYSTEM_ADMIN, world.here)
        decide(root, policy("2", scope="53"))
        with pytest.raises(Refused, match="不能比上级的 2 更宽"):
            decide(person(Role.BUREAU, world.here), policy("3"))

    def test_a_deadline_of_the_order_is_free(self, bureau):
        rows = [
            policy(days, "order_days", since=f"2026-0{n}-01") for n, days in ((8, "3"), (9, "15"))
        ]
        assert decide(bureau, *rows) == {"rows": 2}

    def test_each_threshold_keeps_its_date(self, bureau, world):
        decide(bureau, policy("2", since="2026-11-09"))
        policies, path = (
            place_rules_of(world.here.school_class.path).policies,
            world.here.school_class.path,
        )
        days = (date(2026, 11, 8), date(2026, 11, 9))
        assert [policies.number("flag_days", path, day) for day in days] == [3, 2]
        assert policies.setting("flag_days", path, days[1]).source == SOURCE

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            (policy(key="luck"), "key"),
            (policy(source=""), "依据"),
            (policy("许多"), "看不懂"),
            (policy("2.5"), "看不懂"),
            (policy("0"), "看不懂"),
            (policy("-1"), "看不懂"),
            (policy("0:01"), "看不懂"),
            (policy("9", "cutoff"), "看不懂"),
            (policy("101", "observation_percent"), "看不懂"),
            (policy("25:00", "cutoff"), "看不懂"),
            (policy(since="九月"), "看不懂"),
            (policy(since="202609"), "只有年月，没有日"),
            (policy(since=""), "缺少 from"),
            (policy(since="2206-09-01"), "请核对年份：2206-09-01 太远，最晚 2027-11-19"),
            (policy(since="1926-09-01"), "请核对年份：1926-09-01 太早，最早 1986-07-01"),
            (policy(scope="539909"), "没有这个区划代码"),
            (policy(scope="539902"), "不在你的管辖范围内"),
        ],
    )
    def test_a_bad_entry_is_refused_and_the_good_one_beside_it_stays_out(self, bureau, wrong, says):
        with pytest.raises(Refused, match=says):
            decide(bureau, policy(), wrong)
        assert not Policy.objects.exists()

    @pytest.mark.parametrize(
        "role", sorted(set(Role) - {Role.BUREAU, Role.SYSTEM_ADMIN}), ids=lambda role: role
    )
    def test_nobody_else_decides(self, world, role):
        with pytest.raises(Refused, match="政策由"):
            decide(person(role, world.here), policy())
        assert not Policy.objects.exists()
