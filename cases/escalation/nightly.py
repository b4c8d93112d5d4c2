"""The nightly job of a county's cases: what a silent school or an idle desk leaves, rises.

Open alerts rise to township and bureau, open cases by themselves, pass the clocks of 疑似辍学 and
辍学; duties and registers left undone rise a level. All of it is derived from the rows and stored
as the day it came about, so a late or repeated run writes the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.enums import Role
from accounts.job_runs import Claim, last_done
from attendance.authorised_absences.pending import Pending, by_child, is_held_back, over_alert
from attendance.enums import AlertState, DayState, Verdict
from attendance.handling import finding_of
from attendance.models import AbsenceAlert
from attendance.records import AbsenceAssessment, assess
from attendance.rules.streaks import day_state
from cases import history
from cases.case_deadlines import set_deadline
from cases.enums.records import DeadlineKind
from cases.enums.states import AbsenceLevel, CaseState, EventKind
from cases.escalation import escalations
from cases.escalation.escalations import Subject, WantedEscalation
from cases.fuzzy_dates import FuzzyDate
from cases.intake.opening import open_case
from cases.law import dropout
from cases.lifecycle import school_days_after
from cases.models import Case, CaseEvent, Deadline
from cases.reach import follow_children
from regions.clock import local
from regions.days import PlaceRules, place_rules_of
from regions.enums import DayKind
from regions.models import Region
from regions.paths import TOWNSHIP, county_of, inside, township_of
from regions.refusals import NoCalendar
from regions.rules.calendar import Track, each_day
from regions.rules.policies import DEFAULT
from students.enums import FindingState

JOB = "escalate"


@dataclass
class Night:
    """One run: the day, the county and its land, whether a later day has been done, the counts."""

    on: date
    county: str
    place_rules: PlaceRules
    latest: bool
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("opened", "suspected", "dropout", "risen", "ended"), 0
        )
    )
    no_calendar: set[str] = field(default_factory=set)
    waiting: dict[int, list[Pending]] = field(default_factory=dict)

    def as_json(self) -> dict:
        said = {"job": JOB, "on": self.on.isoformat()}
        return said | self.counts | {"no_calendar": sorted(self.no_calendar)}


@dataclass
class TownshipShare:
    """The part of one township: its schools' alerts, the cases it owns."""

    alerts: list[AbsenceAlert] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    students: set[int] = field(default_factory=set)


def escalate(on: date, region: Region, held: Claim | None = None) -> dict:
    """Let what is left undone in a county rise, as of `on`. Returns its summary.

    Judges outside the transactions, writes per township, then the rises of the county. A run for
    an earlier day than the last done adds what is missing and takes nothing back.
    """
    latest = last_done(JOB, region.path)
    night = Night(on, region.path, place_rules_of(region.path), latest is None or on >= latest)
    night.waiting = by_child(night.county, on, night.place_rules)
    shares = _shares(night)
    judged: dict[int, AbsenceAssessment] = {}
    for done, (_, share) in enumerate(sorted(shares.items())):
        here = _decided(assess(share.students, on, night.place_rules), night)
        with transaction.atomic():
            if held:
                held.guard(done=done, total=len(shares) + 1)
            opened = _open_silent(night, share.alerts, here)
            _pass_clocks(night, [*share.cases, *opened], here)
        judged |= here
    alerts = [alert for share in shares.values() for alert in share.alerts]
    with transaction.atomic():
        if held:
            held.guard(done=len(shares), total=len(shares) + 1)
        if night.latest:
            follow_children(night.county, night.on)
        _lapse_orders(night)
        _let_rise(night, alerts, judged)
    return night.as_json()


def _shares(night: Night) -> dict[str, TownshipShare]:
    shares: dict[str, TownshipShare] = defaultdict(TownshipShare)
    for alert in _waiting_alerts(night):
        share = shares[township_of(alert.path)]
        share.alerts.append(alert)
        share.students.add(alert.student_id)
    cases = Case.objects.at(night.county).out_of_school().filter(opened_on__lte=night.on)
    rows = dict(cases.values_list("pk", "student_id"))
    owners = escalations.owners_of(rows)
    for pk, student in rows.items():
        share = shares[owners[pk].path if pk in owners else night.county]
        share.cases.append(pk)
        share.students.add(student)
    return shares


def _waiting_alerts(night: Night) -> list[AbsenceAlert]:
    """Alerts the school is to handle, and those it confirmed that nobody has taken up yet."""
    untouched = Case.objects.at(night.county).filter(
        finding=OuterRef("finding"), state=CaseState.VERIFYING
    )
    left = Q(finding__state=FindingState.OPEN) | Exists(untouched)
    here = AbsenceAlert.objects.at(night.county).filter(opened_on__lte=night.on)
    waiting = here.filter(Q(state=AlertState.OPEN) | Q(state=AlertState.CONFIRMED) & left)
    return list(waiting.order_by("pk").defer("proof"))


def _decided(
    answers: dict[int, AbsenceAssessment | NoCalendar], night: Night
) -> dict[int, AbsenceAssessment]:
    for answer in answers.values():
        if isinstance(answer, NoCalendar):
            night.no_calendar.add(str(answer))
    return {pk: one for pk, one in answers.items() if isinstance(one, AbsenceAssessment)}


def reached_of(assessment: AbsenceAssessment, place_rules: PlaceRules) -> dropout.Reached:
    """The days the child's run reached 疑似辍学 and 辍学. Raises NoCalendar for an undecided day."""
    run, on = assessment.run, assessment.on
    track = _track(assessment)
    if not run.unexplained or track is None:
        return dropout.Reached()
    first = run.unexplained[0]
    vacation = {
        day
        for day in each_day(first, on)
        if place_rules.calendar.day(track, day).kind is DayKind.TERM
    }
    stopped = dropout.stopped_days(
        first, on, school_days=set(assessment.days), explained=set(run.explained), vacation=vacation
    )
    return dropout.reached_on(
        first, on, set(run.unexplained), stopped, _thresholds(assessment, place_rules)
    )


def _track(assessment: AbsenceAssessment) -> Track | None:
    """Whose days these are now; None for a child on no roll."""
    spells = assessment.child.spells
    return next((spell.track for spell in spells if spell.holds(assessment.on)), None)


def _thresholds(assessment: AbsenceAssessment, place_rules: PlaceRules) -> dropout.Thresholds:
    names = ("suspected_days", "suspected_school_days", "dropout_days", "dropout_school_days")
    numbers = (place_rules.policies.number(name, assessment.path, assessment.on) for name in names)
    return dropout.Thresholds(*numbers)


def reached(night: Night, assessment: AbsenceAssessment | None) -> dropout.Reached:
    try:
        return reached_of(assessment, night.place_rules) if assessment else dropout.Reached()
    except NoCalendar as undecided:
        night.no_calendar.add(str(undecided))
        return dropout.Reached()


def _open_silent(
    night: Night, alerts: Iterable[AbsenceAlert], judged: dict[int, AbsenceAssessment]
) -> list[int]:
    """Open a case where the school was silent until 疑似辍学, or confirmed and none was opened."""
    ids = [alert.pk for alert in alerts]
    locked = AbsenceAlert.objects.filter(pk__in=ids).order_by("pk").defer("proof")
    standing = list(locked.select_for_update(of=("self",)))
    students = {alert.student_id for alert in standing}
    with_case = set(
        Case.objects.open().filter(student_id__in=students).values_list("student_id", flat=True)
    )
    opened = []
    for alert in standing:
        silent = (
            alert.state == AlertState.OPEN
            and not is_held_back(night.waiting, alert)
            and bool(reached(night, judged.get(alert.student_id)).suspected)
        )
        if alert.student_id not in with_case and (silent or alert.state == AlertState.CONFIRMED):
            opened.append(_open(night, alert, judged.get(alert.student_id)))
    return [pk for pk in opened if pk]


def _open(night: Night, alert: AbsenceAlert, assessment: AbsenceAssessment | None) -> int | None:
    finding = finding_of(alert, on=night.on, by=None)
    if finding.state != FindingState.OPEN:
        return None
    run = assessment.run.unexplained if assessment else ()
    left = FuzzyDate.on(run[0] if run else alert.first)
    night.counts["opened"] += 1
    return open_case(finding, by=None, on=night.on, left=left).pk


def _pass_clocks(night: Night, ids: Collection[int], judged: dict[int, AbsenceAssessment]) -> None:
    """Store the days the clocks were passed, and tell the school when registers show the child."""
    cases = list(
        Case.objects.out_of_school()
        .filter(pk__in=ids)
        .select_related("student")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    told = Deadline.objects.standing().filter(case__in=cases, kind=DeadlineKind.RECORD_RETURN)
    waiting = {deadline.case_id: deadline for deadline in told}
    for case in cases:
        assessment = judged.get(case.student_id)
        if assessment is None or _before_this_round(case, night):
            continue
        _store_levels(case, reached(night, assessment), night)
        if night.latest:
            _ask_for_return(case, assessment, waiting.get(case.pk), night)


def _before_this_round(case: Case, night: Night) -> bool:
    """A day before the child dropped out again says nothing of this round."""
    return bool(case.round) and night.on < case.step_on


def _store_levels(case: Case, reached: dropout.Reached, night: Night) -> None:
    """Dates that stand stay: those a county brought along, and those an earlier run found."""
    changed = []
    if reached.suspected and not case.suspected_on and not case.dropout_on:
        case.suspected_on = reached.suspected
        changed.append((AbsenceLevel.SUSPECTED, EventKind.SUSPECTED, reached.suspected))
    if reached.dropout and not case.dropout_on:
        case.dropout_on = reached.dropout
        changed.append((AbsenceLevel.DROPOUT, EventKind.DROPOUT, reached.dropout))
    if changed:
        case.save(update_fields=[f"{level}_on" for level, _, _ in changed])
    for level, kind, day in changed:
        night.counts[level] += 1
        history.write(
            case,
            kind,
            by=None,
            happened=FuzzyDate.on(day),
            details={"found_on": str(night.on)},
            policy=night.place_rules.policies.setting(
                f"{level}_days", case.county_path, day
            ).source,
        )


def _ask_for_return(
    case: Case, assessment: AbsenceAssessment, waiting: Deadline | None, night: Night
) -> None:
    """Registers show the child: the school is to record the return. Out again: it is not."""
    back = _back_since(assessment, case.step_on if case.round else case.opened_on)
    if back and waiting is None:
        set_deadline(
            case,
            DeadlineKind.RECORD_RETURN,
            starts_on=back,
            due_on=school_days_after(case.student, back, 1, night.place_rules),
            who=Role.OFFICE,
            article=DEFAULT,
        )
    if waiting and not back:
        waiting.dropped_on = night.on
        waiting.save(update_fields=["dropped_on"])


def _back_since(assessment: AbsenceAssessment, after: date) -> date | None:
    """The first day the child was seen again after `after`, with no day unexplained since."""
    if assessment.verdict is not Verdict.SEEN or not assessment.on_roll:
        return None
    seen: date | None = None
    for day in assessment.days:
        state = day_state(assessment.facts[day])
        if state is DayState.SEEN and day > after:
            seen = seen or day
        elif state in (DayState.UNEXPLAINED, DayState.TEACHERS_WORD):
            seen = None
    return seen


def _lapse_orders(night: Night) -> None:
    """限期届满: an order's period is over and the child is not back. Written once for an order."""
    over = Deadline.objects.standing().filter(
        inside("case__county_path", night.county),
        kind=DeadlineKind.ORDER,
        due_on__lt=night.on,
        case__in=Case.objects.out_of_school(),
    )
    rows = list(over.select_related("case", "paper"))
    written = set(
        CaseEvent.objects.filter(
            kind=EventKind.LAPSED, case_id__in={row.case_id for row in rows}
        ).values_list("deadline_id", flat=True)
    )
    for row in rows:
        if row.pk not in written and row.round == row.case.round:
            number = row.paper.number if row.paper else ""
            history.write(
                row.case,
                EventKind.LAPSED,
                by=None,
                happened=FuzzyDate.on(row.due_on),
                note=f"{number} 限期届满，未返校".strip(),
                deadline=row,
                policy=row.article,
            )


def _let_rise(
    night: Night, alerts: list[AbsenceAlert], judged: dict[int, AbsenceAssessment]
) -> None:
    """Keep the rises of alerts, duties and registers; a duty left undone is written in its case."""
    registers, still = escalations.missing_registers(night.county, night.on, night.place_rules)
    wanted = {
        escalations.ALERT: _unhandled(night, alerts, judged),
        escalations.DEADLINE: escalations.overdue_duties(night.county, night.on),
        escalations.REGISTER: registers,
    }
    for kind, those in wanted.items():
        new, ended = escalations.keep(
            kind,
            those,
            night.county,
            night.on,
            latest=night.latest,
            still=still if kind == escalations.REGISTER else (),
        )
        night.counts["risen"] += len(new)
        night.counts["ended"] += ended
        if kind == escalations.DEADLINE:
            escalations.write_risen(new)


def _unhandled(
    night: Night, alerts: Iterable[AbsenceAlert], judged: dict[int, AbsenceAssessment]
) -> list[WantedEscalation]:
    """Alerts whose school let the next school day pass, or confirmed: township and bureau know."""
    found = []
    for alert in alerts:
        since = _risen_since(alert, judged.get(alert.student_id), night)
        if since is None:
            continue
        confirmed = alert.state == AlertState.CONFIRMED
        asked = over_alert(night.waiting, alert)
        silent = asked.who_is_late if asked else "学校未在下一个教学日内处理"
        what = "学校已确认，待乡镇核查" if confirmed else silent
        said = f"{alert.unexplained} 个教学日无正当理由未到，{what}"
        township = township_of(alert.path.split("S", 1)[0])
        for level, path in ((Role.TOWNSHIP, township), (Role.BUREAU, county_of(alert.path))):
            if level is Role.BUREAU or len(path) == TOWNSHIP:
                found.append(
                    WantedEscalation(
                        Subject(alert_id=alert.pk), level, path, said, since, alert.student_id
                    )
                )
    return found


def _risen_since(
    alert: AbsenceAlert, assessment: AbsenceAssessment | None, night: Night
) -> date | None:
    if alert.state == AlertState.CONFIRMED:
        day = local(alert.handled_at).date() if alert.handled_at else alert.opened_on
        return day if day <= night.on else None
    track = _track(assessment) if assessment else None
    if track is None or is_held_back(night.waiting, alert):
        return None
    try:
        after = night.place_rules.calendar.school_days(
            track, alert.opened_on + timedelta(days=1), night.on
        )
    except NoCalendar as undecided:
        night.no_calendar.add(str(undecided))
        return None
    return after[0] + timedelta(days=1) if after and after[0] < night.on else None
