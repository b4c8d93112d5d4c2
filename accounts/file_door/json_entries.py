"""A JSON list of objects (calendar, policies) as rows: entry 1, entry 2 … . Standard library only."""

import json
from collections.abc import Mapping

from accounts.file_door.bounds import LONGEST_CELL, MAX_ENTRIES, MAX_JSON_BYTES
from accounts.file_door.cells import Value, clean_cell
from accounts.file_door.formats.decoding import decoded
from accounts.file_door.headings import Column, Header
from accounts.file_door.kinds import check_size
from accounts.file_door.rows import TOO_LONG, Rejection, Row, RowSet
from regions.refusals import Refused

NOT_JSON = "{what}文件不是 JSON。应是一个列表，每条有 {keys}。"
NOT_A_LIST = "{what}文件应是一个列表，每条有 {keys}。"
TOO_DEEP = "{what}文件的层次太深，看不懂。应是一个列表，每条有 {keys}。"
TOO_MANY = f"{{what}}文件最多 {MAX_ENTRIES} 条。请按学校或年份分开再传。"
TOO_LARGE = f"{{what}}文件超过 {MAX_JSON_BYTES // 2**20} MB，这样的文件不该这么大。请检查后再传。"


def read_entries(content: bytes, what: str, columns: Mapping[str, Column]) -> RowSet:
    """The entries of the list, their values as clean text (numbers, true and false spelt out).

    `what` names the kind of file in refusals. Raises Refused.
    """
    words = {"what": what, "keys": "、".join(columns)}
    if len(content) > MAX_JSON_BYTES:
        raise Refused(TOO_LARGE.format(**words))
    entries = _loaded(content, words)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refused(NOT_A_LIST.format(**words))
    if len(entries) > MAX_ENTRIES:
        raise Refused(TOO_MANY.format(**words))
    rows = [_row(number, entry, columns) for number, entry in enumerate(entries, 1)]
    return RowSet(rows=rows)


def _loaded(content: bytes, words: dict[str, str]) -> object:
    try:
        check_size(content)
        return json.loads(decoded(content))
    except RecursionError:
        raise Refused(TOO_DEEP.format(**words)) from None
    except (ValueError, Refused):
        raise Refused(NOT_JSON.format(**words)) from None


def _row(number: int, entry: dict, columns: Mapping[str, Column]) -> Row:
    header = Header(0, {name: place for place, name in enumerate(columns)})
    row = EntryRow(number, [_value(entry.get(name)) for name in columns], header, columns)
    for name, known in columns.items():
        if len(row.text(name)) > known.longest:
            length = f" {len(row.text(name))} 个字"
            row.fault(name, TOO_LONG.format(name=f" {name} ", longest=known.longest, length=length))
    return row


class EntryRow(Row):
    """An entry of a list: its refusals begin with its place in it, since it has no cell."""

    __slots__ = ()

    def reject(self, name: str, message: str, value: str | None = None):
        told = super().reject(name, message, value)
        place = f"第 {self.number} 条"
        return Rejection(self.number, place, name, told.value, place + message)


def _value(value: object) -> Value:
    """A value as text; a list or an object as a text that no column takes."""
    if value is None or value is False or value == "":
        return None
    if isinstance(value, (list, dict)):
        return "[…]" if isinstance(value, list) else "{…}"
    return clean_cell(str(value)[: LONGEST_CELL * 4])
