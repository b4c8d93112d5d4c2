"""The columns a door knows, and the row of headings that names them. Standard library only."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from regions.rules.values import BadValue, column_letters, plain

LOOK_AT = 30  # rows searched for the headings; titles and 填报单位 lines stand above them
LONGEST_HEADING = 80

Grid = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a door: its name, other headings for it, and what its cells may hold.

    `longest` is the length of the record's field; `secret` values (identity numbers, telephones)
    are masked in every message; in a `filled` column a merged cell speaks for all rows it covers;
    a `day` column holds days, also as the serial numbers of a spreadsheet.
    """

    name: str
    aliases: tuple[str, ...] = ()
    longest: int = 200
    secret: bool = False
    filled: bool = False
    day: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand (index into the rows) and the column index of each field.

    `unknown` lists headings nobody here knows, `unused` those known but not kept; both as written.
    `layout` names a known form of table; `headings` holds each field's heading as written.
    `row_index` is that of the last heading row; the data begins below it.
    """

    row_index: int
    columns: Mapping[str, int]
    unknown: list[str] = field(default_factory=list)
    layout: str = ""
    unused: list[str] = field(default_factory=list)
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Headings:
    """How a door finds its heading row: `find` looks from the top (None when there is none; BadValue
    when the table is of another kind), `columns` by name. `missing` is the refusal without any."""

    find: Callable[[Grid], Header | None]
    columns: Mapping[str, Column]
    missing: str


def column(name: str, aliases: str = "", **traits) -> Column:
    """A column with its other headings, separated by blanks."""
    return Column(name, tuple(aliases.split()), **traits)


def simple_headings(columns: Iterable[Column], key: str) -> Headings:
    """Headings of a plain table: a row that names `key` and one more known column."""
    by_name = {one.name: one for one in columns}
    meaning = {alias: one.name for one in by_name.values() for alias in (one.name, *one.aliases)}

    def find(rows: Grid) -> Header | None:
        for index, row in enumerate(rows):
            texts = [heading_text(cell) for cell in row]
            places: dict[str, list[int]] = {}
            for place, text in enumerate(texts):
                if text in meaning:
                    places.setdefault(meaning[text], []).append(place)
            if key in places and len(places) > 1:
                refuse_doubles(places.values(), texts)
                unknown = [text for text in texts if text and text not in meaning]
                first = {name: found[0] for name, found in places.items()}
                written = {name: texts[place] for name, place in first.items()}
                return Header(index, first, unknown, headings=written)
        return None

    wanted = "、".join(by_name)
    return Headings(find, by_name, f"没有找到表头。第一行应有这些列名：{wanted}。")


def refuse_doubles(places: Iterable[Sequence[int]], texts: Sequence[str]) -> None:
    """BadValue when two columns name one field: nobody can know which one is meant."""
    for found in places:
        if len(found) > 1:
            first, second = (f"{column_letters(place)} 列“{texts[place]}”" for place in found[:2])
            raise BadValue(f"{first}和 {second}意思相同，不知道用哪一列，请删去一列或改列名。")


def heading_text(cell: object) -> str:
    """A cell as a heading: no blanks, no star, no （必填）; "" for what is too long to be one."""
    if not isinstance(cell, str) or len(cell) > LONGEST_HEADING:
        return ""
    return re.sub(r"[\s*★☆※:：]|\(必填项?\)|\(选填项?\)", "", plain(cell))
