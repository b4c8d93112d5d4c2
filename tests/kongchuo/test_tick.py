"""What the tick finds to do in each county, what a pass does, and that the job door answers.

The instant is told to `due`; what a run is measured by is set on its row, so no test knows the hour.
"""

import json
from dataclasses import replace
from datetime import date, time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts import history
from accounts import job_runs as runs
from accounts.enums import JobState, Role
from accounts.models import Change, JobRun
from accounts.places.calendars import import_calendar
from accounts.seats.ending import end
from attendance.enums import AlertState, Mark
from attendance.models import AbsenceAlert, Register
from kongchuo import jobs, tasks
from regions.clock import at
from regions.models import Region
from regions.paths import common
from students.enrolments import leave_roll, place
from students.enums import Began, Ended
from tests import factories as make

pytestmark = pytest.mark.django_db
NOON = at(make.THURSDAY, time(12))
FOLLOWERS = [job.name for job in jobs.TABLE if job.after]


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY


@pytest.fixture
def world():
    make.term()
    of = make.school_class(make.school())
    return of, make.pupils(of, 3), make.user(Role.OFFICE, of.school)


def here() -> Region:
    return make.region("539901")


def run(name: str, on: date = make.THURSDAY, county: Region | None = None, again=False) -> None:
    """The job, done at noon of its day as far as its row tells."""
    county = county or here()
    tasks.run_job(name, county.path, on.isoformat(), again)
    done_at_noon(county)


def done_at_noon(county: Region) -> None:
    for row in JobRun.objects.filter(path=county.path, state=JobState.DONE):
        noon = at(row.on, time(12))
        JobRun.objects.filter(pk=row.pk).update(started_at=noon, finished_at=noon, heartbeat=noon)
    Change.objects.update(entered_at=at(date(2026, 9, 1), time(8)))


def run_today(county: Region | None = None) -> None:
    for name in jobs.JOBS:
        run(name, county=county)


def asked(moment=NOON, county: Region | None = None) -> list[tuple[str, bool]]:
    return [(one.name, one.again) for one in jobs.due(moment, county)]


def days(count: int) -> list[date]:
    return [make.THURSDAY - timedelta(days=ago) for ago in range(count, -1, -1)]


def test_a_county_is_due_after_its_own_cutoff_and_once(world):
    assert jobs.due(at(make.THURSDAY, time(9, 59))) == []
    assert asked(at(make.THURSDAY, time(10))) == [(jobs.FLAG, False)]
    run_today()
    assert jobs.due(NOON) == []


def test_a_job_waits_for_the_one_before_it(world):
    for name, following in zip(jobs.JOBS, [*list(jobs.JOBS)[1:], ""], strict=True):
        assert asked() == [(name, False)]
        run(name)
        assert following in ("", *(name for name, _ in asked()))


def test_a_second_flag_run_sends_the_others_again(world, settings):
    run_today()
    JobRun.objects.filter(name=jobs.FLAG).update(finished_at=NOON + timedelta(minutes=1))
    assert asked() == [(jobs.OBSERVE, True)]
    settings.KONGCHUO_TODAY = make.THURSDAY + timedelta(days=1)  # they end later, at any hour
    did = jobs.catch_up(here(), lambda: NOON + timedelta(minutes=5))
    assert [(one.name, one.again) for one in did] == [(name, True) for name in FOLLOWERS]


def test_the_count_is_renewed_every_hour(world):
    run_today()
    assert asked(NOON + timedelta(minutes=59)) == []
    assert asked(NOON + timedelta(hours=1)) == [(jobs.ROLL_UP, True)]


def test_a_run_a_dead_worker_left_is_due_again(world):
    yesterday = make.THURSDAY - timedelta(days=1)
    runs.claim(jobs.FLAG, here().path, yesterday)
    assert [one.on for one in jobs.due(NOON)] == [yesterday, make.THURSDAY]


def test_every_missed_day_is_owed_and_caught_up_in_order(world):
    """The worker was off for three days: each owed job of each day, the oldest day first."""
    first, *missed, today = days(4)
    for name in jobs.JOBS:
        run(name, first)
    did = [(one.on, one.name) for one in jobs.catch_up(here(), lambda: NOON)]
    owed = [job.name for job in jobs.TABLE if job.owed]
    assert did == [(on, name) for on in missed for name in owed] + [(today, n) for n in jobs.JOBS]
    assert jobs.SUPERSEDE not in owed
    assert JobRun.objects.exclude(state=JobState.DONE).count() == 0


def test_what_lies_before_the_first_run_or_too_long_ago_is_not_owed(world):
    assert [one.on for one in jobs.due(NOON)] == [make.THURSDAY]
    run(jobs.FLAG, make.THURSDAY - timedelta(days=60))
    assert [one.on for one in jobs.due(NOON)] == days(jobs.CATCH_UP.days)


def test_a_day_that_fails_holds_back_no_other_day(world, monkeypatch):
    yesterday, today = days(1)
    run(jobs.FLAG, yesterday)

    def broken(on, county, held):
        if on == yesterday:
            raise ValueError("the disk is full")
        return {}

    failing = replace(jobs.JOBS[jobs.OBSERVE], function=broken)
    monkeypatch.setitem(jobs.JOBS, jobs.OBSERVE, failing)
    with pytest.raises(ValueError, match="disk"):
        jobs.catch_up(here(), lambda: NOON)
    done = set(JobRun.objects.filter(state=JobState.DONE).values_list("on", "name"))
    assert done == {(yesterday, jobs.FLAG)} | {(today, name) for name in jobs.JOBS}


def test_a_pass_stops_where_another_worker_is_at_it(world):
    runs.claim(jobs.FLAG, here().path, make.THURSDAY)
    assert jobs.catch_up(here(), lambda: NOON) == []
    assert JobRun.objects.count() == 1


def test_a_child_that_left_the_roll_makes_the_day_due_again(world):
    of, (gone, *_), office = world
    for day in (17, 18, 19):
        make.take(of, date(2026, 11, day), office, **{gone.uid: Mark.ABSENT})
    run_today()
    assert AbsenceAlert.objects.get().state == AlertState.OPEN
    leave_roll(gone, on=make.THURSDAY, how=Ended.TRANSFER_OUT, by=office, where_to="邻县")
    Change.objects.filter(verb="enrolments.leave_roll").update(entered_at=NOON + timedelta(hours=1))
    assert asked() == [(jobs.FLAG, True)]
    run(jobs.FLAG, again=True)
    alert = AbsenceAlert.objects.get()
    assert (alert.state, alert.reason) == (AlertState.WITHDRAWN, "已不在名册上")
    assert jobs.FLAG not in {name for name, _ in asked()}


def test_a_seat_that_ends_makes_the_contracts_due_again(world):
    """岗位换人: a signer who left is seen within minutes, not at the next night."""
    of, _, _ = world
    clerk, bureau = make.user(Role.OFFICE, of.school), make.user(Role.BUREAU, here())
    run_today()
    end(clerk.seats.get().pk, last=make.THURSDAY, reason="调动", by=bureau, on=make.THURSDAY)
    Change.objects.filter(verb="seats.end").update(entered_at=NOON + timedelta(hours=1))
    assert (jobs.SUPERSEDE, True) in asked()
    run(jobs.SUPERSEDE, again=True)
    assert jobs.SUPERSEDE not in {name for name, _ in asked()}


def test_a_closure_entered_late_makes_the_day_due_again(world):
    of, _, _ = world
    run_today()
    row = {"scope": of.school.code, "from": "2026-11-18", "to": "2026-11-18", "kind": "closure"}
    bureau = make.user(Role.BUREAU, here())
    import_calendar(json.dumps([row]).encode(), by=bureau, on=make.THURSDAY)
    assert asked() == [(jobs.FLAG, True)]
    run(jobs.FLAG, again=True)
    assert jobs.FLAG not in {name for name, _ in asked()}


def test_a_register_that_came_while_the_job_was_reading_makes_the_day_due_again(world):
    of, _, office = world
    run_today()
    register = make.take(of, make.THURSDAY, office)
    for minutes, stale in ((-1, False), (2, True), (4, False)):
        Register.objects.filter(pk=register.pk).update(made_at=NOON + timedelta(minutes=minutes))
        JobRun.objects.filter(name=jobs.FLAG).update(finished_at=NOON + timedelta(minutes=3))
        JobRun.objects.exclude(name=jobs.FLAG).update(started_at=NOON + timedelta(minutes=3))
        assert (asked() == [(jobs.FLAG, True)]) is stale


# two counties


@pytest.fixture
def neighbour(world):
    """A second county, its day done as well."""
    there = make.school_class(make.school("5399020001", region_code="539902001"))
    make.term("539902")
    make.pupils(there, 2)
    county = make.region("539902")
    for each in (here(), county):
        run_today(each)
    assert jobs.due(NOON) == []
    return county, there


def moved_since() -> int:
    """The roll changes after the runs, wherever: what every county was once due by."""
    verbs = [verb for cause in jobs.JOBS[jobs.FLAG].stale_by for verb in cause.verbs]
    moved = Change.objects.filter(verb__in=verbs, entered_at__gt=at(date(2026, 9, 2), time(0)))
    moved.update(entered_at=NOON + timedelta(minutes=5))
    return moved.count()


def test_a_roll_change_makes_its_own_county_due_and_no_other(world, neighbour):
    _, (gone, *_), office = world
    county, _ = neighbour
    leave_roll(gone, on=make.THURSDAY, how=Ended.TRANSFER_OUT, by=office, where_to="外省")
    assert moved_since() == 1, "control: asked without the path, both counties were due"
    assert [(one.name, one.county) for one in jobs.due(NOON)] == [(jobs.FLAG, here())]
    assert jobs.due(NOON, county) == []


def test_a_move_between_counties_makes_both_due(world, neighbour):
    _, (gone, *_), office = world
    county, there = neighbour
    place(gone, there, began=make.THURSDAY, how=Began.TRANSFER_IN, by=office)
    assert moved_since() == 2
    assert [(one.name, one.county) for one in jobs.due(NOON)] == [
        (jobs.FLAG, here()), (jobs.FLAG, county),
    ]  # fmt: skip


def test_a_change_of_a_place_that_holds_both_makes_both_due(world, neighbour):
    """A roster of schools in two counties: its row carries the prefecture."""
    county, _ = neighbour
    history.record("roster.import", "roster", "", path=common([here().path, county.path]), by=None)
    assert moved_since() == 1
    assert [one.county for one in jobs.due(NOON)] == [here(), county]


def test_the_tick_sends_each_county_with_work_once(world, neighbour, monkeypatch):
    """At whatever hour: the runs here end with the day, over there they stop after the first."""
    sent = []
    monkeypatch.setattr(tasks.run_county, "apply_async", lambda args, **how: sent.append(args))
    midnight = at(make.THURSDAY, time(23, 59, 59))
    JobRun.objects.update(started_at=midnight, finished_at=midnight)
    tasks.tick()
    assert sent == []
    there = JobRun.objects.filter(path=neighbour[0].path)
    there.exclude(name=jobs.FLAG).delete()
    tasks.tick()
    assert sent == [[neighbour[0].path]]
    tasks.run_county(*sent[0])
    assert there.filter(state=JobState.DONE).count() == len(jobs.JOBS)


def test_the_door_prints_one_json_object(world):
    out = StringIO()
    call_command("run_job", "flag_absences", on="2026-11-19", stdout=out)
    assert json.loads(out.getvalue())["flagged"] == 0
    assert JobRun.objects.get().state == JobState.DONE


@pytest.mark.parametrize(("name", "on"), [("nothing", "2026-11-19"), ("flag_absences", "昨天")])
def test_the_door_refuses_with_a_sentence(world, name, on):
    with pytest.raises(CommandError, match="。"):
        call_command("run_job", name, on=on, stdout=StringIO())


def test_the_tick_empties_uploads_nobody_applied_within_a_day(world, settings):
    """Also where no county has anything due: an upload belongs to none."""
    folder = Path(settings.KONGCHUO_SEALED)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "NOBATCH234").write_bytes(b"left behind")
    tasks.tick()
    assert not (folder / "NOBATCH234").exists()
