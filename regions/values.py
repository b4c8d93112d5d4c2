"""Cell values as people type them, brought to one spelling. Standard library only."""

import re
from datetime import date, datetime

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
INVISIBLE = dict.fromkeys(
    [0x00AD, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]
)
SPACES = dict.fromkeys([0x00A0, 0x3000, 0x202F, 0x205F, *range(0x2000, 0x200B)], " ")
SPELLING = FULL_WIDTH | INVISIBLE | SPACES
LONGEST_NUMBER = 15
APOSTROPHES = "'‘’`´′"


class BadValue(ValueError):
    """A value that cannot be taken. The message is one Chinese sentence that says what to write."""


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


def read_day(raw: object, *, what: str) -> date | None:
    """A calendar day, past or future: 2026-09-01, 2026.9.1, 2026/9/1, 2026年9月1日, 20260901.

    None for an empty cell; `what` is the heading its refusal names.
    """
    text = plain(raw)
    if not text:
        return None
    parts = re.fullmatch(r"(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?(?:[ T].*)?", text)
    try:
        return date(*map(int, parts.groups())) if parts else _no_day(what)
    except ValueError:
        return _no_day(what)


def _no_day(what: str) -> date:
    raise BadValue(f"{what}看不懂或不存在，请填成 2026-09-01 这样的日期。")
