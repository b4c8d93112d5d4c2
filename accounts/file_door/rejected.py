"""The rejected rows of a file as a workbook, to mend and send again."""

from accounts.file_door.outcome import Outcome
from accounts.workbooks import Sheet, write_workbook

HEADER = ["行", "单元格", "列", "填的是", "为什么，怎么改"]
WIDTHS = [6, 8, 16, 24, 60]


def write_rejected(target, outcome: Outcome) -> None:
    """Write row, cell, column, what stands there and why to a path or a binary buffer."""
    rows = [(r.row, r.cell, r.column, r.value, r.message) for r in outcome.rejected]
    write_workbook(target, [Sheet("退回", HEADER, rows, widths=WIDTHS)])
