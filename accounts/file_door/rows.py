"""The data rows of a file, each with its address: what stands between them is passed over, counted."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.file_door.bounds import ENDLESS, MOST_REJECTED
from accounts.file_door.cells import Value, is_error
from accounts.file_door.headings import LOOK_AT, Column, Header, Headings
from accounts.file_door.tables import Book, Merge, Table, cell_name
from regions.refusals import Refused
from regions.rules.values import SERIALS, BadValue, plain, serial_day

FOOTER = re.compile(
    r"(审核人?|审批人?|填表人?|填报人?|制表人?|经办人|负责人|校长|填表说明|填报说明|填表日期|填报时间"
    r"|合计|总计|小计|注|备注|说明|单位负责人)(签字|签名|\(签字\)|\(签章\)|\(盖章\))?([::].*|$)"
)
TITLE = re.compile(
    r".{1,60}(花名册|名册|名单|登记表|汇总表|统计表|一览表|信息表|明细表|台账)(\(.{0,40}\))?"
)
NOTE_SHEET = re.compile(
    r".{0,20}(说明|须知|示例|样例|选项|字典|代码表?|参考|封面|目录|模板).{0,20}"
)
LONGEST_NOTE = 120
LIKE_DATA = 3  # filled cells in a row of a sheet without headings
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
MERGED = "{name}列的 {range} 是合并单元格，不知道各行是什么。请取消合并，逐行填写。"
NO_HEADER = "工作表{names}没有找到表头，整份文件都没有读。请补上表头，或删去、隐藏这些表再传。"


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
            (beside if _is_note(table) else lost).append(table.name)
    if not found:
        raise Refused(headings.missing)
    if lost:
        raise Refused(NO_HEADER.format(names="、".join(f"“{name}”" for name in lost)))
    unknown = list(dict.fromkeys(text for _, header in found for text in header.unknown))
    result = RowSet(
        header=replace(found[0][1], unknown=unknown), sheets=[table.name for table, _ in found]
    )
    result.notes += [f"工作表“{name}”没有表头，按说明略过。" for name in beside]
    result.notes += [f"隐藏的工作表“{name}”没有读。" for name in book.hidden]
    if unknown and not result.header.layout:
        told = "、".join(text[:LONGEST_UNKNOWN] for text in unknown[:MOST_UNKNOWN])
        result.notes.append(f"没有用到的列：{told}。")
    for table, header in found:
        _Reader(table, header, headings, table.name if len(found) > 1 else "").read(result)
    if result.passed_over:
        result.notes.append(f"略过 {result.passed_over} 行：重复的表头、标题、签字和说明。")
    return result


def _is_note(table: Table) -> bool:
    """A sheet of explanations: so by its name, or without any row that looks like data."""
    if NOTE_SHEET.fullmatch(table.name[:60]):
        return True
    return all(sum(cell is not None for cell in row) < LIKE_DATA for row in table.rows)


def is_footer(row: list[Value]) -> bool:
    """Is this a line under the table (审核人：… 填表人：…, 填表说明, 合计) rather than a child?"""
    first = next((cell for cell in row if cell not in (None, "")), None)
    text = re.sub(r"\s", "", plain(first))[:LONGEST_NOTE] if isinstance(first, str) else ""
    return FOOTER.match(text) is not None


class _Reader:
    """Reads one sheet below its headings."""

    def __init__(self, table: Table, header: Header, headings: Headings, sheet: str) -> None:
        self.table, self.header, self.headings, self.sheet = table, header, headings, sheet
        self.limits: list[tuple[str, int, int]] = []
        self.words = {
            text for one in headings.columns.values() for text in (one.name, *one.aliases)
        }
        self.words |= {cell for cell in table.rows[header.row_index] if isinstance(cell, str)}
        self.use(header)

    def use(self, header: Header) -> None:
        self.header = header
        self.limits = [
            (name, place, self.headings.columns[name].longest)
            for name, place in header.columns.items()
            if name in self.headings.columns
        ]

    def read(self, result: RowSet) -> None:
        wide = self._wide_notes()
        merged = self._fill_down()
        for offset in range(self.header.row_index + 1, len(self.table.rows)):
            values = self.table.rows[offset]
            if all(values[place] is None for _, place, _ in self.limits):
                continue
            if self._passed_over(values, offset in wide):
                result.passed_over += 1
            else:
                result.take(self._row(offset, values, merged))

    def _row(self, offset: int, values: list[Value], merged: dict[int, list]) -> Row:
        number = self.table.first_row + offset
        if self.table.date1904:
            values = self._dated(values)
        row = Row(number, values, self.header, self.headings.columns, self.sheet)
        for name, place, longest in self.limits:
            value = values[place]
            if isinstance(value, (int, float)):
                value = plain(value)
            if isinstance(value, str) and (len(value) > longest or value[0] == "#"):
                _check(row, name, value, longest)
        for name, merge in merged.get(number, []):
            if merge.top + 1 == number:
                row.faults.append(self._merge_fault(row, name, merge))
            row.spoilt = True
        return row

    def _dated(self, values: list[Value]) -> list[Value]:
        """The row of a 1904 book with the numbers of its day columns as days."""
        days = [place for name, place, _ in self.limits if self.headings.columns[name].day]
        told = list(values)
        for place in days:
            value = told[place]
            if isinstance(value, (int, float)) and int(value) in SERIALS:
                told[place] = serial_day(value, date1904=True)
        return told

    def _merge_fault(self, row: Row, name: str, merge: Merge) -> Rejection:
        told = row.reject(
            name, MERGED.format(name=row.header.headings.get(name, name), range=merge.label())
        )
        place = f"{self.sheet}!{merge.label()}" if self.sheet else merge.label()
        return Rejection(told.row, place, told.column, told.value, told.message)

    def _passed_over(self, values: list[Value], wide: bool) -> bool:
        """Is this a repeated heading (its columns count from here on), a signing line or a note?"""
        if wide or is_footer(values):
            return True
        filled = [value for value in values if value is not None]
        if len(filled) == 1:
            alone = filled[0]
            return isinstance(alone, str) and TITLE.fullmatch(alone[:LONGEST_NOTE]) is not None
        again = self._heading_again(values)
        if again:
            self.use(again)
        return again is not None

    def _heading_again(self, values: list[Value]) -> Header | None:
        if sum(value in self.words for value in values if isinstance(value, str)) < 2:
            return None
        try:
            return self.headings.find([values])
        except BadValue:
            return None

    def _wide_notes(self) -> set[int]:
        """Offsets of rows that hold one text spread over several columns: titles and notes."""
        wide = set()
        for merge in self.table.merges:
            offset = merge.top + 1 - self.table.first_row
            if merge.right > merge.left and 0 <= offset < len(self.table.rows):
                values = self.table.rows[offset]
                if sum(value is not None for value in values) == 1 and merge.left < len(values):
                    wide.add(offset)
        return wide

    def _fill_down(self) -> dict[int, list[tuple[str, Merge]]]:
        """Give each row its share of a merged cell; (row number → column, range) of what may not be
        shared. The cells of the table are filled in place."""
        by_place = {place: name for name, place, _ in self.limits}
        refused: dict[int, list[tuple[str, Merge]]] = {}
        data = self.table.first_row + self.header.row_index + 1
        for merge in self.table.merges:
            name = by_place.get(merge.left)
            if name is None or merge.bottom == merge.top or merge.top + 1 < data:
                continue
            if self.headings.columns[name].filled:
                self._share(merge)
            elif self._value(merge) is not None:
                for number in range(merge.top + 1, merge.bottom + 2):
                    refused.setdefault(number, []).append((name, merge))
        return refused

    def _value(self, merge: Merge) -> Value:
        offset = merge.top + 1 - self.table.first_row
        return self.table.rows[offset][merge.left] if offset < len(self.table.rows) else None

    def _share(self, merge: Merge) -> None:
        """Fill a merged value down over the rows that hold something else as well."""
        value = self._value(merge)
        for number in range(merge.top + 2, merge.bottom + 2):
            offset = number - self.table.first_row
            if offset < len(self.table.rows):
                row = self.table.rows[offset]
                if any(row[place] is not None for _, place, _ in self.limits):
                    row[merge.left] = value


def _check(row: Row, name: str, value: str, longest: int) -> None:
    told = row.header.headings.get(name, name)
    if is_error(value):
        row.fault(name, ERROR.format(value=value))
    elif len(value) > longest:
        length = f" {len(value)} 个字" if len(value) <= 1000 else "超过 1000 个字"
        row.fault(name, TOO_LONG.format(name=told, longest=longest, length=length))
