"""Cases a county brings along at go-live, from a file, before the first night's alerts (domain §14).

What they went through keeps its own dates, as sure as they are, and is entered now. Papers keep
their old numbers; what was served starts the periods of the law.
"""

from dataclasses import dataclass, field
from datetime import date

from accounts import history
from accounts.enums import COUNTY_ROLES, Role
from accounts.file_door.door import Door
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.reading import read_book
from accounts.file_door.rows import Row, RowSet, rows_of
from accounts.models import User
from accounts.reach import Held
from cases import history as events
from cases import legal_basis
from cases.case_deadlines import ask_next_contact, drop, set_deadline
from cases.enums.records import PaperKind, ServiceMode
from cases.enums.states import AccessKind, CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.importing.rows import HEADINGS, Brought, Old, read_row
from cases.intake.opening import open_case, owner_of
from cases.law.service_periods import clocks
from cases.law.workdays import national
from cases.legal_basis import body_name
from cases.models import Case, Paper, Service
from regions.enums import Level
from regions.models import Region, RegionCode
from regions.paths import TOWNSHIP, county_of, covers
from regions.refusals import Refused
from students.enums import FindingKind
from students.models import Finding, Student
from students.naming import UNKNOWN, Names, naming_column

BRINGERS = COUNTY_ROLES | {Role.TOWNSHIP}
ORDER_BY = "义务教育法 第58条"
NO_BASIS = "第 {row} 行：没有当时允许罚款的法律依据，处罚决定书按原样记入，请县里补录依据。"
OPEN = "这个学生已有在办的档案{number}，内容与这一行不同，请在档案里登记。"
OPENED_MEANWHILE = "{name}刚刚另有人建了档案{number}，这次没有导入。请重新核对，再导入。"
HOMELESS = "这个学生没有学校也没有住址，无法确定由哪个县建档，请先补全名册。"
MODE_UNKNOWN = "送达方式未记入文件"


@dataclass(frozen=True, slots=True)
class ImportedCase:
    """A row that comes in: which child, which township, what it says."""

    student: Student
    owner: Region
    row: Brought
    said_owner: bool


@dataclass
class CasesPlan(FilePlan):
    """The cases the file opens."""

    wanted: list[ImportedCase] = field(default_factory=list)

    def told(self) -> object:
        return [(case.student.pk, case.owner.pk, case.row.digest) for case in self.wanted]


@dataclass
class Known:
    """What stands for the children of the file."""

    names: Names
    by: User
    open_cases: dict[int, str]
    brought: set[tuple[int, str]]
    townships: dict[str, Region]
    seen: dict[int, str] = field(default_factory=dict)


def _require(by: User) -> None:
    if not by.reach.holds(*BRINGERS):
        raise Refused("原有档案由县教育体育局、县控辍保学专班或责任乡镇导入。")


def _rows(content: bytes, filename: str) -> RowSet:
    return rows_of(read_book(content, filename), HEADINGS)


def plan_cases(rows: RowSet, *, by: User, on: date) -> CasesPlan:
    """The cases the rows open; a row that was brought before is unchanged."""
    plan = CasesPlan(Outcome.of(rows))
    codes = RegionCode.objects.filter(ended=None, region__level=Level.TOWNSHIP)
    brought = Case.objects.exclude(import_digest="")
    names = Names(by).load()
    known = Known(
        names=names,
        by=by,
        open_cases=dict(Case.objects.open().values_list("student_id", "number")),
        brought=set(brought.values_list("student_id", "import_digest")),
        townships={code.code: code.region for code in codes.select_related("region")},
    )
    for row in plan.outcome.sound(rows):
        _plan_row(row, known, plan, on)
        plan.outcome.reject(row.faults)
    return plan


def _plan_row(row: Row, known: Known, plan: CasesPlan, on: date) -> None:
    student = known.names.of_row(row, on)
    brought = read_row(row, on)
    if student is None or brought is None:
        return
    digest = brought.digest
    if (student, digest) in known.brought or known.seen.get(student) == digest:
        plan.outcome.unchanged += 1
        return
    wanted = _wanted(row, Student.objects.get(pk=student), brought, known)
    if wanted is None:
        return
    known.seen[student] = digest
    plan.outcome.created += 1
    plan.wanted.append(wanted)
    if brought.penalty and not _cited(brought.penalty, wanted.owner.path, on):
        plan.outcome.warnings.append(NO_BASIS.format(row=row.number))


def _wanted(row: Row, student: Student, brought: Brought, known: Known) -> ImportedCase | None:
    """The case to open; None, with a fault kept, where it cannot be."""
    where = naming_column(row)
    if student.pk in known.open_cases or student.pk in known.seen:
        number = known.open_cases.get(student.pk, "")
        row.fault(where, OPEN.format(number=number), "")
        return None
    if brought.step is not Step.PERSUADE and student.nationality != "CHN":
        row.fault("当前步骤", "非中国籍学生只做宣传教育（义务教育法 第4条）。")
        return None
    if not _county(student):
        row.fault(where, HOMELESS, "")
        return None
    owner = _owner(row, student, known)
    if owner is None:
        return None
    return ImportedCase(student, owner, brought, bool(row.text("责任乡镇")))


def _county(student: Student) -> str:
    return county_of(student.school_path or student.household_path or student.residence_path)


def _owner(row: Row, student: Student, known: Known) -> Region | None:
    """The township of the row, or the one the child's home gives; within what `by` answers for."""
    county, code = _county(student), row.text("责任乡镇")
    owner = known.townships.get(code) if code else owner_of(student)[0]
    if owner is None or not covers(county, owner.path):
        row.fault("责任乡镇", "没有这个乡镇，或不在本县，请填 9 位区划代码。")
        return None
    if known.by.reach.holds(*COUNTY_ROLES, over=county):
        return owner
    if known.by.reach.holds(Role.TOWNSHIP, over=owner.path):
        return owner
    if code:
        row.fault("责任乡镇", "只能导入本乡镇负责的档案。")
        return None
    row.fault(naming_column(row), UNKNOWN, "")
    return None


def apply_cases(plan: CasesPlan, *, by: User, on: date) -> None:
    """Open the cases, one after another. Raises Refused when one was opened meanwhile."""
    for wanted in plan.wanted:
        _bring(wanted, by, on)


def _bring(wanted: ImportedCase, by: User, on: date) -> None:
    """Open the case on its old day, stand it where it stands, and write down what it went through."""
    row, student = wanted.row, wanted.student
    finding = Finding.objects.create(
        student=student, kind=FindingKind.SURVEY, on=row.opened_on, by=by
    )
    case = open_case(finding, by=by, on=row.opened_on, left=row.left)
    if case.finding_id != finding.pk:
        raise Refused(OPENED_MEANWHILE.format(name=student.name, number=case.number))
    drop(case, on=on)
    seat = _seat(case, wanted)
    case.state, case.step = CaseState.PERSUADING, row.step
    case.step_on, case.import_digest = _step_on(row), row.digest
    case.suspected_on = row.suspected.latest if row.suspected else None
    case.dropout_on = row.dropout.latest if row.dropout else None
    case.save(
        update_fields=[
            "state",
            "step",
            "step_on",
            "suspected_on",
            "dropout_on",
            "to_assign",
            "import_digest",
        ]
    )
    _write_history(case, row, seat, by, on)
    ask_next_contact(case, on)
    history.record(
        "cases.import",
        "student",
        student.uid,
        path=case.county_path,
        by=by,
        on=row.opened_on,
        after={"case": case.uid, "step": case.step},
        note=row.note,
    )


def _seat(case: Case, wanted: ImportedCase) -> Held:
    """Make the township of the file the owner; what was done before was done by it."""
    reach = case.access_rows.get(kind=AccessKind.OWNER)
    if wanted.said_owner:
        reach.path, reach.unit, case.to_assign = wanted.owner.path, wanted.owner.name, False
        reach.save(update_fields=["path", "unit"])
    role = Role.TOWNSHIP if len(reach.path) == TOWNSHIP else Role.BUREAU
    return Held(role, reach.path, reach.unit)


def _step_on(row: Brought) -> date:
    """When the step it stands on was entered, as far as the file tells."""
    told = {Step.ORDER: row.order, Step.PENALTY: row.penalty}.get(row.step)
    day = told.issued.latest if told else None
    return day or row.opened_on


def _write_history(case: Case, row: Brought, seat: Held, by: User, on: date) -> None:
    for listed, day in ((EventKind.SUSPECTED, row.suspected), (EventKind.DROPOUT, row.dropout)):
        if day:
            _write(case, listed, seat, by, happened=day)
    if row.criticised:
        _write(case, EventKind.CRITICISM, seat, by, happened=row.criticised, policy=ORDER_BY)
    stands = Step.PERSUADE
    for step, kind, old in (
        (Step.ORDER, PaperKind.ORDER, row.order),
        (Step.PENALTY, PaperKind.PENALTY, row.penalty),
    ):
        if old or row.step is step:
            known = old.issued if old else FuzzyDate.unknown()
            _enter(case, step, stands, seat, by, known)
            stands = step
        if old:
            _paper(case, kind, old, seat, by, on)
    if row.step in (Step.ENFORCE, Step.SUE):
        _enter(case, row.step, stands, seat, by, FuzzyDate.unknown())
    if row.note:
        _write(case, EventKind.NOTED, seat, by, happened=FuzzyDate.on(on), note=row.note)


def _enter(case: Case, step: Step, stands: Step, seat: Held, by: User, happened: FuzzyDate) -> None:
    details = {"from": stands.value} | ({} if happened.latest else {"undated": True})
    _write(case, EventKind.STEP, seat, by, happened=happened, step=step, details=details)


def _write(
    case: Case,
    kind: EventKind,
    seat: Held,
    by: User,
    *,
    happened: FuzzyDate,
    note: str = "",
    step: Step | None = None,
    details: dict | None = None,
    policy: str = "",
) -> None:
    events.write(
        case,
        kind,
        by=by,
        happened=happened,
        note=note,
        step=step,
        policy=policy,
        seat=seat,
        details={"imported": True} | (details or {}),
    )


def _paper(
    case: Case, kind: PaperKind, old: Old, seat: Held, by: User, on: date
) -> None:  # fmt: skip
    """An old paper under its old number; served, it starts its periods."""
    issued, cites = old.issued, ORDER_BY if kind is PaperKind.ORDER else _cited(old, seat.path, on)
    paper = Paper.objects.create(
        case=case,
        kind=kind,
        round=case.round,
        body_path=seat.path,
        body=body_name(seat.role, seat.path),
        number=old.number,
        issued_from=issued.earliest,
        issued_to=issued.latest,
        precision=issued.precision,
        days=old.days,
        basis=cites,
        year=issued.latest.year if issued.latest else None,
        issued_by=by,
    )
    told = {"paper": paper.uid, "kind": paper.kind, "number": paper.number, "days": paper.days}
    said = f"{paper.label} {paper.number}".strip()
    _write(case, EventKind.ISSUED, seat, by, happened=issued, note=said, details=told, policy=cites)
    if old.served is None:
        return
    effective = old.served.exact
    Service.objects.create(
        paper=paper,
        mode=ServiceMode.DIRECT,
        served_from=old.served.earliest,
        served_to=old.served.latest,
        precision=old.served.precision,
        effective_on=effective,
        note=MODE_UNKNOWN,
        by=by,
    )
    told |= {"effective": effective.isoformat() if effective else None}
    note = f"{said}；{MODE_UNKNOWN}"
    _write(case, EventKind.SERVED, seat, by, happened=old.served, note=note, details=told)
    if effective:
        _start(case, paper, effective, seat.role)


def _start(case: Case, paper: Paper, effective: date, issuer: Role) -> None:
    started = clocks(PaperKind(paper.kind), effective, days=paper.days, told=True, work=national())
    for clock in started:
        set_deadline(
            case,
            clock.kind,
            starts_on=clock.starts_on,
            due_on=clock.due_on,
            paper=paper,
            who=issuer if clock.ours else None,
            article=clock.article,
            note=clock.note,
        )


def _cited(penalty: Old, path: str, on: date) -> str:
    """The clause that let this body fine when the penalty was decided; "" where none did."""
    role = Role.TOWNSHIP if len(path) == TOWNSHIP else Role.BUREAU
    day = penalty.issued.latest or on
    basis = legal_basis.fine_basis(path, role, body_name(role, path), day)
    return legal_basis.cited(basis) if basis else ""


CASES = Door(
    name="cases", title="原有档案", read=_rows, plan=plan_cases, apply=apply_cases,
    require=_require,
)  # fmt: skip
