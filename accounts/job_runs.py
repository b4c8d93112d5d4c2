"""Job runs: claimed once, guarded by a token, finished once (design §5).

A claim is one conflict-ignoring insert in its own transaction. The token is checked again in each
chunk's transaction, so a paused worker that wakes after a take-over writes nothing.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Func, Max, Q, Subquery

from accounts.enums import JobState
from accounts.models import JobRun
from regions.clock import now

SILENT_FOR = timedelta(minutes=5)


class ClaimLost(Exception):
    """Another worker took the run over; this one stops and writes nothing more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do one job of one region for one day, until somebody takes it over."""

    run_id: int
    token: str

    def guard(self, *, done: int, total: int) -> None:
        """Call first in each chunk's transaction. Raises ClaimLost when the token is not ours."""
        held = JobRun.objects.filter(pk=self.run_id, token=self.token).update(
            heartbeat=now(), done=done, total=total
        )
        if not held:
            raise ClaimLost

    def finish(self, summary: dict, state: JobState = JobState.DONE) -> None:
        JobRun.objects.filter(pk=self.run_id, token=self.token).update(
            state=state, summary=summary, finished_at=now(), heartbeat=now()
        )


def claim(name: str, path: str, on: date, *, again: bool = False) -> Claim | None:
    """Claim the run. None while another worker is at it, or when it is done and not asked `again`."""
    token, instant = secrets.token_hex(16), now()
    fresh = JobRun(
        name=name,
        path=path,
        on=on,
        state=JobState.RUNNING,
        token=token,
        heartbeat=instant,
        started_at=instant,
    )
    with transaction.atomic():
        JobRun.objects.bulk_create([fresh], ignore_conflicts=True)
    run = JobRun.objects.get(name=name, path=path, on=on)
    if run.token == token:
        return Claim(run.pk, token)
    free = Q(state=JobState.FAILED) | Q(heartbeat__lt=instant - SILENT_FOR)
    free = free & ~Q(state=JobState.DONE)
    if again:
        free |= Q(state=JobState.DONE)
    taken = (
        JobRun.objects.filter(pk=run.pk, token=run.token)
        .filter(free)
        .update(state=JobState.RUNNING, token=token, heartbeat=instant, started_at=instant)
    )
    return Claim(run.pk, token) if taken else None


def run_claimed(
    name: str, path: str, on: date, work: Callable[[Claim], dict], *, again: bool = False
) -> dict | None:
    """Do `work` under a claim and keep its summary; None when there was nothing to claim."""
    held = claim(name, path, on, again=again)
    if held is None:
        return None
    try:
        summary = work(held)
    except ClaimLost:
        return None
    except Exception:
        held.finish({}, JobState.FAILED)
        raise
    held.finish(summary)
    return summary


def last_done(name: str, path: str) -> date | None:
    """The latest day this job has been done for this region."""
    done = JobRun.objects.filter(name=name, path=path, state=JobState.DONE)
    return done.aggregate(day=Max("on"))["day"]


def last_done_of(name: str, county: Func) -> Subquery:
    """`last_done` as a column of other rows; `county` is the path of their county."""
    done = JobRun.objects.filter(name=name, path=county, state=JobState.DONE)
    return Subquery(done.order_by("-on").values("on")[:1])
