"""The sheets of a file as bounded grids of clean cells. Standard library only."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.file_door.bounds import MAX_CELLS, MAX_WEIGHT, NARROWEST, TOO_BIG
from accounts.file_door.cells import Value, clean_cell
from regions.refusals import Refused
from regions.rules.values import column_letters

# Bytes that a place in a row, a row, and a value of its own take besides the text itself.
PLACE, ROW, NUMBER, TEXT = 8, 64, 32, 100


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; rows and columns of the sheet counted from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def label(self) -> str:
        return f"{cell_name(self.top + 1, self.left)}:{cell_name(self.bottom + 1, self.right)}"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it was uploaded: `rows` are of equal width and begin at column A.

    `first_row` is the sheet's number of rows[0], counted from 1. Numbers stay numbers, so that an
    identity number which Excel spoilt can be told; dates are date or datetime; empty cells None.
    In a book of the 1904 system (`date1904`) a number that means a day counts from another epoch.
    """

    name: str
    rows: list[list[Value]]
    first_row: int = 1
    merges: tuple[Merge, ...] = ()
    date1904: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """The visible sheets that hold data, in order, and the names of the hidden ones."""

    tables: list[Table]
    hidden: list[str] = field(default_factory=list)


def cell_name(row: int, col: int) -> str:
    """The address a person sees: row number counted from 1, column index from 0; (23, 7) is H23."""
    return f"{column_letters(col)}{row}"


class Collector:
    """Takes rows in, cleans their cells and keeps equal values once. Raises Refused at the bounds."""

    def __init__(self) -> None:
        self.cells, self.weight = 0, 0
        self.known: dict[str, Value] = {}
        self.numbers: dict[float, float] = {}

    def table(
        self,
        name: str,
        rows: Iterable[list],
        first_row: int = 1,
        merges: Iterable[Merge] = (),
        date1904: bool = False,
    ) -> Table | None:
        """A table of the rows, without the empty rows under its last one; None when all are empty."""
        kept: list[list[Value]] = []
        filled = width = 0
        for raw in rows:
            row = [self._kept(cell) for cell in raw]
            width = max(width, len(row))
            self._count(len(row), (len(kept) + 1) * max(width, NARROWEST))
            kept.append(row)
            if any(cell is not None for cell in row):
                filled = len(kept)
        del kept[filled:]
        for row in kept:
            row.extend([None] * (width - len(row)))
        self.cells += len(kept) * max(width, NARROWEST)
        if not kept:
            return None
        return Table(clean_name(name), kept, first_row, tuple(merges), date1904)

    def _kept(self, raw: Value) -> Value:
        if raw is None or raw == "":
            return None
        if isinstance(raw, float):
            return self._number(raw)
        if not isinstance(raw, str):
            self.weight += NUMBER
            return raw
        if raw not in self.known:
            value = self.known[raw] = clean_cell(raw)
            self.weight += TEXT + sys.getsizeof(raw)
            self.weight += 0 if value is raw else sys.getsizeof(value)
        return self.known[raw]

    def _number(self, raw: float) -> float:
        if raw not in self.numbers:
            self.numbers[raw] = raw
            self.weight += TEXT
        return self.numbers[raw]

    def _count(self, width: int, cells: int) -> None:
        self.weight += ROW + PLACE * width
        if self.cells + cells > MAX_CELLS or self.weight > MAX_WEIGHT:
            raise Refused(TOO_BIG)


def clean_name(name: str) -> str:
    """A sheet's or a file's name as it is shown."""
    return str(clean_cell(name) or "")[:60]
