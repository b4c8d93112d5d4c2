"""A stranger's .xlsx made safe to parse: bounded, without document types, packed anew.

Bounds: compressed size is the caller's; XML parts, their size together, the ratio, the place of
the last cell that holds something, and the text that shared strings spread over the cells.
"""

import io
import re
import zipfile
import zlib
from itertools import zip_longest
from xml.parsers import expat

MAX_PARTS = 200
MAX_MEMBERS = 5_000  # with the pictures people paste into rosters, which are not read
MAX_XML = 100 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 5 * 1024 * 1024  # a small sheet of equal rows may well shrink more than MAX_RATIO
MAX_TEXT = 200 * 1024 * 1024
CHUNK = 1024 * 1024

FORBIDDEN = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)")
# Parts are told by what they hold: a workbook may keep its sheets under any name.
SHEET = b"sheetData"
STRING_END = re.compile(rb"</(?:\w+:)?si\s*>")
PLACE = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]*)(\d*)\s*[\"']")
VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>\s*(\d+)\s*<")


class Hostile(Exception):
    """Not a workbook anybody's spreadsheet program writes."""


class TooBig(Exception):
    """An honest workbook may be like this, but it holds more than is taken."""


def repacked(content: bytes, max_rows: int, max_columns: int) -> bytes:
    """The workbook's XML parts as a new, uncompressed zip. Raises Hostile, TooBig, BadZipFile."""
    parts = _parts(content)
    if "[content_types].xml" not in {name.lower() for name in parts}:
        raise Hostile
    for xml in parts.values():
        _refuse_document_types(xml)
        if SHEET in xml:
            _refuse_far_cells(xml, max_rows, max_columns)
    _refuse_spread_text(parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, xml in parts.items():
            archive.writestr(name, xml)
    return packed.getvalue()


def _parts(content: bytes) -> dict[str, bytes]:
    """Every XML part by name, read no further than the bounds whatever the zip declares."""
    parts: dict[str, bytes] = {}
    total = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        wanted = [m for m in members if m.filename.lower().endswith((".xml", ".rels"))]
        if len(members) > MAX_MEMBERS or len(wanted) > MAX_PARTS:
            raise TooBig
        for member in wanted:
            if member.flag_bits & 1 or member.filename in parts:
                raise Hostile
            xml = _read_within(archive, member, MAX_XML - total)
            total += len(xml)
            parts[member.filename] = xml
        packed = sum(member.compress_size for member in wanted)
    if total > RATIO_FROM and total > packed * MAX_RATIO:
        raise TooBig
    return parts


def _read_within(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    if member.file_size > room:
        raise TooBig
    read = bytearray()
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK):
                read += chunk
                if len(read) > room:
                    raise TooBig
    except (NotImplementedError, EOFError, OSError, ValueError, zlib.error):
        raise Hostile from None
    return bytes(read)


def _refuse_document_types(xml: bytes) -> None:
    """No entities, and no encoding in which they could hide from the search."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")) or FORBIDDEN.search(xml):
        raise Hostile
    told = ENCODING.match(xml.removeprefix(b"\xef\xbb\xbf")[:200])
    if told and told[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise Hostile


def _refuse_far_cells(xml: bytes, max_rows: int, max_columns: int) -> None:
    """One value in XFD1048576 would be parsed into a full rectangle of 17 thousand million cells.

    Empty formatted cells far out are common and harmless: only then the sheet is walked.
    """
    far = (
        _column(found[1]) > max_columns or int(found[2] or 0) > max_rows
        for found in PLACE.finditer(xml)
    )
    if any(far) and _holds_far_value(xml, max_rows, max_columns):
        raise TooBig


def _column(letters: bytes) -> int:
    """The column counted from 1; 0 where only a row is named."""
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _holds_far_value(xml: bytes, max_rows: int, max_columns: int) -> bool:
    """Does a cell beyond the bounds hold a value or a text, not only a format?"""
    place = [0, 0]
    found = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        told = re.fullmatch(r"\s*([A-Za-z]*)(\d*)\s*", attributes.get("r", ""))
        if local == "row":
            place[:] = [int(told[2]) if told and told[2] else place[0] + 1, 0]
        elif local == "c":
            place[1] = _column(told[1].encode()) if told and told[1] else place[1] + 1
            place[0] = int(told[2]) if told and told[2] else place[0]
        elif local in ("v", "is", "f") and (place[0] > max_rows or place[1] > max_columns):
            found.append(local)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise Hostile from None
    return bool(found)


def _refuse_spread_text(parts: dict[str, bytes]) -> None:
    """A long shared string named by every cell is copied into every cell."""
    sheets = [xml for xml in parts.values() if SHEET in xml]
    lengths: list[int] = []
    for xml in parts.values():
        if SHEET not in xml:
            told = [len(item) for item in STRING_END.split(xml)]
            lengths = [max(pair) for pair in zip_longest(lengths, told, fillvalue=0)]
    cells = sum(xml.count(b"v>") for xml in sheets)
    if cells * max(lengths) <= MAX_TEXT:
        return
    spread = 0
    for xml in sheets:
        for found in VALUE.finditer(xml):
            number = int(found[1][:12])
            spread += lengths[number] if number < len(lengths) else 0
            if spread > MAX_TEXT:
                raise TooBig
