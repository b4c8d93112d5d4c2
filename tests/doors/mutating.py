"""What the ways to spoil a table share: rows in the format of some program, and where to strike."""

from collections.abc import Callable
from random import Random

from tests.doors import books
from tests.doors.faces import File

Rows = list[list[object]]
Kind = Callable[[Random, Rows], File]


def written(dice: Random, rows: Rows) -> File:
    """The rows as some program writes them."""
    how = dice.choice(["xlsx", "csv", "csv", "gbk", "utf-16", "ods", "xls"])
    try:
        if how == "xlsx":
            return File("名册.xlsx", books.raw_sheet([], books.sheet_xml(books.raw_rows(rows))))
        if how == "ods":
            return File("名册.ods", books.ods(rows))
        if how == "xls":
            return File(
                "名册.xls",
                books.xls(
                    [[str(v)[:200] if isinstance(v, str) else v for v in row] for row in rows]
                ),
            )
        if how in ("gbk", "utf-16"):
            encoding = {"gbk": "gb18030"}.get(how, how)
            return File("名册.csv", books.text_csv(rows, encoding))
    except (UnicodeEncodeError, AssertionError):
        pass
    return File("名册.csv", books.text_csv(rows).replace(b"\0", b""))


def anywhere(dice: Random, rows: Rows) -> tuple[int, int]:
    """A cell below the headings."""
    return dice.randrange(1, len(rows)), dice.randrange(len(rows[0]))


def days_of(rows: Rows) -> list[int]:
    """The columns that hold days, by their headings."""
    return [n for n, cell in enumerate(rows[0]) if "日期" in str(cell) or "年份" in str(cell)] or [
        0
    ]
