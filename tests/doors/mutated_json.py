"""Ways a JSON list goes wrong: see mutators."""

import json
from collections.abc import Callable
from random import Random

from tests.doors import books, hostile
from tests.doors.faces import File
from tests.doors.seeds import PLACES

Entries = list[dict]
Kind = Callable[[Random, Entries], File]
KINDS: list[Kind] = []
NAME = "校历.json"


def kind(make: Kind) -> Kind:
    KINDS.append(make)
    return make


def told(entries: object, **how) -> File:
    return File(NAME, json.dumps(entries, **how).encode())


def somewhere(dice: Random, entries: Entries) -> tuple[dict, str]:
    entry = dice.choice(entries)
    return entry, dice.choice(list(entry))


@kind
def truncated(dice: Random, entries: Entries) -> File:
    content = books.text_json(entries)
    return File(NAME, content[: dice.randrange(len(content))])


@kind
def flipped(dice: Random, entries: Entries) -> File:
    content = bytearray(books.text_json(entries))
    for _ in range(dice.choice([1, 3, 30])):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    return File(NAME, bytes(content))


@kind
def deep(dice: Random, entries: Entries) -> File:
    depth = dice.choice([900, 100_000, 5_000_000])
    opened, closed = dice.choice([("[", "]"), ('{"a":', "}"), ("[{", "}]")])
    whole = opened * depth + "1" + closed * depth
    if dice.random() < 0.4:
        return File(NAME, books.text_json(entries)[:-1] + b"," + whole.encode() + b"]")
    return File(NAME, whole.encode() if dice.random() < 0.5 else (opened * depth).encode())


@kind
def many(dice: Random, entries: Entries) -> File:
    """Millions of small things, or one entry a hundred thousand times."""
    small = dice.choice(["{},", "[],", "1,", '"",', "null,", '{"a":1},'])
    if dice.random() < 0.3:
        return File(
            NAME,
            (
                "[" + (json.dumps(entries[0]) + ",") * 100_000 + json.dumps(entries[0]) + "]"
            ).encode(),
        )
    return File(NAME, f"[{small * (28 * 2**20 // len(small))}0]".encode())


@kind
def huge_numbers(dice: Random, entries: Entries) -> File:
    number = dice.choice(
        [
            "1e999",
            "-1e999",
            "9" * 5_000,
            "0." + "1" * 9_000,
            "NaN",
            "Infinity",
            "-Infinity",
            "1E+400000000",
            "20261231",
        ]
    )
    entry, key = somewhere(dice, entries)
    entry[key] = "这里"
    text = json.dumps(entries, ensure_ascii=False).replace('"这里"', number)
    return File(NAME, text.encode())


@kind
def wrong_types(dice: Random, entries: Entries) -> File:
    for _ in range(dice.choice([1, 2, 6])):
        entry, key = somewhere(dice, entries)
        entry[key] = dice.choice(
            [
                None,
                [],
                {},
                [entry.get("scope")],
                {"a": 1},
                1,
                0,
                -1,
                1.5,
                True,
                False,
                "",
                [[["x"]]],
                [1] * 999,
            ]
        )
    return told(entries)


@kind
def wrong_top(dice: Random, entries: Entries) -> File:
    return told(
        dice.choice(
            [
                None,
                1,
                "x",
                {},
                {"rows": entries},
                [entries],
                [None],
                [1],
                [[]],
                [*entries, None],
                {"0": entries[0]},
                True,
            ]
        )
    )


@kind
def half_characters(dice: Random, entries: Entries) -> File:
    entry, key = somewhere(dice, entries)
    entry[key] = f"{entry[key]}{dice.choice([chr(0xD800), chr(0xDFFF), chr(0xD83D)])}"
    if dice.random() < 0.3:
        text = json.dumps(entries, ensure_ascii=False)
        return File(NAME, text.encode("utf-8", "surrogatepass"))
    return told(entries)


@kind
def control_characters(dice: Random, entries: Entries) -> File:
    sign = dice.choice(
        ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\u200b", "\u202e", "\ufeff", "\u2028"]
    )
    for entry in entries:
        key = dice.choice(list(entry))
        entry[key] = f"{entry[key][:2]}{sign}{entry[key][2:]}"
    if dice.random() < 0.3:
        return File(NAME, json.dumps(entries).replace("\\u0000", "\0").encode())
    return told(entries)


@kind
def encodings(dice: Random, entries: Entries) -> File:
    encoding = dice.choice(
        [
            "gb18030",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "big5",
            "utf-8-sig",
            "utf-7",
            "latin-1",
        ]
    )
    text = json.dumps(entries, ensure_ascii=False)
    return File(NAME, text.encode(encoding, "replace"))


@kind
def mixed_encodings(dice: Random, entries: Entries) -> File:
    text = json.dumps(entries, ensure_ascii=False)
    half = len(text) // 2
    return File(NAME, text[:half].encode("gb18030") + text[half:].encode("utf-8"))


@kind
def twice_the_key(dice: Random, entries: Entries) -> File:
    text = json.dumps(entries, ensure_ascii=False)
    key = dice.choice(list(entries[0]))
    return File(NAME, text.replace("{", f'{{"{key}": "另一个", ', 1).encode())


@kind
def hostile_texts(dice: Random, entries: Entries) -> File:
    for _ in range(dice.choice([1, 4])):
        entry, key = somewhere(dice, entries)
        entry[key] = dice.choice(hostile.TEXTS)
    return told(entries, ensure_ascii=dice.random() < 0.5)


@kind
def long_texts(dice: Random, entries: Entries) -> File:
    entry, key = somewhere(dice, entries)
    entry[key] = dice.choice([*hostile.RUNS, f"{entry[key]}{'/grade:1' * 4_000}", "x" * 5_000_000])
    return told(entries)


@kind
def day_texts(dice: Random, entries: Entries) -> File:
    for entry in entries:
        entry[dice.choice([key for key in ("from", "to") if key in entry])] = dice.choice(
            hostile.DAYS
        )
    return told(entries)


@kind
def keys(dice: Random, entries: Entries) -> File:
    """Keys missing, renamed, of another language, one too many."""
    entry, key = somewhere(dice, entries)
    value = entry.pop(key)
    if dice.random() < 0.6:
        entry[
            dice.choice(
                [key.upper(), f" {key}", f"{key}\u200b", "范围", "", "__class__", "x" * 9_999]
            )
        ] = value
    return told(entries)


@kind
def conflicting(dice: Random, entries: Entries) -> File:
    """Good entries, and after them one that cannot be taken."""
    bad = dict(entries[0]) | {
        dice.choice(["scope", "from"]): dice.choice(["539999", "2026-13-01", "", "539901/grade:77"])
    }
    return told([*entries, *entries, bad])


@kind
def disguised(dice: Random, entries: Entries) -> File:
    content = dice.choice([
        books.xlsx(PLACES), books.text_csv(PLACES), b"", b"\xef\xbb\xbf", b" ", b"null", b"[]", b"{}", b"'[]'", b"[1,]",
        b"// x\n[]", b"<html></html>", dice.randbytes(2_000), b"\0" * 99, b"[]\0", b"[][]", books.ods(PLACES), books.xls(PLACES),
    ])  # fmt: skip
    return File(dice.choice([NAME, "校历.csv", "校历.xlsx", "校历.txt", "校历"]), content)
