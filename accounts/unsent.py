"""What was typed and not taken, because the session or the form had expired, for whoever typed it.

It lies sealed in the session of the browser it was typed in, for one user and one page, for half an
hour; never in an address, in a log or on the device. Files are not kept.
"""

import json
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest

from accounts.protected import KeyLost, seal_bytes, unseal_bytes
from regions.clock import now

KEPT_FOR = timedelta(minutes=30)
MOST = 64 * 2**10  # bytes of JSON: the longest form is a tenth of that
NAME = "unsent"
LEFT_OUT = {"csrfmiddlewaretoken", "next", "username", "password", "old", "new1", "new2"}


def page_of(request: HttpRequest) -> str:
    """The path of the page the form stood on, as the browser names it; "" for one of another site."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    origin = request.headers.get("Origin", "")
    if came_from.netloc != request.get_host() or (
        origin and urlsplit(origin).netloc != request.get_host()
    ):
        return ""
    return came_from.path


def keep(request: HttpRequest, user_id: int) -> str:
    """Keep the fields of a form that was sent in vain; the path of its page, "" when nothing is kept."""
    page = page_of(request)
    if request.method != "POST" or not page or "X-Requested-With" in request.headers:
        return ""
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in LEFT_OUT}
    told = json.dumps({"action": request.path, "fields": fields}, ensure_ascii=False).encode()
    if not fields or len(told) > MOST:
        return ""
    request.session[NAME] = {
        "page": page,
        "until": (now() + KEPT_FOR).isoformat(),
        "sealed": b64encode(seal_bytes(told, _place(user_id, page))).decode(),
    }
    return page


def holds(request: HttpRequest) -> bool:
    """Does the session keep something that was not taken?"""
    return NAME in request.session


def take(request: HttpRequest, user_id: int) -> dict[str, Any] | None:
    """{"action": path, "fields": {name: values}} for the page that is shown, once; None for another
    page, another user, or after half an hour."""
    kept = request.session.get(NAME)
    if request.method != "GET" or not kept or kept["page"] != request.path:
        return None
    del request.session[NAME]
    if datetime.fromisoformat(kept["until"]) < now():
        return None
    try:
        told = unseal_bytes(b64decode(kept["sealed"]), _place(user_id, kept["page"]))
    except (KeyLost, ValueError):  # another user's, or of a key that is gone
        return None
    return json.loads(told)


def _place(user_id: int, page: str) -> str:
    return f"{NAME}:{user_id}:{page}"
