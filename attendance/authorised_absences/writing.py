"""The pen of the table: each change of a row with its line of history and the alerts judged again."""

from datetime import date, timedelta

from accounts import history
from accounts.models import User
from attendance import alerts
from attendance.authorised_absences.weighing import span_of
from attendance.rights import MAY, REFUSALS, RegisterRight
from attendance.rules.second_word import Span
from regions.refusals import Refused
from regions.rules.day_words import span_in_words
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence, Student

ONE_DAY = timedelta(days=1)
OVERLAP = "已有{kind}（{state}），和 {days} 的重叠。请只填还没有办过手续的日子。"


def lock(student_id: int) -> None:
    """Of two requests for one child the second sees the first."""
    Student.objects.select_for_update(of=("self",)).get(pk=student_id)


def locked(absence_id: int, by: User) -> AuthorisedAbsence:
    """The row within reach, with its child, both locked. Raises DoesNotExist."""
    reached = AuthorisedAbsence.objects.visible_to(by)
    absence = reached.select_related("student").get(pk=absence_id)
    lock(absence.student_id)
    fresh = AuthorisedAbsence.objects.select_related("student", "asked_by", "first_by")
    return fresh.select_for_update(of=("self",)).get(pk=absence.pk)


def require(right: RegisterRight, by: User, path: str) -> None:
    if not by.reach.holds(*MAY[right], over=path):
        raise Refused(REFUSALS[right])


def require_state(absence: AuthorisedAbsence, *states: AbsenceState) -> None:
    if absence.state not in states:
        raise Refused(f"这份{absence.get_kind_display()}{absence.get_state_display()}，不能再改。")


def crossing(
    student_id: int, span: Span, *, but: int | None = None, approved: bool = False
) -> list[AuthorisedAbsence]:
    """The child's requests that hold a day of the span, first ones first."""
    near = AuthorisedAbsence.objects.filter(
        student=student_id, first__lte=span.last, last__gte=span.first
    )
    if but is not None:
        near = near.exclude(pk=but)
    rows = near.approved() if approved else near.standing()
    return [one for one in rows.order_by("first", "pk") if span_of(one).crosses(span)]


def refuse_crossing(absence: AuthorisedAbsence, *, on: date, approved: bool = False) -> None:
    """Spans that stand never overlap. The child is locked."""
    others = crossing(absence.student_id, span_of(absence), but=absence.pk, approved=approved)
    if others:
        raise Refused(overlap(others[0], on))


def overlap(other: AuthorisedAbsence, on: date) -> str:
    return OVERLAP.format(
        kind=AbsenceKind(other.kind).label,
        state=AbsenceState(other.state).label,
        days=days_in_words(other, on),
    )


def days_in_words(absence: AuthorisedAbsence, on: date) -> str:
    """11月23日 至 11月24日, or the one day."""
    return span_in_words(absence.first, absence.last, on, to=" 至 ")


def record(
    verb: str, absence: AuthorisedAbsence, by: User | None, on: date, note: str = ""
) -> None:
    """The line of history of what happened to a row."""
    history.record(
        f"absences.{verb}",
        "student",
        absence.student.uid,
        path=absence.path,
        by=by,
        on=on,
        after={
            "absence": absence.pk,
            "kind": absence.kind,
            "state": absence.state,
            "first": absence.first.isoformat(),
            "last": absence.last.isoformat(),
        },
        note=note or absence.cause,
    )


def judge_again(absence: AuthorisedAbsence, by: User | None) -> None:
    """Alerts by what stands now; a child on no roll has none."""
    if absence.path:
        alerts.recompute([absence.student_id], absence.path, by=by)


def shorten(
    absence: AuthorisedAbsence, last: date, *, by: User | None, on: date, note: str
) -> None:
    """It ends earlier, on `last`; as if it never was where that lies before its first day."""
    if last < absence.first:
        absence.state = AbsenceState.WITHDRAWN
        absence.save(update_fields=["state"])
        record("withdraw", absence, by, on, note)
    elif last < absence.last:
        absence.last = last
        absence.save(update_fields=["last"])
        record("end_early", absence, by, on, note)


def make_room(
    student_id: int, span: Span, *, by: User | None, on: date, note: str, but: int | None = None
) -> None:
    """What holds days of the span gives way to it: it ends the day before, or was never."""
    for one in crossing(student_id, span, but=but):
        shorten(one, span.first - ONE_DAY, by=by, on=on, note=note)
