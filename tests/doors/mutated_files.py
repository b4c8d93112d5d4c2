"""Ways the file itself goes wrong: cut, bombed, disguised, too large. See mutators."""

import gzip
import io
import zipfile
from random import Random

from tests.doors import books, hostile
from tests.doors.faces import File
from tests.doors.mutating import Kind, Rows, written

MIB = 2**20
KINDS: list[Kind] = []


def kind(make: Kind) -> Kind:
    KINDS.append(make)
    return make


@kind
def truncated(dice: Random, rows: Rows) -> File:
    file = written(dice, rows)
    return File(file.name, file.content[: dice.randrange(len(file.content))])


@kind
def flipped(dice: Random, rows: Rows) -> File:
    file = written(dice, rows)
    content = bytearray(file.content)
    for _ in range(dice.choice([1, 3, 30])):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    return File(file.name, bytes(content))


@kind
def spliced(dice: Random, rows: Rows) -> File:
    file = written(dice, rows)
    a, b = sorted(dice.randrange(len(file.content)) for _ in range(2))
    middle = dice.choice([b"", file.content[a:b] * 3, dice.randbytes(64), b"\0" * 64])
    return File(file.name, file.content[:a] + middle + file.content[b:])


@kind
def spoilt_part(dice: Random, rows: Rows) -> File:
    """One member of the workbook cut, emptied, doubled or filled with noise."""
    members = books.parts(books.xlsx(rows))
    name = dice.choice(list(members))
    part = members[name]
    members[name] = dice.choice(
        [b"", part[: len(part) // 2], part * 2, dice.randbytes(500), part.replace(b">", b"", 1)]
    )
    if dice.random() < 0.3:
        del members[name]
    return File("名册.xlsx", books.packed(members))


@kind
def odd_zip(dice: Random, rows: Rows) -> File:
    """Members twice, absolute, above, encrypted by their flag, with a wrong sum; a zip in a zip."""
    content = books.xlsx(rows)
    which = dice.randrange(7)
    if which == 0:
        buffer = io.BytesIO(content)
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr(zipfile.ZipInfo(books.SHEET), b"<x/>")
        return File("名册.xlsx", buffer.getvalue())
    if which == 1:
        return File(
            "名册.xlsx",
            books.packed(books.parts(content) | {"/etc/a.xml": b"<a/>", "../b.xml": b"<b/>"}),
        )
    if which == 2:
        return File(
            "名册.xlsx",
            content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
        )
    if which == 3:
        return File("名册.xlsx", books.packed({"名册.xlsx": content}))
    if which == 4:
        return File(
            "名册.xlsx",
            books.packed({f"xl/{n}.xml": b"<a/>" for n in range(6_000)}, zipfile.ZIP_STORED),
        )
    if which == 5:
        at = content.find(b"PK\x01\x02") + 16
        return File("名册.xlsx", content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :])
    return File("名册.xlsx", b"PK\x05\x06" + b"\0" * 18)


@kind
def doctype(dice: Random, rows: Rows) -> File:
    """Entities: a thousand million laughs, a file of the server, a document type in UTF-16."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = dice.choice([
        f'<!DOCTYPE z [<!ENTITY l0 "ha">{laughs}]>',
        '<!DOCTYPE z [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!doctype z [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>',
    ])  # fmt: skip
    body = books.raw_rows(rows).replace("</t>", "&l9;</t>", 1)
    xml = books.sheet_xml(body, f'<?xml version="1.0"?>{head}')
    if dice.random() < 0.3:
        xml = xml.decode().encode("utf-16")
    if dice.random() < 0.3:
        members = books.parts(books.ods(rows))
        content = members["content.xml"].replace(b"?>", f"?>{head}".encode(), 1)
        return File("名册.ods", books.packed(members | {"content.xml": content}))
    return File("名册.xlsx", books.raw_sheet(rows, xml))


@kind
def zip_bomb(dice: Random, rows: Rows) -> File:
    blanks = b" " * dice.choice([120, 250]) * MIB
    xml = books.sheet_xml(books.raw_rows(rows)).replace(b"</sheetData>", blanks + b"</sheetData>")
    return File("名册.xlsx", books.raw_sheet(rows, xml))


@kind
def spread_text(dice: Random, rows: Rows) -> File:
    """One long shared text that every cell names."""
    count = dice.choice([20_000, 200_000])
    cells = '<c t="s"><v>0</v></c>' * 50
    xml = books.sheet_xml(books.raw_rows(rows) + f"<row>{cells}</row>" * (count // 50))
    strings = f'<sst xmlns="{books.MAIN}"><si><t>{"长" * 32_000}</t></si></sst>'.encode()
    members = books.parts(books.xlsx(rows)) | {books.SHEET: xml, "xl/sharedStrings.xml": strings}
    return File("名册.xlsx", books.packed(members))


@kind
def many_cells(dice: Random, rows: Rows) -> File:
    """Rows and columns within any bound apart, together some millions of cells."""
    columns, count = dice.choice([(60, 33_000), (190, 12_000), (30, 65_000)])
    some = [
        "<row>"
        + "".join(f"<c><v>{dice.randrange(10**6)}</v></c>" for _ in range(columns))
        + "</row>"
        for _ in range(150)
    ]
    body = "".join(some[n % 150] for n in range(count))
    xml = books.sheet_xml(books.raw_rows(rows) + body)
    members = books.parts(books.xlsx(rows)) | {books.SHEET: xml}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return File("名册.xlsx", buffer.getvalue())


@kind
def many_commas(dice: Random, rows: Rows) -> File:
    """A text of millions of cells, empty or of one letter."""
    sign = dice.choice([",", "a,", "试,"])
    width, count = dice.choice([(190, 40_000), (190, 69_000), (20, 69_000), (2, 3_000_000)])
    count = min(count, 28 * 2**20 // (len(sign.encode()) * width + 1))
    return File("名册.csv", books.text_csv(rows) + (sign * width + "\n").encode() * count)


@kind
def far_cell(dice: Random, rows: Rows) -> File:
    """One value in XFD1048576 or near it; a row or column that says it is there."""
    place = dice.choice(
        ["XFD1048576", "A1048576", "XFD2", "ZZZZ99999999", "A0", "A-1", "AAAAAAAAAA1"]
    )
    body = (
        books.raw_rows(rows)
        + f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{place}"><v>1</v></c></row>'
    )
    if dice.random() < 0.3:
        body = f'<row r="1048570">{"<c><v>1</v></c>" * 3}</row>' + body
    return File("名册.xlsx", books.raw_sheet(rows, books.sheet_xml(body)))


@kind
def wide(dice: Random, rows: Rows) -> File:
    """16,384 columns, headings and all."""
    count = dice.choice([201, 1_000, 16_384, 18_000])
    rows[0] = [*rows[0], *(f"列{n}" for n in range(count - len(rows[0])))]
    if dice.random() < 0.5:
        return File("名册.csv", books.text_csv(rows))
    return File("名册.xlsx", books.raw_sheet([], books.sheet_xml(books.raw_rows(rows))))


@kind
def repeated_ods(dice: Random, rows: Rows) -> File:
    """A row of LibreOffice that says it stands there a million times, a cell 16,384 times."""
    cell = '<table:table-cell table:number-columns-repeated="{}" office:value-type="float" office:value="1"/>'
    columns, count = dice.choice(
        [(16_384, 1_048_576), (16_384, 1), (1, 1_048_576), (200, 65_000), (10**12, 10**12)]
    )
    tail = f'<table:table-row table:number-rows-repeated="{count}">{cell.format(columns)}</table:table-row>'
    return File("名册.ods", books.ods(rows, tail=tail))


@kind
def chained_xls(dice: Random, rows: Rows) -> File:
    """An old workbook whose chain of sectors bites its tail, or whose records lie about their length."""
    content = bytearray(books.xls(rows))
    which = dice.randrange(3)
    if which == 0:
        content[512 + 4 * 5 : 512 + 4 * 6] = (2).to_bytes(4, "little")
    elif which == 1:
        for _ in range(20):
            content[dice.randrange(1536, len(content))] = dice.randrange(256)
    else:
        content[1538:1540] = b"\xff\xff"
    return File("名册.xls", bytes(content))


@kind
def misnamed(dice: Random, rows: Rows) -> File:
    return written(dice, rows).named(dice.choice(hostile.NAMES))


@kind
def disguised(dice: Random, rows: Rows) -> File:
    """Something else under the name of a table."""
    content = dice.choice([
        b"<html><table><tr><td>1</td></tr></table></html>", b"%PDF-1.7\n%\xe2\xe3", b"\x89PNG\r\n\x1a\n" + dice.randbytes(99),
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', b"\x7fELF" + dice.randbytes(99),
        gzip.compress(books.text_csv(rows)), b"{\\rtf1 x}", b"MIME-Version: 1.0\r\n\r\nx", b"[1,2,3]", dice.randbytes(2_000),
        books.text_csv(rows)[::-1], b"Rar!\x1a\x07\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + dice.randbytes(3_000),
    ])  # fmt: skip
    return File(dice.choice(["名册.xlsx", "名册.csv", "名册.xls", "名册.ods"]), content)


@kind
def empty(dice: Random, rows: Rows) -> File:
    content = dice.choice(
        [b"", b"\n", b"\xef\xbb\xbf", b"\xff\xfe", b" \t\r\n\0", b",,,\n,,,\n", b"\0" * 999]
    )
    hidden = books.xlsx(
        rows, dress=lambda sheet: setattr(sheet.parent.create_sheet("x"), "title", "y")
    )
    made = {
        "名册.csv": content,
        "名册.xlsx": dice.choice([content, books.xlsx([]), books.xlsx([[None]]), hidden]),
    }
    name = dice.choice(list(made))
    return File(name, made[name])


@kind
def many_sheets(dice: Random, rows: Rows) -> File:
    count = dice.choice([2, 9, 240])
    sheets = [
        (f"表{n}", rows if dice.random() < 0.5 else [["填写说明"], ["请按样例"]])
        for n in range(count)
    ]
    return File("名册.xlsx", books.workbook(sheets))
