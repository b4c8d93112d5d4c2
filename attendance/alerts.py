"""Alerts: raised, extended and taken back by the rule; explained and confirmed by people.

What the rule derives is reconciled with what stands, by child and run, so that a late register, a
correction or a leave granted later moves an alert, and a human decision on it stays.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Substr

from accounts import job_runs
from accounts.models import User
from attendance.enums import AlertEventKind, AlertState, Ground, Verdict
from attendance.models import AbsenceAlert, AlertEvent, UnseenRun
from attendance.records import AbsenceAssessment, assess
from attendance.rules import proof
from attendance.rules.streaks import unseen
from regions.days import PlaceRules, place_rules_of
from regions.paths import COUNTY, county_of
from regions.refusals import NoCalendar
from students.models import Student

JOB = "flag_absences"
DECIDED = {AlertState.EXPLAINED, AlertState.CONFIRMED}
MACHINE_CLOSED = {AlertState.RETURNED, AlertState.WITHDRAWN}
DERIVED = ["first", "last", "unexplained", "not_taken", "grounds", "proof", "as_of", "path"]


@dataclass
class Work:
    """What a reconciliation is about to write, and how often each thing happened."""

    on: date
    by: User | None
    created: list[AbsenceAlert] = field(default_factory=list)
    events: list[AlertEvent] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)

    def happened(self, alert: AbsenceAlert, kind: AlertEventKind, note: str = "") -> None:
        self.counts[kind] += 1
        self.events.append(AlertEvent(alert=alert, kind=kind, on=self.on, by=self.by, note=note))


@transaction.atomic
def reconcile(
    judged: Mapping[int, AbsenceAssessment],
    on: date,
    *,
    by: User | None = None,
    latest: bool = True,
) -> Counter:
    """Make runs and alerts of these children say what the rule says of `on`.

    Safe to repeat, to run late, and to run for an earlier day: what was computed for a later day
    is left as it is, and runs are only rebuilt where `on` is the `latest` day. Returns how many
    alerts were opened, extended, returned, withdrawn, reopened.
    """
    list(Student.objects.filter(pk__in=judged).order_by("pk").select_for_update(of=("self",)))
    standing: dict[int, list[AbsenceAlert]] = {pk: [] for pk in judged}
    for alert in AbsenceAlert.objects.filter(student_id__in=judged).order_by("pk"):
        standing[alert.student_id].append(alert)
    work = Work(on, by)
    for pk, assessment in judged.items():
        _reconcile_child(assessment, standing[pk], work)
    AbsenceAlert.objects.bulk_create(work.created)
    AlertEvent.objects.bulk_create(work.events)
    if latest:
        _write_runs(judged, on)
    return work.counts


def _reconcile_child(assessment: AbsenceAssessment, alerts: list[AbsenceAlert], work: Work) -> None:
    open_one = next((a for a in alerts if a.state == AlertState.OPEN), None)
    if assessment.verdict is Verdict.ALERT:
        _keep(assessment, open_one, alerts, work)
    elif open_one and open_one.as_of <= work.on:
        _take_back(assessment, open_one, work)


def _keep(
    assessment: AbsenceAssessment,
    open_one: AbsenceAlert | None,
    alerts: list[AbsenceAlert],
    work: Work,
) -> None:
    """The rule says alert: extend the open one, leave a decided one, else open or reopen."""
    decided = [a for a in alerts if a.state in DECIDED and _same_run(a, assessment)]
    if open_one and decided and open_one.as_of <= work.on:
        _merge(open_one, work)
        return
    same = open_one or next((a for a in reversed(alerts) if _same_run(a, assessment)), None)
    if same is None:
        alert = AbsenceAlert(
            student_id=assessment.child.id,
            state=AlertState.OPEN,
            opened_on=work.on,
            **derived(assessment),
        )
        work.created.append(alert)
        work.happened(alert, AlertEventKind.OPENED, _format_grounds(assessment))
    elif same.as_of <= work.on and same.state == AlertState.OPEN:
        if _refresh(same, assessment):
            work.happened(same, AlertEventKind.EXTENDED, _format_grounds(assessment))
    elif same.as_of <= work.on and same.state in MACHINE_CLOSED:
        same.state, same.version = AlertState.OPEN, same.version + 1
        same.save(update_fields=["state", "version"])
        _refresh(same, assessment)
        work.happened(same, AlertEventKind.REOPENED, _format_grounds(assessment))


def _merge(open_one: AbsenceAlert, work: Work) -> None:
    """A correction joined this run to one a person has decided on: that decision holds for both."""
    open_one.state, open_one.reason = AlertState.WITHDRAWN, "与已处理的预警是同一段"
    open_one.as_of, open_one.version = work.on, open_one.version + 1
    open_one.save(update_fields=["state", "reason", "as_of", "version"])
    work.happened(open_one, AlertEventKind.WITHDRAWN, open_one.reason)


def _same_run(alert: AbsenceAlert, assessment: AbsenceAssessment) -> bool:
    first, last = _span(assessment)
    return alert.first <= last and first <= alert.last


def _span(assessment: AbsenceAssessment) -> tuple[date, date]:
    """First and last unexplained day; the day of the mark for a child lost on an excused day."""
    days = assessment.run.unexplained or (assessment.on,)
    return days[0], days[-1]


def _refresh(alert: AbsenceAlert, assessment: AbsenceAssessment) -> bool:
    """Write the derived fields again where they differ; True when what the alert says has changed."""
    fresh = derived(assessment)
    said = ("first", "last", "unexplained", "grounds")
    changed = any(getattr(alert, name) != fresh[name] for name in said)
    if not changed and all(getattr(alert, name) == value for name, value in fresh.items()):
        return False
    for name, value in fresh.items():
        setattr(alert, name, value)
    alert.version += changed
    alert.save(update_fields=[*DERIVED, "state", "version"])
    return changed


def _take_back(assessment: AbsenceAssessment, alert: AbsenceAlert, work: Work) -> None:
    """The rule no longer says alert: the child came (returned), or the record changed."""
    past = [day for day in assessment.days if day <= alert.last]
    then = unseen(past, assessment.facts, assessment.teacher_days)
    stood = then.verdict(assessment.threshold.number) is Verdict.ALERT
    came = assessment.run.last_seen is not None and assessment.run.last_seen > alert.last
    if stood and came:
        alert.state, kind = AlertState.RETURNED, AlertEventKind.RETURNED
        note = f"{assessment.run.last_seen:%m-%d} 到校"
    else:
        alert.state, kind = AlertState.WITHDRAWN, AlertEventKind.WITHDRAWN
        note = _why_withdrawn(assessment)
    alert.as_of, alert.reason, alert.version = work.on, note, alert.version + 1
    alert.save(update_fields=["state", "as_of", "reason", "version"])
    work.happened(alert, kind, note)


def _why_withdrawn(assessment: AbsenceAssessment) -> str:
    if not assessment.on_roll:
        return "已不在名册上"
    if assessment.run.explained:
        return "这些天已有正当理由"
    return "考勤更正后，不满预警天数"


def derived(assessment: AbsenceAssessment) -> dict:
    """The fields of an alert that follow from the rule, its proof among them."""
    first, last = _span(assessment)
    run = assessment.run
    grounds = [Ground.LOST] if run.lost else []
    if len(run.unexplained) >= assessment.threshold.number:
        grounds.append(Ground.UNEXPLAINED)
    return {
        "first": first,
        "last": last,
        "unexplained": len(run.unexplained),
        "not_taken": len(run.not_taken),
        "grounds": grounds,
        "as_of": assessment.on,
        "path": assessment.path,
        "proof": proof.write(
            assessment.on,
            assessment.days,
            assessment.facts,
            assessment.sources,
            threshold=assessment.threshold.number,
            teacher_days=assessment.teacher_days,
            policy=assessment.threshold.source,
        ),
    }


def _format_grounds(assessment: AbsenceAssessment) -> str:
    count = len(assessment.run.unexplained)
    lost = "；登记为失联" if assessment.run.lost else ""
    return f"{count} 个教学日无正当理由未到{lost}"


def _write_runs(judged: Mapping[int, AbsenceAssessment], on: date) -> None:
    """Rebuild the runs of these children."""
    UnseenRun.objects.filter(student_id__in=judged).delete()
    UnseenRun.objects.bulk_create(
        UnseenRun(
            student_id=pk,
            path=assessment.path,
            as_of=on,
            verdict=assessment.verdict,
            unexplained=len(assessment.run.unexplained),
            first=_span(assessment)[0],
            last=_span(assessment)[1],
            not_taken=[day.isoformat() for day in assessment.run.not_taken],
            last_seen=assessment.run.last_seen,
        )
        for pk, assessment in judged.items()
        if assessment.verdict is not Verdict.SEEN
    )


def last_judged(path: str) -> date | None:
    """The latest day the job has judged in the county of `path`."""
    return job_runs.last_done(JOB, county_of(path))


def judged_on(path_field: str) -> Subquery:
    """The same, as a column of rows that carry a path."""
    return job_runs.last_done_of(JOB, Substr(OuterRef(path_field), 1, COUNTY))


def recompute(
    student_ids: Iterable[int],
    path: str,
    *,
    by: User | None,
    on: date | None = None,
    place_rules: PlaceRules | None = None,
) -> Counter:
    """Judge these children again after a late register, a correction or a leave.

    For the last day the job was done in their county, or for `on`; nothing to do before the first.
    """
    day = on or last_judged(path)
    ids = list(student_ids)
    if day is None or not ids:
        return Counter()
    answers = assess(ids, day, place_rules or place_rules_of(county_of(path)))
    decided = {pk: j for pk, j in answers.items() if not isinstance(j, NoCalendar)}
    return reconcile(decided, day, by=by)
