"""查看记录: who looked at what and why, for the audit administrator."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from accounts.enums import Role
from accounts.gate import open_to
from accounts.models import AccessLog
from accounts.requests import Request


@open_to(Role.AUDIT_ADMIN)
def trail(request: Request) -> HttpResponse:
    """Who looked at what and why: kinds and reasons, never a pupil's record."""
    rows = AccessLog.objects.select_related("user").order_by("-pk")
    chosen = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "accounts/trail.html", {"rows": chosen, "pages": chosen})
