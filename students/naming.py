"""Finding the child a file's row names: by uid, 学籍号, 证件号, or class and name."""

from dataclasses import dataclass, field
from datetime import date

from accounts.file_door.headings import column
from accounts.file_door.rows import Row
from accounts.models import User
from accounts.protected import index
from regions.enums import Stage
from regions.models import School, SchoolClass
from regions.rules.classnames import ClassName, read_class
from regions.rules.values import BadValue
from students.models import Enrolment, Student
from students.rules.identity import EXCEL_LIMIT, SPOILT_BY_EXCEL, clean, is_missing
from students.rules.names import name_key

CHILD_COLUMNS = [
    column("学籍号", "全国学籍号", longest=40, secret=True),
    column("证件号", "身份证件号 身份证号 公民身份号码", longest=40, secret=True),
    column("学生编号", "uid", longest=20),
    column("学校标识码", longest=10, filled=True),
    column("班级", "班级名称", longest=30, filled=True),
    column("姓名", "学生姓名", longest=60),
]
NUMBERS = ("学生编号", "学籍号", "证件号")
UNKNOWN = "找不到这个学生，或不在你的管辖范围内，请核对。"
TWO_CHILDREN = "这一行的{first}和{second}不是同一个学生的，请核对，或只留对的一个。"
WHO = "请填学生编号、学籍号或证件号；没有的，填学校标识码、班级和姓名。"


@dataclass
class Names:
    """The children `by` reaches, ready to be found by any of their names."""

    by: User
    by_number: dict[str, list[int]] = field(default_factory=dict)
    by_class: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    keys_of: dict[int, dict[str, str]] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    classes: dict[tuple[int, ClassName], SchoolClass] = field(default_factory=dict)

    def load(self) -> "Names":
        reached = Student.objects.visible_to(self.by)
        for pk, uid, xueji, id_no, path in reached.values_list(
            "pk", "uid", "xueji_no_index", "id_no_index", "school_path"
        ):
            self.paths[pk] = path
            self.keys_of[pk] = dict(zip(NUMBERS, (uid, xueji, id_no), strict=True))
            for key in filter(None, {uid, xueji, id_no}):
                self.by_number.setdefault(key, []).append(pk)
        spells = Enrolment.objects.open().filter(student__in=reached)
        for pk, class_id, name in spells.values_list(
            "student_id", "school_class_id", "student__name"
        ):
            self.by_class.setdefault((class_id, name_key(name)), []).append(pk)
        self.schools = {school.code: school for school in School.objects.all()}
        self.classes = {
            (each.school_id, ClassName(Stage(each.stage), each.entry_year, each.number)): each
            for each in SchoolClass.objects.select_related("school")
        }
        return self

    def numbered(self, number: str) -> int:
        """The child with this uid, 学籍号 or 证件号. Raises BadValue when nobody or several have it."""
        found = self.by_number.get(number, []) or self.by_number.get(index(number), [])
        if len(found) > 1:
            raise BadValue("有不止一个学生用这个号码，请先核对重号。")
        if not found:
            raise BadValue(UNKNOWN)
        return found[0]

    def by_numbers(self, row: Row) -> int:
        """The child that every number of a row means. Raises BadValue when nobody or several have
        the first, or when a second number is another child's."""
        first = naming_column(row)
        child = self.numbered(number_in(row, first))
        for second in NUMBERS[NUMBERS.index(first) + 1 :]:
            if self._is_anothers(second, row, child):
                raise BadValue(TWO_CHILDREN.format(first=first, second=second))
        return child

    def _is_anothers(self, column_: str, row: Row, child: int) -> bool:
        """Is the number in this column not the child's? Not so where none can be read, or where the
        child has none so far and nobody else within reach has it."""
        try:
            number = "" if is_missing(row.raw(column_)) else number_in(row, column_)
        except BadValue:
            return False
        own, keys = self.keys_of[child], {number, index(number)}
        if not number or keys & set(own.values()):
            return False
        return bool(own[column_]) or any(key in self.by_number for key in keys)

    def in_class(self, class_id: int, name: str) -> int:
        found = self.by_class.get((class_id, name_key(name)), [])
        if len(found) > 1:
            raise BadValue("班里有同名学生，请改填学籍号。")
        if not found:
            raise BadValue(UNKNOWN)
        return found[0]

    def of_row(self, row: Row, on: date) -> int | None:
        """The child a row names by a number or by school, class and name; None with a fault kept.

        The fault never repeats a number.
        """
        column_ = naming_column(row)
        try:
            if column_ == "姓名":
                return self.in_class(self._class_of(row, on).pk, row.text("姓名"))
            return self.by_numbers(row)
        except BadValue as wrong:
            row.fault(column_, str(wrong), None if column_ == "姓名" else "")
            return None

    def _class_of(self, row: Row, on: date) -> SchoolClass:
        school = self.schools.get(row.text("学校标识码").zfill(10))
        if school is None or not row.text("姓名"):
            raise BadValue(WHO)
        named = read_class(row.raw("班级"), on, school.stages)
        found = self.classes.get((school.pk, named))
        if found is None:
            raise BadValue("本校没有这个班，请核对班级。")
        return found


def naming_column(row: Row) -> str:
    """The column a row names its child in: the first number it gives, else 姓名."""
    return next((name for name in NUMBERS if row.text(name)), "姓名")


def number_in(row: Row, name: str) -> str:
    """The number that stands in a column. Raises BadValue for one that Excel has spoilt."""
    raw = row.raw(name)
    if isinstance(raw, (int, float)) and abs(raw) >= EXCEL_LIMIT:
        raise BadValue(SPOILT_BY_EXCEL)
    text = clean(raw).upper()
    if "E+" in text:
        raise BadValue(SPOILT_BY_EXCEL)
    return text
