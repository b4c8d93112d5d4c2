"""The third-day job: which children were not seen, county by county (云政办规〔2022〕5号 第4条)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, Max, Q

from accounts.job_runs import Claim, last_done
from attendance.alerts import JOB, recompute, reconcile
from attendance.enums import OUT_MARKS, AlertState, RegisterState, Session, Verdict
from attendance.models import Absence, AbsenceAlert, Register, UnseenRun
from attendance.records import AbsenceAssessment, assess
from regions.clock import now
from regions.days import PlaceRules, place_rules_of
from regions.models import CalendarChange, Region, SchoolClass
from regions.paths import inside, inside_any, township_of
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar
from regions.rules.known_part import Lack
from students.models import AuthorisedAbsence, Enrolment, Student
from students.traits import BOARDER, YES, before_since, changed_since

HORIZON = timedelta(days=400)
LOOK_BACK = timedelta(days=60)


@dataclass
class FlagSummary:
    """What the job found, as its JSON."""

    on: date
    flagged: int = 0
    cannot_judge: int = 0
    registers_missing: int = 0
    no_calendar: set[str] = field(default_factory=set)
    alerts: Counter = field(default_factory=Counter)

    def as_json(self) -> dict:
        return {
            "job": JOB,
            "on": self.on.isoformat(),
            "flagged": self.flagged,
            "cannot_judge": self.cannot_judge,
            "registers_missing": self.registers_missing,
            "alerts": dict(sorted(self.alerts.items())),
            "no_calendar": sorted(self.no_calendar),
        }


def flag_absences(on: date, region: Region, held: Claim | None = None) -> dict:
    """Judge every child of a county who may be unseen on `on`, and keep what the rule says.

    Rebuilds runs and alerts from the rows; computes outside the transaction, writes per township.
    Returns its summary. Schools whose calendar is undecided are named, not guessed.
    """
    place_rules = place_rules_of(region.path)
    latest = last_done(JOB, region.path)
    candidates = candidates_of(region.path, on, place_rules)
    townships: dict[str, list[int]] = defaultdict(list)
    for pk, path in candidates.items():
        townships[township_of(path)].append(pk)
    summary = FlagSummary(
        on, registers_missing=len(missing_registers(region.path, on, place_rules))
    )
    is_latest = latest is None or on >= latest
    for done, (path, students) in enumerate(sorted(townships.items())):
        judged = _decided(assess(students, on, place_rules), summary)
        with transaction.atomic():
            if held:
                held.guard(done=done, total=len(townships))
            counts = reconcile(judged, on, latest=is_latest)
        summary.alerts += counts
        if counts["opened"] and not is_latest:
            recompute(students, path, by=None, place_rules=place_rules)
    follow_calendar(region.path, is_latest)
    return summary.as_json()


def _decided(
    answers: dict[int, AbsenceAssessment | NoCalendar], summary: FlagSummary
) -> dict[int, AbsenceAssessment]:
    judged = {}
    for pk, answer in answers.items():
        if isinstance(answer, NoCalendar):
            summary.no_calendar.add(str(answer))
            continue
        judged[pk] = answer
        summary.flagged += answer.verdict is Verdict.ALERT
        summary.cannot_judge += answer.verdict is Verdict.CANNOT_JUDGE
    return judged


def candidates_of(path: str, on: date, place_rules: PlaceRules | None = None) -> dict[int, str]:
    """Children who may be unseen on `on`, with where they are: never fewer than those who are.

    A child was seen when its class has a later register, on a school day of everybody in it, that
    knows the child and does not list it; unless it moved, is away, or stands in a run or an alert.
    """
    since = on - HORIZON
    last_out: dict[int, tuple[date, int]] = {}
    marks = Absence.objects.filter(
        inside("path", path), mark__in=OUT_MARKS, on__lte=on, on__gte=since
    )
    for pk, class_id, day in (
        marks.values_list("student_id", "register__school_class_id")
        .annotate(day=Max("on"))
        .values_list("student_id", "register__school_class_id", "day")
    ):
        last_out[pk] = max((day, class_id), last_out.get(pk, (day, class_id)))
    showing = _last_showing(path, on, (place_rules or place_rules_of(path)).calendar)
    wanted = {pk for pk, (day, class_id) in last_out.items() if day >= showing.get(class_id, day)}
    wanted |= set(last_out) & _newly_listed_or_away(path, on, showing)
    wanted |= set(UnseenRun.objects.at(path).values_list("student_id", flat=True))
    wanted |= set(
        AbsenceAlert.objects.at(path)
        .filter(state=AlertState.OPEN)
        .values_list("student_id", flat=True)
    )
    places = Student.objects.filter(pk__in=wanted).values_list("pk", "school_path")
    return {pk: place or path for pk, place in places}


def _last_showing(path: str, on: date, calendar: Calendar) -> dict[int, date]:
    """By class, the latest register that shows who was there: taken, on a school day of boarders,
    day pupils and every community alike. A class without one in the last weeks has no entry."""
    taken = Register.objects.filter(inside("path", path), state=RegisterState.TAKEN, on__lte=on)
    latest = dict(
        taken.filter(on__gte=on - HORIZON).values_list("school_class_id").annotate(Max("on"))
    )
    classes = SchoolClass.objects.in_bulk(list(latest))
    showing = {pk: day for pk, day in latest.items() if _school_for_all(classes[pk], day, calendar)}
    unsure = set(latest) - set(showing)
    earlier = taken.filter(school_class_id__in=unsure, on__gte=on - LOOK_BACK).order_by("on")
    for pk, day in earlier.values_list("school_class_id", "on"):
        if _school_for_all(classes[pk], day, calendar):
            showing[pk] = day
    return showing


def _school_for_all(school_class: SchoolClass, on: date, calendar: Calendar) -> bool:
    """Is the day a school day whatever narrows it? An undecided or a held day is not."""
    communities = {"", *(row.community for row in calendar.rows if row.community)}
    tracks = (
        school_class.track(boarder, community)
        for boarder in (False, True)
        for community in communities
    )
    try:
        days = [calendar.day(track, on) for track in tracks]
        return all(day.school and not day.held for day in days)
    except NoCalendar:
        return False


def _newly_listed_or_away(path: str, on: date, showing: dict[int, date]) -> set[int]:
    """Children whose class's last register may not know them, who moved, or whose absence is
    explained whatever a register shows."""
    spells = Enrolment.objects.on(on).filter(inside("school_class__path", path))
    recent = Q(listed_from=None) | Q(listed_from__gt=on - LOOK_BACK)
    moved = Q(student__enrolments__ended__gt=on - HORIZON)
    found = set(spells.filter(moved).values_list("student_id", flat=True))
    for pk, class_id, listed in spells.filter(recent).values_list(
        "student_id", "school_class_id", "listed_from"
    ):
        if listed is None or listed > showing.get(class_id, on):
            found.add(pk)
    away = (
        AuthorisedAbsence.objects.statuses()
        .explaining()
        .filter(inside("student__school_path", path), first__lte=on, last__gte=on - HORIZON)
    )
    return found | set(away.values_list("student_id", flat=True))


def classes_in_session(paths: Iterable[str], on: date, calendar: Calendar) -> list[SchoolClass]:
    """The classes at `paths` with pupils on the roll that are to take the register on `on`.

    A class whose boarders or whose day pupils alone have school is in session. Classes whose day
    is undecided or held (停课待核) are left out; the page of that class says so.
    """
    sessions = sessions_on(paths, on, calendar)
    return [school_class for school_class, session in sessions if session is Session.IN]


def sessions_on(
    paths: Iterable[str], on: date, calendar: Calendar
) -> list[tuple[SchoolClass, Session]]:
    """The classes at `paths` with pupils on the roll, and whether they are in session on `on`."""
    rolls = _boarding_on(paths, on)
    classes = SchoolClass.objects.at(*paths).running(on).select_related("school")
    return [
        (school_class, in_session(school_class, rolls[school_class.pk], on, calendar))
        for school_class in classes
        if rolls[school_class.pk]
    ]


def lack_on(paths: Iterable[str], on: date, calendar: Calendar) -> Lack:
    """What a count of the absent at `paths` leaves out on `on`: the classes whose day is undecided."""
    sessions = [session for _, session in sessions_on(paths, on, calendar)]
    undecided = sessions.count(Session.UNDECIDED)
    return Lack(undecided, any_decided=undecided < len(sessions))


def _boarding_on(paths: Iterable[str], on: date) -> dict[int, set[bool]]:
    """By class, whether its children boarded on `on`: both, where some did and some did not."""
    spells = Enrolment.objects.on(on).filter(inside_any("school_class__path", paths))
    since = changed_since(BOARDER, on)
    found: dict[int, set[bool]] = defaultdict(set)
    same = spells.filter(~Exists(since)).values_list("school_class_id", "student__boarder")
    for class_id, boarder in same.distinct():
        found[class_id].add(boarder)
    changed = spells.filter(Exists(since)).annotate(before=before_since(BOARDER, on))
    for class_id, value in changed.values_list("school_class_id", "before"):
        found[class_id].add(value == YES)
    return found


def in_session(
    school_class: SchoolClass, boarding: set[bool], on: date, calendar: Calendar
) -> Session:
    """Has any of the class's pupils school on `on`? Held where all who have wait for a closure."""
    try:
        days = [calendar.day(school_class.track(kind), on) for kind in boarding]
    except NoCalendar:
        return Session.UNDECIDED
    school = [day for day in days if day.school]
    if not school:
        return Session.OUT
    return Session.HELD if all(day.held for day in school) else Session.IN


def missing_registers(path: str, on: date, place_rules: PlaceRules) -> list[SchoolClass]:
    """Classes in session on `on` whose register nobody took: the school's work, no child's mark."""
    made = set(Register.objects.at(path).filter(on=on).values_list("school_class_id", flat=True))
    return [
        school_class
        for school_class in classes_in_session([path], on, place_rules.calendar)
        if school_class.pk not in made and _counts(school_class, on)
    ]


def _counts(school_class: SchoolClass, on: date) -> bool:
    begins = school_class.school.counts_from
    return begins is not None and begins <= on


def follow_calendar(path: str, is_latest: bool) -> None:
    """Mark calendar rows that came late as followed: this run has judged by them."""
    if is_latest:
        late = CalendarChange.objects.filter(inside("path", path), followed_at=None)
        late.update(followed_at=now())
