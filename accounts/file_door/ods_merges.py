"""The merged cells of an .ods, which the spreadsheet library does not tell. Standard library only."""

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, iterparse

from accounts.file_door.zip_parts import ODS_CONTENT

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
SPANS = b"-spanned"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")

Range = tuple[tuple[int, int], tuple[int, int]]


def merges_of(packed: io.BytesIO) -> dict[str, list[Range]]:
    """By sheet: ((first row, first column), (last row, last column)), counted from 0.

    `packed` is the repacked file; {} where no cell spans others.
    """
    with zipfile.ZipFile(packed) as archive:
        xml = archive.read(ODS_CONTENT)
    packed.seek(0)
    if SPANS not in xml:
        return {}
    found: dict[str, list[Range]] = {}
    merges: list[Range] = []
    top = 0
    for event, element in iterparse(io.BytesIO(xml), ("start", "end")):  # noqa: S314  no entities
        if event == "start":
            if element.tag == f"{TABLE}table":
                merges, top = found.setdefault(element.get(f"{TABLE}name", ""), []), 0
        elif element.tag == f"{TABLE}table-row":
            merges += _of_row(element, top)
            top += _number(element, "number-rows-repeated")
            element.clear()
    return found


def _of_row(row: Element, top: int) -> Iterator[Range]:
    left = 0
    for cell in row:
        if cell.tag in CELLS:
            down, across = (
                _number(cell, "number-rows-spanned"),
                _number(cell, "number-columns-spanned"),
            )
            if down > 1 or across > 1:
                yield (top, left), (top + down - 1, left + across - 1)
            left += _number(cell, "number-columns-repeated")


def _number(element: Element, name: str) -> int:
    """An attribute that counts, 1 where it is absent. Raises ValueError."""
    return int(element.get(f"{TABLE}{name}") or 1)
