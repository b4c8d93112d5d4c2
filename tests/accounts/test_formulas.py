"""Formulas that failed are told at their cell, and formulas nobody worked out refuse the file."""

import io
import zipfile

import pytest
import xlwt

from accounts.file_door.reading import read_book
from regions.refusals import Refused
from tests.accounts.both_ways import read_both_ways
from tests.doors import books

ROWS = [["姓名", "监护人"], ["张三", "玉罕"]]
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def xlsx(cell: str, prefix: str = "") -> bytes:
    """A workbook whose B2 is written like this; with a prefix on all elements of the sheet."""
    body = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c>{cell}</row>'
    sheet = f'<worksheet xmlns="{books.MAIN}"><sheetData>{body}</sheetData></worksheet>'
    if prefix:
        sheet = sheet.replace("xmlns=", f"xmlns:{prefix}=").replace("</", "<\0")
        sheet = sheet.replace("<", f"<{prefix}:").replace(f"<{prefix}:\0", f"</{prefix}:")
    parts = books.parts(books.xlsx(ROWS)) | {books.SHEET: sheet.encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def ods(cell: str) -> bytes:
    """A spreadsheet with a second line whose second cell is written like this."""
    line = '<table:table-cell office:value-type="string"><text:p>张三</text:p></table:table-cell>'
    cell = cell.replace("CELL", "table:table-cell").replace(
        "<table:table-cell ", f"<table:table-cell {CALC} "
    )
    return books.ods([["姓名", "监护人"]], tail=f"<table:table-row>{line}{cell}</table:table-row>")


def second_row(content: bytes, filename: str) -> list:
    return read_both_ways(content, filename).tables[0].rows[1]


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>A1</f></c>',
        '<c r="B2"><f>A1</f><v /></c>',
        '<c r="B2"><f>A1</f><v></v></c>',
        '<c r="B2">\n<f>A1</f>\n<v> </v>\n</c>',
        '<c r="B2"><f t="shared" si="0"/></c>',
        '<c r="B2"><f t="shared" si="0"/><v/></c>',
        '<c r="B2" t="e"><f>A1</f><v/></c>',
        '<c r="B2" t="str"><f>A1</f></c>',
        f'<c r="B2"><f>{"A1+" * 3000}A1</f><v/></c>',
        f'<c r="B2"><f ca="1" ref="{"A1 " * 200}" t="shared" si="0"/></c>',
    ],
)
def test_a_formula_without_a_result_refuses_the_workbook(cell, prefix):
    with pytest.raises(Refused, match="没有算出结果的公式"):
        read_both_ways(xlsx(cell, prefix), "a.xlsx")


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B2"><f>A1</f><v>7</v></c>', 7),
        ('<c r="B2"><f t="shared" si="0"/><v>7</v></c>', 7),
        ('<c r="B2" t="str"><f>"甲"</f><v>甲</v></c>', "甲"),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', None),
        ("<c r='B2' t='str'><f>\"\"</f><v/></c>", None),
    ],
)
def test_a_result_is_one_also_when_it_is_an_empty_text(cell, value, prefix):
    row = second_row(xlsx(cell, prefix), "a.xlsx")
    assert (row[1] if len(row) > 1 else None) == value


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2" t="e"><v>#N/A</v></c>',
        "<c r='B2' t='e'><v>#N/A</v></c>",
        '<c r="B2"\nt="e"><f>NA()</f><v>#N/A</v></c>',
        '<c t="e" r="B2"><v>#N/A</v></c>',
        '<c r="B2"\tt = "e" s="0"><v>#N/A</v></c>',
    ],
)
def test_a_failed_formula_is_told_however_its_cell_is_written(cell, prefix):
    assert second_row(xlsx(cell, prefix), "a.xlsx")[1] == "#N/A"


class TestOpenDocument:
    @pytest.mark.parametrize(
        "cell",
        [
            '<CELL table:formula="of:=A1"/>',
            '<CELL table:formula="of:=A1" office:value-type="float"/>',
            '<CELL table:formula="of:=A1"></CELL>',
        ],
    )
    def test_a_formula_without_a_result(self, cell):
        with pytest.raises(Refused, match="没有算出结果的公式"):
            read_both_ways(ods(cell), "a.ods")

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ('<CELL table:formula="of:=1" office:value-type="float" office:value="7"/>', 7),
            (
                '<CELL table:formula="of:=A1" office:value-type="string"><text:p>甲</text:p></CELL>',
                "甲",
            ),
            (
                '<CELL table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/>',
                None,
            ),
        ],
    )
    def test_a_result(self, cell, value):
        row = second_row(ods(cell), "a.ods")
        assert row[:2] == ["张三", value]

    @pytest.mark.parametrize(
        ("text", "told"), [("#N/A", "#N/A"), ("#VALUE!", "#VALUE!"), ("Err:502", "#Err:502")]
    )
    @pytest.mark.parametrize(
        "kind",
        [
            'office:value-type="string" office:string-value="" calcext:value-type="error"',
            'office:value-type="float" office:value="0"',
        ],
    )
    def test_a_failed_formula(self, text, told, kind):
        cell = f'<CELL table:formula="of:=NA()" {kind}><text:p>{text}</text:p></CELL>'
        assert second_row(ods(cell), "a.ods")[1] == told

    def test_a_failed_formula_repeated_beside_its_comment(self):
        cell = (
            '<CELL table:formula="of:=NA()" office:value-type="string" office:string-value="" '
            'calcext:value-type="error" table:number-columns-repeated="2">'
            "<office:annotation><text:p>批注</text:p></office:annotation><text:p>#REF!</text:p></CELL>"
        )
        assert second_row(ods(cell), "a.ods")[1:3] == ["#REF!", "#REF!"]

    def test_rows_repeated_without_end_are_too_many_and_empty_ones_are_none(self):
        text = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
        line = '<table:table-row table:number-rows-repeated="1048000">'
        full = f"{line}{text}<text:p>x</text:p></table:table-cell></table:table-row>"
        with pytest.raises(Refused, match="表格太大"):
            read_book(books.ods(ROWS, tail=full), "a.ods")
        empty = f'{line}<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        assert len(read_both_ways(books.ods(ROWS, tail=empty), "a.ods").tables[0].rows) == 2

    def test_days_counted_from_1904(self):
        told = (
            "<table:calculation-settings>"
            '<table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
        )
        assert read_both_ways(books.ods(ROWS, tail=told), "a.ods").tables[0].date1904


def old(fill) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    sheet.write(0, 0, "姓名")
    fill(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_without_a_result_in_an_old_workbook():
    unsaved = old(lambda sheet: sheet.write(0, 1, xlwt.Formula("A1")))
    with pytest.raises(Refused, match="没有算出结果的公式"):
        read_both_ways(unsaved, "a.xls")


def test_an_empty_result_in_an_old_workbook_that_a_program_saved():
    """Its directory names who saved it; Excel writes the empty text of a formula the same way."""
    unsaved = old(lambda sheet: sheet.write(0, 1, xlwt.Formula("A1")))
    saved = unsaved + "\x05SummaryInformation".encode("utf-16-le").ljust(512, b"\0")
    assert read_both_ways(saved, "a.xls").tables[0].rows == [["姓名", None]]
