"""The day of a school, and of all schools under a central school or the bureau."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from accounts.enums import Role
from accounts.models import Seat, User
from attendance.authorised_absences.pending import waiting_words
from attendance.enums import (
    TEACHERS_WORD,
    AlertEventKind,
    AlertState,
    RegisterState,
    Session,
    Verdict,
)
from attendance.flagging import sessions_on
from attendance.models import Absence, AbsenceAlert, AlertEvent, Register, UnseenRun
from attendance.records import AbsenceAssessment, assess
from attendance.strips import StripDay, sentence, strip_of
from regions.clock import local
from regions.days import PlaceRules
from regions.models import School, SchoolClass
from regions.paths import inside, inside_any
from regions.refusals import NoCalendar
from regions.rules.classnames import grade_label
from regions.rules.day_words import dense_day
from students.enums import AbsenceState
from students.models import AuthorisedAbsence, Enrolment, Student

UNDECIDED, HELD = Session.UNDECIDED, Session.HELD  # the calendar does not say; 停课待核
NO_REGISTER_DUE = {UNDECIDED, HELD}


@dataclass
class Tile:
    """A class today: its counts and when its register came."""

    school_class: SchoolClass
    label: str
    state: str
    expected: int = 0
    present: int = 0
    time: str = ""
    late: bool = False
    teacher: str = ""


@dataclass
class GradeRow:
    label: str
    tiles: list[Tile] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return sum(tile.state == RegisterState.TAKEN for tile in self.tiles)

    @property
    def due(self) -> int:
        return sum(tile.state not in NO_REGISTER_DUE for tile in self.tiles)


@dataclass
class AlertRow:
    """A child on the school's list, with its strip and sentence."""

    student: Student
    label: str
    strip: list[StripDay]
    sentence: str
    second: str
    alert: AbsenceAlert | None = None
    leave: AuthorisedAbsence | None = None
    missing: list[date] = field(default_factory=list)


@dataclass
class SchoolDay:
    """All the school's page of the day shows."""

    school: School
    day: date
    grades: list[GradeRow] = field(default_factory=list)
    alerts: list[AlertRow] = field(default_factory=list)
    cannot: list[AlertRow] = field(default_factory=list)
    leaves: list[AuthorisedAbsence] = field(default_factory=list)
    present: int = 0
    expected: int = 0
    on_leave: int = 0
    unexplained: int = 0

    @property
    def tiles(self) -> list[Tile]:
        return [tile for grade in self.grades for tile in grade.tiles]

    @property
    def missing(self) -> list[Tile]:
        return [tile for tile in self.tiles if tile.state == "missing"]

    @property
    def taken(self) -> int:
        return sum(tile.state == RegisterState.TAKEN for tile in self.tiles)

    @property
    def undecided(self) -> int:
        return sum(tile.state == UNDECIDED for tile in self.tiles)

    @property
    def held(self) -> int:
        return sum(tile.state == HELD for tile in self.tiles)

    @property
    def due(self) -> int:
        return sum(tile.state not in NO_REGISTER_DUE for tile in self.tiles)


def school_day(
    school: School, on: date, place_rules: PlaceRules, *, with_children: bool = True
) -> SchoolDay:
    """Gather the page of a school for a day."""
    day = SchoolDay(school, on)
    must_be_decided([school.path], on, place_rules)
    registers = {
        register.school_class_id: register
        for register in Register.objects.filter(inside("path", school.path), on=on)
    }
    sizes = dict(
        Enrolment.objects.on(on)
        .filter(school_class__school=school)
        .values_list("school_class_id")
        .annotate(Count("pk"))
    )
    sessions = sessions_on([school.path], on, place_rules.calendar)
    session = {one.pk: state for one, state in sessions}
    teachers = _teachers(school.path, on)
    grades: dict[int, GradeRow] = {}
    classes = SchoolClass.objects.filter(school=school).running(on).select_related("school")
    for one in sorted(classes, key=lambda one: (one.grade(on), one.number)):
        register = registers.get(one.pk)
        there_is = session.get(one.pk, Session.OUT)
        if register is None and there_is is Session.OUT:
            continue
        grade = grades.setdefault(one.grade(on), GradeRow(grade_label(one.grade(on))))
        tile = _tile(one, register, sizes.get(one.pk, 0), on)
        if there_is is HELD or (register is None and there_is is UNDECIDED):
            tile.state = there_is
        tile.teacher = teachers.get(one.path, "")
        grade.tiles.append(tile)
    day.grades = list(grades.values())
    _count(day)
    if with_children:
        _children(day, school, on, place_rules)
    return day


def must_be_decided(paths: Iterable[str], on: date, place_rules: PlaceRules) -> None:
    """Raises NoCalendar when nobody has decided the day for a single class at `paths`."""
    undecided = None
    for one in SchoolClass.objects.at(*paths).running(on):
        try:
            place_rules.calendar.day(one.track(), on)
            return
        except NoCalendar as refusal:
            undecided = refusal
    if undecided:
        raise undecided


def _teachers(path: str, on: date) -> dict[str, str]:
    seats = Seat.objects.on(on).filter(inside("path", path), role=Role.TEACHER)
    return dict(seats.values_list("path", "user__name"))


def _tile(one: SchoolClass, register: Register | None, size: int, on: date) -> Tile:
    label = one.label(on).removesuffix("班")
    if register is None:
        return Tile(one, label, "missing", expected=size)
    arrived = local(register.received_at)
    time = f"{arrived:%H:%M}" if arrived.date() == on else dense_day(arrived.date(), on)
    return Tile(
        one, label, register.state, register.expected, register.present, time, register.late
    )


def _count(day: SchoolDay) -> None:
    """应到 = 实到 + 请假 + 未到, of the classes whose register counts: not of one that is 停课待核."""
    counted = [tile for tile in day.tiles if tile.state == RegisterState.TAKEN]
    day.expected = sum(tile.expected for tile in counted)
    day.present = sum(tile.present for tile in counted)
    classes = [tile.school_class.pk for tile in counted]
    marks = Absence.objects.filter(register__school_class__in=classes, on=day.day)
    out = day.expected - day.present
    day.on_leave = min(marks.filter(mark__in=TEACHERS_WORD).count(), out)
    day.unexplained = out - day.on_leave


def _children(day: SchoolDay, school: School, on: date, place_rules: PlaceRules) -> None:
    open_alerts = {
        alert.student_id: alert
        for alert in AbsenceAlert.objects.at(school.path).filter(state=AlertState.OPEN)
    }
    unsure = set(
        UnseenRun.objects.at(school.path)
        .filter(verdict=Verdict.CANNOT_JUDGE)
        .values_list("student_id", flat=True)
    )
    wanted = {*open_alerts, *unsure}
    students = Student.objects.in_bulk(list(wanted))
    judged = assess(wanted, on, place_rules)
    day.leaves = list(
        AuthorisedAbsence.objects.leaves()
        .filter(inside("path", school.path), state=AbsenceState.ASKED)
        .select_related("student", "asked_by")
        .order_by("first")
    )
    waiting = {leave.student_id: leave for leave in day.leaves}
    labels = _class_labels(wanted, on)
    contacts = _last_contacts(open_alerts.values(), on)
    asked = waiting_words(open_alerts.values(), on, place_rules)
    for pk, assessment in judged.items():
        if not isinstance(assessment, AbsenceAssessment):
            continue
        row = _row(students[pk], assessment, place_rules, labels.get(pk, ""))
        row.alert, row.leave = open_alerts.get(pk), waiting.get(pk)
        if row.alert:
            row.second = asked.get(pk) or contacts.get(row.alert.pk, "") or row.second
            day.alerts.append(row)
        elif assessment.verdict is Verdict.CANNOT_JUDGE:
            day.cannot.append(row)
    day.alerts.sort(key=lambda row: (row.alert.first if row.alert else date.max, row.label))
    day.cannot.sort(key=lambda row: row.label)


def _row(
    student: Student, assessment: AbsenceAssessment, place_rules: PlaceRules, label: str
) -> AlertRow:
    missing = list(assessment.run.not_taken)
    second = "住校生" if student.boarder else ""
    return AlertRow(
        student,
        label,
        strip_of(assessment, place_rules.calendar),
        sentence(assessment),
        second,
        missing=missing,
    )


def _class_labels(students: set[int], on: date) -> dict[int, str]:
    spells = Enrolment.objects.on(on).filter(student_id__in=students)
    return {
        spell.student_id: spell.school_class.label(on)
        for spell in spells.select_related("school_class__school")
    }


def _last_contacts(alerts: Iterable[AbsenceAlert], on: date) -> dict[int, str]:
    events = AlertEvent.objects.filter(
        alert__in=list(alerts), kind=AlertEventKind.CONTACT
    ).select_related("by")
    return {
        event.alert_id: f"{event.by.name if event.by else '系统'} {dense_day(event.on, on)} {event.note}"
        for event in events
    }


@dataclass
class SchoolLine:
    """One school among many, today."""

    school: School
    due: int = 0
    taken: int = 0
    late: int = 0
    expected: int = 0
    present: int = 0
    alerts: int = 0
    unsure: int = 0
    undecided: int = 0
    held: int = 0

    @property
    def missing(self) -> int:
        return self.due - self.taken


def schools_day(
    paths: tuple[str, ...], on: date, place_rules: PlaceRules, by: User
) -> list[SchoolLine]:
    """The schools at `paths` for a day, those with most left to do first; a fixed number of
    statements."""
    lines = {
        school.pk: SchoolLine(school)
        for school in School.objects.filter(closed_on=None).select_related("region")
        if any(school.path.startswith(path) for path in paths)
    }
    must_be_decided(paths, on, place_rules)
    session: dict[int, set[int]] = defaultdict(set)
    undecided: dict[int, int] = {}
    held: set[int] = set()
    for one, there_is in sessions_on(paths, on, place_rules.calendar):
        if there_is is Session.IN:
            session[one.school_id].add(one.pk)
        elif there_is is UNDECIDED:
            undecided[one.pk] = one.school_id
        elif there_is is HELD and one.school_id in lines:
            lines[one.school_id].held += 1
            held.add(one.pk)
    _add_registers(lines, session, paths, on, held)
    _add_alerts(lines, paths)
    for pk, classes in session.items():
        if pk in lines:
            lines[pk].due += len(classes)
    taken = Register.objects.filter(school_class__in=undecided, on=on)
    for class_id in undecided.keys() - set(taken.values_list("school_class_id", flat=True)):
        if line := lines.get(undecided[class_id]):
            line.undecided += 1
    shown = [
        line for line in lines.values() if line.due or line.alerts or line.undecided or line.held
    ]
    return sorted(
        shown,
        key=lambda line: (-line.missing, -line.undecided, -line.alerts, line.school.path),
    )


def _add_registers(
    lines: dict, session: dict[int, set[int]], paths: tuple[str, ...], on: date, held: set[int]
) -> None:
    registers = Register.objects.filter(inside_any("path", paths), on=on).select_related(
        "school_class"
    )
    for register in registers:
        line = lines.get(register.school_class.school_id)
        if line is None or register.school_class_id in held:
            continue
        session[line.school.pk].discard(register.school_class_id)
        line.due += 1
        line.taken += 1
        line.late += register.late
        line.expected += register.expected
        line.present += register.present


def _add_alerts(lines: dict, paths: tuple[str, ...]) -> None:
    by_path = {line.school.path: line for line in lines.values()}
    opened = AbsenceAlert.objects.filter(inside_any("path", paths), state=AlertState.OPEN)
    for place in opened.values_list("path", flat=True):
        if line := by_path.get(place.split("C", 1)[0]):
            line.alerts += 1
    unsure = UnseenRun.objects.filter(inside_any("path", paths), verdict=Verdict.CANNOT_JUDGE)
    for place in unsure.values_list("path", flat=True):
        if line := by_path.get(place.split("C", 1)[0]):
            line.unsure += 1
