"""A CSV as a table, read line by line. Standard library only."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath

from accounts.file_door.bounds import EMPTY, LONGEST_LINE, TOO_BIG
from accounts.file_door.formats.decoding import encoding_of, lines_of
from accounts.file_door.tables import Book, Collector
from regions.refusals import Refused

DELIMITERS = ",;\t"
SENTENCE = "，"
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
    csv.field_size_limit(LONGEST_LINE)
    delimiter = _delimiter(content, encoding)
    try:
        with lines_of(content, encoding) as lines:
            yield from csv.reader(lines, delimiter=delimiter, strict=True)
    except csv.Error:
        raise Refused(QUOTES) from None


def _delimiter(content: bytes, encoding: str) -> str:
    """The delimiter that cuts the most of the first lines into equally many cells, of those alike
    the one that makes more. The comma of sentences only where it stands in a line without another."""
    with lines_of(content, encoding) as lines:
        sample = [line[:SAMPLE_LENGTH] for line in islice(lines, SAMPLE_LINES)]
    asked = DELIMITERS
    if any(SENTENCE in line and not any(one in line for one in DELIMITERS) for line in sample):
        asked += SENTENCE
    return max(asked, key=lambda delimiter: _agreement(sample, delimiter))


def _agreement(sample: list[str], delimiter: str) -> tuple[int, int]:
    """How many rows agree in their number of cells, and this number; (0, 0) where nothing is cut."""
    try:
        rows = list(csv.reader(sample, delimiter=delimiter))
    except csv.Error:
        return 0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((rows, width) for width, rows in widths.items()), default=(0, 0))
