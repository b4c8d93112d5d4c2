"""Pages for what went wrong: what happened, what the portal did about it, what to do."""

from django.shortcuts import render


def not_found(request, exception=None):
    """The same page for what does not exist and for what is out of reach."""
    return render(request, "errors/404.html", status=404)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", {"sentence": str(exception or "")}, status=403)


def broken(request):
    return render(request, "errors/500.html", status=500)


def stale_form(request, reason=""):
    """The form was opened too long ago, or from another login."""
    return render(request, "errors/stale.html", status=403)
