"""One page per act: fetch within reach, bind the form, call one verb, go back to the case."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts import access
from accounts.enums import Access
from accounts.versions import Conflict
from cases.form_fields import ActForm
from cases.models import Case
from cases.permissions import REFUSALS, CaseRight, may
from cases.timeline import TimelineEntry, entries_of
from regions.refusals import Refused

SHOWN_SINCE = 3


def case_for(request: HttpRequest, uid: str, *acts: CaseRight) -> Case:
    """The case within reach (404), to be acted on in one of `acts` (403 with its sentence)."""
    reached = Case.objects.visible_to(request.user).select_related("student")
    case = get_object_or_404(reached, uid=uid)
    if not any(may(request.user, act, case) for act in acts):
        raise PermissionDenied(REFUSALS[acts[0]])
    return case


def bind(request: HttpRequest, form: type[ActForm], case: Case, **more: Any) -> ActForm:
    """The form, empty on the standing version or filled in with what was sent."""
    initial = {"version": case.version, **more.pop("initial", {})}
    if request.method == "POST":
        return form(request.POST.copy(), request.FILES, initial=initial, **more)
    return form(initial=initial, **more)


def act_page(
    request: HttpRequest,
    case: Case,
    form: ActForm | None,
    save: Callable[..., Any],
    *,
    title: str,
    button: str = "",
    done: str,
    **context: Any,
) -> HttpResponse:
    """Show the form, or save it and go back; a refusal or a conflict keeps what was filled in."""
    page = {"case": case, "form": form, "title": title, "button": button, **context}
    if form and request.method == "POST" and form.is_valid():
        try:
            save(**form.cleaned_data)
            return redirect(f"{reverse('cases:case', args=[case.uid])}?done={done}")
        except Case.DoesNotExist:
            raise Http404 from None
        except Conflict as conflict:
            form.add_error(None, f"{conflict}请看过下面新增的经过，再决定是否保存。")
            form.data["version"] = conflict.theirs.version
            page["since"] = _latest(case, request)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    status = 409 if request.method == "POST" else 200
    access.log(
        Access.VIEW, "student", case.student.uid, by=request.user, scope=title, request=request
    )
    return render(request, "cases/act.html", page, status=status)


def _latest(case: Case, request: HttpRequest) -> list[TimelineEntry]:
    """The last lines of the history that this reader may see."""
    events = case.events.filter(sensitive=False).select_related("by").order_by("-pk")
    return entries_of(case, list(events[:SHOWN_SINCE]), [], [])
