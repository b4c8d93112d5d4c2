"""Registers from a file, through the same verb as the page.

Columns 学校标识码, 班级, 日期, 学籍号, 标记, 说明. A row with an empty 学籍号 says the register was
taken, everyone present unless listed; with the mark 不上课 it asks for a closure of the class, as the
page does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

from accounts.file_door.door import Door, bring
from accounts.file_door.headings import column, simple_headings
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.reading import read_book
from accounts.file_door.rows import Rejection, Row, RowSet, rows_of
from accounts.models import User
from attendance.alerts import last_judged
from attendance.enums import MARK_ALIASES, NO_CLASS, PRESENT, Mark
from attendance.models import Register
from attendance.no_class import ask_no_class, may_ask
from attendance.proposed_marks.holding import held_marks
from attendance.registers import FilledRegister, Marked, locked, may_unlock, refuse_day, submit
from attendance.rights import MAY, REFUSALS, RegisterRight
from attendance.rolls import Pupil, roll
from regions.clock import local, now
from regions.days import PlaceRules, place_rules_of
from regions.models import School, SchoolClass
from regions.paths import county_of
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.classnames import read_class
from regions.rules.day_words import whole_day
from regions.rules.values import BadValue, read_day
from students.naming import CHILD_COLUMNS, NUMBERS, Names, naming_column

COLUMNS = [
    *CHILD_COLUMNS,
    column("日期", "考勤日期", longest=30, day=True, filled=True),
    column("标记", "考勤 考勤状态 状态", longest=20),
    column("说明", "备注 原因", longest=100),
]
HEADINGS = simple_headings(COLUMNS, "日期")
FROM_FILE = "文件导入"
FILE_ROLES = MAY[RegisterRight.BRING_FILE]
NOT_ON_ROLL = "这一天不在这个班的名册上，请核对班级和日期。"
TWICE = "同一天同一个学生在文件里出现了两次。"
BOTH = "文件里这个班这一天又写了不上课，又登记了学生。请留一种。"
LOCKED = "这一天的登记已锁定，请由教务处导入更正。"


@dataclass
class Day:
    """What the file says of one class on one day: marks by the child's pk, each with its row."""

    school_class: SchoolClass
    on: date
    rows: list[Row] = field(default_factory=list)
    marks: dict[int, Marked | None] = field(default_factory=dict)
    named_in: dict[int, Row] = field(default_factory=dict)
    no_class: str = ""
    sheet: FilledRegister | None = None

    @property
    def is_sound(self) -> bool:
        """Could every row that speaks of the day be read?"""
        return not any(row.faults or row.spoilt for row in self.rows)


@dataclass
class RegistersPlan(FilePlan):
    """The days whose registers are to be taken or corrected, in order of day and class; they
    arrive at `at`."""

    at: datetime
    days: list[Day] = field(default_factory=list)
    held: int = 0

    def told(self) -> object:
        return [
            (day.on, day.school_class.pk, day.no_class, sorted(str(m) for m in day.marks.items()))
            for day in self.days
        ]


@dataclass
class Result:
    """How many registers and absences came in, closures were asked for, marks over an alert wait for
    another's word, and what was rejected."""

    registers: int = 0
    absences: int = 0
    closures: int = 0
    held: int = 0
    unchanged: int = 0
    rejected_rows: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    applied: bool = False
    passed_over: int = 0
    notes: list[str] = field(default_factory=list)
    already: str = ""

    def as_json(self) -> dict:
        told = {
            "registers": self.registers,
            "absences": self.absences,
            "closures": self.closures,
            "held": self.held,
            "unchanged": self.unchanged,
            "rejected_rows": self.rejected_rows,
            "rejected": [rejection.as_json() for rejection in self.rejected],
            "applied": self.applied,
            "passed_over": self.passed_over,
            "notes": self.notes,
        }
        return told | ({"already": self.already} if self.already else {})


def import_registers(
    content: bytes, filename: str, *, by: User, at: datetime, partial: bool = False
) -> Result:
    """Bring registers in as of `at`, all or nothing; with `partial`, all but the days with rejected rows."""
    plan = bring(
        REGISTERS, content, filename, by=by, on=local(at).date(), partial=partial, at=at
    ).plan
    outcome = plan.outcome
    result = Result(
        rejected_rows=outcome.rejected_rows,
        rejected=outcome.rejected,
        applied=outcome.applied,
        passed_over=outcome.passed_over,
        notes=outcome.notes,
        already=outcome.already,
    )
    if outcome.applied:
        result.registers = sum(day.sheet is not None for day in plan.days)
        result.closures = sum(bool(day.no_class) for day in plan.days)
        result.absences = sum(len(day.sheet.marks) for day in plan.days if day.sheet)
        result.held = plan.held
    if outcome.applied or outcome.already:
        result.unchanged = outcome.unchanged
    return result


def _require(by: User) -> None:
    if not by.reach.holds(*FILE_ROLES):
        raise Refused(REFUSALS[RegisterRight.BRING_FILE])


def _rows(content: bytes, filename: str) -> RowSet:
    return rows_of(read_book(content, filename), HEADINGS)


def plan_registers(
    rows: RowSet, *, by: User, on: date, at: datetime | None = None
) -> RegistersPlan:
    """The registers the rows would take or correct, and the closures they ask for, arriving at `at`
    (now, unless told); a day with a fault in any row stays out."""
    plan = RegistersPlan(Outcome.of(rows), at or now())
    lands: dict[str, PlaceRules] = {}
    for day in sorted(_days(rows, by, on), key=lambda day: (day.on, day.school_class.pk)):
        county = county_of(day.school_class.path)
        if county not in lands:
            lands[county] = place_rules_of(county)
        if day.is_sound:
            _plan_day(day, lands[county], by, plan)
    plan.outcome.reject(fault for row in rows for fault in row.faults)
    return plan


def _days(rows: RowSet, by: User, on: date) -> Iterable[Day]:
    """What the file says, by class and day. A row that cannot be read spoils its day all the same,
    or its child would stand there as present."""
    names = Names(by).load()
    days: dict[tuple[int, date], Day] = {}
    for row in rows:
        readable, faults = not row.faults and not row.spoilt, len(row.faults)
        taken_on = row.take("日期", _day, on)
        school_class = _class(row, taken_on, names) if taken_on else None
        if school_class and taken_on:
            day = days.setdefault((school_class.pk, taken_on), Day(school_class, taken_on))
            day.rows.append(row)
            if readable:
                _read_row(row, day, names)
        if not readable:
            del row.faults[faults:]
    return days.values()


def _day(raw: object, on: date) -> date:
    day = read_day(raw, what="日期")
    if day is None:
        raise BadValue("日期不能为空。")
    if refusal := believable.why_not(DateKind.REGISTER, day, on=on):
        raise BadValue(refusal)
    return day


def _class(row: Row, on: date, names: Names) -> SchoolClass | None:
    school = names.schools.get(row.text("学校标识码").zfill(10))
    if school is None or not _holds_some_of(school, names.by):
        row.fault("学校标识码", "没有这所学校，或不在你的管辖范围内。")
        return None
    named = row.take("班级", read_class, on, school.stages)
    if named is None:
        return None
    found = names.classes.get((school.pk, named))
    if found is None or not names.by.reach.holds(*FILE_ROLES, over=found.path):
        row.fault("班级", "本校没有这个班，请核对班级，或先导入名册。")
        return None
    return found


def _holds_some_of(school: School, by: User) -> bool:
    """The school itself, or (a class teacher) a class of it."""
    inner = any(path.startswith(school.path) for path in by.reach.paths(*FILE_ROLES))
    return inner or by.reach.holds(*FILE_ROLES, over=school.path)


def _read_row(row: Row, day: Day, names: Names) -> None:
    said = row.text("标记")
    mark = MARK_ALIASES.get(said, PRESENT if not said else None)
    if mark is None:
        offered = "、".join(list(dict.fromkeys(MARK_ALIASES))[:7])
        row.fault("标记", f"标记不认识，可填：{offered}、到校、不上课。")
    elif mark == NO_CLASS:
        day.no_class = row.text("说明") or "停课"
    elif any(row.text(name) for name in (*NUMBERS, "姓名")):
        _read_child(row, mark, day, names)
    elif mark != PRESENT:
        row.fault("学籍号", "有标记的行要填学籍号（或证件号、姓名）。")


def _read_child(row: Row, mark: Mark | str, day: Day, names: Names) -> None:
    """Keep what the row says of its child, who is looked for in the class of the row."""
    where = naming_column(row)
    try:
        child = (
            names.in_class(day.school_class.pk, row.text("姓名"))
            if where == "姓名"
            else names.by_numbers(row)
        )
    except BadValue as wrong:
        return row.fault(where, str(wrong), "")
    if child in day.marks:
        return row.fault(where, TWICE, "")
    day.named_in[child] = row
    day.marks[child] = None if mark == PRESENT else Marked(Mark(mark), row.text("说明"))
    return None


def _plan_day(day: Day, place_rules: PlaceRules, by: User, plan: RegistersPlan) -> None:
    """The sheet of the day; faults where the verb would refuse it."""
    on_roll = roll(day.school_class, day.on)
    pupils = {pupil.student_id: pupil.uid for pupil in on_roll}
    try:
        today = local(plan.at).date()
        refuse_day(day.school_class, day.on, on_roll, place_rules.calendar, today=today)
    except Refused as refusal:
        return day.rows[0].fault("日期", str(refusal))
    for child, row in day.named_in.items():
        if child not in pupils:
            row.fault(naming_column(row), NOT_ON_ROLL, None if row.text("姓名") else "")
        elif day.no_class:
            row.fault("标记", BOTH)
    if not day.is_sound:
        return None
    if day.no_class:
        return _plan_no_class(day, by, plan)
    said = {pupils[child]: marked for child, marked in day.marks.items()}
    return _plan_sheet(day, said, on_roll, place_rules, by, plan)


def _plan_no_class(day: Day, by: User, plan: RegistersPlan) -> None:
    """不上课: a closure is asked for, where none waits already."""
    try:
        waiting = may_ask(day.school_class, day.on, day.no_class, by=by, at=plan.at)
    except Refused as refusal:
        day.rows[0].fault("标记", str(refusal))
        return
    if waiting:
        plan.outcome.unchanged += 1
        return
    plan.outcome.created += 1
    plan.days.append(day)


def _plan_sheet(
    day: Day, said: dict[str, Marked | None], pupils: list[Pupil], place_rules: PlaceRules,
    by: User, plan: RegistersPlan,
) -> None:  # fmt: skip
    """A new register, or a correction of the one that stands; the same again changes nothing."""
    uids = {pupil.uid for pupil in pupils}
    standing = Register.objects.filter(school_class=day.school_class, on=day.on).first()
    before = {uid: marked for uid, marked in _marks_of(standing).items() if uid in uids}
    wanted = {uid: marked for uid, marked in (before | said).items() if marked}
    if standing is None:
        plan.outcome.created += 1
    elif wanted == before:
        plan.outcome.unchanged += 1
        return
    elif _is_locked(standing, day, place_rules, by, plan.at):
        day.rows[0].fault("日期", LOCKED)
        return
    else:
        plan.outcome.updated += 1
    day.sheet = FilledRegister(
        marks=wanted,
        reason=FROM_FILE if standing else "",
        version=standing.version if standing else 0,
        client_key=uuid4(),
    )
    plan.days.append(day)
    _warn_of_held(day, day.sheet, pupils, place_rules, plan)


def _warn_of_held(
    day: Day, sheet: FilledRegister, pupils: list[Pupil], place_rules: PlaceRules,
    plan: RegistersPlan,
) -> None:  # fmt: skip
    """What the file says of children with an alert and will not count before another's word."""
    if not any(pupil.alerted for pupil in pupils):
        return
    held = held_marks(
        sheet.said(), pupils, day.on, judged_on=last_judged(day.school_class.path),
        today=local(plan.at).date(), place_rules=place_rules,
    )  # fmt: skip
    if held:
        label = day.school_class.label(day.on)
        plan.outcome.warnings.append(
            f"{label} {whole_day(day.on)}：{len(held)} 名学生有预警，这一处要另一个人确认后才算。"
        )


def _is_locked(
    standing: Register, day: Day, place_rules: PlaceRules, by: User, at: datetime
) -> bool:
    hours = place_rules.policies.number("lock_hours", day.school_class.path, day.on)
    return locked(standing, hours, at) and not may_unlock(by, day.school_class)


def _marks_of(standing: Register | None) -> dict[str, Marked]:
    if standing is None:
        return {}
    rows = standing.absences.values_list("student__uid", "mark", "note")
    return {uid: Marked(Mark(mark), note) for uid, mark, note in rows}


def apply_registers(plan: RegistersPlan, *, by: User, on: date) -> None:
    """Take or correct the registers and ask for the closures, through the verbs of the page."""
    for day in plan.days:
        if day.no_class:
            ask_no_class(day.school_class.pk, day.on, day.no_class, by=by, at=plan.at)
        elif day.sheet:
            right = RegisterRight.BRING_FILE
            register = submit(day.school_class.pk, day.on, day.sheet, by=by, at=plan.at, act=right)
            plan.held += register.held


REGISTERS = Door(
    name="registers", title="考勤", read=_rows, plan=plan_registers, apply=apply_registers,
    require=_require,
)  # fmt: skip
