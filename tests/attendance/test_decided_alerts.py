"""A decision on an alert answers for its own days: what lies outside them raises another."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.job_runs import run_claimed
from attendance import handling
from attendance.alerts import JOB, recompute
from attendance.authorised_absences import requests
from attendance.enums import AlertState, Ground, Mark
from attendance.flagging import flag_absences
from attendance.listing import alerts_on
from attendance.models import AbsenceAlert, AlertEvent
from attendance.rules import proof
from regions.enums import DayKind
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence
from tests import factories as make

pytestmark = pytest.mark.django_db
# The first two weeks after the child was last seen, on Monday 2 November.
MON, TUE, WED, THU, FRI = (date(2026, 11, day) for day in (2, 3, 4, 5, 6))
MON2, TUE2, WED2, THU2 = (date(2026, 11, day) for day in (9, 10, 11, 12))


@pytest.fixture
def world(settings):
    settings.KONGCHUO_TODAY = THU2
    make.term()
    of = make.school_class(make.school())
    child = make.pupil(of, "岩温")
    return of, child, make.user(Role.OFFICE, of.school)


def marked(world, days, mark=Mark.ABSENT) -> None:
    of, child, office = world
    for day in days:
        make.take(of, day, office, **{child.uid: mark})


def seen(world, *days) -> None:
    for day in days:
        make.take(world[0], day, world[2])


def run(on: date) -> dict:
    county = make.region("539901")
    return run_claimed(
        JOB, county.path, on, lambda held: flag_absences(on, county, held), again=True
    )


def an_open_alert() -> AbsenceAlert:
    return AbsenceAlert.objects.get(state=AlertState.OPEN)


def explained(world, days, until) -> AbsenceAlert:
    """The child was absent on these days; the school knows why, until a day."""
    marked(world, days)
    run(days[-1])
    alert = an_open_alert()
    handling.explain(
        alert.pk, kind=AbsenceKind.SICK, until=until, proof="县医院诊断证明", by=world[2],
        on=THU2, version=alert.version,
    )  # fmt: skip
    make.second_words(THU2)
    alert.refresh_from_db()
    assert alert.state == AlertState.EXPLAINED
    return alert


def confirmed(world, days) -> AbsenceAlert:
    marked(world, days)
    run(days[-1])
    alert = an_open_alert()
    handling.confirm(alert.pk, by=world[2], on=days[-1], version=alert.version)
    return alert


def test_days_before_and_after_an_explanation_raise_another_alert(world):
    seen(world, MON)
    explained(world, [WED, THU, FRI], until=FRI)
    marked(world, [TUE])  # a late register joins the run from the front
    assert not AbsenceAlert.objects.filter(state=AlertState.OPEN).exists(), "one day"
    marked(world, [MON2, TUE2])
    summary = run(TUE2)
    fresh = an_open_alert()
    assert (fresh.first, fresh.last, fresh.unexplained) == (TUE, TUE2, 3)
    assert summary["flagged"] == 1 and summary["alerts"] == {"opened": 1}
    assert run(TUE2)["alerts"] == {}, "said twice it is one"


def test_an_explanation_taken_back_lets_its_days_count_again(world):
    seen(world, MON)
    alert = explained(world, [TUE, WED, THU], until=THU)
    AuthorisedAbsence.objects.update(state=AbsenceState.REFUSED)
    recompute([world[1].pk], alert.path, by=world[2])
    again = an_open_alert()
    assert again.pk == alert.pk and again.answers_until is None
    assert [event.kind for event in AlertEvent.objects.all()] == [
        "opened",
        "waiting",
        "explained",
        "reopened",
    ]


def test_a_confirmed_alert_answers_while_its_case_is_open_and_no_longer(world):
    seen(world, MON)
    confirmed(world, [TUE, WED, THU])
    marked(world, [FRI])
    assert run(FRI)["alerts"] == {}
    handling.case_ended(world[1].pk, FRI)
    marked(world, [MON2, TUE2])
    assert run(TUE2)["alerts"] == {}, "two days since the case ended"
    marked(world, [WED2])
    assert run(WED2)["alerts"] == {"opened": 1}
    fresh = an_open_alert()
    assert (fresh.first, fresh.unexplained) == (MON2, 3)
    stored = proof.read(fresh.proof)
    assert stored.unexplained == (MON2, TUE2, WED2), "the proof leaves out what was answered for"


def test_a_case_taken_up_again_answers_again(world):
    seen(world, MON)
    confirmed(world, [TUE, WED, THU])
    handling.case_ended(world[1].pk, THU)
    handling.case_resumed(world[1].pk)
    marked(world, [FRI, MON2, TUE2])
    assert run(TUE2)["alerts"] == {}


def test_a_child_seen_in_between_is_flagged_anew_whatever_its_case(world):
    seen(world, MON)
    confirmed(world, [TUE, WED, THU])
    seen(world, FRI)
    marked(world, [MON2, TUE2, WED2])
    assert run(WED2)["alerts"] == {"opened": 1}
    assert an_open_alert().first == MON2


def test_lost_on_days_of_leave_is_one_alert_until_it_is_explained(world):
    _, child, office = world
    seen(world, MON)
    requests.grant(
        child, kind=AbsenceKind.SICK, first=TUE, last=FRI, reason="在县医院住院", by=office, on=TUE,
        proof="县医院诊断证明",
    )  # fmt: skip
    marked(world, [TUE, WED], Mark.LOST)
    run(TUE), run(WED), run(THU)
    alert = AbsenceAlert.objects.get()
    assert (alert.grounds, alert.first, alert.last) == ([Ground.LOST], TUE, WED)
    handling.explain(
        alert.pk, kind=AbsenceKind.SICK, until=FRI, proof="已联系上，在县医院", by=office,
        on=THU2, version=alert.version,
    )  # fmt: skip
    assert an_open_alert().pk == alert.pk, "the school alone closes no alert over lost contact"
    make.second_words(THU2)
    assert AbsenceAlert.objects.get().state == AlertState.EXPLAINED
    assert run(FRI)["alerts"] == {}
    marked(world, [MON2], Mark.LOST)
    assert an_open_alert().first == MON2, "lost again after the reason ended: at once"
    assert run(MON2)["alerts"] == {}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("closure", "停课或放假 1 天，不满预警天数"),
        ("suspended", "已办休学、借读等手续 3 天，不满预警天数"),
    ],
)
def test_a_withdrawal_says_what_became_of_the_days(world, change, says):
    of, child, office = world
    seen(world, MON)
    marked(world, [TUE, WED, THU])
    run(THU)
    if change == "closure":
        make.calendar_row(DayKind.CLOSURE, THU, place=of.school)
    else:
        AuthorisedAbsence.objects.create(
            student=child, path=of.path, kind=AbsenceKind.SUSPENDED, first=TUE, last=date(2027, 1, 8),
            cause="县医院证明", state=AbsenceState.APPROVED, first_by=office, asked_by=office,
        )  # fmt: skip
    run(THU)
    alert = AbsenceAlert.objects.get()
    assert (alert.state, alert.reason) == (AlertState.WITHDRAWN, says)


def test_leave_over_some_of_the_days_explains_an_alert_until_the_rest_is_enough(world):
    _, child, office = world
    seen(world, MON)
    marked(world, [TUE, WED, THU])
    run(THU)
    requests.grant(
        child, kind=AbsenceKind.PERSONAL, first=THU, last=THU, reason="家里老人去世", by=office, on=THU,
        proof="村委会证明",
    )  # fmt: skip
    make.second_words(THU)
    alert = AbsenceAlert.objects.get()
    assert (alert.state, alert.reason) == (AlertState.EXPLAINED, "村委会证明")
    marked(world, [FRI])
    run(FRI)
    again = AbsenceAlert.objects.get()
    assert (again.state, again.unexplained) == (AlertState.OPEN, 3)


def test_a_mark_of_lost_that_was_a_mistake_is_told_as_one(world):
    of, child, office = world
    seen(world, MON)
    marked(world, [TUE], Mark.LOST)
    run(TUE)
    assert an_open_alert().grounds == [Ground.LOST]
    make.take(of, TUE, office, version=1, reason="联系上了", **{child.uid: Mark.ABSENT})
    make.confirm_marks()
    assert AbsenceAlert.objects.get().reason == "登记的失联已更正，不满预警天数"


def test_the_proof_of_a_reopened_alert_counts_what_it_counts(world):
    """Lost on three days, explained, and the leave taken back: the days are unexplained again."""
    seen(world, MON)
    marked(world, [TUE, WED, THU], Mark.LOST)
    run(THU)
    alert = an_open_alert()
    handling.explain(
        alert.pk, kind=AbsenceKind.SICK, until=THU, proof="说在县医院", by=world[2], on=THU2,
        version=alert.version,
    )  # fmt: skip
    make.second_words(THU2)
    AuthorisedAbsence.objects.update(state=AbsenceState.REFUSED)
    recompute([world[1].pk], alert.path, by=world[2])
    again = an_open_alert()
    assert again.unexplained == 3
    assert proof.read(again.proof).unexplained == (TUE, WED, THU)


def test_a_correction_is_told_as_one(world):
    of, _, office = world
    seen(world, MON)
    marked(world, [TUE, WED, THU])
    run(THU)
    make.take(of, WED, office, version=1, reason="当天来了，点错")
    make.confirm_marks()
    assert AbsenceAlert.objects.get().reason == "考勤更正为到校 1 天，不满预警天数"


def test_the_list_of_a_day_names_the_alert_on_file_and_none_that_is_not(world):
    seen(world, MON)
    marked(world, [TUE, WED, THU])
    bureau = make.user(Role.BUREAU, make.region("539901"))

    def states(on: date) -> list[str]:
        return [one["state"] for one in alerts_on(on, by=bureau)["alerts"]]

    assert states(THU) == ["not_raised"]
    run(THU)
    assert states(THU) == ["open"]
    alert = an_open_alert()
    handling.confirm(alert.pk, by=world[2], on=THU, version=alert.version)
    assert states(THU) == ["confirmed"]
