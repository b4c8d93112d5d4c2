"""Uploaded files between preview and apply: sealed on disk, in pieces, for a day at most.

A file lies under a name of its own in KONGCHUO_SEALED, each piece an SM4-GCM envelope bound to its
file and place, so pieces can neither be swapped nor left out. Nothing of it is in the database.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path, PurePath

from django.conf import settings

from accounts.file_door.bounds import EMPTY, MAX_BYTES, TOO_LARGE
from accounts.file_door.tables import clean_name
from accounts.models import ImportBatch, User
from accounts.protected import KeyLost, seal_bytes, unseal_bytes
from regions.clock import now
from regions.refusals import Refused

KEPT_FOR = timedelta(hours=24)
KEPT = 20
PIECE = 2**20
LENGTH = 4  # bytes that say how long the sealed piece behind them is
DAMAGED = "这份上传的文件打不开了：密钥换过，或文件被改动。请重新上传。"
EXPIRED = "这份文件上传已超过 24 小时，已经清除。请重新上传。"


def keep(
    pieces: Iterable[bytes], filename: str, door: str, *, by: User, size: int = 0, **options
) -> ImportBatch:
    """Seal an upload for its preview. Raises Refused, with nothing kept, when it is too large or
    empty. Files that are due are emptied on this occasion."""
    if size > MAX_BYTES:
        raise Refused(TOO_LARGE)
    forget_old()
    suffix = PurePath(filename).suffix[-8:]
    batch = ImportBatch(
        door=door, filename=clean_name(PurePath(filename).stem) + suffix, options=options, by=by
    )
    batch.save()
    try:
        batch.size, batch.sha256 = _write(batch, pieces)
    except BaseException:
        _file(batch.uid).unlink(missing_ok=True)
        batch.delete()
        raise
    batch.save(update_fields=["size", "sha256"])
    _forget_surplus(by)
    return batch


def content_of(batch: ImportBatch) -> bytes:
    """The uploaded file. Raises Refused when it was emptied, or when it does not open any more."""
    try:
        sealed = _file(batch.uid).read_bytes()
    except FileNotFoundError:
        raise Refused(EXPIRED) from None
    if batch.at + KEPT_FOR < now():
        empty(batch)
        raise Refused(EXPIRED)
    try:
        content = _open(batch, sealed)
    except (KeyLost, ValueError):
        raise Refused(DAMAGED) from None
    if len(content) != batch.size:
        raise Refused(DAMAGED)
    return content


def _open(batch: ImportBatch, sealed: bytes) -> bytes:
    """The pieces put together. Raises KeyLost, or ValueError for what is no piece."""
    content = bytearray()
    number = place = 0
    while place < len(sealed):
        start = place + LENGTH
        place = start + int.from_bytes(sealed[place:start], "big")
        content += unseal_bytes(sealed[start:place], _place(batch, number))
        number += 1
    return bytes(content)


def empty(batch: ImportBatch) -> None:
    """Forget the file; what is known of it stays."""
    _file(batch.uid).unlink(missing_ok=True)
    ImportBatch.objects.filter(pk=batch.pk, emptied_at=None).update(emptied_at=now())


def forget_old() -> int:
    """Empty every file that was applied or is a day old; how many. Files of no batch go as well.

    For a job every hour; each upload does it too.
    """
    # Listed before the batches are read: a batch is written before its file.
    lying = {file.name for file in _folder().glob("*")}
    still = ImportBatch.objects.filter(emptied_at=None)
    day_ago = now() - KEPT_FOR
    due = still.exclude(at__gte=day_ago, applied_at=None)
    forgotten = 0
    for batch in due:
        empty(batch)
        forgotten += 1
    for name in lying - set(still.values_list("uid", flat=True)):
        _file(name).unlink(missing_ok=True)
    return forgotten


def _forget_surplus(by: User) -> None:
    """Of one user only the latest uploads are kept."""
    waiting = ImportBatch.objects.filter(by=by, emptied_at=None).order_by("-pk")
    for batch in waiting[KEPT:]:
        empty(batch)


def _write(batch: ImportBatch, pieces: Iterable[bytes]) -> tuple[int, str]:
    """Seal the pieces as they come; (size, SHA-256) of the open file. Refused beyond the limit."""
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    size, digest = 0, hashlib.sha256()
    with _file(batch.uid).open("xb") as file:
        _file(batch.uid).chmod(0o600)
        for number, piece in enumerate(_even(pieces)):
            size += len(piece)
            if size > MAX_BYTES:
                raise Refused(TOO_LARGE)
            digest.update(piece)
            sealed = seal_bytes(piece, _place(batch, number))
            file.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
    if not size:
        raise Refused(EMPTY)
    return size, digest.hexdigest()


def _even(pieces: Iterable[bytes]) -> Iterable[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), PIECE):
            yield piece[start : start + PIECE]


def _place(batch: ImportBatch, number: int) -> str:
    return f"import_batch.file.{batch.uid}.{number}"


def _folder() -> Path:
    return Path(settings.KONGCHUO_SEALED)


def _file(uid: str) -> Path:
    return _folder() / uid
