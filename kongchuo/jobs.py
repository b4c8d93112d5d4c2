"""The jobs: one table. The tick, the door run_job, the catch-up, docs/jobs.md and the tests ask it."""

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Min

from accounts import job_runs as runs
from accounts.enums import JobState
from accounts.job_runs import Claim
from accounts.models import Change, JobRun
from attendance.alerts import JOB as FLAG
from attendance.flagging import flag_absences
from attendance.models import Register
from cases.escalation.nightly import JOB as ESCALATE
from cases.escalation.nightly import escalate
from cases.returns.observing import JOB as OBSERVE
from cases.returns.observing import observe
from contracts.contracts import supersede_changed
from regions.clock import at, local
from regions.days import place_rules_of
from regions.enums import Level
from regions.models import CalendarChange, Region
from regions.paths import at_or_around, inside
from regions.rules.calendar import each_day
from regions.rules.policies import THRESHOLDS
from reports.counting.roll_up import JOB as ROLL_UP
from reports.counting.roll_up import roll_up

log = logging.getLogger(__name__)
SUPERSEDE = "supersede_changed"
CATCH_UP = timedelta(days=14)
LONGEST_PASS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes the results of a county stale: `happened(county path, the run that made them)`.
    `verbs` are those of the Change rows it looks for, where it looks for some."""

    label: str
    happened: Callable[[str, JobRun], bool]
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a county and a day.

    It starts when `after` is done for that day and, where `clock` names a policy, once that hour of
    the county has come. An `owed` job is caught up for every missed day, another for today alone.
    Done, it is due again today when its `after` was run anew, when `every` has gone by, or when one
    of the causes in `stale_by` happened in that county.
    """

    name: str
    label: str
    function: Callable[[date, Region, Claim], dict]
    after: str = ""
    clock: str = ""
    owed: bool = True
    every: timedelta | None = None
    stale_by: tuple[Cause, ...] = ()


def _finished(run: JobRun) -> datetime:
    return run.finished_at or run.heartbeat


def by_changes(label: str, *verbs: str) -> Cause:
    """Change rows of these verbs, in the county or at a place that holds it, since the run began."""

    def happened(path: str, run: JobRun) -> bool:
        changes = Change.objects.filter(at_or_around("path", path), verb__in=verbs)
        return changes.filter(entered_at__gt=run.started_at).exists()

    return Cause(label, happened, verbs)


def _calendar_came_late(path: str, run: JobRun) -> bool:
    return CalendarChange.objects.filter(inside("path", path), followed_at=None).exists()


def _registers_came_meanwhile(path: str, run: JobRun) -> bool:
    """Registers made while the job was reading; the verb follows those made after it was done."""
    made = Register.objects.at(path).filter(on__lte=run.on, made_at__gte=run.started_at)
    return made.filter(made_at__lte=_finished(run)).exists()


TABLE = (
    Job(
        FLAG, "核对未到校", flag_absences, clock="cutoff",
        stale_by=(
            by_changes(
                "名册或学籍状态有变动",
                "enrolments.place", "enrolments.leave_roll", "statuses.import", "roster.import",
            ),
            Cause("补录了已过日子的校历", _calendar_came_late),
            Cause("核对进行时又收到考勤", _registers_came_meanwhile),
            by_changes(
                "政策有变动", "policy.set", "policy.end", "policy.withdraw", "policy.import"
            ),
        ),
    ),
    Job(OBSERVE, "返校观察", observe, after=FLAG),
    Job(ESCALATE, "期限与逐级上报", escalate, after=OBSERVE),
    Job(
        SUPERSEDE, "责任书换人重签", supersede_changed, after=ESCALATE, owed=False,
        stale_by=(
            by_changes(
                "任职有变动",
                "seats.grant", "seats.activate", "seats.end", "users.stop", "users.reopen",
            ),
        ),
    ),
    Job(ROLL_UP, "各级统计", roll_up, after=ESCALATE, every=timedelta(hours=1)),
)  # fmt: skip
JOBS = {job.name: job for job in TABLE}


def counties() -> list[Region]:
    return list(Region.objects.filter(level=Level.COUNTY).order_by("path"))


def run(name: str, on: date, county: Region, *, again: bool) -> dict | None:
    """Run one job for one county and day under its claim; None when there was nothing to do."""
    work = JOBS[name].function
    return runs.run_claimed(name, county.path, on, lambda held: work(on, county, held), again=again)


@dataclass(frozen=True, slots=True)
class Due:
    """A job that ought to run; `again` when it was done and what it reads has changed since."""

    name: str
    county: Region
    on: date
    again: bool = False


@dataclass(frozen=True)
class Ledger:
    """The runs of a county in the days that may be caught up, and from which day runs are owed."""

    county: Region
    today: date
    moment: datetime
    runs: dict[tuple[str, date], JobRun]
    since: date

    def done(self, name: str, on: date) -> JobRun | None:
        found = self.runs.get((name, on))
        return found if found and found.state == JobState.DONE else None


def ledger_of(county: Region, moment: datetime) -> Ledger:
    today = local(moment).date()
    rows = JobRun.objects.filter(path=county.path, name__in=JOBS, on__lte=today)
    first = rows.filter(name=FLAG).aggregate(day=Min("on"))["day"] or today
    recent = rows.filter(on__gte=today - CATCH_UP)
    since = max(first, today - CATCH_UP)
    return Ledger(county, today, moment, {(row.name, row.on): row for row in recent}, since)


def due(moment: datetime, county: Region | None = None, *, but: Collection = ()) -> list[Due]:
    """What ought to run at `moment`: for each county and each day that is owed, oldest first, the
    next job of the day. A job whose turn it is but that stands in `but` (name, day) is passed over.

    Days before a county's first run are not owed; nor are those longer ago than CATCH_UP.
    """
    waiting = []
    for place in [county] if county else counties():
        ledger = ledger_of(place, moment)
        for on in each_day(ledger.since, ledger.today):
            waiting += list(_waiting(ledger, on, but))[:1]
    return waiting


def _waiting(ledger: Ledger, on: date, but: Collection) -> Iterator[Due]:
    """The jobs of the day that could run now, in the order of the table."""
    for job in TABLE:
        skipped = (job.name, on) in but or (on < ledger.today and not job.owed)
        if skipped or (job.after and not ledger.done(job.after, on)):
            continue
        done = ledger.done(job.name, on)
        if _its_hour(job, ledger, on) if done is None else _is_stale(job, done, ledger):
            yield Due(job.name, ledger.county, on, again=done is not None)


def _its_hour(job: Job, ledger: Ledger, on: date) -> bool:
    if not job.clock:
        return True
    return ledger.moment >= at(on, _clock(job.clock, ledger.county, on))


def _clock(key: str, county: Region, on: date) -> time:
    """The hour in force; the default where it cannot be read: no county waits for another's row."""
    setting = place_rules_of(county.path).policies.setting(key, county.path, on)
    if setting.wrong:
        log.error("%s", setting.wrong)
        return time.fromisoformat(THRESHOLDS[key].default)
    return setting.clock


def _is_stale(job: Job, done: JobRun, ledger: Ledger) -> bool:
    """Is today's run overtaken? What a past day's run was made on may have changed a hundred times."""
    if done.on < ledger.today:
        return False
    before = ledger.done(job.after, done.on) if job.after else None
    if before and _finished(before) > done.started_at:
        return True
    if job.every and ledger.moment - _finished(done) >= job.every:
        return True
    return any(cause.happened(ledger.county.path, done) for cause in job.stale_by)


def catch_up(county: Region, clock: Callable[[], datetime]) -> list[Due]:
    """Do all that is due in a county, one job after another, oldest day first; what was done.

    Stops where another worker is at it. A job that fails holds back what follows it that day, and
    no other day; the last failure is raised when all else is done. Each job runs once in a pass,
    and none is begun after LONGEST_PASS: the next tick goes on from there.
    """
    tried: set[tuple[str, date]] = set()
    did: list[Due] = []
    failure: Exception | None = None
    until = clock() + LONGEST_PASS
    while (moment := clock()) < until and (waiting := due(moment, county, but=tried)):
        chosen = waiting[0]
        tried.add((chosen.name, chosen.on))
        try:
            if run(chosen.name, chosen.on, county, again=chosen.again) is None:
                break
        except Exception as broken:
            log.exception("%s of %s for %s failed", chosen.name, county.path, chosen.on)
            failure = broken
        else:
            did.append(chosen)
    if failure:
        raise failure
    return did
