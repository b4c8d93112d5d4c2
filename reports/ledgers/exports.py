"""Exports: every workbook says who, when and why; every child in it leaves a row."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.db import transaction

from accounts import access
from accounts.enums import Access, Role
from accounts.models import User
from accounts.workbooks import Sheet, write_workbook
from regions.clock import local, now
from regions.lengths import whole
from regions.refusals import Refused
from reports.ledgers.ledgers import Ledger, LedgerTable, table
from reports.student_lists.lists import StudentList
from reports.student_lists.rows import NameRow, rows_of

SHORTEST_PURPOSE, LONGEST_PURPOSE = 4, 200
MASKED = "证件号、学籍号、电话已遮盖"
CARE = "含未成年人信息，用后妥善保管"
NAMES_HEADER = [
    "序号", "姓名", "性别", "年龄", "身份证号", "居住乡镇", "学校班级", "状态",
    "最后到校或起始日期", "天数（自然日）", "步骤", "到期", "事项", "依据",
]  # fmt: skip
NUMBERS = {"身份证号", "学籍号", "监护人电话"}


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished workbook."""

    content: bytes
    sheet: str
    rows: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def mark_of(by: User, at: datetime, purpose: str) -> str:
    """The watermark: who, when, why."""
    seat = next(iter(by.reach.seats), None)
    unit = f"{seat.unit} {Role(seat.role).label} " if seat else ""
    when = f"{local(at):%Y-%m-%d %H:%M}"
    return f"{unit}{by.name}（{by.username}）{when} 导出；事由：{purpose}。{MASKED}；{CARE}。"


def checked(purpose: str) -> str:
    said = whole(" ".join(purpose.split()), LONGEST_PURPOSE, "导出事由")
    if len(said) < SHORTEST_PURPOSE:
        raise Refused("请写明导出事由，例如：报送市教育体育局 11 月控辍保学月报。")
    return said


@transaction.atomic
def export_ledger(ledger: Ledger, on: date, *, by: User, purpose: str, request=None) -> Exported:
    """A ledger as a workbook, within the user's reach."""
    why = checked(purpose)
    found = table(ledger, on, by=by)
    title = f"{ledger.title}（{on:%Y-%m-%d}）"
    made = _written(ledger.title, ledger.header, found.rows, f"{title}：{mark_of(by, now(), why)}")
    _log(found, title, by=by, why=why, request=request)
    return made


def _log(found: LedgerTable, title: str, *, by: User, why: str, request) -> None:
    """One row per child; a ledger without children leaves one of its own."""
    for uid in found.uids:
        access.log(Access.EXPORT, "student", uid, by=by, scope=title, reason=why, request=request)
    if not found.uids:
        kind = "ledger" if found.ledger.columns else "contracts"
        access.log(Access.EXPORT, kind, by=by, scope=title, reason=why, request=request)


@transaction.atomic
def export_names(found: StudentList, *, by: User, purpose: str, request=None) -> Exported:
    """A list of names as a workbook."""
    why = checked(purpose)
    rows = rows_of(found, found.keys, by)
    title = f"{found.place.name}{found.asked.title}（{found.on:%Y-%m-%d}）"
    written = [_name_row(number, row) for number, row in enumerate(rows, 1)]
    made = _written(found.asked.title, NAMES_HEADER, written, f"{title}：{mark_of(by, now(), why)}")
    for uid in dict.fromkeys(row.student.uid for row in rows):
        access.log(Access.EXPORT, "student", uid, by=by, scope=title, reason=why, request=request)
    if not rows:
        access.log(Access.EXPORT, "names", by=by, scope=title, reason=why, request=request)
    return made


def _name_row(number: int, row: NameRow) -> list[object]:
    return [
        number, row.student.name, row.student.sex_label, row.age, row.student.id_no_masked,
        row.home, row.where, row.state, row.since, row.days, row.step,
        row.due.day if row.due else None, row.what, row.article,
    ]  # fmt: skip


def _written(
    title: str, header: Sequence[str], rows: Sequence[Sequence[object]], mark: str
) -> Exported:
    text = [number for number, head in enumerate(header) if head in NUMBERS]
    sheet = Sheet(title, header, rows, text_columns=text, mark=mark)
    target = BytesIO()
    write_workbook(target, [sheet])
    return Exported(target.getvalue(), title[:31], len(rows))
