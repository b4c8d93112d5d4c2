"""Photos for tests, as a phone takes them: with the place, the hour and the make inside."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import IFD, Base

MAKE = "KongchuoCam"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def jpeg(*, orientation: int = 1, size: tuple[int, int] = (40, 20)) -> bytes:
    """Left half red, right half blue; taken with GPS, an hour, a make and a comment inside."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[Base.Make.value] = MAKE
    exif[Base.Orientation.value] = orientation
    exif[Base.DateTime.value] = "2026:11:19 18:30:00"
    gps = exif.get_ifd(IFD.GPSInfo)
    gps.update({1: "N", 2: (23.0, 8.0, 1.5), 3: "E", 4: (99.0, 54.0, 2.5)})
    written = BytesIO()
    picture.save(written, "JPEG", quality=95, exif=exif, comment=MAKE.encode())
    return written.getvalue()


def photo(name: str = "家访.jpg", **shape) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(**shape), "image/jpeg")
