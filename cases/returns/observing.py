"""The watch after a return: what the registers say, and the job that makes it ready or reopens it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction

from accounts.enums import Precision, Role
from accounts.job_runs import Claim, last_done
from attendance.enums import AlertState, DayState
from attendance.models import AbsenceAlert
from attendance.records import ClassSpell, HistoryFile, PupilHistory, read_file
from attendance.rules.streaks import day_state
from cases import history
from cases.case_deadlines import due_by, meet, set_deadline
from cases.enums.records import DeadlineKind
from cases.enums.states import AccessKind, CaseState, EventKind, OpinionOf
from cases.fuzzy_dates import FuzzyDate
from cases.law.observation import Observation, Rule
from cases.law.observation import observe as follow
from cases.lifecycle import restart
from cases.models import Case, CaseAccess, CaseEvent, ClosingOpinion, Deadline
from cases.returns.expired_exits import follow_exits
from regions.clock import now
from regions.days import PlaceRules, place_rules_of
from regions.models import Region
from regions.refusals import NoCalendar
from regions.rules.calendar import each_day

JOB = "observe"
WATCHED = [CaseState.RETURNED, CaseState.OBSERVING]
FURTHEST = 150
WORD_DUTIES = {
    OpinionOf.SCHOOL: (DeadlineKind.SCHOOL_OPINION, Role.OFFICE),
    OpinionOf.TOWNSHIP: (DeadlineKind.TOWNSHIP_OPINION, Role.TOWNSHIP),
    OpinionOf.BUREAU: (DeadlineKind.APPROVE, Role.BUREAU),
}


UNTOLD = {DayState.NOT_TAKEN, DayState.HELD}


@dataclass(frozen=True, slots=True)
class ObservedCase:
    """What the registers say of a returned child; `earliest` is the first day it may be ready,
    by the calendar, when the child is there every day. `sources` cite the thresholds."""

    observation: Observation
    earliest: date | None
    sources: str
    relapse_source: str


def observe_cases(
    cases: Iterable[Case], on: date, place_rules: PlaceRules
) -> dict[int, ObservedCase | NoCalendar]:
    """By case, what the days since its return say on `on`; NoCalendar where a day is undecided.

    The cases are of one county and have a `returned_on`. A fixed number of statements for all.
    """
    watched = [case for case in cases if case.returned_on]
    if not watched:
        return {}
    since = min(case.returned_on for case in watched if case.returned_on)
    file = read_file([case.student_id for case in watched], on, place_rules, since)
    return {case.pk: _observe_case(case, file) for case in watched}


def _observe_case(case: Case, file: HistoryFile) -> ObservedCase | NoCalendar:
    since = case.returned_on or file.on
    own = replace(file, since=since)
    child = file.children[case.student_id]
    spell = next((one for one in child.spells if one.holds(file.on)), None)
    path = spell.track.path if spell else case.county_path
    settings = {
        key: file.place_rules.policies.setting(key, path, since)
        for key in ("observation_days", "observation_percent", "flag_days", "teacher_leave_days")
    }
    rule = Rule(*(setting.number for setting in settings.values()))
    try:
        days = own.every_day_of(child)
    except NoCalendar as undecided:
        return undecided
    facts = own.facts_of(child, days)
    seen = follow([(day, day_state(facts[day])) for day in days], rule)
    said = dict.fromkeys(
        [settings["observation_days"].source, settings["observation_percent"].source]
    )
    return ObservedCase(
        seen, _earliest(seen, child, spell, file), "；".join(said), settings["flag_days"].source
    )


def _earliest(
    seen: Observation, child: PupilHistory, spell: ClassSpell | None, file: HistoryFile
) -> date | None:
    """The day on which the last school day still needed falls; today's open register may be one."""
    if seen.ready_on or spell is None:
        return seen.ready_on
    taken = {day for day, state in seen.days if state not in UNTOLD}
    left, first = seen.still_needed, file.on.toordinal() + (file.on in taken)
    try:
        for day in each_day(date.fromordinal(first), date.fromordinal(first + FURTHEST)):
            left -= file.place_rules.calendar.is_school_day(spell.track, day)
            if left == 0:
                return day
    except NoCalendar:
        pass
    return None


def observe_case(case: Case, on: date) -> ObservedCase | NoCalendar | None:
    """The watch of one case, for its page and its verbs; None before the return."""
    return observe_cases([case], on, place_rules_of(case.county_path)).get(case.pk)


@dataclass
class ObserveSummary:
    """What the job found, as its JSON. `ready` and `relapsed` are what this run wrote."""

    on: date
    observed: int = 0
    ready: int = 0
    relapsed: int = 0
    no_calendar: set[str] = field(default_factory=set)

    def as_json(self) -> dict:
        return {
            "job": JOB,
            "on": self.on.isoformat(),
            "observed": self.observed,
            "ready": self.ready,
            "relapsed": self.relapsed,
            "no_calendar": sorted(self.no_calendar),
        }


@dataclass(frozen=True)
class Run:
    """What one run of the job knows of the cases it follows."""

    place_rules: PlaceRules
    on: date
    latest: bool
    alerted: set[int]
    ready: set[int]
    due: dict[int, date]


def observe(on: date, region: Region, held: Claim | None = None) -> dict:
    """Follow every returned child of a county up to `on`: ready to close, or 再次辍学.

    Safe to repeat, to run late, and to run for an earlier day: what a night missed is found with
    its own day, what is written is never taken back. Writes per owner township.
    """
    place_rules = place_rules_of(region.path)
    cases = list(Case.objects.at(region.path).filter(state__in=WATCHED, returned_on__lte=on))
    watches = observe_cases(cases, on, place_rules)
    summary, run = ObserveSummary(on), _run(cases, on, place_rules, region)
    townships = _by_owner(cases)
    for done, mine in enumerate(townships):
        with transaction.atomic():
            if held:
                held.guard(done=done, total=len(townships))
            for case in _unmoved(mine):
                _follow(case, watches[case.pk], run, summary)
    with transaction.atomic():
        if held:
            held.guard(done=len(townships), total=len(townships))
        follow_exits(on, region, place_rules, run.latest)
    return summary.as_json()


def _run(cases: list[Case], on: date, place_rules: PlaceRules, region: Region) -> Run:
    done = last_done(JOB, region.path)
    alerts = AbsenceAlert.objects.filter(
        student_id__in=[case.student_id for case in cases], state=AlertState.OPEN
    )
    rounds = {case.pk: case.round for case in cases}
    due = Deadline.objects.standing().filter(case_id__in=rounds, kind=DeadlineKind.OBSERVE)
    said = CaseEvent.objects.filter(case_id__in=list(rounds), kind=EventKind.READY)
    return Run(
        place_rules,
        on,
        done is None or on >= done,
        alerted=set(alerts.values_list("student_id", flat=True)),
        ready={pk for pk, n in said.values_list("case_id", "round") if rounds[pk] == n},
        due=dict(due.values_list("case_id", "due_on")),
    )


def _by_owner(cases: list[Case]) -> list[list[Case]]:
    owners = dict(
        CaseAccess.objects.filter(
            case_id__in=[case.pk for case in cases], kind=AccessKind.OWNER, until=None
        ).values_list("case_id", "path")
    )
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[owners.get(case.pk, case.county_path)].append(case)
    return [groups[path] for path in sorted(groups)]


def _unmoved(read: list[Case]) -> list[Case]:
    """These cases again, locked, without those that moved on since they were read."""
    were = {case.pk: (case.state, case.round, case.returned_on) for case in read}
    rows = Case.objects.filter(pk__in=were).select_related("student").order_by("pk")
    locked = rows.select_for_update(of=("self",))
    return [case for case in locked if were[case.pk] == (case.state, case.round, case.returned_on)]


def _follow(
    case: Case, found: ObservedCase | NoCalendar, run: Run, summary: ObserveSummary
) -> None:
    if isinstance(found, NoCalendar):
        summary.no_calendar.add(str(found))
        return
    summary.observed += 1
    seen = found.observation
    if case.state == CaseState.OBSERVING and case.pk not in run.ready:
        if seen.ready_on and (seen.relapse or case.student_id not in run.alerted):
            say_ready(case, found)
            summary.ready += 1
        elif not seen.relapse and run.latest and run.due.get(case.pk) != found.earliest:
            expect(case, found, run.on)
    if seen.relapse:
        relapse(case, found)
        summary.relapsed += 1


def relapse(case: Case, found: ObservedCase) -> CaseEvent:
    """再次辍学: the ladder starts again, what was served is spent. The case is locked by the caller."""
    days, before = found.observation.relapse, case.step
    returned = case.returned_on.isoformat() if case.returned_on else ""
    case.round += 1
    case.left_from = case.left_to = days[0]
    case.left_precision = Precision.DAY
    case.version, case.changed_by, case.changed_at = case.version + 1, None, now()
    restart(case, days[-1])
    return history.write(
        case,
        EventKind.RELAPSED,
        by=None,
        happened=FuzzyDate.on(days[-1]),
        note=f"返校后 {len(days)} 个教学日无正当理由未到",
        details={"days": [d.isoformat() for d in days], "returned_on": returned, "step": before},
        policy=found.relapse_source,
    )


def say_ready(case: Case, found: ObservedCase) -> None:
    """Say once in a round that the watch is over, and ask for the next word."""
    seen, day = found.observation, found.observation.ready_on
    if day is None:
        return
    history.write(
        case,
        EventKind.READY,
        by=None,
        happened=FuzzyDate.on(day),
        note=f"最近 {seen.rule.days} 个教学日到校率不低于 {seen.rule.percent} %",
        details={"days": seen.rule.days, "percent": seen.rule.percent},
        policy=found.sources,
    )
    meet(case, DeadlineKind.OBSERVE, on=day)
    ask_next_word(case, day)


def expect(case: Case, found: ObservedCase, on: date) -> Deadline | None:
    """Keep the day the watch may end at, as the calendar and the days not taken move it."""
    if found.earliest is None or found.observation.ready_on:
        return None
    standing = case.deadlines.standing().filter(kind=DeadlineKind.OBSERVE).first()
    if standing and standing.due_on == found.earliest:
        return standing
    return set_deadline(
        case,
        DeadlineKind.OBSERVE,
        starts_on=on,
        due_on=found.earliest,
        who=None,
        article=found.sources,
    )


def words_of(case: Case) -> dict[OpinionOf, ClosingOpinion]:
    """The words that stand in this round of the case."""
    rows = ClosingOpinion.objects.filter(case=case, round=case.round, withdrawn_on=None)
    return {OpinionOf(word.opinion_of): word for word in rows.select_related("by")}


def ask_next_word(case: Case, on: date) -> None:
    """Set the duty of whoever speaks next: school, then township, then the bureau."""
    spoken = words_of(case)
    opinion_of = next((one for one in WORD_DUTIES if one not in spoken), None)
    if opinion_of is None:
        return
    kind, who = WORD_DUTIES[opinion_of]
    due_on, article = due_by(case, "approve_days", on)
    set_deadline(case, kind, starts_on=on, due_on=due_on, who=who, article=article)
