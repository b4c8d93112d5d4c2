"""Files laid beside a record: what they may be is read from their bytes, not from their names."""

import hashlib
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Attachment, User
from regions.refusals import Refused

LARGEST = 10 * 2**20
SIGNATURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}


def attach(file: UploadedFile, *, kind: str, uid: str, path: str, by: User) -> Attachment:
    """Keep a photo, scan or PDF beside the record `kind`/`uid`. Refused when it is none of these."""
    if file.size is None or file.size > LARGEST:
        raise Refused("文件超过 10 MB。请拍小一点，或压缩后再传。")
    start = file.read(16)
    media_type = next((m for sign, m in SIGNATURES.items() if start.startswith(sign)), None)
    if media_type is None:
        raise Refused("只能附照片（JPG、PNG）或 PDF。")
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return Attachment.objects.create(
        kind=kind,
        uid=uid,
        path=path,
        name=PurePath(file.name or "附件").name[-120:],
        media_type=media_type,
        size=file.size,
        sha256=digest,
        file=file,
        added_by=by,
    )
