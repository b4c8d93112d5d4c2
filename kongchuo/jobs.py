"""The jobs by name: what Celery carries and `run_job` runs are the same functions."""

from collections.abc import Callable
from datetime import date, timedelta

from accounts import jobs
from attendance.flagging import flag_absences
from regions.clock import at, now, today
from regions.days import land_of
from regions.models import Region
from regions.words import Level

JOBS: dict[str, Callable] = {"flag_absences": flag_absences}
CATCH_UP = timedelta(days=14)


def counties() -> list[Region]:
    return list(Region.objects.filter(level=Level.COUNTY).order_by("path"))


def run(name: str, on: date, county: Region, *, again: bool) -> dict | None:
    """Run one job for one county and day under its claim; None when there was nothing to do."""
    work = JOBS[name]
    return jobs.run_claimed(name, county.path, on, lambda held: work(on, county, held), again=again)


def due(instant=None) -> list[tuple[str, Region, date]]:
    """What ought to run now: counties past their own cut-off, and runs a dead worker left."""
    moment, day = instant or now(), today()
    waiting = []
    for county in counties():
        cutoff = land_of(county.path).policies.clock("cutoff", county.path, day)
        if moment >= at(day, cutoff):
            waiting.append(("flag_absences", county, day))
    by_path = {county.path: county for county in counties()}
    for left in jobs.unfinished("flag_absences", day - CATCH_UP):
        if left.path in by_path and left.on < day:
            waiting.insert(0, (left.name, by_path[left.path], left.on))
    return waiting
