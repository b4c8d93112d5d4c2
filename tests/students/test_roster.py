"""The roster from a file: found by its columns, checked cell by cell, all or nothing."""

from datetime import date
from io import BytesIO

import pytest

from accounts.enums import Role
from accounts.file_door import door
from accounts.models import AccessLog, Change
from accounts.workbooks import Sheet, write_workbook
from regions.enums import SchoolKind
from regions.models import SchoolClass
from regions.refusals import Refused
from students.headers import TEMPLATE
from students.models import Enrolment, Guardian, Student
from students.roster import ROSTER, import_roster, plan_roster
from students.template import roster_template
from tests import factories as make

ON = make.THURSDAY
pytestmark = pytest.mark.django_db
HEADER = ["姓名", "身份证号", "学籍号", "班级", "监护人姓名", "监护人电话"]


@pytest.fixture
def school():
    return make.school()


@pytest.fixture
def office(school):
    return make.user(Role.OFFICE, school)


def id_no(n: int, birth: str = "20130415") -> str:
    return make.id_number(990 + n, birth)


def row(n: int, klass: str = "七(1)班", **other) -> list:
    number = id_no(n)
    values = [f"学生{n}", number, f"G{number}", klass, f"家长{n}", f"1990000000{n}"]
    for position, value in other.items():
        values[HEADER.index(position)] = value
    return values


def workbook(rows: list, header=HEADER) -> bytes:
    out = BytesIO()
    write_workbook(out, [Sheet("学生信息", header, rows)])
    return out.getvalue()


def bring(by, rows, *, header=HEADER, partial=False, apply=True, **options):
    content, name = workbook(rows, header), "名册.xlsx"
    if not apply:
        return plan_roster(content, name, by=by, on=ON, **options)
    return import_roster(content, name, by=by, on=ON, partial=partial, **options).plan


def test_new_children_come_with_class_guardian_and_spell(school, office):
    outcome = bring(office, [row(1), row(2)]).outcome
    assert (outcome.created, outcome.rejected, outcome.applied) == (2, [], True)
    student = Student.objects.get(name="学生1")
    assert student.id_no == id_no(1) and student.birth_on == date(2013, 4, 15)
    assert student.school_path == SchoolClass.objects.get().path
    assert Guardian.objects.get(student=student).phone == "19900000001"
    assert Enrolment.objects.get(student=student).began == date(2026, 9, 1)
    assert Change.objects.filter(verb="roster.create").count() == 2


def test_a_file_is_recorded_at_the_narrowest_place_that_holds_its_classes(school, office):
    bring(office, [row(1)])
    assert Change.objects.get(verb="roster.import").path == SchoolClass.objects.get().path
    bring(office, [row(2, 班级="八(1)班"), row(3)])
    assert Change.objects.filter(verb="roster.import").latest("pk").path == school.path
    paths = Change.objects.filter(verb="roster.create").values_list("path", flat=True)
    assert set(paths) == {of.path for of in SchoolClass.objects.all()}


def test_no_number_stands_in_clear_in_the_database(school, office):
    bring(office, [row(1)])
    stored = Student.objects.values_list("id_no_sealed", "xueji_no_sealed", "id_no_index")[0]
    assert all(id_no(1) not in value for value in stored)


def test_the_same_file_again_changes_nothing(school, office):
    bring(office, [row(1), row(2)])
    outcome = bring(office, [row(1), row(2)]).outcome
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, 2)


def test_without_apply_nothing_is_written(school, office):
    assert bring(office, [row(1)], apply=False).outcome.created == 1
    assert not Student.objects.exists() and not SchoolClass.objects.exists()


def test_all_bad_cells_are_named_at_once_and_nothing_comes_in(school, office):
    bad_id = id_no(2)[:-1] + ("1" if id_no(2)[-1] != "1" else "2")
    rows = [
        row(1),
        row(2, 身份证号=bad_id, 学籍号="", 监护人电话="12"),
        row(3, 姓名=""),
        row(4, 班级="十二年级9班"),
        row(5, 身份证号=5.39901201304159e17, 学籍号=""),
    ]
    outcome = bring(office, rows).outcome
    assert [one.cell for one in outcome.rejected] == ["B3", "F3", "A4", "D5", "B6"]
    assert all(one.message.endswith("。") for one in outcome.rejected)
    assert bad_id not in str([one.as_json() for one in outcome.rejected])
    assert not outcome.applied and not Student.objects.exists()


def test_the_rest_comes_in_when_asked_to(school, office):
    outcome = bring(office, [row(1), row(2, 姓名="")], partial=True).outcome
    assert outcome.applied and [s.name for s in Student.objects.all()] == ["学生1"]


def test_a_child_is_found_by_xueji_no_when_the_id_is_new(school, office):
    number = "L53990120130415001X"
    bring(office, [row(1, 身份证号="", 学籍号=number)])
    plan = bring(office, [row(1, 学籍号=number)])
    assert plan.outcome.updated == 1 and Student.objects.count() == 1
    assert Student.objects.get().id_no == id_no(1)


def test_a_namesake_born_the_same_day_is_a_question(school, office):
    header = [*HEADER, "证件类型", "监护人身份证件号", "出生日期"]
    without = row(1, 身份证号="", 学籍号="") + ["其他", id_no(9, "19800101"), "20130415"]
    bring(office, [without], header=header)
    plan = bring(office, [row(1) + ["居民身份证", "", ""]], header=header)
    assert len(plan.questions) == 1 and not plan.outcome.applied
    answered = bring(office, [row(1) + ["居民身份证", "", ""]], header=header, same_person=True)
    assert answered.outcome.updated == 1 and Student.objects.count() == 1


def test_no_number_at_all_needs_the_guardians(school, office):
    outcome = bring(office, [row(1, 身份证号="无", 学籍号="")]).outcome
    assert "其他" in outcome.rejected[0].message


def test_two_rows_of_one_child(school, office):
    outcome = bring(office, [row(1), row(1, 姓名="又一个")]).outcome
    assert "第 2 行" in outcome.rejected[0].message


def test_a_move_to_another_class_is_a_spell_not_an_overwrite(school, office):
    bring(office, [row(1), row(2), *(row(n, "七(2)班") for n in (3, 4, 5))])
    plan = bring(office, [row(1, "七(2)班")], apply=True)
    assert plan.planned[0].changes == [("班级", "七(1)班", "七(2)班")]
    spells = Enrolment.objects.filter(student__name="学生1").order_by("began")
    assert [spell.ended for spell in spells] == [make.THURSDAY, None]


def test_a_slip_in_the_class_is_rejected_and_a_new_class_is_made(school, office):
    bring(office, [row(1), row(2)])
    slip = bring(office, [row(3, "七(9)班")]).outcome
    assert "本校没有七(9)班" in slip.rejected[0].message
    assert bring(office, [row(n, "七(2)班") for n in (3, 4, 5)]).new_classes


def test_who_is_missing_from_the_file_is_listed_and_stays(school, office):
    bring(office, [row(1), row(2), row(3, "八(1)班")])
    plan = bring(office, [row(1), row(3, "八(1)班")])
    assert [spell.student.name for spell in plan.missing] == ["学生2"]
    assert Enrolment.objects.open().count() == 3


def test_a_child_of_another_school_is_not_seen_and_not_taken(school, office):
    other = make.school("5399010002")
    bring(make.user(Role.OFFICE, other), [row(1)])
    outcome = bring(office, [row(1)]).outcome
    assert "别的学校" in outcome.rejected[0].message and other.name not in str(outcome.as_json())
    assert AccessLog.objects.filter(kind="exists_elsewhere", user=office).count() == 1
    assert Student.objects.get().school_path.startswith(other.path)


def test_the_bureau_moves_a_child_between_schools(school, office):
    other = make.school("5399010002")
    bring(office, [row(1)])
    bureau = make.user(Role.BUREAU, make.region("539901"))
    header = [*HEADER, "学校标识码"]
    bring(bureau, [row(1) + [other.code]], header=header)
    assert Student.objects.get().school_path.startswith(other.path)
    assert Enrolment.objects.order_by("began").first().how_ended == "transfer_out"


def test_several_schools_in_one_file(school):
    primary = make.school("5399010003", kind=SchoolKind.PRIMARY, primary=6, junior=0)
    bureau = make.user(Role.BUREAU, make.region("539901"))
    header = [*HEADER, "学校标识码"]
    rows = [row(1) + [school.code], row(2, "三(1)班") + [primary.code], row(3) + ["5399019999"]]
    outcome = bring(bureau, rows, header=header, partial=True).outcome
    assert outcome.created == 2 and "没有这所学校" in outcome.rejected[0].message


def test_a_stale_preview_is_refused(school, office):
    seen = door.sign_of(bring(office, [row(1), row(2)], apply=False))
    bring(office, [row(1)])
    content = workbook([row(1), row(2)])
    with pytest.raises(Refused, match="预览之后"):
        door.bring(ROSTER, content, "名册.xlsx", by=office, on=ON, seen=seen)


def test_a_file_of_something_else_is_refused_with_a_sentence(school, office):
    with pytest.raises(Refused, match="表头"):
        plan_roster(workbook([["甲", "乙"]], ["水果", "价格"]), "a.xlsx", by=office, on=ON)
    with pytest.raises(Refused, match="另存为"):
        plan_roster(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", by=office, on=ON)


def test_a_teacher_brings_no_roster(school):
    teacher = make.user(Role.TEACHER, make.school_class(school))
    with pytest.raises(Refused, match="教务"):
        bring(teacher, [row(1)])


def test_sex_and_number_that_disagree_are_a_warning(school, office):
    header = [*HEADER, "性别"]
    told = "女" if int(id_no(1)[16]) % 2 else "男"
    outcome = bring(office, [row(1) + [told]], header=header).outcome
    assert outcome.applied and "第 2 行" in outcome.warnings[0]


def test_our_template_is_read_back(school, office):
    sheet = roster_template()
    assert list(sheet.header) == list(TEMPLATE.values())
    values = {
        "姓名": "学生1",
        "身份证件号": id_no(1),
        "年级": "七年级",
        "班级": "1班",
        "身份证件类型": "居民身份证",
        "就读方式": "住校",
        "户口所在地行政区划": "539901001",
    }
    make.region("539901001")
    cells = [values.get(heading, "") for heading in sheet.header]
    plan = bring(office, [cells], header=list(sheet.header))
    assert plan.header.layout == "template" and plan.outcome.created == 1
    student = Student.objects.get()
    assert student.boarder and student.household_region.level == 4


def test_late_entry_into_a_standing_class_begins_today(school, office):
    bring(office, [row(1)])
    bring(office, [row(1), row(2)])
    assert Enrolment.objects.get(student__name="学生2").began == make.THURSDAY


def test_a_grade_with_several_classes_wants_the_number(school, office):
    bring(office, [row(1), row(2), *(row(n, "七(2)班") for n in (3, 4, 5))])
    outcome = bring(office, [row(6, "七年级")]).outcome
    assert "班号" in outcome.rejected[0].message
    alone = bring(office, [row(7, "八年级")]).outcome
    assert alone.created == 1


def test_who_begins_to_board_was_no_boarder_before_the_day_it_is_told(school, office):
    bring(office, [[*row(1), "走读"]], header=[*HEADER, "就读方式"])
    student = Student.objects.get()
    assert not student.trait_changes.exists()
    bring(office, [[*row(1), "住校"]], header=[*HEADER, "就读方式"])
    student.refresh_from_db()
    change = student.trait_changes.get()
    assert (student.boarder, change.trait, change.before, change.on) == (
        True, "boarder", "", make.THURSDAY,
    )  # fmt: skip
    bring(office, [[*row(1), "住校"]], header=[*HEADER, "就读方式"])
    assert student.trait_changes.count() == 1
