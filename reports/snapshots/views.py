"""The days a county has numbers of: which are final, making one final, counting one again."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.gate import open_to
from accounts.requests import Request
from regions.clock import today
from regions.paths import county_of
from regions.refusals import Refused
from regions.rules.values import number_of
from reports.enums import SnapshotState
from reports.forms import FreezeForm, RecountForm
from reports.models import Snapshot
from reports.monthly import reports
from reports.queries import snapshots as numbers


def _county(request: Request) -> str:
    return county_of(request.user.reach.paths(*numbers.FREEZERS)[0])


@open_to(*numbers.FREEZERS)
def snapshots(request: Request) -> HttpResponse:
    """The days of a month that have numbers, every version of each."""
    return _page(request)


def _page(
    request: Request, freeze_form: FreezeForm | None = None,
    recount_form: RecountForm | None = None, said: str = "",
) -> HttpResponse:  # fmt: skip
    months = reports.months_back(today())
    back = number_of(request.GET.get("back", "")) or 0
    month = months[back] if 0 <= back < len(months) else months[0]
    kept = Snapshot.objects.filter(
        county_path=_county(request), on__year=month.year, on__month=month.month
    )
    rows = list(kept.select_related("frozen_by").order_by("-on", "-version"))
    newest: dict[date, Snapshot] = {}
    for one in rows:
        newest.setdefault(one.on, one)
    final = {on for on, one in newest.items() if one.state == SnapshotState.FROZEN}
    context = {
        "rows": rows,
        "months": list(enumerate(months)),
        "month": month,
        "to_freeze": [on for on in newest if on not in final],
        "to_correct": [on for on in newest if on in final],
        "freeze_form": freeze_form or FreezeForm(),
        "recount_form": recount_form or RecountForm(),
        "said": said,
    }
    wrong = said or (freeze_form or recount_form)
    return render(request, "reports/snapshots.html", context, status=409 if wrong else 200)


@open_to(*numbers.FREEZERS)
@require_POST
def freeze(request: Request) -> HttpResponse:
    """Make a day's numbers final."""
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return _page(request, freeze_form=form)
    on, title = form.cleaned_data["on"], form.cleaned_data["title"]
    try:
        numbers.freeze(_county(request), on, by=request.user, title=title)
    except Refused as refusal:
        return _page(request, said=str(refusal))
    messages.success(request, "已定稿。这一天的数字和名单不再变动。")
    return _back(on)


@open_to(*numbers.FREEZERS)
@require_POST
def recount(request: Request) -> HttpResponse:
    """Count a final day again, as a new version with its reason."""
    form = RecountForm(request.POST)
    if not form.is_valid():
        return _page(request, recount_form=form)
    on, note = form.cleaned_data["on"], form.cleaned_data["note"]
    try:
        numbers.correct(_county(request), on, by=request.user, note=note)
    except Refused as refusal:
        return _page(request, said=str(refusal))
    messages.success(request, "已重新统计。原来的一版保留；新的一版核对后再定稿。")
    return _back(on)


def _back(on: date) -> HttpResponse:
    """To the month the day lies in, where it can be seen."""
    months = reports.months_back(today())
    first = on.replace(day=1)
    back = months.index(first) if first in months else 0
    return redirect(f"{reverse('reports:snapshots')}?back={back}")
