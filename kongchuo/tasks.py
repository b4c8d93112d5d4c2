"""Doorways for Celery: each parses its arguments and calls one function."""

from datetime import date

from celery import shared_task

from kongchuo import jobs
from regions.models import Region


@shared_task(ignore_result=True)
def tick() -> None:
    """Every five minutes: send out what is due. Losing this costs delay only."""
    for one in jobs.due():
        arguments = [one.name, one.county.path, one.on.isoformat(), one.again]
        run_job.apply_async(arguments, expires=240)


@shared_task(ignore_result=True)
def run_job(name: str, path: str, on: str, again: bool = False) -> None:
    """One job of one county for one day; nothing when another worker has it, or it is done."""
    jobs.run(name, date.fromisoformat(on), Region.objects.get(path=path), again=again)
