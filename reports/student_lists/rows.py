"""Rows of a list of names, from its keys: a fixed number of statements for one page of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import User
from attendance.models import UnseenRun
from cases.due import Due, due_of
from cases.enums.states import OUT_OF_SCHOOL, AbsenceLevel, CaseState
from cases.models import Case, Deadline
from cases.worklist.rows import stands
from regions.models import Region, SchoolClass
from regions.paths import TOWNSHIP, township_of
from reports.enums import StudentStatus
from reports.models import BucketRow
from reports.student_lists.lists import PRIVATE, Key, StudentList, by_kind, reads_private
from students.enums import AbsenceKind
from students.models import Enrolment, Student

TONES = {
    StudentStatus.DROPOUT: "bad", StudentStatus.MISSING: "bad",
    StudentStatus.SUSPECTED: "warn", StudentStatus.ABSENT: "warn",
    StudentStatus.OBSERVED: "go", StudentStatus.IN_SCHOOL: "ok", StudentStatus.GRADUATED: "ok",
}  # fmt: skip
LEVEL_TONES = {
    AbsenceLevel.DROPOUT: "bad",
    AbsenceLevel.SUSPECTED: "warn",
    AbsenceLevel.ABSENT: "warn",
}


@dataclass(frozen=True, slots=True)
class NameRow:
    """One child as a list shows it; `url` is empty where this user may not open the page."""

    student: Student
    url: str
    age: int | None
    home: str
    where: str
    state: str
    tone: str
    since: str
    days: int | None
    step: str
    due: Due | None = None
    what: str = ""
    article: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ListedStudent:
    """A key with its rows."""

    student: Student
    case: Case | None = None
    row: BucketRow | None = None
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What the rows of a page ask about their children, read once."""

    on: date
    wheres: Mapping[int, str]
    classes: Mapping[str, str]
    homes: Mapping[str, str]
    runs: Mapping[int, UnseenRun]
    seen: frozenset[int]
    cases: frozenset[int]
    reads_private: bool


def rows_of(found: StudentList, keys: Sequence[Key], user: User) -> list[NameRow]:
    """The rows of one page, in the order of its keys."""
    entries = _entries(keys)
    on = found.snapshot.on if found.snapshot and found.asked.of_children else found.on
    around = _around(list(entries.values()), user, on)
    return [_row(entries[key], around) for key in keys if key in entries]


def _entries(keys: Sequence[Key]) -> dict[Key, ListedStudent]:
    made: dict[Key, ListedStudent] = {}
    rows = BucketRow.objects.filter(pk__in=by_kind(keys, "row")).select_related("student", "case")
    made |= {("row", one.pk): ListedStudent(one.student, one.case, row=one) for one in rows}
    students = Student.objects.filter(pk__in=by_kind(keys, "student"))
    made |= {("student", one.pk): ListedStudent(one) for one in students}
    cases = Case.objects.filter(pk__in=by_kind(keys, "case")).select_related("student")
    made |= {("case", one.pk): ListedStudent(one.student, one) for one in cases}
    late = Deadline.objects.filter(pk__in=by_kind(keys, "deadline"))
    for one in late.select_related("case__student"):
        made["deadline", one.pk] = ListedStudent(one.case.student, one.case, deadline=one)
    return made


def _around(entries: list[ListedStudent], user: User, on: date) -> Around:
    students = [entry.student for entry in entries]
    pks = [student.pk for student in students]
    spells = Enrolment.objects.on(on).filter(student__in=pks)
    wheres = {
        spell.student_id: f"{spell.school_class.school.name} {spell.school_class.label(on)}"
        for spell in spells.select_related("school_class__school")
    }
    paths = {entry.row.path for entry in entries if entry.row}
    classes = SchoolClass.objects.filter(path__in=paths).select_related("school")
    cases = [entry.case.pk for entry in entries if entry.case]
    return Around(
        on=on,
        wheres=wheres,
        classes={one.path: f"{one.school.name} {one.label(on)}" for one in classes},
        homes=homes_of(students),
        runs={run.student_id: run for run in UnseenRun.objects.filter(student__in=pks)},
        seen=frozenset(Student.objects.visible_to(user).filter(pk__in=pks).values_list(
            "pk", flat=True)),
        cases=frozenset(Case.objects.visible_to(user).filter(pk__in=cases).values_list(
            "pk", flat=True)),
        reads_private=reads_private(user),
    )  # fmt: skip


def homes_of(students: Sequence[Student]) -> dict[str, str]:
    """Names of the townships children live in, by path."""
    paths = {township_of(_home(student)) for student in students}
    regions = Region.objects.filter(path__in=[path for path in paths if len(path) == TOWNSHIP])
    return dict(regions.values_list("path", "name"))


def _home(student: Student) -> str:
    return student.residence_path or student.household_path


def _row(entry: ListedStudent, around: Around) -> NameRow:
    student, case, row = entry.student, entry.case, entry.row
    day, said = _since(entry, around)
    state, tone = _state(entry, around.reads_private)
    where = around.classes.get(row.path, "") if row else around.wheres.get(student.pk, "不在册")
    late = entry.deadline
    return NameRow(
        student=student,
        url=_url(entry, around),
        age=student.age(around.on),
        home=around.homes.get(township_of(_home(student)), "—"),
        where=where,
        state=state,
        tone=tone,
        since=said,
        days=(around.on - day).days if day else None,
        step=stands(case) if case and case.is_open else "",
        due=due_of(late.due_on, around.on) if late else None,
        what=late.label if late else "",
        article=late.article if late else "",
    )


def _url(entry: ListedStudent, around: Around) -> str:
    if entry.case and entry.case.pk in around.cases:
        return reverse("cases:case", args=[entry.case.uid])
    if entry.student.pk in around.seen:
        return reverse("cases:child", args=[entry.student.uid])
    return ""


def _state(entry: ListedStudent, reads_private: bool) -> tuple[str, str]:
    if entry.row and StudentStatus(entry.row.student_status) in PRIVATE and not reads_private:
        return AbsenceKind.LAWFUL.label, "plain"
    if entry.row:
        return entry.row.label, TONES.get(StudentStatus(entry.row.student_status), "plain")
    if entry.case is None:
        return "在册", "ok"
    if entry.case.state in OUT_OF_SCHOOL:
        return AbsenceLevel(entry.case.level).label, LEVEL_TONES[entry.case.level]
    returned = CaseState(entry.case.state) in (CaseState.RETURNED, CaseState.OBSERVING)
    return entry.case.state_label, "go" if returned else "plain"


def _since(entry: ListedStudent, around: Around) -> tuple[date | None, str]:
    """When the child was last at school; else since when it stands where it stands."""
    case, row, run = entry.case, entry.row, around.runs.get(entry.student.pk)
    absent = row is None or StudentStatus(row.student_status) in (
        StudentStatus.DROPOUT,
        StudentStatus.SUSPECTED,
        StudentStatus.ABSENT,
    )
    out = absent and (case is None or case.state in OUT_OF_SCHOOL)
    if out and run and run.last_seen and run.unexplained:
        return run.last_seen, day_said(run.last_seen, around.on)
    if out and case and case.left.latest:
        return case.left.latest, case.left.label()
    if row and row.since:
        return row.since, day_said(row.since, around.on)
    if case and case.returned_on:
        return case.returned_on, f"{day_said(case.returned_on, around.on)} 返校"
    return None, "—"


def day_said(day: date, on: date) -> str:
    """11月19日; with its year when it is another year."""
    year = "" if day.year == on.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"
