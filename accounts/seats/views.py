"""Accounts and seats, to read; a school resets its teachers' passwords."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.enums import SCHOOL_STAFF, Role
from accounts.gate import open_to
from accounts.models import User
from accounts.requests import Request
from accounts.seats import accounts
from regions.clock import today
from regions.refusals import Refused


@open_to(*SCHOOL_STAFF)
@require_http_methods(["GET", "POST"])
def teachers(request: Request) -> HttpResponse:
    """The teachers of one's school; resetting one shows the new first password once."""
    fresh, error = None, ""
    if request.method == "POST":
        try:
            username = request.POST.get("username", "")
            fresh = {
                "username": username,
                "password": accounts.reset_password(username, by=request.user, on=today()),
            }
        except Refused as refusal:
            error = str(refusal)
    day = today()
    rows = [
        {
            "name": user.name,
            "username": user.username,
            "seats": [seat.unit_label(day) for seat in user.seats.all()],
            "waiting": user.must_change_password,
        }
        for user in accounts.resettable_teachers(request.user, day)
    ]
    page = {"teachers": rows, "fresh": fresh, "error": error}
    return render(request, "accounts/teachers.html", page)


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
            "seats": [f"{seat.role_label} {seat.unit_label(day)}" for seat in user.seats.all()],
        }
        for user in chosen
    ]
    return render(request, "accounts/users.html", {"rows": rows, "pages": chosen})
