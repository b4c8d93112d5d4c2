"""What a request does to the standing alert it speaks of: 等县批, and then 已说明原因."""

from datetime import date

from accounts.models import User
from attendance.authorised_absences.weighing import explained_span, standing_alerts
from attendance.enums import AlertEventKind, AlertState
from attendance.models import AbsenceAlert, AlertEvent
from attendance.rules import proof
from attendance.rules.second_word import Span
from regions.clock import now
from regions.rules.lengths import whole
from students.models import AuthorisedAbsence


def tell_waiting(absence: AuthorisedAbsence, *, by: User | None, on: date, note: str) -> None:
    """Write beside each alert that the bureau was asked, or what became of it."""
    for alert in standing_alerts(absence):
        AlertEvent.objects.create(
            alert=alert, kind=AlertEventKind.WAITING, on=on, by=by, note=whole(note, 200, "说明")
        )


def explain_alerts(absence: AuthorisedAbsence, *, by: User | None, on: date) -> None:
    """Alerts it leaves too few days of are 已说明原因: never taken back as if not raised."""
    rows = AuthorisedAbsence.objects.filter(student=absence.student_id).explaining()
    for alert in standing_alerts(absence).select_for_update(of=("self",)):
        standing = rows.filter(last__gte=alert.first)
        spans = [explained_span(one) for one in standing]
        if _is_explained(alert, spans):
            _explain(alert, absence, by, on)


def _is_explained(alert: AbsenceAlert, spans: list[Span]) -> bool:
    run = proof.read(alert.proof)
    left = [day for day in run.unexplained if not any(day in span for span in spans)]
    lost = [day for day in run.lost if not any(day in span for span in spans)]
    return not lost and len(left) < alert.proof["threshold"]


def _explain(alert: AbsenceAlert, absence: AuthorisedAbsence, by: User | None, on: date) -> None:
    alert.state, alert.reason = AlertState.EXPLAINED, absence.proof or absence.cause
    alert.handled_by, alert.handled_at, alert.version = by, now(), alert.version + 1
    alert.answers_until = absence.last
    alert.save(
        update_fields=["state", "reason", "handled_by", "handled_at", "version", "answers_until"]
    )
    AlertEvent.objects.create(
        alert=alert, kind=AlertEventKind.EXPLAINED, on=on, by=by, note=alert.reason
    )
