"""Whose number is it: a roster takes no child's number for another, and shows nobody out of reach."""

from datetime import date, timedelta

import pytest

from accounts.enums import Role
from accounts.file_door import door
from accounts.models import AccessLog, User
from regions.models import School
from regions.refusals import Refused
from students import enrolments
from students.enums import Began, Ended
from students.models import Guardian, Student
from students.roster import ROSTER, RosterPlan
from tests import factories as make
from tests.files import outcome_of
from tests.students.test_roster_habits import csv

ON = make.THURSDAY
LEFT = date(2026, 10, 9)
HEAD = ["姓名", "身份证号", "学籍号", "班级"]
PHONE = "13887654321"
pytestmark = pytest.mark.django_db


def id_no(n: int) -> str:
    return make.id_number(300 + n, "20130415")


def xueji(n: int) -> str:
    return f"L53990120130415{n:04d}"


def child(at: School, n: int, name: str, **numbers) -> Student:
    of = at.classes.first() or make.school_class(at)
    made = make.pupil(of, name, **({"id_no": id_no(n), "xueji_no": xueji(n)} | numbers))
    guardian = Guardian(student=made, name="玉罕")
    guardian.phone = PHONE
    guardian.save()
    return made


@pytest.fixture
def here():
    return make.school()


@pytest.fixture
def beside():
    return make.school("5399010002", name="青山中学")


@pytest.fixture
def office(here):
    return make.user(Role.OFFICE, here)


@pytest.fixture
def bureau():
    return make.user(Role.BUREAU, make.region("539901"))


def look(by: User, *rows: list, head=HEAD, **options) -> RosterPlan:
    return door.preview(ROSTER, csv(*rows, head=head), "名册.csv", by=by, on=ON, **options)


def bring(by: User, *rows: list, head=HEAD, **options) -> RosterPlan:
    return door.bring(ROSTER, csv(*rows, head=head), "名册.csv", by=by, on=ON, **options).plan


def refused(by: User, *rows: list, head=HEAD, **options) -> tuple[str, str]:
    """The column and the sentence of the one rejection, the same before and when it is applied;
    nothing was written."""
    before = list(Student.objects.order_by("pk").values())
    for plan in (look(by, *rows, head=head, **options), bring(by, *rows, head=head, **options)):
        (told,) = plan.outcome.rejected
        assert told.cell and not plan.outcome.applied
    assert list(Student.objects.order_by("pk").values()) == before
    return told.column, told.message


class TestANumberOfAnotherChild:
    def test_xueji_no_of_a_schoolmate_beside_ones_own_id_no(self, here, office):
        own, other = child(here, 1, "岩香"), child(here, 2, "玉叫")
        column, message = refused(office, [own.name, own.id_no, other.xueji_no, "七(1)班"])
        assert column == "学籍号" and "两个学生" in message
        column, _ = refused(office, [own.name, other.id_no, own.xueji_no, "七(1)班"])
        assert column == "学籍号"

    @pytest.mark.parametrize("which", ["id_no", "xueji_no"])
    def test_a_number_of_another_school(self, here, beside, office, bureau, which):
        own, other = child(here, 1, "岩香"), child(beside, 2, "玉叫")
        numbers = {"id_no": own.id_no, "xueji_no": own.xueji_no}
        numbers[which] = getattr(other, which)
        row = [own.name, numbers["id_no"], numbers["xueji_no"], "七(1)班"]
        column, message = refused(office, row)
        assert column == {"id_no": "身份证号", "xueji_no": "学籍号"}[which]
        assert "请县教育体育局" in message
        of_other = [other.name, other.id_no, other.xueji_no, "七(1)班"]
        assert look(bureau, of_other, school=beside.code).outcome.rejected == []

    def test_a_g_number_made_of_another_childs_id_no(self, here, beside, office):
        own, other = child(here, 1, "岩香", xueji_no=""), child(beside, 2, "玉叫", xueji_no="")
        column, _ = refused(office, [own.name, own.id_no, f"G{other.id_no}", "七(1)班"])
        assert column == "学籍号"

    def test_a_g_number_alone_means_the_child_of_its_id_no(self, here, office):
        own = child(here, 1, "岩香", xueji_no="")
        plan = bring(office, [own.name, "", f"G{own.id_no}", "七(1)班"])
        assert plan.outcome.updated == 1 and Student.objects.get().xueji_no == f"G{own.id_no}"

    def test_another_name_and_id_no_with_a_standing_xueji_no(self, here, office):
        own = child(here, 1, "岩香")
        column, message = refused(office, ["玉叫", id_no(7), own.xueji_no, "七(1)班"])
        assert column == "学籍号" and own.name not in message
        assert bring(office, [own.name, id_no(7), own.xueji_no, "七(1)班"]).outcome.updated == 1

    def test_an_id_no_that_stands_in_the_xueji_no_of_a_child_with_another(self, here, office):
        child(here, 1, "岩香", xueji_no=f"G{id_no(2)}")
        assert refused(office, ["玉叫", id_no(2), "", "七(1)班"])[0] == "身份证号"

    def test_one_number_twice_in_a_file_is_told_at_its_own_cell(self, here, office):
        child(here, 9, "旧生")
        rows = [
            ["学生一", id_no(1), xueji(1), "七(1)班"],
            ["学生二", id_no(2), xueji(1), "七(1)班"],
        ]
        assert refused(office, *rows)[0] == "学籍号"
        rows = [["学生一", id_no(1), "", "七(1)班"], ["学生二", "", f"G{id_no(1)}", "七(1)班"]]
        column, message = refused(office, *rows)
        assert column == "学籍号" and "第 2 行" in message


class TestAChildOutOfReach:
    @pytest.fixture
    def left(self, beside, bureau):
        made = child(beside, 2, "王浩然")
        enrolments.leave_roll(made, on=LEFT, how=Ended.TRANSFER_OUT, by=bureau)
        return made

    def test_who_left_another_school_is_not_shown_and_not_renamed(self, left, here, office):
        head = [*HEAD, "监护人姓名", "监护人电话"]
        row = ["某某", left.id_no, "", "七(1)班", "甲乙", "13800000009"]
        column, message = refused(office, row, head=head)
        assert column == "身份证号" and "请县教育体育局" in message
        told = str(look(office, row, head=head).outcome.as_json())
        assert not any(said in told for said in (left.name, "玉罕", PHONE[-4:], left.uid))
        logs = AccessLog.objects.filter(kind="exists_elsewhere", uid=left.uid, user=office)
        assert logs.count() == 3

    def test_the_bureau_puts_the_child_on_the_new_roll(self, left, here, bureau):
        make.school_class(here)
        assert bring(
            bureau, [left.name, left.id_no, "", "七(1)班"], school=here.code
        ).outcome.updated
        left.refresh_from_db()
        assert left.school_path.startswith(here.path)

    def test_its_own_school_takes_it_back(self, left, beside):
        own = make.user(Role.OFFICE, beside)
        assert bring(own, [left.name, left.id_no, "", "七(1)班"]).outcome.updated == 1

    def test_a_seat_that_brings_no_rosters_does_not_help(self, left, here, office):
        make.seat(office, Role.TEACHER, left.enrolments.get().school_class)
        assert refused(office, [left.name, left.id_no, "", "七(1)班"])[0] == "身份证号"

    def test_who_was_never_on_a_roll_comes_in_by_the_bureau(self, here, office, bureau):
        made = Student(name="玉香", household_path=make.region("539901001001").path)
        made.id_no = id_no(3)
        made.save()
        assert refused(office, [made.name, id_no(3), "", "七(1)班"])[0] == "身份证号"
        plan = bring(bureau, [made.name, id_no(3), "", "七(1)班"], school=here.code)
        assert plan.outcome.updated == 1


class TestAChildThatDied:
    @pytest.fixture
    def dead(self, here, bureau):
        made = child(here, 1, "岩香")
        enrolments.leave_roll(made, on=LEFT, how=Ended.DECEASED, by=bureau)
        return made

    def test_comes_back_by_no_file(self, dead, here, office, bureau):
        row = [dead.name, dead.id_no, "", "七(1)班"]
        column, message = refused(office, row)
        assert column == "身份证号" and "死亡" in message
        assert "死亡" in refused(bureau, row, school=here.code)[1]

    def test_comes_back_by_no_verb(self, dead, here, bureau):
        with pytest.raises(Refused, match="死亡"):
            enrolments.place(dead, here.classes.get(), began=ON, how=Began.PLACED, by=bureau)


class TestWhereAFaultIsTold:
    """A file without the column a fault is about: at the cell that names the child, in Chinese."""

    def test_a_number_that_several_children_have(self, here, office):
        child(here, 1, "岩香"), child(here, 2, "岩香", xueji_no=xueji(1))
        row = ["岩香", xueji(1), "七(1)班"]
        assert refused(office, row, head=["姓名", "学籍号", "班级"])[0] == "学籍号"

    def test_no_number_at_all(self, here, office):
        row = ["岩香", "男", "七(1)班"]
        assert refused(office, row, head=["姓名", "性别", "班级"])[0] == "姓名"

    def test_no_school_and_no_class(self, here, beside, office, bureau):
        assert refused(bureau, ["岩香", id_no(1), "", "七(1)班"])[0] == "姓名"
        head = ["姓名", "性别", "身份证号"]
        assert refused(office, ["岩香", "男", id_no(1)], head=head)[0] == "姓名"

    def test_two_rows_that_mean_one_child_by_its_name(self, here, office):
        own = child(here, 1, "岩香", id_no="", xueji_no="", birth_on=date(2013, 4, 15))
        head = [*HEAD, "出生日期"]
        rows = [
            [own.name, id_no(1), "", "七(1)班", "2013-04-15"],
            [own.name, "", xueji(5), "七(1)班", "2013-04-15"],
        ]
        column, message = refused(office, *rows, head=head, same_person=True)
        assert column == "学籍号" and "同一个学生" in message


def test_a_file_is_brought_once_whoever_names_its_school(here, office, bureau):
    content = csv(["岩香", id_no(1), "", "七(1)班"], head=HEAD)
    told = {"by": office, "on": ON}
    assert door.bring(ROSTER, content, "a.csv", **told).plan.outcome.applied
    for by, school in ((bureau, here.code), (office, here.code), (office, "")):
        again = door.bring(ROSTER, content, "a.csv", by=by, on=ON, school=school).plan.outcome
        assert "没有重复导入" in again.already and not again.applied


def test_the_same_file_for_another_school_is_another_import(here, beside, bureau):
    make.school_class(here), make.school_class(beside)
    content = csv(["岩香", id_no(1), "", "七(1)班"], head=HEAD)
    days = {here.code: ON - timedelta(days=1), beside.code: ON}
    for school, on in days.items():
        plan = door.bring(ROSTER, content, "a.csv", by=bureau, on=on, school=school).plan
        assert plan.outcome.applied and not plan.outcome.already
    assert outcome_of(ROSTER, content, "a.csv", by=make.user(Role.OFFICE, beside), on=ON).already
