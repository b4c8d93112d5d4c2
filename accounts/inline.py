"""A stored file shown in the browser: inline, and with nothing in it allowed to run."""

from django.http import FileResponse

from accounts.models import Attachment


def inline(file: Attachment) -> FileResponse:
    """The file under its own media type, in a sandbox. The caller has checked reach and logged."""
    response = FileResponse(file.file.open("rb"), content_type=file.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
