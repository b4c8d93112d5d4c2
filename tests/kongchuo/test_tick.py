"""What the tick finds to do, and that the job door answers."""

import json
from datetime import date, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import jobs as runs
from accounts.calendars import import_calendar
from accounts.enums import JobState, Role
from accounts.models import JobRun
from attendance.enums import AlertState, Mark
from attendance.models import AbsenceAlert
from kongchuo import jobs, tasks
from regions.clock import at, now
from students.enrolments import leave_roll
from students.enums import Ended
from tests import factories as make

pytestmark = pytest.mark.django_db
NOON = at(make.THURSDAY, time(12))


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY


@pytest.fixture
def world():
    make.term()
    of = make.school_class(make.school())
    return of, make.pupils(of, 3), make.user(Role.OFFICE, of.school)


def run(name: str, again: bool = False) -> None:
    tasks.run_job(name, make.region("539901").path, make.THURSDAY.isoformat(), again)


def run_today() -> None:
    for name in jobs.JOBS:
        run(name)


def test_the_other_jobs_follow_the_flag_job_and_once(world):
    run(jobs.FLAG)
    assert [one.name for one in jobs.due(now())] == jobs.FOLLOWERS
    for name in jobs.FOLLOWERS:
        run(name)
    assert jobs.due(now()) == []


def test_a_second_flag_run_sends_the_others_again(world):
    run_today()
    run(jobs.FLAG, again=True)
    assert {(one.name, one.again) for one in jobs.due(now())} == {(n, True) for n in jobs.FOLLOWERS}


def test_the_count_is_renewed_every_hour(world):
    run_today()
    later = now() + timedelta(hours=1)
    assert [(one.name, one.again) for one in jobs.due(later)] == [(jobs.ROLL_UP, True)]


def test_a_county_is_due_after_its_own_cutoff_and_once(world):
    assert jobs.due(at(make.THURSDAY, time(9, 59))) == []
    assert [one.on for one in jobs.due(NOON)] == [make.THURSDAY]
    run_today()
    assert jobs.due(now()) == []


def test_a_run_a_dead_worker_left_is_due_again(world):
    yesterday = make.THURSDAY - timedelta(days=1)
    runs.claim(jobs.FLAG, make.region("539901").path, yesterday)
    assert [one.on for one in jobs.due(NOON)] == [yesterday, make.THURSDAY]


def test_a_child_that_left_the_roll_makes_the_day_due_again(world):
    of, (gone, *_), office = world
    for day in (17, 18, 19):
        make.take(of, date(2026, 11, day), office, **{gone.uid: Mark.ABSENT})
    run_today()
    assert AbsenceAlert.objects.get().state == AlertState.OPEN
    leave_roll(gone, on=make.THURSDAY, how=Ended.TRANSFER_OUT, by=office, where_to="邻县")
    (due,) = jobs.due(now())
    tasks.run_job(due.name, due.county.path, due.on.isoformat(), due.again)
    alert = AbsenceAlert.objects.get()
    assert (alert.state, alert.reason) == (AlertState.WITHDRAWN, "已不在名册上")
    assert jobs.FLAG not in {one.name for one in jobs.due(now())}


def test_a_closure_entered_late_makes_the_day_due_again(world):
    of, _, _ = world
    run_today()
    row = {"scope": of.school.code, "from": "2026-11-18", "to": "2026-11-18", "kind": "closure"}
    import_calendar(json.dumps([row]).encode(), by=make.user(Role.BUREAU, make.region("539901")))
    assert [one.again for one in jobs.due(now())] == [True]
    tasks.run_job(jobs.FLAG, make.region("539901").path, make.THURSDAY.isoformat(), True)
    assert jobs.FLAG not in {one.name for one in jobs.due(now())}


def test_the_door_prints_one_json_object(world):
    out = StringIO()
    call_command("run_job", "flag_absences", on="2026-11-19", stdout=out)
    assert json.loads(out.getvalue())["flagged"] == 0
    assert JobRun.objects.get().state == JobState.DONE


@pytest.mark.parametrize(("name", "on"), [("nothing", "2026-11-19"), ("flag_absences", "昨天")])
def test_the_door_refuses_with_a_sentence(world, name, on):
    with pytest.raises(CommandError, match="。"):
        call_command("run_job", name, on=on, stdout=StringIO())
