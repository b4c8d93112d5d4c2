"""Which days can be believed: the table of the design, row by row, on its very edges."""

from datetime import date, timedelta

import pytest

from regions.enums import DayKind
from regions.rules.believable import BOUNDS, LONGEST_ROW, DateKind, why_not, why_not_row

ON = date(2026, 11, 19)
ONE = timedelta(days=1)


def d(text: str) -> date:
    return date.fromisoformat(text)


EDGES = [
    (DateKind.HAPPENED, "2023-09-01", "2026-11-19"),
    (DateKind.BROUGHT, "2016-09-01", "2026-11-19"),
    (DateKind.REGISTER, "2026-08-15", "2026-11-19"),
    (DateKind.ABSENCE_BEGINS, "2026-09-20", "2027-01-18"),
    (DateKind.LEAVE_ENDS, "2026-11-23", "2027-01-22"),
    (DateKind.TREATMENT_ENDS, "2026-11-23", "2027-06-11"),
    (DateKind.EXPLANATION_ENDS, "2026-09-20", "2026-12-19"),
    (DateKind.STATUS_BEGINS, "2025-09-01", "2027-01-18"),
    (DateKind.STATUS_ENDS, "2026-11-23", "2027-11-22"),
    (DateKind.EXIT_ENDS, "2023-09-01", "2029-11-19"),
    (DateKind.CALENDAR_BEGINS, "2025-09-01", "2028-08-31"),
    (DateKind.CALENDAR_ENDS, "2026-11-23", "2028-08-31"),
    (DateKind.BIRTH, "2007-11-19", "2022-11-19"),
    (DateKind.JOINED, "2020-09-01", "2026-11-19"),
    (DateKind.SEAT, "2026-10-20", "2027-05-18"),
    (DateKind.SEAT_ENDS, "2026-10-20", "2029-11-19"),
    (DateKind.TRANSFER, "2026-10-20", "2027-05-18"),
    (DateKind.POLICY, "1986-07-01", "2027-11-19"),
    (DateKind.BASIS_BEGINS, "1986-07-01", "2027-11-19"),
    (DateKind.BASIS_ENDS, "1986-07-01", "2036-11-19"),
    (DateKind.APPOINTMENT, "2023-09-01", "2027-05-18"),
    (DateKind.COUNTED, "2016-09-01", "2026-11-19"),
    (DateKind.BASELINE, "1986-07-01", "2026-11-19"),
    (DateKind.ALERTS_FROM, "2025-09-01", "2027-05-18"),
]


def test_every_kind_is_in_the_table():
    assert {kind for kind, _, _ in EDGES} == set(BOUNDS) == set(DateKind)


@pytest.mark.parametrize(("kind", "earliest", "latest"), EDGES)
def test_a_kind_is_believed_from_its_first_to_its_last_day(kind, earliest, latest):
    first = d("2026-11-23")
    for day in (d(earliest), d(latest)):
        assert why_not(kind, day, on=ON, first=first) == ""
    assert f"太早，最早 {earliest}" in why_not(kind, d(earliest) - ONE, on=ON, first=first)
    assert why_not(kind, d(latest) + ONE, on=ON, first=first)


@pytest.mark.parametrize("kind", DateKind)
@pytest.mark.parametrize("day", ["0026-11-26", "1899-12-31", "2206-09-01", "9999-12-31"])
def test_a_mistyped_year_is_believed_of_no_kind(kind, day):
    refusal = why_not(kind, d(day), on=ON, first=ON)
    assert refusal.startswith(f"请核对年份：{day} 太")


@pytest.mark.parametrize("kind", DateKind)
@pytest.mark.parametrize("on", ["2027-01-04", "2027-08-20", "2027-08-31", "2028-02-29"])
def test_the_table_holds_on_every_day_of_the_year(kind, on):
    on = d(on)
    earliest, latest = BOUNDS[kind].of(on, on)
    assert earliest <= latest
    assert earliest <= on - (on - earliest)
    assert why_not(kind, d("2206-09-01"), on=on)


def test_a_suspension_to_2206_is_told_its_last_believable_day():
    refusal = why_not(DateKind.STATUS_ENDS, d("2206-09-01"), on=ON, first=d("2026-09-01"))
    assert refusal == "请核对年份：2206-09-01 太远，最晚 2027-08-31。"


def test_a_day_that_has_not_come_is_not_called_a_wrong_year():
    refusal = why_not(DateKind.HAPPENED, ON + ONE, on=ON)
    assert refusal == "2026-11-20 还没有到，请填实际的那一天。"


def test_a_leave_too_long_says_what_to_do_instead():
    refusal = why_not(DateKind.LEAVE_ENDS, d("2027-02-01"), on=ON, first=ON)
    assert refusal.startswith(
        "请核对日期：2027-02-01 太远，最晚 2027-01-18。请假一次最多 60 天，更久的由教务处办理休学"
    )


@pytest.mark.parametrize("kind", DayKind)
def test_a_calendar_row_is_no_longer_than_its_kind(kind):
    begins = d("2026-11-23")
    last = begins + timedelta(days=LONGEST_ROW[kind] - 1)
    assert why_not_row(kind, begins, last, on=ON) == ""
    assert f"最长 {LONGEST_ROW[kind]} 天" in why_not_row(kind, begins, last + ONE, on=ON)


def test_a_closure_to_2206_silences_nobody():
    refusal = why_not_row(DayKind.CLOSURE, d("2026-11-23"), d("2206-11-24"), on=ON)
    assert refusal == "请核对年份：2206-11-24 太远，最晚 2028-08-31。"
