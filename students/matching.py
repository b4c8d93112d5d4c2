"""Which child a row of a roster means: by ID index, else 学籍号, else a question about a namesake."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from accounts import access
from accounts.enums import SCHOOL_STAFF, Access, Role
from accounts.models import User
from accounts.protected import index
from accounts.reach import Reach
from regions.enums import Stage
from regions.models import Region, RegionCode, School, SchoolClass
from regions.rules.classnames import ClassName
from students.changes import Change, field_changes, guardian_changes, number_changes
from students.enrolments import DEAD, has_died, why_not_place
from students.models import Enrolment, Student
from students.rows import RosterRow, class_column
from students.rules.identity import id_within
from students.rules.names import name_key

MOVERS = (Role.BUREAU, Role.CENTRAL)
IMPORTERS = SCHOOL_STAFF | set(MOVERS)
CHUNK = 500
ELSEWHERE = (
    "系统里别的学校已有这个号码的学生，或他不在你的管辖范围内。请核对号码；"
    "确是转入的，请县教育体育局和原学校办理转学。"
)
SEVERAL = "系统里有不止一个学生用这个号码，请先核对重号，再导入。"
TWO_CHILDREN = "这一行的证件号和学籍号在系统里是两个学生的，请核对两个号码。"
ANOTHER_CHILD = "系统里用这个号码的学生，姓名和证件号都与这一行不同。请核对号码。"


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
    by_id = _by_index("id_no_index", {index(number) for row, _ in pairs for number in id_nos(row)})
    by_xueji = _by_index(
        "xueji_no_index", {index(number) for row, _ in pairs for number in xueji_nos(row)}
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
        reachable=_reachable(found, by),
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


def id_nos(row: RosterRow) -> list[str]:
    """The citizen numbers a row gives its child: in its own column, and within a G-number."""
    return [number for number in (row.id_no, id_within(row.xueji_no)) if number]


def xueji_nos(row: RosterRow) -> list[str]:
    """The 学籍号 a row gives its child, and the one its ID number becomes."""
    return [number for number in (row.xueji_no, row.id_no and f"G{row.id_no}") if number]


def _reachable(students: set[int], by: User) -> set[int]:
    """Those of these children that `by` reaches in the seats that bring rosters."""
    seats = tuple(held for held in by.reach.seats if held.role in IMPORTERS)
    reached = Student.objects.reached_by(Reach(seats))
    ordered = sorted(students)
    return {
        pk
        for start in range(0, len(ordered), CHUNK)
        for pk in reached.filter(pk__in=ordered[start : start + CHUNK]).values_list("pk", flat=True)
    }


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
        for spell in chosen.only("student_id", "school_class_id", "began", "ended", "how_ended"):
            spells.setdefault(spell.student_id, []).append(spell)
    return spells


def match(one: Planned, standing: Standing, *, by: User, on: date, same_person: bool) -> None:
    """Find the child of a row and what would change on it. Raises Unmatched."""
    by_id, by_xueji = _holders(one.row, standing)
    _refuse_unreached({"id_no": by_id, "xueji_no": by_xueji}, standing, by)
    if found := _one_child(one.row, by_id, by_xueji):
        one.student, one.spell = found, standing.spells.get(found.pk)
        _refuse_elsewhere(one, by)
        _refuse_dead(one, standing)
    else:
        one.spell = _namesake(one, standing, on, same_person)
        one.student = one.spell.student if one.spell else None
    if one.student:
        _refuse_impossible_move(one, standing, on)
        one.changes = _changes(one, standing, on)


def number_column(row: RosterRow) -> str:
    """The column whose cell names the child of a row: its number, or the name without any."""
    return "id_no" if row.id_no else "xueji_no" if row.xueji_no else "name"


def _holders(row: RosterRow, standing: Standing) -> tuple[list[Student], list[Student]]:
    """Who holds the ID number of a row, and who its 学籍号. Without a child of exactly this number,
    one whose other number is made of it."""
    id_no, xueji_no, within = index(row.id_no), index(row.xueji_no), index(id_within(row.xueji_no))
    by_id = standing.by_id.get(id_no) or standing.by_xueji.get(index(row.id_no and f"G{row.id_no}"))
    by_xueji = standing.by_xueji.get(xueji_no) or standing.by_id.get(within)
    return by_id or [], by_xueji or []


def _refuse_unreached(holders: Mapping[str, list[Student]], standing: Standing, by: User) -> None:
    """Nothing of a child out of reach is matched or shown; that its number was tried is kept."""
    unreached = [
        (column, one.uid)
        for column, students in holders.items()
        for one in students
        if one.pk not in standing.reachable
    ]
    for uid in sorted({uid for _, uid in unreached}):
        access.log(Access.SEARCH, "exists_elsewhere", uid, by=by, reason="名册导入")
    if unreached:
        raise Unmatched(unreached[0][0], ELSEWHERE)


def _one_child(row: RosterRow, by_id: list[Student], by_xueji: list[Student]) -> Student | None:
    """The child both numbers mean; None when nobody holds either. Raises Unmatched."""
    for column, holders in (("id_no", by_id), ("xueji_no", by_xueji)):
        if len(holders) > 1:
            raise Unmatched(column, SEVERAL)
    if by_id and by_xueji and by_id[0].pk != by_xueji[0].pk:
        raise Unmatched("xueji_no", TWO_CHILDREN)
    found = next(iter(by_id or by_xueji), None)
    if found and _is_another(row, found):
        raise Unmatched("xueji_no" if row.xueji_no else "id_no", ANOTHER_CHILD)
    return found


def _is_another(row: RosterRow, found: Student) -> bool:
    """Does the child, found by its 学籍号, bear another name and another ID number than the row?"""
    other_number = bool(row.id_no and found.id_no_index) and index(row.id_no) != found.id_no_index
    return other_number and name_key(row.name) != name_key(found.name)


def _refuse_elsewhere(one: Planned, by: User) -> None:
    """A child on another school's roll moves only by whoever reaches both schools."""
    if one.spell is None or one.spell.school_class.school_id == one.school.pk:
        return
    if not by.reach.holds(*MOVERS, over=one.spell.school_class.path):
        raise Unmatched(number_column(one.row), ELSEWHERE)


def _refuse_dead(one: Planned, standing: Standing) -> None:
    if one.spell is None and has_died(standing.past.get(one.child.pk, [])):
        raise Unmatched(number_column(one.row), DEAD)


def _refuse_impossible_move(one: Planned, standing: Standing, on: date) -> None:
    """What the roll would refuse when the move is written is refused here, with its row."""
    if not one.moves:
        return
    wanted = standing.classes.get(one.class_key)
    spells = standing.past.get(one.child.pk, [])
    began = one.row.joined_on or on
    if why := why_not_place(one.child.name, spells, wanted.pk if wanted else None, began):
        source = one.row.source
        raise Unmatched("joined_on" if one.row.joined_on else class_column(source), why)


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
