"""The roster from a file: what it would change, child by child, and why a cell is rejected.

Nothing is deleted: a child on the roll but not in the file is listed. A blank overwrites nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from accounts.file_door.door import Answer, Door, bring, preview
from accounts.file_door.headings import Header
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.reading import read_book
from accounts.file_door.rows import Rejection, Row, RowSet, rows_of
from accounts.models import User
from regions.enums import Stage
from regions.models import School
from regions.refusals import Refused
from regions.rules.classnames import class_label, school_year
from students.arrivals import write_roster
from students.headers import ROSTER_HEADINGS
from students.matching import (
    IMPORTERS,
    Planned,
    Standing,
    Unmatched,
    class_key,
    match,
    number_column,
    standing_of,
)
from students.models import Enrolment
from students.rows import RosterRow, class_column, read_row, told_at
from students.rules.identity import id_within
from students.rules.names import name_key

FEWEST_OF_A_NEW_CLASS = 3
SAME_CHILD = "与{where}是同一个学生，请核对，只留一行。"
SAME_NAME = "与{where}同名、同出生日期，都没有号码，请核对是不是同一个人。"
SAME_NUMBER = "与{where}是同一个号码，请核对是不是同一个人。"
ALARM_SHARE, ALARM_FROM = 0.3, 50

Pairs = list[tuple[RosterRow, School]]


@dataclass
class RosterPlan(FilePlan):
    """All a file would do."""

    header: Header
    on: date
    standing: Standing
    sheet: str = ""
    planned: list[Planned] = field(default_factory=list)
    missing: list[Enrolment] = field(default_factory=list)
    questions: list[Rejection] = field(default_factory=list)
    new_classes: list[str] = field(default_factory=list)
    schools: list[str] = field(default_factory=list)

    def claimed(self) -> list[str]:
        """The schools of its rows, whether the file, who brings it or a choice names them."""
        return self.schools

    def told(self) -> object:
        return [
            (
                one.row.source.sheet,
                one.row.number,
                one.action,
                one.student.uid if one.student else "",
                one.changes,
            )
            for one in self.planned
        ]


def plan_roster(
    content: bytes, filename: str, *, by: User, on: date, school: School | None = None,
    same_person: bool = False,
) -> RosterPlan:  # fmt: skip
    """What the file would do on `on`, as `by`. Raises Refused when it is no roster or not theirs to bring.

    `same_person` answers the questions: a namesake born the same day is the same child.
    """
    code = school.code if school else ""
    return preview(ROSTER, content, filename, by=by, on=on, school=code, same_person=same_person)


def import_roster(
    content: bytes, filename: str, *, by: User, on: date, partial: bool = False,
    school: str = "", same_person: bool = False,
) -> Answer[RosterPlan]:  # fmt: skip
    """Write the file's children: all, or with `partial` those whose rows are not rejected."""
    return bring(
        ROSTER,
        content,
        filename,
        by=by,
        on=on,
        partial=partial,
        school=school,
        same_person=same_person,
    )


def _require(by: User) -> None:
    if not by.reach.holds(*IMPORTERS):
        raise Refused("名册由学校教务、中心校或县教育体育局导入。")


def _rows(content: bytes, filename: str) -> RowSet:
    return rows_of(read_book(content, filename), ROSTER_HEADINGS)


def _plan(
    rows: RowSet, *, by: User, on: date, school: str = "", same_person: bool = False
) -> RosterPlan:
    schools = _schools(by)
    only = _only_school(school, schools)
    outcome = Outcome.of(rows)
    pairs = list(_read(rows, outcome, schools, only, on))
    sheets = "、".join(rows.sheets)
    plan = RosterPlan(outcome, rows.header, on, standing_of(pairs, by), sheets)
    plan.schools = sorted({found.code for _, found in pairs})
    pairs = _without_slips(pairs, plan)
    _match_all(pairs, plan, by, same_person)
    plan.missing = _missing(plan, pairs)
    _count(plan)
    return plan


def _schools(by: User) -> dict[str, School]:
    paths = by.reach.paths(*IMPORTERS)
    return {
        school.code: school
        for school in School.objects.select_related("region")
        if any(school.path.startswith(path) for path in paths)
    }


def _only_school(code: str, schools: dict[str, School]) -> School | None:
    if code and code not in schools:
        raise Refused("这所学校不在你的管辖范围内。")
    if not code and len(schools) == 1:
        return next(iter(schools.values()))
    return schools.get(code)


def _read(
    rows: RowSet, outcome: Outcome, schools: dict[str, School], only: School | None, on: date
) -> Iterable[tuple[RosterRow, School]]:
    """The rows that can be read, with their school; the others are rejected."""
    names = {school.name: school for school in schools.values()}
    for source in outcome.sound(rows):
        school = _school_of(source, schools, names, only)
        row = read_row(source, school.stages, on) if school else None
        outcome.reject(source.faults)
        if row and school and not source.faults:
            yield row, school


def _school_of(
    reader: Row, schools: dict[str, School], names: dict[str, School], only: School | None
) -> School | None:
    code, name = reader.text("school_code"), reader.text("school_name")
    column = "school_code" if code else "school_name"
    if not code and not name:
        if only is None:
            where = told_at(reader, "school_code", "school_name")
            reader.fault(where, "看不出是哪所学校：请填学校标识码，或导入时选定学校。")
        return only
    found = schools.get(code.zfill(10)) if code else names.get(name)
    if found is None:
        reader.fault(column, "没有这所学校，或不在你的管辖范围内，请核对学校标识码。")
    elif only is not None and found != only:
        reader.fault(column, f"这一行不是{only.name}的学生。")
        return None
    return found


def _without_slips(pairs: Pairs, plan: RosterPlan) -> Pairs:
    """A class its grade does not have, named by a row or two beside classes it has, is a slip."""
    wanted = Counter((school.pk, row.class_name) for row, school in pairs)
    cohorts = {(pk, name.stage, name.entry_year) for pk, name in plan.standing.classes}
    kept, fresh = [], set()
    grades = Counter((pk, n.stage, n.entry_year) for pk, n in {*wanted, *plan.standing.classes})
    for row, school in pairs:
        key = (school.pk, row.class_name)
        cohort = (school.pk, row.class_name.stage, row.class_name.entry_year)
        label = _label(row, school, plan.on)
        if row.bare_grade and grades[cohort] > 1:
            message = "这个年级不止一个班，请写明班号，例如七(3)班。"
            plan.outcome.reject([row.source.reject(class_column(row.source), message, label)])
            continue
        is_new = key not in plan.standing.classes
        if is_new and cohort in cohorts and wanted[key] < FEWEST_OF_A_NEW_CLASS:
            message = f"本校没有{label}。请改为已有的班；确是新班，文件里至少要有 3 人。"
            plan.outcome.reject([row.source.reject(class_column(row.source), message, label)])
            continue
        kept.append((row, school))
        if is_new:
            fresh.add(f"{school.name} {label}")
    plan.new_classes = sorted(fresh)
    return kept


def _label(row: RosterRow, school: School, on: date) -> str:
    name = row.class_name
    first = 1 if name.stage is Stage.PRIMARY else 10 - school.junior_years
    return class_label(first + school_year(on) - name.entry_year, name.number)


def _match_all(pairs: Pairs, plan: RosterPlan, by: User, same_person: bool) -> None:
    taken: dict[object, Row] = {}
    for row, school in pairs:
        one = Planned(row, school)
        try:
            _refuse_twice(row, taken)
            match(one, plan.standing, by=by, on=plan.on, same_person=same_person)
            _refuse_twice(row, taken, one.student.pk if one.student else None)
        except Unmatched as why:
            value = row.name if why.question else ""
            refusal = row.source.reject(why.column, str(why), value)
            plan.outcome.reject([refusal])
            plan.questions += [refusal] if why.question else []
        else:
            plan.planned.append(one)


def _refuse_twice(row: RosterRow, taken: dict[object, Row], student: int | None = None) -> None:
    """One child, one row: by its numbers (without any by name and birth), and by the child found."""
    keys: dict[object, tuple[str, str]] = {}
    if student:
        keys[student] = number_column(row), SAME_CHILD
    elif not (row.id_no or row.xueji_no):
        keys[name_key(row.name), row.given.get("birth_on")] = "name", SAME_NAME
    else:
        keys[id_within(row.xueji_no) or row.xueji_no] = "xueji_no", SAME_NUMBER
        keys[row.id_no] = "id_no", SAME_NUMBER
        keys.pop("", None)
    for key, (column, message) in keys.items():
        first = taken.setdefault(key, row.source)
        if first is not row.source:
            raise Unmatched(column, message.format(where=f"{first.sheet}第 {first.number} 行"))


def _missing(plan: RosterPlan, pairs: Pairs) -> list[Enrolment]:
    """On the roll, but not in the file: of the whole school, unless the file holds one class."""
    named = {(school.pk, row.class_name) for row, school in pairs}
    present = {one.student.pk for one in plan.planned if one.student}
    asked = {one.value for one in plan.questions}
    spells = Enrolment.objects.open().filter(school_class__school_id__in={pk for pk, _ in named})
    day = plan.on
    return [
        spell
        for spell in spells.select_related("student", "school_class__school")
        if spell.student_id not in present
        and spell.student.name not in asked
        and spell.school_class.grade(day)
        < spell.school_class.first_grade + spell.school_class.years
        and (len(named) > 1 or class_key(spell.school_class) in named)
    ]


def _count(plan: RosterPlan) -> None:
    outcome = plan.outcome
    actions = Counter(one.action for one in plan.planned)
    outcome.created, outcome.updated = actions["created"], actions["updated"]
    outcome.unchanged, outcome.missing = actions["unchanged"], len(plan.missing)
    outcome.rejected.sort(key=lambda one: (one.row, one.cell))
    if outcome.updated > max(ALARM_FROM, ALARM_SHARE * (outcome.updated + outcome.unchanged)):
        outcome.warnings.append(f"这次要改动 {outcome.updated} 人，比平时多，请核对文件是否选错。")
    _tell_what_is_not_kept(plan)
    for one in plan.planned:
        where = f"{one.row.source.sheet}第 {one.row.number} 行"
        outcome.warnings += [f"{where}：{text}" for text in one.row.warnings]


def _tell_what_is_not_kept(plan: RosterPlan) -> None:
    """One warning for each kind of value that has no place to go, with the first row it stands in."""
    known = plan.standing.regions
    kinds = {
        "的户籍区划代码不在系统里，没有记下": lambda row: (
            row.household_code and row.household_code not in known
        ),
        "的现住址区划代码不在系统里，没有记下": lambda row: (
            row.residence_code and row.residence_code not in known
        ),
        "有家长的电话或证件号，没有姓名，没有记下": lambda row: row.nameless,
    }
    for what, is_lost in kinds.items():
        rows = [one.row for one in plan.planned if is_lost(one.row)]
        if rows:
            first = f"{rows[0].source.sheet}第 {rows[0].number} 行"
            plan.outcome.warnings.append(f"{len(rows)} 人{what}（例如{first}）。")


def _apply(plan: RosterPlan, *, by: User, on: date) -> None:
    counts = {"created": plan.outcome.created, "updated": plan.outcome.updated}
    write_roster(plan.planned, plan.standing, counts, by=by, on=on)


ROSTER = Door(
    name="roster", title="名册", read=_rows, plan=_plan, apply=_apply, require=_require,
)  # fmt: skip
