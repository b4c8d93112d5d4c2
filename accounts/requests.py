"""The request as every view behind the gate sees it: its user is one of ours, and logged in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from regions.days import PlaceRules


class Request(HttpRequest):
    """What the middleware lays on Django's request; pages that need no login take HttpRequest.

    `place_rules` is set by a page that has read the rules of its place, so that the frame of the
    page need not read them again.
    """

    user: User
    request_id: str
    htmx: HtmxDetails
    place_rules: PlaceRules | None
