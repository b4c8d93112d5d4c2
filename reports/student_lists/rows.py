"""Rows of a list of names, from its keys: a fixed number of statements for one page of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from cases.due import Due, due_of
from cases.enums.states import OUT_OF_SCHOOL, AbsenceLevel, CaseState
from cases.models import Case, Deadline
from cases.worklist.rows import stands
from regions.models import Region
from regions.paths import TOWNSHIP, covers, township_of
from regions.rules.day_words import day_in_words
from reports.enums import StudentStatus
from reports.models import SnapshotStudent
from reports.queries.snapshots import level_of
from reports.student_lists.lists import PRIVATE, Key, StudentList, by_kind, reads_private
from students.enums import AbsenceKind, Ended
from students.models import Enrolment, Student

TONES = {
    StudentStatus.DROPOUT: "bad", StudentStatus.MISSING: "bad",
    StudentStatus.SUSPECTED: "warn", StudentStatus.ABSENT: "warn",
    StudentStatus.OBSERVED: "go", StudentStatus.IN_SCHOOL: "ok", StudentStatus.GRADUATED: "ok",
}  # fmt: skip
ENROLLED_BY_MISTAKE = "其后已更正：学籍登记有误"
OPENED_BY_MISTAKE = "其后已更正：个案登记有误"
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
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class ListedStudent:
    """A key with its rows; `path` is where a child of a snapshot stood on its day.

    `opens_case`, `opens_child`: may this user open the case's page, the child's?
    """

    student: Student
    case: Case | None = None
    row: SnapshotStudent | None = None
    deadline: Deadline | None = None
    path: str = ""
    opens_case: bool = False
    opens_child: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What the rows of a page ask about their children, read once."""

    on: date
    spells: Mapping[int, Sequence[Enrolment]]
    homes: Mapping[str, str]
    reads_private: bool


def rows_of(names: StudentList, keys: Sequence[Key], user: User) -> list[NameRow]:
    """The rows of one page, in the order of its keys."""
    entries = _entries(names, keys, user)
    on = names.snapshot.on if names.snapshot and names.asked.of_children else names.on
    around = _around(list(entries.values()), user, on)
    return [_row(entries[key], around) for key in keys if key in entries]


def _entries(names: StudentList, keys: Sequence[Key], user: User) -> dict[Key, ListedStudent]:
    entries: dict[Key, ListedStudent] = {}
    if pks := by_kind(keys, "student"):
        entries |= _children(names, pks, user)
    if pks := by_kind(keys, "case"):
        for case, seen in _cases(pks, user):
            entries["case", case.pk] = ListedStudent(case.student, case, opens_case=seen)
    if pks := by_kind(keys, "deadline"):
        late = Deadline.objects.filter(pk__in=pks).select_related("case__student__run")
        for deadline in late:  # those of cases out of sight are no keys
            case = deadline.case
            entries["deadline", deadline.pk] = ListedStudent(
                case.student, case, deadline=deadline, opens_case=True
            )
    return entries


def _cases(pks: Sequence[int], user: User) -> list[tuple[Case, bool]]:
    """Cases with their children, and whether this user may open each."""
    visible = Case.objects.visible_to(user).filter(pk=OuterRef("pk"))
    cases = Case.objects.filter(pk__in=pks).annotate(seen=Exists(visible))
    return [(case, case.seen) for case in cases.select_related("student__run")]


def _children(names: StudentList, pks: Sequence[int], user: User) -> dict[Key, ListedStudent]:
    """Children of a snapshot, with what it says of each and the case it names."""
    rows = names.rows or {
        row.student_id: row
        for row in SnapshotStudent.objects.filter(snapshot=names.snapshot, student__in=pks)
    }
    of = {case_id: pk for pk in pks if pk in rows and (case_id := rows[pk].case_id)}
    cases = {of[case.pk]: (case, seen) for case, seen in _cases(list(of), user)}
    entries: dict[Key, ListedStudent] = {}
    visible = Student.objects.visible_to(user).filter(pk=OuterRef("pk"))
    students = Student.objects.filter(pk__in=pks).annotate(seen=Exists(visible))
    for student in students.select_related("run"):
        pk, (case, opens_case) = student.pk, cases.get(student.pk, (None, False))
        entries["student", pk] = ListedStudent(
            student,
            case,
            rows.get(pk),
            path=names.paths.get(pk, ""),
            opens_case=opens_case,
            opens_child=student.seen,
        )
    return entries


def _around(entries: list[ListedStudent], user: User, on: date) -> Around:
    students = [entry.student for entry in entries]
    spells = _spells([student.pk for student in students], on)
    return Around(on, spells, homes_of(students), reads_private(user))


def _spells(pks: Sequence[int], on: date) -> dict[int, list[Enrolment]]:
    """By child the spells that began up to a day, the latest first, whatever became of them."""
    spells: dict[int, list[Enrolment]] = {}
    rows = Enrolment.objects.filter(student__in=pks, began__lte=on).order_by("-began")
    for spell in rows.select_related("school_class__school"):
        spells.setdefault(spell.student_id, []).append(spell)
    return spells


def homes_of(students: Sequence[Student]) -> dict[str, str]:
    """Names of the townships children live in, by path."""
    paths = {township_of(_home(student)) for student in students}
    regions = Region.objects.filter(path__in=[path for path in paths if len(path) == TOWNSHIP])
    return dict(regions.values_list("path", "name"))


def _home(student: Student) -> str:
    return student.residence_path or student.household_path


def _row(entry: ListedStudent, around: Around) -> NameRow:
    student, case = entry.student, entry.case
    day, said = _since(entry, around)
    state, tone = _state(entry, around.reads_private)
    late = entry.deadline
    return NameRow(
        student=student,
        url=_url(entry),
        age=student.age(around.on),
        home=around.homes.get(township_of(_home(student)), "—"),
        where=_where(entry, around),
        state=state,
        tone=tone,
        corrected=_corrected(entry, around),
        since=said,
        days=(around.on - day).days if day else None,
        step=stands(case) if case and case.is_open else "",
        due=due_of(late.due_on, around.on) if late else None,
        what=late.label if late else "",
        article=late.article if late else "",
    )


def _where(entry: ListedStudent, around: Around) -> str:
    """School and class: of a child of a snapshot where it stood then, of another where it stands."""
    spells = around.spells.get(entry.student.pk, ())
    at = entry.row.path if entry.row else entry.path if level_of(entry.path) == "class" else ""
    of = [spell for spell in spells if at and spell.school_class.path == at]
    of += [spell for spell in spells if spell.ended is None or spell.ended > around.on]
    if not of:
        return "" if at else "不在册"
    return f"{of[0].school_class.school.name} {of[0].school_class.label(around.on)}"


def _corrected(entry: ListedStudent, around: Around) -> str:
    """What was corrected since the snapshot counted the child: that it stood there, or its case."""
    if not entry.path:
        return ""
    here = [
        spell
        for spell in around.spells.get(entry.student.pk, ())
        if covers(entry.path, spell.school_class.path)
    ]
    if here and all(spell.how_ended == Ended.MISTAKE for spell in here):
        return ENROLLED_BY_MISTAKE
    opened = entry.case and entry.case.state == CaseState.MISTAKE
    return OPENED_BY_MISTAKE if opened else ""


def _url(entry: ListedStudent) -> str:
    if entry.case and entry.opens_case:
        return reverse("cases:case", args=[entry.case.uid])
    if entry.opens_child:
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
    case, row, run = entry.case, entry.row, getattr(entry.student, "run", None)
    absent = row is None or StudentStatus(row.student_status) in (
        StudentStatus.DROPOUT,
        StudentStatus.SUSPECTED,
        StudentStatus.ABSENT,
    )
    out = absent and (case is None or case.state in OUT_OF_SCHOOL)
    if out and run and run.last_seen and run.unexplained:
        return run.last_seen, day_in_words(run.last_seen, around.on)
    if out and case and case.left.latest:
        return case.left.latest, case.left.label()
    if row and row.since:
        return row.since, day_in_words(row.since, around.on)
    if case and case.returned_on:
        return case.returned_on, f"{day_in_words(case.returned_on, around.on)} 返校"
    return None, "—"
