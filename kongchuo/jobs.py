"""The jobs by name: what Celery carries and `run_job` runs are the same functions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts import jobs as runs
from accounts.models import Change
from attendance.flagging import flag_absences
from cases.escalation.nightly import escalate
from cases.returns.observing import observe
from contracts.contracts import supersede_changed
from regions.clock import at, now, today
from regions.days import place_rules_of
from regions.enums import Level
from regions.models import CalendarChange, Region
from regions.paths import inside
from reports.counting.roll_up import roll_up

FLAG, ROLL_UP = "flag_absences", "roll_up"
JOBS: dict[str, Callable] = {
    FLAG: flag_absences,
    "observe": observe,
    "escalate": escalate,
    "supersede_changed": supersede_changed,
    ROLL_UP: roll_up,
}
# What the alerts say moves cases, and the numbers count both: sent in this order after the flag job.
FOLLOWERS = [name for name in JOBS if name != FLAG]
ROLLED_EVERY = timedelta(hours=1)
MOVES_ALERTS = ["enrolments.place", "enrolments.leave_roll", "statuses.import", "roster.import"]
CATCH_UP = timedelta(days=14)


def counties() -> list[Region]:
    return list(Region.objects.filter(level=Level.COUNTY).order_by("path"))


def run(name: str, on: date, county: Region, *, again: bool) -> dict | None:
    """Run one job for one county and day under its claim; None when there was nothing to do."""
    work = JOBS[name]
    return runs.run_claimed(name, county.path, on, lambda held: work(on, county, held), again=again)


@dataclass(frozen=True, slots=True)
class Due:
    """A job that ought to run; `again` when it was done and what it reads has changed since."""

    name: str
    county: Region
    on: date
    again: bool = False


def due(instant: datetime | None = None) -> list[Due]:
    """What ought to run now: runs a dead worker left, counties past their own cut-off, counties
    whose rolls, statuses or calendar changed after today's run, and what follows that run."""
    moment, day = instant or now(), today()
    by_path = {county.path: county for county in counties()}
    waiting = [
        Due(left.name, by_path[left.path], left.on)
        for left in runs.unfinished(FLAG, day - CATCH_UP)
        if left.path in by_path and left.on < day
    ]
    for county in by_path.values():
        cutoff = place_rules_of(county.path).policies.clock("cutoff", county.path, day)
        done = runs.done_at(FLAG, county.path, day)
        if done is None and moment >= at(day, cutoff):
            waiting.append(Due(FLAG, county, day))
        elif done is not None and _changed_since(done, county):
            waiting.append(Due(FLAG, county, day, again=True))
        elif done is not None:
            waiting += _followers(county, day, done, moment)
    return waiting


def _followers(county: Region, day: date, flagged: datetime, moment: datetime) -> list[Due]:
    """The other jobs where they have not run since the flag job; the count again every hour."""
    waiting = []
    for name in FOLLOWERS:
        done = runs.done_at(name, county.path, day)
        stale = name == ROLL_UP and done is not None and moment - done >= ROLLED_EVERY
        if done is None or done < flagged or stale:
            waiting.append(Due(name, county, day, again=done is not None))
    return waiting


def _changed_since(done: datetime, county: Region) -> bool:
    late_rows = CalendarChange.objects.filter(inside("path", county.path), followed_at=None)
    return (
        late_rows.exists()
        or Change.objects.filter(entered_at__gt=done, verb__in=MOVES_ALERTS).exists()
    )
