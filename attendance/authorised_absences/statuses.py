"""休学, 送教上门, 借读 and long leave from a file, with dates and proof. A file asks: the bureau, or
of its own files another person of it, approves before anything is explained; what somebody asked for
or decided no file changes. A county brings them along before the first night's alerts, or everybody
away would alarm."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from accounts import history
from accounts.file_door.door import Door
from accounts.file_door.headings import column, simple_headings
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.reading import read_book
from accounts.file_door.rows import Row, RowSet, rows_of
from accounts.models import User
from attendance.authorised_absences.file_chains import Chains, asked_by_file
from attendance.authorised_absences.term_ends import SPREAD, TermEnds
from attendance.authorised_absences.weighing import span_of
from attendance.authorised_absences.writing import ONE_DAY, overlap
from attendance.rights import MAY, REFUSALS, RegisterRight
from attendance.rules.second_word import Span, why_refused, why_second
from regions.clock import now
from regions.columns import new_uid
from regions.models import School
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.day_words import whole_day
from regions.rules.values import BadValue, read_day
from students.enums import FROM_FILES, STATUS_ALIASES, AbsenceKind, AbsenceState
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
ENTERERS = MAY[RegisterRight.BRING_STATUS]
CAUSE = "由学籍状态文件登记"
STANDS = (
    "已有{kind}（{state}）到 {last}{proof}。文件只登记新的，不改已有的手续：要提前结束、补证明或撤销，"
    "请在“请假与休学”里办。"
)
SPREAD_ALL = f"{SPREAD}，届时逐份重新核实。"
TWICE = "这个学生的这个状态、同一个开始日期，在文件里出现了两次。请只留一行。"


@dataclass
class StatusesPlan(FilePlan):
    """The requests the file adds; each asks, none changes what stands."""

    on: date = date.min
    ends: TermEnds = field(default_factory=lambda: TermEnds({}))
    chains: Chains = field(default_factory=lambda: Chains({}))
    added: list[AuthorisedAbsence] = field(default_factory=list)

    def told(self) -> object:
        return [(s.student_id, s.kind, s.first, s.last, s.proof, s.approver) for s in self.added]


def _require(by: User) -> None:
    if not by.reach.holds(*ENTERERS):
        raise Refused(REFUSALS[RegisterRight.BRING_STATUS])


def _rows(content: bytes, filename: str) -> RowSet:
    return rows_of(read_book(content, filename), HEADINGS)


def plan_statuses(rows: RowSet, *, by: User, on: date) -> StatusesPlan:
    """What the rows ask for that does not stand yet."""
    names = Names(by).load()
    plan = StatusesPlan(Outcome.of(rows), on, TermEnds(names.paths))
    standing = _standing(by)
    told: set[tuple] = set()
    read = list(_readable(plan, rows, names))
    plan.chains = Chains.of([spell for _, spell in read], standing, on)
    for row, spell in read:
        if _key(spell) in told:
            row.fault("状态", TWICE)
        else:
            told.add(_key(spell))
            _place(plan, row, spell, standing.setdefault(spell.student_id, []))
        if row.faults:
            plan.outcome.reject(row.faults)
    return plan


def _readable(
    plan: StatusesPlan, rows: RowSet, names: Names
) -> Iterator[tuple[Row, AuthorisedAbsence]]:
    """The rows that can be read, with their spells; the others are turned away and not kept."""
    for row in plan.outcome.sound(rows):
        spell = _read(row, names, plan.on)
        if spell:
            yield row, spell
        else:
            plan.outcome.reject(row.faults)


def _standing(by: User) -> dict[int, list[AuthorisedAbsence]]:
    """All that holds a day of a reached child, by child, in order."""
    found: dict[int, list[AuthorisedAbsence]] = {}
    reached = Student.objects.visible_to(by).filter(authorised__isnull=False)
    rows = AuthorisedAbsence.objects.standing().filter(student__in=reached)
    for spell in rows.select_related("student").order_by("first", "pk"):
        found.setdefault(spell.student_id, []).append(spell)
    return found


def _key(spell: AuthorisedAbsence) -> tuple:
    return spell.student_id, spell.kind, spell.first


def _place(
    plan: StatusesPlan, row: Row, spell: AuthorisedAbsence, standing: list[AuthorisedAbsence]
) -> None:
    """Count the spell among what stands: new, the same, or longer, which asks for the days after."""
    before = next((one for one in standing if _key(one) == _key(spell)), None)
    if before is None:
        _add(plan, row, spell, standing)
        plan.outcome.created += not row.faults
        return
    latest = _links(before, standing)[-1]
    ends = (spell.last, plan.ends.last_of(spell))
    if spell.last > latest.last:
        _add(plan, row, _rest(spell, latest.last), standing)
        plan.outcome.updated += not row.faults
    elif latest.last in ends and any(_says(spell, one) for one in (before, latest)):
        plan.outcome.unchanged += 1
    else:
        row.fault("结束日期" if spell.last < latest.last else "证明", _stands(latest))


def _says(spell: AuthorisedAbsence, standing: AuthorisedAbsence) -> bool:
    """Does the row name the same proof and approver? An empty cell says nothing of them."""
    return spell.proof in ("", standing.proof) and spell.approver in ("", standing.approver)


def _stands(standing: AuthorisedAbsence) -> str:
    named = "、".join(filter(None, (standing.proof, standing.approver)))
    shown = f"，证明和审批人是“{named}”" if named and not standing.sensitive else ""
    return STANDS.format(
        kind=AbsenceKind(standing.kind).label,
        state=AbsenceState(standing.state).label,
        last=whole_day(standing.last),
        proof=shown,
    )


def _add(
    plan: StatusesPlan, row: Row, spell: AuthorisedAbsence, standing: list[AuthorisedAbsence]
) -> None:
    """Another request, where nothing holds one of its days; 借读 ends spread over the next term."""
    spell.last, asked = plan.ends.last_of(spell), spell.last
    crossed = next((one for one in standing if span_of(one).crosses(span_of(spell))), None)
    if crossed:
        row.fault("开始日期", overlap(crossed, plan.on))
        return
    if refusal := plan.chains.why_refused(spell, standing):
        row.fault("结束日期", refusal)
        return
    standing.append(spell)
    plan.added.append(spell)
    if spell.last != asked and SPREAD_ALL not in plan.outcome.warnings:
        plan.outcome.warnings.append(SPREAD_ALL)


def _links(before: AuthorisedAbsence, standing: list[AuthorisedAbsence]) -> list[AuthorisedAbsence]:
    """The row and those of its kind that go on the day after: one status, prolonged."""
    links = [before]
    for one in sorted(standing, key=lambda one: one.first):
        if one.kind == before.kind and one.first == links[-1].last + ONE_DAY:
            links.append(one)
    return links


def _rest(spell: AuthorisedAbsence, ends: date) -> AuthorisedAbsence:
    """What a longer end adds to what stands until `ends`: it is asked for anew."""
    spell.first = ends + ONE_DAY
    return spell


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
    if not row.text("证明") and (student is None or _counts(names.paths[student], on)):
        row.fault("证明", "请写明证明材料，例如“县医院诊断证明，2026年9月3日”。")
    if row.faults or student is None or kind is None or began is None or until is None:
        return None
    asked = asked_by_file(kind, Span(began, until), proof=row.text("证明"))
    if refusal := why_refused(asked):
        row.fault("结束日期", refusal)
        return None
    return AuthorisedAbsence(
        student_id=student,
        path=names.paths[student],
        kind=kind,
        first=began,
        last=until,
        state=AbsenceState.PASSED,
        cause=CAUSE,
        why_second=why_second(asked),
        proof=row.text("证明"),
        approver=row.text("审批人"),
    )


def _counts(path: str, on: date) -> bool:
    """Do the days of the child's school count already? Before that (go-live) proof may come later."""
    school = School.objects.filter(path=path.split("C", 1)[0]).first()
    begins = school.counts_from if school else None
    return begins is not None and begins <= on


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


def apply_statuses(plan: StatusesPlan, *, by: User, on: date) -> str:
    """Write the requests, and a line of history for each child. Returns the number of the batch."""
    batch = new_uid()
    children = Student.objects.filter(pk__in=[spell.student_id for spell in plan.added])
    students = {one.pk: one for one in children.order_by("pk").select_for_update(of=("self",))}
    for spell in plan.added:
        spell.asked_by, spell.first_by, spell.first_at, spell.batch = by, by, now(), batch
    AuthorisedAbsence.objects.bulk_create(plan.added)
    for spell in plan.added:
        _record(spell, students[spell.student_id], by)
    return batch if plan.added else ""


def _record(spell: AuthorisedAbsence, child: Student, by: User) -> None:
    history.record(
        "statuses.import",
        "student",
        child.uid,
        path=child.school_path,
        by=by,
        on=spell.first,
        after={"kind": spell.kind, "until": spell.last.isoformat(), "state": spell.state},
        note=spell.proof,
    )


STATUSES = Door(
    name="statuses", title="学籍状态", read=_rows, plan=plan_statuses, apply=apply_statuses,
    require=_require,
)  # fmt: skip
