"""A photo that is kept says what it shows, and nothing about who took it where."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo

from accounts import attachments
from accounts.attachments import attach, redrawn
from accounts.models import Attachment
from regions.refusals import Refused
from tests import factories as make
from tests.pictures import MAKE, jpeg, photo


@pytest.fixture(autouse=True)
def in_a_place_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def keep(file: SimpleUploadedFile) -> Attachment:
    return attach(file, kind="test", uid="1", path="", by=make.user())


def shown(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def is_red(picture: Image.Image, at: tuple[int, int]) -> bool:
    red, _, blue = picture.convert("RGB").getpixel(at)
    return red > blue


def text_png() -> bytes:
    told = PngInfo()
    told.add_text("Author", MAKE)
    told.add_itxt("XML:com.adobe.xmp", f"<x>{MAKE}</x>")
    exif = Image.Exif()
    exif[Base.Make.value] = MAKE
    written = BytesIO()
    Image.new("RGB", (8, 8), (1, 2, 3)).save(written, "PNG", pnginfo=told, exif=exif)
    return written.getvalue()


@pytest.mark.django_db
def test_the_place_goes_in_with_the_photo_and_does_not_come_out():
    before = jpeg()
    told = shown(before).getexif()
    assert told.get_ifd(IFD.GPSInfo)[2] and told[Base.Make.value] == MAKE and b"Exif" in before
    laid = keep(SimpleUploadedFile("家访.jpg", before))
    after = laid.file.read()
    assert not shown(after).getexif() and not shown(after).getexif().get_ifd(IFD.GPSInfo)
    assert b"Exif" not in after and MAKE.encode() not in after
    assert (laid.size, laid.sha256) == (len(after), hashlib.sha256(after).hexdigest())


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (40, 20), (2, 10)), (3, (40, 20), (38, 10)), (6, (20, 40), (10, 2)), (8, (20, 40), (10, 38))],
)  # fmt: skip
def test_a_photo_stands_upright_without_the_note_that_says_how(orientation, size, red_at):
    after = shown(redrawn(jpeg(orientation=orientation), "JPEG"))
    assert after.size == size and is_red(after, red_at)
    assert not is_red(after, (size[0] - 1 - red_at[0], size[1] - 1 - red_at[1]))


def test_the_texts_of_a_png_are_gone():
    before = text_png()
    assert before.count(MAKE.encode()) == 3, "the control: author, XMP and EXIF say it"
    after = redrawn(before, "PNG")
    assert MAKE.encode() not in after
    assert shown(after).getpixel((0, 0)) == (1, 2, 3) and "Author" not in shown(after).info


def test_a_see_through_png_stays_see_through():
    picture = Image.new("P", (4, 4), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    written = BytesIO()
    picture.save(written, "PNG", transparency=0)
    after = shown(redrawn(written.getvalue(), "PNG"))
    assert after.convert("RGBA").getpixel((0, 0))[3] == 0


@pytest.mark.django_db
def test_a_pdf_is_kept_byte_for_byte():
    content = b"%PDF-1.4\n" + b"x" * 100
    assert keep(SimpleUploadedFile("扫描.pdf", content)).file.read() == content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [b"\xff\xd8\xff\xe0" + b"0" * 40, jpeg()[:200], b"\x89PNG\r\n\x1a\n" + b"0" * 40],
    ids=["no picture", "half a picture", "no png"],
)
def test_what_only_looks_like_a_photo_is_refused(content):
    with pytest.raises(Refused, match="打不开"):
        keep(SimpleUploadedFile("a.jpg", content))
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_other_files_and_large_ones_are_refused(monkeypatch):
    with pytest.raises(Refused, match="只能附照片"):
        keep(SimpleUploadedFile("a.jpg", b"<html></html>"))
    monkeypatch.setattr(attachments, "MOST_PIXELS", 10)
    with pytest.raises(Refused, match="像素"):
        keep(photo())
    monkeypatch.setattr(attachments, "LARGEST", 10)
    with pytest.raises(Refused, match="10 MB"):
        keep(photo())
