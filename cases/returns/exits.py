"""依规办结 and 恢复办理: a case leaves by the closed list of lawful reasons, and comes back from it."""

from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.attachments import attach
from accounts.enums import Precision, Role
from accounts.models import User
from accounts.reach import Held
from attendance import handling
from attendance.alerts import recompute
from attendance.authorised_absences.lawful_exits import end_exit, enter_exit, last_of_exit
from attendance.authorised_absences.term_ends import SPREAD
from cases import history as events
from cases.case_deadlines import set_deadline
from cases.enums.records import EVIDENCE, DeadlineKind, ExitKind
from cases.enums.states import CaseState, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.law.exits import EXITS, Exit, why_not
from cases.lifecycle import release, restart
from cases.models import Case
from cases.permissions import CaseRight, acting, fetch
from regions.refusals import Refused
from regions.rules.classnames import school_year
from students import enrolments
from students.models import Student

REMIND = timedelta(days=30)
ONE_DAY = timedelta(days=1)
SHORTEST_REASON = 4
YEAR_ENDS = (8, 31)


@transaction.atomic
def leave_by_exit(
    uid: str,
    kind: ExitKind,
    *,
    by: User,
    on: date,
    approved: date | FuzzyDate | None = None,
    version: int,
    proof: str,
    until: date | None = None,
    where_to: str = "",
    approver_note: str = "",
    file: UploadedFile | None = None,
) -> Case:
    """End an open case by a lawful reason, approved by `by` on proof seen, until a day where the
    reason expires. `approved` is the day it was approved, `on` where nothing
    else is said. Writes what it does to the roll: a status with its days, or leaving it.

    A reason without a day of its own ends with the school year while the child stands on a roll.
    """
    case = fetch(uid, CaseRight.EXIT, by=by, version=version)
    given = approved or on
    when = given if isinstance(given, FuzzyDate) else FuzzyDate.on(given)
    day = min(when.latest or on, on)
    seats = acting(by, case)
    refusal = _refusal(case, kind, when, on, until) or why_not(
        kind,
        frozenset(held.role for held in seats),
        proof=proof,
        until=until is not None,
        age=case.student.age(day) if case.student.birth_on else None,
        where_to=where_to,
    )
    if refusal:
        raise Refused(refusal)
    row, before = EXITS[kind], case.state
    seat = next(held for held in seats if held.role in row.approvers)
    laid = None
    if file:
        laid = attach(file, kind=EVIDENCE, uid=case.uid, path=case.county_path, by=by)
    case.state, case.exit_kind = CaseState.EXITED, kind
    case.exit_until, case.closed_on = _ends(case, row, until, day), day
    case.save(update_fields=["state", "exit_kind", "exit_until", "closed_on"])
    _write_roll(case, row, day, proof=proof, where_to=where_to.strip(), seat=seat, by=by)
    release(case, day)
    _remind(case, row, day)
    events.write(
        case,
        EventKind.EXITED,
        by=by,
        happened=when,
        policy=row.cites,
        note="；".join(
            part.strip()
            for part in (kind.label, where_to, proof, approver_note, _spread_words(case, until))
            if part.strip()
        ),
        details={
            "kind": kind,
            "from": before,
            "step": case.step,
            "until": case.exit_until.isoformat() if case.exit_until else "",
        },
        sensitive=row.sensitive,
        seat=seat,
        file=laid,
    )
    return case


def _refusal(
    case: Case, kind: ExitKind, when: FuzzyDate, on: date, until: date | None
) -> str | None:
    first = when.earliest or (when.latest if when.precision is Precision.DAY else None)
    if not case.is_open:
        return f"这份档案{case.state_label}，不能再办结。"
    if first and first > on:
        return "办结日期还没有到，请填实际批准的那一天。"
    if until and until <= min(when.latest or on, on):
        return f"截止日期要晚于{kind.label}开始的日期。"
    return None


def _ends(case: Case, row: Exit, until: date | None, on: date) -> date | None:
    """The last day of a reason: as given, else the end of the school year; none off the roll. 借读
    to the end of a term ends on one of the first days of the next."""
    last = until if row.expires else date(school_year(on) + 1, *YEAR_ENDS)
    if row.status is None:
        return until if row.expires else None
    return last_of_exit(case.student, row.status, on, last) if last else None


def _spread_words(case: Case, until: date | None) -> str:
    ends = case.exit_until
    return f"{SPREAD}，这一份到 {ends:%Y-%m-%d}" if until and ends and ends != until else ""


def _write_roll(
    case: Case, row: Exit, on: date, *, proof: str, where_to: str, seat: Held, by: User
) -> None:
    """A status with its days, or off the roll; then alerts are judged again by what stands now."""
    student, until = case.student, case.exit_until
    if row.status and until:
        enter_exit(
            student, row.status, first=on, last=until, proof=proof, cause=ExitKind(case.exit_kind).label,
            approver=seat.unit, sensitive=row.sensitive, by_township=seat.role is Role.TOWNSHIP,
            by=by, on=on,
        )  # fmt: skip
    if row.ended and student.enrolments.open().exists():
        enrolments.leave_roll(student, on=on, how=row.ended, by=by, where_to=where_to)
    if student.school_path:
        recompute([student.pk], student.school_path, by=by)


def _remind(case: Case, row: Exit, on: date) -> None:
    if case.exit_until:
        set_deadline(
            case,
            DeadlineKind.EXIT_ENDS,
            starts_on=on,
            due_on=max(on, case.exit_until - REMIND),
            who=Role.TOWNSHIP,
            article=row.cites,
            note=f"{case.exit_until:%Y-%m-%d} 到期",
        )


@transaction.atomic
def reopen_exit(uid: str, *, by: User, on: date, version: int, note: str) -> Case:
    """A lawful reason ended, or proved untrue, and the child is not back: persuasion starts again.

    A new absence is a new violation: the ladder begins anew, papers of before are spent. A status
    that still runs ends the day before.
    """
    case = fetch(uid, CaseRight.REOPEN, by=by, version=version)
    Student.objects.select_for_update(of=("self",)).get(pk=case.student_id)
    _refuse_reopening(case, on, note)
    return take_up_again(case, on, by=by, note=note)


def take_up_again(case: Case, on: date, *, by: User | None, note: str) -> Case:
    """The exit is over and the child is not back. The case and its student are locked."""
    kind, until = ExitKind(case.exit_kind), case.exit_until
    gone = until + ONE_DAY if until and until < on else on
    case.round += 1
    case.left_from = case.left_to = gone
    case.left_precision = Precision.DAY
    restart(case, on)
    Student.objects.filter(pk=case.student_id).update(case_since=on)
    handling.case_resumed(case.student_id)
    end_status(case.student, EXITS[kind], on, by=by)
    events.write(
        case,
        EventKind.REOPENED,
        by=by,
        happened=FuzzyDate.on(on),
        note=note.strip(),
        details={"kind": kind, "until": until.isoformat() if until else ""},
        policy=EXITS[kind].cites,
        sensitive=EXITS[kind].sensitive,
    )
    return case


def _refuse_reopening(case: Case, on: date, note: str) -> None:
    if case.state != CaseState.EXITED:
        raise Refused("只有依规办结的档案可以恢复办理。")
    kind = ExitKind(case.exit_kind)
    if not EXITS[kind].may_come_back:
        raise Refused(f"{kind.label}不能恢复办理；登记有误的，请县教育体育局认定。")
    if case.closed_on and on < case.closed_on:
        raise Refused("恢复办理的日期早于办结日期，请核对。")
    if len(note.strip()) < SHORTEST_REASON:
        raise Refused("请写明为什么恢复办理，例如“休学期满未返校”。")
    if case.student.cases.open().exists():
        raise Refused("这名学生已有一份在办的档案，请在那份档案里办理。")


def end_status(student: Student, row: Exit, on: date, *, by: User | None) -> None:
    """The status of an exit ends the day before `on`."""
    if row.status is None:
        return
    end_exit(student, row.status, on, by=by, note="依规办结的事由结束")
