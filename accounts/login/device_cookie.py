"""The ticket of a trusted phone in its browser."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.login.devices import TRUSTED_FOR, Trust

KEPT_FOR = TRUSTED_FOR + timedelta(days=1)  # the row knows which day is the last


def name() -> str:
    """`__Host-` promises that the cookie came over https, which plain http cannot keep."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def ticket_of(request: HttpRequest) -> str:
    return request.COOKIES.get(name(), "")


def lay(response: HttpResponseBase, trust: Trust) -> None:
    """Give the browser the next ticket, where there is one."""
    if trust.ticket:
        response.set_cookie(
            name(),
            trust.ticket,
            max_age=KEPT_FOR,
            secure=bool(settings.SESSION_COOKIE_SECURE),
            httponly=True,
            samesite="Lax",
        )


def drop(response: HttpResponseBase) -> None:
    response.set_cookie(
        name(),
        max_age=0,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
