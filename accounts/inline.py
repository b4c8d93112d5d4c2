"""A stored file shown in the browser: inline, and with nothing in it allowed to run."""

from django.http import FileResponse

from accounts import access
from accounts.enums import Access
from accounts.models import Attachment
from accounts.requests import Request


def show_file(
    request: Request, file: Attachment, *, uid: str, scope: str, kind: str = "student"
) -> FileResponse:
    """The file under its own media type, in a sandbox; the look leaves one access row about the
    `kind` with this `uid`. The caller has checked reach."""
    access.log(Access.VIEW, kind, uid, by=request.user, scope=scope, request=request)
    response = FileResponse(file.file.open("rb"), content_type=file.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
