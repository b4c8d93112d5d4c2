"""The one reader of days: every spelling of forms and files, and what is no day."""

from datetime import date, datetime, time

import pytest

from regions.rules.values import BadValue, OnlyMonth, iso_day, read_day, serial_day

DAY = date(2026, 11, 26)
LATE = datetime(2026, 11, 26, 23, 59, 59)  # noqa: DTZ001  a cell has no time zone
HOW = "请填成 2025-11-01 这样的日期"


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-26", "2026.11.26", "2026/11/26", "2026年11月26日", "2026年11月26", "20261126",
        20261126, 20261126.0, " 2026 年 11 月 26 日 ", "２０２６－１１－２６", "２０２６年１１月２６日",
        "2026。11。26", "2026–11–26", "'2026-11-26", "2026-11-26 08:00", "2026-11-26 08:00:00",
        "2026-11-26T23:59:59.999", "2026/11/26 8:00", DAY, LATE, 46352, 46352.0, 46352.99999,
        "46352", "46352.5",
    ],
)  # fmt: skip
def test_every_spelling_of_a_day(raw):
    assert read_day(raw, what="日期") == DAY


@pytest.mark.parametrize("raw", [None, "", "  ", "　", "\u200b"])
def test_an_empty_cell_is_no_day(raw):
    assert read_day(raw, what="日期") is None


@pytest.mark.parametrize(
    ("raw", "months"),
    [
        ("2025-11", [11]), ("202511", [11]), (202511, [11]), ("2025年11月", [11]),
        ("2025.11", [11]), (2025.11, [11]), ("2025/1", [1]), ("2025.1", [1]), (2025.1, [1, 10]),
    ],
)  # fmt: skip
def test_a_month_is_no_day_but_says_which_month_it_may_be(raw, months):
    with pytest.raises(OnlyMonth, match=f"^日期只有年月，没有日，{HOW}") as told:
        read_day(raw, what="日期")
    assert told.value.months == tuple(date(2025, month, 1) for month in months)


@pytest.mark.parametrize(
    "raw",
    [
        "2026113", 2026113, "2026-11-31", "20261301", "2026", "11-26", "26.11.2026", "26-11-26",
        "202613", "十一月二十六日", "2026-W48", "2026-W48-4", "2026W484", "2026-330", True, 19999,
        60001, 1e300, time(8), "2026-11-26 25:00", "2026-11-26 abc", "0000-01-01", "#N/A",
        "٢٠٢٦-١١-٢٦", "2026-11-26 " + "0" * 40, "2026-11-26" * 4000, float("inf"), float("nan"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_the_right_form(raw):
    with pytest.raises(BadValue, match=f"^日期.*{HOW}") as told:
        read_day(raw, what="日期")
    assert not isinstance(told.value, OnlyMonth)


@pytest.mark.parametrize(
    ("serial", "date1904", "day"),
    [
        (46344, False, date(2026, 11, 18)),
        (46344.999, False, date(2026, 11, 18)),
        (44882, True, date(2026, 11, 18)),
        (61, False, date(1900, 3, 1)),
        (0, True, date(1904, 1, 1)),
    ],
)
def test_a_serial_number_counts_from_the_epoch_of_its_book(serial, date1904, day):
    assert serial_day(serial, date1904) == day


def test_a_book_of_1904_reads_its_serials_four_years_on():
    assert read_day(44882, what="日期", date1904=True) == date(2026, 11, 18)
    assert read_day(44882, what="日期") == date(2022, 11, 17)


@pytest.mark.parametrize("text", ["20261126", "2026-W48-4", "2026-11-31", "2026.11.26", "x", ""])
def test_an_address_holds_one_spelling(text):
    assert iso_day(text) is None
    assert iso_day("2026-11-26") == DAY


def test_a_cell_of_32000_characters_costs_nothing():
    started = datetime.now().timestamp()  # noqa: DTZ005  only a difference is asked
    for filler in ("1 ", " ", "2026-", "0", "T12:00 "):
        with pytest.raises(BadValue):
            read_day("2026-11-26" + filler * (32_000 // len(filler)) + "x", what="日期")
    assert datetime.now().timestamp() - started < 1  # noqa: DTZ005
