"""What was typed and not taken, because the session or the form had expired, for whoever typed it.

It lies sealed in the session of the browser it was typed in, for one user and one page, for half an
hour; never in an address, in a log or on the device. Files are not kept. Each form carries the
address of the page it stands on, also where a refusal shows it at an address that only takes POST.
"""

import json
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.protected import KeyLost, seal_bytes, unseal_bytes
from regions.clock import now

KEPT_FOR = timedelta(minutes=30)
MOST = 64 * 2**10  # bytes of JSON: the longest form is a tenth of that
NAME, STOOD_ON = "unsent", "stood_on"
LONGEST_ADDRESS = 500
LEFT_OUT = {
    "csrfmiddlewaretoken", STOOD_ON, "next", "username", "password", "old", "new1", "new2",
}  # fmt: skip


def page_of(request: HttpRequest) -> str:
    """The address, with its query, of the page that is shown or that a form stood on; "" where a form
    does not say, or comes from another site."""
    if request.method != "POST":
        return request.get_full_path()
    page = request.POST.get(STOOD_ON, "") if _is_ours(request) else ""
    is_here = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if is_here and len(page) <= LONGEST_ADDRESS else ""


def _is_ours(request: HttpRequest) -> bool:
    """Does the browser say that the form stood on a page of this site?"""
    told = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(told).netloc == request.get_host()


def keep(request: HttpRequest, user_id: int) -> str:
    """Keep the fields of a form that was sent in vain; the address of its page, "" when nothing is
    kept."""
    if request.method != "POST" or "X-Requested-With" in request.headers:
        return ""
    page = page_of(request)
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in LEFT_OUT}
    told = {"action": request.get_full_path(), "fields": fields}
    sealed = json.dumps(told, ensure_ascii=False).encode()
    if not page or not fields or len(sealed) > MOST:
        return ""
    request.session[NAME] = {
        "page": page,
        "until": (now() + KEPT_FOR).isoformat(),
        "sealed": b64encode(seal_bytes(sealed, _place(user_id, page))).decode(),
    }
    return page


def holds(request: HttpRequest) -> bool:
    """Does the session keep something that was not taken? What is over is forgotten."""
    kept = request.session.get(NAME)
    if kept and datetime.fromisoformat(kept["until"]) < now():
        del request.session[NAME]
    return NAME in request.session


def take(request: HttpRequest, user_id: int) -> dict[str, Any] | None:
    """{"action": address, "fields": {name: values}} for the page that is shown, once; None for
    another page, another user, or after half an hour."""
    if request.method != "GET" or not holds(request):
        return None
    kept = request.session[NAME]
    if kept["page"] != request.get_full_path():
        return None
    del request.session[NAME]
    try:
        told = unseal_bytes(b64decode(kept["sealed"]), _place(user_id, kept["page"]))
    except (KeyLost, ValueError):  # another user's, or of a key that is gone
        return None
    return json.loads(told)


def _place(user_id: int, page: str) -> str:
    return f"{NAME}:{user_id}:{page}"
