"""休学, 送教上门, 借读 and long leave from a file, with dates and proof: a county brings them along
before the first night's alerts, or everybody away would alarm."""

from dataclasses import dataclass, field
from datetime import date

from accounts import history
from accounts.enums import COUNTY_ROLES, SCHOOL_ROLES
from accounts.file_door.door import Door
from accounts.file_door.headings import column, simple_headings
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.reading import read_book
from accounts.file_door.rows import Row, RowSet, rows_of
from accounts.models import User
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.values import BadValue, read_day
from students.enums import FROM_FILES, STATUS_ALIASES, AbsenceState
from students.models import AuthorisedAbsence, Student
from students.naming import CHILD_COLUMNS, UNKNOWN, Names, naming_column

COLUMNS = [
    *CHILD_COLUMNS,
    column("状态", "学籍状态", longest=20, filled=True),
    column("开始日期", "起始日期", longest=30, day=True, filled=True),
    column("结束日期", "截止日期", longest=30, day=True, filled=True),
    column("证明", "佐证 证明材料", longest=200),
    column("审批人", "批准单位 审批单位", longest=60, filled=True),
]
HEADINGS = simple_headings(COLUMNS, "状态")
ENTERERS = SCHOOL_ROLES | COUNTY_ROLES
NOT_YOURS = "学籍状态由学校教务、中心校或县教育体育局登记。"
TOLD = ["last", "proof", "approver"]
TWICE = "这个学生的这个状态、同一个开始日期，在文件里出现了两次。请只留一行。"


@dataclass
class StatusesPlan(FilePlan):
    """The spells the file adds, and those that stand and get another end or proof."""

    added: list[AuthorisedAbsence] = field(default_factory=list)
    changed: list[AuthorisedAbsence] = field(default_factory=list)

    def told(self) -> object:
        spells = [*self.added, *self.changed]
        return [(s.pk, s.student_id, s.kind, s.first, s.last, s.proof, s.approver) for s in spells]


def _require(by: User) -> None:
    if not by.reach.holds(*ENTERERS):
        raise Refused(NOT_YOURS)


def _rows(content: bytes, filename: str) -> RowSet:
    return rows_of(read_book(content, filename), HEADINGS)


def plan_statuses(rows: RowSet, *, by: User, on: date) -> StatusesPlan:
    """The spells the rows tell that do not stand yet, or stand with another end or proof."""
    plan = StatusesPlan(Outcome.of(rows))
    names = Names(by).load()
    spells = AuthorisedAbsence.objects.statuses().approved()
    reached = spells.filter(student__in=Student.objects.visible_to(by))
    standing = {_key(spell): spell for spell in reached}
    told: set[tuple] = set()
    for row in plan.outcome.sound(rows):
        spell = _read(row, names, on)
        if spell and _key(spell) in told:
            row.fault("状态", TWICE)
        if spell is None or row.faults:
            plan.outcome.reject(row.faults)
            continue
        told.add(_key(spell))
        _count(plan, spell, standing.get(_key(spell)))
    return plan


def _key(spell: AuthorisedAbsence) -> tuple:
    return spell.student_id, spell.kind, spell.first


def _count(plan: StatusesPlan, spell: AuthorisedAbsence, before: AuthorisedAbsence | None) -> None:
    if before is None:
        plan.outcome.created += 1
        plan.added.append(spell)
    elif all(getattr(before, name) == getattr(spell, name) for name in TOLD):
        plan.outcome.unchanged += 1
    else:
        plan.outcome.updated += 1
        for name in TOLD:
            setattr(before, name, getattr(spell, name))
        plan.changed.append(before)


def _read(row: Row, names: Names, on: date) -> AuthorisedAbsence | None:
    """The row as a spell; None, with all its faults kept."""
    student = names.of_row(row, on)
    if student and not names.by.reach.holds(*ENTERERS, over=names.paths[student]):
        row.fault(naming_column(row), UNKNOWN, "")
    kind = STATUS_ALIASES.get(row.text("状态"))
    if kind is None:
        offered = "、".join(status.label for status in FROM_FILES)
        row.fault("状态", f"状态不认识，可填：{offered}。")
    began, until = _days(row, on)
    if not row.text("证明"):
        row.fault("证明", "请写明证明材料，例如“县医院诊断证明，2026年9月3日”。")
    if row.faults or student is None or kind is None or began is None or until is None:
        return None
    return AuthorisedAbsence(
        student_id=student,
        path=names.paths[student],
        kind=kind,
        first=began,
        last=until,
        state=AbsenceState.APPROVED,
        proof=row.text("证明"),
        approver=row.text("审批人"),
    )


def _days(row: Row, on: date) -> tuple[date | None, date | None]:
    began = row.take("开始日期", _day, "开始日期")
    until = row.take("结束日期", _day, "结束日期")
    if began and (refusal := believable.why_not(DateKind.STATUS_BEGINS, began, on=on)):
        row.fault("开始日期", refusal)
    elif began and until and until < began:
        row.fault("结束日期", "结束日期早于开始日期，请改正。")
    elif until and (refusal := believable.why_not(DateKind.STATUS_ENDS, until, on=on, first=began)):
        row.fault("结束日期", refusal)
    return began, until


def _day(raw: object, what: str) -> date:
    day = read_day(raw, what=what)
    if day is None:
        raise BadValue(f"{what}不能为空。没有结束日期的，填本学期末，到期再续。")
    return day


def apply_statuses(plan: StatusesPlan, *, by: User, on: date) -> None:
    """Write the spells, and a line of history for each child."""
    for spell in plan.added:
        spell.asked_by = spell.first_by = by
        spell.first_at = spell.asked_at
    AuthorisedAbsence.objects.bulk_create(plan.added)
    AuthorisedAbsence.objects.bulk_update(plan.changed, TOLD)
    spells = [*plan.added, *plan.changed]
    children = Student.objects.in_bulk([spell.student_id for spell in spells])
    for spell in spells:
        child = children[spell.student_id]
        history.record(
            "statuses.import",
            "student",
            child.uid,
            path=child.school_path,
            by=by,
            on=spell.first,
            after={"kind": spell.kind, "until": spell.last.isoformat()},
            note=spell.proof,
        )


STATUSES = Door(
    name="statuses", title="学籍状态", read=_rows, plan=plan_statuses, apply=apply_statuses,
    require=_require,
)  # fmt: skip
