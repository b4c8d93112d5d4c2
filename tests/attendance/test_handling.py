"""Explaining and confirming an alert, leave after the fact, and what each does to the alert."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.job_runs import run_claimed
from accounts.models import Attachment
from accounts.versions import Conflict
from attendance import handling
from attendance.alerts import JOB
from attendance.authorised_absences import requests
from attendance.enums import AlertState, Mark
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert, AlertEvent, UnseenRun
from attendance.rules import proof
from regions.refusals import Refused
from students.enums import AbsenceKind
from students.models import AuthorisedAbsence, Finding
from tests import factories as make
from tests.pictures import photo

pytestmark = pytest.mark.django_db
MON, TUE, WED, THU, FRI = (date(2026, 11, day) for day in (16, 17, 18, 19, 20))


@pytest.fixture
def world(settings):
    settings.KONGCHUO_TODAY = FRI
    make.term()
    of = make.school_class(make.school())
    children, teacher = make.pupils(of, 3), make.user(Role.TEACHER, of)
    make.take(of, MON, teacher)
    for day in (TUE, WED, THU):
        make.take(of, day, teacher, **{children[0].uid: Mark.ABSENT})
    run(THU)
    return of, children, make.user(Role.OFFICE, of.school)


def run(on):
    county = make.region("539901")
    run_claimed(JOB, county.path, on, lambda held: flag_absences(on, county, held), again=True)


def state() -> str:
    return AbsenceAlert.objects.get().state


def explain(by, until=FRI, kind=AbsenceKind.SICK, said="县医院诊断证明", version=1):
    alert = AbsenceAlert.objects.get()
    return handling.explain(
        alert.pk, kind=kind, until=until, proof=said, by=by, on=FRI, version=version
    )


def test_explaining_asks_the_bureau_whose_word_stops_the_count(world):
    _, _, office = world
    explain(office)
    leave = AuthorisedAbsence.objects.get()
    assert (leave.first, leave.last, leave.state) == (TUE, FRI, "passed")
    assert "预警没有办结" in leave.why_second
    assert state() == AlertState.OPEN and UnseenRun.objects.exists(), "asked explains nothing"
    make.second_words(FRI)
    alert = AbsenceAlert.objects.get()
    assert (alert.state, alert.answers_until) == (AlertState.EXPLAINED, FRI)
    assert [event.kind for event in alert.events.all()] == ["opened", "waiting", "explained"]
    assert not UnseenRun.objects.exists()


def test_what_the_bureau_does_not_agree_to_leaves_the_alert_as_it_is(world):
    explain(world[2])
    bureau = make.user(Role.BUREAU, make.region("539901"))
    requests.refuse(AuthorisedAbsence.objects.get().pk, by=bureau, on=FRI, note="医院说没有来过")
    assert state() == AlertState.OPEN
    again = AbsenceAlert.objects.get()
    explain(world[2], version=again.version, said="县医院住院单")
    make.second_words(FRI)
    assert state() == AlertState.EXPLAINED


def test_an_explanation_that_ran_out_lets_the_count_start_again(world, settings):
    of, (gone, *_), office = world
    explain(office, until=THU)
    make.second_words(FRI)
    settings.KONGCHUO_TODAY = date(2026, 11, 25)
    for day in (FRI, date(2026, 11, 23), date(2026, 11, 24)):
        make.take(of, day, office, **{gone.uid: Mark.ABSENT})
    run(date(2026, 11, 24))
    fresh = AbsenceAlert.objects.get(state=AlertState.OPEN)
    assert (fresh.first, fresh.unexplained) == (FRI, 3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"until": WED}, "要管到"),
        ({"until": date(2027, 1, 20)}, "30 天"),
        ({"said": "病"}, "证明"),
    ],
)
def test_an_explanation_that_explains_nothing_is_refused(world, change, says):
    with pytest.raises(Refused, match=says):
        explain(world[2], **change)
    assert state() == AlertState.OPEN and not AuthorisedAbsence.objects.exists()


def test_confirming_writes_the_finding_a_case_opens_from(world):
    _, (gone, *_), office = world
    handling.confirm(
        AbsenceAlert.objects.get().pk, by=office, on=FRI, version=1, note="家长说去打工了"
    )
    finding = Finding.objects.get()
    assert (finding.student_id, finding.kind, finding.state) == (gone.pk, "alert", "open")
    assert state() == AlertState.CONFIRMED and AbsenceAlert.objects.get().finding == finding


def test_an_alert_confirmed_again_keeps_its_finding_and_no_two_share_one(world):
    _, (gone, *_), office = world
    first = handling.confirm(AbsenceAlert.objects.get().pk, by=office, on=FRI, version=1)
    AbsenceAlert.objects.update(state=AlertState.OPEN)
    version = AbsenceAlert.objects.get().version
    again = handling.confirm(AbsenceAlert.objects.get().pk, by=office, on=FRI, version=version)
    assert again == first and Finding.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        AbsenceAlert.objects.create(
            student=gone, path=gone.school_path, state=AlertState.WITHDRAWN, opened_on=FRI,
            as_of=FRI, first=FRI, last=FRI, unexplained=3, finding=first,
        )  # fmt: skip


def test_a_human_decision_stays_when_the_job_runs_again(world):
    of, (gone, *_), office = world
    handling.confirm(AbsenceAlert.objects.get().pk, by=office, on=FRI, version=1)
    make.take(of, FRI, office, **{gone.uid: Mark.ABSENT})
    run(FRI)
    assert state() == AlertState.CONFIRMED and AbsenceAlert.objects.count() == 1


def test_the_second_decision_on_one_alert_is_told(world):
    alert = AbsenceAlert.objects.get()
    handling.confirm(alert.pk, by=world[2], on=FRI, version=1)
    with pytest.raises(Conflict, match="改过"):
        explain(world[2])


def test_a_teacher_does_not_decide(world):
    teacher = make.user(Role.TEACHER, world[0])
    with pytest.raises(Refused, match="教务或校长"):
        explain(teacher)


def test_a_neighbour_does_not_find_the_alert(world):
    other = make.user(Role.OFFICE, make.school("5399010002"))
    with pytest.raises(AbsenceAlert.DoesNotExist):
        explain(other)


def test_leave_granted_later_explains_the_alert_and_refused_leave_does_not(world):
    of, (gone, *_), office = world
    teacher = make.user(Role.TEACHER, of)
    ask = requests.ask(
        gone,
        kind=AbsenceKind.SICK,
        first=TUE,
        last=THU,
        reason="发烧，家长来电",
        by=teacher,
        on=FRI,
    )
    assert state() == AlertState.OPEN
    requests.refuse(ask.pk, by=office, on=FRI)
    assert state() == AlertState.OPEN
    again = requests.ask(
        gone,
        kind=AbsenceKind.SICK,
        first=TUE,
        last=THU,
        reason="发烧，补了证明",
        by=teacher,
        on=FRI,
    )
    requests.pass_(again.pk, by=office, on=FRI, proof="县医院诊断证明")
    assert state() == AlertState.OPEN, "over a standing alert the bureau has the second word"
    make.second_words(FRI)
    assert state() == AlertState.EXPLAINED
    assert [event.kind for event in AlertEvent.objects.all()] == [
        "opened", "waiting", "waiting", "explained",
    ]  # fmt: skip


def test_a_child_who_comes_back_returns_the_alert(world):
    of, _, office = world
    make.take(of, FRI, office)
    run(FRI)
    alert = AbsenceAlert.objects.get()
    assert (alert.state, alert.reason) == (AlertState.RETURNED, "2026年11月20日到校")


def test_a_correction_takes_the_alert_back_once_it_is_confirmed(world):
    of, _, office = world
    make.take(of, WED, office, version=1, reason="当天来了，点错")
    assert state() == AlertState.OPEN
    make.confirm_marks()
    assert state() == AlertState.WITHDRAWN


def test_the_stored_proof_gives_the_same_answer(world):
    alert = AbsenceAlert.objects.get()
    run_again = proof.read(alert.proof)
    assert run_again.unexplained == (TUE, WED, THU) and run_again.last_seen == MON


def test_a_teacher_cannot_approve_and_a_decided_request_stays(world):
    of, (gone, *_), office = world
    teacher = make.user(Role.TEACHER, of)
    ask = requests.ask(
        gone,
        kind=AbsenceKind.SICK,
        first=TUE,
        last=THU,
        reason="发烧，家长来电",
        by=teacher,
        on=FRI,
    )
    with pytest.raises(Refused, match="教务或校长"):
        requests.pass_(ask.pk, by=teacher, on=FRI)
    requests.pass_(ask.pk, by=office, on=FRI)
    with pytest.raises(Refused, match="由县教育体育局办理"):
        requests.refuse(ask.pk, by=office, on=FRI)
    with pytest.raises(Refused, match="不能再改"):
        requests.pass_(ask.pk, by=office, on=FRI)


def test_the_proof_may_be_a_photo_and_nothing_that_only_looks_like_one(
    world, client, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    _, _, office = world
    client.force_login(office)
    alert = AbsenceAlert.objects.get()
    filled = {"kind": "sick", "until": "2026-11-20", "proof": "县医院诊断证明", "version": 1}
    page = SimpleUploadedFile("proof.jpg", b"<html><script>alert(1)</script>")
    refused = client.post(f"/alerts/{alert.pk}/explain/", {**filled, "file": page})
    assert "只能附照片" in refused.content.decode() and state() == AlertState.OPEN
    client.post(f"/alerts/{alert.pk}/explain/", {**filled, "file": photo("诊断.jpg")})
    assert AuthorisedAbsence.objects.get().state == "passed"
    laid = Attachment.objects.get(kind=handling.PROOF)
    shown = client.get(f"/alerts/{alert.pk}/files/{laid.pk}/")
    sent = b"".join(shown.streaming_content)
    assert shown["Content-Type"] == "image/jpeg" and len(sent) == laid.size and b"Exif" not in sent
    client.force_login(make.user(Role.OFFICE, make.school("5399010002")))
    assert client.get(f"/alerts/{alert.pk}/files/{laid.pk}/").status_code == 404
