"""Opens a workbook in a process of its own, within bounds of memory and time.

Reads the file from standard input and writes one JSON record a line: ["sheet", name, first row,
merges, 1904?], ["row", cells…], ["hidden", names], ["end"], or ["refused", why]. What a stranger's file
does to the parser (panics, endless tables) ends this process and no other. No Django here.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from accounts.file_door.bounds import NARROWEST
from accounts.file_door.formats import zip_parts
from accounts.file_door.formats.ods_cells import OdsBook, OdsSheet, Range, ods_cells
from accounts.file_door.formats.sheet_xml import Uncalculated
from accounts.file_door.formats.xls_sheets import Locked, read_xls

LONGEST = 40_000  # a cell of Excel holds 32,767 characters
MAX_MERGES = 100_000
BROKEN, BIG, LOCKED, UNCALCULATED = "broken", "big", "locked", "uncalculated"
MANY, MERGED = "many", "merged"


class TooManyMerges(Exception):
    """More merged cells than are kept in mind; none may be left out."""


def main(kind: str, max_cells: int, memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tell(kind, sys.stdin.buffer.read(), max_cells)


def tell(kind: str, content: bytes, max_cells: int) -> None:
    """Write the records of a workbook, the last of them "end" or why it is refused."""
    try:
        _write_records(kind, content, max_cells)
    except (zip_parts.TooBig, MemoryError):
        _say(["refused", BIG])
    except Uncalculated:
        _say(["refused", UNCALCULATED])
    except zip_parts.TooMany:
        _say(["refused", MANY])
    except TooManyMerges:
        _say(["refused", MERGED])
    except (PasswordError, Locked):
        _say(["refused", LOCKED])
    except (zip_parts.Hostile, zipfile.BadZipFile, CalamineError, OSError, ValueError):
        _say(["refused", BROKEN])
    except BaseException as panic:
        # A panic of the Rust parser is a BaseException of a module that cannot be imported.
        if type(panic).__name__ != "PanicException":
            raise
        _say(["refused", BROKEN])


def _write_records(kind: str, content: bytes, max_cells: int) -> None:
    hidden = (
        _write_xls(content, max_cells) if kind == "xls" else _write_zip(kind, content, max_cells)
    )
    _say(["hidden", hidden])
    _say(["end"])


def _write_xls(content: bytes, room: int) -> list[str]:
    """Write the sheets of an .xls; the names of the hidden ones."""
    sheets, hidden = read_xls(content)
    for sheet in sheets:
        room -= _count(sheet.cells, room)
        _say_sheet(sheet.name, 0, sheet.merges, sheet.date1904)
        for row in sheet.rows:
            _say(["row", *map(_plain, row)])
    return hidden


def _write_zip(kind: str, content: bytes, room: int) -> list[str]:
    """Write the sheets of an .xlsx or .ods; the names of the hidden ones."""
    source = zip_parts.repacked(content, room)
    del content
    book = ods_cells(source, room) if kind == "ods" else OdsBook()
    date1904 = book.date1904 or (kind == "xlsx" and zip_parts.is_1904(source))
    hidden = []
    with CalamineWorkbook.from_filelike(source) as workbook:
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != SheetVisibleEnum.Visible:
                hidden.append(meta.name)
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            told = book.sheets.get(meta.name, OdsSheet())
            told.merges = told.merges or sheet.merged_cell_ranges or []
            room -= _write_sheet(sheet, told, room, date1904)
    return hidden


def _write_sheet(sheet: CalamineSheet, told: OdsSheet, room: int, date1904: bool) -> int:
    """Write a sheet's rows; the cells of its rectangle. Raises TooBig, TooManyMerges."""
    if sheet.start is None:
        return 0
    top, left = sheet.start
    cells = _count(sheet.height * max(left + sheet.width, NARROWEST), room)
    _say_sheet(sheet.name, top, told.merges, date1904)
    margin: list = [None] * left
    for number, row in enumerate(islice(sheet.iter_rows(), top, None), top):
        _say(["row", *_with_failed([*margin, *map(_plain, row)], told.failed.get(number))])
    return cells


def _with_failed(row: list, failed: Mapping[int, str] | None) -> list:
    """The row with the texts of its failed formulas, where the library has an empty cell or a 0."""
    for column, text in (failed or {}).items():
        row += [None] * (column + 1 - len(row))
        row[column] = text
    return row


def _count(cells: int, room: int) -> int:
    if cells > room:
        raise zip_parts.TooBig
    return cells


def _say_sheet(name: str, top: int, merges: Sequence[Range], date1904: bool) -> None:
    if len(merges) > MAX_MERGES:
        raise TooManyMerges
    told = [[*first, *last] for first, last in merges if first != last]
    _say(["sheet", name, top + 1, told, date1904])


def _plain(cell: object) -> object:
    """A cell that JSON can hold: dates in a list, times as text, nothing for an empty cell."""
    if isinstance(cell, str):
        return cell[:LONGEST] or None
    if isinstance(cell, date):
        return [cell.isoformat()]
    if cell is None or isinstance(cell, (bool, int)):
        return cell
    if isinstance(cell, float):
        return cell if cell == cell and abs(cell) != float("inf") else str(cell)
    return str(cell)


def _say(record: list) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
