"""The job `escalate`: alerts, clocks, duties and registers that rise; repeated, late and earlier."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.job_runs import ClaimLost, claim
from attendance import handling
from attendance.enums import AlertState, Mark
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from cases.contacts.recording import record_contact
from cases.enums.records import DeadlineKind
from cases.enums.states import AbsenceLevel, CaseState, ContactWay, EventKind, Met
from cases.escalation import escalations
from cases.escalation.nightly import JOB, escalate
from cases.models import Case, CaseEvent, Deadline, Escalation
from regions.clock import today
from regions.enums import DayKind
from students.enums import AbsenceKind, AbsenceState, FindingState
from students.models import AuthorisedAbsence, Finding
from tests import factories as make
from tests.cases.case_county import case_of, county
from tests.cases.night_jobs import LAST, MON, night, nov, out, standing, weekdays

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_last_day(settings):
    settings.KONGCHUO_TODAY = LAST


@pytest.fixture
def here():
    return county()


def rows() -> list:
    """All that the job writes, but for when it was entered."""
    about = ("alert", "deadline", "school_class", "on")
    case_columns = ("student", "suspected_on", "dropout_on", "state", "version")
    return [
        list(Case.objects.order_by("pk").values_list(*case_columns)),
        list(Escalation.objects.order_by("kind", *about, "level").values_list(
            "kind", *about, "level", "path", "said", "since", "ended_on")),
        list(CaseEvent.objects.order_by("pk").values_list("kind", "happened_to", "note")),
        list(Deadline.objects.order_by("pk").values_list("kind", "due_on", "dropped_on", "met_on")),
    ]  # fmt: skip


# alerts


def test_an_alert_the_school_lets_lie_rises_after_its_next_school_day(here):
    make.take(here.school_class, nov(16), here.teacher)
    out(here, nov(17), nov(20))
    night(here, nov(19))  # the third day, a Thursday: the alert opens
    night(here, nov(20))
    assert standing("alert") == set()  # Friday is still the school's
    summary = night(here, nov(21))
    assert standing("alert") == {("township", nov(21)), ("bureau", nov(21))}
    assert summary["risen"] == 2
    assert set(Escalation.objects.values_list("path", flat=True)) == {
        here.township.path, here.region.path,
    }  # fmt: skip


def test_a_late_run_finds_the_same_day(here):
    out(here, nov(17), nov(20))
    night(here, nov(19))
    night(here, nov(25))
    assert {since for _, since in standing("alert")} == {nov(21)}


def test_a_handled_alert_comes_down(here):
    out(here, nov(17), nov(20))
    night(here, nov(19)), night(here, nov(21))
    alert = AbsenceAlert.objects.get()
    handling.explain(
        alert.pk, kind=AbsenceKind.LONG_LEAVE, until=LAST, proof="县医院诊断证明", by=here.office,
        on=LAST, version=alert.version,
    )  # fmt: skip
    make.second_words(LAST, here.bureau)
    assert night(here, nov(22))["ended"] == 2
    assert standing("alert") == set()
    assert set(Escalation.objects.values_list("ended_on", flat=True)) == {nov(22)}


def test_a_contact_quiets_neither_the_rise_nor_the_clock(here):
    out(here, MON, nov(9))
    night(here, nov(4))
    record_contact(
        here.student, on=today(), way=ContactWay.VISIT, contacted_on=nov(4), met=Met.GUARDIAN, note="说下周来",
        by=here.teacher, client_key="6f2c7a54-4a0e-4f41-9a0e-111111111111",
    )  # fmt: skip
    night(here, nov(9))
    assert ("bureau", nov(6)) in standing("alert")
    assert Case.objects.get().suspected_on == nov(9)


def test_a_confirmed_alert_rises_at_once_until_somebody_takes_it_up(here, settings):
    settings.KONGCHUO_TODAY = nov(19)
    out(here, nov(17), nov(19))
    night(here, nov(19))
    alert = AbsenceAlert.objects.get()
    handling.confirm(alert.pk, by=here.office, on=nov(19), version=alert.version)
    assert night(here, nov(19))["opened"] == 1  # nobody opened the case from its finding
    assert standing("alert") == {("township", nov(19)), ("bureau", nov(19))}
    Case.objects.update(state=CaseState.PERSUADING)
    night(here, nov(20))
    assert standing("alert") == set()


# a silent school, and the clocks


def test_a_silent_school_does_not_keep_a_case_from_opening(here):
    make.take(here.school_class, date(2026, 10, 30), here.teacher)
    out(here, MON, nov(9))
    night(here, nov(6)), night(here, nov(8))
    assert not Case.objects.exists()  # seven days
    summary = night(here, nov(9))
    case = Case.objects.get()
    assert (summary["opened"], summary["suspected"], summary["dropout"]) == (1, 1, 0)
    assert (case.student, case.opened_on, case.opened_by) == (here.student, nov(9), None)
    assert case.suspected_on == nov(9) and case.level is AbsenceLevel.SUSPECTED
    assert case.left.exact == MON
    finding = Finding.objects.get()
    assert (finding.alert, finding.by) == (AbsenceAlert.objects.get(), None)
    assert finding.state == FindingState.TAKEN_UP
    assert AbsenceAlert.objects.get().state == AlertState.OPEN


def test_an_explained_child_gets_no_case(here):
    out(here, MON, nov(4))
    night(here, nov(4))
    alert = AbsenceAlert.objects.get()
    handling.explain(
        alert.pk, kind=AbsenceKind.LONG_LEAVE, until=LAST, proof="县医院诊断证明", by=here.office,
        on=LAST, version=alert.version,
    )  # fmt: skip
    make.second_words(LAST, here.bureau)
    out(here, nov(5), nov(20))
    assert night(here, nov(20))["opened"] == 0


def test_dropout_is_found_on_its_day_also_by_a_late_run(here):
    out(here, MON, nov(30))
    case = case_of(here.student, on=nov(5))
    night(here, nov(30))
    case.refresh_from_db()
    assert (case.suspected_on, case.dropout_on) == (nov(9), None)
    out(here, date(2026, 12, 1), LAST)
    assert night(here, LAST)["dropout"] == 1
    case.refresh_from_db()
    assert case.dropout_on == date(2026, 12, 2)  # the 31st day, after 22 school days
    event = case.events.get(kind=EventKind.DROPOUT)
    assert (event.happened.exact, event.by, event.policy) == (date(2026, 12, 2), None, "系统设定")


def test_a_vacation_of_the_school_stops_the_clock(here):
    school = here.school_class.school
    for begins, ends in ((date(2026, 9, 1), nov(6)), (nov(16), date(2027, 1, 22))):
        make.calendar_row(DayKind.TERM, begins, ends, place=school, scope=f"school {begins}")
    out(here, MON, nov(6)), out(here, nov(16), nov(18))
    case = case_of(here.student, on=nov(5))
    night(here, nov(17))
    assert Case.objects.get().suspected_on is None  # 2-6, 16 and 17 November: seven days
    night(here, nov(18))
    case.refresh_from_db()
    assert case.suspected_on == nov(18)


def test_an_approved_leave_stops_the_clock_with_its_weekend(here):
    AuthorisedAbsence.objects.create(
        student=here.student, path=here.school_class.path, kind=AbsenceKind.SICK,
        first=nov(9), last=nov(13), state=AbsenceState.APPROVED, asked_by=here.teacher, first_by=here.office,
    )  # fmt: skip
    out(here, MON, nov(16))
    case_of(here.student, on=nov(5))
    night(here, nov(15))
    assert Case.objects.get().suspected_on is None
    night(here, nov(16))
    assert Case.objects.get().suspected_on == nov(16)


def test_dates_a_county_brought_along_stay(here):
    out(here, MON, LAST)
    case = case_of(here.student, on=nov(5))
    Case.objects.update(suspected_on=date(2025, 3, 1), dropout_on=date(2025, 4, 1))
    summary = night(here, LAST)
    case.refresh_from_db()
    assert (case.suspected_on, case.dropout_on) == (date(2025, 3, 1), date(2025, 4, 1))
    assert (summary["suspected"], summary["dropout"]) == (0, 0)


def test_a_day_before_the_second_round_says_nothing_of_it(here):
    out(here, MON, nov(20))
    case_of(here.student, on=nov(5))
    Case.objects.update(round=1, step_on=nov(20))
    night(here, nov(16))
    assert Case.objects.get().suspected_on is None
    night(here, nov(20))
    assert Case.objects.get().suspected_on == nov(9)


def test_a_year_nobody_decided_is_named_and_stops_no_other_case(here):
    out(here, MON, nov(9))
    far = make.school_class(make.school("5399010009", region_code="539901009"), 7)
    far.school.alerts_from = date(2024, 9, 1)
    far.school.save()
    lost = make.pupil(far, "娜妥", began=date(2024, 9, 1), residence_path=here.village.path)
    make.calendar_row(
        DayKind.TERM, date(2024, 9, 1), date(2024, 9, 30), place=far.school, scope="long ago"
    )
    case_of(lost, on=nov(5)), case_of(here.student, on=nov(5))
    summary = night(here, nov(9))
    assert summary["no_calendar"] and summary["suspected"] == 1


# back at school


def test_registers_that_show_the_child_ask_the_school_to_record_the_return(here):
    out(here, MON, nov(9))
    night(here, nov(9))
    make.take(here.school_class, nov(10), here.teacher)
    make.confirm_marks(nov(10))
    night(here, nov(10)), night(here, nov(10))
    asked = Deadline.objects.get(kind=DeadlineKind.RECORD_RETURN)
    assert (asked.starts_on, asked.due_on, asked.who) == (nov(10), nov(11), Role.OFFICE)
    make.take(here.school_class, nov(11), here.teacher)
    night(here, nov(11))
    out(here, nov(12), nov(12))
    night(here, nov(12))
    asked.refresh_from_db()
    assert asked.dropped_on == nov(12)
    assert Deadline.objects.filter(kind=DeadlineKind.RECORD_RETURN).count() == 1


def test_a_late_run_asks_from_the_first_day_back(here):
    out(here, MON, nov(9))
    night(here, nov(9))
    for day in (10, 11, 12):
        make.take(here.school_class, nov(day), here.teacher)
    make.confirm_marks(nov(12))
    night(here, nov(12))
    assert Deadline.objects.get(kind=DeadlineKind.RECORD_RETURN).starts_on == nov(10)


@pytest.fixture
def led(here):
    """The school of the class, led by a central school; its registers count since 2 November."""
    central = make.school("5399010005", name="白水镇中心校")
    here.school_class.school.led_by = central
    here.school_class.school.alerts_from = MON
    here.school_class.school.save()
    return central


# again, late, earlier


def test_run_twice_and_for_last_tuesday_leaves_the_database_the_same(here, led):
    out(here, MON, nov(20))
    other = make.pupil(here.school_class, "玉叫", residence_path=here.village.path)
    case_of(other, on=nov(5))
    for day in range(3, 25):
        night(here, nov(day))
    before = rows()
    assert before[0][0][1] == nov(9) or before[0][1][1] == nov(9)
    night(here, nov(24)), night(here, nov(17)), night(here, nov(10)), night(here, nov(24))
    assert rows() == before


def test_one_late_run_stores_the_days_of_a_run_each_night(here):
    out(here, MON, LAST)
    case = case_of(here.student, on=nov(3))
    night(here, LAST)
    case.refresh_from_db()
    late = (case.suspected_on, case.dropout_on, standing("deadline"))
    Escalation.objects.all().delete(), Deadline.objects.all().delete()
    CaseEvent.objects.all().delete(), case.access_rows.all().delete(), case.delete()
    AbsenceAlert.objects.all().delete()
    case = case_of(here.student, on=nov(3), note="each night")
    for day in weekdays(nov(3), LAST):
        night(here, day)
    case.refresh_from_db()
    assert (case.suspected_on, case.dropout_on, standing("deadline")) == late


def test_an_earlier_run_ends_nothing_that_rose_later(here):
    out(here, nov(17), nov(24))
    night(here, nov(19)), night(here, nov(24))
    before = standing("alert")
    assert before
    night(here, nov(20))
    assert standing("alert") == before


def test_a_worker_taken_over_writes_nothing(here):
    out(here, MON, nov(9))
    flag_absences(nov(9), here.region)
    held = claim(JOB, here.region.path, nov(9))
    held = type(held)(held.run_id, "another token")
    with pytest.raises(ClaimLost):
        escalate(nov(9), here.region, held)
    assert not Case.objects.exists() and not Escalation.objects.exists()


def statements(here, on: date) -> int:
    with CaptureQueriesContext(connection) as caught:
        escalate(on, here.region)
    return len(caught)


def test_many_cases_take_as_many_statements_as_few(here):
    children = [here.student, *make.pupils(here.school_class, 11, residence_path=here.village.path)]
    for child in children[:2]:
        case_of(child, on=nov(5))
    absent = {child.uid: Mark.ABSENT for child in children}
    for day in weekdays(MON, nov(20)):
        make.take(here.school_class, day, here.teacher, **absent)
    flag_absences(nov(20), here.region)
    escalate(nov(20), here.region)  # writes what is new
    assert Case.objects.count() == 12
    many = statements(here, nov(20))
    Case.objects.filter(student__in=children[2:]).update(state=CaseState.CLOSED, closed_on=nov(20))
    AbsenceAlert.objects.exclude(student__in=children[:2]).update(
        state=AlertState.EXPLAINED, answers_until=nov(20)
    )
    Escalation.objects.filter(student__in=children[2:]).update(ended_on=nov(20))
    few = statements(here, nov(20))
    assert many == few and many <= 60


def test_another_countys_rows_are_left_alone(here):
    of = make.school_class(make.school("5399020001", region_code="539902001"))
    far = Escalation.objects.create(
        kind=escalations.REGISTER, school_class=of, on=MON, level="bureau",
        path=make.region("539902").path, said="别县", since=MON,
    )  # fmt: skip
    night(here, nov(9))
    far.refresh_from_db()
    assert far.ended_on is None
