"""What the doors of registers, statuses and cases refuse by row, and what a page between does."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from accounts.enums import Role
from accounts.file_door.door import STALE
from attendance.models import Register
from attendance.register_files import REGISTERS
from attendance.registers import FilledRegister
from cases.importing.import_cases import CASES
from cases.intake.opening import open_case
from regions.refusals import Refused
from students.enums import FindingKind
from students.models import AuthorisedAbsence, Finding
from tests import factories as make
from tests.cases.case_county import ON
from tests.four_kinds import CASE, REGISTER, STATUS, a_county, apply, book, csv, look

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def here():
    return a_county()


def test_the_row_of_a_child_who_came_later_is_the_one_that_is_refused(here):
    """O12."""
    kind = REGISTER
    make.pupil(here.school_class, "李小勇", xueji_no="L539901201304150003")
    late = make.pupil(here.school_class, "单雨", began=date(2026, 11, 19))
    school = here.school_class.school.code
    rows = [
        [school, "七(1)班", "2026-11-18", "", name, "旷课", ""]
        for name in ("岩香", "玉叫", "李小勇")
    ]
    rows.append([school, "七(1)班", "2026-11-18", "", late.name, "旷课", ""])
    header = ["学校标识码", "班级", "日期", "学籍号", "姓名", "标记", "说明"]
    content = "\n".join(",".join(row) for row in [header, *rows]).encode()
    for outcome in (look(kind, content, here.office).outcome, apply(kind, content, here.office)):
        (fault,) = outcome.rejected
        assert (fault.row, fault.cell, fault.column, fault.value) == (5, "E5", "姓名", "单雨")
        assert fault.message.startswith("这一天不在这个班的名册上")
    assert not Register.objects.exists()


class TestRegisters:
    kind = REGISTER

    def test_a_locked_day_is_refused_before_it_is_touched(self, here, settings):
        make.take(here.school_class, date(2026, 11, 16), here.office)
        Register.objects.update(received_at="2026-11-16T08:00+08:00")
        row = self.kind.row(here)
        row[2] = "2026-11-16"
        (fault,) = look(self.kind, csv(self.kind, row), here.teacher).outcome.rejected
        assert (fault.row, fault.column) == (2, "日期") and "已锁定" in fault.message
        assert apply(self.kind, csv(self.kind, row), here.office).updated == 1

    def test_no_class_and_marks_on_one_day_are_refused(self, here):
        row = self.kind.row(here)
        none = [row[0], row[1], row[2], "", "停课", "大雪"]
        (fault,) = look(self.kind, csv(self.kind, row, none), here.office).outcome.rejected
        assert (fault.row, fault.column) == (2, "标记") and "又写了不上课" in fault.message

    def test_a_row_that_cannot_be_read_keeps_its_whole_day_out(self, here):
        """Or its child would stand there as present."""
        good, bad = self.kind.row(here), self.kind.second(here)
        bad[2], bad[5] = good[2], "长" * 101
        other = self.kind.second(here)
        outcome = apply(self.kind, csv(self.kind, good, bad, other), here.office, partial=True)
        assert outcome.applied and [fault.row for fault in outcome.rejected] == [3]
        assert [register.on for register in Register.objects.all()] == [ON]

    def test_a_child_that_left_the_roll_does_not_stop_the_correction_of_its_class(self, here):
        day = date(2026, 11, 18)
        register = make.take(here.school_class, day, here.office, **{here.student.uid: "absent"})
        here.student.enrolments.update(ended=date(2026, 11, 17), how_ended="mistake")
        row = self.kind.second(here)
        row[2] = "2026-11-18"
        assert apply(self.kind, csv(self.kind, row), here.office).applied
        register.refresh_from_db()
        assert [absence.student.name for absence in register.absences.all()] == ["玉叫"]

    def test_a_page_that_saves_between_plan_and_apply_wins(self, here, monkeypatch):
        """The register is taken while the file is being applied: all of the file is rolled back."""
        content = csv(self.kind, self.kind.row(here), self.kind.second(here))
        plan = look(self.kind, content, here.office)
        make.take(here.school_class, ON, here.teacher)
        with pytest.raises(Refused):
            REGISTERS.apply(plan, by=here.office, on=ON)
        assert isinstance(plan.days[0].sheet, FilledRegister)


class TestStatuses:
    kind = STATUS

    def test_the_same_status_twice_in_a_file_is_refused(self, here):
        row, other = self.kind.row(here), self.kind.row(here)
        other[3] = "2027-02-01"
        (fault,) = look(self.kind, csv(self.kind, row, other), here.office).outcome.rejected
        assert fault.row == 3 and "出现了两次" in fault.message

    def test_the_page_applies_what_it_showed_once(self, here, client):
        client.force_login(here.office)
        page = reverse("attendance:statuses")
        file = BytesIO(csv(self.kind, self.kind.row(here)))
        file.name = "状态.csv"
        shown = client.post(page, {"file": file})
        assert "现在只是预览" in shown.content.decode() and not AuthorisedAbsence.objects.exists()
        uid = shown.context["batch"].uid
        told = {"batch": uid, "apply": "1"}
        assert "已导入" in client.post(page, told).content.decode()
        assert "没有重复导入" in client.post(page, told).content.decode()
        assert AuthorisedAbsence.objects.count() == 1

    def test_the_page_says_when_the_data_changed_after_the_preview(self, here, client):
        client.force_login(here.office)
        page = reverse("attendance:statuses")
        file = BytesIO(csv(self.kind, self.kind.row(here)))
        file.name = "状态.csv"
        uid = client.post(page, {"file": file}).context["batch"].uid
        changed = self.kind.row(here)
        changed[3] = "2027-02-01"
        apply(self.kind, csv(self.kind, changed), here.bureau)
        answer = client.post(page, {"batch": uid, "apply": "1"})
        assert answer.status_code == 409 and STALE in answer.content.decode()
        assert AuthorisedAbsence.objects.get().last == date(2027, 2, 1)


class TestCases:
    kind = CASE

    def test_a_child_of_no_school_and_no_home_is_refused_by_row(self, here):
        type(here.student).objects.filter(pk=here.student.pk).update(
            school_path="", household_path="", residence_path=""
        )
        admin = make.user(Role.COUNTY_OFFICE, here.region)
        outcome = look(self.kind, csv(self.kind, self.kind.row(here)), admin).outcome
        assert [fault.row for fault in outcome.rejected] == [2]

    def test_a_case_opened_meanwhile_is_not_written_over(self, here):
        plan = look(self.kind, csv(self.kind, self.kind.row(here)), here.bureau)
        finding = Finding.objects.create(
            student=here.student, kind=FindingKind.TIP_OFF, note="电话", on=ON
        )
        theirs = open_case(finding, by=here.officer, on=ON)
        with pytest.raises(Refused, match="刚刚另有人建了档案"):
            CASES.apply(plan, by=here.bureau, on=ON)
        theirs.refresh_from_db()
        assert theirs.opened_on == ON and theirs.state == "verifying"


def test_days_of_a_1904_book_are_the_right_days(here):
    """Date cells and bare serial numbers both."""
    kind = REGISTER
    first, second = kind.row(here), kind.second(here)
    first[2], second[2] = date(2026, 11, 18), 44883
    content = book(("甲", [kind.header, first, second]), epoch=CALENDAR_MAC_1904)
    assert apply(kind, content, here.office, "文件.xlsx").applied
    assert [register.on for register in Register.objects.order_by("on")] == [date(2026, 11, 18), ON]
