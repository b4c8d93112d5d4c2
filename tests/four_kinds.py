"""The doors of statuses, registers, cases and cohorts for tests: a good row of each, and helpers."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import openpyxl
from django.db.models import Model

from accounts.file_door.door import Door, preview
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.models import User
from attendance.authorised_absences.statuses import STATUSES
from attendance.models import Register
from attendance.register_files import REGISTERS
from cases.importing.import_cases import CASES
from cases.models import Case
from reports.importing.cohort_baselines import COHORTS
from reports.models import CohortBaseline
from students.models import AuthorisedAbsence
from tests import factories as make
from tests.cases.case_county import ON, County, county
from tests.files import outcome_of

NUMBER = "L539901201304150001"
OTHER = "L539901201304150002"


@dataclass(frozen=True)
class Kind:
    """A door with a good row, what it writes, and its column of free text with its limit."""

    door: Door
    header: list[str]
    row: Callable[[County], list]
    second: Callable[[County], list]
    writes: type[Model]
    text: str
    longest: int
    by: str = "bureau"

    def at(self, heading: str) -> int:
        return self.header.index(heading)


KINDS = [
    Kind(
        STATUSES,
        ["学籍号", "状态", "开始日期", "结束日期", "证明", "审批人"],
        lambda here: [NUMBER, "休学", "2026-09-10", "2027-01-22", "县医院诊断证明", "县教育体育局"],
        lambda here: [OTHER, "借读", "2026-09-10", "2027-01-22", "在读证明", "县教育体育局"],
        AuthorisedAbsence, "证明", 200,
    ),
    Kind(
        REGISTERS,
        ["学校标识码", "班级", "日期", "学籍号", "标记", "说明"],
        lambda here: [here.school_class.school.code, "七(1)班", "2026-11-18", NUMBER, "旷课", "没来"],
        lambda here: [here.school_class.school.code, "七(1)班", "2026-11-19", OTHER, "病假", "发烧"],
        Register, "说明", 100,
    ),
    Kind(
        CASES,
        ["学籍号", "建档日期", "离校日期", "备注"],
        lambda here: [NUMBER, "2026-09-21", "2026-09", "随父务工"],
        lambda here: [OTHER, "2026-09-22", "2026-09", "在家"],
        Case, "备注", 400,
    ),
    Kind(
        COHORTS,
        ["单位代码", "入学年份", "截至日期", "入学人数", "来源"],
        lambda here: ["539901", "2017", "2026-08-31", "900", "2017年学籍年报"],
        lambda here: ["539901", "2018", "2026-08-31", "910", "2018年学籍年报"],
        CohortBaseline, "来源", 120,
    ),
]  # fmt: skip
STATUS, REGISTER, CASE, COHORT = KINDS


def a_county() -> County:
    made = county()
    made.student.xueji_no = NUMBER
    made.student.save()
    make.pupil(made.school_class, "玉叫", xueji_no=OTHER, residence_path=made.village.path)
    return made


def csv(kind: Kind, *rows: list) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in [kind.header, *rows]).encode()


def book(*sheets: tuple[str, list[list]], merge: str = "", epoch=None) -> bytes:
    made, out = openpyxl.Workbook(), BytesIO()
    if epoch:
        made.epoch = epoch
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
    made.save(out)
    return out.getvalue()


def apply(kind: Kind, content: bytes, by: User, name: str = "文件.csv", **more) -> Outcome:
    return outcome_of(kind.door, content, name, by=by, on=ON, **more)


def look(kind: Kind, content: bytes, by: User, name: str = "文件.csv") -> FilePlan:
    return preview(kind.door, content, name, by=by, on=ON)
