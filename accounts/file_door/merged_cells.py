"""Merged cells among the data: their value given to the rows they cover, or what is refused for them.

Standard library only.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from accounts.file_door.bounds import MAX_CELLS, TOO_BIG
from accounts.file_door.cells import Value
from accounts.file_door.tables import Merge, Table
from regions.refusals import Refused

MERGED = "{name}列的 {range} 是合并单元格，不知道各行是什么。请取消合并，逐行填写。"
COVERED = "{range} 是合并单元格，盖住了{name}列，不知道那一列是什么。请取消合并，逐格填写。"


@dataclass(frozen=True, slots=True)
class Unclear:
    """A merged range nobody can share out: the column it takes the value from, and the sentence."""

    name: str
    merge: Merge
    message: str

    def told(self, heading: str) -> str:
        return self.message.format(name=heading, range=self.merge.label())


class MergedCells:
    """The merged cells of some rows of a table, by sheet row numbers from `first` to `last`.

    `places` names the known columns by their index; those in `shared` take one value for all rows.
    """

    def __init__(
        self,
        table: Table,
        merges: Iterable[Merge],
        places: Mapping[int, str],
        shared: Collection[int],
        rows: range,
    ) -> None:
        self.table, self.places, self.shared, self.rows = table, places, shared, rows
        self.unclear: dict[int, list[Unclear]] = {}
        self.wide: set[int] = set()
        self.steps = 0
        for merge in merges:
            self._settle(merge)

    def _settle(self, merge: Merge) -> None:
        covered = [place for place in self.places if merge.left <= place <= merge.right]
        rows = self._rows_of(merge)
        if not covered or not rows or self._value(merge) is None:
            return
        if merge.top == merge.bottom and len(covered) * 2 > len(self.places):
            self.wide.add(merge.top + 1)
        begins_here = rows[0] == merge.top + 1
        hidden = [place for place in covered if place != merge.left or not begins_here]
        if hidden:
            self._refuse(rows, Unclear(self.places[min(hidden)], merge, COVERED))
        elif len(rows) > 1 and merge.left in self.shared:
            self._share(merge, rows)
        elif len(rows) > 1:
            self._refuse(rows, Unclear(self.places[merge.left], merge, MERGED))

    def _rows_of(self, merge: Merge) -> range:
        """The rows a merged range covers here. Raises Refused where all ranges together are endless."""
        rows = range(max(merge.top + 1, self.rows.start), min(merge.bottom + 2, self.rows.stop))
        self.steps += len(rows)
        if self.steps > MAX_CELLS:
            raise Refused(TOO_BIG)
        return rows

    def _refuse(self, rows: range, unclear: Unclear) -> None:
        for number in rows:
            self.unclear.setdefault(number, []).append(unclear)

    def _value(self, merge: Merge) -> Value:
        row = self._row(merge.top + 1)
        return row[merge.left] if merge.left < len(row) else None

    def _row(self, number: int) -> list[Value]:
        offset = number - self.table.first_row
        return self.table.rows[offset] if 0 <= offset < len(self.table.rows) else []

    def _share(self, merge: Merge, rows: range) -> None:
        """Fill a merged value down over the rows that hold something else as well."""
        value = self._value(merge)
        for row in map(self._row, rows[1:]):
            if any(row[place] is not None for place in self.places):
                row[merge.left] = value
