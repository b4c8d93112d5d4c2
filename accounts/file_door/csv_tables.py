"""A CSV as a table, read line by line. Standard library only."""

import csv
from collections.abc import Iterator
from pathlib import PurePath

from accounts.file_door.bounds import EMPTY, LONGEST_LINE, TOO_BIG
from accounts.file_door.decoding import encoding_of, lines_of
from accounts.file_door.tables import Book, Collector
from regions.refusals import Refused

DELIMITERS = ",;\t，"
SAMPLE_LINES, SAMPLE_LENGTH = 20, 10_000
QUOTES = "CSV 的引号或分隔符不成对。请用 Excel 或 WPS“另存为”.xlsx 再传。"


def read_csv(content: bytes, filename: str) -> Book:
    """The one table of a CSV: UTF-8, GB 18030 or UTF-16; commas, semicolons or tabs. Raises Refused."""
    encoding = encoding_of(content)
    _refuse_long_lines(content)
    table = Collector().table(PurePath(filename).stem, _rows(content, encoding))
    if table is None:
        raise Refused(EMPTY)
    return Book([table])


def _refuse_long_lines(content: bytes) -> None:
    start = 0
    while len(content) - start > LONGEST_LINE:
        end = start + LONGEST_LINE
        last = max(content.rfind(b"\n", start, end), content.rfind(b"\r", start, end))
        if last < 0:
            raise Refused(TOO_BIG)
        start = last + 1


def _rows(content: bytes, encoding: str) -> Iterator[list]:
    delimiter = _delimiter(content, encoding)
    try:
        with lines_of(content, encoding) as lines:
            yield from csv.reader(lines, delimiter=delimiter, strict=True)
    except csv.Error:
        raise Refused(QUOTES) from None


def _delimiter(content: bytes, encoding: str) -> str:
    """The delimiter seen most in the first lines; a title line above the headings has none."""
    with lines_of(content, encoding) as lines:
        sample = "".join(
            line[:SAMPLE_LENGTH] for _, line in zip(range(SAMPLE_LINES), lines, strict=False)
        )
    return max(DELIMITERS, key=sample.count)
