"""What comes of a file: what it would do, row by row, and why a cell was rejected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.sheets import Table, cell_name
from regions.refusals import Refused
from regions.values import BadValue, plain


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that does not come in: where, what stands there, why and how to mend it."""

    row: int
    cell: str
    column: str
    value: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "cell": self.cell,
            "column": self.column,
            "value": self.value,
            "message": self.message,
        }


@dataclass
class Outcome:
    """The counts of an import, planned or done. They sum to the rows of the file."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    missing: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    applied: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "missing": self.missing,
            "rejected": [one.as_json() for one in self.rejected],
            "warnings": self.warnings,
            "applied": self.applied,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One data row of a simple file: its number in the sheet and its cells by heading."""

    number: int
    cells: Mapping[str, object]
    columns: Mapping[str, int]

    def text(self, heading: str) -> str:
        return plain(self.cells.get(heading))

    def reject(self, heading: str, message: str, value: str | None = None) -> Rejection:
        column = self.columns.get(heading)
        return Rejection(
            row=self.number,
            cell=cell_name(self.number, column) if column is not None else "",
            column=heading,
            value=self.text(heading) if value is None else value,
            message=message,
        )


def lines_of(tables: Sequence[Table], known: Mapping[str, str], key: str) -> list[Line]:
    """The rows under each heading row of the tables. `known` maps spellings to one heading.

    A heading row is one that names `key` (any of its spellings) and one more known heading; another
    may follow further down. Raises Refused when none does.
    """
    lines: list[Line] = []
    found = False
    for table in tables:
        columns: dict[str, int] = {}
        for offset, row in enumerate(table.rows):
            heads = {known[plain(cell)]: i for i, cell in enumerate(row) if plain(cell) in known}
            if key in heads and len(heads) > 1:
                columns, found = heads, True
            elif columns and any(plain(cell) for cell in row):
                cells = {heading: row[i] for heading, i in columns.items()}
                lines.append(Line(table.first_row + offset, cells, columns))
    if not found:
        wanted = "、".join(dict.fromkeys(known.values()))
        raise Refused(f"没有找到表头。第一行应有这些列名：{wanted}。")
    return lines


def value_or(line: Line, heading: str, read, rejected: list[Rejection]):
    """The cell as `read` has it; None, with a rejection kept, when it cannot be taken."""
    try:
        return read(line.cells.get(heading))
    except BadValue as wrong:
        rejected.append(line.reject(heading, str(wrong)))
        return None
