"""Pages for what went wrong: what happened, what the portal did about it, what to do."""

from django.http import HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from accounts import unsent
from accounts.enums import EVERYONE
from accounts.gate import open_to


def not_found(request, exception=None):
    """The same page for what does not exist and for what is out of reach."""
    return render(request, "errors/404.html", status=404)


@open_to(*EVERYONE)
def nowhere(request, rest):
    """An address that leads nowhere."""
    return not_found(request)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", {"sentence": str(exception or "")}, status=403)


def broken(request):
    """Rendered without the frame: the database may be what is broken."""
    return HttpResponseServerError(render_to_string("errors/500.html"))


def stale_form(request, reason=""):
    """The form was opened too long ago, or from another login: what it held goes back into it."""
    page = unsent.keep(request, request.user.pk) if request.user.is_authenticated else ""
    if page:
        return redirect(page)
    return render(request, "errors/stale.html", status=403)
