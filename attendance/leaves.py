"""Leave: asked for by the class teacher, decided by the school, and followed by the alerts."""

from datetime import date, timedelta

from django.db import transaction

from accounts import history
from accounts.models import User
from attendance import alerts
from attendance.rights import MAY, REFUSALS, RegisterRight
from regions.clock import now
from regions.refusals import Refused
from regions.rules.day_words import day_in_words
from regions.rules.lengths import whole
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence, Student

LONGEST = timedelta(days=60)
SAME = ("kind", "first", "last", "cause", "state", "asked_by_id")
STANDING = [AbsenceState.ASKED, AbsenceState.PASSED, AbsenceState.APPROVED]
OVERLAP = "已有请假申请（{state}），和 {days} 的申请重叠。请只填还没有申请过的日子。"


@transaction.atomic
def ask(
    student: Student, *, kind: AbsenceKind, first: date, last: date, reason: str, by: User, on: date
) -> AuthorisedAbsence:
    """Ask for leave over days, both included. It waits for the school; until then it excuses nothing.

    The same request again is the one that stands; Refused when its days overlap another.
    """
    if not by.reach.holds(*MAY[RegisterRight.ASK_LEAVE], over=student.school_path):
        raise Refused(REFUSALS[RegisterRight.ASK_LEAVE])
    _refuse_dates(first, last)
    wanted = AuthorisedAbsence(
        student=student,
        kind=kind,
        first=first,
        last=last,
        cause=whole(reason, 200, "请假原因"),
        state=AbsenceState.ASKED,
        asked_by=by,
        path=student.school_path,
    )
    if standing := _standing(wanted):
        return standing
    wanted.save()
    _record("leaves.ask", wanted, by, on)
    alerts.recompute([student.pk], student.school_path, by=by)
    return wanted


@transaction.atomic
def decide(
    leave_id: int, *, approve: bool, by: User, on: date, note: str = ""
) -> AuthorisedAbsence:
    """Grant or refuse a request, also after the fact; alerts on its days are judged again."""
    asked = AuthorisedAbsence.objects.leaves().visible_to(by)
    leave = asked.select_for_update(of=("self",)).get(pk=leave_id)
    if not by.reach.holds(*MAY[RegisterRight.DECIDE_LEAVE], over=leave.path):
        raise Refused(REFUSALS[RegisterRight.DECIDE_LEAVE])
    if leave.state != AbsenceState.ASKED:
        raise Refused(f"这份请假{AbsenceState(leave.state).label}，不能再改。")
    leave.state = AbsenceState.APPROVED if approve else AbsenceState.REFUSED
    leave.first_by, leave.first_at = by, now()
    leave.save(update_fields=["state", "first_by", "first_at"])
    _record("leaves.decide", leave, by, on, note)
    alerts.recompute([leave.student_id], leave.path, by=by)
    return leave


@transaction.atomic
def grant(
    student: Student,
    *,
    kind: AbsenceKind,
    first: date,
    last: date,
    reason: str,
    by: User,
    on: date,
    explains: bool = False,
) -> AuthorisedAbsence:
    """Enter leave the school has already granted.

    The same leave again is the one that stands; Refused when its days overlap another, unless it
    `explains` a run of absences: leave that was asked for may hold some days of the run.
    """
    if not by.reach.holds(*MAY[RegisterRight.DECIDE_LEAVE], over=student.school_path):
        raise Refused(REFUSALS[RegisterRight.DECIDE_LEAVE])
    _refuse_dates(first, last)
    wanted = AuthorisedAbsence(
        student=student,
        kind=kind,
        first=first,
        last=last,
        cause=whole(reason, 200, "请假原因"),
        state=AbsenceState.APPROVED,
        asked_by=by,
        first_by=by,
        first_at=now(),
        path=student.school_path,
    )
    if not explains and (standing := _standing(wanted)):
        return standing
    wanted.save()
    _record("leaves.grant", wanted, by, on)
    alerts.recompute([student.pk], student.school_path, by=by)
    return wanted


def _standing(wanted: AuthorisedAbsence) -> AuthorisedAbsence | None:
    """The same leave, made before by the same user (a second tap of the button); None where no day
    is asked for yet. Locks the student, so of two requests the second sees the first.

    Raises Refused when some other request holds one of the days.
    """
    Student.objects.select_for_update(of=("self",)).get(pk=wanted.student_id)
    overlapping = (
        AuthorisedAbsence.objects.leaves()
        .filter(
            student=wanted.student_id,
            state__in=STANDING,
            first__lte=wanted.last,
            last__gte=wanted.first,
        )
        .order_by("first", "pk")
    )
    for leave in overlapping:
        if all(getattr(leave, name) == getattr(wanted, name) for name in SAME):
            return leave
    if overlapping:
        state = AbsenceState(overlapping[0].state).label
        raise Refused(OVERLAP.format(state=state, days=_days(overlapping[0], wanted.first)))
    return None


def _days(leave: AuthorisedAbsence, on: date) -> str:
    """11月23日 至 11月24日, or the one day."""
    days = dict.fromkeys(day_in_words(day, on) for day in (leave.first, leave.last))
    return " 至 ".join(days)


def _refuse_dates(first: date, last: date) -> None:
    if last < first:
        raise Refused("请假的结束日期早于开始日期，请改正。")
    if last - first > LONGEST:
        raise Refused("请假超过 60 天，请办理休学，或在状态文件里登记长期请假。")


def _record(verb: str, leave: AuthorisedAbsence, by: User, on: date, note: str = "") -> None:
    history.record(
        verb,
        "student",
        leave.student.uid,
        path=leave.path,
        by=by,
        on=on,
        after={
            "leave": leave.pk,
            "kind": leave.kind,
            "state": leave.state,
            "first": leave.first.isoformat(),
            "last": leave.last.isoformat(),
        },
        note=note or leave.cause,
    )
