"""Files as people's programs write them: workbooks, texts, and their parts for who wants to spoil one."""

import csv
import io
import json
import struct
import zipfile
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
Rows = Sequence[Sequence[object]]


def xlsx(rows: Rows, title: str = "名册", *, dress: Callable | None = None) -> bytes:
    """An honest workbook; `dress` does to its openpyxl sheet what the test is about."""
    return workbook([(title, rows)], dress=dress)


def workbook(
    sheets: Sequence[tuple[str, Rows]], *, dress: Callable | None = None, epoch_1904: bool = False
) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    if epoch_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        if dress:
            dress(sheet)
    return saved(book)


def saved(book) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text_csv(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def text_json(entries: object, encoding: str = "utf-8") -> bytes:
    return json.dumps(entries, ensure_ascii=False).encode(encoding)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def raw_sheet(rows: Rows, xml: bytes) -> bytes:
    """The workbook of `rows` with `xml` in place of its first sheet."""
    return packed(parts(xlsx(rows)) | {SHEET: xml})


def sheet_xml(body: str, head: str = "", tail: str = "") -> bytes:
    return (
        f'{head}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{tail}</worksheet>'.encode()
    )


def text_cell(place: str, text: str) -> str:
    kept = ' xml:space="preserve"'
    return f'<c r="{place}" t="inlineStr"><is><t{kept}>{escape(text)}</t></is></c>'


def raw_rows(rows: Rows, first: int = 1) -> str:
    """Rows of text cells as XML, each text as it is given: `_x0000_` stays what it is."""
    lines = []
    for number, row in enumerate(rows, first):
        cells = (
            text_cell(f"{openpyxl.utils.get_column_letter(column)}{number}", str(value))
            for column, value in enumerate(row, 1)
            if value not in (None, "")
        )
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(lines)


ODS = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def ods(rows: Rows, title: str = "名册", *, tail: str = "") -> bytes:
    """A spreadsheet of LibreOffice; `tail` is XML after the last row."""
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
    lines = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="{title}">{lines}{tail}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS, zipfile.ZIP_STORED)
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def _ods_cell(value: object) -> str:
    if value in (None, ""):
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    told = f"<text:p>{escape(str(value))}</text:p>"
    return f'<table:table-cell office:value-type="string">{told}</table:table-cell>'


SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(rows: Rows) -> bytes:
    """A workbook of Excel 97 with one sheet 名册 of texts and numbers."""
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6))
    name = b"\x02\x01" + "名册".encode("utf-16-le")
    place = len(head) + 4 + 6 + len(name) + 4
    book = head + _record(0x85, struct.pack("<IH", place, 0) + name) + _record(0x0A)
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            where = struct.pack("<HHH", number, column, 0)
            if isinstance(value, int | float):
                sheet += _record(0x203, where + struct.pack("<d", value))
            elif value not in (None, ""):
                text = str(value).encode("utf-16-le")
                sheet += _record(0x204, where + struct.pack("<HB", len(text) // 2, 1) + text)
    return _compound((book + sheet + _record(0x0A)).ljust(8 * SECTOR, b"\0"))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream: bytes) -> bytes:
    """An OLE file of one stream “Workbook”: its FAT, its directory, the stream, in this order."""
    count = -(-len(stream) // SECTOR)
    table = [FAT, END, *range(3, count + 2), END]
    assert len(table) <= SECTOR // 4, "one FAT sector holds 128"
    table += [FREE] * (SECTOR // 4 - len(table))
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"),
        0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0,
    ) + struct.pack("<109I", 0, *[FREE] * 108)  # fmt: skip
    entries = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    entries += _entry("", 0, 0, 0) * 2
    return (
        head
        + struct.pack(f"<{SECTOR // 4}I", *table)
        + entries
        + stream.ljust(count * SECTOR, b"\0")
    )


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    spelt = name.encode("utf-16-le")
    length = len(spelt) + 2 if name else 0
    return struct.pack(
        "<64sHBBIII16xI16xIQ", spelt, length, kind, 1, FREE, FREE, child, 0, start, size
    )  # fmt: skip
