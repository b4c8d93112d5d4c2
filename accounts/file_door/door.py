"""A door: what a kind of file gives to the frame, and the two things the frame does with it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import IntegrityError, transaction

from accounts.file_door import claims, storing
from accounts.file_door.outcome import FilePlan
from accounts.file_door.rows import RowSet
from accounts.models import ImportBatch, User
from regions.clock import now
from regions.paths import county_of
from regions.refusals import Refused

P = TypeVar("P", bound=FilePlan)

STALE = "预览之后数据有变化，这次没有导入。请重新核对，再导入。"
CROSSED = "导入时同一批数据正被别处改动，这次没有导入。请重新核对，再导入。"


@dataclass(frozen=True)
class Door(Generic[P]):
    """One kind of file.

    `require` refuses who may not bring it. `read` makes the data rows of the content. `plan` says
    what they would do, and rejects all that `apply` could refuse: it writes nothing and is asked
    anew inside the transaction. `apply` writes the plan and returns what the answer needs.
    `scopes` are the paths whose files wait for each other, by default the counties of who brings it.
    Options (the school of a roster) reach `plan` as keywords.
    """

    name: str
    title: str
    read: Callable[[bytes, str], RowSet]
    plan: Callable[..., P]
    apply: Callable[..., Any]
    require: Callable[[User], None]
    scopes: Callable[[User], list[str]] = field(default=lambda by: counties_of(by))


@dataclass
class Answer(Generic[P]):
    """What came of applying a file: its plan (the outcome inside), and what `apply` returned."""

    plan: P
    given: Any = None


def counties_of(by: User) -> list[str]:
    """The counties of a user's seats; [""] for who holds none (the system administrator)."""
    return sorted({county_of(held.path) for held in by.reach.seats})


def preview(door: Door[P], content: bytes, filename: str, *, by: User, on: date, **options) -> P:
    """What the file would do. Raises Refused; writes nothing."""
    door.require(by)
    return door.plan(door.read(content, filename), by=by, on=on, **options)


def sign_of(plan: FilePlan) -> str:
    """A fingerprint of what would be written: a preview that no longer fits is stale."""
    told = json.dumps(plan.told(), ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def bring(
    door: Door[P],
    content: bytes,
    filename: str,
    *,
    by: User,
    on: date,
    partial: bool = False,
    seen: str = "",
    batch: ImportBatch | None = None,
    **options,
) -> Answer[P]:
    """Apply a file: all of it, or nothing while rows are rejected (with `partial`, the others).

    One after another under the door's lock. The plan is made again inside the transaction; when it
    is not the one whose sign is `seen`, Refused. The content is claimed before it is written, so of
    two confirmations, clerks or commands one applies it; the other's outcome is not `applied` and
    says in `already` who did and when. The same content is applied again later only when by then it
    has something to do again (rows were changed since, or rejected then): what its preview shows is
    what it does. Where it would change nothing, it is "already imported".
    """
    door.require(by)
    rows = door.read(content, filename)
    scopes = door.scopes(by)
    try:
        with transaction.atomic():
            claims.hold(door.name, scopes)
            _refuse_second_press(batch)
            plan = door.plan(rows, by=by, on=on, **options)
            sign = claims.digest_of(content, plan.claimed())
            before = claims.standing(door.name, _scope(scopes), sign)
            if before is not None and plan.outcome.idle:
                plan.outcome.already = claims.already(before)
                return Answer(plan)
            if seen and sign_of(plan) != seen:
                raise Refused(STALE)
            if plan.outcome.rejected and not partial:
                return Answer(plan)
            if not claims.claim(door.name, _scope(scopes), sign, before, by=by):
                taken = claims.standing(door.name, _scope(scopes), sign)
                plan.outcome.already = claims.already(taken) if taken else STALE
                return Answer(plan)
            given = door.apply(plan, by=by, on=on)
            _close(batch, plan)
    except IntegrityError:
        raise Refused(CROSSED) from None
    plan.outcome.applied = True
    return Answer(plan, given)


class AlreadyBrought(Refused):
    """This upload was applied before: a second press of the same button."""


def _scope(scopes: list[str]) -> str:
    joined = ",".join(scopes)
    return joined if len(joined) <= 200 else hashlib.sha256(joined.encode()).hexdigest()


def _refuse_second_press(batch: ImportBatch | None) -> None:
    """Lock the upload; raises AlreadyBrought when it was applied."""
    if batch is None:
        return
    held = ImportBatch.objects.select_for_update(of=("self",)).select_related("by").get(pk=batch.pk)
    if held.applied_at:
        raise AlreadyBrought(claims.already(held))


def _close(batch: ImportBatch | None, plan: FilePlan) -> None:
    """Mark the upload applied; its file is forgotten once that is certain."""
    if batch is None:
        return
    told = plan.outcome.as_json()
    summary = {name: told[name] for name in ("rows", "created", "updated")}
    ImportBatch.objects.filter(pk=batch.pk).update(applied_at=now(), summary=summary)
    transaction.on_commit(lambda: storing.empty(batch))
