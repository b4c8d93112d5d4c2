"""休学, 送教上门, 借读 and long leave from a file, with dates and proof: a county brings them along
before the first night's alerts, or everybody away would alarm."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from accounts import history
from accounts.enums import COUNTY_ROLES, SCHOOL_ROLES
from accounts.imports import Line, Outcome, Rejection, lines_of, value_or
from accounts.models import User
from accounts.sheets import read_tables
from regions.classnames import read_class
from regions.models import School, SchoolClass
from regions.refusals import Refused
from regions.values import BadValue, read_day
from students.enums import FROM_FILES, STATUS_ALIASES, AbsenceState
from students.models import AuthorisedAbsence, Student
from students.naming import CHILD_HEADINGS, UNKNOWN, Names, number_in

HEADINGS = CHILD_HEADINGS | {
    "状态": "状态", "学籍状态": "状态",
    "开始日期": "开始日期", "起始日期": "开始日期",
    "结束日期": "结束日期", "截止日期": "结束日期",
    "证明": "证明", "佐证": "证明", "证明材料": "证明",
    "审批人": "审批人", "批准单位": "审批人", "审批单位": "审批人",
}  # fmt: skip
ENTERERS = SCHOOL_ROLES | COUNTY_ROLES


@dataclass
class Plan:
    on: date
    outcome: Outcome = field(default_factory=Outcome)
    spells: list[AuthorisedAbsence] = field(default_factory=list)
    changed: list[AuthorisedAbsence] = field(default_factory=list)


def import_statuses(
    content: bytes, filename: str, *, by: User, on: date, apply: bool, partial: bool = False
) -> Outcome:
    """Read a status file; with `apply`, write it in one transaction."""
    if not by.reach.holds(*ENTERERS):
        raise Refused("学籍状态由学校教务、中心校或县教育体育局登记。")
    lines = lines_of(read_tables(content, filename), HEADINGS, "状态")
    with transaction.atomic():
        plan = _plan(lines, by, on)
        if apply and (partial or not plan.outcome.rejected):
            _apply(plan, by)
            plan.outcome.applied = True
    return plan.outcome


def _plan(lines: list[Line], by: User, on: date) -> Plan:
    plan = Plan(on)
    plan.outcome.rows = len(lines)
    names = Names(by).load()
    standing = {
        (one.student_id, one.kind, one.first): one
        for one in AuthorisedAbsence.objects.statuses().approved()
    }
    for line in lines:
        faults: list[Rejection] = []
        spell = _read(line, plan, names, faults)
        if faults or spell is None:
            plan.outcome.rejected += faults
            continue
        key = (spell.student_id, spell.kind, spell.first)
        before = standing.get(key)
        if before is None:
            plan.outcome.created += 1
            plan.spells.append(spell)
            standing[key] = spell
        elif (before.last, before.proof) == (spell.last, spell.proof):
            plan.outcome.unchanged += 1
        else:
            plan.outcome.updated += 1
            before.last, before.proof = spell.last, spell.proof
            before.approver = spell.approver
            plan.changed.append(before)
    return plan


def _read(
    line: Line, plan: Plan, names: Names, faults: list[Rejection]
) -> AuthorisedAbsence | None:
    student = _child(line, plan, names, faults)
    kind = STATUS_ALIASES.get(line.text("状态"))
    if kind is None:
        offered = "、".join(status.label for status in FROM_FILES)
        faults.append(line.reject("状态", f"状态不认识，可填：{offered}。"))
    began = value_or(line, "开始日期", lambda raw: _day(raw, "开始日期"), faults)
    until = value_or(line, "结束日期", lambda raw: _day(raw, "结束日期"), faults)
    if began and until and until < began:
        faults.append(line.reject("结束日期", "结束日期早于开始日期，请改正。"))
    if not line.text("证明"):
        faults.append(line.reject("证明", "请写明证明材料，例如“县医院诊断证明，2026年9月3日”。"))
    if faults or student is None or kind is None or began is None or until is None:
        return None
    return AuthorisedAbsence(
        student_id=student, path=names.paths[student], kind=kind, first=began, last=until,
        state=AbsenceState.APPROVED, proof=line.text("证明")[:200],
        approver=line.text("审批人")[:60],
    )  # fmt: skip


def _day(raw: object, what: str) -> date:
    day = read_day(raw, what=what)
    if day is None:
        raise BadValue(f"{what}不能为空。没有结束日期的，填本学期末，到期再续。")
    return day


def _child(line: Line, plan: Plan, names: Names, faults: list[Rejection]) -> int | None:
    heading, number = number_in(line)
    try:
        if number:
            found = names.numbered(number)
        else:
            heading = "姓名"
            found = names.in_class(_class_id(line, plan.on), line.text("姓名"))
    except BadValue as wrong:
        faults.append(line.reject(heading, str(wrong), None if heading == "姓名" else ""))
        return None
    if names.by.reach.holds(*ENTERERS, over=names.paths[found]):
        return found
    faults.append(line.reject(heading, UNKNOWN))
    return None


def _class_id(line: Line, on: date) -> int:
    school = School.objects.filter(code=line.text("学校标识码").zfill(10)).first()
    if school is None or not line.text("姓名"):
        raise BadValue("请填学籍号或证件号；没有的，填学校标识码、班级和姓名。")
    named = read_class(line.text("班级"), on, school.stages)
    found = SchoolClass.objects.filter(
        school=school, stage=named.stage, entry_year=named.entry_year, number=named.number
    ).first()
    if found is None:
        raise BadValue("本校没有这个班，请核对班级。")
    return found.pk


def _apply(plan: Plan, by: User) -> None:
    for spell in plan.spells:
        spell.asked_by = spell.first_by = by
        spell.first_at = spell.asked_at
    AuthorisedAbsence.objects.bulk_create(plan.spells)
    AuthorisedAbsence.objects.bulk_update(plan.changed, ["last", "proof", "approver"])
    children = Student.objects.in_bulk(
        [spell.student_id for spell in [*plan.spells, *plan.changed]]
    )
    for spell in [*plan.spells, *plan.changed]:
        child = children[spell.student_id]
        history.record(
            "statuses.import", "student", child.uid, path=child.school_path, by=by, on=spell.first,
            after={"kind": spell.kind, "until": spell.last.isoformat()}, note=spell.proof,
        )  # fmt: skip
