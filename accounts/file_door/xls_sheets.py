"""The sheets of an old .xls: its failed formulas told as texts, its merged cells, its epoch."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

import xlrd
from xlrd.sheet import Cell
from xlrd.sheet import Sheet as XlsSheet

from accounts.file_door.bounds import NARROWEST
from accounts.file_door.zip_parts import Hostile


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
    """The visible sheets of an .xls and the names of the hidden ones. Raises Hostile, Locked."""
    with open(os.devnull, "w") as quiet:
        try:
            book = xlrd.open_workbook(
                file_contents=content, logfile=quiet, formatting_info=True, ragged_rows=True
            )
        except MemoryError:
            raise
        except Exception as broken:  # a spoilt file raises what its bytes lead into
            raise Locked if "encrypted" in str(broken) else Hostile from None
    visible = [sheet for sheet in book.sheets() if not sheet.visibility]
    hidden = [sheet.name for sheet in book.sheets() if sheet.visibility]
    return [_sheet(sheet, book.datemode) for sheet in visible], hidden


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
