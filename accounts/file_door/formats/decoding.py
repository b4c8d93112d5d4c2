"""Text of a file in the encodings that Chinese machines write. Standard library only."""

import codecs
import io

from accounts.file_door.bounds import ENCODING
from regions.refusals import Refused

SLICE = 2**20
LOOKED_AT = 4096


def encoding_of(content: bytes) -> str:
    """utf-8-sig, gb18030 or a UTF-16; the whole content decodes in it. Raises Refused.

    UTF-16 is known by its mark, or by the zero bytes that only it writes.
    """
    for encoding in _candidates(content):
        if _decodes(content, encoding):
            return encoding
    raise Refused(ENCODING)


def decoded(content: bytes) -> str:
    """The text of a small file. Raises Refused."""
    return content.decode(encoding_of(content))


def lines_of(content: bytes, encoding: str) -> io.TextIOWrapper:
    """The text line by line, so that a long file is never held twice."""
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def _candidates(content: bytes) -> tuple[str, ...]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    start = content[:LOOKED_AT]
    if b"\x00" in start:
        little = start[1::2].count(0) > start[::2].count(0)
        return ("utf-16-le",) if little else ("utf-16-be",)
    return ("utf-8-sig", "gb18030")


def _decodes(content: bytes, encoding: str) -> bool:
    """Does all of it decode, into text with line breaks and without zero characters?"""
    decoder = codecs.getincrementaldecoder(encoding)()
    broken = False
    try:
        for start in range(0, len(content), SLICE):
            end = start + SLICE
            text = decoder.decode(content[start:end], final=end >= len(content))
            if "\x00" in text:
                return False
            broken = broken or "\n" in text or "\r" in text
    except UnicodeDecodeError:
        return False
    return broken or not encoding.startswith("utf-16-")
