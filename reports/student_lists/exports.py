"""A list of names as a workbook; every child in it leaves a row."""

from django.db import transaction

from accounts import access
from accounts.enums import Access
from accounts.models import User
from regions.clock import now
from reports.student_lists.lists import StudentList
from reports.student_lists.rows import NameRow, rows_of
from reports.workbooks import Exported, checked, mark_of, write

NAMES_HEADER = [
    "序号", "姓名", "性别", "年龄", "身份证号", "居住乡镇", "学校班级", "状态",
    "最后到校或起始日期", "天数（自然日）", "步骤", "到期", "事项", "依据",
]  # fmt: skip


@transaction.atomic
def export_names(listing: StudentList, *, by: User, purpose: str, request=None) -> Exported:
    """A list of names as a workbook."""
    why = checked(purpose)
    rows = rows_of(listing, listing.keys, by)
    title = f"{listing.place.name}{listing.asked.title}（{listing.on:%Y-%m-%d}）{listing.lack.said}"
    written = [_name_row(number, row) for number, row in enumerate(rows, 1)]
    made = write(listing.asked.title, NAMES_HEADER, written, f"{title}：{mark_of(by, now(), why)}")
    for uid in dict.fromkeys(row.student.uid for row in rows):
        access.log(Access.EXPORT, "student", uid, by=by, scope=title, reason=why, request=request)
    if not rows:
        access.log(Access.EXPORT, "names", by=by, scope=title, reason=why, request=request)
    return made


def _name_row(number: int, row: NameRow) -> list[object]:
    return [
        number,
        row.student.name,
        row.student.sex_label,
        row.age,
        row.student.id_no_masked,
        row.home,
        row.where,
        _state(row),
        row.since,
        row.days,
        row.step,
        row.due.day if row.due else None,
        row.what,
        row.article,
    ]


def _state(row: NameRow) -> str:
    return f"{row.state}（{row.corrected}）" if row.corrected else row.state
