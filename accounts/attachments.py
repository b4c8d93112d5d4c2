"""Files laid beside a record: what they may be is read from their bytes, not from their names.

A photo is drawn anew before it is kept: where, when and with which phone it was taken stays out.
"""

import hashlib
from io import BytesIO
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from accounts.models import Attachment, User
from regions.refusals import Refused

LARGEST = 10 * 2**20
MOST_PIXELS = 80_000_000
QUALITY = 88
PDF = "application/pdf"
SIGNATURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": PDF,
}
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
UNREADABLE = "这张照片打不开，可能没有传完整。请重新拍一张，再传。"


def attach(file: UploadedFile, *, kind: str, uid: str, path: str, by: User) -> Attachment:
    """Keep a photo, scan or PDF beside the record `kind`/`uid`. Refused when it is none of these.

    Size and digest are those of what is kept: a photo without its metadata, a PDF as it came.
    """
    if file.size is None or file.size > LARGEST:
        raise Refused("文件超过 10 MB。请拍小一点，或压缩后再传。")
    media_type = _media_type(file)
    content = file.read() if media_type == PDF else redrawn(file.read(), FORMATS[media_type])
    return Attachment.objects.create(
        kind=kind,
        uid=uid,
        path=path,
        name=PurePath(file.name or "附件").name[-120:],
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        file=ContentFile(content, name="content"),
        added_by=by,
    )


def _media_type(file: UploadedFile) -> str:
    file.seek(0)
    start = file.read(16)
    file.seek(0)
    media_type = next((m for sign, m in SIGNATURES.items() if start.startswith(sign)), None)
    if media_type is None:
        raise Refused("只能附照片（JPG、PNG）或 PDF。")
    return media_type


def redrawn(content: bytes, image_format: str) -> bytes:
    """The picture alone, turned the way its camera was held: no EXIF, XMP, comments or text.

    Raises Refused for what is no whole picture, and for one too large to open safely.
    """
    try:
        with Image.open(BytesIO(content), formats=[image_format, "MPO"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused("照片的像素太多，打不开。请拍小一点再传。")
            upright = ImageOps.exif_transpose(picture)
            upright.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused(UNREADABLE) from None
    seen = {"transparency"} & upright.info.keys()
    upright.info = {name: upright.info[name] for name in seen}
    kept = BytesIO()
    upright.save(kept, image_format, **({"quality": QUALITY} if image_format == "JPEG" else {}))
    return kept.getvalue()
