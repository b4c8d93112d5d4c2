"""Which child a row of a roster means: by ID index, else 学籍号, else a question about a namesake."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from accounts import access
from accounts.enums import Access, Role
from accounts.models import User
from accounts.protected import index
from regions.enums import Stage
from regions.models import Region, RegionCode, School, SchoolClass
from regions.rules.classnames import ClassName
from students.changes import Change, field_changes, guardian_changes, number_changes
from students.enrolments import why_not_place
from students.models import Enrolment, Student
from students.rows import RosterRow
from students.rules.names import name_key

MOVERS = (Role.BUREAU, Role.CENTRAL)
CHUNK = 500


class Unmatched(Exception):
    """The row cannot be tied to one child. Carries the field it is about and whether it is a question."""

    def __init__(self, column: str, message: str, *, question: bool = False) -> None:
        super().__init__(message)
        self.column, self.question = column, question


@dataclass
class Planned:
    """What one row would do: to which child, in which class, with which changes."""

    row: RosterRow
    school: School
    student: Student | None = None
    spell: Enrolment | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def child(self) -> Student:
        """The child that was found or made."""
        if self.student is None:
            raise LookupError(f"row {self.row.number} has no child yet")
        return self.student

    @property
    def action(self) -> str:
        if self.student is None:
            return "created"
        return "updated" if self.changes else "unchanged"

    @property
    def class_key(self) -> tuple[int, ClassName]:
        return self.school.pk, self.row.class_name

    @property
    def moves(self) -> bool:
        """Does the child come onto another class's roll than it stands on?"""
        return self.spell is None or class_key(self.spell.school_class) != self.class_key


@dataclass
class Standing:
    """What stands for the children and classes of a file."""

    classes: dict[tuple[int, ClassName], SchoolClass]
    by_id: dict[str, list[Student]]
    by_xueji: dict[str, list[Student]]
    spells: dict[int, Enrolment]
    past: dict[int, list[Enrolment]]
    reachable: set[int]
    regions: Mapping[str, Region]


def class_key(one: SchoolClass) -> tuple[int, ClassName]:
    """A class as a name of its school on any day."""
    return one.school_id, ClassName(Stage(one.stage), one.entry_year, one.number)


def standing_of(rows: Iterable[tuple[RosterRow, School]], by: User) -> Standing:
    """Read what stands, in a fixed number of statements per 500 numbers."""
    pairs = list(rows)
    schools = {school.pk for _, school in pairs}
    by_id = _by_index("id_no_index", {index(row.id_no) for row, _ in pairs if row.id_no})
    by_xueji = _by_index(
        "xueji_no_index", {index(row.xueji_no) for row, _ in pairs if row.xueji_no}
    )
    found = {one.pk for group in (*by_id.values(), *by_xueji.values()) for one in group}
    spells = _spells(schools, found)
    classes = SchoolClass.objects.filter(school_id__in=schools).select_related("school")
    codes = RegionCode.objects.filter(ended=None).select_related("region")
    return Standing(
        classes={class_key(one): one for one in classes},
        by_id=by_id,
        by_xueji=by_xueji,
        spells=spells,
        past=_all_spells({*found, *spells}),
        reachable=set(
            Student.objects.visible_to(by).filter(pk__in=found).values_list("pk", flat=True)
        ),
        regions={code.code: code.region for code in codes},
    )


def _by_index(name: str, values: set[str]) -> dict[str, list[Student]]:
    found: dict[str, list[Student]] = {}
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        chosen = Student.objects.filter(**{f"{name}__in": ordered[start : start + CHUNK]})
        for student in chosen.prefetch_related("guardians"):
            found.setdefault(getattr(student, name), []).append(student)
    return found


def _spells(schools: set[int], students: set[int]) -> dict[int, Enrolment]:
    opened = Enrolment.objects.open().select_related("school_class__school", "student")
    here = opened.filter(school_class__school_id__in=schools)
    spells = {spell.student_id: spell for spell in here.prefetch_related("student__guardians")}
    elsewhere = opened.filter(student_id__in=students - set(spells))
    return spells | {spell.student_id: spell for spell in elsewhere}


def _all_spells(students: set[int]) -> dict[int, list[Enrolment]]:
    """Every spell of these children, the ended ones too."""
    spells: dict[int, list[Enrolment]] = {}
    ordered = sorted(students)
    for start in range(0, len(ordered), CHUNK):
        chosen = Enrolment.objects.filter(student_id__in=ordered[start : start + CHUNK])
        for spell in chosen.only("student_id", "school_class_id", "began", "ended"):
            spells.setdefault(spell.student_id, []).append(spell)
    return spells


def match(one: Planned, standing: Standing, *, by: User, on: date, same_person: bool) -> None:
    """Find the child of a row and what would change on it. Raises Unmatched."""
    found = standing.by_id.get(index(one.row.id_no), []) if one.row.id_no else []
    if not found and one.row.xueji_no:
        found = standing.by_xueji.get(index(one.row.xueji_no), [])
    if len(found) > 1:
        raise Unmatched("id_no", "系统里有不止一个学生用这个号码，请先核对重号，再导入。")
    if found:
        one.student, one.spell = found[0], standing.spells.get(found[0].pk)
        _refuse_elsewhere(one, standing, by)
    else:
        one.spell = _namesake(one, standing, on, same_person)
        one.student = one.spell.student if one.spell else None
    if one.student:
        _refuse_impossible_move(one, standing, on)
        one.changes = _changes(one, standing, on)


def _refuse_elsewhere(one: Planned, standing: Standing, by: User) -> None:
    """A child on another school's roll moves only by whoever reaches both schools."""
    if one.spell is None or one.spell.school_class.school_id == one.school.pk:
        return
    if one.child.pk not in standing.reachable:
        access.log(Access.SEARCH, "exists_elsewhere", one.child.uid, by=by, reason="名册导入")
    if not by.reach.holds(*MOVERS, over=one.spell.school_class.path):
        raise Unmatched(
            "id_no" if one.row.id_no else "xueji_no",
            "系统里别的学校已有这个号码的学生。请核对；确是转入，请县教育体育局办理转学。",
        )


def _refuse_impossible_move(one: Planned, standing: Standing, on: date) -> None:
    """What the roll would refuse when the move is written is refused here, with its row."""
    if not one.moves:
        return
    wanted = standing.classes.get(one.class_key)
    spells = standing.past.get(one.child.pk, [])
    began = one.row.joined_on or on
    if why := why_not_place(one.child.name, spells, wanted.pk if wanted else None, began):
        raise Unmatched("joined_on" if one.row.joined_on else "class_name", why)


def _namesake(one: Planned, standing: Standing, on: date, same_person: bool) -> Enrolment | None:
    """No number fits: a child of the same name and birth date at this school is a question."""
    birth = one.row.given.get("birth_on")
    if birth is None:
        return None
    alike = [
        spell
        for spell in standing.spells.values()
        if spell.school_class.school_id == one.school.pk
        and spell.student.birth_on == birth
        and name_key(spell.student.name) == name_key(one.row.name)
        and not (one.row.id_no and spell.student.id_no_index)
    ]
    if not alike:
        return None
    if len(alike) == 1 and (same_person or _same_family(one.row, alike[0].student)):
        return alike[0]
    label = alike[0].school_class.label(on)
    raise Unmatched(
        "name",
        f"{label}已有同名、同出生日期的学生，号码不同或没有。是同一个人，请勾选“是同一个人”再导入。",
        question=True,
    )


def _same_family(row: RosterRow, student: Student) -> bool:
    """Neither has a number of its own, and the guardians' numbers are the same: the same child again,
    as a file that is brought a second time has it."""
    if row.id_no or row.xueji_no or student.id_no_index or student.xueji_no_index:
        return False
    told = {index(person.id_no) for person in row.guardians if person.id_no}
    known = {one.id_no_index for one in student.guardians.all() if one.id_no_index}
    return bool(told) and told == known


def _changes(one: Planned, standing: Standing, on: date) -> list[Change]:
    student, row = one.child, one.row
    changes = field_changes(student, row) + number_changes(student, row)
    changes += guardian_changes(student, row.guardians)
    for label, code, now in (
        ("户籍区划", row.household_code, student.household_region_id),
        ("现住区划", row.residence_code, student.residence_region_id),
    ):
        region = standing.regions.get(code)
        if region is not None and region.pk != now:
            changes.append((label, "（原区划）" if now else "（空）", region.name))
    if one.moves:
        before = one.spell.school_class.label(on) if one.spell else "（不在册）"
        wanted = standing.classes.get(one.class_key)
        changes.append(("班级", before, wanted.label(on) if wanted else "新建班级"))
    elif one.spell and row.seat_no and row.seat_no != one.spell.seat_no:
        changes.append(("班内学号", str(one.spell.seat_no or "（空）"), str(row.seat_no)))
    return changes
