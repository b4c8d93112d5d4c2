"""发放初始密码: who has no password yet, and the sheet of slips for those who were chosen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from accounts.gate import open_to
from accounts.login.passwords import first_password_over, first_password_until
from accounts.models import Seat, User
from accounts.requests import Request
from accounts.seats import slips
from accounts.seats.accounts import SHOWN_ONCE
from accounts.seats.independence import set_by
from kongchuo.people.home import home_of, passwords_from
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
            return render(
                request, "people/slip_sheet.html", {"slips": given, "where": where, "on": on}
            )
    found = [(one, one.posts(on)) for one in slips.newcomers(user, on)]
    page = {
        "first": [row for row in found if not row[0].given],
        "again": [row for row in found if row[0].given],
        "over": sum(first_password_over(one.user, on) for one, _ in found),
        "home": passwords_from(user),
        "error": error,
    }
    return render(request, "people/first_passwords.html", page, status=409 if error else 200)


def without_password(user: User, on: date) -> int:
    """How many accounts wait for this person to give them their first password."""
    return sum(not one.given for one in slips.newcomers(user, on))


def slip(request: Request, of: Seat, password: str = "") -> HttpResponse:
    """One person's first password, shown once; without one: that it was, and where to give another."""
    on = today()
    page = {
        "seat": of,
        "unit": of.unit_label(on),
        "password": password,
        "until": first_password_until(User.objects.get(pk=of.user_id)),
        "said": SHOWN_ONCE,
        "where": request.build_absolute_uri(reverse("accounts:login")),
        "home": home_of(request.user),
    }
    again = not password and request.method == "POST"
    return render(request, "people/slip.html", page, status=409 if again else 200)


def slip_given_before(by: User, path: str, told: Mapping[str, Any], on: date) -> Seat | None:
    """The seat that the same form gave a moment ago to a new account, whose password was shown."""
    standing = Seat.objects.open(on).with_units().filter(
        path=path, role=told["role"], began=told["began"], granted_by=by,
        user__username=told["username"], user__name=told["name"],
    )  # fmt: skip
    return next((seat for seat in standing if set_by(seat.user) == by), None)
