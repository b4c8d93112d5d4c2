"""The data rows of a file, each with its address: what stands between them is passed over, counted."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.file_door.bounds import ENDLESS, LONGEST_CELL, MOST_REJECTED
from accounts.file_door.cells import Value, is_error
from accounts.file_door.headings import LOOK_AT, Column, Header, Headings
from accounts.file_door.merged_cells import MergedCells, Unclear
from accounts.file_door.notes import (
    is_footer,
    is_note_sheet,
    is_title,
    looks_like_data,
    names_a_child,
)
from accounts.file_door.tables import Book, Merge, Table, cell_name
from regions.refusals import Refused
from regions.rules.values import BadValue, plain, serial_day, serial_of

# Digits with at most three other signs between two of them: 539901 20130901 0070, 138-0000-0001.
DIGITS = re.compile(r"\d(?:[\W_]{0,3}\d){9,}(?:[\W_]{0,3}[Xx×](?![A-Za-z]))?")
DAYS = re.compile(
    r"(?:\W{0,3}(?<!\d)(?:19|20)\d\d(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,2}"
    r"(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?(?!\d))+"
)
TELEPHONE = re.compile(r"1[3-9]\d{9}|0[1-9]\d{1,2}[2-9]\d{6,7}")
LEAST_DIGITS = 13
SHOWN = 60
MOST_UNKNOWN, LONGEST_UNKNOWN = 20, 20

ERROR = "这一格是出错的公式 {value}。请改成正确的值，再传。"
TOO_LONG = "{name}最多 {longest} 个字，现在{length}。请改短。"
ABOVE = (
    "{place}第 {row} 行在表头上面，里面有证件号或学籍号。请把表头移到所有学生上面，或删去这一行。"
)
NO_HEADER = "工作表{names}没有找到表头，整份文件都没有读。请补上表头，或删去、隐藏这些表再传。"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that does not come in: where, what stands there, why and how to mend it."""

    row: int
    cell: str
    column: str
    value: str
    message: str
    sheet: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "cell": self.cell,
            "column": self.column,
            "value": self.value,
            "message": self.message,
        }


class Row:
    """One data row: its number in the sheet, its cells by the names of the door's columns.

    Faults are collected in `faults`; a row with any does not come in. `spoilt` rows lie in a merged
    range that was rejected once, at its first row.
    """

    __slots__ = ("columns", "faults", "header", "number", "sheet", "spoilt", "values")

    def __init__(
        self,
        number: int,
        values: list[Value],
        header: Header,
        columns: Mapping[str, Column],
        sheet: str = "",
    ) -> None:
        self.number, self.values, self.header, self.columns = number, values, header, columns
        self.sheet, self.spoilt = sheet, False
        self.faults: list[Rejection] = []

    def raw(self, name: str) -> Value:
        place = self.header.columns.get(name)
        return None if place is None else self.values[place]

    def text(self, name: str) -> str:
        return plain(self.raw(name))

    @property
    def cells(self) -> dict[str, Value]:
        return {name: self.values[place] for name, place in self.header.columns.items()}

    def take(self, name: str, read: Callable, *args, **kwargs):
        """The cell as `read` has it; None, with a fault kept, when it cannot be taken."""
        try:
            return read(self.raw(name), *args, **kwargs)
        except BadValue as wrong:
            self.fault(name, str(wrong))
            return None

    def fault(self, name: str, message: str, value: str | None = None) -> Any:
        """Keep a fault. Always None, so that a reader may end with it."""
        self.faults.append(self.reject(name, message, value))

    def reject(self, name: str, message: str, value: str | None = None) -> Rejection:
        """A rejection at this row's cell of a column; no cell where the file has no such column."""
        place = self.header.columns.get(name)
        cell = cell_name(self.number, place) if place is not None else ""
        return Rejection(
            row=self.number,
            cell=f"{self.sheet}!{cell}" if self.sheet and cell else cell or self.sheet,
            column=self.header.headings.get(name, name),
            value=self.shown(name) if value is None else value,
            message=message,
            sheet=self.sheet,
        )

    def shown(self, name: str) -> str:
        """The cell as a message may show it: identity numbers masked wherever they stand."""
        text = self.text(name)
        known = self.columns.get(name)
        if known and known.secret and len(text) > 10:
            return mask(text[-SHOWN:])
        return masked(text)


def mask(number: str) -> str:
    """All but the last four characters as stars."""
    return "*" * (len(number) - 4) + number[-4:]


def masked(text: str) -> str:
    """A value for a message: short, and no number of a person in full, however it is split."""
    short = DIGITS.sub(lambda found: _masked_digits(found[0]), text)
    return short if len(short) <= SHOWN else short[:SHOWN] + "…"


def _masked_digits(digits: str) -> str:
    """Masked where they are as many as an identity number has, or a telephone; days stay."""
    together = re.sub(r"\D", "", digits)
    is_number = len(together) >= LEAST_DIGITS and not DAYS.fullmatch(digits)
    return mask(digits) if is_number or TELEPHONE.fullmatch(together) else digits


def endless(first: Rejection) -> Refused:
    """The refusal of a file with more faults than anybody mends by hand; `first` is the first."""
    cell = first.cell or f"第 {first.row} 行"
    return Refused(ENDLESS.format(most=MOST_REJECTED, cell=cell, message=first.message))


@dataclass
class RowSet:
    """The data rows of a file, the headings of its first sheet, and what was passed over."""

    rows: list[Row] = field(default_factory=list)
    header: Header = field(default_factory=lambda: Header(0, {}))
    passed_over: int = 0
    notes: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    faults: int = 0

    def take(self, row: Row) -> None:
        """Take up a row. Raises Refused for a file in which nearly nothing can be read."""
        self.rows.append(row)
        self.faults += len(row.faults)
        if self.faults > MOST_REJECTED:
            raise endless(next(row.faults[0] for row in self.rows if row.faults))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def rows_of(book: Book, headings: Headings) -> RowSet:
    """The rows under the headings of every sheet. Raises Refused.

    A sheet without headings is passed over and named when it holds notes only; when it holds what
    looks like data the file is refused, so that nobody's rows are left out unseen.
    """
    found: list[tuple[Table, Header]] = []
    beside: list[str] = []
    lost: list[str] = []
    for table in book.tables:
        try:
            header = headings.find(table.rows[:LOOK_AT])
        except BadValue as wrong:
            raise Refused(
                f"工作表“{table.name}”：{wrong}" if len(book.tables) > 1 else str(wrong)
            ) from None
        if header is not None:
            found.append((table, header))
        else:
            (beside if is_note_sheet(table.name, table.rows) else lost).append(table.name)
    if not found:
        raise Refused(headings.missing)
    if lost:
        raise Refused(NO_HEADER.format(names="、".join(f"“{name}”" for name in lost)))
    readers = [
        _Reader(table, header, headings, table.name if len(found) > 1 else "")
        for table, header in found
    ]
    unknown = list(dict.fromkeys(text for reader in readers for text in reader.unknown()))
    result = RowSet(
        header=replace(found[0][1], unknown=unknown), sheets=[table.name for table, _ in found]
    )
    result.notes += [f"工作表“{name}”没有表头，按说明略过。" for name in beside]
    result.notes += [f"隐藏的工作表“{name}”没有读。" for name in book.hidden]
    if unknown and not result.header.layout:
        told = "、".join(text[:LONGEST_UNKNOWN] for text in unknown[:MOST_UNKNOWN])
        result.notes.append(f"没有用到的列：{told}。")
    for reader in readers:
        reader.read(result)
    if result.passed_over:
        result.notes.append(f"略过 {result.passed_over} 行：重复的表头、标题、签字和说明。")
    return result


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under one heading row: offsets into the table, the heading's own included."""

    header: Header
    start: int
    stop: int


class _Reader:
    """Reads one sheet below its headings, block by block: the headings may stand again between."""

    def __init__(self, table: Table, header: Header, headings: Headings, sheet: str) -> None:
        self.table, self.headings, self.sheet = table, headings, sheet
        self.words = {
            text for one in headings.columns.values() for text in (one.name, *one.aliases)
        }
        self.words |= {cell for cell in table.rows[header.row_index] if isinstance(cell, str)}
        self._refuse_data_above(header)
        self.blocks = self._blocks(header)
        self.told: set[Merge] = set()

    def unknown(self) -> Iterator[str]:
        for block in self.blocks:
            yield from block.header.unknown

    def read(self, result: RowSet) -> None:
        merges = self._merges_by_block()
        for block, theirs in zip(self.blocks, merges, strict=True):
            self._read_block(block, theirs, result)
        result.passed_over += len(self.blocks) - 1

    def _refuse_data_above(self, header: Header) -> None:
        """Children above the headings would be left out unseen."""
        place = f"工作表“{self.sheet}”" if self.sheet else ""
        for offset, row in enumerate(self.table.rows[: header.row_index]):
            if names_a_child(row):
                number = self.table.first_row + offset
                raise Refused(ABOVE.format(place=place, row=number))

    def _blocks(self, first: Header) -> list[Block]:
        starts = [(first.row_index, first)]
        for offset in range(first.row_index + 1, len(self.table.rows)):
            if again := self._heading_again(self.table.rows[offset]):
                starts.append((offset, again))
        stops = [offset for offset, _ in starts[1:]] + [len(self.table.rows)]
        return [
            Block(header, start, stop) for (start, header), stop in zip(starts, stops, strict=True)
        ]

    def _heading_again(self, values: list[Value]) -> Header | None:
        if (
            sum(value.replace(" ", "") in self.words for value in values if isinstance(value, str))
            < 2
        ):
            return None
        try:
            return None if looks_like_data(values) else self.headings.find([values])
        except BadValue:
            return None

    def _merges_by_block(self) -> list[list[Merge]]:
        """The merged cells of each block; what begins above all blocks is of the first."""
        starts = [self.table.first_row - 1 + block.start for block in self.blocks]
        found: list[list[Merge]] = [[] for _ in self.blocks]
        for merge in self.table.merges:
            found[max(bisect_right(starts, merge.top) - 1, 0)].append(merge)
        return found

    def _read_block(self, block: Block, merges: list[Merge], result: RowSet) -> None:
        columns = self.headings.columns
        places = {place: name for name, place in block.header.columns.items() if name in columns}
        shared = {place for place, name in places.items() if columns[name].filled}
        first = self.table.first_row
        numbers = range(first + block.start + 1, first + block.stop)
        merged = MergedCells(self.table, merges, places, shared, numbers)
        for number in numbers:
            values = self.table.rows[number - first]
            if all(values[place] is None for place in places):
                continue
            if _is_beside(values, number in merged.wide):
                result.passed_over += 1
            else:
                row = self._row(number, values, block.header)
                self._tell_merged(row, merged.unclear.get(number, []))
                result.take(row)

    def _row(self, number: int, values: list[Value], header: Header) -> Row:
        columns = self.headings.columns
        if self.table.date1904:
            values = self._dated(values, header)
        row = Row(number, values, header, columns, self.sheet)
        for name, place in header.columns.items():
            value = values[place]
            if isinstance(value, (int, float)):
                value = plain(value)
            if isinstance(value, str) and name in columns:
                longest = columns[name].longest
                if len(value) > longest or value[0] == "#":
                    _check(row, name, value, longest)
        return row

    def _tell_merged(self, row: Row, unclear: list[Unclear]) -> None:
        """Each range is refused once, at the first of its rows; the others are spoilt by it."""
        for one in unclear:
            row.spoilt = True
            if one.merge in self.told:
                continue
            self.told.add(one.merge)
            heading = row.header.headings.get(one.name, one.name)
            told = row.reject(one.name, one.told(heading))
            label = one.merge.label()
            place = f"{self.sheet}!{label}" if self.sheet else label
            row.faults.append(replace(told, cell=place))

    def _dated(self, values: list[Value], header: Header) -> list[Value]:
        """The row of a 1904 book with the serial numbers of its day columns as days."""
        told = list(values)
        for name, place in header.columns.items():
            known = self.headings.columns.get(name)
            if known and known.day and (serial := serial_of(told[place])) is not None:
                told[place] = serial_day(serial, date1904=True)
        return told


def _is_beside(values: list[Value], wide: bool) -> bool:
    """Is this a title, a signing line, a total or a note: no row of data? `wide` is said of a row
    in which one text is merged over most of the columns."""
    if is_footer(values) or is_title(values):
        return True
    alone = [value for value in values if value is not None]
    return wide and len(alone) == 1 and isinstance(alone[0], str) and not names_a_child(alone)


def _check(row: Row, name: str, value: str, longest: int) -> None:
    told = row.header.headings.get(name, name)
    if is_error(value):
        row.fault(name, ERROR.format(value=value))
    elif len(value) > longest:
        is_cut = len(value) > LONGEST_CELL
        length = f"超过 {LONGEST_CELL} 个字" if is_cut else f" {len(value)} 个字"
        row.fault(name, TOO_LONG.format(name=told, longest=longest, length=length))
