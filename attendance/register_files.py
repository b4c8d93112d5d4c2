"""Registers from a file, through the same verb as the page.

Columns 学校标识码, 班级, 日期, 学籍号, 标记, 说明. A row with an empty 学籍号 says the register was
taken, everyone present unless listed; with the mark 不上课 it says there was no class.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from accounts.imports import Line, Rejection, lines_of, value_or
from accounts.models import User
from accounts.sheets import read_tables
from attendance.enums import MARK_ALIASES, NO_CLASS, PRESENT, Mark, RegisterState
from attendance.models import Register
from attendance.registers import FilledRegister, Marked, submit
from attendance.rights import MAY, REFUSALS, RegisterRight
from regions.classnames import read_class
from regions.models import School, SchoolClass
from regions.refusals import NoCalendar, Refused
from regions.values import BadValue, read_day
from students.models import Student
from students.naming import CHILD_HEADINGS, Names, number_in

HEADINGS = CHILD_HEADINGS | {
    "日期": "日期", "考勤日期": "日期",
    "标记": "标记", "考勤": "标记", "考勤状态": "标记", "状态": "标记",
    "说明": "说明", "备注": "说明", "原因": "说明",
}  # fmt: skip
FROM_FILE = "文件导入"
FILE_ROLES = MAY[RegisterRight.BRING_FILE]


@dataclass
class Day:
    """What the file says of one class on one day."""

    school_class: SchoolClass
    on: date
    lines: list[Line] = field(default_factory=list)
    marks: dict[int, Marked | None] = field(default_factory=dict)
    no_class: str = ""


@dataclass
class Result:
    """How many registers and absences came in, and what was rejected."""

    registers: int = 0
    absences: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    applied: bool = False

    def as_json(self) -> dict:
        return {
            "registers": self.registers,
            "absences": self.absences,
            "unchanged": self.unchanged,
            "rejected": [one.as_json() for one in self.rejected],
            "applied": self.applied,
        }


class Undone(Exception):
    """Rolls the transaction back: with rejected rows nothing is applied."""


def import_registers(
    content: bytes, filename: str, *, by: User, at: datetime, partial: bool = False
) -> Result:
    """Bring registers in as of `at`, all or nothing; with `partial`, all but the days with rejected rows."""
    if not by.reach.holds(*FILE_ROLES):
        raise Refused(REFUSALS[RegisterRight.BRING_FILE])
    result = Result()
    lines = lines_of(read_tables(content, filename), HEADINGS, "日期")
    days = _days(lines, by, result)
    try:
        with transaction.atomic():
            for day in sorted(days.values(), key=lambda day: (day.on, day.school_class.pk)):
                _enter(day, by, at, result)
            if result.rejected and not partial:
                raise Undone
            result.applied = True
    except Undone:
        result.registers = result.absences = result.unchanged = 0
    return result


def _days(lines: list[Line], by: User, result: Result) -> dict[tuple[int, date], Day]:
    names = Names(by).load()
    schools = {school.code: school for school in School.objects.all()}
    classes: dict[tuple, SchoolClass | None] = {}
    days: dict[tuple[int, date], Day] = {}
    spoilt = set()
    for line in lines:
        faults: list[Rejection] = []
        on = value_or(line, "日期", _day, faults)
        school_class = _class(line, on, schools, classes, by, faults) if on else None
        if school_class and on:
            key = (school_class.pk, on)
            day = days.setdefault(key, Day(school_class, on))
            day.lines.append(line)
            _read_line(line, day, names, faults)
            if faults:
                spoilt.add(key)
        result.rejected += faults
    return {key: day for key, day in days.items() if key not in spoilt}


def _day(raw: object) -> date:
    day = read_day(raw, what="日期")
    if day is None:
        raise BadValue("日期不能为空。")
    return day


def _class(
    line: Line, on: date, schools: dict, classes: dict, by: User, faults: list[Rejection]
) -> SchoolClass | None:
    school = schools.get(line.text("学校标识码").zfill(10))
    if school is None or not _holds_some_of(school, by):
        faults.append(line.reject("学校标识码", "没有这所学校，或不在你的管辖范围内。"))
        return None
    try:
        named = read_class(line.text("班级"), on, school.stages)
    except BadValue as wrong:
        faults.append(line.reject("班级", str(wrong)))
        return None
    key = (school.pk, named)
    if key not in classes:
        classes[key] = SchoolClass.objects.filter(
            school=school, stage=named.stage, entry_year=named.entry_year, number=named.number
        ).first()
    found = classes[key]
    if found is None or not by.reach.holds(*FILE_ROLES, over=found.path):
        faults.append(line.reject("班级", "本校没有这个班，请核对班级，或先导入名册。"))
        return None
    return found


def _holds_some_of(school: School, by: User) -> bool:
    """The school itself, or (a class teacher) a class of it."""
    inner = any(path.startswith(school.path) for path in by.reach.paths(*FILE_ROLES))
    return inner or by.reach.holds(*FILE_ROLES, over=school.path)


def _read_line(line: Line, day: Day, names: Names, faults: list[Rejection]) -> None:
    heading, number = number_in(line)
    said = line.text("标记")
    mark = MARK_ALIASES.get(said, PRESENT if not said else None)
    if mark is None:
        offered = "、".join(list(dict.fromkeys(MARK_ALIASES))[:7])
        faults.append(line.reject("标记", f"标记不认识，可填：{offered}、到校、不上课。"))
    elif mark == NO_CLASS:
        day.no_class = line.text("说明") or "停课"
    elif number or line.text("姓名"):
        _read_child(line, heading, number, mark, day, names, faults)
    elif mark != PRESENT:
        faults.append(line.reject("学籍号", "有标记的行要填学籍号（或证件号、姓名）。"))


def _read_child(
    line: Line, heading: str, number: str, mark: Mark | str, day: Day, names: Names,
    faults: list[Rejection],
) -> None:  # fmt: skip
    try:
        child = (
            names.numbered(number)
            if number
            else names.in_class(day.school_class.pk, line.text("姓名"))
        )
    except BadValue as wrong:
        faults.append(line.reject(heading or "姓名", str(wrong), ""))
        return
    if child in day.marks:
        faults.append(line.reject(heading or "姓名", "同一天同一个学生在文件里出现了两次。", ""))
        return
    day.marks[child] = None if mark == PRESENT else Marked(Mark(mark), line.text("说明"))


def _enter(day: Day, by: User, at: datetime, result: Result) -> None:
    """One register: new, or a correction of the one that stands; the same again changes nothing."""
    uids = dict(Student.objects.filter(pk__in=day.marks).values_list("pk", "uid"))
    said = {uids[pk]: marked for pk, marked in day.marks.items()}
    standing = Register.objects.filter(school_class=day.school_class, on=day.on).first()
    before = _marks_of(standing)
    wanted = {uid: marked for uid, marked in (before | said).items() if marked}
    if day.no_class:
        wanted = {}
    if (
        standing
        and wanted == before
        and (standing.state == RegisterState.NO_CLASS) == bool(day.no_class)
    ):
        result.unchanged += 1
        return
    sheet = FilledRegister(
        marks=wanted,
        no_class=day.no_class,
        reason=FROM_FILE if standing else "",
        version=standing.version if standing else 0,
        client_key=uuid4(),
    )
    try:
        submit(day.school_class.pk, day.on, sheet, by=by, at=at, act=RegisterRight.BRING_FILE)
    except NoCalendar:
        result.rejected += [line.reject("日期", _undecided(day.on)) for line in day.lines[:1]]
    except Refused as refusal:
        result.rejected += [line.reject("日期", str(refusal)) for line in day.lines[:1]]
    else:
        result.registers += 1
        result.absences += len(wanted)


def _undecided(on: date) -> str:
    return f"{on:%Y-%m-%d}是否上课还没有定，请先录入校历。"


def _marks_of(standing: Register | None) -> dict[str, Marked]:
    if standing is None:
        return {}
    rows = standing.absences.values_list("student__uid", "mark", "note")
    return {uid: Marked(Mark(mark), note) for uid, mark, note in rows}
