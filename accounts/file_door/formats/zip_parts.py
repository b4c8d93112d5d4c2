"""A stranger's .xlsx or .ods made safe to parse: bounded, without document types, packed anew.

Bounds: compressed size is the caller's; XML parts, their size together, the ratio, and the text
that shared strings spread over the cells. What was checked is what is parsed: the spreadsheet
library opens only the copy made here. A value far out (XFD1048576) spreads a rectangle that the
memory of the child does not hold.
Standard library only; it runs in the child process of `workbook_child`.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import zip_longest

from accounts.file_door.formats.sheet_xml import with_errors_told

MAX_PARTS = 1_000
MAX_MEMBERS = 5_000  # with the pictures people paste into rosters, which are not read
MAX_XML = 100 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 5 * 1024 * 1024  # a small sheet of equal rows may well shrink more than MAX_RATIO
MAX_TEXT = 200 * 1024 * 1024
CHUNK = 1024 * 1024

FORBIDDEN = re.compile(rb"<!\s{0,9}(DOCTYPE|ENTITY)", re.IGNORECASE)
ENCODING = re.compile(rb"<\?xml[^>]{0,150}encoding\s{0,9}=\s{0,9}[\"']([^\"']{1,40})")
# Parts are told by what they hold: a workbook may keep its sheets under any name.
SHEET = b"sheetData"
STRING_END = re.compile(rb"</(?:\w{1,20}:)?si\s{0,9}>")
VALUE = re.compile(rb"<(?:\w{1,20}:)?v(?:\s[^>]{0,99})?>\s{0,9}(\d{1,12})\s{0,9}<")
CONTENT_TYPES, ODS_CONTENT = "[content_types].xml", "content.xml"


EPOCH_1904 = re.compile(
    rb"<(?:\w{1,20}:)?workbookPr\s[^>]{0,500}date1904\s{0,9}=\s{0,9}[\"'](?:1|true|on)[\"']"
)


class Hostile(Exception):
    """Not a workbook anybody's spreadsheet program writes."""


class TooMany(Exception):
    """More sheets and parts than are taken."""


class TooBig(Exception):
    """An honest workbook may be like this, but it holds more than is taken."""


def repacked(content: bytes, max_cells: int) -> io.BytesIO:
    """The workbook's XML parts as a new, lightly packed zip. Raises Hostile, TooBig, TooMany,
    Uncalculated, BadZipFile.

    One part at a time is held beside the copy; more than `max_cells` values are not parsed at all.
    """
    packed = io.BytesIO()
    spread = Spread()
    names = set()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, xml in _parts(content):
            _refuse_document_types(xml)
            spread.note(xml)
            if spread.cells > max_cells:
                raise TooBig
            names.add(name.lower())
            archive.writestr(name, with_errors_told(xml) if SHEET in xml else xml)
    if not names & {CONTENT_TYPES, ODS_CONTENT}:
        raise Hostile
    if spread.may_be_wide():
        _refuse_spread_text(packed, spread.lengths)
    packed.seek(0)
    return packed


def is_1904(packed: io.BytesIO) -> bool:
    """Does the (repacked) workbook count its days from 1904, as old Macs did?"""
    with zipfile.ZipFile(packed) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith("workbook.xml")]
        found = any(EPOCH_1904.search(archive.read(name)) for name in names)
    packed.seek(0)
    return found


def _parts(content: bytes) -> Iterator[tuple[str, bytearray]]:
    """Every XML part by name, read no further than the bounds whatever the zip declares."""
    total, seen = 0, set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        wanted = [m for m in members if _is_read(m.filename)]
        packed = sum(member.compress_size for member in wanted)
        if len(members) > MAX_MEMBERS or len(wanted) > MAX_PARTS:
            raise TooMany
        for member in wanted:
            if member.flag_bits & 1 or member.filename in seen:
                raise Hostile
            seen.add(member.filename)
            xml = _read_within(archive, member, MAX_XML - total)
            total += len(xml)
            if total > RATIO_FROM and total > packed * MAX_RATIO:
                raise TooBig
            yield member.filename, xml


def _is_read(name: str) -> bool:
    """XML parts and, of an .ods, the line that says its kind; pictures are left behind."""
    return name.lower().endswith((".xml", ".rels")) or name == "mimetype"


def _read_within(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytearray:
    if member.file_size > room:
        raise TooBig
    read = bytearray()
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK):
                read += chunk
                if len(read) > room:
                    raise TooBig
    except (NotImplementedError, EOFError, OSError, ValueError, RuntimeError, zlib.error):
        raise Hostile from None
    return read


def _refuse_document_types(xml: bytearray) -> None:
    """No entities, and no encoding in which they could hide from the search."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")) or FORBIDDEN.search(xml):
        raise Hostile
    told = ENCODING.match(xml.removeprefix(b"\xef\xbb\xbf")[:200])
    if told and told[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise Hostile


class Spread:
    """How long the shared strings are, and how many cells may name one."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.cells = 0

    def note(self, xml: bytearray) -> None:
        if SHEET in xml:
            self.cells += xml.count(b"v>") // 2
            return
        told = [len(item) for item in STRING_END.split(xml)]
        self.lengths = [max(pair) for pair in zip_longest(self.lengths, told, fillvalue=0)]

    def may_be_wide(self) -> bool:
        return self.cells * max(self.lengths, default=0) > MAX_TEXT


def _refuse_spread_text(packed: io.BytesIO, lengths: list[int]) -> None:
    """A long shared string named by every cell is copied into every cell."""
    spread = 0
    with zipfile.ZipFile(packed) as archive:
        for name in archive.namelist():
            xml = archive.read(name)
            for value in VALUE.finditer(xml if SHEET in xml else b""):
                number = int(value[1])
                spread += lengths[number] if number < len(lengths) else 0
                if spread > MAX_TEXT:
                    raise TooBig
