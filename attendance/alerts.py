"""Alerts: raised, extended and taken back by the rule; explained and confirmed by people.

What the rule derives is reconciled with what stands, by child and run, so that a late register, a
correction or a leave granted later moves an alert, and a human decision on it stays.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Substr

from accounts import job_runs
from accounts.models import User
from attendance.enums import AlertEventKind, AlertState, DayState, Ground, Verdict
from attendance.models import AbsenceAlert, AlertEvent, UnseenRun
from attendance.records import AbsenceAssessment, assess
from attendance.rules import proof
from attendance.rules.streaks import day_state, unseen
from regions.days import PlaceRules, place_rules_of
from regions.paths import COUNTY, county_of
from regions.refusals import NoCalendar
from regions.rules.day_words import whole_day
from students.models import Student

JOB = "flag_absences"
DECIDED = {AlertState.EXPLAINED, AlertState.CONFIRMED}
MACHINE_CLOSED = {AlertState.RETURNED, AlertState.WITHDRAWN}
CLOSED, LEAVE, AWAY = "停课或放假", "已准假", "已办休学、借读等手续"
SEEN, UNTAKEN, HELD = "考勤更正为到校", "考勤已撤回", "停课待核"
BECAME = (CLOSED, HELD, LEAVE, AWAY, SEEN, UNTAKEN)
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
    judged = {pk: as_it_stood(judged[pk], standing[pk]) for pk in judged}
    work = Work(on, by)
    for pk, assessment in judged.items():
        _reconcile_child(assessment, standing[pk], work)
    AbsenceAlert.objects.bulk_create(work.created)
    AlertEvent.objects.bulk_create(work.events)
    if latest:
        _write_runs(judged, on)
    return work.counts


def as_it_stood(
    assessment: AbsenceAssessment, alerts: Iterable[AbsenceAlert]
) -> AbsenceAssessment:  # fmt: skip
    """A closure that waits neither takes back nor shortens an alert: a day the open one has counted
    counts until somebody decides."""
    facts = assessment.facts
    waiting = {day for day, known in facts.items() if known.held}
    open_one = next((a for a in alerts if a.state == AlertState.OPEN), None) if waiting else None
    held = waiting.intersection(proof.read(open_one.proof).unexplained) if open_one else set()
    if not held:
        return assessment
    facts = facts | {day: replace(facts[day], held=False) for day in held}
    run = unseen(assessment.days, facts, assessment.teacher_days)
    on_roll = assessment.on_roll
    verdict = run.verdict(assessment.threshold.number) if on_roll else assessment.verdict
    return replace(assessment, facts=facts, run=run, verdict=verdict)


def _reconcile_child(assessment: AbsenceAssessment, alerts: list[AbsenceAlert], work: Work) -> None:
    open_one = next((a for a in alerts if a.state == AlertState.OPEN), None)
    left = beyond_decisions(assessment, alerts)
    if left.verdict is Verdict.ALERT:
        _keep(left, open_one, alerts, work)
    elif open_one and open_one.as_of <= work.on:
        if assessment.verdict is Verdict.ALERT:
            _merge(open_one, work)
        else:
            _take_back(left, open_one, work)


def beyond_decisions(
    assessment: AbsenceAssessment, alerts: Iterable[AbsenceAlert]
) -> AbsenceAssessment:
    """What the rule says of the days that no decided alert of the run answers for.

    A confirmed alert answers for every day while its case is open, for those until its end after;
    an explained one for the days marked 失联 until its reason ends (the leave it brought explains
    the rest, and counts no more when it is taken back).
    """
    run = assessment.run
    decided = [a for a in alerts if a.state in DECIDED and _in_run(a, assessment)]
    confirmed = [a.answers_until for a in decided if a.state == AlertState.CONFIRMED]
    explained = [a.answers_until for a in decided if a.state == AlertState.EXPLAINED]
    days = (*run.unexplained, *run.lost)
    settled = frozenset(day for day in days if any(_answers(end, day) for end in confirmed))
    excused = frozenset(day for day in run.lost if any(_answers(end, day) for end in explained))
    left = run.outside(settled, excused)
    verdict = assessment.verdict
    if verdict is Verdict.ALERT:
        verdict = left.verdict(assessment.threshold.number)
    return replace(
        assessment,
        run=left,
        verdict=verdict,
        settled=settled | (excused - frozenset(run.unexplained)),
    )


def _answers(until: date | None, day: date) -> bool:
    return until is None or day <= until


def _in_run(alert: AbsenceAlert, assessment: AbsenceAssessment) -> bool:
    """Is the alert about the days since the child was last seen?"""
    seen = assessment.run.last_seen
    return seen is None or alert.last > seen


def _keep(
    assessment: AbsenceAssessment,
    open_one: AbsenceAlert | None,
    alerts: list[AbsenceAlert],
    work: Work,
) -> None:
    """The rule says alert: extend the open one, reopen one whose days count again, else open one."""
    same = open_one or next((a for a in reversed(alerts) if _counts_again(a, assessment)), None)
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
    elif same.as_of <= work.on:
        same.state, same.answers_until, same.version = AlertState.OPEN, None, same.version + 1
        same.save(update_fields=["state", "answers_until", "version"])
        _refresh(same, assessment)
        work.happened(same, AlertEventKind.REOPENED, _format_grounds(assessment))


def _merge(open_one: AbsenceAlert, work: Work) -> None:
    """A correction joined this run to one a person has decided on: that decision holds for both."""
    open_one.state, open_one.reason = AlertState.WITHDRAWN, "与已处理的预警是同一段"
    open_one.as_of, open_one.version = work.on, open_one.version + 1
    open_one.save(update_fields=["state", "reason", "as_of", "version"])
    work.happened(open_one, AlertEventKind.WITHDRAWN, open_one.reason)


def _counts_again(alert: AbsenceAlert, assessment: AbsenceAssessment) -> bool:
    """Taken back by the rule, or explained by what no longer stands: do its days count again?"""
    first, last = _span(assessment)
    if alert.state in MACHINE_CLOSED:
        return alert.first <= last and first <= alert.last
    counted = assessment.run.unexplained or assessment.run.lost
    return alert.state == AlertState.EXPLAINED and any(
        alert.first <= day <= alert.last for day in counted
    )


def _span(assessment: AbsenceAssessment) -> tuple[date, date]:
    """First and last unexplained day; the days of the mark for a child lost on excused days."""
    days = assessment.run.unexplained or assessment.run.lost or (assessment.on,)
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
    counted = then.outside(assessment.settled, assessment.settled)
    stood = counted.verdict(assessment.threshold.number) is Verdict.ALERT
    seen = assessment.run.last_seen
    if stood and seen is not None and seen > alert.last:
        alert.state, kind = AlertState.RETURNED, AlertEventKind.RETURNED
        note = f"{whole_day(seen)}到校"
    else:
        alert.state, kind = AlertState.WITHDRAWN, AlertEventKind.WITHDRAWN
        note = _why_withdrawn(assessment, alert)
    alert.as_of, alert.reason, alert.version = work.on, note, alert.version + 1
    alert.save(update_fields=["state", "as_of", "reason", "version"])
    work.happened(alert, kind, note)


def _why_withdrawn(assessment: AbsenceAssessment, alert: AbsenceAlert) -> str:
    """What became of the days the alert counted."""
    if not assessment.on_roll:
        return "已不在名册上"
    stood = proof.read(alert.proof)
    then = Counter(_became(assessment, day) for day in stood.unexplained)
    told = [f"{word} {then[word]} 天" for word in BECAME if then[word]]
    if stood.lost and not assessment.run.lost:
        told.append("登记的失联已更正")
    if assessment.threshold.number > alert.proof["threshold"]:
        told.append(f"预警天数改为 {assessment.threshold.number} 天")
    return f"{'、'.join(told) or '考勤有更正'}，不满预警天数"


def _became(assessment: AbsenceAssessment, day: date) -> str:
    known = assessment.facts.get(day)
    if known is None:
        return CLOSED
    if known.away:
        return AWAY
    state = day_state(known)
    if state is DayState.SEEN:
        return SEEN
    if state is DayState.HELD:
        return HELD
    if state is DayState.NOT_TAKEN:
        return UNTAKEN
    return LEAVE if day in assessment.run.explained else ""


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
            settled=assessment.settled,
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
