"""Writing .xlsx: rejected rows, templates, ledgers. Streamed, and safe to open.

Text that a spreadsheet program would run as a formula gets a leading apostrophe; the readers of
uploads strip it again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

# What XML 1.0 cannot hold, and the two halves of a broken surrogate pair.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
LONGEST_TEXT = 32_767
LONGEST_MARK = 250  # a printed head or foot holds 255 characters
LONGEST_LIST = 255  # of a validation list written into its cell range; longer ones need a sheet
SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
CHOICES_SHEET = "选项"
TEXT_FORMAT = "@"
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass
class Sheet:
    """A sheet to write: one bold row of headings, then rows (any iterable, read once).

    `widths` are in characters, by column from the left; `text_columns` (indexes from 0) stay text
    for whoever fills them in, so that Excel cannot turn an identity number into a float. `mark`
    stands above the headings and at the head and foot of every printed page.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]] = ()
    widths: Sequence[float] = ()
    text_columns: Sequence[int] = ()
    choices: dict[int, tuple[Sequence[str], int]] = field(default_factory=dict)
    mark: str = ""


def add_validation(sheet: Sheet, column: int, choices: Sequence[str], rows: int = 5000) -> None:
    """Offer `choices` as a drop-down in a column (index from 0), for `rows` rows under the head.

    Other entries are warned of, not forbidden: the import reads more spellings than a list offers.
    """
    sheet.choices[column] = (tuple(choices), rows)


def write_workbook(target: str | PathLike[str] | IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write the sheets to a path or a binary buffer. Every str is a text cell, never a formula."""
    book = Workbook(write_only=True)
    long_lists: list[Sequence[str]] = []
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.title))
        page.freeze_panes = "A3" if sheet.mark else "A2"
        _set_columns(page, sheet)
        _set_mark(page, sheet.mark)
        for column, (choices, rows) in sheet.choices.items():
            page.data_validations.append(_validation(column, choices, rows, long_lists))
        page.append([_heading(page, text) for text in sheet.header])
        for row in sheet.rows:
            page.append(
                [
                    _cell(page, value, column in sheet.text_columns)
                    for column, value in enumerate(row)
                ]
            )
    if long_lists:
        _write_choices(book, long_lists)
    book.save(target)


def safe_text(text: str) -> str:
    """Text that XML can hold and no spreadsheet program runs."""
    text = ILLEGAL.sub("", text)[: LONGEST_TEXT - 1]
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _cell(page: WriteOnlyWorksheet, value: object, stays_text: bool = False) -> object:
    """A cell to append: str as text whatever it looks like, the rest (numbers, dates) as it is."""
    if not isinstance(value, str):
        return value
    text = safe_text(value)
    if not stays_text and text not in ERROR_CODES:
        return text
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT
    return cell


def _heading(page: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, safe_text(text))
    cell.font = BOLD
    cell.alignment = WRAPPED
    return cell


def _set_mark(page: WriteOnlyWorksheet, mark: str) -> None:
    """Who exported the sheet, when and why: its first row, and on every page of its print."""
    if not mark:
        return
    page.append([safe_text(mark)])
    said = ILLEGAL.sub("", mark).replace("&", "&&")[:LONGEST_MARK].rstrip("&")
    page.oddHeader.center.text = page.oddFooter.center.text = said
    page.page_setup.orientation = "landscape"
    page.print_title_rows = "1:2"


def _set_columns(page: WriteOnlyWorksheet, sheet: Sheet) -> None:
    for column, text in enumerate(sheet.header):
        told = sheet.widths[column] if column < len(sheet.widths) else 0
        dimension = page.column_dimensions[get_column_letter(column + 1)]
        dimension.width = told or min(max(len(text) * 2.2 + 2, 8), 40)
        if column in sheet.text_columns:
            dimension.number_format = TEXT_FORMAT


def _validation(
    column: int, choices: Sequence[str], rows: int, long_lists: list[Sequence[str]]
) -> DataValidation:
    """A drop-down; a list too long to stand in it is put aside for the sheet of choices."""
    inline = ",".join(choices)
    splits = any("," in choice or '"' in choice for choice in choices)
    if len(inline) <= LONGEST_LIST and not splits:
        formula = f'"{inline}"'
    else:
        long_lists.append(choices)
        letter = get_column_letter(len(long_lists))
        formula = f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(choices)}"
    letter = get_column_letter(column + 1)
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, errorStyle="warning")
    rule.error = "不在下拉列表里，仍要这样填吗？"
    rule.add(f"{letter}2:{letter}{rows + 1}")
    return rule


def _write_choices(book: Workbook, lists: Sequence[Sequence[str]]) -> None:
    page = book.create_sheet(CHOICES_SHEET)
    page.sheet_state = "hidden"
    for row in range(max(map(len, lists))):
        page.append(
            [_cell(page, choices[row]) if row < len(choices) else None for choices in lists]
        )


def _sheet_name(title: str) -> str:
    """A title Excel accepts: no brackets, slashes or colons, at most 31 characters."""
    return SHEET_NAME.sub("", ILLEGAL.sub("", title))[:31].strip("'") or "Sheet"
