"""Doorways for Celery: each parses its arguments and calls one function."""

from datetime import date

from celery import shared_task

from accounts.file_door import storing
from accounts.login import brakes
from kongchuo import jobs
from regions.clock import now
from regions.models import Region


@shared_task(ignore_result=True)
def tick() -> None:
    """Every five minutes: send out the counties in which something is due. Losing this costs delay.

    Uploads that nobody applied within 24 hours are emptied here too, and wrong tries to log in
    forgotten: they belong to no county.
    """
    storing.forget_old()
    brakes.forget_old(at=now())
    for path in sorted({waiting.county.path for waiting in jobs.due(now())}):
        run_county.apply_async([path], expires=240)


@shared_task(ignore_result=True)
def run_county(path: str) -> None:
    """All that is due in one county, one job after another."""
    jobs.catch_up(Region.objects.get(path=path), now)


@shared_task(ignore_result=True)
def run_job(name: str, path: str, on: str, again: bool = False) -> None:
    """One job of one county for one day; nothing when another worker has it, or it is done."""
    jobs.run(name, date.fromisoformat(on), Region.objects.get(path=path), again=again)
