"""Opens a workbook in a process of its own, within bounds of memory and time.

Reads the file from standard input and writes one JSON record a line: ["sheet", name, first row,
merges, 1904?], ["row", cells…], ["hidden", names], ["end"], or ["refused", why]. What a stranger's file
does to the parser (panics, endless tables) ends this process and no other. No Django here.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Sequence
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

from accounts.file_door import zip_parts
from accounts.file_door.bounds import NARROWEST
from accounts.file_door.ods_merges import Range, merges_of
from accounts.file_door.xls_sheets import Locked, read_xls

LONGEST = 40_000  # a cell of Excel holds 32,767 characters
MAX_MERGES = 20_000
BROKEN, BIG, LOCKED, UNCALCULATED = "broken", "big", "locked", "uncalculated"


def main(kind: str, max_cells: int, memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _read(kind, max_cells)
    except (zip_parts.TooBig, MemoryError):
        _say(["refused", BIG])
    except zip_parts.Uncalculated:
        _say(["refused", UNCALCULATED])
    except (PasswordError, Locked):
        _say(["refused", LOCKED])
    except (zip_parts.Hostile, zipfile.BadZipFile, CalamineError, OSError, ValueError):
        _say(["refused", BROKEN])
    except BaseException as panic:
        # A panic of the Rust parser is a BaseException of a module that cannot be imported.
        if type(panic).__name__ != "PanicException":
            raise
        _say(["refused", BROKEN])


def _read(kind: str, max_cells: int) -> None:
    content = sys.stdin.buffer.read()
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
    merges = merges_of(source) if kind == "ods" else {}
    date1904 = kind == "xlsx" and zip_parts.is_1904(source)
    hidden = []
    with CalamineWorkbook.from_filelike(source) as workbook:
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != SheetVisibleEnum.Visible:
                hidden.append(meta.name)
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            ranges = merges.get(meta.name) or sheet.merged_cell_ranges or []
            room -= _write_sheet(sheet, ranges, room, date1904)
    return hidden


def _write_sheet(sheet: CalamineSheet, merges: Sequence[Range], room: int, date1904: bool) -> int:
    """Write a sheet's rows; the cells of its rectangle. Raises TooBig."""
    if sheet.start is None:
        return 0
    top, left = sheet.start
    cells = _count(sheet.height * max(left + sheet.width, NARROWEST), room)
    _say_sheet(sheet.name, top, merges, date1904)
    margin: list = [None] * left
    for row in islice(sheet.iter_rows(), top, None):
        _say(["row", *margin, *map(_plain, row)])
    return cells


def _count(cells: int, room: int) -> int:
    if cells > room:
        raise zip_parts.TooBig
    return cells


def _say_sheet(name: str, top: int, merges: Sequence[Range], date1904: bool) -> None:
    told = [[*first, *last] for first, last in merges if first != last]
    _say(["sheet", name, top + 1, told[:MAX_MERGES], date1904])


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
