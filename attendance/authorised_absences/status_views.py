"""The page of the file of statuses: preview, then apply the same file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.file_door import pages
from accounts.file_door.door import AlreadyBrought
from accounts.gate import open_to
from accounts.requests import Request
from attendance.authorised_absences.statuses import ENTERERS, STATUSES
from regions.clock import today
from regions.refusals import Refused


@open_to(*ENTERERS)
@require_http_methods(["GET", "POST"])
def statuses(request: Request) -> HttpResponse:
    """休学, 送教上门, 借读 and long leave from a file: preview, then apply the same file."""
    page: dict = {}
    if request.method == "POST":
        page = _apply_statuses(request) if request.POST.get("batch") else _check_statuses(request)
    status = 409 if page.get("error") else 200
    return render(request, "attendance/statuses.html", page, status=status)


def _check_statuses(request: Request) -> dict:
    """Keep the upload and say what it would do."""
    got = pages.receive(request, STATUSES.name)
    if got.batch is None:
        return {"error": got.error}
    try:
        plan = pages.check(STATUSES, got.batch, by=request.user, on=today())
    except Refused as refusal:
        return {"error": str(refusal)}
    return {"batch": got.batch, "outcome": plan.outcome}


def _apply_statuses(request: Request) -> dict:
    """Apply what was previewed; pressed again, it says that it was."""
    batch = pages.waiting(request.POST["batch"], STATUSES.name, request.user)
    try:
        outcome = pages.confirm(STATUSES, batch, by=request.user, on=today()).plan.outcome
    except AlreadyBrought as said:
        return {"already": str(said)}
    except Refused as refusal:
        return {"error": str(refusal)}
    if outcome.already:
        return {"already": outcome.already}
    return {"batch": batch, "outcome": outcome}
