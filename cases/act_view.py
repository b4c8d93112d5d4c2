"""The one page of all acts: fetch within reach, bind the form, call the verb, go back to the case."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.day_fields import happens_in
from accounts.enums import Access
from accounts.gate import open_to
from accounts.requests import Request
from accounts.saving import Attempt, attempt
from cases.act import OF_PAPER, Act, Filling, Occasion
from cases.acts import named, with_page_here
from cases.form_fields import ActForm
from cases.models import Case, Paper
from cases.permissions import may
from cases.timeline import TimelineEntry, entries_of
from regions.clock import today

SHOWN_SINCE = 3


def act_urls() -> list[URLPattern]:
    """An address for every act that has no page of its own, open to the roles of its right."""
    return [_address(name) for name in with_page_here()]


def _address(name: str) -> URLPattern:
    acts = named(name)

    @open_to(*frozenset().union(*(one.roles for one in acts)))
    @require_http_methods(["GET", "POST"])
    def page(request: Request, uid: str, paper_uid: str = "") -> HttpResponse:
        return act(request, uid, name, paper_uid)

    return path(acts[0].route, page, name=name)


def act(request: Request, uid: str, name: str, paper_uid: str = "") -> HttpResponse:
    """Show the form of an act, or do it; a refusal or a conflict keeps what was filled in."""
    at, row = _occasion(request, uid, name, paper_uid)
    filling = row.fill(at)
    form = _bind(request, row, at, filling)
    page: dict[str, Any] = {
        "case": at.case,
        "form": form,
        "title": row.heading,
        "button": row.button,
        "intro": filling.intro,
        "refused": filling.refused,
        **filling.around,
    }
    if form and at.posted and form.is_valid():
        done = _do(row, at, form)
        if done.saved:
            messages.success(request, row.done)
            return redirect(row.after(at, done.result) if row.after else _case_url(at))
        if done.conflict:
            page["since"] = _latest(at.case, at.on)
    access.log(
        Access.VIEW, "student", at.case.student.uid, by=at.by, scope=row.heading, request=request
    )
    return render(request, "cases/act.html", page, status=409 if at.posted else 200)


def _occasion(request: Request, uid: str, name: str, paper_uid: str) -> tuple[Occasion, Act]:
    """The case within reach (404), and the act by this name that is this user's (403)."""
    reached = Case.objects.visible_to(request.user).select_related("student")
    case = get_object_or_404(reached, uid=uid)
    acts = named(name)
    row = next((one for one in acts if may(request.user, one.right, case)), None)
    if row is None:
        raise PermissionDenied(acts[0].refusal)
    paper = _paper(case, paper_uid) if row.base == OF_PAPER else None
    return Occasion(case, request.user, today(), paper, request.method == "POST"), row


def _paper(case: Case, uid: str) -> Paper:
    paper = get_object_or_404(case.papers.select_related("addressee"), uid=uid)
    paper.case = case
    return paper


def _bind(request: Request, row: Act, at: Occasion, filling: Filling) -> ActForm | None:
    """The form, empty on the standing version or filled in with what was sent."""
    if row.form is None or not filling.asks:
        return None
    initial = {"version": at.case.version, **filling.initial}
    data, files = (request.POST.copy(), request.FILES) if at.posted else (None, None)
    form = row.form(data=data, files=files, initial=initial, **filling.options)
    happens_in(form, at.case.began_on)
    return form


def _do(row: Act, at: Occasion, form: ActForm) -> Attempt[Any]:
    if row.verb is None:
        raise TypeError(f"The act {row.name} has a form and no verb.")
    verb = row.verb
    try:
        return attempt(form, lambda: verb(at.uid, by=at.by, on=at.on, **form.told()))
    except ObjectDoesNotExist:
        raise Http404 from None


def _case_url(at: Occasion) -> str:
    return reverse("cases:case", args=[at.case.uid])


def _latest(case: Case, on: date) -> list[TimelineEntry]:
    """The last lines of the history that every reader of the case may see."""
    events = case.events.filter(sensitive=False).select_related("by").order_by("-pk")
    return entries_of(case, list(events[:SHOWN_SINCE]), [], [], on=on)
