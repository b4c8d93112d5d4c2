"""A table on its way in through a page: uploaded, previewed, applied once by whoever uploaded it."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from django.http import HttpResponse

from accounts.doors import write_rejected
from accounts.forms import UploadForm
from accounts.imports import Outcome
from accounts.models import ImportBatch, User
from accounts.requests import Request
from accounts.workbooks import Sheet, write_workbook
from regions.clock import now
from regions.refusals import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT = 20


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What came of an upload form: a batch, or a sentence."""

    batch: ImportBatch | None = None
    error: str = ""


def receive(request: Request, door: str, **options) -> Uploaded:
    """Keep the uploaded file for its preview. Nothing of it is written yet."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return Uploaded(error=str(form.errors["file"][0]))
    file = form.cleaned_data["file"]
    batch = ImportBatch.objects.create(
        door=door,
        filename=PurePath(file.name).name[-120:],
        content=file.read(),
        options=options,
        by=request.user,
    )
    _forget_old(request.user)
    return Uploaded(batch)


def _forget_old(by: User) -> None:
    """Files hold children's data: only the latest uploads of a user are kept."""
    kept = ImportBatch.objects.filter(by=by).order_by("-pk").values_list("pk", flat=True)[:KEPT]
    ImportBatch.objects.filter(by=by).exclude(pk__in=list(kept)).delete()


def mine(uid: str, door: str, by: User) -> ImportBatch | None:
    """The user's own batch that waits at this door."""
    return ImportBatch.objects.filter(uid=uid, door=door, by=by).first()


def mark_applied(batch: ImportBatch, outcome: Outcome) -> None:
    """Refused when the same preview was applied already. The file's content is forgotten."""
    changed = ImportBatch.objects.filter(pk=batch.pk, applied_at=None).update(
        applied_at=now(),
        content=b"",
        summary={"created": outcome.created, "updated": outcome.updated, "rows": outcome.rows},
    )
    if not changed:
        raise Refused("这份文件已经导入过，没有重复导入。")


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
