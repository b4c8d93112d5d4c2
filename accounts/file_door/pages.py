"""The edge of the frame for pages: an upload, its preview, its confirmation, and files to take away."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from accounts.file_door import storing
from accounts.file_door.claims import already
from accounts.file_door.door import AlreadyBrought, Answer, Door, P, bring, preview, sign_of
from accounts.file_door.forms import UploadForm
from accounts.file_door.outcome import Outcome
from accounts.file_door.rejected import write_rejected
from accounts.models import ImportBatch, User
from accounts.requests import Request
from accounts.workbooks import Sheet, write_workbook
from regions.refusals import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What came of an upload form: a batch, or a sentence."""

    batch: ImportBatch | None = None
    error: str = ""


def receive(request: Request, door: str, **options) -> Uploaded:
    """Seal the uploaded file for its preview. Nothing of it is written yet."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return Uploaded(error=str(form.errors["file"][0]))
    file = form.cleaned_data["file"]
    try:
        batch = storing.keep(
            file.chunks(), file.name, door, by=request.user, size=file.size, **options
        )
    except Refused as refusal:
        return Uploaded(error=str(refusal))
    return Uploaded(batch)


def waiting(uid: str, door: str, by: User) -> ImportBatch:
    """The user's own upload at this door, applied or not; 404 for anybody else's."""
    return get_object_or_404(ImportBatch, uid=uid, door=door, by=by)


def check(door: Door[P], batch: ImportBatch, *, by: User, on: date, **options) -> P:
    """The preview of an upload; its sign is kept, so that only what was seen is applied.

    Raises Refused; AlreadyBrought when it was applied before.
    """
    plan = look(door, batch, by=by, on=on, **options)
    ImportBatch.objects.filter(pk=batch.pk).update(digest=sign_of(plan))
    return plan


def look(door: Door[P], batch: ImportBatch, *, by: User, on: date, **options) -> P:
    """The preview again, for something beside it."""
    if batch.applied_at:
        raise AlreadyBrought(already(batch))
    return preview(door, storing.content_of(batch), batch.filename, by=by, on=on, **options)


def confirm(
    door: Door[P], batch: ImportBatch, *, by: User, on: date, partial: bool = False, **options
) -> Answer[P]:
    """Apply what was previewed. Raises Refused; AlreadyBrought when it was applied before."""
    if batch.applied_at:
        raise AlreadyBrought(already(batch))
    return bring(
        door,
        storing.content_of(batch),
        batch.filename,
        by=by,
        on=on,
        partial=partial,
        seen=batch.digest,
        batch=batch,
        **options,
    )


def as_download(filename: str, content: bytes, media_type: str = XLSX) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def rejected_download(outcome: Outcome) -> HttpResponse:
    """The rejected rows as .xlsx: cell, column, what stands there, how to mend it."""
    target = BytesIO()
    write_rejected(target, outcome)
    return as_download("rejected.xlsx", target.getvalue())


def workbook_download(filename: str, sheets: list[Sheet]) -> HttpResponse:
    target = BytesIO()
    write_workbook(target, sheets)
    return as_download(filename, target.getvalue())
