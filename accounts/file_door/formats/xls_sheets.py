"""The sheets of an old .xls: its failed formulas told as texts, its merged cells, its epoch."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import TextIO

import xlrd
from xlrd.compdoc import CompDoc
from xlrd.sheet import Cell
from xlrd.sheet import Sheet as XlsSheet

from accounts.file_door.bounds import NARROWEST
from accounts.file_door.formats.sheet_xml import Uncalculated
from accounts.file_door.formats.zip_parts import Hostile
from accounts.file_door.kinds import OLE

# Programs that calculate write who saved the file; libraries that write a formula without its
# result do not, and leave it empty as a formula does that results in an empty text.
SAVED_BY = "\x05SummaryInformation".encode("utf-16-le")
FORMULA, EMPTY_RESULT = 0x0006, b"\x03\x00\x00\x00\x00\x00\xff\xff"
RECORD = struct.Struct("<HH")


@dataclass(frozen=True, slots=True)
class OldSheet:
    """A visible worksheet; merges as ((first row, first column), (last row, last column)) from 0."""

    name: str
    cells: int
    merges: list[tuple[tuple[int, int], tuple[int, int]]]
    date1904: bool
    rows: Iterator[list[object]]


class Locked(Exception):
    """The workbook opens with a password only."""


def read_xls(content: bytes) -> tuple[list[OldSheet], list[str]]:
    """The visible sheets of an .xls and the names of the hidden ones.

    Raises Hostile, Locked, Uncalculated.
    """
    with open(os.devnull, "w") as quiet:
        try:
            if SAVED_BY not in content and _has_empty_formula(content, quiet):
                raise Uncalculated
            book = xlrd.open_workbook(
                file_contents=content, logfile=quiet, formatting_info=True, ragged_rows=True
            )
        except (MemoryError, Uncalculated):
            raise
        except Exception as broken:  # a spoilt file raises what its bytes lead into
            raise Locked if "encrypted" in str(broken) else Hostile from None
    visible = [sheet for sheet in book.sheets() if not sheet.visibility]
    hidden = [sheet.name for sheet in book.sheets() if sheet.visibility]
    return [_sheet(sheet, book.datemode) for sheet in visible], hidden


def _has_empty_formula(content: bytes, quiet: TextIO) -> bool:
    """Does a formula of the workbook stand there without a result?"""
    if not content.startswith(OLE):
        return False
    held = CompDoc(content, logfile=quiet)
    memory, place, length = held.locate_named_stream("Workbook")
    end = place + length if memory else 0
    while place + RECORD.size <= end:
        kind, size = RECORD.unpack_from(memory, place)
        place += RECORD.size
        if kind == FORMULA and memory[place + 6 : place + 14] == EMPTY_RESULT:
            return True
        place += size
    return False


def _sheet(sheet: XlsSheet, datemode: int) -> OldSheet:
    merges = [((top, left), (down - 1, end - 1)) for top, down, left, end in sheet.merged_cells]
    rows = ([_value(cell, datemode) for cell in sheet.row(n)] for n in range(sheet.nrows))
    return OldSheet(
        sheet.name, sheet.nrows * max(sheet.ncols, NARROWEST), merges, bool(datemode), rows
    )


def _value(cell: Cell, datemode: int) -> object:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _day(cell.value, datemode)
    return cell.value if cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None


def _day(serial: float, datemode: int) -> object:
    """A date, a moment, a time as text; the number itself where it means none."""
    try:
        moment = xlrd.xldate_as_datetime(serial, datemode)
    except (ValueError, OverflowError):
        return serial
    if 0 <= serial < 1:
        return str(moment.time())
    return moment.date() if moment.time() == time() else moment
