"""Accounts and seats, to read."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from accounts.enums import Role
from accounts.gate import open_to
from accounts.models import User
from accounts.requests import Request
from regions.clock import today


@open_to(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
def users(request: Request) -> HttpResponse:
    """Accounts and seats, to read; they come and change by file."""
    found = User.objects.prefetch_related(
        "seats__region", "seats__school", "seats__school_class__school"
    ).order_by("username")
    chosen = Paginator(found, 50).get_page(request.GET.get("page"))
    day = today()
    rows = [
        {
            "user": user,
            "seats": [
                (seat.pk, f"{seat.role_label} {seat.unit_label(day)}".strip())
                for seat in user.seats.all()
            ],
        }
        for user in chosen
    ]
    return render(request, "accounts/users.html", {"rows": rows, "pages": chosen})
