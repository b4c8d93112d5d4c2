"""What an .ods says of its cells and the spreadsheet library does not tell: merged cells, failed
formulas, formulas without a result, rows repeated beyond every sheet. Standard library only."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from accounts.file_door.bounds import NARROWEST
from accounts.file_door.cells import is_error
from accounts.file_door.sheet_xml import Uncalculated
from accounts.file_door.zip_parts import ODS_CONTENT, Hostile, TooBig

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
PARAGRAPH = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 p"
VALUE_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
VALUES = [
    f"{OFFICE}{kind}"
    for kind in ("value", "string-value", "date-value", "time-value", "boolean-value")
]
COMMENT = f"{OFFICE}annotation"
NULL_DATE, EPOCH_1904 = f"{TABLE}null-date", "1904-01-01"
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
    return _Walk(room).through(content)


class _Walk:
    """One pass over the content, cell by cell."""

    def __init__(self, room: int) -> None:
        self.book, self.sheet, self.room = OdsBook(), OdsSheet(), room
        self.row = self.column = self.repeated = self.width = self.across = 0
        self.formula: dict[str, str] | None = None
        self.in_comment = False
        self.text: list[str] = []

    def through(self, content: bytes) -> OdsBook:
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
        return self.book

    def _start(self, tag: str, told: Mapping[str, str]) -> None:
        if tag in CELLS:
            self._cell(told)
        elif tag == f"{TABLE}table-row":
            self.column = self.width = 0
            self.repeated = _number(told, "number-rows-repeated")
        elif tag == f"{TABLE}table":
            self.row = 0
            self.sheet = self.book.sheets.setdefault(told.get(f"{TABLE}name", ""), OdsSheet())
        elif tag == NULL_DATE and told.get(f"{TABLE}date-value") == EPOCH_1904:
            self.book.date1904 = True
        elif tag == COMMENT:
            self.in_comment = True
        elif tag == PARAGRAPH and not self.in_comment:
            self.width = max(self.width, self.column)
            if self.formula is not None:
                self.parser.CharacterDataHandler = self._read

    def _cell(self, told: Mapping[str, str]) -> None:
        self.across = _number(told, "number-columns-repeated")
        down, wide = _number(told, "number-rows-spanned"), _number(told, "number-columns-spanned")
        if down > 1 or wide > 1:
            first = self.row, self.column
            self.sheet.merges.append((first, (self.row + down - 1, self.column + wide - 1)))
        if f"{TABLE}formula" in told or told.get(VALUE_TYPE) == "error":
            self.formula, self.text = dict(told), []
        self.column += self.across
        if f"{OFFICE}value-type" in told:
            self.width = self.column

    def _read(self, text: str) -> None:
        if len(self.text) < LONGEST_ERROR:
            self.text.append(text)

    def _end(self, tag: str) -> None:
        if tag == PARAGRAPH:
            self.parser.CharacterDataHandler = None
        elif tag == COMMENT:
            self.in_comment = False
        elif tag in CELLS and self.formula is not None:
            self._formula(self.formula, "".join(self.text)[:LONGEST_ERROR].strip())
            self.formula = None
        elif tag == f"{TABLE}table-row":
            if self.width:
                self._count(self.repeated * max(self.width, NARROWEST))
            self.row += self.repeated

    def _formula(self, told: Mapping[str, str], text: str) -> None:
        """A failed formula is one by its type, or by what is shown in place of a number."""
        has_value = f"{OFFICE}value-type" in told and (text or any(map(told.get, VALUES)))
        if told.get(VALUE_TYPE) == "error" or is_error(text) or text[:4] == "Err:":
            self._fail(text or "#N/A")
        elif not has_value and told.get(f"{OFFICE}value-type") != "string":
            raise Uncalculated

    def _fail(self, text: str) -> None:
        self._count(self.repeated * self.across)
        told = text if text.startswith("#") else f"#{text}"
        for row in range(self.row, self.row + self.repeated):
            places = self.sheet.failed.setdefault(row, {})
            for column in range(self.column - self.across, self.column):
                places[column] = told

    def _count(self, cells: int) -> None:
        self.room -= cells
        if self.room < 0:
            raise TooBig


def _number(told: Mapping[str, str], name: str) -> int:
    """An attribute that counts, 1 where it is absent. Raises ValueError."""
    return int(told.get(f"{TABLE}{name}") or 1)
