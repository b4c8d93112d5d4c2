"""What an uploaded file really is, told from its first bytes. Standard library only."""

import re
from enum import StrEnum
from pathlib import PurePath

from accounts.file_door.bounds import (
    DISGUISED,
    EMPTY,
    LOCKED,
    MAX_BYTES,
    MISMATCH,
    NOT_A_TABLE,
    TOO_LARGE,
)
from regions.refusals import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
# The name of a stream as the directory of an OLE file has it: filled up to 64 bytes, at 128.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\x00")
ENTRY = 128
OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
WEB_PAGE = re.compile(rb"\s{0,99}(<!doctype html|<html|<table|<head|<meta|mime-version:)", re.I)
XML_TABLE = re.compile(rb"\s{0,99}<\?xml", re.I)
SUFFIXES = {".xlsx", ".xls", ".ods", ".csv"}


class Kind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


def kind_of(content: bytes, filename: str) -> Kind:
    """The kind of table. Raises Refused for what is empty, too large, locked or none at all."""
    check_size(content)
    suffix = PurePath(filename).suffix.lower()
    start = content[:1024].removeprefix(b"\xef\xbb\xbf")
    if WEB_PAGE.match(start) or XML_TABLE.match(start):
        raise Refused(DISGUISED)
    if suffix not in SUFFIXES:
        raise Refused(NOT_A_TABLE)
    kind = _by_bytes(content)
    if (kind is Kind.CSV) != (suffix == ".csv"):
        raise Refused(MISMATCH.format(suffix=suffix))
    return kind


def check_size(content: bytes) -> None:
    """Refuse a file that is empty or over the limit."""
    if len(content) > MAX_BYTES:
        raise Refused(TOO_LARGE)
    if not content.strip(b"\x00\t\n\r "):
        raise Refused(EMPTY)


def _by_bytes(content: bytes) -> Kind:
    if content.startswith(OLE):
        if _is_locked(content):
            raise Refused(LOCKED)
        return Kind.XLS
    if content.startswith(ZIP):
        return Kind.ODS if OPEN_DOCUMENT in content[:256] else Kind.XLSX
    return Kind.CSV


def _is_locked(content: bytes) -> bool:
    """Does the directory of the OLE file name an encrypted package? The words alone in a cell do not."""
    place = content.find(ENCRYPTED)
    while place > 0 and place % ENTRY:
        place = content.find(ENCRYPTED, place + 1)
    return place > 0
