"""The third-day job, through registers as teachers take them."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.job_runs import run_claimed
from attendance.alerts import JOB
from attendance.enums import AlertState, Mark
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert, AlertEvent, UnseenRun
from tests import factories as make

pytestmark = pytest.mark.django_db
MON, TUE, WED, THU, FRI = (date(2026, 11, day) for day in (16, 17, 18, 19, 20))


@pytest.fixture(autouse=True)
def on_friday(settings):
    settings.KONGCHUO_TODAY = FRI


@pytest.fixture
def world():
    make.term()
    of = make.school_class(make.school())
    return of, make.pupils(of, 4), make.user(Role.TEACHER, of)


def run(on, again=True):
    county = make.region("539901")
    return run_claimed(
        JOB, county.path, on, lambda held: flag_absences(on, county, held), again=again
    )


def test_a_child_out_three_school_days_is_flagged_on_the_third(world):
    of, (gone, *_), teacher = world
    make.take(of, MON, teacher)
    for day in (TUE, WED):
        make.take(of, day, teacher, **{gone.uid: Mark.ABSENT})
    assert run(WED)["flagged"] == 0
    make.take(of, THU, teacher, **{gone.uid: Mark.ABSENT})
    assert run(THU)["flagged"] == 1
    alert = AbsenceAlert.objects.get()
    assert (alert.first, alert.last, alert.unexplained) == (TUE, THU, 3)


def test_run_twice_and_for_an_earlier_day_leaves_the_database_the_same(world):
    of, (gone, *_), teacher = world
    make.take(of, MON, teacher)
    for day in (TUE, WED, THU, FRI):
        make.take(of, day, teacher, **{gone.uid: Mark.ABSENT})
    run(THU), run(FRI)

    def rows():
        alerts = AbsenceAlert.objects.order_by("pk").values()
        return list(alerts), list(UnseenRun.objects.values("student_id", "as_of", "unexplained"))

    before, events = rows(), AlertEvent.objects.count()
    run(FRI), run(THU), run(WED)
    assert rows() == before
    assert AlertEvent.objects.count() == events


def test_a_late_register_that_shows_the_child_takes_the_alert_back(world, settings):
    of, (gone, *_), teacher = world
    make.take(of, MON, teacher)
    make.take(of, TUE, teacher, **{gone.uid: Mark.ABSENT})
    make.take(of, THU, teacher, **{gone.uid: Mark.ABSENT})
    make.take(of, FRI, teacher, **{gone.uid: Mark.ABSENT})
    run(FRI)
    assert AbsenceAlert.objects.get().state == AlertState.OPEN
    make.take(of, WED, teacher)
    assert AbsenceAlert.objects.get().state == AlertState.OPEN
    make.confirm_marks()
    assert AbsenceAlert.objects.get().state == AlertState.WITHDRAWN
    assert UnseenRun.objects.get().unexplained == 2


def test_missing_registers_make_it_impossible_to_judge(world):
    of, (gone, *_), teacher = world
    make.take(of, MON, teacher)
    make.take(of, TUE, teacher, **{gone.uid: Mark.ABSENT})
    summary = run(THU)
    assert (summary["flagged"], summary["cannot_judge"], summary["registers_missing"]) == (0, 1, 1)


def test_lost_contact_alerts_at_once(world):
    of, (gone, *_), teacher = world
    make.take(of, FRI, teacher, **{gone.uid: Mark.LOST})
    alert = AbsenceAlert.objects.get()
    assert alert.grounds == ["lost"] and alert.unexplained == 1
