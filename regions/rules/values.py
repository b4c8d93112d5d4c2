"""Cell values as people type them, brought to one spelling. Standard library only."""

import re
from datetime import date, datetime, timedelta

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
INVISIBLE = dict.fromkeys(
    [0x00AD, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]
)
SPACES = dict.fromkeys([0x00A0, 0x3000, 0x202F, 0x205F, *range(0x2000, 0x200B)], " ")
SPELLING = FULL_WIDTH | INVISIBLE | SPACES
LONGEST_NUMBER = 15
APOSTROPHES = "'‘’`´′"

# What stands between the numbers of a day, as Chinese keyboards and Word make of it.
MARKS = dict.fromkeys(map(ord, "‐‑‒–—−"), "-") | {ord("。"): "."}
LONGEST_DAY = 40
DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", re.ASCII)
MONTH = re.compile(r"(\d{4})[-./年](\d{1,2})月?", re.ASCII)
EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
SIX_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)", re.ASCII)
SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
CLOCK = re.compile(r"[ T]+(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?$", re.ASCII)
BLANKS = re.compile(r"\s")
# Serial numbers taken for days: 1954 to 2064.
SERIALS = range(20_000, 60_001)
EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
A_DAY = "请填成 2025-11-01 这样的日期。"


class BadValue(ValueError):
    """A value that cannot be taken. The message is one Chinese sentence that says what to write."""


class OnlyMonth(BadValue):
    """A month where a day is wanted. `months` are the first days of the months it may mean."""

    def __init__(self, message: str, months: tuple[date, ...]) -> None:
        super().__init__(message)
        self.months = months


def plain(raw: object) -> str:
    """A cell as text: half-width, without invisible characters, outer blanks, leading apostrophes.

    Whole numbers lose their ".0", True and False become "1" and "0", dates become 2010-09-01,
    an empty cell becomes "".
    """
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(int(raw))
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw).translate(SPELLING).strip().lstrip(APOSTROPHES).strip()


def number_of(text: str) -> int | None:
    """A row's number from an address or a form; None for what is none, or too long to be one."""
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None


def column_letters(col: int) -> str:
    """The letters of a sheet column counted from 0: 0 is A, 7 is H, 26 is AA."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def serial_of(raw: object) -> float | None:
    """A number, or a text of digits, that a spreadsheet means as a day; None for all else."""
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
        return None
    text = plain(raw)[:LONGEST_DAY]
    return float(text) if SERIAL.fullmatch(text) and int(float(text)) in SERIALS else None


def serial_day(serial: float, date1904: bool = False) -> date:
    """The day of a spreadsheet's serial number; its fraction is the clock and changes no day.

    Day 1 is 1900-01-01 (right from March 1900 on) or, in a book of the 1904 system, 1904-01-02.
    """
    return (EPOCH_1904 if date1904 else EPOCH) + timedelta(days=int(serial))


def read_day(raw: object, *, what: str, date1904: bool = False) -> date | None:
    """The one reader of days, of forms and of files. None for an empty cell.

    2026-11-26, 2026.11.26, 2026/11/26, 2026年11月26日, 20261126, each with or without a clock time,
    a date cell, a serial number (of the book's `date1904` system). `what` is the heading its
    refusals name. Raises OnlyMonth for a month (2026-11, 202611), BadValue for all else.
    """
    if isinstance(raw, date):
        return raw.date() if isinstance(raw, datetime) else raw
    text = plain(raw).translate(MARKS)
    if not text:
        return None
    if len(text) > LONGEST_DAY:
        raise BadValue(f"{what}看不懂或不存在，{A_DAY}")
    text = BLANKS.sub("", CLOCK.sub("", text))
    serial = serial_of(text)
    if serial is not None:
        return serial_day(serial, date1904)
    told = DAY.fullmatch(text) or EIGHT_DIGITS.fullmatch(text)
    day = told and _day_or_none(*map(int, told.groups()))
    if day:
        return day
    if months := _months(text, isinstance(raw, float)):
        raise OnlyMonth(f"{what}只有年月，没有日，{A_DAY}", months)
    raise BadValue(f"{what}看不懂或不存在，{A_DAY}")


def iso_day(text: str) -> date | None:
    """The day in an address (2026-11-26, that one spelling); None when it is no day."""
    told = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII)
    return _day_or_none(*map(int, told.groups())) if told else None


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months(text: str, number: bool) -> tuple[date, ...]:
    """The first days of the months it may mean: a number cell 2024.1 may have been 2024.10."""
    told = MONTH.fullmatch(text) or SIX_DIGITS.fullmatch(text)
    if told is None:
        return ()
    year, month = int(told[1]), int(told[2])
    meant = {month, 10} if number and told[2] == "1" else {month}
    days = (_day_or_none(year, one, 1) for one in sorted(meant))
    return tuple(day for day in days if day)
