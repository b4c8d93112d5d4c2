"""台账: which there are, and one of them as a workbook."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.enums import Access
from accounts.file_door.pages import as_download
from accounts.gate import open_to, with_password
from accounts.requests import Request
from regions.clock import today
from regions.refusals import Refused
from reports.forms import LedgerForm
from reports.ledgers.exports import export_ledger
from reports.ledgers.ledgers import LEDGERS, counts, lack_of_ledger
from reports.queries.places import WATCHERS


@open_to(*WATCHERS)
def ledgers(request: Request) -> HttpResponse:
    """The ledgers, with how many rows each has today."""
    on = today()
    found = counts(on, by=request.user)
    rows = [
        (one, found[name], lack_of_ledger(one, on, by=request.user))
        for name, one in LEDGERS.items()
    ]
    access.log(Access.LIST, "ledgers", by=request.user, scope="台账", request=request)
    return render(request, "reports/ledgers.html", {"rows": rows, "on": on})


@open_to(*WATCHERS)
@with_password("POST")
@require_http_methods(["GET", "POST"])
def ledger(request: Request, name: str) -> HttpResponse:
    """Asks for a day and why; answers with the workbook."""
    found = LEDGERS.get(name)
    if found is None:
        raise Http404
    form = LedgerForm(request.POST or None, initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        on, purpose = form.cleaned_data["on"], form.cleaned_data["purpose"]
        try:
            made = export_ledger(found, on, by=request.user, purpose=purpose, request=request)
            return as_download(f"{found.name}-{on:%Y%m%d}.xlsx", made.content)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    lack = lack_of_ledger(found, today(), by=request.user)
    page = {"form": form, "ledger": found, "lack": lack}
    return render(request, "reports/ledger.html", page, status=409 if form.errors else 200)
