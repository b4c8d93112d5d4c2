"""A workbook (.xlsx, .xls, .ods) as tables, by way of the child process that opens it."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from datetime import date, datetime
from pathlib import Path
from threading import Thread, Timer

from accounts.file_door import bounds
from accounts.file_door.formats import workbook_child, zip_parts
from accounts.file_door.kinds import Kind
from accounts.file_door.tables import Book, Collector, Merge, clean_name
from regions.refusals import Refused

ROOT = Path(__file__).resolve().parents[3]
UNCALCULATED = "表里有没有算出结果的公式。请用 Excel 或 WPS 打开，保存一次再传。"
TOO_MANY = f"工作表太多（连同批注最多 {zip_parts.MAX_PARTS} 个部分）。请按学校分开再传。"
TOO_MERGED = (
    f"合并单元格太多（一张表最多 {workbook_child.MAX_MERGES // 10_000} 万处）。请取消合并，再传。"
)
WHY = {
    workbook_child.BROKEN: bounds.BROKEN,
    workbook_child.BIG: bounds.TOO_BIG,
    workbook_child.LOCKED: bounds.LOCKED,
    workbook_child.UNCALCULATED: UNCALCULATED,
    workbook_child.MANY: TOO_MANY,
    workbook_child.MERGED: TOO_MERGED,
}


def read_workbook(content: bytes, kind: Kind) -> Book:
    """Every visible sheet that holds data. Raises Refused."""
    records = records_of(content, kind)
    collector, tables, hidden = Collector(), [], []
    ended = False
    sheet: list | None = None
    try:
        while record := (sheet or next(records, None)):
            sheet = None
            if record[0] == "refused":
                raise Refused(WHY[record[1]])
            if record[0] == "hidden":
                hidden = [clean_name(name) for name in record[1]]
            elif record[0] == "sheet":
                rows = Rows(records)
                table = collector.table(
                    record[1], rows, record[2], map(_merge, record[3]), record[4]
                )
                tables += [table] if table else []
                sheet = rows.next_record
            ended = record[0] == "end"
    finally:
        records.close()
    if not ended:
        raise Refused(bounds.DIED)
    if not tables:
        raise Refused(bounds.NO_DATA)
    return Book(tables, hidden)


class Rows:
    """The rows of one sheet; `next_record` is what ended them."""

    def __init__(self, records: Iterator[list]) -> None:
        self.records = records
        self.next_record: list | None = None

    def __iter__(self) -> Iterator[list]:
        for record in self.records:
            if record[0] != "row":
                self.next_record = record
                return
            yield [_value(cell) for cell in record[1:]]


def _merge(place: list[int]) -> Merge:
    return Merge(*place)


def _value(cell):
    """A cell of a record; a list holds the ISO form of a date or of a moment."""
    if not isinstance(cell, list):
        return cell
    text = cell[0]
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def records_of(content: bytes, kind: Kind) -> Generator[list, None, None]:
    """What the child writes, line by line; it is gone when this ends, however it ends."""
    limits = (bounds.MAX_CELLS, bounds.CHILD_MEMORY, bounds.CHILD_SECONDS)
    child = subprocess.Popen(  # noqa: S603  our own module, and numbers
        [sys.executable, "-m", workbook_child.__name__, kind, *map(str, limits)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
    )
    if child.stdin is None or child.stdout is None:
        raise OSError("the child has no pipes")
    feeder = Thread(target=_feed, args=(child.stdin, content), daemon=True)
    patience = Timer(bounds.CHILD_PATIENCE, child.kill)
    feeder.start()
    patience.start()
    try:
        for line in child.stdout:
            yield json.loads(line) if line.endswith(b"\n") else ["cut"]
    finally:
        patience.cancel()
        child.kill()
        child.stdout.close()
        feeder.join()
        child.wait()


def _feed(stream, content: bytes) -> None:
    """Give the child its file; one that ended early wants no more of it."""
    try:
        with stream:
            stream.write(content)
    except (BrokenPipeError, OSError):
        pass
