"""What the XML of a worksheet says and the spreadsheet library would swallow: failed formulas, and
formulas without any result. Patterns stay within one tag or one cell. Standard library only.
"""

import re

FAILED = b' t="e"'
SHEET_DATA = re.compile(rb"<(\w{1,20}:)?sheetData[\s/>]")


class Uncalculated(Exception):
    """Formulas that no spreadsheet program has worked out: their values are not in the file."""


def with_errors_told(xml: bytearray) -> bytes | bytearray:
    """The sheet with its failed formulas (#N/A) as texts: the parser would leave their cells empty.

    Raises Uncalculated where formulas stand without any result.
    """
    found = SHEET_DATA.search(xml)
    prefix = (found[1] or b"") if found else b""
    if b"<%sf" % prefix in xml and _without_result(prefix, xml):
        raise Uncalculated
    told = xml.replace(FAILED, b' t="str"') if FAILED in xml else xml
    if b'"e"' in told or b"'e'" in told:
        return _failed(prefix).sub(rb"\1str\2", told)
    return told


def _failed(prefix: bytes) -> re.Pattern[bytes]:
    """A cell's tag up to the e of its type, and the quote behind it."""
    return re.compile(rb"(<%sc\s(?:[^<>]*\s)?t\s{0,9}=\s{0,9}[\"'])e([\"'])" % prefix)


def _without_result(prefix: bytes, xml: bytearray) -> bool:
    """Does a cell hold a formula and no value? An empty text that was worked out (="") is a value:
    its cell says that it is a text and its value is there, empty."""
    cell = re.compile(
        rb"<PXc(\s[^<>]*)?>\s{0,9}<PXf(?:\s[^<>]*)?(?:/>|>[^<]*</PXf\s{0,9}>)\s{0,9}"
        rb"(<PXv(?:\s[^<>]*)?(?:/>|>\s{0,9}</PXv\s{0,9}>)\s{0,9})?</PXc\s{0,9}>".replace(
            b"PX", prefix
        )
    )
    texts = (b't="str"', b"t='str'")
    return any(
        not (found[2] and any(text in (found[1] or b"") for text in texts))
        for found in cell.finditer(xml)
    )
