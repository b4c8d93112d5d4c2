"""A trusted phone begins the next session by itself, when the last one has ended."""

from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse

from accounts import unsent
from accounts.gate import BY_DEVICE, begin_session
from accounts.login import device_cookie, devices
from accounts.login.devices import Trust
from regions.clock import now

DEVICE = "device"  # in a session: the number of the trusted phone it runs on


class TrustedDeviceMiddleware:
    """Stands behind the session's rules and before the gate; a session that runs is left alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        ticket = device_cookie.ticket_of(request)
        if not ticket or request.user.is_authenticated or _logs_in(request):
            return self.get_response(request)
        trust = devices.come_in(ticket, at=now())
        if trust:
            _begin(request, trust)
        response = self.get_response(request)
        if device_cookie.name() not in response.cookies:
            device_cookie.lay(response, trust) if trust else device_cookie.drop(response)
        return response


def _logs_in(request: HttpRequest) -> bool:
    """Somebody types an account and a password: they come in, not the owner of the phone."""
    return request.method == "POST" and request.path == reverse("accounts:login")


def _begin(request: HttpRequest, trust: Trust) -> None:
    login(request, trust.device.user)
    begin_session(request, trust.device.user.reach.roles)
    request.session[BY_DEVICE], request.session[DEVICE] = True, trust.device.pk
    if request.method == "POST":  # kept when the session ended, and taken after all
        request.session.pop(unsent.NAME, None)
