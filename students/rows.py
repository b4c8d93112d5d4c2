"""A row of a roster, read and checked cell by cell: all its faults at once, with advice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from accounts.imports import Rejection
from accounts.sheets import cell_name
from regions.classnames import ClassName, read_class
from regions.enums import Stage
from regions.values import BadValue, plain, read_day
from students import spellings
from students.headers import Header, household_address
from students.identity import disagreements, mask_id, read_id, read_phone, read_xueji

SECRET = {"id_no", "xueji_no", "guardian1_id_no", "guardian2_id_no"}
BARE_GRADE = re.compile(r"[^\d(（]*年级班?")
TRAITS = {
    "orphan": "孤儿",
    "low_income": "低保",
    "lifted_household": "脱贫户",
    "migrant": "随迁子女",
    "disabled": "残疾",
}


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

    number: int
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


class RowReader:
    """Reads the cells of one row, keeping a rejection for each it cannot take."""

    def __init__(self, header: Header, number: int, cells: Mapping[str, object], today: date):
        self.header, self.number, self.cells, self.today = header, number, cells, today
        self.rejected: list[Rejection] = []

    def raw(self, name: str) -> object:
        return self.cells.get(name)

    def text(self, name: str) -> str:
        return plain(self.raw(name))

    def take(self, name: str, read, *args, **kwargs):
        """The cell as `read` has it; None with a rejection when it cannot be taken."""
        try:
            return read(self.raw(name), *args, **kwargs)
        except BadValue as wrong:
            self.reject(name, str(wrong))
            return None

    def reject(self, name: str, message: str) -> None:
        value = self.text(name)
        if name in SECRET and isinstance(self.raw(name), str) and len(value) > 10:
            value = mask_id(value)
        self.rejected.append(rejection(self.header, self.number, name, value or "（空）", message))


def rejection(header: Header, number: int, name: str, value: str, message: str) -> Rejection:
    """A rejection at the cell where row `number` has the field `name`; no cell without the column."""
    column = header.columns.get(name)
    return Rejection(
        row=number,
        cell=cell_name(number, column) if column is not None else "",
        column=header.headings.get(name, ""),
        value=value,
        message=message,
    )


def read_row(reader: RowReader, stages: Mapping[Stage, int]) -> RosterRow:
    """The row as values; its faults are in `reader.rejected`."""
    row = RosterRow(reader.number, reader.text("name"))
    if not row.name:
        reader.reject("name", "姓名不能为空。")
    _read_identity(reader, row)
    _read_traits(reader, row)
    _read_places(reader, row)
    row.guardians = _read_guardians(reader)
    _require_identity(reader, row)
    row.entered = reader.take("entry_month", spellings.read_month)
    row.joined_on = reader.take("joined_on", read_day, what="入班日期")
    if row.joined_on and row.joined_on > reader.today:
        reader.reject("joined_on", "入班日期还没有到，到那天再登记。")
    row.seat_no = _seat_no(reader)
    row.bare_grade = bool(BARE_GRADE.fullmatch(reader.text("class_name")))
    if named := _class(reader, row, stages):
        row.class_name = named
    return row


def _read_identity(reader: RowReader, row: RosterRow) -> None:
    doc_type = reader.take("id_doc_type", spellings.read_code, spellings.ID_DOC_TYPE) or ""
    number = reader.take("id_no", read_id, doc_type, reader.today)
    sex = reader.take("sex", spellings.read_sex)
    birth = reader.take("birth_on", spellings.read_date, today=reader.today, what="出生日期")
    row.xueji_no = reader.take("xueji_no", read_xueji, reader.today) or ""
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


def _give(row: RosterRow, **values: object) -> None:
    row.given |= {name: value for name, value in values.items() if value not in (None, "")}


def _read_traits(reader: RowReader, row: RosterRow) -> None:
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


def _read_places(reader: RowReader, row: RosterRow) -> None:
    row.household_code = _region_code(reader, "household_code")
    row.residence_code = _region_code(reader, "residence_code")
    _give(
        row,
        household_address=household_address(reader.cells)[:120],
        residence_address=reader.text("residence_address")[:120],
    )


def _region_code(reader: RowReader, name: str) -> str:
    """A 6, 9 or 12 digit code; "" for free text, which the paper form has there."""
    text = reader.text(name)
    if text.isdecimal() and len(text) not in (6, 9, 12):
        reader.reject(name, "区划代码应为 6、9 或 12 位数字，请改正。")
        return ""
    return text if text.isdecimal() else ""


def _read_guardians(reader: RowReader) -> list[Person]:
    people = []
    for who in ("guardian1", "guardian2"):
        name = reader.text(f"{who}_name")
        phone = reader.take(f"{who}_phone", read_phone) or ""
        if who == "guardian1" and not phone:
            phone = reader.take("phone", read_phone) or ""
        doc_type = reader.take(f"{who}_id_type", spellings.read_code, spellings.ID_DOC_TYPE) or ""
        number = reader.take(f"{who}_id_no", read_id, doc_type, reader.today)
        if name:
            relation = reader.text(f"{who}_relation")[:20]
            people.append(Person(name[:60], relation, phone, number.canonical if number else ""))
    return people


def _require_identity(reader: RowReader, row: RosterRow) -> None:
    """A child without a number comes in under 其他 with the guardians' numbers, and is followed up."""
    if row.id_no or row.xueji_no or reader.rejected:
        return
    if row.given.get("id_doc_type") != "Z":
        reader.reject(
            "id_no",
            "没有证件号也没有学籍号。确实没有的，证件类型填“其他”，并填监护人证件号。",
        )
    elif not row.guardians or not all(person.id_no for person in row.guardians):
        reader.reject("id_no", "证件类型是“其他”且没有证件号时，监护人的证件号都要填。")
    else:
        row.warnings.append("没有证件号，已列入待补。")


def _seat_no(reader: RowReader) -> int | None:
    text = reader.text("seat_no")
    if text and (not text.isdecimal() or not 1 <= int(text) <= 999):
        reader.reject("seat_no", "班内学号应为 1 至 999 的整数。")
        return None
    return int(text) if text else None


def _class(reader: RowReader, row: RosterRow, stages: Mapping[Stage, int]) -> ClassName | None:
    name = "class_name" if reader.text("class_name") else "class_no"
    if not reader.text(name):
        shown = "class_name" if "class_name" in reader.header.columns else "class_no"
        reader.reject(shown, "班级不能为空，例如七(3)班。")
        return None
    return reader.take(
        name, read_class, reader.today, stages, grade=reader.raw("grade"), entry_month=row.entered
    )
