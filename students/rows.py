"""A row of a roster, read and checked cell by cell: all its faults at once, with advice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from accounts.file_door.rows import Row
from regions.enums import Stage
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.classnames import ClassName, read_class
from regions.rules.values import BadValue, read_day
from students.headers import HOUSEHOLD_PARTS, LONGEST, household_address
from students.rules import spellings
from students.rules.identity import disagreements, read_id, read_phone, read_xueji
from students.rules.names import normal_name

BARE_GRADE = re.compile(r"[^\d(（]*年级班?")
TRAITS = {
    "orphan": "孤儿",
    "low_income": "低保",
    "lifted_household": "脱贫户",
    "migrant": "随迁子女",
    "disabled": "残疾",
}


PARENTS = {"father": "父亲", "mother": "母亲"}


@dataclass(frozen=True, slots=True)
class Person:
    """A guardian as the file has it."""

    name: str
    relation: str = ""
    phone: str = ""
    id_no: str = ""


@dataclass
class RosterRow:
    """One child of the file. `given` holds the Student fields the file has a value for."""

    source: Row
    name: str
    given: dict[str, object] = field(default_factory=dict)
    traits: dict[str, bool] = field(default_factory=dict)
    id_no: str = ""
    xueji_no: str = ""
    guardians: list[Person] = field(default_factory=list)
    class_name: ClassName = field(init=False)
    bare_grade: bool = False
    seat_no: int | None = None
    entered: date | None = None
    joined_on: date | None = None
    household_code: str = ""
    residence_code: str = ""
    warnings: list[str] = field(default_factory=list)
    nameless: bool = False  # a telephone or a number of a guardian without a name

    @property
    def number(self) -> int:
        """Its row in the sheet."""
        return self.source.number


def told_at(source: Row, *columns: str) -> str:
    """The first of these columns that the file has; else the name, which every roster has."""
    return next((name for name in columns if name in source.header.columns), "name")


def class_column(source: Row) -> str:
    """The column that a fault of the class is told at."""
    return told_at(source, "class_name", "class_no", "grade")


def read_row(reader: Row, stages: Mapping[Stage, int], today: date) -> RosterRow:
    """The row as values; what cannot be taken is in `reader.faults`."""
    row = RosterRow(reader, reader.take("name", normal_name) or "")
    if not row.name and not reader.faults:
        reader.fault("name", "姓名不能为空。")
    _read_identity(reader, row, today)
    _read_traits(reader, row)
    _read_places(reader, row)
    row.guardians = _read_guardians(reader, row, today)
    _require_identity(reader, row)
    row.entered = reader.take("entry_month", spellings.read_month)
    row.joined_on = reader.take("joined_on", _joined, today=today)
    row.seat_no = _seat_no(reader)
    row.bare_grade = bool(BARE_GRADE.fullmatch(reader.text("class_name")))
    if named := _class(reader, row, stages, today):
        row.class_name = named
    return row


def _read_identity(reader: Row, row: RosterRow, today: date) -> None:
    doc_type = reader.take("id_doc_type", spellings.read_code, spellings.ID_DOC_TYPE) or ""
    number = reader.take("id_no", read_id, doc_type, today)
    sex = reader.take("sex", spellings.read_sex)
    birth = _birth(reader, number.birth if number else None, today)
    row.xueji_no = reader.take("xueji_no", read_xueji, today) or ""
    if number:
        row.id_no = number.canonical
        row.warnings += disagreements(number, sex, birth)
        told = {"male": "1", "female": "2"}.get(number.sex or "")
        sex, birth = sex or told, birth or number.birth
        if row.xueji_no[:1] == "G" and row.xueji_no[1:] != number.canonical:
            row.warnings.append("学籍号里的身份证号与证件号不同，请核对。")
    if doc_type:
        row.given["id_doc_type"] = doc_type
    _give(row, sex=sex, birth_on=birth)


def _birth(reader: Row, known: date | None, today: date) -> date | None:
    """The day of the column 出生日期, checked together with the one of the number."""
    if known and (refusal := believable.why_not(DateKind.BIRTH, known, on=today)):
        reader.fault("id_no", f"身份证号里的出生日期{refusal}")
    what = reader.header.headings.get("birth_on") or "出生日期"
    return reader.take("birth_on", spellings.read_birth, known=known, today=today, what=what)


def _joined(raw: object, *, today: date) -> date | None:
    day = read_day(raw, what="入班日期")
    if day and day > today:
        raise BadValue("入班日期还没有到，到那天再登记。")
    if day and (refusal := believable.why_not(DateKind.JOINED, day, on=today)):
        raise BadValue(refusal)
    return day


def _give(row: RosterRow, **values: object) -> None:
    row.given |= {name: value for name, value in values.items() if value not in (None, "")}


def _read_traits(reader: Row, row: RosterRow) -> None:
    boarding = reader.take("boarding", _boarding)
    _give(
        row,
        name=row.name,
        ethnicity=reader.take("ethnicity", spellings.read_code, spellings.ETHNICITY),
        nationality=reader.take("nationality", spellings.read_code, spellings.NATIONALITY),
        left_behind=reader.take("left_behind", spellings.read_code, spellings.LEFT_BEHIND),
        boarder=None if boarding is None else boarding == "boarder",
    )
    for name in TRAITS:
        answer = reader.take(name, spellings.read_yes_no, what=TRAITS[name])
        if answer is not None:
            row.traits[name] = answer


def _boarding(raw: object) -> str | None:
    """就读方式, or the answer to 是否寄宿生."""
    try:
        return spellings.read_code(raw, spellings.BOARDING)
    except BadValue as wrong:
        try:
            answer = spellings.read_yes_no(raw, what="就读方式")
        except BadValue:
            raise wrong from None
        return None if answer is None else ("boarder" if answer else "day")


def _read_places(reader: Row, row: RosterRow) -> None:
    row.household_code = _region_code(reader, "household_code")
    row.residence_code = _region_code(reader, "residence_code")
    address = household_address(reader.cells)
    if len(address) > LONGEST["household_address"]:
        longest = LONGEST["household_address"]
        reader.fault(
            told_at(reader, "household_address", *reversed(HOUSEHOLD_PARTS)),
            f"户籍地址连起来最多 {longest} 个字，现在 {len(address)} 个字。请改短。",
        )
    _give(row, household_address=address, residence_address=reader.text("residence_address"))


def _region_code(reader: Row, name: str) -> str:
    """A 6, 9 or 12 digit code; "" for free text, which the paper form has there."""
    text = reader.text(name)
    if text.isdecimal() and len(text) not in (6, 9, 12):
        reader.fault(name, "区划代码应为 6、9 或 12 位数字，请改正。")
        return ""
    return text if text.isdecimal() else ""


def _read_guardians(reader: Row, row: RosterRow, today: date) -> list[Person]:
    """The guardians of the row: 监护人, 监护人2, then 父亲 and 母亲; one person stands once."""
    people: dict[str, Person] = {}
    for who, relation in (("guardian1", ""), ("guardian2", ""), *PARENTS.items()):
        person = _person(reader, who, relation, today)
        row.nameless |= not person.name and bool(person.phone or person.id_no)
        if person.name:
            before = people.get(person.name, person)
            people[person.name] = Person(
                person.name,
                before.relation or person.relation,
                before.phone or person.phone,
                before.id_no or person.id_no,
            )
    return list(people.values())


def _person(reader: Row, who: str, relation: str, today: date) -> Person:
    phone = reader.take(f"{who}_phone", read_phone) or ""
    if who == "guardian1" and not phone:
        phone = reader.take("phone", read_phone) or ""
    doc_type = reader.take(f"{who}_id_type", spellings.read_code, spellings.ID_DOC_TYPE) or ""
    number = reader.take(f"{who}_id_no", read_id, doc_type, today)
    name = reader.take(f"{who}_name", normal_name) or ""
    told = reader.text(f"{who}_relation") or relation
    return Person(name, told, phone, number.canonical if number else "")


def _require_identity(reader: Row, row: RosterRow) -> None:
    """A child without a number comes in under 其他 with the guardians' numbers, and is followed up."""
    if row.id_no or row.xueji_no or reader.faults:
        return
    column = told_at(reader, "id_no", "xueji_no")
    if row.given.get("id_doc_type") != "Z":
        reader.fault(
            column,
            "没有证件号也没有学籍号。确实没有的，证件类型填“其他”，并填监护人证件号。",
        )
    elif not row.guardians or not all(person.id_no for person in row.guardians):
        reader.fault(column, "证件类型是“其他”且没有证件号时，监护人的证件号都要填。")
    else:
        row.warnings.append("没有证件号，已列入待补。")


def _seat_no(reader: Row) -> int | None:
    text = reader.text("seat_no")
    if text and (not text.isdecimal() or not 1 <= int(text) <= 999):
        reader.fault("seat_no", "班内学号应为 1 至 999 的整数。")
        return None
    return int(text) if text else None


def _class(
    reader: Row, row: RosterRow, stages: Mapping[Stage, int], today: date
) -> ClassName | None:
    name = "class_name" if reader.text("class_name") else "class_no"
    if not reader.text(name):
        reader.fault(class_column(reader), "班级不能为空，例如七(3)班。")
        return None
    return reader.take(
        name, read_class, today, stages, grade=reader.raw("grade"), entry_month=row.entered
    )
