"""依规办结: the closed list, its proof, its approvers, its days; and coming back from it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.enums import Role
from attendance.enums import AlertState
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from cases.enums.records import DeadlineKind, ExitKind
from cases.enums.states import CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.law.exits import EXITS, Counts, why_not
from cases.models import Case
from cases.returns import exits_table
from cases.returns.exits import leave_by_exit, reopen_exit
from regions.clock import today
from regions.refusals import Refused
from reports.enums import StudentStatus
from reports.rules.student_status import EFFECTS, EXIT_AS
from students.enums import AbsenceKind, Ended
from students.models import AuthorisedAbsence, Student
from tests.cases.case_county import case_of, county
from tests.cases.returned_child import BACK, DAYS, observed, registers, version

ROOT = Path(__file__).resolve().parents[2]
ON, UNTIL = date(2026, 11, 20), date(2027, 3, 1)
T, B = Role.TOWNSHIP, Role.BUREAU


@pytest.mark.parametrize(
    ("kind", "approvers", "expires", "on_roll", "counts"),
    [
        (ExitKind.DEFERRED, {T, B}, True, False, Counts.BY_VARIANT),
        (ExitKind.SUSPENDED, {T, B}, True, True, Counts.BY_VARIANT),
        (ExitKind.HOME_TEACHING, {B}, True, True, Counts.YES),
        (ExitKind.SPECIAL_SCHOOL, {B}, False, True, Counts.YES),
        (ExitKind.REHAB, {B}, True, True, Counts.BY_VARIANT),
        (ExitKind.TRANSFER_OUT, {B}, False, False, Counts.NO),
        (ExitKind.STUDY_ELSEWHERE, {B}, True, True, Counts.YES),
        (ExitKind.ABROAD, {B}, False, False, Counts.NO),
        (ExitKind.DECEASED, {B}, False, False, Counts.NO),
        (ExitKind.MISSING, {T}, False, True, Counts.OWN_LINE),
        (ExitKind.CORRECTIONAL, {B}, True, True, Counts.YES),
        (ExitKind.VOCATIONAL, {B}, False, True, Counts.YES),
        (ExitKind.OVERAGE, {B}, False, True, Counts.OWN_LINE),
        (ExitKind.GRADUATED, {B}, False, False, Counts.YES),
    ],
)
def test_the_table(kind, approvers, expires, on_roll, counts):
    row = EXITS[kind]
    assert (set(row.approvers), row.expires, row.on_roll, row.counts) == (
        approvers, expires, on_roll, counts,
    )  # fmt: skip
    assert row.proof and row.effect and row.cites


def test_the_list_is_closed_and_complete():
    assert set(EXITS) == set(ExitKind)
    assert all(not row.on_roll for row in EXITS.values() if row.ended)
    assert all(row.status for row in EXITS.values() if not row.ended), "none goes on alarming"


def test_the_table_of_exits_and_the_table_of_rates_say_the_same():
    """What an exit does to the denominators is what the bucket it leads to does."""
    for kind, row in EXITS.items():
        left = {ExitKind.TRANSFER_OUT: StudentStatus.TRANSFER_OUT}.get(kind, EXIT_AS[kind])
        effect = EFFECTS[left]
        assert (row.counts is Counts.NO) is not (effect.expected or effect.retained), kind
        assert (row.counts is Counts.BY_VARIANT) is effect.excused, kind
        assert (row.counts is Counts.OWN_LINE) is (
            effect.expected and not effect.retained and not effect.excused
        ), kind


@pytest.mark.parametrize(
    ("kind", "roles", "proof", "until", "age", "said"),
    [
        (ExitKind.SUSPENDED, {T}, "县医院诊断证明", True, 13, None),
        (ExitKind.SUSPENDED, {B}, "县医院诊断证明", True, 13, None),
        (ExitKind.SUSPENDED, {Role.OFFICE}, "县医院诊断证明", True, 13, "由责任乡镇或县教育体育局批准"),
        (ExitKind.SUSPENDED, set(), "县医院诊断证明", True, 13, "由责任乡镇或县教育体育局批准"),
        (ExitKind.SUSPENDED, {T}, "证明", True, 13, "请写明看到了什么证明：医疗证明"),
        (ExitKind.SUSPENDED, {T}, "县医院诊断证明", False, 13, "休学要有截止日期"),
        (ExitKind.TRANSFER_OUT, {T}, "接收证明一份", False, 13, "由县教育体育局批准"),
        (ExitKind.TRANSFER_OUT, {B}, "接收证明一份", False, 13, "请写明去向"),
        (ExitKind.STUDY_ELSEWHERE, {T}, "在读证明一份", True, 13, "由县教育体育局批准"),
        (ExitKind.OVERAGE, {B}, "户口簿复印件", False, 15, "还在义务教育年龄内"),
        (ExitKind.OVERAGE, {B}, "户口簿复印件", False, 16, None),
        (ExitKind.OVERAGE, {B}, "户口簿复印件", False, None, None),
    ],
)  # fmt: skip
def test_why_an_exit_is_refused(kind, roles, proof, until, age, said):
    refusal = why_not(kind, frozenset(roles), proof=proof, until=until, age=age)
    assert refusal is None if said is None else said in (refusal or "")


def test_the_table_in_docs_is_drawn_from_the_code():
    doc = (ROOT / "docs" / "exits.md").read_text(encoding="utf-8")
    assert doc == exits_table.draw(), "run manage.py draw_docs"


@pytest.fixture
def here(settings, db):
    settings.KONGCHUO_TODAY = DAYS[-1]
    return county()


@pytest.fixture
def case(here):
    return case_of(here.student, on=BACK)


def leave(case, kind, by, **more):
    asked = {"approved": ON, "proof": "县医院诊断证明，11月18日"} | more
    if EXITS[kind].elsewhere:
        asked.setdefault("where_to", "邻县第一中学")
    if EXITS[kind].expires:
        asked.setdefault("until", UNTIL)
    return leave_by_exit(case.uid, kind, on=today(), by=by, version=version(case), **asked)


def test_a_suspension_ends_the_case_and_stands_on_the_roll_with_its_days(here, case):
    leave(case, ExitKind.SUSPENDED, here.officer)
    case.refresh_from_db()
    assert (case.state, case.exit_kind, case.exit_until) == ("exited", "suspended", UNTIL)
    spell = AuthorisedAbsence.objects.get()
    assert (spell.kind, spell.first, spell.last) == (AbsenceKind.SUSPENDED, ON, UNTIL)
    assert here.student.enrolments.open().exists()
    assert Student.objects.get().case_since is None
    [due] = case.deadlines.standing()
    assert (due.kind, due.due_on) == (DeadlineKind.EXIT_ENDS, UNTIL - timedelta(days=30))
    event = case.events.get(kind=EventKind.EXITED)
    assert event.sensitive and event.role == Role.TOWNSHIP and event.policy == "义务教育法 第11条"
    assert event.details == {
        "kind": "suspended", "from": "verifying", "step": "persuade", "until": "2027-03-01",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "ended"),
    [
        (ExitKind.TRANSFER_OUT, Ended.TRANSFER_OUT),
        (ExitKind.ABROAD, Ended.ABROAD),
        (ExitKind.DECEASED, Ended.DECEASED),
        (ExitKind.GRADUATED, Ended.GRADUATED),
        (ExitKind.MISSING, ""),
        (ExitKind.VOCATIONAL, ""),
        (ExitKind.SPECIAL_SCHOOL, ""),
    ],
)
def test_what_an_exit_does_to_the_roll(here, case, kind, ended):
    by = here.bureau if Role.BUREAU in EXITS[kind].approvers else here.officer
    leave(case, kind, by)
    spell = here.student.enrolments.get()
    assert (spell.how_ended, spell.ended) == (ended, ON if ended else None)
    assert spell.where_to == ("邻县第一中学" if EXITS[kind].elsewhere else "")
    lawful = AuthorisedAbsence.objects.filter(kind=AbsenceKind.LAWFUL, last=date(2027, 8, 31))
    assert lawful.exists() is not bool(ended)
    assert Case.objects.get(pk=case.pk).state == CaseState.EXITED


def test_an_alert_goes_when_the_days_have_a_lawful_reason(here):
    registers(here, "UUU")
    flag_absences(DAYS[2], here.region)
    assert AbsenceAlert.objects.get().state == AlertState.OPEN
    case = case_of(here.student, on=DAYS[2])
    leave(case, ExitKind.SUSPENDED, here.officer, approved=DAYS[0])
    flag_absences(DAYS[2], here.region)
    assert AbsenceAlert.objects.get().state == AlertState.WITHDRAWN


def test_who_approves(here, case):
    for by, kind in [
        (here.office, ExitKind.SUSPENDED),
        (here.county_office, ExitKind.SUSPENDED),
        (here.officer, ExitKind.TRANSFER_OUT),
        (here.teacher, ExitKind.SUSPENDED),
    ]:
        with pytest.raises(Refused):
            leave(case, kind, by)
    with pytest.raises(Case.DoesNotExist):
        leave(case, ExitKind.SUSPENDED, here.neighbour)
    assert Case.objects.get(pk=case.pk).state == CaseState.VERIFYING


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"until": None}, "截止日期"),
        ({"until": ON}, "晚于休学开始"),
        ({"approved": date(2026, 12, 20)}, "还没有到"),
        ({"proof": "  "}, "请写明看到了什么证明"),
    ],
)
def test_days_and_proof_are_asked_for_and_a_refusal_leaves_nothing(here, case, more, said):
    with pytest.raises(Refused, match=said):
        leave(case, ExitKind.SUSPENDED, here.officer, **more)
    assert not AuthorisedAbsence.objects.exists()
    assert Case.objects.get(pk=case.pk).version == 1


def test_a_returned_child_may_become_suspended_on_a_day_known_as_not_later_than(here):
    case = observed(here)
    when = FuzzyDate.not_later(date(2026, 11, 25))
    leave(case, ExitKind.SUSPENDED, here.officer, approved=when)
    event = case.events.get(kind=EventKind.EXITED)
    assert event.happened == when and event.details["from"] == "observing"
    assert Case.objects.get(pk=case.pk).returned_on == BACK


def test_a_closed_case_takes_no_exit(here, case):
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_on=ON)
    with pytest.raises(Refused, match="已销号，不能再办结"):
        leave(case, ExitKind.SUSPENDED, here.officer)


def reopen(case, by, on=DAYS[-1], note="休学期满未返校"):
    return reopen_exit(case.uid, by=by, on=on, version=version(case), note=note)


def test_an_exit_that_ended_without_the_child_goes_back_to_persuasion(here, case):
    Case.objects.filter(pk=case.pk).update(step=Step.ORDER)
    leave(case, ExitKind.SUSPENDED, here.officer, until=date(2026, 11, 30))
    before = version(case)
    reopen(case, here.officer)
    case.refresh_from_db()
    assert (case.state, case.step, case.round) == (CaseState.PERSUADING, Step.PERSUADE, 1)
    assert (case.exit_kind, case.exit_until, case.closed_on) == ("", None, None)
    assert (case.left_from, case.version) == (date(2026, 12, 1), before + 1)
    assert [d.kind for d in case.deadlines.standing()] == [DeadlineKind.VERIFY]
    assert case.events.get(kind=EventKind.REOPENED).details["until"] == "2026-11-30"
    assert Student.objects.get().case_since == DAYS[-1]


def test_a_reason_that_proved_untrue_stops_explaining_days(here, case):
    leave(case, ExitKind.STUDY_ELSEWHERE, here.bureau)
    reopen(case, here.officer, note="对方学校回函：查无此人")
    assert AuthorisedAbsence.objects.get().last == DAYS[-1] - timedelta(days=1)


def test_what_cannot_be_reopened(here, case):
    with pytest.raises(Refused, match="只有依规办结"):
        reopen(case, here.officer)
    leave(case, ExitKind.DECEASED, here.bureau)
    with pytest.raises(Refused, match="死亡不能恢复办理"):
        reopen(case, here.officer)


def test_reopening_wants_its_reason_and_no_other_open_case(here, case):
    leave(case, ExitKind.SUSPENDED, here.officer)
    with pytest.raises(Refused, match="请写明为什么"):
        reopen(case, here.officer, note="")
    case_of(here.student, on=DAYS[-1], note="again")
    with pytest.raises(Refused, match="已有一份在办的档案"):
        reopen(case, here.officer)
