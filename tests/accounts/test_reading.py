"""Uploaded tables, honest and hostile, and workbooks that are safe to open."""

import io
import struct
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from accounts.file_door import kinds
from accounts.file_door.formats import zip_parts
from accounts.file_door.reading import read_book
from accounts.file_door.tables import Merge, Table, cell_name
from accounts.workbooks import CHOICES_SHEET, Sheet, add_validation, safe_text, write_workbook
from regions.refusals import Refused

EIGHT_THIRTY = datetime(2013, 9, 1, 8, 30)  # noqa: DTZ001  a cell has no time zone
ROWS = [["姓名", "身份证件号", "班级"], ["李小明", "539901201309010011", "七(3)班"]]
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(rows, title="名册") -> bytes:
    """An honest workbook, as openpyxl writes it."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(content: bytes, name: str, part: bytes, *, add: bool = False) -> bytes:
    """The workbook with one part replaced (or one more part), compressed."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            new.writestr(member, part if member == name else old.read(member))
        if add:
            new.writestr(name, part)
    return packed.getvalue()


def read_table(content: bytes, filename: str) -> Table:
    """The first sheet of a file that holds data."""
    return read_book(content, filename).tables[0]


def sheet_xml(body: str, head: str = "") -> bytes:
    return f'{head}<worksheet xmlns="{NS}"><sheetData>{body}</sheetData></worksheet>'.encode()


def one_sheet(body: str, head: str = "") -> bytes:
    return with_part(xlsx(ROWS), "xl/worksheets/sheet1.xml", sheet_xml(body, head))


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"{style}>{value}</c></row>'


def test_an_honest_workbook():
    assert read_table(xlsx(ROWS), "名册.xlsx") == Table("名册", ROWS)
    assert read_table(xlsx(ROWS), "名册.XLSX").rows == ROWS


def test_numbers_and_dates_keep_their_kind():
    content = xlsx([[539901201309010011, 3, True, date(2013, 9, 1), EIGHT_THIRTY]])
    number, three, yes, day, moment = read_table(content, "a.xlsx").rows[0]
    assert isinstance(number, float)
    assert (three, yes, day, moment) == (3, True, date(2013, 9, 1), EIGHT_THIRTY)


def test_a_table_that_begins_below_and_to_the_right_keeps_its_addresses():
    book = openpyxl.Workbook()
    book.active["C4"], book.active["D5"] = "姓名", "班级"
    table = read_table(saved(book), "a.xlsx")
    assert table.first_row == 4
    assert table.rows == [[None, None, "姓名", None], [None, None, None, "班级"]]
    assert cell_name(table.first_row + 1, 3) == "D5"
    assert cell_name(23, 7) == "H23"


def test_every_visible_sheet_with_data_is_read_and_the_hidden_ones_are_named():
    book = openpyxl.Workbook()
    book.active.title = "空表"
    book.create_sheet("选项").append(["男"])
    book["选项"].sheet_state = "hidden"
    book.create_sheet("一班").append(["甲"])
    book.create_sheet("二班").append(["乙"])
    read = read_book(saved(book), "a.xlsx")
    assert [(table.name, table.rows) for table in read.tables] == [
        ("一班", [["甲"]]), ("二班", [["乙"]]),
    ]  # fmt: skip
    assert read.hidden == ["选项"]
    with pytest.raises(Refused, match="没有数据"):
        read_book(xlsx([]), "a.xlsx")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_of_every_delimiter_and_encoding(delimiter, encoding):
    text = "\r\n".join(["某某小学花名册", *(delimiter.join(row) for row in ROWS), "", delimiter])
    table = read_table(text.encode(encoding), "名册.csv")
    assert table == Table("名册", [["某某小学花名册", None, None], *ROWS])


def test_csv_keeps_what_is_quoted():
    content = '姓名,住址\n李小明,"甲乡,\n乙村"\n'.encode()
    assert read_table(content, "a.csv").rows[1] == ["李小明", "甲乡,\n乙村"]


@pytest.mark.parametrize("lines", [1, 6, 40])
def test_the_commas_of_sentences_are_no_delimiter(lines):
    proof = "诊断，病历，检查单，住院证明，出院小结，复查单，学校核实，家长申请"
    rows = [["姓名", "状态", "证明"], *[["李小明", "休学", proof]] * lines]
    content = "\n".join(map(",".join, rows)).encode()
    assert read_table(content, "a.csv").rows == rows
    ragged = [rows[0], *[[*row, *["x"] * (n % 3)] for n, row in enumerate(rows[1:])]]
    assert read_table("\n".join(map(",".join, ragged)).encode(), "a.csv").rows[1][2] == proof
    titled = [["白水小学，2026年秋"], *rows]
    assert read_table("\n".join(map(",".join, titled)).encode(), "a.csv").rows[1] == rows[0]


def test_a_table_may_be_cut_by_the_commas_of_sentences():
    rows = [
        ["姓名", "班级", "住址"],
        ["李小明", "七(3)班", "3,4 组"],
        ["王五", "七(3)班", "5,6 组"],
    ]
    assert read_table("\n".join(map("，".join, rows)).encode(), "a.csv").rows == rows


def test_a_long_quoted_cell_is_one_cell():
    table = read_table(f'姓名,证明\n李小明,"{"长" * 1_000_000}"\n'.encode(), "a.csv")
    assert table.rows[1] == ["李小明", "长" * 1_001]


def test_a_workbook_of_many_small_sheets_is_read():
    book = openpyxl.Workbook()
    for number in range(210):
        book.create_sheet(f"七{number}").append(["姓名"])
    assert len(read_book(saved(book), "a.xlsx").tables) == 210


def test_an_xls_that_tells_of_an_encrypted_package_has_no_password():
    spelt = "EncryptedPackage".encode("utf-16-le")
    content = kinds.OLE + b"\x00" * 632 + spelt + "说明".encode("utf-16-le") + b"\x00" * 600
    assert kinds.kind_of(content, "a.xls") is kinds.Kind.XLS
    content = kinds.OLE + b"\x00" * 600 + spelt + b"\x00" * 600
    assert kinds.kind_of(content, "a.xls") is kinds.Kind.XLS


@pytest.mark.parametrize(("merges", "refused"), [(20_005, False), (100_001, True)])
def test_merged_cells_are_all_known_or_refused_by_name(merges, refused):
    ranges = "".join(f'<mergeCell ref="T{n}:U{n}"/>' for n in range(10, 9 + merges))
    told = f'<mergeCells>{ranges}<mergeCell ref="A1:A2"/></mergeCells>'
    sheet = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').decode()
    sheet = sheet.replace("</sheetData>", f"</sheetData>{told}")
    content = with_part(xlsx(ROWS), "xl/worksheets/sheet1.xml", sheet.encode())
    if refused:
        with pytest.raises(Refused, match="合并单元格太多"):
            read_table(content, "a.xlsx")
    else:
        assert read_table(content, "a.xlsx").merges[-1] == Merge(0, 0, 1, 0)


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.xlsx", "空的"),
        (b" \r\n\x00", "a.csv", "空的"),
        (b"\n\n,,\n", "a.csv", "空的"),
        (kinds.OLE + b"\x00" * 600, "a.xls", r"已损坏.*另存为.*\.xlsx"),
        (kinds.OLE + b"\x00" * 600, "a.xlsx", "已损坏"),
        (kinds.OLE + b"\x00" * 632 + kinds.ENCRYPTED, "a.xlsx", "打开密码"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "a.xls", "网页"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "a.xlsx", "网页"),
        (b"MIME-Version: 1.0\r\n", "a.xls", "网页"),
        (b'<?xml version="1.0"?><Workbook/>', "a.xls", "网页或 XML"),
        (b"a,b\n1,2\n", "a.xlsx", "与扩展名"),
        (b"a,b\n1,2\n", "a.txt", "只能传"),
        (b"a,b\n1,2\n", "a", "只能传"),
        (b"PK\x03\x04 and then nothing", "a.xlsx", "已损坏"),
        (xlsx(ROWS), "a.csv", "与扩展名"),
        (xlsx(ROWS), "a.xlsm", "只能传"),
        (b"\xff\xff\xff\xff,1\n", "a.csv", "编码"),
        (b"a,b\x00c\n", "a.csv", "编码"),
        (b'a,"b\n', "a.csv", "引号"),
        (b"," * 300_000 + b"x\n" + b"x\n" * 10, "a.csv", "表格太大"),
        (b"x\n" * 300_001, "a.csv", "表格太大"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(content, name, says):
    with pytest.raises(Refused, match=says):
        read_table(content, name)


def test_a_truncated_workbook_is_refused_wherever_it_ends():
    content = xlsx(ROWS)
    for end in range(4, len(content) - 1, len(content) // 40):
        with pytest.raises(Refused, match="已损坏"):
            read_table(content[:end], "a.xlsx")


@pytest.mark.parametrize(
    "part",
    [b"", b"<worksheet", b"not xml", b"\xff\xfe<\x00", sheet_xml("<row><c><v>1</c></row>")],
)
def test_a_broken_part_is_refused(part):
    with pytest.raises(Refused):
        read_table(with_part(xlsx(ROWS), "xl/worksheets/sheet1.xml", part), "a.xlsx")


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa">]>',
        "<!doctype x>",
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<?xml version="1.0" encoding="UTF-7"?>',
    ],
)
def test_document_types_and_odd_encodings_are_refused(head):
    with pytest.raises(Refused, match="已损坏"):
        read_table(one_sheet('<row r="1"><c r="A1"><v>1</v></c></row>', head), "a.xlsx")
    assert read_table(one_sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), "a.xlsx").rows == [[1]]


def test_a_document_type_in_utf_16_does_not_hide():
    hidden = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'.encode("utf-16")
    with pytest.raises(Refused, match="已损坏"):
        read_table(with_part(xlsx(ROWS), "xl/worksheets/sheet1.xml", hidden), "a.xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = with_part(xlsx(ROWS), "xl/media.xml", b" " * (zip_parts.MAX_XML + 1), add=True)
    assert len(bomb) < 1024 * 1024
    with pytest.raises(Refused, match="表格太大"):
        read_table(bomb, "a.xlsx")


def test_a_part_of_nothing_but_repetition_is_refused():
    repeated = with_part(xlsx(ROWS), "xl/more.xml", b" " * (20 * 1024 * 1024), add=True)
    with pytest.raises(Refused, match="表格太大"):
        read_table(repeated, "a.xlsx")


def test_a_zip_that_lies_about_the_size_of_a_part_is_refused():
    content = with_part(xlsx(ROWS), "xl/more.xml", b" " * 5_000_000, add=True)
    lying = content.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 50))
    assert lying != content
    with pytest.raises(Refused, match="已损坏"):
        read_table(lying, "a.xlsx")


def test_too_many_parts_are_refused_and_pictures_are_not_parts():
    packed = io.BytesIO(xlsx(ROWS))
    with zipfile.ZipFile(packed, "a") as archive:
        for number in range(300):
            archive.writestr(f"xl/media/image{number}.png", b"x")
    assert read_table(packed.getvalue(), "a.xlsx").rows == ROWS
    with zipfile.ZipFile(packed, "a") as archive:
        for number in range(1_001):
            archive.writestr(f"xl/more{number}.xml", b"<x/>")
    with pytest.raises(Refused, match="工作表太多"):
        read_table(packed.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    ("row", "cell"), [(1048576, "XFD1048576"), (1048576, ""), (400_000, "H400000")]
)
def test_a_value_far_out_is_refused_and_a_format_far_out_is_not(row, cell):
    far = FAR.format(row=row, cell=cell, style="", value="<v>1</v>").replace(' r=""', "")
    if cell:
        with pytest.raises(Refused, match="表格太大"):
            read_table(one_sheet(far), "a.xlsx")
    blank = FAR.format(row=row, cell=cell, style=' s="0"', value="").replace(' r=""', "")
    assert read_table(one_sheet(blank), "a.xlsx").rows == [[1]]


def test_a_sheet_under_another_name_is_checked_alike():
    far = FAR.format(row=1048576, cell="XFD1048576", style="", value="<v>1</v>")
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(one_sheet(far))) as old,
        zipfile.ZipFile(packed, "w") as new,
    ):
        for name in old.namelist():
            part = old.read(name).replace(b"worksheets/sheet1.xml", b"elsewhere.xml")
            new.writestr(name.replace("worksheets/sheet1.xml", "elsewhere.xml"), part)
    with pytest.raises(Refused, match="表格太大"):
        read_table(packed.getvalue(), "a.xlsx")


def test_a_grid_counts_by_its_cells_whether_wide_or_long():
    long = FAR.format(row=100_000, cell="B100000", style="", value="<v>1</v>")
    assert len(read_table(one_sheet(long), "a.xlsx").rows) == 100_000
    wide = FAR.format(row=2, cell="XFD2", style="", value="<v>1</v>")
    assert len(read_table(one_sheet(wide), "a.xlsx").rows[1]) == 16_384


def test_a_dimension_of_the_whole_sheet_costs_nothing():
    content = xlsx(ROWS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    wide = sheet.replace(b'<dimension ref="A1:C2"', b'<dimension ref="A1:XFD1048576"')
    assert wide != sheet
    read = read_table(with_part(content, "xl/worksheets/sheet1.xml", wide), "a.xlsx")
    assert read.rows == ROWS


def test_a_long_text_named_by_every_cell_is_refused():
    text = "<si><t>姓名</t></si><si><t>" + "长" * 30_000 + "</t></si>"
    strings = f'<sst xmlns="{NS}">{text}</sst>'.encode()
    content = with_part(xlsx(ROWS), "xl/sharedStrings.xml", strings, add=True)
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(1, 4001))
    spread = with_part(content, "xl/worksheets/sheet1.xml", sheet_xml(cells))
    few = with_part(
        content, "xl/worksheets/sheet1.xml", sheet_xml(cells[: cells.index("</row>") + 6])
    )
    assert read_table(few, "a.xlsx").rows == [["长" * 1_001]]
    assert len(spread) < 100_000
    with pytest.raises(Refused, match="表格太大"):
        read_table(spread, "a.xlsx")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("\x00=1", "'=1"),
        ("a\x07b\x1f", "ab"),
        ("七(3)班", "七(3)班"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_text_is_made_safe(text, safe):
    assert safe_text(text) == safe


def test_what_is_written_is_text_and_reads_back():
    target = io.BytesIO()
    header = ["姓名", "身份证件号", "=HYPERLINK()"]
    rows = [
        ["=cmd|' /C calc'!A0", "539901201309010011", 3],
        ["李\x0b小明", "#N/A", date(2013, 9, 1)],
    ]
    write_workbook(target, [Sheet("退回:行/1", header, iter(rows), widths=[12], text_columns=[1])])
    page = openpyxl.load_workbook(io.BytesIO(target.getvalue())).active
    assert page.title == "退回行1"
    assert [cell.value for cell in page[1]] == ["姓名", "身份证件号", "'=HYPERLINK()"]
    assert page["A1"].font.bold
    assert page["A2"].value == "'=cmd|' /C calc'!A0"
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s", "n", "d"}
    assert (page["B2"].data_type, page["B2"].number_format) == ("s", "@")
    assert (page["C2"].value, page["A3"].value, page["B3"].value) == (3, "李小明", "#N/A")
    assert page.column_dimensions["A"].width == 12
    assert page.column_dimensions["B"].number_format == "@"
    table = read_table(target.getvalue(), "a.xlsx")
    assert table.rows[1][1:] == ["539901201309010011", 3]


def test_validation_lists_stand_in_the_template():
    sheet = Sheet("花名册", ["性别", "民族"])
    add_validation(sheet, 0, ["男", "女"], rows=100)
    add_validation(sheet, 1, [f"第{n}民族" for n in range(80)])
    target = io.BytesIO()
    write_workbook(target, [sheet])
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    short, long = book["花名册"].data_validations.dataValidation
    assert (short.formula1, str(short.sqref)) == ('"男,女"', "A2:A101")
    assert (long.formula1, str(long.sqref)) == (f"'{CHOICES_SHEET}'!$A$1:$A$80", "B2:B5001")
    assert book[CHOICES_SHEET].sheet_state == "hidden"
    assert book[CHOICES_SHEET]["A80"].value == "第79民族"
    assert read_table(target.getvalue(), "a.xlsx").rows == [["性别", "民族"]]


def test_a_workbook_goes_to_a_path_too(tmp_path):
    write_workbook(tmp_path / "out.xlsx", [Sheet("甲", ["a"], [["b"]]), Sheet("乙", ["c"])])
    content = (tmp_path / "out.xlsx").read_bytes()
    assert read_book(content, "out.xlsx").tables[1].rows == [["c"]]
