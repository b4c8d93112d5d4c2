"""Text from strangers, without what nobody sees. Standard library only; files and forms alike."""

import re

# Vertical tab, form feed, NEL, line and paragraph separators break a line and stay a break.
BREAKS = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n")
CONTROLS = [
    *(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)),
    *range(0x7F, 0xA0),
]
ZERO_WIDTH = [0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFFA0]
DIRECTION_MARKS = [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
NO_CHARACTERS = [*range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF]
ANNOTATIONS = [*range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)]
UNSEEN = dict.fromkeys(
    [*CONTROLS, *ZERO_WIDTH, *DIRECTION_MARKS, *NO_CHARACTERS, *ANNOTATIONS]
) | BREAKS  # fmt: skip
HOLDS_UNSEEN = re.compile("[" + "".join(re.escape(chr(code)) for code in UNSEEN) + "]")
# The way a workbook writes a character that XML cannot hold: _x0000_, _xD83D_, _x005F_.
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
UNDERSCORE = 0x5F


def cleaned(text: str) -> str:
    """The text without control characters, their `_x0000_` escapes, lone surrogates, zero-width and
    bidirectional marks. Line breaks of any kind stay line breaks, \\t and \\r\\n stay as they are."""
    if "_x" in text:
        text = ESCAPE.sub(_unescaped, text)
    return text.translate(UNSEEN) if HOLDS_UNSEEN.search(text) else text


def _unescaped(escape: re.Match[str]) -> str:
    """An escaped character that is dropped anyway, or an escaped underscore; others stay written."""
    code = int(escape[1], 16)
    if code == UNDERSCORE:
        return "_"
    if code in (0x09, 0x0A, 0x0D):
        return "\n"
    return (UNSEEN[code] or "") if code in UNSEEN else escape[0]
