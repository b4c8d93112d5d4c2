"""No row of data vanishes: what a file holds comes in or is refused; only what is none is passed over."""

import pytest

from accounts.file_door.bounds import MAX_CELLS
from accounts.file_door.headings import column, simple_headings
from accounts.file_door.rows import RowSet, rows_of
from accounts.file_door.tables import Book, Merge, Table
from regions.refusals import Refused
from tests.doors.world import id_number

HEAD = ["说明", "证件号", "学校标识码", "班级", "日期", "标记"]
HEADINGS = simple_headings(
    [
        column("证件号", "身份证件号", longest=40, secret=True),
        column("学校标识码", longest=10, filled=True),
        column("班级", longest=30, filled=True),
        column("日期", longest=30, day=True, filled=True),
        column("标记", "角色", longest=20),
        column("说明", "备注", longest=100),
    ],
    "日期",
)
CHILD = id_number(1)
ABSENT = ["备注：连续三天未到", CHILD, "5399010001", "七(1)班", "2026-11-18", "未到"]


def read(*rows, name="甲", merges=(), beside=(), **traits) -> RowSet:
    tables = [Table(name, [list(row) for row in rows], merges=tuple(merges), **traits)]
    return rows_of(Book([*tables, *beside]), HEADINGS)


def squared(*rows) -> list[list]:
    width = max(map(len, rows))
    return [[*row, *[None] * (width - len(row))] for row in rows]


@pytest.mark.parametrize(
    "row",
    [
        ABSENT,
        ["说明：发烧", *ABSENT[1:]],
        ["注", *ABSENT[1:]],
        ["合计", *ABSENT[1:]],
        ["校长", "xz1", None, None, None, None],
        ["校长", None, None, None, None, None],
        ["负责人", CHILD, None, None, None, None],
        ["审核人：", CHILD, None, None, None, None],
        ["经办人：王", None, "5399010001", "七(1)班", None, None],
        ["说明：", "张三", None, None, None, None],
        ["说明：发烧", None, None, "七(1)班", "2026-11-18", None],
        ["合计", None, "539901", None, None, 45],
        ["小计", None, None, "七(1)班", None, 45],
        ["合计", "#N/A", None, None, None, 45],
        [None, CHILD, None, None, None, None],
        ["李名单", None, None, None, None, None],
    ],
)
def test_a_row_that_may_be_data_is_kept_whatever_its_first_cell_says(row):
    kept = read(HEAD, row)
    assert (len(kept.rows), kept.passed_over) == (1, 0)


@pytest.mark.parametrize(
    "row",
    [
        ["审核人：张三", None, "填表人：李四", None, None, "填表日期：2026-11-3"],
        ["审核人：张三", None, "填表人：李四", None, "2026年11月3日", None],
        ["审核人：", "张三", "填表人：", "李四", "联系电话：", "13800000001"],
        ["审核人", "张三", "填表人", "李四", None, None],
        ["校长（签字）：", None, None, None, None, None],
        ["注：本表一式两份", None, None, "填表人：李四", None, None],
        ["合计", None, None, 45, 44, None],
        ["合计：45人", None, "男", 25, "女", "20人"],
        [None, "合计", None, None, None, 45.0],
        ["共45人", None, None, None, None, None],
        ["填表说明：1. 本表一式两份", None, None, None, None, None],
        [None, None, "说明", None, None, None],
        ["七年级学生花名册", None, None, None, None, None],
        HEAD,
        ["备 注", "身份证件号", "学校标识码", "班 级", "日期", "标 记"],
    ],
)
def test_what_stands_under_a_table_is_passed_over_and_counted(row):
    kept = read(HEAD, ABSENT, row)
    assert (len(kept.rows), kept.passed_over) == (1, 1)


def test_a_note_in_a_column_nobody_knows_decides_nothing():
    head = ["备忘", *HEAD[1:]]
    kept = read(head, ["备注：转入", *ABSENT[1:]], ["合计", *ABSENT[1:]])
    assert (len(kept.rows), kept.passed_over) == (2, 0)
    signed = read(head, ["审核人：张三", None, "填表人：李四", None, None, None])
    assert (len(signed.rows), signed.passed_over) == (0, 1)


def test_a_text_over_most_of_the_columns_is_a_note_and_a_name_over_two_is_not():
    title = ["七(2)班", None, None, None, None, None]
    assert read(HEAD, title, merges=[Merge(1, 0, 1, 5)]).passed_over == 1
    shared = [None, "张三", None, None, None, None]
    kept = read(HEAD, ABSENT, shared, merges=[Merge(2, 1, 2, 2), Merge(1, 3, 2, 3)])
    assert len(kept.rows) == 2 and kept.rows[1].text("班级") == "七(1)班"


def test_headings_again_in_another_order_name_their_columns_and_what_they_do_not_know():
    again = ["身份证件号", "备注", "班级", "日期", "学校标识码", "家访"]
    kept = read(HEAD, ABSENT, again, [CHILD, None, "七(1)班", "2026-11-18", "5399010001", "去过"])
    assert [row.text("证件号") for row in kept.rows] == [CHILD, CHILD]
    assert "没有用到的列：家访。" in kept.notes


def test_children_above_the_headings_refuse_the_file():
    with pytest.raises(Refused, match="第 2 行在表头上面"):
        read(*squared(["白水小学", "5399010001", "2026-11-18"], ["张三", CHILD], HEAD, ABSENT))
    assert len(read(*squared(["学校：白水小学", "5399010001"], HEAD, ABSENT)).rows) == 1


class TestSheetsWithoutHeadings:
    FULL = ["张三", "男", CHILD, "七(2)班", "13800000001"]

    def beside(self, name: str, *rows) -> RowSet:
        return read(HEAD, ABSENT, beside=[Table(name, squared(*rows))])

    @pytest.mark.parametrize(
        ("name", "rows"),
        [
            ("七2", [["张三", CHILD]]),
            ("七2", [[f"G{CHILD}"]]),
            ("七2", [["张三", "男"], ["李四", "女"], ["王五", "男"]]),
            ("参考班", [FULL]),
            ("参考班", [["张三", "男", "七(2)班", "玉罕", "母亲", "13800000001"]]),
            ("封面", [["张三", "2013-09-01", "13800000001", "七(2)班"]]),
            ("代码", [["张三", CHILD]]),
            ("填写说明", [FULL] * 4),
        ],
    )
    def test_what_looks_like_data_refuses_the_file_by_the_name_of_its_sheet(self, name, rows):
        with pytest.raises(Refused, match=f"工作表“{name}”没有找到表头"):
            self.beside(name, *rows)

    @pytest.mark.parametrize(
        ("name", "rows"),
        [
            ("填写说明", [["一行一人。"], ["例如", *FULL]]),
            ("示例", [FULL] * 3),
            ("区划代码", [["539901001", "白水镇"], ["539901002", "清河镇"]]),
            ("选项", [["男", "未到", "母亲"], ["女", "病假", "父亲"]]),
            ("封面", [["填报单位", "白水小学"], ["填表人", "张三", "联系电话", "13800000001"]]),
            ("Sheet2", [["请于 11 月 30 日前上报"], ["联系人", "李四"]]),
        ],
    )
    def test_explanations_are_passed_over_by_name_also_with_an_example(self, name, rows):
        kept = self.beside(name, *rows)
        assert len(kept.rows) == 1
        assert f"工作表“{name}”没有表头，按说明略过。" in kept.notes


class TestMergedCells:
    def faults(self, *rows, merges) -> list[tuple[int, str, str]]:
        found = read(*rows, merges=merges).rows
        return [(fault.row, fault.cell, fault.column) for row in found for fault in row.faults]

    def test_one_that_covers_another_column_is_refused_by_name(self):
        head = ["备忘", *HEAD[1:]]
        row = ["未到", None, *ABSENT[2:]]
        merges = [Merge(1, 0, 2, 1)]
        told = self.faults(head, row, [None, *row[1:]], merges=merges)
        assert told == [(2, "A2:B3", "证件号")]
        assert self.faults(head, row, row, merges=[]) == []

    def test_one_across_two_known_columns_of_a_row(self):
        row = ["发烧", *ABSENT[1:4], "2026-11-18", None]
        assert self.faults(HEAD, row, merges=[Merge(1, 4, 1, 5)]) == [(2, "E2:F2", "标记")]

    def test_the_headings_of_one_do_not_hide_the_first_row(self):
        row = ["发烧", None, *ABSENT[2:]]
        assert self.faults(HEAD, row, merges=[Merge(0, 1, 1, 1)]) == [(2, "B1:B2", "证件号")]

    def test_headings_two_rows_high_are_no_fault(self):
        high = [Merge(0, place, 1, place) for place in range(6)]
        assert self.faults(HEAD, [None] * 6, ABSENT, merges=high) == []

    def test_one_whose_first_row_holds_nothing_else_is_told_at_the_next(self):
        head = ["备忘", *HEAD[1:]]
        rows = [["去过", None, None, None, None, None], [None, None, *ABSENT[2:]]]
        assert self.faults(head, *rows, merges=[Merge(1, 0, 2, 1)]) == [(3, "A2:B3", "证件号")]

    def test_each_block_of_headings_shares_out_its_own(self):
        again = ["日期", "证件号", "学校标识码", "标记", "班级", "说明"]
        rows = [
            ["2026-11-18", CHILD, "5399010001", "未到", "七(1)班", None],
            [None, CHILD, "5399010001", "未到", "七(1)班", None],
        ]
        kept = read(HEAD, ABSENT, again, *rows, merges=[Merge(3, 0, 4, 0)])
        assert [row.text("日期") for row in kept.rows] == ["2026-11-18"] * 3
        assert not any(row.faults for row in kept.rows)

    def test_endless_ranges_are_refused_and_take_no_time(self):
        rows = [HEAD, *[ABSENT] * 10_000]
        merges = [Merge(1, 5, 1_048_575, 5)] * (MAX_CELLS // 10_000 + 1)
        with pytest.raises(Refused, match="表格太大"):
            read(*rows, merges=merges)


@pytest.mark.parametrize("serial", ["40056", 40056, 40056.5, "40056.0"])
def test_a_serial_number_in_a_book_of_1904_is_its_day_also_as_text(serial):
    (row,) = read(HEAD, [None, CHILD, None, None, serial, None], date1904=True).rows
    assert row.text("日期") == "2013-09-01"
    (other,) = read(HEAD, [None, CHILD, None, None, serial, None]).rows
    assert other.raw("日期") == serial
