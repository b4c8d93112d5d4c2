"""A form half written when its writer left the page to do something else, for whoever wrote it.

It lies sealed in the session of the browser, for one user and one page, as long as a session may
last; also when the session ends meanwhile and the same person logs in again. Logging out ends it.
Another browser does not see it. Files are not kept.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from accounts.protected import KeyLost, seal_bytes, unseal_bytes
from regions.clock import now

KEPT_FOR = timedelta(hours=12)
MOST = 64 * 2**10  # bytes of JSON
NAME = "draft"


def keep(request: HttpRequest, user_id: int, page: str, fields: Mapping[str, list[str]]) -> bool:
    """Keep the fields for a page, in place of any draft before; False where they are too much."""
    told = json.dumps(fields, ensure_ascii=False).encode()
    if len(told) > MOST:
        return False
    request.session[NAME] = {
        "page": page,
        "until": (now() + KEPT_FOR).isoformat(),
        "sealed": b64encode(seal_bytes(told, _place(user_id, page))).decode(),
    }
    return True


def fields_for(request: HttpRequest, user_id: int, page: str) -> dict[str, list[str]]:
    """What is kept for a page, until it is dropped; empty for another page or user, or too late."""
    kept = _kept(request)
    if kept is None or kept["page"] != page:
        return {}
    try:
        return json.loads(unseal_bytes(b64decode(kept["sealed"]), _place(user_id, page)))
    except (KeyLost, ValueError):  # another user's, or of a key that is gone
        return {}


def drop(request: HttpRequest, page: str) -> None:
    """The form of the page was saved, or is empty."""
    kept = _kept(request)
    if kept and kept["page"] == page:
        del request.session[NAME]


def carried(request: HttpRequest) -> dict[str, Any]:
    """What of a session outlives its end, to be put into the next one."""
    kept = _kept(request)
    return {NAME: kept} if kept else {}


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    kept = request.session.get(NAME)
    if kept and datetime.fromisoformat(kept["until"]) < now():
        del request.session[NAME]
        return None
    return kept


def _place(user_id: int, page: str) -> str:
    return f"{NAME}:{user_id}:{page}"
