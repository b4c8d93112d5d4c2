"""Writing down what happened: the history row, in the same transaction as the change."""

from datetime import date
from typing import Any

from accounts.enums import Precision
from accounts.models import Change, User


def record(
    verb: str,
    kind: str,
    uid: str,
    *,
    path: str,
    by: User | None,
    on: date | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> Change:
    """Write that `by` did `verb` to the record `kind`/`uid`; `on` is the day it happened.

    `path` is the narrowest place that holds all it touched: jobs of no other county fall due by
    it. "" where no place is touched (a password).
    """
    return Change.objects.create(
        verb=verb,
        kind=kind,
        uid=uid,
        path=path,
        by=by,
        happened_from=on,
        happened_to=on,
        precision=(Precision.DAY if on else Precision.UNKNOWN).value,
        before=before or {},
        after=after or {},
        note=note,
    )
