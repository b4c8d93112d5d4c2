"""Days explained because a case left by a lawful reason: the case file decides, this door writes."""

from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from attendance.authorised_absences.term_ends import spread_last
from attendance.authorised_absences.writing import judge_again, lock, make_room, record, shorten
from attendance.rules.absence_kinds import KINDS
from attendance.rules.second_word import Span
from regions.clock import now
from regions.rules.lengths import whole
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence, Student

ONE_DAY = timedelta(days=1)
LAWFUL_BUT = "乡镇已批准（义务教育法第11条），不发预警；县教育体育局批准后计入各项比率"


@transaction.atomic
def enter_exit(
    student: Student,
    kind: AbsenceKind,
    *,
    first: date,
    last: date,
    proof: str,
    cause: str,
    approver: str,
    sensitive: bool,
    by_township: bool,
    by: User,
    on: date,
) -> AuthorisedAbsence:
    """The days of an exit that `by` has approved. What held some of them gives way.

    休学 and 延缓入学 by the township explain at once and wait for the bureau's word in the rates.
    """
    lock(student.pk)
    note = f"改为{kind.label}"
    make_room(student.pk, Span(first, last), by=by, on=on, note=note)
    waits = by_township and KINDS[kind].lawful
    absence = AuthorisedAbsence.objects.create(
        student=student, path=student.school_path, kind=kind, first=first, last=last,
        cause=whole(cause, 200, "事由"), proof=whole(proof.strip(), 200, "看到的证明"),
        approver=approver, sensitive=sensitive, asked_by=by, first_by=by, first_at=now(),
        state=AbsenceState.PASSED if waits else AbsenceState.APPROVED,
        by_township=waits, why_second=LAWFUL_BUT if waits else "",
    )  # fmt: skip
    record("exit", absence, by, on)
    judge_again(absence, by)
    return absence


def last_of_exit(student: Student, kind: AbsenceKind, first: date, last: date) -> date:
    """The last day of an exit that is to end on `last`: 借读 to the end of a term spreads."""
    return spread_last(
        AuthorisedAbsence(
            student=student, path=student.school_path, kind=kind, first=first, last=last
        )
    )


@transaction.atomic
def end_exit(student: Student, kind: AbsenceKind, on: date, *, by: User | None, note: str) -> None:
    """What runs on `on` of a kind ends the day before: the child is back, or its reason over."""
    lock(student.pk)
    for absence in student.authorised.explaining().on(on).filter(kind=kind):
        absence.student = student
        shorten(absence, max(absence.first, on - ONE_DAY), by=by, on=on, note=note)
        judge_again(absence, by)
