"""What runs on by itself: a proof that was to come later, papers of a child that moves, lost contact."""

from datetime import date

import pytest

from accounts.enums import Role
from attendance import handling
from attendance.authorised_absences import requests
from attendance.authorised_absences.pending import waiting_words
from attendance.authorised_absences.settling import explain_alerts
from attendance.enums import AlertState, Mark, Verdict
from attendance.models import AbsenceAlert
from regions.refusals import Refused
from students import enrolments
from students.enums import AbsenceKind, AbsenceState, Began
from students.models import AuthorisedAbsence
from tests import factories as make
from tests.attendance.authorised_absences.test_requests import PROOF, SICK, World, dec, nov

pytestmark = pytest.mark.django_db
SUSPENDED = AbsenceKind.SUSPENDED


@pytest.fixture
def world(settings):
    return World(settings)


def to_come(world, due: date) -> AuthorisedAbsence:
    """休学 approved at go-live, its proof due."""
    away = make.status(world.child, SUSPENDED, nov(2), date(2027, 1, 22), by=world.office)
    away.proof, away.proof_due_on = "", due
    away.second_by, away.why_second = world.bureau, "休学由县教育体育局批准"
    away.save()
    return away


# ── 待补 ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_proof_that_never_came_explains_no_day_after_it_was_due(world):
    away = to_come(world, nov(20))
    world.today(nov(20)), world.absent(nov(18), nov(19), nov(20))
    assert world.verdict(nov(20)) is Verdict.SEEN, "control: until then it explains"
    assert AuthorisedAbsence.objects.explaining().on(nov(20)).exists()
    world.absent(nov(23), nov(24), nov(25))
    assert world.verdict(nov(25)) is Verdict.ALERT
    assert not AuthorisedAbsence.objects.explaining().on(nov(23)).exists()
    world.run(nov(25))
    alert = AbsenceAlert.objects.get()
    assert (alert.first, alert.unexplained) == (nov(23), 3)
    explain_alerts(away, by=world.bureau, on=nov(25))
    assert AbsenceAlert.objects.get().state == AlertState.OPEN
    with pytest.raises(Refused, match="证明到期没有补"):
        handling.explain(
            alert.pk, kind=SICK, until=nov(27), proof=PROOF, by=world.office, on=nov(25),
            version=alert.version,
        )  # fmt: skip


def test_proof_that_was_to_come_later_is_brought_once(world):
    away = make.status(world.child, SUSPENDED, nov(2), dec(31))
    AuthorisedAbsence.objects.update(proof="", proof_due_on=dec(20))
    requests.add_proof(away.pk, proof=PROOF, by=world.office, on=nov(20))
    away.refresh_from_db()
    assert (away.proof, away.proof_due_on, away.state) == (PROOF, None, "approved")
    with pytest.raises(Refused, match="不用再补证明"):
        requests.add_proof(away.pk, proof=PROOF, by=world.office, on=nov(20))


def test_a_proof_that_comes_too_late_needs_the_bureau_again(world):
    away = to_come(world, nov(20))
    world.today(nov(25)), world.absent(nov(23), nov(24), nov(25))
    world.run(nov(25))
    late = requests.add_proof(away.pk, proof=PROOF, by=world.office, on=nov(25))
    assert (late.state, late.second_by, late.proof_due_on) == ("passed", None, None)
    assert waiting_words(AbsenceAlert.objects.all(), nov(26)) == {world.child.pk: "等县批 1 天"}
    requests.approve(late.pk, by=world.bureau, on=nov(26))
    assert AbsenceAlert.objects.get().state == AlertState.EXPLAINED
    assert world.verdict(nov(25)) is Verdict.SEEN


def test_a_proof_in_time_explains_while_it_waits_to_be_looked_at(world):
    away = to_come(world, nov(25))
    kept = requests.add_proof(away.pk, proof=PROOF, by=world.office, on=nov(25))
    assert (kept.state, kept.second_by, kept.proof_due_on) == ("approved", world.bureau, None)
    assert kept.proof_by == world.office
    assert AuthorisedAbsence.objects.explaining().on(nov(30)).exists()


# ── a child that moves ───────────────────────────────────────────────────────────────────────────


def test_open_papers_go_with_the_child_to_its_new_school(world):
    granted = world.grant(nov(2), nov(3), nov(2))
    world.seen(nov(4), nov(5), nov(6))
    asked = world.ask(nov(23), nov(24), nov(20))
    waits = world.grant(nov(30), dec(15), nov(20), proof=PROOF)
    runs = make.status(world.child, AbsenceKind.LONG_LEAVE, date(2027, 1, 4), date(2027, 1, 22))
    over = make.status(world.child, AbsenceKind.LONG_LEAVE, date(2026, 9, 1), date(2026, 9, 30))
    into = make.school_class(make.school("5399010002"))
    enrolments.place(
        world.child, into, began=nov(20), how=Began.TRANSFER_IN, by=world.bureau
    )  # fmt: skip
    paths = dict(AuthorisedAbsence.objects.values_list("pk", "path"))
    assert [paths[one.pk] for one in (asked, waits, runs)] == [into.path] * 3
    assert [paths[one.pk] for one in (granted, over)] == [world.of.path] * 2, "whoever granted it"
    office = make.user(Role.OFFICE, into.school, name="李国华")
    assert requests.pass_(asked.pk, by=office, on=nov(20)).first_by == office
    with pytest.raises(AuthorisedAbsence.DoesNotExist):
        requests.withdraw(waits.pk, by=world.office, on=nov(20))


# ── 失联 on days of leave ────────────────────────────────────────────────────────────────────────


def lost_on_leave(world, kind=SICK) -> AbsenceAlert:
    world.seen(nov(20))
    if kind is SICK:
        world.grant(nov(23), nov(27), nov(20), proof=PROOF)
    else:
        make.status(world.child, kind, nov(23), nov(27))
    world.today(nov(24))
    make.take(world.of, nov(23), world.teacher, **{world.child.uid: Mark.LOST})
    world.run(nov(24))
    return AbsenceAlert.objects.get()


def explain(world, alert: AbsenceAlert) -> AbsenceAlert:
    return handling.explain(
        alert.pk, kind=SICK, until=nov(27), proof="已联系上，在县医院", by=world.office, on=nov(24),
        version=alert.version,
    )  # fmt: skip


def test_lost_contact_on_granted_days_is_not_closed_by_the_school_alone(world):
    alert = explain(world, lost_on_leave(world))
    leave = AuthorisedAbsence.objects.get()
    assert alert.state == AlertState.OPEN
    assert (leave.state, leave.why_second) == ("passed", "准假期间登记了失联，学校说明已联系上")
    assert waiting_words([alert], nov(25)) == {world.child.pk: "等县批 1 天"}
    with pytest.raises(Refused, match="等县批，不用再说明"):
        explain(world, alert)
    requests.approve(leave.pk, by=world.bureau, on=nov(25))
    assert AbsenceAlert.objects.get().state == AlertState.EXPLAINED


def test_lost_contact_that_the_bureau_does_not_believe_stays(world):
    explain(world, lost_on_leave(world))
    leave = AuthorisedAbsence.objects.get()
    requests.refuse(leave.pk, by=world.bureau, on=nov(25), note="医院没有这个人")
    assert AbsenceAlert.objects.get().state == AlertState.OPEN


def test_lost_contact_during_a_status_is_a_mark_to_correct_or_an_alert_to_confirm(world):
    alert = lost_on_leave(world, SUSPENDED)
    with pytest.raises(Refused, match="请更正考勤"):
        explain(world, alert)
    assert AuthorisedAbsence.objects.get().state == AbsenceState.APPROVED
