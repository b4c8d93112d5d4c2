"""What is on file about a request, read into the values that the rules weigh."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from django.db.models import Count, Q

from attendance.enums import AlertState, DayState, Mark
from attendance.models import Absence, AbsenceAlert
from attendance.records import HistoryFile, PupilHistory, read_file, track_of
from attendance.rules.second_word import (
    AbsenceRequest,
    LateLeave,
    Span,
    chain_of,
    count_days,
    fullest_week,
    treated_week,
)
from attendance.rules.streaks import day_state
from regions.clock import at
from regions.days import PlaceRules, place_rules_of
from regions.enums import DayKind
from regions.paths import county_of, inside
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar
from students.enums import AWAY, AbsenceKind, AbsenceState, SampleResult
from students.models import AbsenceQuerySet, AuthorisedAbsence, Enrolment, Student
from students.traits import trait_changes, traits_on

AGREED = [AbsenceState.PASSED, AbsenceState.APPROVED]
MARKED = [Mark.ABSENT, Mark.LOST]
ONE_DAY = timedelta(days=1)
FALSE_SAMPLE_COUNTS = timedelta(days=30)  # 系统设定: the school's next month
AROUND = timedelta(days=120)  # as far as a chain can reach
NOT_AWAY = [kind for kind in AbsenceKind if kind not in AWAY]
TOGETHER = [kind for kind in NOT_AWAY if kind is not AbsenceKind.TREATMENT]


def span_of(absence: AuthorisedAbsence) -> Span:
    return Span(absence.first, absence.last, absence.weekdays)


def explained_span(absence: AuthorisedAbsence) -> Span:
    """What it explains once approved: where its proof never came, until the day it was due."""
    last = min(absence.last, absence.proof_due_on or absence.last)
    return Span(absence.first, last, absence.weekdays)


def has_lapsed(absence: AuthorisedAbsence, on: date) -> bool:
    """Is its proof overdue, so that its days from then on are not explained?"""
    return absence.proof_due_on is not None and absence.proof_due_on < on


def weigh(
    absence: AuthorisedAbsence, *, on: date, proof: bool, place_rules: PlaceRules | None = None
) -> AbsenceRequest:
    """The request as the rules weigh it on `on`. It need not be stored yet."""
    student, kind = absence.student, AbsenceKind(absence.kind)
    rules = place_rules or place_rules_of(county_of(absence.path))
    wanted, others = span_of(absence), _others(absence)
    states = _states(student, [span_of(one) for one in others], wanted, on, rules)
    same = [span_of(one) for one in others if one.kind == kind]
    chain = chain_of(wanted, same, states)
    together = chain
    if kind in TOGETHER:
        every = [span_of(one) for one in others if one.kind in TOGETHER]
        together = chain_of(wanted, every, states)
    days = school_days(
        student, together[0].first, max(one.last for one in together), rules.calendar
    )
    known = days or []
    marked, marked_before = marked_days(absence, others, states)
    return AbsenceRequest(
        kind,
        days=count_days(kind, [wanted], known),
        chained=count_days(kind, chain, known),
        school_days=None if days is None else count_school_days(chain, days),
        proof=proof,
        together=count_school_days(together, known),
        in_week=fullest_week([wanted, *same]) if kind is AbsenceKind.TREATMENT else 0,
        treated_week=_treated_week(absence, others),
        marked=marked,
        marked_before=marked_before,
        alert=standing_alerts(absence).exists(),
        **_of_school(absence.path, on, rules),
    )


def _treated_week(absence: AuthorisedAbsence, others: list[AuthorisedAbsence]) -> int:
    leave = [one for one in (absence, *others) if one.kind in NOT_AWAY]
    plans = [span_of(one) for one in leave if one.kind == AbsenceKind.TREATMENT]
    return treated_week(span_of(absence), plans, map(span_of, leave))


def count_school_days(chain: list[Span], days: list[date]) -> int:
    return sum(any(day in one for one in chain) for day in days)


def _others(absence: AuthorisedAbsence) -> list[AuthorisedAbsence]:
    """What was agreed to for the child near enough to hang together: of this kind, or of any that
    leaves the child on the sheet where this one does."""
    kinds = NOT_AWAY if absence.kind in NOT_AWAY else [absence.kind]
    near = AuthorisedAbsence.objects.filter(
        student=absence.student_id,
        kind__in=kinds,
        state__in=AGREED,
        first__lte=absence.last + AROUND,
        last__gte=absence.first - AROUND,
    )
    return list(near.exclude(pk=absence.pk))


def _states(
    student: Student, others: list[Span], wanted: Span, on: date, rules: PlaceRules
) -> dict[date, DayState]:
    """What the child's days from the first of the spans to `on` were; none where there is no chain."""
    if not others:
        return {}
    since = min(one.first for one in (*others, wanted))
    return states_of([student.pk], since, on, rules)[student.pk]


def states_of(
    ids: Iterable[int], since: date, on: date, rules: PlaceRules
) -> dict[int, dict[date, DayState]]:
    """By child what its school days from `since` to `on` were; none where the calendar does not say."""
    file = read_file(ids, on, rules, since)
    return {pk: _states_in(file, child) for pk, child in file.children.items()}


def _states_in(file: HistoryFile, child: PupilHistory) -> dict[date, DayState]:
    try:
        facts = file.facts_of(child, file.days_of(child))
    except NoCalendar:
        return {}
    return {day: day_state(known) for day, known in facts.items()}


def school_days(student: Student, first: date, last: date, calendar: Calendar) -> list[date] | None:
    """The child's school days as its class has them now, each by what the child was or is that day;
    None where the calendar does not say."""
    spell = (
        Enrolment.objects.filter(student=student, ended=None)
        .select_related("school_class__school")
        .first()
    )
    if spell is None:
        return None
    changes = trait_changes([student.pk]).get(student.pk, [])
    cuts = sorted({change.on for change in changes if first < change.on <= last})
    days: list[date] = []
    for begins, ends in zip([first, *cuts], [*(cut - ONE_DAY for cut in cuts), last], strict=True):
        track = track_of(spell.school_class, traits_on(student, changes, begins))
        try:
            days += calendar.school_days(track, begins, ends)
        except NoCalendar:
            return None
    return days


def marked_days(
    absence: AuthorisedAbsence, others: list[AuthorisedAbsence], states: dict[date, DayState]
) -> tuple[int, int]:
    """Days that stand as 未到 or 失联 in a register: of the request, and of other leave asked for
    afterwards, as far as fewer than three seen days keep them apart."""
    wanted, late = span_of(absence), [span_of(one) for one in others if one.after_mark]
    spans = [wanted, *late]
    rows = Absence.objects.filter(
        student=absence.student_id,
        mark__in=MARKED,
        on__gte=min(one.first for one in spans),
        on__lte=max(one.last for one in spans),
    )
    days = list(rows.values_list("on", flat=True))
    before = [Span(day, day) for day in days if any(day in one for one in late)]
    return sum(day in wanted for day in days), len(chain_of(wanted, before, states)) - 1


def standing_alerts(absence: AuthorisedAbsence):
    """Open alerts of the child some of whose days it would explain."""
    return AbsenceAlert.objects.filter(
        student=absence.student_id,
        state=AlertState.OPEN,
        first__lte=absence.last,
        last__gte=absence.first,
    )


def _of_school(path: str, on: date, rules: PlaceRules) -> dict:
    school = path.split("C", 1)[0]
    rates = late_leave(county_of(path), on, rules, school=school)
    false = false_samples(school, on).exists()
    return {"school": rates[1], "county": rates[0], "false_sample": false}


def false_samples(path: str, on: date) -> AbsenceQuerySet:
    """What was found false at a place in the month before a day."""
    return AuthorisedAbsence.objects.filter(
        inside("path", path),
        sample_result=SampleResult.FALSE,
        sampled_at__gte=at(on - FALSE_SAMPLE_COUNTS, time()),
    )


def term_of(on: date, rules: PlaceRules) -> date:
    """The first day of the term of `on` as the place has it; of the last one in a vacation."""
    begun = [
        row.begins for row in rules.calendar.rows if row.kind is DayKind.TERM and row.begins <= on
    ]
    return max(begun, default=on)


def late_leave(
    path: str, on: date, rules: PlaceRules, *, school: str
) -> tuple[LateLeave, LateLeave]:
    """补假 this term of the place and of a school in it, in one statement."""
    granted = AuthorisedAbsence.objects.leaves().filter(
        inside("path", path), state__in=AGREED, first__gte=term_of(on, rules)
    )
    here, late = inside("path", school), Q(after_mark=True)
    told = granted.aggregate(
        all=Count("pk"), late=Count("pk", filter=late),
        here=Count("pk", filter=here), here_late=Count("pk", filter=here & late),
    )  # fmt: skip
    return LateLeave(told["late"], told["all"]), LateLeave(told["here_late"], told["here"])
