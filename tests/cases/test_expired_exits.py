"""Who left by a lawful reason is never lost: seen again, run out, overtaken; each found by the night."""

from datetime import date, timedelta

import pytest

from accounts.job_runs import run_claimed
from attendance.authorised_absences import requests
from attendance.enums import AlertState
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from cases.enums.records import DeadlineKind, ExitKind
from cases.enums.states import CaseState, EventKind, Step
from cases.escalation import nightly
from cases.intake.opening import open_from_alert
from cases.models import Case, Deadline
from cases.returns import observing
from cases.returns.exits import leave_by_exit, reopen_exit
from regions.clock import today
from regions.refusals import Refused
from reports.counting.roll_up import roll
from reports.counting.sources import gather
from reports.enums import StudentStatus
from students.enums import AbsenceKind
from students.models import AuthorisedAbsence, Student
from tests import factories as make
from tests.cases.case_county import case_of, county
from tests.cases.returned_child import DAYS, registers, version

pytestmark = pytest.mark.django_db
PROOF = "县医院诊断证明，11月19日"


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = DAYS[-1]
    return county()


def night(here, on: date) -> None:
    """The three jobs of a night, in their order."""
    jobs = {
        "flag_absences": flag_absences,
        "observe": observing.observe,
        "escalate": nightly.escalate,
    }
    for name, job in jobs.items():
        run_claimed(
            name, here.region.path, on, lambda held, job=job: job(on, here.region, held), again=True
        )


def leave(here, case, kind: ExitKind, *, by=None, on=DAYS[0], **more) -> Case:
    return leave_by_exit(
        case.uid,
        kind,
        on=today(),
        by=by or here.bureau,
        approved=on,
        version=version(case),
        proof=PROOF,
        **more,
    )


def student_status(here, on: date) -> StudentStatus:
    found = gather(here.region.path, on)
    rows = {row.student_id: row.student_status for row in roll(here.region.path, on).rows}
    assert found.rooms
    return StudentStatus(rows.get(here.student.pk, StudentStatus.IN_SCHOOL))


def open_case_of(here) -> Case | None:
    return Case.objects.open().filter(student=here.student).first()


def suspended_by_township(here) -> Case:
    registers(here, "UUU")
    night(here, DAYS[2])
    case = case_of(here.student, on=DAYS[2])
    leave(here, case, ExitKind.SUSPENDED, by=here.officer, on=DAYS[2], until=DAYS[-1])
    registers(here, "UUU" + "UUUUU", first=3)
    return case


def test_a_townships_suspension_counts_when_the_bureau_has_agreed(here):
    """Row 16: no alert from the first day; the rate waits."""
    suspended_by_township(here)
    night(here, DAYS[6])
    assert not AbsenceAlert.objects.filter(state="open").exists()
    assert student_status(here, DAYS[6]) is StudentStatus.ABSENT
    make.second_words(DAYS[6], here.bureau)
    assert student_status(here, today()) is StudentStatus.SUSPENDED


def test_a_townships_suspension_that_the_bureau_refuses_is_no_reason(here):
    case = suspended_by_township(here)
    waiting = AuthorisedAbsence.objects.get()
    requests.refuse(waiting.pk, by=here.bureau, on=DAYS[5], note="证明是别人的")
    for day in DAYS[5:8]:
        night(here, day)
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.PERSUADING, 1)
    assert "不同意休学" in case.events.filter(kind=EventKind.NOTED).latest("pk").note


@pytest.mark.parametrize("confirmed", [True, False], ids=["confirmed", "silent school"])
def test_a_suspension_that_ran_out_without_the_child_is_taken_up_by_the_night(here, confirmed):
    registers(here, "UUU")
    night(here, DAYS[2])
    alert = AbsenceAlert.objects.get()
    if confirmed:
        case = open_from_alert(alert.pk, on=today(), by=here.office, version=alert.version)
    else:
        case = case_of(here.student, on=DAYS[2])
    leave(here, case, ExitKind.SUSPENDED, by=here.officer, on=DAYS[2], until=DAYS[5])
    registers(here, "UUU" + "UUUUU", first=3)
    for day in DAYS[3:8]:
        night(here, day)
        assert open_case_of(here) is None, "the reason, or the three days after it"
    night(here, DAYS[8])
    case.refresh_from_db()
    assert (case.state, case.step, case.round) == (CaseState.PERSUADING, Step.PERSUADE, 1)
    event = case.events.get(kind=EventKind.REOPENED)
    assert event.by is None and "休学到期后，3 个教学日无正当理由未到" in event.note
    assert student_status(here, DAYS[8]) in (StudentStatus.ABSENT, StudentStatus.SUSPECTED)
    before = case.events.count()
    night(here, DAYS[8])
    assert case.events.count() == before


@pytest.mark.parametrize(
    "kind",
    [ExitKind.REHAB, ExitKind.CORRECTIONAL, ExitKind.SPECIAL_SCHOOL, ExitKind.VOCATIONAL,
     ExitKind.MISSING],
)  # fmt: skip
def test_a_lawful_reason_does_not_go_on_alarming(here, kind):
    registers(here, "UUU")
    night(here, DAYS[2])
    by = here.officer if kind is ExitKind.MISSING else here.bureau
    leave(here, case_of(here.student, on=DAYS[2]), kind, by=by, until=date(2027, 6, 30))
    registers(here, "U" * 10, first=3)
    night(here, DAYS[12])
    assert AbsenceAlert.objects.get().state == AlertState.WITHDRAWN
    assert open_case_of(here) is None
    assert student_status(here, DAYS[12]) is StudentStatus(kind)


def test_a_child_seen_again_ends_the_reason_from_that_day(here):
    case = leave(here, case_of(here.student, on=DAYS[0]), ExitKind.MISSING, by=here.officer)
    registers(here, "UUU", first=1)
    night(here, DAYS[3])
    assert case.deadlines.standing().filter(kind=DeadlineKind.EXIT_ENDS).exists()
    # the police found the child, the school marks it
    AuthorisedAbsence.objects.update(last=DAYS[3])
    registers(here, "PP", first=4)
    for _ in range(2):
        night(here, DAYS[5])
        case.refresh_from_db()
        assert (case.state, case.exit_until) == (CaseState.EXITED, DAYS[4] - timedelta(days=1))
        assert case.events.filter(details__exit_over=DAYS[4].isoformat()).count() == 1
        assert not case.deadlines.standing().exists()
        assert student_status(here, DAYS[5]) is StudentStatus.IN_SCHOOL


def test_a_reason_without_a_day_ends_with_the_school_year_and_reminds(here):
    case = leave(here, case_of(here.student, on=DAYS[0]), ExitKind.VOCATIONAL)
    assert case.exit_until == date(2027, 8, 31)
    assert case.deadlines.standing().get().due_on == date(2027, 8, 1)
    assert AuthorisedAbsence.objects.get().kind == AbsenceKind.LAWFUL


def test_a_newer_case_takes_over_from_an_exit_and_its_reminder(here):
    old = leave(here, case_of(here.student, on=DAYS[0]), ExitKind.MISSING, by=here.officer)
    new = case_of(here.student, on=DAYS[4], note="tip")
    night(here, DAYS[5])
    assert not Deadline.objects.standing().filter(case=old).exists()
    with pytest.raises(Refused, match="已有一份在办的档案"):
        reopen_exit(old.uid, by=here.officer, on=DAYS[5], version=version(old), note="核实去向不实")
    Case.objects.filter(pk=new.pk).update(state=CaseState.CLOSED, closed_on=DAYS[8])
    assert student_status(here, DAYS[9]) is StudentStatus.LAWFUL, "its papers still cover the day"


def test_a_transfer_with_its_proof_leaves_the_denominator(here):
    case = case_of(here.student, on=DAYS[0])
    with pytest.raises(Refused, match="请写明去向"):
        leave(here, case, ExitKind.TRANSFER_OUT)
    leave(here, case, ExitKind.TRANSFER_OUT, where_to="邻县第一中学")
    assert here.student.enrolments.get().where_to == "邻县第一中学"
    assert student_status(here, DAYS[3]) is StudentStatus.TRANSFER_OUT
    assert "邻县第一中学" in case.events.get(kind=EventKind.EXITED).note
    assert Student.objects.get(pk=here.student.pk).case_since is None
