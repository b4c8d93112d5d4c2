"""Ways the rows and cells of a table go wrong. See mutators."""

from datetime import datetime, time, timedelta
from random import Random

from openpyxl.utils import get_column_letter

from tests.doors import books, hostile
from tests.doors.faces import File
from tests.doors.mutating import Kind, Rows, anywhere, days_of, written

MOMENT = datetime(2026, 11, 19, 23, 59, 59, 900_000)  # noqa: DTZ001  a cell has no time zone
KINDS: list[Kind] = []


def kind(make: Kind) -> Kind:
    KINDS.append(make)
    return make


@kind
def long_cell(dice: Random, rows: Rows) -> File:
    row, column = anywhere(dice, rows)
    rows[row if dice.random() < 0.8 else 0][column] = dice.choice(hostile.RUNS)
    return written(dice, rows)


@kind
def epoch_1904(dice: Random, rows: Rows) -> File:
    for row in rows[1:]:
        for column in days_of(rows):
            row[column] = dice.choice([MOMENT, MOMENT.date(), 46344, row[column]])
    return File("名册.xlsx", books.workbook([("名册", rows)], epoch_1904=True))


@kind
def day_cells(dice: Random, rows: Rows) -> File:
    """Days as cells hold them: moments, serials, times without a day, spans, ISO cells, impossible ones."""
    for row in rows[1:]:
        row[dice.choice(days_of(rows))] = dice.choice(
            [
                MOMENT,
                MOMENT.date(),
                time(23, 59),
                timedelta(days=3),
                *hostile.NUMBERS,
                MOMENT.replace(year=2206),
            ]
        )
    content = books.xlsx(rows)
    if dice.random() < 0.4:
        told = f'<c r="A2" t="d"><v>{dice.choice(hostile.DAYS)}</v></c>'
        xml = books.sheet_xml(books.raw_rows(rows[:1]) + f'<row r="2">{told}</row>')
        return File("名册.xlsx", books.raw_sheet(rows, xml))
    return File("名册.xlsx", content)


@kind
def day_texts(dice: Random, rows: Rows) -> File:
    for row in rows[1:]:
        row[dice.choice(days_of(rows))] = dice.choice(hostile.DAYS)
    return written(dice, rows)


@kind
def numeric_cells(dice: Random, rows: Rows) -> File:
    """Texts that a spreadsheet turned into numbers, and numbers nobody counts with."""
    for row in rows[1:]:
        for column, value in enumerate(row):
            if str(value).isdigit() and dice.random() < 0.6:
                row[column] = float(str(value))
            elif dice.random() < 0.15:
                row[column] = dice.choice(hostile.NUMBERS)
    return File("名册.xlsx", books.xlsx(rows))


@kind
def control_characters(dice: Random, rows: Rows) -> File:
    sign = dice.choice(
        [
            "\x00",
            "\x0b",
            "\x1f",
            "\x7f",
            "\x85",
            "_x0000_",
            "_x001B_",
            "_xD800_",
            "_xFFFF_",
            "\u200b",
            "\u202e",
            "\ufeff",
        ]
    )
    for row in rows[dice.choice([0, 1]) :]:
        column = dice.randrange(len(row))
        row[column] = f"{str(row[column])[:2]}{sign}{str(row[column])[2:]}"
    if sign.startswith("_") or dice.random() < 0.3:
        body = books.raw_rows(
            [[str(v).translate(dict.fromkeys([0, 11, 31], "")) for v in row] for row in rows]
        )
        return File("名册.xlsx", books.raw_sheet([], books.sheet_xml(body)))
    return File("名册.csv", books.text_csv(rows, dice.choice(["utf-8", "utf-16"])))


@kind
def half_characters(dice: Random, rows: Rows) -> File:
    """Lone surrogates: in UTF-16, in CESU, as bytes of UTF-8."""
    row, column = anywhere(dice, rows)
    rows[row][column] = f"岩\ud83d香{dice.choice(['', chr(0xDC00)])}"
    encoding, mark = dice.choice(
        [("utf-16-le", b"\xff\xfe"), ("utf-8", b""), ("utf-16-be", b"\xfe\xff")]
    )
    text = books.text_csv(
        [[str(v).replace("\ud83d", "\ue001").replace("\udc00", "\ue002") for v in r] for r in rows]
    ).decode()
    spoilt_text = text.replace("\ue001", "\ud83d").replace("\ue002", "\udc00")
    return File("名册.csv", mark + spoilt_text.encode(encoding, "surrogatepass"))


@kind
def mixed_encodings(dice: Random, rows: Rows) -> File:
    encodings = ["utf-8", "gb18030", "utf-16-le", "big5", "utf-8-sig", "utf-32", "utf-7"]
    picked = dice.choice([[dice.choice(encodings)], dice.sample(encodings, 2)])
    return File("名册.csv", b"".join(
        books.text_csv([row]).decode().encode(picked[n % len(picked)], "replace") for n, row in enumerate(rows)
    ))  # fmt: skip


@kind
def merged(dice: Random, rows: Rows) -> File:
    def dress(sheet) -> None:
        for _ in range(dice.choice([1, 4])):
            row, column = anywhere(dice, rows)
            last = get_column_letter(min(column + dice.choice([1, 3]), 16_000))
            sheet.merge_cells(
                f"{get_column_letter(column + 1)}{row + dice.choice([0, 1])}:{last}{row + 2}"
            )

    file = books.xlsx(rows, dress=dress)
    if dice.random() < 0.3:
        everything = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        file = books.raw_sheet(rows, books.sheet_xml(books.raw_rows(rows), tail=everything))
    return File("名册.xlsx", file)


@kind
def hostile_texts(dice: Random, rows: Rows) -> File:
    for _ in range(dice.choice([1, 3, 12])):
        row, column = anywhere(dice, rows)
        rows[row][column] = dice.choice(hostile.TEXTS)
    return written(dice, rows)


@kind
def hostile_column(dice: Random, rows: Rows) -> File:
    """One column, one hostile text a row: every refusal at once."""
    column = dice.randrange(len(rows[0]))
    for row in rows[1:]:
        row[column] = dice.choice([*hostile.TEXTS, *hostile.DAYS])
    return written(dice, rows)


@kind
def headings(dice: Random, rows: Rows) -> File:
    """Headings twice, missing, empty, in the middle again, far down, of one kind only."""
    which = dice.randrange(7)
    column = dice.randrange(len(rows[0]))
    if which == 0:
        rows = [[*row, row[column]] for row in rows]
    elif which == 1:
        rows = [row[:column] + row[column + 1 :] for row in rows]
    elif which == 2:
        rows[0][column] = ""
    elif which == 3:
        rows = [*rows, rows[0], *rows[1:], rows[0]]
    elif which == 4:
        rows = [*([["填表说明"]] * dice.choice([1, 29, 500])), *rows]
    elif which == 5:
        rows = [[rows[0][column]]] + [[row[column]] for row in rows[1:]]
    else:
        rows = [[*[None] * 30, *row] for row in rows]
    return written(dice, [[("" if v is None else v) for v in row] for row in rows])


@kind
def jumbled(dice: Random, rows: Rows) -> File:
    """Rows twice, columns in another order, rows too short and too long."""
    order = list(range(len(rows[0])))
    dice.shuffle(order)
    rows = [[row[n] for n in order] for row in rows]
    rows += [list(row) for row in rows[1:]] * dice.choice([1, 3])
    if dice.random() < 0.5:
        rows = [
            row[: dice.randrange(1, len(row))] if n and dice.random() < 0.3 else row
            for n, row in enumerate(rows)
        ]
        rows.append(["合计", *range(40)])
    return File("名册.csv", books.text_csv(rows))


@kind
def formulas(dice: Random, rows: Rows) -> File:
    """Formulas with an old answer, with none, with an error for an answer."""
    row, column = anywhere(dice, rows)
    place = f"{get_column_letter(column + 1)}{row + 1}"
    answer = dice.choice(
        ["", "<v>岩香</v>", "<v>#N/A</v>", "<v/>", "<v>1e999</v>", "<v>" + "9" * 500 + "</v>"]
    )
    kind_ = dice.choice(["str", "e", "n", "b", "zz", "s", "d"])
    text = str(rows[row][column])
    rows[row][column] = "占位占位"
    body = books.raw_rows(rows).replace(
        books.text_cell(place, "占位占位"),
        f'<c r="{place}" t="{kind_}"><f>HYPERLINK("http://x","{books.escape(text)}")</f>{answer}</c>',
    )
    return File("名册.xlsx", books.raw_sheet(rows, books.sheet_xml(body)))


@kind
def error_cells(dice: Random, rows: Rows) -> File:
    for _ in range(3):
        row, column = anywhere(dice, rows)
        rows[row][column] = dice.choice(["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!"])
    return File("名册.xlsx", books.xlsx(rows))


@kind
def quotes(dice: Random, rows: Rows) -> File:
    content = books.text_csv(rows, delimiter=dice.choice([",", ";", "\t"]))
    at = dice.randrange(len(content))
    middle = dice.choice([b'"', b'"""', b'"' + b"x" * 140_000, b'\r"\r', b"\x1a", b"'", b"|"])
    return File(dice.choice(["名册.csv", "名册.CSV"]), content[:at] + middle + content[at:])


@kind
def chaos(dice: Random, rows: Rows) -> File:
    """Every cell may be anything."""
    for row in rows[1:]:
        for column in range(len(row)):
            if dice.random() < 0.4:
                row[column] = dice.choice([*hostile.TEXTS, *hostile.DAYS, *hostile.NUMBERS, "", ""])
    return written(dice, rows)
