"""Small workbooks for tests, in the three formats people send."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl
import xlwt

Sheets = Mapping[str, Sequence[Sequence[object]]]
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(sheets: Sheets, *, hidden: Sequence[str] = (), merged: Sequence[str] = ()) -> bytes:
    """Sheets by name; `merged` ranges (A2:A5) are those of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        if name in hidden:
            page.sheet_state = "hidden"
    for place in merged:
        book.worksheets[0].merge_cells(place)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(sheets: Sheets, *, hidden: Sequence[str] = ()) -> bytes:
    """The old binary format."""
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        page = book.add_sheet(name)
        page.visibility = int(name in hidden)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(sheets: Sheets) -> bytes:
    """An OpenDocument spreadsheet of texts."""
    body = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                '<table:table-cell office:value-type="string"><text:p>'
                f"{value}</text:p></table:table-cell>"
                for value in row
            )
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" '
        f'xmlns:text="{OFFICE}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f"{body}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return out.getvalue()
