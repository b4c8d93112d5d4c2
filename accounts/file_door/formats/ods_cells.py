"""What an .ods says of its cells and the spreadsheet library does not tell: merged cells, failed
formulas, formulas without a result, rows repeated beyond every sheet. Standard library only."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from accounts.file_door.bounds import NARROWEST
from accounts.file_door.cells import is_error
from accounts.file_door.formats.sheet_xml import Uncalculated
from accounts.file_door.formats.zip_parts import ODS_CONTENT, Hostile, TooBig

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
SHEET, NAME, ROW = f"{TABLE}table", f"{TABLE}name", f"{TABLE}table-row"
CELL, COVERED = f"{TABLE}table-cell", f"{TABLE}covered-table-cell"
ROWS_REPEATED, REPEATED = f"{TABLE}number-rows-repeated", f"{TABLE}number-columns-repeated"
ROWS_SPANNED, SPANNED = f"{TABLE}number-rows-spanned", f"{TABLE}number-columns-spanned"
FORMULA, VALUE_TYPE = f"{TABLE}formula", f"{OFFICE}value-type"
VALUES = [
    f"{OFFICE}{kind}"
    for kind in ("value", "string-value", "date-value", "time-value", "boolean-value")
]
COMMENT = f"{OFFICE}annotation"
PARAGRAPH = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 p"
CALC_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"

# What makes the walk through all cells worth its time.
TELLING = (b"-spanned", b"formula", b'"error"', b"'error'")
MANY_ROWS = re.compile(rb"number-rows-repeated=[\"'](\d{3,9})[\"'][^<>]{0,999}>")
MANY_COLUMNS = re.compile(rb"number-columns-repeated=[\"'](\d{1,9})[\"']")
EPOCH_1904 = re.compile(rb"null-date\s[^<>]{0,200}date-value=[\"']1904-01-01")
LONGEST_ERROR = 40
SLICE = 2**16

Range = tuple[tuple[int, int], tuple[int, int]]
Places = dict[int, dict[int, str]]


@dataclass
class OdsSheet:
    """`merges` as ((first row, first column), (last row, last column)), `failed` the texts of failed
    formulas by row and column; all counted from 0."""

    merges: list[Range] = field(default_factory=list)
    failed: Places = field(default_factory=dict)


@dataclass
class OdsBook:
    sheets: dict[str, OdsSheet] = field(default_factory=dict)
    date1904: bool = False


def ods_cells(packed: io.BytesIO, room: int) -> OdsBook:
    """What the (repacked) workbook says of its sheets, by name.

    Raises Uncalculated; TooBig when its rows, repeated, hold more than `room` cells; Hostile for
    what is no XML, and ValueError for a count that is none.
    """
    with zipfile.ZipFile(packed) as archive:
        content = archive.read(ODS_CONTENT)
    packed.seek(0)
    _refuse_endless(content, room)
    telling = any(word in content for word in TELLING)
    sheets = _Walk(room).through(content) if telling else {}
    return OdsBook(sheets, date1904=EPOCH_1904.search(content) is not None)


def _refuse_endless(content: bytes, room: int) -> None:
    """A row that holds a value and stands for a million rows; an empty one may."""
    for many in MANY_ROWS.finditer(content):
        row = content[many.end() : content.find(b"table-row", many.end())]
        last = row.rfind(b"value-type")
        if last < 0:
            continue
        filled = row[: row.find(b">", last)]
        columns = filled.count(b"table-cell") + sum(map(int, MANY_COLUMNS.findall(filled)))
        room -= int(many[1]) * max(columns, NARROWEST)
        if room < 0:
            raise TooBig


class _Walk:
    """One pass over the content, cell by cell."""

    def __init__(self, room: int) -> None:
        self.sheets: dict[str, OdsSheet] = {}
        self.sheet, self.room = OdsSheet(), room
        self.row = self.column = self.repeated = self.across = 0
        self.formula: dict[str, str] | None = None
        self.in_comment = False
        self.text: list[str] = []

    def through(self, content: bytes) -> dict[str, OdsSheet]:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        view = memoryview(content)
        try:
            for start in range(0, len(view), SLICE):
                self.parser.Parse(view[start : start + SLICE], False)
            self.parser.Parse(b"", True)
        except expat.ExpatError:
            raise Hostile from None
        return self.sheets

    def _start(self, tag: str, told: Mapping[str, str]) -> None:
        if tag in (CELL, COVERED):
            self._cell(told)
        elif tag == PARAGRAPH:
            if self.formula is not None and not self.in_comment:
                self.parser.CharacterDataHandler = self._read
        elif tag == ROW:
            self.column = 0
            self.repeated = int(told.get(ROWS_REPEATED) or 1)
        elif tag == SHEET:
            self.row = 0
            self.sheet = self.sheets.setdefault(told.get(NAME, ""), OdsSheet())
        elif tag == COMMENT:
            self.in_comment = True

    def _cell(self, told: Mapping[str, str]) -> None:
        self.across = int(told.get(REPEATED) or 1)
        if ROWS_SPANNED in told or SPANNED in told:
            down, wide = int(told.get(ROWS_SPANNED) or 1), int(told.get(SPANNED) or 1)
            first = self.row, self.column
            self.sheet.merges.append((first, (self.row + down - 1, self.column + wide - 1)))
        if FORMULA in told or told.get(CALC_TYPE) == "error":
            self.formula, self.text = dict(told), []
        self.column += self.across

    def _read(self, text: str) -> None:
        if len(self.text) < LONGEST_ERROR:
            self.text.append(text)

    def _end(self, tag: str) -> None:
        if tag == PARAGRAPH:
            self.parser.CharacterDataHandler = None
        elif tag == COMMENT:
            self.in_comment = False
        elif tag == ROW:
            self.row += self.repeated
        elif self.formula is not None and tag in (CELL, COVERED):
            self._formula(self.formula, "".join(self.text)[:LONGEST_ERROR].strip())
            self.formula = None

    def _formula(self, told: Mapping[str, str], text: str) -> None:
        """A failed formula is one by its type, or by what is shown in place of a number."""
        kind = told.get(VALUE_TYPE)
        has_value = kind == "string" or (kind and (text or any(map(told.get, VALUES))))
        if told.get(CALC_TYPE) == "error" or is_error(text) or text[:4] == "Err:":
            self._fail(text or "#N/A")
        elif not has_value:
            raise Uncalculated

    def _fail(self, text: str) -> None:
        """Keep the text of a failed formula at its places. Raises TooBig."""
        self.room -= self.repeated * self.across
        if self.room < 0:
            raise TooBig
        told = text if text.startswith("#") else f"#{text}"
        for row in range(self.row, self.row + self.repeated):
            places = self.sheet.failed.setdefault(row, {})
            for column in range(self.column - self.across, self.column):
                places[column] = told
