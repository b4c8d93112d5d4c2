"""Rows that contradict each other: whichever comes first stands, the other names it."""

import json
from datetime import date

import pytest

from accounts.enums import Role
from accounts.file_door.door import preview
from accounts.places.calendars import CALENDAR, import_calendar
from regions.days import as_rule
from regions.models import CalendarRow
from regions.refusals import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db
ON = make.THURSDAY
DAY = "2026-11-26"


@pytest.fixture
def bureau():
    make.school()
    return make.user(Role.BUREAU, make.region("539901"))


def entry(scope="539901", kind="closure", first=DAY, last="", reason="大雪") -> dict:
    return {"scope": scope, "from": first, "to": last or first, "kind": kind, "reason": reason}


def enter(by, *entries: dict) -> dict:
    return import_calendar(json.dumps(entries).encode(), by=by, on=ON)


def told(by, *entries: dict) -> list[str]:
    plan = preview(CALENDAR, json.dumps(entries).encode(), "c.json", by=by, on=ON)
    return [fault.message for fault in plan.outcome.rejected]


TIES = [
    ("539901/primary/grade:1", "539901/grade:1"),
    ("539901/primary/boarders", "539901/boarders"),
    ("539901/boarders/grade:3", "539901/boarders"),
    ("539901/community:傣/boarders", "539901/community:傣族"),
    ("539901/junior/community:傣", "539901/community:傣/grade:8"),
    ("5399010001/grade:7,8", "5399010001/grade:8,9"),
]


@pytest.mark.parametrize(("one", "two"), [*TIES, *(pair[::-1] for pair in TIES)])
def test_of_two_rows_neither_of_which_is_narrower_the_first_stands(bureau, one, two):
    first, second = entry(one, "holiday"), entry(two, "make_up")
    (message,) = told(bureau, first, second)
    assert f"第 2 条与第 1 条冲突：{DAY} 至 {DAY} 放假（{one}）" in message
    enter(bureau, first)
    with pytest.raises(Refused) as refusal:
        enter(bureau, second)
    assert f"第 1 条与已有的一条冲突：{DAY} 至 {DAY} 放假（{one}）" in str(refusal.value)
    assert CalendarRow.objects.get().scope == one


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("539901/primary/grade:1", "539901/grade:2"),
        ("539901/primary/boarders", "539901/junior/boarders"),
        ("539901/primary/boarders", "539901/boarders/grade:8"),
        ("539901/grade:1", "539901/boarders"),
        ("539901/grade:1", "5399010001/grade:1"),
        ("539901/community:傣", "539901/community:佤"),
    ],
)
def test_rows_one_of_which_is_narrower_or_of_other_children_stand_together(bureau, one, two):
    assert enter(bureau, entry(one, "holiday"), entry(two, "make_up"))["rows"] == 2


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("closure", "2026-11-24", "2026-11-27"), ("make_up", DAY, DAY)),
        (("closure", "2026-11-24", "2026-11-27"), ("half_closure", "2026-11-27", "2026-12-01")),
        (("holiday", DAY, DAY), ("half_closure", DAY, DAY)),
        (("term", "2026-09-01", "2027-01-22"), ("term", "2027-01-20", "2027-06-30")),
    ],
)
def test_overlapping_closures_and_terms(bureau, one, two, turned):
    rows = [entry("539901", *row) for row in (one, two)]
    (message,) = told(bureau, *(rows[::-1] if turned else rows))
    assert message.startswith("第 2 条与第 1 条冲突：")


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        ("539901/primary/junior", "“junior”看不懂：学段写了两次"),
        ("539901/primary/primary", "学段写了两次"),
        ("539901/grade:1/grade:2", "年级写了两次"),
        ("539901/grade:1,1", "同一个年级写了两次"),
        ("539901/boarders/boarders", "住校生写了两次"),
        ("539901/community:傣/community:佤", "民族写了两次"),
        ("539901/junior/grade:1", "初中没有 1 年级"),
        ("539901/grade:5,7/primary", "小学没有 7 年级"),
        ("539901/community:族", "不认识"),
        ("539901/primary:1", "不认识"),
        ("539901/", "scope 应是"),
        ("539901//primary", "scope 应是"),
        ("٥٣٩٩٠١", "scope 应是"),
    ],
)
def test_a_scope_that_can_be_read_in_two_ways_is_refused(bureau, scope, says):
    (message,) = told(bureau, entry(scope))
    assert says in message


def test_a_grade_of_two_stages_and_a_whole_scope_are_read(bureau):
    scopes = ["539901/primary/grade:6", "539901/junior/grade:6,9", "539901/boarders/community:傣族"]
    assert enter(bureau, *map(entry, scopes))["rows"] == 3
    rules = [as_rule(row) for row in CalendarRow.objects.order_by("pk")]
    assert rules[1].grades == {6, 9} and rules[2].boarders and rules[2].community == "傣"


def test_many_rows_are_checked_in_as_many_statements_as_few(bureau, django_assert_max_num_queries):
    days = [date(2026, 9, 1 + n).isoformat() for n in range(28)]
    rows = [entry(f"539901/grade:{grade}", first=day) for day in days for grade in range(1, 10)]
    bureau.reach  # noqa: B018 - the seats are read once per request
    with django_assert_max_num_queries(3):
        assert told(bureau, *rows) == []
