"""The nightly watch, through registers as teachers take them: ready, 再次辍学, never twice."""

from datetime import date

import pytest

from accounts.job_runs import run_claimed
from attendance.authorised_absences.requests import grant
from attendance.flagging import flag_absences
from attendance.models import Register
from cases.enums.records import DeadlineKind, ExitKind
from cases.enums.states import CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.intake.opening import open_case
from cases.models import Case, CaseEvent, ClosingOpinion, Deadline
from cases.returns import observing
from cases.returns.exits import leave_by_exit
from cases.returns.observing import JOB, ObservedCase, observe_case
from regions.clock import today
from regions.models import CalendarRow, Policy
from students.enums import AbsenceKind
from students.models import Finding, Student
from tests import factories as make
from tests.cases.case_county import case_of, county
from tests.cases.returned_child import BACK, DAYS, TENTH, observed, registers, returned

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = DAYS[-1]
    return county()


def run(here, on) -> dict:
    def work(held):
        return observing.observe(on, here.region, held)

    return run_claimed(JOB, here.region.path, on, work, again=True)


def rows() -> list:
    tables = [Case, CaseEvent, Deadline, ClosingOpinion, Student]
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_ten_days_in_class_are_ready_and_ask_the_school_first(here):
    case = observed(here)
    registers(here, "P" * 10)
    assert run(here, DAYS[8])["ready"] == 0
    assert run(here, TENTH) == {
        "job": "observe", "on": "2026-12-02", "observed": 1, "ready": 1, "relapsed": 0,
        "no_calendar": [],
    }  # fmt: skip
    event = case.events.get(kind=EventKind.READY)
    assert (event.happened, event.by) == (FuzzyDate.on(TENTH), None)
    assert (event.details, event.policy) == ({"days": 10, "percent": 90}, "系统设定")
    duty = case.deadlines.get(kind=DeadlineKind.SCHOOL_OPINION)
    assert (duty.who, duty.due_on, duty.article) == ("office", date(2026, 12, 7), "系统设定")
    assert case.deadlines.get(kind=DeadlineKind.OBSERVE, dropped_on=None).met_on == TENTH
    assert not case.deadlines.filter(kind=DeadlineKind.TOWNSHIP_OPINION).exists()


@pytest.mark.parametrize(
    ("text", "ready_on"),
    [
        ("PPPPUPPPPP", DAYS[9]),
        ("PPPPUUPPPPP", None),
        ("PP-PP-PPPPPP", DAYS[11]),
        ("PPPPPPPPP", None),
    ],
)
def test_the_window_grows_over_missing_registers_and_slides_over_too_many_absences(
    here, text, ready_on
):
    case = observed(here)
    registers(here, text)
    run(here, DAYS[len(text) - 1])
    event = case.events.filter(kind=EventKind.READY).first()
    assert (event.happened_from if event else None) == ready_on


def test_leave_is_not_counted(here):
    case = observed(here)
    grant(
        here.student, kind=AbsenceKind.SICK, first=DAYS[2], last=DAYS[4], reason="县医院诊断证明",
        by=here.office, on=DAYS[4],
    )  # fmt: skip
    registers(here, "PPUUUPPPPPPPP")
    assert run(here, DAYS[11])["ready"] == 0
    assert run(here, DAYS[12])["ready"] == 1
    assert not case.events.filter(kind=EventKind.RELAPSED).exists()


def test_an_open_alert_is_not_ready(here):
    case = observed(here)
    registers(here, "PPPPPPPPPL")
    flag_absences(TENTH, here.region)
    assert run(here, TENTH)["ready"] == 0
    registers(here, "P", first=10)
    flag_absences(DAYS[10], here.region)
    assert run(here, DAYS[10])["ready"] == 1
    assert case.events.get(kind=EventKind.READY).happened_from == TENTH


def test_a_child_not_yet_placed_is_watched_and_never_ready(here):
    returned(here)
    registers(here, "P" * 12)
    assert run(here, DAYS[11]) == run(here, DAYS[11]) | {"observed": 1, "ready": 0}


def test_three_unexplained_days_again_reopen_the_case_and_start_the_ladder_anew(here):
    case = observed(here)
    Case.objects.filter(pk=case.pk).update(step=Step.ORDER, suspected_on=date(2026, 10, 1))
    registers(here, "PPPUU-U")
    assert run(here, DAYS[5])["relapsed"] == 0
    before = Case.objects.get(pk=case.pk).version
    assert run(here, DAYS[6])["relapsed"] == 1
    case.refresh_from_db()
    assert (case.state, case.step, case.round) == (CaseState.PERSUADING, Step.PERSUADE, 1)
    assert (case.suspected_on, case.returned_on, case.placement) == (None, None, "")
    assert (case.left_from, case.version) == (DAYS[3], before + 1)
    event = case.events.get(kind=EventKind.RELAPSED)
    assert event.round == 1 and event.happened == FuzzyDate.on(DAYS[6])
    assert event.policy == "云政办规〔2022〕5号 第4条"
    assert event.details == {
        "days": ["2026-11-24", "2026-11-25", "2026-11-27"],
        "returned_on": "2026-11-19",
        "step": "order",
    }
    standing = case.deadlines.standing()
    assert [(d.kind, d.due_on, d.round) for d in standing] == [("verify", DAYS[7], 1)]


def test_the_days_before_the_return_are_not_counted_against_it(here):
    """Absent on the day of return and before: only what follows the return counts."""
    for day in (date(2026, 11, 17), date(2026, 11, 18)):
        make.take(here.school_class, day, here.teacher, **{here.student.uid: "absent"})
    case = observed(here)
    registers(here, "U")
    assert run(here, BACK)["relapsed"] == 0
    registers(here, "UU", first=1)
    assert run(here, DAYS[2])["relapsed"] == 1
    assert Case.objects.get(pk=case.pk).left_from == BACK


def test_run_twice_late_and_for_earlier_days_leaves_the_database_the_same(here):
    observed(here)
    registers(here, "PPPPPPUUPPP-PUU")
    for day in DAYS:
        run(here, day)
    before = rows()
    for day in (DAYS[-1], DAYS[12], DAYS[3], BACK, DAYS[-1]):
        run(here, day)
        assert rows() == before, day


@pytest.mark.parametrize("text", ["PPPPPPPPPPUUU", "PPPUUUPPPPPPP", "P-PPSSSPPPPPPPP", "PPPSSSSP"])
def test_a_night_that_was_missed_changes_nothing_that_is_said(here, text):
    """Every night, or once a week later: the same events on the same days."""
    case = observed(here)
    registers(here, text)
    run(here, DAYS[len(text) - 1])

    def said():
        kinds = [EventKind.READY, EventKind.RELAPSED]
        events = case.events.filter(kind__in=kinds).order_by("pk")
        return [(e.kind, e.happened_from, e.details.get("days")) for e in events]

    late = said()
    CaseEvent.objects.filter(kind__in=["ready", "relapsed"]).delete()
    Case.objects.filter(pk=case.pk).update(
        state=case.state, round=0, returned_on=BACK, placement=case.placement,
        placed_class=case.placed_class, left_from=case.left_from, left_to=case.left_to,
    )  # fmt: skip
    for day in DAYS[: len(text)]:
        run(here, day)
    assert said() == late and late


def test_a_register_corrected_after_the_relapse_takes_nothing_back(here):
    case = observed(here)
    registers(here, "PUUU")
    run(here, DAYS[3])
    for day in DAYS[1:4]:
        taken = Register.objects.get(school_class=here.school_class, on=day)
        make.take(here.school_class, day, here.office, version=taken.version, reason="补更正")
    run(here, DAYS[3])
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.PERSUADING, 1)


def test_a_day_nobody_decided_is_named_and_not_guessed(here):
    case = observed(here)
    registers(here, "P")
    CalendarRow.objects.filter(kind="term").update(ends=date(2026, 11, 20))
    make.term(begins=date(2027, 8, 1), ends=date(2027, 12, 1))
    summary = run(here, DAYS[5])
    assert summary["observed"] == 0 and "学期没有录入" in summary["no_calendar"][0]
    assert Case.objects.get(pk=case.pk).state == CaseState.OBSERVING


def test_a_county_may_ask_for_more(here):
    Policy.objects.create(
        region=here.region, key="observation_days", value="12", since=date(2026, 9, 1),
        source="县教发〔2026〕3号",
    )  # fmt: skip
    case = observed(here)
    registers(here, "P" * 12)
    assert run(here, TENTH)["ready"] == 0
    run(here, DAYS[11])
    assert case.events.get(kind=EventKind.READY).policy == "县教发〔2026〕3号；系统设定"


def test_the_earliest_day_moves_with_days_nobody_took(settings):
    settings.KONGCHUO_TODAY = DAYS[1]
    here = county()
    case = observed(here)
    registers(here, "P")
    found = observe_case(case, DAYS[0])
    assert isinstance(found, ObservedCase) and found.earliest == TENTH
    run(here, DAYS[0])
    due = case.deadlines.standing().get(kind=DeadlineKind.OBSERVE)
    settings.KONGCHUO_TODAY = DAYS[3]
    registers(here, "-P-", first=1)
    run(here, DAYS[3])
    moved = case.deadlines.standing().get(kind=DeadlineKind.OBSERVE)
    assert (due.due_on, moved.due_on) == (TENTH, DAYS[10])


def test_later_than_the_watch_is_a_new_case_that_names_the_old_one(here):
    case = observed(here)
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_on=TENTH)
    registers(here, "P" * 10 + "UUU")
    assert run(here, DAYS[12])["observed"] == 0
    finding = Finding.objects.create(student=here.student, kind="alert", on=DAYS[12], by=None)
    again = open_case(finding, by=None, on=DAYS[12])
    assert (again.previous, again.round) == (case, 0)


@pytest.mark.parametrize(("text", "met_on"), [("UUPP", DAYS[2]), ("PPUU", None)])
def test_a_child_back_after_its_exit_expired_needs_no_asking(here, text, met_on):
    case = case_of(here.student, on=BACK)
    leave_by_exit(
        case.uid, ExitKind.SUSPENDED, on=today(), by=here.officer, approved=BACK, version=1, proof="县医院诊断证明",
        until=DAYS[1],
    )  # fmt: skip
    registers(here, text)
    for _ in range(2):
        run(here, DAYS[3])
        assert case.deadlines.get(kind=DeadlineKind.EXIT_ENDS).met_on == met_on


def test_the_number_of_statements_does_not_grow_with_the_children(
    here, django_assert_max_num_queries
):
    for n in range(12):
        here.student = make.pupil(here.school_class, f"岩{n}")
        observed(here)
    for day in DAYS[:3]:
        make.take(here.school_class, day, here.teacher)
    run(here, DAYS[2])
    with django_assert_max_num_queries(19):
        observing.observe(DAYS[2], here.region)
