"""What people do with an alert: explain it with proof, confirm it, note a contact."""

from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from accounts import history
from accounts.attachments import attach
from accounts.models import User
from accounts.versions import Conflict
from attendance.authorised_absences.deciders import decider_of
from attendance.authorised_absences.requests import agree, ask_again, put
from attendance.authorised_absences.weighing import has_lapsed, span_of
from attendance.authorised_absences.writing import crossing, shorten
from attendance.enums import AlertEventKind, AlertState
from attendance.models import AbsenceAlert, AlertEvent
from attendance.rights import MAY, REFUSALS, RegisterRight
from attendance.rules.absence_kinds import why_no_proof
from attendance.rules.proof import read
from attendance.rules.second_word import Span
from regions.clock import local, now
from regions.refusals import Refused
from regions.rules.day_words import day_in_words
from regions.rules.lengths import whole
from students.enums import AWAY, AbsenceKind, AbsenceState, FindingKind
from students.models import AuthorisedAbsence, Finding

PROOF = "alert_proof"
FURTHEST, ONE_DAY = timedelta(days=30), timedelta(days=1)
EXPLAINS = "未到预警，学校说明原因"
SILENT = "学校没有答复，已按无正当理由建档办理"
STATUS_AND_LOST = "这些天已办{kind}，又登记了失联：登记错的请更正考勤，确实失联的请确认预警。"
LAPSED = "这些天的{kind}证明到期没有补，请先在“请假与休学”里补证明，报县批准。"
DECISION = ["state", "reason", "handled_by", "handled_at", "answers_until"]


@transaction.atomic
def explain(
    alert_id: int,
    *,
    kind: AbsenceKind,
    until: date,
    proof: str,
    by: User,
    on: date,
    version: int,
    file: UploadedFile | None = None,
) -> AbsenceAlert:
    """Say why the child is out, with the proof seen, and until when that holds.

    The reason becomes a request for the run's first day to `until`, without what is explained
    already. It needs the bureau's word: until then the alert stands as 等县批. The file is laid beside
    the alert and beside each request, where the bureau looks at what it decides on.
    """
    alert = _open_alert(alert_id, by, version)
    if until < alert.last:
        raise Refused(f"原因要管到{day_in_words(alert.last, on)}（最近未到的一天）。")
    if until > on + FURTHEST:
        raise Refused("一次最多说明到 30 天以后。更久请办休学，或登记长期请假。")
    if refusal := why_no_proof(proof):
        raise Refused(refusal)
    if file:
        attach(file, kind=PROOF, uid=str(alert.pk), path=alert.path, by=by)
    granted = _granted(alert, until, by, on)
    spans = Span(alert.first, until).without([span_of(one) for one in granted])
    alert.version += 1
    alert.save(update_fields=["version"])
    if not spans:
        _ask_again(alert, granted, proof=proof, file=file, by=by, on=on)
    for span in spans:
        wanted = AuthorisedAbsence(
            student=alert.student, kind=kind, first=span.first, last=span.last, cause=EXPLAINS,
            proof=proof, asked_by=by,
        )  # fmt: skip
        agree(put(wanted, by=by, on=on, file=file), by=by, on=on)
    alert.refresh_from_db()
    return alert


def _granted(alert: AbsenceAlert, until: date, by: User, on: date) -> list[AuthorisedAbsence]:
    """What is granted over the run until `until`. What a teacher only asked for gives way; Refused
    while something of it waits for the bureau, or for a proof that is overdue."""
    granted = []
    for one in crossing(alert.student_id, Span(alert.first, until)):
        if one.state == AbsenceState.PASSED:
            decider = decider_of(one, on).short
            raise Refused(f"已有{one.get_kind_display()}等{decider}批，不用再说明。")
        if one.state == AbsenceState.ASKED:
            shorten(one, one.first - ONE_DAY, by=by, on=on, note="并入未到预警的说明")
        elif has_lapsed(one, on):
            raise Refused(LAPSED.format(kind=one.get_kind_display()))
        else:
            granted.append(one)
    return granted


def _ask_again(
    alert: AbsenceAlert, granted: list[AuthorisedAbsence], *, proof: str,
    file: UploadedFile | None, by: User, on: date,
) -> None:  # fmt: skip
    """The days are explained already, and some marked 失联: what was granted over those waits for
    the bureau. Refused for a status: the child was to be away, and lost contact is a mark to correct
    or an alert to confirm."""
    lost = read(alert.proof).lost
    over = [one for one in granted if any(day in span_of(one) for day in lost)]
    if not over:
        raise Refused("这些天都已说明，预警核对后自动更新，不用再说明。")
    for one in over:
        if one.kind in AWAY:
            raise Refused(STATUS_AND_LOST.format(kind=one.get_kind_display()))
        ask_again(one, proof=proof, file=file, by=by, on=on)


@transaction.atomic
def confirm(alert_id: int, *, by: User, on: date, version: int, note: str = "") -> Finding:
    """Say that nobody knows a good reason. Writes the Finding a case opens from."""
    alert = _open_alert(alert_id, by, version)
    _close(alert, AlertState.CONFIRMED, AlertEventKind.CONFIRMED, by, on, note)
    return finding_of(alert, on=on, by=by)


def finding_of(alert: AbsenceAlert, *, on: date, by: User | None) -> Finding:
    """The finding of a locked alert: made once, however often the alert is confirmed."""
    if alert.finding is None:
        alert.finding = Finding.objects.create(
            student_id=alert.student_id, kind=FindingKind.ALERT, on=on, by=by
        )
        alert.save(update_fields=["finding"])
    return alert.finding


def _open_alert(alert_id: int, by: User, version: int) -> AbsenceAlert:
    alerts = AbsenceAlert.objects.visible_to(by).select_related("student", "handled_by", "finding")
    alert = alerts.select_for_update(of=("self",)).get(pk=alert_id)
    if not by.reach.holds(*MAY[RegisterRight.HANDLE_ALERT], over=alert.path):
        raise Refused(REFUSALS[RegisterRight.HANDLE_ALERT])
    if alert.version != version:
        who = alert.handled_by.name if alert.handled_by else "系统"
        raise Conflict(alert, who, local(alert.handled_at) if alert.handled_at else None)
    if alert.state != AlertState.OPEN:
        raise Refused(f"这条预警{AlertState(alert.state).label}，不用再处理。")
    return alert


def _close(
    alert: AbsenceAlert, state: AlertState, kind: AlertEventKind, by: User, on: date, note: str
) -> None:
    alert.state, alert.reason = state, whole(note, 200, "说明")
    alert.handled_by, alert.handled_at, alert.version = by, now(), alert.version + 1
    alert.save(update_fields=[*DECISION, "version"])
    AlertEvent.objects.create(alert=alert, kind=kind, on=on, by=by, note=alert.reason)
    history.record(
        f"alerts.{kind}",
        "student",
        alert.student.uid,
        path=alert.path,
        by=by,
        on=on,
        after={"alert": alert.pk, "unexplained": alert.unexplained},
        note=note,
    )


def case_ended(student_id: int, on: date) -> None:
    """The case that an alert became ended on `on`: later days without the child count anew.

    One that the school never answered, and that became a case by its silence, is settled with it.
    """
    alerts = AbsenceAlert.objects.filter(student=student_id, answers_until=None)
    for alert in alerts.filter(state=AlertState.OPEN, finding__isnull=False):
        alert.state, alert.reason, alert.version = AlertState.CONFIRMED, SILENT, alert.version + 1
        alert.save(update_fields=["state", "reason", "version"])
        AlertEvent.objects.create(
            alert=alert, kind=AlertEventKind.CONFIRMED, on=on, by=None, note=SILENT
        )
    alerts.filter(state=AlertState.CONFIRMED).update(answers_until=on)


def case_resumed(student_id: int) -> None:
    """The case is taken up again: it answers for the days of the last alert that was confirmed."""
    confirmed = AbsenceAlert.objects.filter(student=student_id, state=AlertState.CONFIRMED)
    confirmed.filter(pk=confirmed.aggregate(last=Max("pk"))["last"]).update(answers_until=None)


@transaction.atomic
def note_contact(alert: AbsenceAlert, *, on: date, by: User, said: str) -> None:
    """Write beside the alert that the family was contacted. It quiets reminders, never the clocks."""
    AlertEvent.objects.create(
        alert=alert, kind=AlertEventKind.CONTACT, on=on, by=by, note=whole(said, 200, "说明")
    )
