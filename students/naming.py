"""Finding the child a file's row names: by uid, 学籍号, 证件号, or class and name."""

from dataclasses import dataclass, field

from accounts.imports import Line
from accounts.models import User
from accounts.protected import index
from regions.values import BadValue
from students.identity import clean
from students.models import Enrolment, Student

CHILD_HEADINGS = {
    "学籍号": "学籍号", "全国学籍号": "学籍号",
    "身份证件号": "证件号", "身份证号": "证件号", "证件号": "证件号", "公民身份号码": "证件号",
    "学生编号": "学生编号", "uid": "学生编号",
    "学校标识码": "学校标识码",
    "班级": "班级", "班级名称": "班级",
    "姓名": "姓名", "学生姓名": "姓名",
}  # fmt: skip
UNKNOWN = "找不到这个学生，或不在你的管辖范围内，请核对。"


@dataclass
class Names:
    """The children `by` reaches, ready to be found by any of their names."""

    by: User
    by_number: dict[str, list[int]] = field(default_factory=dict)
    by_class: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)

    def load(self) -> "Names":
        reached = Student.objects.visible_to(self.by)
        for pk, uid, xueji, id_no, path in reached.values_list(
            "pk", "uid", "xueji_no_index", "id_no_index", "school_path"
        ):
            self.paths[pk] = path
            for key in filter(None, {uid, xueji, id_no}):
                self.by_number.setdefault(key, []).append(pk)
        spells = Enrolment.objects.open().filter(student__in=reached)
        for pk, class_id, name in spells.values_list(
            "student_id", "school_class_id", "student__name"
        ):
            self.by_class.setdefault((class_id, name), []).append(pk)
        return self

    def numbered(self, number: str) -> int:
        """The child with this uid, 学籍号 or 证件号. Raises BadValue when nobody or several have it."""
        found = self.by_number.get(number, []) or self.by_number.get(index(number), [])
        if len(found) > 1:
            raise BadValue("有不止一个学生用这个号码，请先核对重号。")
        if not found:
            raise BadValue(UNKNOWN)
        return found[0]

    def in_class(self, class_id: int, name: str) -> int:
        found = self.by_class.get((class_id, name), [])
        if len(found) > 1:
            raise BadValue("班里有同名学生，请改填学籍号。")
        if not found:
            raise BadValue(UNKNOWN)
        return found[0]


def number_in(line: Line) -> tuple[str, str]:
    """The first number a row gives for its child, with the heading it stands under; ("", "")."""
    for heading in ("学生编号", "学籍号", "证件号"):
        if line.text(heading):
            return heading, clean(line.cells[heading]).upper()
    return "", ""
