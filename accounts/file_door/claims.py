"""One file at a time, and each content once: the lock of a door and the claim on a content."""

import hashlib
import json
from collections.abc import Sequence

from django.db.models import F

from accounts.models import DoorLock, FileClaim, ImportBatch, User
from regions.clock import local, now
from regions.rules.day_words import whole_day

ALREADY = "这份文件 {when} 已由{who}导入，没有重复导入。"


def hold(door: str, scopes: Sequence[str]) -> None:
    """Wait for whoever applies a file at this door for these counties; inside a transaction.

    A row lock on PostgreSQL, in the order of the scopes; on SQLite the transaction itself
    (IMMEDIATE) already waited.
    """
    wanted = sorted(set(scopes)) or [""]
    DoorLock.objects.bulk_create(
        [DoorLock(door=door, scope=scope) for scope in wanted], ignore_conflicts=True
    )
    locks = DoorLock.objects.filter(door=door, scope__in=wanted)
    list(locks.select_for_update().order_by("scope"))


def digest_of(content: bytes, beside: Sequence[str]) -> str:
    """The sign of a content together with what it was brought for."""
    sign = hashlib.sha256(content)
    sign.update(json.dumps(beside).encode())
    return sign.hexdigest()


def standing(door: str, scope: str, digest: str) -> FileClaim | None:
    """The claim of an earlier import of the same content."""
    claims = FileClaim.objects.filter(door=door, scope=scope, digest=digest)
    return claims.select_related("by").first()


def claim(door: str, scope: str, digest: str, before: FileClaim | None, *, by: User) -> bool:
    """Take the claim, or take it anew after `before`; False when somebody else was faster."""
    if before is not None:
        taken = FileClaim.objects.filter(pk=before.pk, times=before.times)
        return bool(taken.update(times=F("times") + 1, by=by, at=now()))
    _, made = FileClaim.objects.get_or_create(
        door=door, scope=scope, digest=digest, defaults={"by": by}
    )
    return made


def already(claimed: FileClaim | ImportBatch) -> str:
    """This file was imported before: when and by whom."""
    at = claimed.at if isinstance(claimed, FileClaim) else claimed.applied_at or claimed.at
    return ALREADY.format(
        when=f"{whole_day(local(at).date())} {local(at):%H:%M}", who=claimed.by.name
    )
