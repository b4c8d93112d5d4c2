"""Rosters as people really write them: what comes in, what is told, and where it points."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.file_door.cells import LONGEST_CELL
from regions.refusals import Refused
from students.arrivals import LONGEST_INITIALS
from students.headers import LONGEST
from students.models import Enrolment, Guardian, Student
from students.roster import import_roster, plan_roster
from students.rules.names import LONGEST_NAME
from tests import factories as make
from tests.accounts.books import ods, xls, xlsx
from tests.factories import id_number
from tests.pages.test_masking import whole_numbers

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "性别", "身份证号", "班级"]


@pytest.fixture
def office(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY
    return make.user(Role.OFFICE, make.school())


def pupil(n: int, **cells) -> list:
    row = {"姓名": f"学生{n}", "性别": "", "身份证号": id_number(n), "班级": "七(1)班"} | cells
    return list(row.values())


def sheet(*rows, head=HEAD) -> dict:
    return {"名册": [head, *rows]}


def plan(by, content: bytes, name: str = "名册.xlsx", **options):
    return plan_roster(content, name, by=by, on=make.THURSDAY, **options)


def bring(by, content: bytes, name: str = "名册.xlsx", **options):
    return import_roster(content, name, by=by, on=make.THURSDAY, **options).plan


def csv(*rows, head=HEAD) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in [head, *rows]).encode()


def told(outcome) -> list[tuple[str, str]]:
    return [(one.cell, one.message) for one in outcome.rejected]


class TestText:
    def test_a_name_longer_than_its_field_is_refused_at_the_preview(self, office):
        outcome = plan(office, xlsx(sheet(pupil(1, 姓名="试" * 61), pupil(2)))).outcome
        assert told(outcome) == [("A2", "姓名最多 60 个字，现在 61 个字。请改短。")]
        assert plan(office, xlsx(sheet(pupil(1, 姓名="试" * 60)))).outcome.created == 1

    @pytest.mark.parametrize(
        ("column", "longest"),
        [("监护人姓名", 60), ("监护人关系", 20), ("户籍地址", 120), ("现住址", 120)],
    )
    def test_every_text_that_is_kept_has_its_bound(self, office, column, longest):
        head = [*HEAD, "监护人姓名", column] if column != "监护人姓名" else [*HEAD, column]
        extra = ["家长"] if column != "监护人姓名" else []
        fits = xlsx(sheet([*pupil(1), *extra, "长" * longest], head=head))
        over = xlsx(sheet([*pupil(2), *extra, "长" * (longest + 1)], head=head))
        assert bring(office, fits).outcome.applied
        assert f"最多 {longest} 个字" in told(plan(office, over).outcome)[0][1]

    def test_a_cell_of_32000_letters_is_one_refusal_and_no_work(self, office):
        for cell in ("1" * 32_000, "（" * 32_000, "7 " * 16_000, "2013 " * 6_400):
            row = [*pupil(1), cell, cell]
            head = [*HEAD, "监护人电话", "入班日期"]
            outcome = plan(office, xlsx(sheet(row, head=head))).outcome
            assert {cell for cell, _ in told(outcome)} == {"E2", "F2"}
            assert all("超过 1000 个字" in message for _, message in told(outcome))

    def test_a_long_cell_in_a_column_that_is_not_kept_does_not_matter(self, office):
        row = [*pupil(1), "长" * LONGEST_CELL * 3]
        assert plan(office, xlsx(sheet(row, head=[*HEAD, "备注"]))).outcome.created == 1

    @pytest.mark.parametrize(
        "name", ["试_x0000_戊", "试\u200b戊", "\u202e试戊\u202c", "试\u00ad戊"]
    )
    def test_what_nobody_sees_is_dropped(self, office, name):
        bring(office, csv(pupil(1, 姓名=name)), "名册.csv")
        assert Student.objects.get().name == "试戊"


class TestNames:
    def test_one_name_in_two_spellings_is_a_question(self, office):
        numbered = csv(pupil(1, 姓名="买买提·吐尔逊"))
        bring(office, numbered, "a.csv")
        birth = Student.objects.get().birth_on
        head = ["姓名", "出生日期", "身份证件类型", "班级", "监护人姓名", "监护人身份证件号"]
        row = ["买买提•吐尔逊", birth, "其他", "七(1)班", "家长", id_number(50)]
        second = plan(office, csv(row, head=head), "b.csv")
        assert [one.column for one in second.questions] == ["姓名"]
        assert "同名、同出生日期" in second.questions[0].message and not second.planned

    def test_a_padded_name_is_kept_without_its_blank_and_found_by_search(self, office, client):
        bring(office, csv(pupil(1, 姓名="试　国"), pupil(2, 姓名="⽅⼩⽟")), "a.csv")
        assert set(Student.objects.values_list("name", flat=True)) == {"试国", "方小玉"}
        client.force_login(office)
        for words in ("试国", "试 国", "试　国"):
            page = client.post(reverse("students:students"), {"words": words}).content.decode()
            assert "<mark" in page or "试国" in page.split("<table")[-1], words

    def test_a_child_without_a_number_is_the_same_child_in_the_same_file(self, office):
        head = ["姓名", "出生日期", "身份证件类型", "班级", "监护人姓名", "监护人身份证件号"]
        content = csv(["试甲", "2013-05-05", "其他", "七(1)班", "家长", id_number(50)], head=head)
        bring(office, content, "a.csv")
        again = plan(office, content, "a.csv").outcome
        assert (again.created, again.unchanged, again.rejected) == (0, 1, [])

    @pytest.mark.parametrize("column", ["姓名", "监护人姓名", "父亲姓名"])
    def test_a_name_that_grows_beyond_its_column_is_refused(self, office, column):
        head = list(dict.fromkeys([*HEAD, column]))
        row = dict(zip(HEAD, pupil(1), strict=True))
        told_at = plan(office, csv(list((row | {column: "ﷺ" * 4}).values()), head=head), "a.csv")
        (rejected,) = told_at.outcome.rejected
        assert rejected.column == column and "最多 60 个字，现在 72 个字" in rejected.message
        kept = bring(office, csv(list((row | {column: "ﷺ" * 3}).values()), head=head), "a.csv")
        assert kept.outcome.applied
        assert max(map(len, Student.objects.values_list("name", flat=True))) <= LONGEST_NAME

    def test_a_name_is_as_long_in_a_file_as_in_its_record(self):
        names = [Student._meta.get_field("name"), Guardian._meta.get_field("name")]
        columns = [longest for name, longest in LONGEST.items() if name.split("_")[-1] == "name"]
        assert {field.max_length for field in names} == {LONGEST_NAME}
        assert {*columns} == {LONGEST_NAME, LONGEST["class_name"], LONGEST["school_name"]}

    def test_initials_fit_their_column(self, office):
        bring(office, csv(pupil(1, 姓名="İ岩" * 20)), "a.csv")
        assert len(Student.objects.get().initials) == LONGEST_INITIALS

    def test_a_letter_of_one_machine_is_refused(self, office):
        assert "自造" in told(plan(office, csv(pupil(1, 姓名="\ue001国")), "a.csv").outcome)[0][1]
        bring(office, csv(pupil(1, 姓名="\ue863国")), "a.csv")
        assert Student.objects.get().name == "䶮国"


class TestSheets:
    def test_every_sheet_is_read_and_an_explanation_in_front_is_not(self, office):
        book = {
            "填写说明": [
                ["一、每班一张表", None, None],
                ["字段", "说明", "示例"],
                ["姓名", "必填", "某某"],
            ],
            "七1": [HEAD, pupil(1), pupil(2)],
            "七2": [["七(2)班花名册"], HEAD, *(pupil(n, 班级="七(2)班") for n in (3, 4, 5))],
        }
        made = bring(office, xlsx(book))
        assert made.outcome.created == 5 and made.sheet == "七1、七2"
        assert "工作表“填写说明”没有表头，按说明略过。" in made.outcome.notes

    def test_a_refusal_names_its_sheet(self, office):
        book = {"七1": [HEAD, pupil(1)], "七2": [HEAD, pupil(2, 姓名="")]}
        assert told(plan(office, xlsx(book)).outcome) == [("七2!A2", "姓名不能为空。")]

    def test_a_sheet_of_data_without_headings_stops_the_file(self, office):
        book = {"七1": [HEAD, pupil(1)], "七2": [pupil(2), pupil(3)]}
        with pytest.raises(Refused, match="工作表“七2”没有找到表头，整份文件都没有读"):
            plan(office, xlsx(book))

    def test_a_hidden_sheet_is_named_and_not_read(self, office):
        book = {"七1": [HEAD, pupil(1)], "去年": [HEAD, pupil(2)]}
        outcome = plan(office, xlsx(book, hidden=["去年"])).outcome
        assert outcome.created == 1 and outcome.notes == ["隐藏的工作表“去年”没有读。"]

    @pytest.mark.parametrize(("write", "name"), [(xls, "a.xls"), (ods, "a.ods"), (xls, "a.xlsx")])
    def test_the_other_formats_are_read_alike(self, office, write, name):
        book = {"七1": [HEAD, pupil(1), pupil(2, 姓名="")], "七2": [HEAD, pupil(3)]}
        outcome = plan(office, write(book), name).outcome
        assert (outcome.created, told(outcome)) == (2, [("七1!A3", "姓名不能为空。")])

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
    def test_a_csv_in_any_encoding(self, office, encoding):
        content = csv(pupil(1)).decode().encode(encoding)
        assert plan(office, content, "a.csv").outcome.created == 1


class TestCells:
    def test_numbers_in_their_wrappings(self, office):
        number = id_number(1)
        row = ["试甲", "", f'=""{number}""', "七(1)班", "家长", "13800000001.0"]
        text = ",".join([*HEAD, "监护人姓名", "监护人电话"]) + "\n" + ",".join(
            [row[0], "", f'"=""{number}"""', *row[3:]]
        )  # fmt: skip
        bring(office, text.encode(), "a.csv")
        assert Student.objects.get().id_no == number
        assert Guardian.objects.get().phone == "13800000001"

    def test_leading_apostrophes_and_full_width_digits(self, office):
        wide = id_number(1).translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
        bring(office, csv(pupil(1, 身份证号=f"'{wide}")), "a.csv")
        assert Student.objects.get().id_no == id_number(1)

    @pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
    def test_a_failed_formula_is_refused(self, office, error):
        outcome = plan(office, csv(pupil(1, 班级=error)), "a.csv").outcome
        assert told(outcome) == [("D2", f"这一格是出错的公式 {error}。请改成正确的值，再传。")]

    def test_also_where_the_workbook_keeps_it_as_an_error(self, office):
        content = xlsx(sheet(pupil(1, 姓名="#N/A")))
        assert told(plan(office, content).outcome)[0][0] == "A2"

    def test_a_number_cell_is_masked_in_the_message(self, office):
        outcome = plan(office, xlsx(sheet(pupil(1, 身份证号=int(id_number(1)[:17] + "0"))))).outcome
        (rejected,) = outcome.rejected
        assert "Excel" in rejected.message and rejected.value.startswith("**************")
        wrong_column = plan(office, xlsx(sheet(pupil(1, 班级=id_number(2))))).outcome
        assert whole_numbers(str(wrong_column.as_json())) == []
        assert id_number(2) not in str(wrong_column.as_json())


class TestMergedCells:
    def test_a_class_is_filled_down(self, office):
        rows = [pupil(n, 班级="七(1)班" if n == 1 else None) for n in (1, 2, 3, 4)]
        outcome = bring(office, xlsx(sheet(*rows), merged=["D2:D5"])).outcome
        assert (outcome.created, outcome.rejected) == (4, [])

    def test_a_name_is_not_and_is_refused_once_with_its_range(self, office):
        rows = [pupil(n, 姓名="试甲" if n == 1 else None) for n in (1, 2, 3, 4)]
        outcome = plan(office, xlsx(sheet(*rows), merged=["A2:A5"])).outcome
        ((cell, message),) = told(outcome)
        assert cell == "A2:A5" and "合并单元格" in message and outcome.rows == 4

    def test_without_the_merge_the_rows_are_refused_one_by_one(self, office):
        """The control of both."""
        rows = [pupil(n, 班级="七(1)班" if n == 1 else None) for n in (1, 2, 3, 4)]
        assert len(plan(office, xlsx(sheet(*rows))).outcome.rejected) == 3


def test_headings_again_signatures_and_notes_are_passed_over_and_counted(office):
    rows = [
        ["某某中学花名册"], HEAD, pupil(1), ["合计", 1], ["七(2)班学生花名册"], HEAD,
        *(pupil(n, 班级="七(2)班") for n in (2, 3, 4)),
        ["审核人：张三", None, "填表人：李四"], ["注：本表一式两份"],
    ]  # fmt: skip
    outcome = plan(office, xlsx({"名册": rows})).outcome
    assert (outcome.rows, outcome.created, outcome.passed_over) == (4, 4, 5)
    assert outcome.notes == ["略过 5 行：重复的表头、标题、签字和说明。"]


class TestParents:
    def test_father_and_mother_are_two_guardians(self, office):
        head = [*HEAD, "父亲姓名", "父亲电话", "母亲姓名", "母亲电话"]
        made = bring(
            office,
            csv([*pupil(1), "岩温", "13800000001", "玉罕", "13800000002"], head=head),
            "a.csv",
        )
        people = [(one.name, one.relation, one.phone) for one in Guardian.objects.order_by("order")]
        assert people == [("岩温", "父亲", "13800000001"), ("玉罕", "母亲", "13800000002")]
        assert made.header.unknown == []

    def test_headings_in_two_rows(self, office):
        upper = ["姓名", "性别", "身份证号", "班级", "父亲", None, "母亲", None]
        lower = [None, None, None, None, "姓名", "电话", "姓名", "电话"]
        row = [*pupil(1), "岩温", "13800000001", "玉罕", "13800000002"]
        outcome = bring(
            office, xlsx({"名册": [upper, lower, row]}, merged=["E1:F1", "G1:H1"])
        ).outcome
        assert (outcome.created, outcome.rejected) == (1, [])
        assert Guardian.objects.count() == 2

    def test_the_guardian_who_is_the_father_stands_once(self, office):
        head = [*HEAD, "监护人姓名", "监护人电话", "父亲姓名"]
        bring(office, csv([*pupil(1), "岩温", "13800000001", "岩温"], head=head), "a.csv")
        guardian = Guardian.objects.get()
        assert (guardian.relation, guardian.phone) == ("父亲", "13800000001")


def test_what_has_no_place_to_go_is_told_once_with_its_first_row(office):
    head = [*HEAD, "联系电话", "户口所在地行政区划"]
    rows = [[*pupil(n), "13800000001", "530802"] for n in (1, 2)]
    outcome = plan(office, csv(*rows, head=head), "a.csv").outcome
    assert outcome.warnings == [
        "2 人的户籍区划代码不在系统里，没有记下（例如第 2 行）。",
        "2 人有家长的电话或证件号，没有姓名，没有记下（例如第 2 行）。",
    ]


class TestMonthOfBirth:
    HEAD = ["姓名", "出生年月", "身份证号", "班级"]

    def test_the_number_gives_the_day(self, office):
        bring(office, csv(["试甲", "2013年5月", id_number(1), "七(1)班"], head=self.HEAD), "a.csv")
        child = Student.objects.get()
        assert child.birth_on == date(2013, 5, 6)

    def test_another_month_is_refused(self, office):
        row = ["试甲", "2013年12月", id_number(1), "七(1)班"]
        outcome = plan(office, csv(row, head=self.HEAD), "a.csv").outcome
        assert told(outcome)[0][0] == "B2" and "不是同一个月" in told(outcome)[0][1]

    def test_without_a_number_it_is_refused(self, office):
        row = ["试甲", "2013年12月", "", "七(1)班"]
        outcome = plan(office, csv(row, head=self.HEAD), "a.csv").outcome
        assert told(outcome)[0][0] == "B2" and "年月" in told(outcome)[0][1]


def test_a_move_the_roll_would_refuse_is_refused_at_the_preview(office):
    """The child came today; a move from before that day has no day to stand on."""
    bring(office, csv(pupil(1), *(pupil(n, 班级="七(2)班") for n in (2, 3, 4))), "a.csv")
    Enrolment.objects.filter(student__name="学生1").update(began=make.THURSDAY)
    head = [*HEAD, "入班日期"]
    content = csv([*pupil(1, 班级="七(2)班"), "2026-11-02"], head=head)
    for outcome in (
        plan(office, content, "b.csv").outcome,
        bring(office, content, "b.csv").outcome,
    ):
        assert told(outcome) == [("E2", "离开日期早于进班日期（2026-11-19），请核对。")]
    assert bring(office, content, "b.csv", partial=True).outcome.rejected
