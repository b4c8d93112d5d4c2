"""Faults that were reported of files and dates, each with its right answer (invented inputs)."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from attendance.models import Register
from students.models import AuthorisedAbsence, Enrolment, Guardian, Student
from tests.doors import books
from tests.doors.conftest import refused_at
from tests.doors.faces import File, browser, seen
from tests.doors.world import CLASS, SCHOOL, id_number, xueji

STATUS = ["学籍号", "状态", "开始日期", "结束日期", "证明"]
ROSTER = ["姓名", "性别", "出生日期", "身份证件号", "班级", "入班日期"]
REGISTER = ["学校标识码", "班级", "日期", "学籍号", "标记", "说明"]
NO_DAYS = ["2025-11", "202511", "2026113", "2026.11", "2026年11月", "11-2026", "2026-11-31"]


def status(began: object, until: object) -> list:
    return [STATUS, [xueji(0), "休学", began, until, "县医院诊断证明"]]


def pupil(n: int = 40, **cells: object) -> list:
    """A row of ROSTER for a new child; `cells` are named as name, birth, number, of, joined."""
    given = {"name": "试甲", "sex": "男", "birth": "2013-05-04", "number": id_number(2 * n + 1)}
    return list((given | {"of": CLASS, "joined": "2026-09-01"} | cells).values())


class TestADayIsADay:
    @pytest.mark.parametrize("no_day", NO_DAYS)
    def test_o01_a_month_begins_no_absence(self, doors, no_day):
        answer = doors.bring("statuses", status(no_day, "2026-11-30"))
        refused_at(answer, 2, "开始日期", "请填成")
        assert not AuthorisedAbsence.objects.exists()

    @pytest.mark.parametrize("no_day", NO_DAYS)
    def test_o01_a_month_ends_no_absence(self, doors, no_day):
        refused_at(doors.bring("statuses", status("2026-09-01", no_day)), 2, "结束日期", "请填成")

    @pytest.mark.parametrize("no_day", ["202511", "2025-11", 202511.0, "2026113"])
    def test_o02_a_month_is_no_day_of_entry(self, doors, no_day):
        file = File("r.xlsx", books.xlsx([ROSTER, pupil(joined=no_day)]))
        answer = doors.look("roster", file)
        refused_at(answer, 2, "入班日期", "")
        assert {one["cell"] for one in answer.rejected} == {"F2"}

    @pytest.mark.parametrize("no_day", NO_DAYS)
    def test_a_month_is_no_day_of_a_register(self, doors, no_day):
        refused_at(
            doors.bring("registers", [REGISTER, [SCHOOL, CLASS, no_day, "", "", ""]]), 2, "日期", ""
        )

    @pytest.mark.parametrize("until", ["2206-09-01", "9999-12-31", "2126年9月1日"])
    def test_o03_a_mistyped_year_ends_no_absence(self, doors, until):
        refused_at(
            doors.bring("statuses", status("2026-09-01", until)), 2, "结束日期", "请核对年份"
        )

    @pytest.mark.parametrize("began", ["0026-09-01", "1926-09-01", "2206-09-01"])
    def test_o03_nor_begins_one(self, doors, began):
        refused_at(
            doors.bring("statuses", status(began, "2206-12-01")), 2, "开始日期", "请核对年份"
        )

    @pytest.mark.parametrize(
        ("cell", "day"),
        [
            (46344, date(2026, 11, 18)),
            (46344.999988, date(2026, 11, 18)),
            (datetime(2026, 11, 18, 23, 59, 59), date(2026, 11, 18)),  # noqa: DTZ001
            (date(2026, 11, 18), date(2026, 11, 18)),
            ("46344", date(2026, 11, 18)),
            ("２０２６．１１．１８", date(2026, 11, 18)),
            ("2026年11月18日", date(2026, 11, 18)),
            ("20261118", date(2026, 11, 18)),
            (20261118.0, date(2026, 11, 18)),
            ("2026-11-18 23:59", date(2026, 11, 18)),
        ],
    )
    def test_o18_the_cell_of_a_day_however_it_is_kept(self, doors, cell, day):
        file = File("r.xlsx", books.xlsx([REGISTER, [SCHOOL, CLASS, cell, "", "", ""]]))
        answer = doors.bring("registers", file)
        assert answer.applied, answer.text
        assert Register.objects.get().on == day

    @pytest.mark.parametrize("hour", [0, 23])
    def test_o18_a_book_that_counts_from_1904(self, doors, hour):
        moment = datetime(2026, 11, 18, hour, 59, 59)  # noqa: DTZ001
        rows = [REGISTER, [SCHOOL, CLASS, moment, "", "", ""]]
        file = File("r.xlsx", books.workbook([("考勤", rows)], epoch_1904=True))
        assert doors.bring("registers", file).applied
        assert Register.objects.get().on == date(2026, 11, 18)

    def test_o18_a_bare_number_of_a_1904_book_is_that_day_or_a_sentence(self, doors):
        rows = [
            REGISTER,
            [SCHOOL, CLASS, 44882, "", "", ""],
        ]  # 2026-11-18 from 1904, 2022-11-17 from 1900
        doors.bring("registers", File("r.xlsx", books.workbook([("考勤", rows)], epoch_1904=True)))
        assert [register.on for register in Register.objects.all()] in ([], [date(2026, 11, 18)])

    @pytest.mark.parametrize(
        "text", ["2026-11-18", "2026-11-18T00:00:00", "2026-11-18T23:59:59.997"]
    )
    def test_o18_a_cell_of_the_iso_kind(self, doors, text):
        cells = "".join(books.text_cell(f"{c}2", v) for c, v in (("A", SCHOOL), ("B", CLASS)))
        row = f'<row r="2">{cells}<c r="C2" t="d"><v>{text}</v></c></row>'
        xml = books.sheet_xml(books.raw_rows([REGISTER]) + row)
        answer = doors.bring("registers", File("r.xlsx", books.raw_sheet([], xml)))
        assert answer.applied, answer.text
        assert Register.objects.get().on == date(2026, 11, 18)

    @pytest.mark.parametrize("birth", ["2013年12月", "2013-12", "201312", "2013.12"])
    def test_o23_a_month_of_birth_beside_a_number_that_knows_the_day(self, doors, birth):
        rows = [
            ["姓名", "出生年月", "身份证号", "班级"],
            ["试甲", birth, id_number(11, "20131201"), CLASS],
        ]
        answer = doors.bring("roster", rows)
        assert answer.applied, answer.text
        assert Student.objects.get(name="试甲").birth_on == date(2013, 12, 1)

    def test_o23_a_month_of_birth_that_disagrees_is_told(self, doors):
        rows = [
            ["姓名", "出生年月", "身份证号", "班级"],
            ["试甲", "2012年11月", id_number(11, "20131201"), CLASS],
        ]
        answer = doors.look("roster", rows)
        assert answer.rejected or answer.json["warnings"], answer.text


class TestForms:
    """Forms read every spelling files read, and believe the same years."""

    def ask(self, doors, first: str, last: str):
        child = doors.county.children[0]
        client = browser(doors.county.people["teacher"])
        filled = {"kind": "sick", "first": first, "last": last, "reason": "发烧，母亲来电"}
        return client.post(reverse("attendance:ask_leave", args=[child.uid]), filled)

    @pytest.mark.parametrize(
        ("first", "last"),
        [("0026-11-26", "0026-11-27"), ("1999-11-26", "1999-11-27"), ("2206-11-26", "2206-11-27")],
    )
    def test_o04_leave_in_a_year_nobody_means(self, doors, first, last):
        answer = self.ask(doors, first, last)
        assert "请核对年份" in seen(answer.content.decode())
        assert not AuthorisedAbsence.objects.exists()

    @pytest.mark.parametrize(
        "spelt",
        [
            "2026.11.26",
            "2026年11月26日",
            "２０２６－１１－２６",
            "20261126",
            "2026/11/26",
            "2026-11-26",
        ],
    )
    def test_o20_leave_in_every_spelling(self, doors, spelt):
        assert self.ask(doors, spelt, spelt).status_code == 302
        leave = AuthorisedAbsence.objects.get()
        assert (leave.first, leave.last) == (date(2026, 11, 26), date(2026, 11, 26))

    @pytest.mark.parametrize("month", ["2026-11", "202611", "2026113"])
    def test_o20_a_month_is_no_day_of_leave_either(self, doors, month):
        self.ask(doors, month, "2026-11-27")
        assert not AuthorisedAbsence.objects.exists()

    def test_o11_the_same_request_twice_is_one(self, doors):
        for _ in range(2):
            answer = self.ask(doors, "2026-11-23", "2026-11-24")
        assert AuthorisedAbsence.objects.count() == 1
        assert answer.status_code == 302 or "已有" in seen(answer.content.decode())

    def test_o11_an_overlapping_request_is_told(self, doors):
        self.ask(doors, "2026-11-23", "2026-11-24")
        answer = self.ask(doors, "2026-11-24", "2026-11-25")
        assert AuthorisedAbsence.objects.count() == 1 and "已有" in seen(answer.content.decode())


class TestText:
    @pytest.mark.parametrize("length", [61, 300, 5_000])
    def test_o05_a_name_too_long_is_refused_at_the_preview(self, doors, length):
        rows = [ROSTER, pupil(name="试" * length)]
        answer = doors.look("roster", rows)
        refused_at(answer, 2, "姓名", "最多 60 个字")
        assert answer.rejected[0]["cell"] == "A2"
        preview = doors.upload("roster", rows)
        assert "最多 60 个字" in preview.answer.text
        assert not Student.objects.filter(name__startswith="试").exists()

    def test_o05_a_name_of_sixty_comes_in(self, doors):
        assert doors.bring("roster", [ROSTER, pupil(name="试" * 60)]).applied

    @pytest.mark.parametrize(
        "spoilt",
        [
            "试_x0000_戊",
            "试_x000B_戊",
            "试_x001F_戊",
            "试\u200b戊",
            "试\u202e戊",
            "试_xD800_戊",
            "\ufeff试戊",
            "试_x007F_戊",
        ],
    )
    def test_o06_what_nobody_sees_is_dropped(self, doors, spoilt):
        xml = books.sheet_xml(books.raw_rows([ROSTER, pupil(name=spoilt)]))
        answer = doors.bring("roster", File("r.xlsx", books.raw_sheet([], xml)))
        if answer.applied:
            assert Student.objects.filter(name="试戊").exists()
        else:
            refused_at(answer, 2, "姓名", "")

    def test_o06_by_page_too(self, doors):
        xml = books.sheet_xml(books.raw_rows([ROSTER, pupil(name="试_x0000_戊")]))
        preview = doors.upload("roster", File("r.xlsx", books.raw_sheet([], xml)))
        assert doors.confirm("roster", preview).applied
        assert Student.objects.filter(name="试戊").exists()


UNNUMBERED = ["姓名", "出生日期", "身份证件类型", "班级", "监护人姓名", "监护人身份证件号"]


class TestOneNameInSeveralSpellings:
    def unnumbered(self, name: str) -> list:
        return [UNNUMBERED, [name, "2013-04-12", "其他", CLASS, "试父", id_number(31, "19850607")]]

    @pytest.mark.parametrize("dot", ["•", "・", "‧", "∙", "⋅", ".", "．", "･"])
    def test_o07_the_dot_of_a_name(self, doors, dot):
        rows = [
            ROSTER,
            pupil(name="阿布都·试", birth="2013-04-12", number=id_number(41, "20130412")),
        ]
        assert doors.bring("roster", rows).applied
        answer = doors.look("roster", self.unnumbered(f"阿布都{dot}试"))
        assert "已有同名、同出生日期的学生" in answer.text and answer.json["created"] == 0

    def test_o08_a_blank_in_a_name(self, doors):
        rows = [ROSTER, pupil(name="试　国", birth="2013-04-12", number=id_number(41, "20130412"))]
        assert doors.bring("roster", rows).applied
        answer = doors.look("roster", self.unnumbered("试国"))
        assert "已有同名、同出生日期的学生" in answer.text and answer.json["created"] == 0

    def test_o08_the_search_finds_the_child(self, doors):
        rows = [ROSTER, pupil(name="试　国", number=id_number(41))]
        assert doors.bring("roster", rows).applied
        client = browser(doors.county.people["office"])
        page = client.post(reverse("students:students"), {"words": "试国"}).content.decode()
        assert Student.objects.get(name__startswith="试").uid in page

    def test_o08_and_a_register_names_it(self, doors):
        assert doors.bring("roster", [ROSTER, pupil(name="试　国", number=id_number(41))]).applied
        rows = [
            ["学校标识码", "班级", "日期", "姓名", "标记"],
            [SCHOOL, CLASS, "2026-11-19", "试国", "缺勤"],
        ]
        assert doors.bring("registers", rows).applied


class TestWhereARefusalPoints:
    def test_o12_the_row_of_the_child_who_came_later(self, doors):
        doors.bring("roster", [ROSTER, pupil(name="试后来", joined="2026-11-19")])
        head = ["学校标识码", "班级", "日期", "姓名", "标记"]
        rows = [
            [SCHOOL, CLASS, "2026-11-18", name, "缺勤"]
            for name in ("岩香", "玉叫", "李小勇", "试后来")
        ]
        answer = doors.bring("registers", [head, *rows])
        refused_at(answer, 5, "姓名", "名册")
        assert {one["row"] for one in answer.rejected} == {5}

    def test_o13_a_move_before_the_child_came_is_refused_at_the_preview(self, doors):
        late = pupil(name="试后来", joined="2026-11-19")
        assert doors.bring("roster", [ROSTER, late]).applied
        moved = [ROSTER, [*late[:4], "七(2)班", "2026-11-02"]]
        answer = doors.look("roster", moved)
        assert [one["row"] for one in answer.rejected] == [2] and answer.rejected[0]["cell"], (
            answer.text
        )
        assert not doors.bring("roster", moved).applied

    def test_o13_the_rest_of_the_file_comes_in(self, doors):
        late = pupil(name="试后来", joined="2026-11-19")
        doors.bring("roster", [ROSTER, late])
        moved = [ROSTER, [*late[:4], "七(2)班", "2026-11-02"], pupil(44, name="试乙")]
        assert doors.bring("roster", moved, "--accept-partial").applied
        assert Student.objects.filter(name="试乙").exists()
        spell = Enrolment.objects.get(student__name="试后来")
        assert spell.school_class == doors.county.school_class


class TestHabitsOfSpreadsheets:
    @pytest.mark.parametrize("wrapped", ['="{}"', "'{}", "‘{}", " {}", "{}\u200b", '"{}"'])
    def test_o16_a_number_in_its_wrapping(self, doors, wrapped):
        rows = [ROSTER, pupil(number=wrapped.format(id_number(81)))]
        answer = doors.bring("roster", rows)
        assert answer.applied, answer.text

    def test_o16_a_telephone_that_became_a_number(self, doors):
        rows = [[*ROSTER, "监护人姓名", "监护人电话"], [*pupil(), "试父", "13800000001.0"]]
        assert doors.bring("roster", rows).applied
        assert Guardian.objects.get(name="试父").phone == "13800000001"

    def test_o17_a_class_merged_over_four_children(self, doors):
        rows = [
            ["班级", *ROSTER[:4]],
            *(
                [CLASS if n == 0 else None, f"试{n}", "男", "2013-05-04", id_number(2 * n + 41)]
                for n in range(4)
            ),
        ]
        file = File("r.xlsx", books.xlsx(rows, dress=lambda sheet: sheet.merge_cells("A2:A5")))
        answer = doors.look("roster", file)
        assert answer.json.get("created") == 4 or "合并" in answer.text, answer.text
        assert "班级不能为空" not in answer.text

    def test_o22_columns_of_the_parents(self, doors):
        head = ["姓名", "性别", "身份证号", "班级", "父亲姓名", "父亲电话", "母亲姓名", "母亲电话"]
        row = ["试甲", "男", id_number(81), CLASS, "试父", "13812300011", "试母", "13812300012"]
        assert doors.bring("roster", [head, row]).applied
        people = Guardian.objects.filter(student__name="试甲").order_by("order")
        told = [(one.name, one.relation, one.phone) for one in people]
        assert told == [("试父", "父亲", "13812300011"), ("试母", "母亲", "13812300012")]
