"""发放初始密码: who has no password yet, and the sheet of slips for those who were chosen."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from accounts.gate import open_to
from accounts.models import User
from accounts.requests import Request
from accounts.seats import slips
from kongchuo.people.roster import READERS
from regions.clock import today
from regions.refusals import Refused


@open_to(*READERS, Role.SECURITY_ADMIN)
@require_http_methods(["GET", "POST"])
def first_passwords(request: Request) -> HttpResponse:
    """The accounts nobody has logged in to that this person may reset; their slips, shown once."""
    user, on, error = request.user, today(), ""
    if request.method == "POST":
        chosen, again = request.POST.getlist("first"), request.POST.getlist("again")
        try:
            given = slips.issue(chosen, again=again, by=user, on=on)
        except Refused as refusal:
            error = str(refusal)
        else:
            where = request.build_absolute_uri(reverse("accounts:login"))
            return render(request, "people/slip_sheet.html", {"slips": given, "where": where})
    found = [(one, one.posts(on)) for one in slips.newcomers(user, on)]
    page = {
        "first": [row for row in found if not row[0].given],
        "again": [row for row in found if row[0].given],
        "home": home_of(user),
        "error": error,
    }
    return render(request, "people/first_passwords.html", page, status=409 if error else 200)


def without_password(user: User, on: date) -> int:
    """How many accounts wait for this person to give them their first password."""
    return sum(not one.given for one in slips.newcomers(user, on))


def home_of(user: User) -> tuple[str, str]:
    """The list a person comes from, and its name."""
    if user.reach.roles & READERS:
        return reverse("people:index"), "班主任与岗位"
    return reverse("people:waiting"), "待启用任职"
