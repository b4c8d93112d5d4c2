"""Workbooks of numbers: each says who exported it, when and why."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from accounts.enums import Role
from accounts.models import User
from accounts.workbooks import Sheet, write_workbook
from regions.clock import local
from regions.refusals import Refused
from regions.rules.lengths import whole

SHORTEST_PURPOSE, LONGEST_PURPOSE = 4, 200
MASKED = "证件号、学籍号、电话已遮盖"
CARE = "含未成年人信息，用后妥善保管"
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
    """The watermark of a list of children: who, when, why."""
    return f"{exported_by(by, at, purpose)}{MASKED}；{CARE}。"


def exported_by(by: User, at: datetime, purpose: str) -> str:
    """Who, when, why."""
    seat = next(iter(by.reach.seats), None)
    unit = f"{seat.unit} {Role(seat.role).label} " if seat else ""
    when = f"{local(at):%Y-%m-%d %H:%M}"
    return f"{unit}{by.name}（{by.username}）{when} 导出；事由：{purpose}。"


def checked(purpose: str) -> str:
    said = whole(" ".join(purpose.split()), LONGEST_PURPOSE, "导出事由")
    if len(said) < SHORTEST_PURPOSE:
        raise Refused("请写明导出事由，例如：报送市教育体育局 11 月控辍保学月报。")
    return said


def write(
    title: str, header: Sequence[str], rows: Sequence[Sequence[object]], mark: str
) -> Exported:
    text = [number for number, head in enumerate(header) if head in NUMBERS]
    sheet = Sheet(title, header, rows, text_columns=text, mark=mark)
    target = BytesIO()
    write_workbook(target, [sheet])
    return Exported(target.getvalue(), title[:31], len(rows))
