"""Which values a threshold takes, and what a row that holds another one says."""

from datetime import date, time
from decimal import Decimal

import pytest

from cases.law.conditions import Enforceable
from cases.law.periods import ORDER_DAYS
from regions.refusals import Refused
from regions.rules.policies import (
    THRESHOLDS,
    Policies,
    Setting,
    Stricter,
    UnreadablePolicy,
    comparable,
    too_loose,
)

ON = date(2026, 11, 19)
COUNTY = "000001000002000003"
NUMBERS = [key for key, row in THRESHOLDS.items() if row.unit]
NOT_WHOLE = [
    "",
    "0",
    "-1",
    "+2",
    "02",
    "2.0",
    "7.5",
    "1e1",
    "1_0",
    "٣",
    "３",
    " 3",
    "3天",
    "nan",
    "True",
]


def setting(key: str, value: str) -> Setting:
    return Setting(key, value, COUNTY, date(2026, 9, 1), "县教通〔2026〕3号")


@pytest.mark.parametrize("row", THRESHOLDS.values(), ids=lambda row: row.key)
def test_every_threshold_takes_its_default_and_its_bounds(row):
    assert row.takes(row.default)
    assert all(row.takes(value) for value in row.choices or (row.least, row.most))


@pytest.mark.parametrize("key", NUMBERS)
@pytest.mark.parametrize("value", NOT_WHOLE)
def test_a_number_has_one_spelling(key, value):
    assert not THRESHOLDS[key].takes(value)


@pytest.mark.parametrize("key", NUMBERS)
def test_a_number_lies_within_bounds_that_the_sentence_names_with_the_unit(key):
    row = THRESHOLDS[key]
    beyond = [str(int(row.least) - 1), str(int(row.most) + 1), "9999999999"]
    assert [row.takes(value) for value in beyond] == [False] * 3
    assert f"{row.least} 至 {row.most}" in row.wanted and row.unit in row.wanted


@pytest.mark.parametrize("key", [key for key in NUMBERS if key != "consolidation_target"])
def test_only_the_target_of_consolidation_knows_fractions(key):
    assert not THRESHOLDS[key].takes(f"{THRESHOLDS[key].default}.5")


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("99.5", True), ("99.05", True), ("99.95", True), ("100", True), ("80", True),
        ("99.50", False), ("99.0", False), ("99.", False), (".5", False), ("99.999", False),
        ("79.99", False), ("100.01", False), ("9.95e1", False), ("９９.５", False), ("99,5", False),
    ],
)  # fmt: skip
def test_the_target_of_consolidation(value, taken):
    assert THRESHOLDS["consolidation_target"].takes(value) is taken


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("09:30", True), ("07:00", True), ("18:00", True), ("06:59", False), ("18:01", False),
        ("9:30", False), ("09:60", False), ("09:３0", False), ("٠٩:٠٠", False), ("09:30:00", False),
        ("0930", False), ("24:00", False), ("09：30", False),
    ],
)  # fmt: skip
def test_an_hour(value, taken):
    assert THRESHOLDS["cutoff"].takes(value) is taken


def test_the_days_of_an_order_are_those_a_paper_may_give():
    assert ORDER_DAYS == THRESHOLDS["order_days"].whole_numbers == range(3, 16)
    assert set(THRESHOLDS["enforceable"].choices) == set(Enforceable)


def test_a_share_keeps_its_decimals():
    assert setting("consolidation_target", "99.5").share == Decimal("99.5")
    assert setting("cutoff", "09:30").clock == time(9, 30)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("observation_percent", "92.5"),
        ("order_days", "9999999999"),
        ("flag_days", "两"),
        ("flag_days", ""),
    ],
)
def test_a_row_that_cannot_be_read_is_named_in_one_sentence(key, value):
    row = setting(key, value)
    policies = Policies((row,))
    with pytest.raises(UnreadablePolicy) as told:
        policies.number(key, COUNTY, ON)
    assert isinstance(told.value, Refused) and str(told.value) == row.wrong
    for part in (
        THRESHOLDS[key].label,
        f"“{value}”",
        "2026-09-01",
        "县教通〔2026〕3号",
        "重新录入",
    ):
        assert part in row.wrong


def test_nor_can_an_hour_or_a_choice():
    with pytest.raises(UnreadablePolicy, match=r"考勤填报截止.*07:00 至 18:00"):
        Policies((setting("cutoff", "25:99"),)).clock("cutoff", COUNTY, ON)
    with pytest.raises(UnreadablePolicy, match="可填 处罚决定、责令改正"):
        assert setting("enforceable", "都行").readable


@pytest.mark.parametrize("row", THRESHOLDS.values(), ids=lambda row: row.key)
def test_the_bounds_leave_room_on_the_stricter_side_of_the_default(row):
    if row.stricter is Stricter.FREE:
        return
    strictest = row.least if row.stricter is Stricter.LOWER else row.most
    assert not too_loose(setting(row.key, strictest), setting(row.key, row.default))
    if comparable(strictest) != comparable(row.default):
        assert too_loose(setting(row.key, row.default), setting(row.key, strictest))


PROVINCE, COUNTY = "000001", "000001000002000003"


def row(value, path, since="2026-09-01", key="flag_days", until=None):
    return Setting(key, value, path, date.fromisoformat(since), "文号", until)


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([row("2", COUNTY), row("3", PROVINCE)], "2"),
        ([row("3", COUNTY), row("2", PROVINCE, "2026-10-01")], "2"),
        ([row("3", COUNTY), row("2", PROVINCE, "2026-12-01")], "3"),
        ([row("3", COUNTY), row("3", PROVINCE)], "3"),
        ([row("5", COUNTY)], "5"),
        ([row("2", COUNTY), row("4", COUNTY, "2026-10-01"), row("3", PROVINCE)], "3"),
        ([row("12", COUNTY, key="observation_days"),
          row("15", PROVINCE, "2026-10-01", key="observation_days")], "15"),
        ([row("9", COUNTY, key="order_days"), row("5", PROVINCE, key="order_days")], "9"),
    ],
)  # fmt: skip
def test_a_county_is_never_looser_than_its_province_also_later(rows, value):
    on, key = date(2026, 11, 19), rows[0].key
    for ordered in (rows, rows[::-1]):
        assert Policies(tuple(ordered)).setting(key, COUNTY, on).value == value


def test_the_row_that_is_overruled_is_named():
    county, province = row("3", COUNTY), row("2", PROVINCE, "2026-10-01")
    known = Policies((county, province))
    assert known.overruled("flag_days", COUNTY, date(2026, 11, 19)) == [county]
    assert known.overruled("flag_days", COUNTY, date(2026, 9, 19)) == []
    assert known.overruled("flag_days", PROVINCE, date(2026, 11, 19)) == []


def test_a_row_nobody_can_read_is_told_and_rules_nothing():
    wrong, province = row("三", COUNTY), row("2", PROVINCE)
    known = Policies((wrong, province))
    assert known.setting("flag_days", COUNTY, date(2026, 11, 19)) == wrong
    assert (
        Policies((row("2", COUNTY), row("三", PROVINCE))).number(
            "flag_days", COUNTY, date(2026, 11, 19)
        )
        == 2
    )
