"""上报: what was left undone and rose a level, kept in step with what stands (design §4 «Clocks»)."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db.models import Q

from accounts.enums import CLASS_ROLES, SCHOOL_ROLES, Role
from attendance.flagging import classes_in_session
from attendance.models import Register
from cases import history
from cases.enums.states import AccessKind, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case, CaseAccess, Deadline, Escalation
from regions.days import PlaceRules
from regions.models import School, SchoolClass
from regions.paths import TOWNSHIP, county_of, inside
from regions.rules.day_words import whole_day

ALERT, DEADLINE, REGISTER = "alert", "deadline", "register"
LOOK_BACK, FURTHEST = 5, timedelta(days=30)
ABOVE: dict[Role, tuple[Role, ...]] = {
    **dict.fromkeys(CLASS_ROLES | SCHOOL_ROLES, (Role.TOWNSHIP, Role.BUREAU)),
    Role.VILLAGE: (Role.TOWNSHIP,),
    Role.TOWNSHIP: (Role.COUNTY_OFFICE,),
    Role.BUREAU: (Role.COUNTY_OFFICE,),
}
LEVELS = {
    Role.CENTRAL: "中心校",
    Role.TOWNSHIP: "责任乡镇",
    Role.BUREAU: "县教育体育局",
    Role.COUNTY_OFFICE: "县控辍保学专班",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What rose: an alert, a deadline, or the register of a class on a day; exactly one."""

    alert_id: int | None = None
    deadline_id: int | None = None
    school_class_id: int | None = None
    on: date | None = None


def subject_of(rise: Escalation) -> Subject:
    return Subject(rise.alert_id, rise.deadline_id, rise.school_class_id, rise.on)


@dataclass(frozen=True, slots=True)
class WantedEscalation:
    """One thing that ought to stand as risen to `level` at `path`, and since when."""

    subject: Subject
    level: Role
    path: str
    said: str
    since: date
    student_id: int | None = None
    case_id: int | None = None
    school_id: int | None = None


def keep(
    kind: str,
    wanted: Iterable[WantedEscalation],
    county: str,
    on: date,
    *,
    latest: bool,
    still: Collection[Subject] = (),
) -> tuple[list[WantedEscalation], int]:
    """Make the rises of a kind in a county be `wanted`. Returns those new, and how many ended.

    Only the latest run ends what is not wanted any more (but for the subjects in `still`) or
    lets what had ended stand again; an earlier day only adds what is missing.
    """
    asked = {(one.subject, one.level): one for one in wanted}
    here = Escalation.objects.filter(inside("path", county), kind=kind)
    known = {
        (subject_of(rise), rise.level): rise
        for rise in here.filter(Q(ended_on=None) | _about({key[0] for key in asked}))
    }
    new = [one for key, one in asked.items() if key not in known]
    Escalation.objects.bulk_create([_row(kind, one) for one in new], ignore_conflicts=True)
    if not latest:
        return new, 0
    again = [key for key in asked if key in known and known[key].ended_on]
    for key in again:
        rise, one = known[key], asked[key]
        rise.ended_on, rise.since, rise.said, rise.path = None, one.since, one.said, one.path
    Escalation.objects.bulk_update(
        [known[key] for key in again], ["ended_on", "since", "said", "path"]
    )
    moved = [
        key
        for key, one in asked.items()
        if key in known and key not in again and known[key].path != one.path
    ]
    for key in moved:
        known[key].path = asked[key].path
    Escalation.objects.bulk_update([known[key] for key in moved], ["path"])
    over = [
        rise.pk
        for key, rise in known.items()
        if key not in asked and rise.ended_on is None and subject_of(rise) not in still
    ]
    ended = Escalation.objects.filter(pk__in=over).update(ended_on=on) if over else 0
    return new + [asked[key] for key in again], ended


def _about(subjects: Collection[Subject]) -> Q:
    """Rises about any of these; of registers, those of their classes on any of their days."""
    return (
        Q(alert_id__in={one.alert_id for one in subjects} - {None})
        | Q(deadline_id__in={one.deadline_id for one in subjects} - {None})
        | Q(
            school_class_id__in={one.school_class_id for one in subjects} - {None},
            on__in={one.on for one in subjects} - {None},
        )
    )


def _row(kind: str, one: WantedEscalation) -> Escalation:
    return Escalation(
        kind=kind,
        level=one.level,
        path=one.path,
        said=one.said,
        since=one.since,
        student_id=one.student_id,
        case_id=one.case_id,
        school_id=one.school_id,
        **asdict(one.subject),
    )


def overdue_duties(county: str, on: date) -> list[WantedEscalation]:
    """Standing deadlines whose day is over and that are somebody's duty, at the level above."""
    late = Deadline.objects.standing().filter(inside("case__county_path", county), due_on__lt=on)
    rows = list(late.exclude(who="").select_related("case"))
    owners = owners_of({row.case_id for row in rows})
    found = []
    for row in rows:
        for level in ABOVE.get(Role(row.who), ()):
            path = owners[row.case_id].path if level is Role.TOWNSHIP else row.case.county_path
            if level is Role.TOWNSHIP and len(path) < TOWNSHIP:
                continue
            said = f"{row.label}，应于 {whole_day(row.due_on)}前完成"
            since = row.due_on + timedelta(days=1)
            subject, student = Subject(deadline_id=row.pk), row.case.student_id
            found.append(WantedEscalation(subject, level, path, said, since, student, row.case_id))
    return found


def write_risen(new: Iterable[WantedEscalation]) -> None:
    """Write into each case that a duty of it rose, and to whom: one event for a duty."""
    by_subject: dict[Subject, list[WantedEscalation]] = {}
    for one in new:
        by_subject.setdefault(one.subject, []).append(one)
    cases = Case.objects.in_bulk({group[0].case_id for group in by_subject.values()})
    deadlines = Deadline.objects.in_bulk({subject.deadline_id for subject in by_subject})
    for subject, group in by_subject.items():
        first = group[0]
        to = "、".join(LEVELS[one.level] for one in group)
        history.write(
            cases[first.case_id],
            EventKind.RISEN,
            by=None,
            happened=FuzzyDate.on(first.since),
            note=f"{first.said}，已逾期，上报{to}",
            deadline=deadlines[subject.deadline_id],
            policy="系统设定",
        )


def owners_of(case_ids: Collection[int]) -> dict[int, CaseAccess]:
    rows = CaseAccess.objects.filter(case_id__in=case_ids, kind=AccessKind.OWNER, until=None)
    return {row.case_id: row for row in rows}


def missing_registers(
    county: str, on: date, place_rules: PlaceRules
) -> tuple[list[WantedEscalation], set[Subject]]:
    """Registers nobody took: the day itself is the school's; on the next school day of the class
    the central school's, on the one after the bureau's. Of the last five school days.

    Also the subjects risen on earlier days whose register is still missing: they stay.
    """
    sessions = _sessions(county, on, place_rules)
    first = min(sessions, default=on)
    taken = set(
        Register.objects.at(county)
        .filter(on__gte=first, on__lte=on)
        .values_list("school_class_id", "on")
    )
    found = []
    for day, classes in sessions.items():
        for school_class in classes:
            if day < on and (school_class.pk, day) not in taken and _counts(school_class, day):
                found += _risen_register(school_class, day, sessions)
    return _with_central(found), _older_and_missing(county, first)


def _sessions(county: str, on: date, place_rules: PlaceRules) -> dict[date, list[SchoolClass]]:
    """The classes in session on `on` and on the five school days of the county before it."""
    found: dict[date, list[SchoolClass]] = {}
    day, before = on, 0
    while before < LOOK_BACK and on - day <= FURTHEST:
        if classes := classes_in_session([county], day, place_rules.calendar):
            found[day] = classes
            before += day < on
        day -= timedelta(days=1)
    return found


def _counts(school_class: SchoolClass, on: date) -> bool:
    begins = school_class.school.counts_from
    return begins is not None and begins <= on


def _risen_register(
    school_class: SchoolClass, day: date, sessions: dict[date, list[SchoolClass]]
) -> list[tuple[SchoolClass, date, Role, date]]:
    after = sorted(d for d in sessions if d > day and school_class in sessions[d])
    levels = zip((Role.CENTRAL, Role.BUREAU), after, strict=False)
    return [(school_class, day, level, since) for level, since in levels]


def _with_central(found: list[tuple[SchoolClass, date, Role, date]]) -> list[WantedEscalation]:
    """A school nobody leads has no level between itself and the bureau."""
    leading = School.objects.in_bulk({one[0].school.led_by_id for one in found} - {None})
    wanted = []
    for school_class, day, level, since in found:
        path = county_of(school_class.path)
        if level is Role.CENTRAL:
            central = leading.get(school_class.school.led_by_id)
            if central is None:
                continue
            path = central.path
        label = f"{school_class.school.name} {school_class.label(day)}"
        said = f"{label} {whole_day(day)}未报考勤"
        subject = Subject(school_class_id=school_class.pk, on=day)
        school = school_class.school_id
        wanted.append(WantedEscalation(subject, level, path, said, since, school_id=school))
    return wanted


def _older_and_missing(county: str, first: date) -> set[Subject]:
    standing = Escalation.objects.filter(
        inside("path", county), kind=REGISTER, ended_on=None, on__lt=first
    )
    older = set(standing.values_list("school_class_id", "on"))
    taken = set(
        Register.objects.filter(
            school_class_id__in={pk for pk, _ in older}, on__in={day for _, day in older}
        ).values_list("school_class_id", "on")
    )
    return {Subject(school_class_id=pk, on=day) for pk, day in older - taken}
