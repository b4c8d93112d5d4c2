"""The roster from a file: what it would change, child by child, and why a cell is rejected.

Nothing is deleted: a child on the roll but not in the file is listed. A blank overwrites nothing.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from accounts.enums import SCHOOL_STAFF, Role
from accounts.imports import Outcome, Rejection
from accounts.models import User
from accounts.sheets import Table, read_table
from regions.classnames import ClassName, class_label, school_year
from regions.enums import Stage
from regions.models import School
from regions.refusals import Refused
from regions.values import BadValue, plain
from students.headers import Header, find_header, is_footer
from students.matching import Planned, Standing, Unmatched, class_key, match, standing_of
from students.models import Enrolment
from students.rows import RosterRow, RowReader, read_row, rejection

IMPORTERS = SCHOOL_STAFF | {Role.CENTRAL, Role.BUREAU}
FEWEST_OF_A_NEW_CLASS = 3
ALARM_SHARE, ALARM_FROM = 0.3, 50

Pairs = list[tuple[RosterRow, School]]


@dataclass
class RosterPlan:
    """All a file would do."""

    outcome: Outcome
    header: Header
    standing: Standing
    sheet: str = ""
    planned: list[Planned] = field(default_factory=list)
    missing: list[Enrolment] = field(default_factory=list)
    questions: list[Rejection] = field(default_factory=list)
    new_classes: list[str] = field(default_factory=list)
    fresh: set[tuple[int, ClassName]] = field(default_factory=set)

    def digest(self) -> str:
        """A fingerprint of what would be written: a preview that no longer fits is stale."""
        told = [
            (one.row.number, one.action, one.student.uid if one.student else "", one.changes)
            for one in self.planned
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def plan_roster(
    content: bytes,
    filename: str,
    *,
    by: User,
    on: date,
    school: School | None = None,
    same_person: bool = False,
) -> RosterPlan:
    """What the file would do on `on`, as `by`. Raises Refused when it is no roster or not theirs to bring.

    `same_person` answers the questions: a namesake born the same day is the same child.
    """
    if not by.reach.holds(*IMPORTERS):
        raise Refused("名册由学校教务、中心校或县教育体育局导入。")
    schools = _schools(by)
    only = _only_school(school, schools)
    table = read_table(content, filename)
    try:
        header = find_header(table.rows)
    except BadValue as wrong:
        raise Refused(str(wrong)) from None
    outcome = Outcome()
    pairs = list(_read(table, header, outcome, schools, only, on))
    plan = RosterPlan(outcome, header, standing_of(pairs, by, on), table.name)
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


def _only_school(school: School | None, schools: dict[str, School]) -> School | None:
    if school is not None and school.code not in schools:
        raise Refused("这所学校不在你的管辖范围内。")
    if school is None and len(schools) == 1:
        return next(iter(schools.values()))
    return school


def _read(
    table: Table, header: Header, outcome: Outcome, schools: dict[str, School],
    only: School | None, on: date,
) -> Iterable[tuple[RosterRow, School]]:  # fmt: skip
    """The rows that can be read, with their school; the others are rejected."""
    names = {school.name: school for school in schools.values()}
    for offset, cells in enumerate(table.rows):
        blank = not any(plain(cell) for cell in cells)
        if offset <= header.row_index or blank or is_footer(cells):
            continue
        outcome.rows += 1
        by_field = {name: cells[column] for name, column in header.columns.items()}
        reader = RowReader(header, table.first_row + offset, by_field, on)
        school = _school_of(reader, schools, names, only)
        row = read_row(reader, school.stages) if school else None
        outcome.rejected += reader.rejected
        if row and school and not reader.rejected:
            yield row, school


def _school_of(
    reader: RowReader, schools: dict[str, School], names: dict[str, School], only: School | None
) -> School | None:
    code, name = reader.text("school_code"), reader.text("school_name")
    column = "school_code" if code else "school_name"
    if not code and not name:
        if only is None:
            reader.reject("school_code", "看不出是哪所学校：请填学校标识码，或导入时选定学校。")
        return only
    found = schools.get(code.zfill(10)) if code else names.get(name)
    if found is None:
        reader.reject(column, "没有这所学校，或不在你的管辖范围内，请核对学校标识码。")
    elif only is not None and found != only:
        reader.reject(column, f"这一行不是{only.name}的学生。")
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
        label = _label(row, school, plan.standing.on)
        if row.bare_grade and grades[cohort] > 1:
            message = "这个年级不止一个班，请写明班号，例如七(3)班。"
            refusal = rejection(plan.header, row.number, "class_name", label, message)
            plan.outcome.rejected.append(refusal)
            continue
        is_new = key not in plan.standing.classes
        if is_new and cohort in cohorts and wanted[key] < FEWEST_OF_A_NEW_CLASS:
            message = f"本校没有{label}。请改为已有的班；确是新班，文件里至少要有 3 人。"
            column = "class_name" if "class_name" in plan.header.columns else "class_no"
            plan.outcome.rejected.append(rejection(plan.header, row.number, column, label, message))
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
    taken: dict[object, int] = {}
    for row, school in pairs:
        one = Planned(row, school)
        try:
            _refuse_twice(row, taken)
            match(one, plan.standing, by=by, same_person=same_person)
            _refuse_twice(row, taken, one.student.pk if one.student else None)
        except Unmatched as why:
            value = row.name if why.question else ""
            refusal = rejection(plan.header, row.number, why.column, value, str(why))
            plan.outcome.rejected.append(refusal)
            plan.questions += [refusal] if why.question else []
        else:
            plan.planned.append(one)


def _refuse_twice(row: RosterRow, taken: dict[object, int], student: int | None = None) -> None:
    """One child, one row: by its numbers, and by the child found."""
    keys = [student] if student else [key for key in (row.id_no, row.xueji_no) if key]
    for key in keys:
        if taken.setdefault(key, row.number) != row.number:
            column = "id_no" if row.id_no else "xueji_no"
            raise Unmatched(column, f"与第 {taken[key]} 行是同一个号码，请核对是不是同一个人。")


def _missing(plan: RosterPlan, pairs: Pairs) -> list[Enrolment]:
    """On the roll, but not in the file: of the whole school, unless the file holds one class."""
    named = {(school.pk, row.class_name) for row, school in pairs}
    present = {one.student.pk for one in plan.planned if one.student}
    asked = {one.value for one in plan.questions}
    spells = Enrolment.objects.open().filter(school_class__school_id__in={pk for pk, _ in named})
    day = plan.standing.on
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
    for one in plan.planned:
        outcome.warnings += [f"第 {one.row.number} 行：{text}" for text in one.row.warnings]
