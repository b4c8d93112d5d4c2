"""The one reader of uploaded tables: .xlsx and .csv, from strangers' machines.

A workbook is a zip of XML that may be a bomb. Its XML parts are read within bounds, checked, and
packed anew; the spreadsheet library opens only that copy, so what was checked is what is parsed.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from accounts import xlsxparts
from regions.refusals import Refused
from regions.values import column_letters

MAX_BYTES = 30 * 1024 * 1024
MAX_ROWS = 70_000
MAX_COLUMNS = 200

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WEB_PAGE = re.compile(rb"\s*(<!doctype html|<html|<table|<head|<meta|mime-version:)", re.IGNORECASE)
XML_TABLE = re.compile(rb"\s*<\?xml", re.IGNORECASE)
DELIMITERS = ",;\t"

SAVE_AS = "请用 Excel 或 WPS 打开后“另存为”.xlsx 再传。"
OLD_FORMAT = f"这是老格式 .xls。{SAVE_AS}"
BROKEN = f"文件已损坏或没有传完整。{SAVE_AS}"
NOT_A_TABLE = f"只能传 .xlsx 或 .csv 文件。{SAVE_AS}"
DISGUISED = f"这是改了扩展名的网页或 XML 文件。{SAVE_AS}"
TOO_BIG = "表格太大：最多 {rows} 行、{columns} 列。请删去多余的行列，或按学校分开再传。".format(
    rows=f"{MAX_ROWS:,}", columns=MAX_COLUMNS
)
ENCODING = f"文字编码看不懂。{SAVE_AS}"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it was uploaded: `rows` are of equal width and begin at column A.

    `first_row` is the sheet's number of rows[0], counted from 1. Numbers stay numbers, so that an
    identity number which Excel spoilt can be told; dates are date or datetime; empty cells None.
    """

    name: str
    rows: list[list[object]]
    first_row: int


def cell_name(row: int, col: int) -> str:
    """The address a person sees: row number counted from 1, column index from 0; (23, 7) is H23."""
    return f"{column_letters(col)}{row}"


def read_table(content: bytes, filename: str, *, sheet: str | None = None) -> Table:
    """The named sheet, or the first visible one that holds data. Raises Refused."""
    suffix = PurePath(filename).suffix.lower()
    if not content.strip(b"\x00\t\n\r "):
        raise Refused("文件是空的。请检查后重新选择文件。")
    if len(content) > MAX_BYTES:
        raise Refused(f"文件超过 {MAX_BYTES // 2**20} MB。请删去图片，或按学校分开再传。")
    _refuse_disguises(content, suffix)
    if suffix == ".xlsx":
        return _read_workbook(content, sheet)
    return _read_csv(content, filename)


def read_tables(content: bytes, filename: str) -> list[Table]:
    """Every visible sheet that holds data, in order; of a CSV its one table. Raises Refused."""
    first = read_table(content, filename)
    if not content.startswith(ZIP):
        return [first]
    safe = xlsxparts.repacked(content, MAX_ROWS, MAX_COLUMNS)
    with CalamineWorkbook.from_filelike(io.BytesIO(safe)) as workbook:
        names = [
            meta.name
            for meta in workbook.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
        ]
        behind = names[names.index(first.name) + 1 :]
        filled = [name for name in behind if workbook.get_sheet_by_name(name).start is not None]
    return [first, *(read_table(content, filename, sheet=name) for name in filled)]


def _refuse_disguises(content: bytes, suffix: str) -> None:
    """Name what the file really is where its first bytes and its extension disagree."""
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Refused("文件设了打开密码。请用 Excel 或 WPS 取消密码后再传。")
        raise Refused(OLD_FORMAT)
    start = content[:1024].removeprefix(b"\xef\xbb\xbf")
    if WEB_PAGE.match(start) or XML_TABLE.match(start):
        raise Refused(DISGUISED)
    if suffix == ".xls":
        raise Refused(OLD_FORMAT)
    if suffix not in (".xlsx", ".csv"):
        raise Refused(NOT_A_TABLE)
    if content.startswith(ZIP) != (suffix == ".xlsx"):
        raise Refused(f"文件内容与扩展名 {suffix} 不符。{SAVE_AS}")


def _read_workbook(content: bytes, sheet: str | None) -> Table:
    try:
        safe = xlsxparts.repacked(content, MAX_ROWS, MAX_COLUMNS)
    except xlsxparts.TooBig:
        raise Refused(TOO_BIG) from None
    except (xlsxparts.Hostile, zipfile.BadZipFile):
        raise Refused(BROKEN) from None
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(safe)) as workbook:
            return _first_with_data(workbook, sheet)
    except (CalamineError, OSError, ValueError):
        raise Refused(BROKEN) from None
    except BaseException as panic:
        # A panic of the Rust parser is a BaseException of a module that cannot be imported.
        if type(panic).__name__ != "PanicException":
            raise
        raise Refused(BROKEN) from None


def _first_with_data(workbook: CalamineWorkbook, wanted: str | None) -> Table:
    names = [
        meta.name
        for meta in workbook.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
    ]
    if wanted is not None and wanted not in names:
        raise Refused(f"文件里没有名为“{wanted}”的工作表，现有：{'、'.join(names)}。")
    for name in [wanted] if wanted is not None else names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        top, left = sheet.start
        if sheet.height > MAX_ROWS or left + sheet.width > MAX_COLUMNS:
            raise Refused(TOO_BIG)
        margin: list[object] = [None] * left
        rows = [
            margin + [None if cell == "" else cell for cell in row]
            for row in sheet.to_python(skip_empty_area=True)
        ]
        if any(cell is not None for row in rows for cell in row):
            return _trimmed(name, rows, top + 1)
    raise Refused("文件里没有数据。请检查工作表是否为空或被隐藏。")


def _trimmed(name: str, rows: list[list[object]], first_row: int) -> Table:
    """A table without the empty rows under its last child."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return Table(name, rows, first_row)


def _read_csv(content: bytes, filename: str) -> Table:
    text = _decoded(content)
    delimiter = _delimiter(text)
    rows: list[list[object]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(rows) >= MAX_ROWS or len(line) > MAX_COLUMNS:
                raise Refused(TOO_BIG)
            rows.append([cell if cell.strip() else None for cell in line])
    except csv.Error:
        raise Refused("CSV 的引号或分隔符不成对。请用 Excel 或 WPS“另存为”.xlsx 再传。") from None
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([None] * (width - len(row)))
    table = _trimmed(PurePath(filename).stem, rows, 1)
    if not table.rows:
        raise Refused("文件是空的。请检查后重新选择文件。")
    return table


def _decoded(content: bytes) -> str:
    """UTF-8, or GB 18030 as Chinese Excel saves it, or UTF-16 where a mark says so."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused(ENCODING)


def _delimiter(text: str) -> str:
    """The delimiter seen most in the first lines; a title line above the headings has none."""
    sample = "".join(text.splitlines(keepends=True)[:20])
    return max(DELIMITERS, key=sample.count)
