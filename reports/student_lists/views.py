"""The list of children behind a number, and its export."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.enums import Access
from accounts.file_door.pages import as_download
from accounts.gate import open_to, with_password
from accounts.requests import Request
from regions.clock import today
from regions.enums import Stage
from reports.forms import PurposeForm
from reports.overview.views import place_or_404, places_or_404
from reports.queries import places
from reports.queries.places import WATCHERS
from reports.rules.student_status import EFFECTS
from reports.student_lists import lists
from reports.student_lists import rows as name_rows
from reports.student_lists.exports import export_names

PER_PAGE = 50


def _listing(request: Request) -> lists.StudentList:
    code = request.GET.get("place", "")
    where = place_or_404(request, code) if code else places_or_404(request)[0]
    asked = lists.read(request.GET)
    if asked is None:
        raise Http404
    return lists.find(request.user, where, asked, today())


@open_to(*WATCHERS)
def names(request: Request) -> HttpResponse:
    """Who stands behind a number."""
    listing = _listing(request)
    pages = Paginator(listing.keys, PER_PAGE)
    chosen = pages.get_page(request.GET.get("page"))
    rows = name_rows.rows_of(listing, list(chosen.object_list), request.user)
    scope = f"{listing.place.name} {listing.asked.title}"
    access.log(Access.LIST, "names", by=request.user, scope=scope, request=request)
    context = {"listing": listing, "rows": rows, "pages": chosen, "filters": _filters(listing)}
    context |= {"level": listing.place.level, "query": request.GET.urlencode()}
    return render(request, "reports/names.html", context)


def _filters(listing: lists.StudentList) -> dict:
    """What the list may be narrowed to: the parts of its place, buckets, stages."""
    snapshot = listing.snapshot
    parts = places.parts(listing.place, snapshot) if snapshot else []
    student_statuses = ",".join(student_status for student_status in listing.asked.student_statuses)
    offered = [(student_status, student_status.label) for student_status in EFFECTS]
    return {
        "parts": parts,
        "student_statuses": [
            (lists.DEFAULT, "辍学、疑似辍学、未到校"),
            *lists.SET_TITLES.items(),
            *offered,
        ],
        "student_status": lists.opinion_of(listing.asked) or student_statuses,
        "stages": Stage.choices,
        "stage": listing.asked.stage if listing.asked.stage else "",
    }


@open_to(*WATCHERS)
@with_password("POST")
@require_http_methods(["GET", "POST"])
def export(request: Request) -> HttpResponse:
    """The same list as a workbook: asks why, and leaves one row per child."""
    listing = _listing(request)
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        made = export_names(listing, by=request.user, purpose=purpose, request=request)
        return as_download(f"names-{listing.place.code}-{listing.on:%Y%m%d}.xlsx", made.content)
    back = f"{reverse('reports:names')}?{request.GET.urlencode()}"
    page = {"form": form, "listing": listing, "back": back}
    return render(request, "reports/export.html", page, status=409 if form.errors else 200)
