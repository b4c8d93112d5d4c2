"""Old .xls and .ods files: failed formulas, merged cells, the other epoch, as in an .xlsx."""

import io
from datetime import date, datetime

import pytest
import xlwt

from accounts.file_door import kinds
from accounts.file_door.tables import Merge, Table
from regions.refusals import Refused
from tests.accounts.both_ways import read_both_ways
from tests.doors import books

STYLE = {
    "day": xlwt.easyxf(num_format_str="YYYY-MM-DD"),
    "clock": xlwt.easyxf(num_format_str="hh:mm"),
}


def xls(fill, **settings) -> bytes:
    book = xlwt.Workbook()
    for name, value in settings.items():
        setattr(book, name, value)
    fill(book.add_sheet("名册"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table_of(content: bytes, filename: str) -> Table:
    return read_both_ways(content, filename).tables[0]


def test_a_failed_formula_of_an_xls_is_told_and_not_left_empty():
    def fill(sheet):
        sheet.write(0, 0, "姓名")
        sheet.row(0).set_cell_error(1, 0x2A)
        sheet.row(0).set_cell_error(2, "#DIV/0!")

    assert table_of(xls(fill), "a.xls").rows == [["姓名", "#N/A", "#DIV/0!"]]


def test_the_merged_cells_of_an_xls_are_known():
    def fill(sheet):
        sheet.write_merge(1, 3, 0, 0, "七(1)班")
        sheet.write(3, 1, "甲")

    assert table_of(xls(fill), "a.xls").merges == (Merge(1, 0, 3, 0),)


@pytest.mark.parametrize(("dates_1904", "serial"), [(0, 41_518), (1, 41_518 - 1462)])
def test_days_of_an_xls_in_either_epoch(dates_1904, serial):
    def fill(sheet):
        sheet.write(0, 0, serial, STYLE["day"])
        sheet.write(0, 1, serial + 0.5, STYLE["day"])
        sheet.write(0, 2, 0.5, STYLE["clock"])
        sheet.write(0, 3, True)
        sheet.write(0, 4, serial)

    table = table_of(xls(fill, dates_1904=dates_1904), "a.xls")
    noon = datetime(2013, 9, 1, 12)  # noqa: DTZ001  a cell has no time zone
    assert table.rows == [[date(2013, 9, 1), noon, "12:00:00", True, serial]]
    assert table.date1904 is bool(dates_1904)


def test_hidden_sheets_of_an_xls_are_named():
    book = xlwt.Workbook()
    book.add_sheet("名册").write(0, 0, "姓名")
    book.add_sheet("选项").write(0, 0, "男")
    book.get_sheet(1).visibility = 1
    out = io.BytesIO()
    book.save(out)
    read = read_both_ways(out.getvalue(), "a.xls")
    assert [table.name for table in read.tables] == ["名册"] and read.hidden == ["选项"]


@pytest.mark.parametrize("length", [600, 4_000, 5_000])
def test_an_xls_cut_short_is_a_sentence(length):
    def fill(sheet):
        for row in range(200):
            sheet.write(row, 0, f"试{row}")

    content = xls(fill)
    assert len(content) > length and content.startswith(kinds.OLE)
    with pytest.raises(Refused, match="已损坏"):
        read_both_ways(content[:length], "a.xls")


def ods(lines: str) -> bytes:
    return books.ods([["班级", "姓名"]], tail=lines)


def cell(text: str, **spans: object) -> str:
    told = "".join(f' table:number-{name}-spanned="{count}"' for name, count in spans.items())
    return f'<table:table-cell office:value-type="string"{told}><text:p>{text}</text:p></table:table-cell>'


def line(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_the_merged_cells_of_an_ods_are_known():
    gap = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    two = '<table:table-cell table:number-columns-repeated="2"/>'
    lines = (
        line(cell("七(1)班", rows=2), cell("甲"))
        + line("<table:covered-table-cell/>", cell("乙"))
        + gap
        + line(two, cell("丙", columns=2))
    )
    table = table_of(ods(lines), "a.ods")
    assert table.merges == (Merge(1, 0, 2, 0), Merge(6, 2, 6, 3))
    assert table.rows[2][:2] == [None, "乙"]


def test_an_ods_without_merged_cells_has_none():
    assert table_of(ods(""), "a.ods").merges == ()


def test_a_span_that_is_no_number_is_a_sentence():
    with pytest.raises(Refused, match="已损坏"):
        read_both_ways(ods(line(cell("x", rows="many"))), "a.ods")
