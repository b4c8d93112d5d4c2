"""The layouts real rosters have, and what makes a row a row of headings."""

import json
from pathlib import Path

import pytest

from accounts.file_door.notes import is_footer
from regions.rules.values import BadValue
from students.headers import (
    FIELDS,
    TEMPLATE,
    find_header,
    household_address,
    meaning,
)

LAYOUTS = Path(__file__).resolve().parents[4] / "shared" / "cases" / "headers.json"

# The headings of the national template that decide something, in its own order.
H01_HEADINGS = (
    "学校标识码 姓名 性别 出生日期 出生地行政区划代码 民族 国籍/地区 身份证件类型 "
    "身份证件号 户口性质 户口所在地行政区划 班号 入学年月 就读方式 现住址 通信地址 "
    "家庭地址 联系电话 是否留守儿童 是否孤儿 学籍辅号 班内学号 残疾类型 随班就读 成员1姓名 "
    "成员1关系 成员1联系电话 成员1是否监护人 成员1身份证件类型 成员1身份证件号 成员2姓名 "
    "成员2身份证件号 是否进城务工人员随迁子女"
)
H01 = H01_HEADINGS.split()
H03_HEADINGS = (
    "姓名 班级名称 学籍号 性别 出生日期 身份证件类型 身份证件号码 民族 户口性质 户口所在地 "
    "现住址 入园日期 是否留守儿童 是否寄宿生 是否孤儿 是否低保"
)
H03 = H03_HEADINGS.split()
H05_HEADINGS = (
    "姓名 本人手机号 性别 身份证号 学籍号 户籍地(省) 户籍地(市) 户籍地(区/县) "
    "户籍地(乡/镇) 户籍地(村) 户籍详细地址 现居住地址 监护人姓名 监护人电话 与本人关系 "
    "是否建档立卡贫困户 准考试证号"
)
H05 = H05_HEADINGS.split()


def test_the_national_template():
    header = find_header([H01, ["5390000001"]])
    assert (header.row_index, header.layout, header.unknown) == (0, "H01", [])
    expected = {
        "school_code": "学校标识码",
        "class_no": "班号",
        "household_code": "户口所在地行政区划",
        "residence_address": "现住址",
        "home_address": "家庭地址",
        "aux_no": "学籍辅号",
        "guardian1_name": "成员1姓名",
        "guardian1_id_no": "成员1身份证件号",
        "guardian2_id_no": "成员2身份证件号",
        "migrant": "是否进城务工人员随迁子女",
    }
    assert {name: H01[header.columns[name]] for name in expected} == expected
    assert "xueji_no" not in header.columns
    assert "class_name" not in header.columns
    assert "通信地址" in header.unused


def test_a_merged_title_stands_above_the_headings():
    title = ["某某小学学生花名册（姓名、班级、性别）", *[None] * (len(H03) - 1)]
    header = find_header([title, ["填报单位：某某小学", None, "填报时间：2026-09-05"], H03])
    assert (header.row_index, header.layout, header.unknown) == (2, "H03", [])
    assert header.columns["xueji_no"] == H03.index("学籍号")
    assert header.columns["boarding"] == H03.index("是否寄宿生")
    assert header.columns["household_address"] == H03.index("户口所在地")


def test_an_address_in_five_columns():
    header = find_header([H05])
    assert (header.layout, header.unknown) == ("H05", [])
    assert header.columns["guardian1_relation"] == H05.index("与本人关系")
    assert header.columns["own_phone"] == H05.index("本人手机号")
    assert header.columns["guardian1_phone"] == H05.index("监护人电话")
    cells = {name: H05[column] for name, column in header.columns.items()}
    assert cells["household_township"] == "户籍地(乡/镇)"


def test_our_own_template():
    header = find_header([list(TEMPLATE.values())])
    assert header.layout == "template"
    assert header.columns == {name: place for place, name in enumerate(TEMPLATE)}


def test_columns_are_found_wherever_they_stand():
    backwards = list(reversed(TEMPLATE.values()))
    header = find_header([["", *backwards]])
    assert {name: header.columns[name] for name in TEMPLATE} == {
        name: len(TEMPLATE) - place for place, name in enumerate(TEMPLATE)
    }


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        ("姓 名", "name"),
        ("姓\n名*", "name"),
        ("*姓名（必填）", "name"),
        ("★学生姓名：", "name"),
        ("性别(男/女)", "sex"),
        ("出生日期（YYYYMMDD）", "birth_on"),
        ("出生日期(格式如20100901)", "birth_on"),
        ("身份证号（18位）", "id_no"),
        ("户籍地（乡/镇）", "household_township"),
        ("户籍地（组）", None),
        ("学籍号", "xueji_no"),
        ("学籍辅号", "aux_no"),
        ("省学籍号", "aux_no"),
        ("学号", None),
        ("班内学号", "seat_no"),
        ("家长电话", "guardian1_phone"),
        ("联系电话", "phone"),
        ("监护人2身份证件号", "guardian2_id_no"),
        ("学校(机构)标识码", "school_code"),
        ("", None),
        (None, None),
        (20100901.0, None),
    ],
)
def test_headings(cell, field):
    assert meaning(cell) == field


def test_a_heading_means_one_field_only():
    aliases = [alias for names in FIELDS.values() for alias in names]
    assert len(aliases) == len(set(aliases))


def test_an_address_heading_stands_in_where_no_residence_is_given():
    header = find_header([["姓名", "班级", "家庭住址"]])
    assert header.columns == {"name": 0, "class_name": 1, "residence_address": 2}


def test_headings_nobody_knows_are_named():
    header = find_header([["姓名", "班级", "性别", "座右铭", "血型"]])
    assert (header.unknown, header.unused, header.layout) == (["座右铭"], ["血型"], "other")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["姓名", "班级", "身份证号", "证件号码"]], "C 列“身份证号”和 D 列“证件号码”意思相同"),
        ([["姓名", "班级", "学籍号", "学籍号"]], "C 列.*D 列"),
        (
            [["序号", "自然村（屯）", "应接受义务教育未接受适龄儿童少年姓名", "出生年月"]],
            "未入学儿童名单",
        ),
        ([["班级", "节次", "应到人数", "缺勤学生姓名"]], "考勤表"),
        ([["学校名称", "毕业生数", "转入", "巩固率"]], "巩固率统计表"),
        ([["姓名", "性别", "证件号码", "与户主关系", "民族"]], "家庭成员表"),
    ],
)
def test_what_is_no_roster_is_refused_with_a_sentence(rows, says):
    with pytest.raises(BadValue, match=says):
        find_header(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[None, ""], ["张三", "七(3)班", "男"]],
        [["班级", "性别", "学籍号"]],
        [["姓名", "班级"]],
        [["标题"]] * 30 + [H03],
    ],
)
def test_a_table_without_headings_has_none(rows):
    assert find_header(rows) is None


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (["审核人：", None, "填表人：张三", "联系电话：0692"], True),
        (["", "填表人:李四"], True),
        (["填表说明：1. 本表一式两份"], True),
        (["注：学籍号可空"], True),
        (["合计", 45], True),
        (["校长（签字）：", None], True),
        (["1", "张三", "七(3)班"], False),
        (["注意", "七(3)班"], False),
        (["合计华", "男"], False),
        ([None, ""], False),
    ],
)
def test_footers(row, answer):
    assert is_footer(row) is answer


@pytest.mark.parametrize(
    ("cells", "address"),
    [
        ({"household_address": "甲县乙乡"}, "甲县乙乡"),
        ({"household_province": "云南省", "household_township": "乙乡", "household_detail": "3 组"},
         "云南省乙乡3 组"),
        ({"household_province": "云南省", "household_detail": "云南省甲县乙乡"}, "云南省甲县乙乡"),
        ({"household_detail": "乙乡"}, "乙乡"),
        ({}, ""),
    ],
)  # fmt: skip
def test_household_addresses(cells, address):
    assert household_address(cells) == address


if LAYOUTS.exists():

    def test_the_published_layouts_hold_no_unknown_heading():
        layouts = json.loads(LAYOUTS.read_text(encoding="utf-8"))["layouts"]
        columns = {layout["id"]: layout["columns"] for layout in layouts}
        for layout in ("H01", "H03", "H05"):
            header = find_header([columns[layout]])
            assert (header.layout, header.unknown) == (layout, [])
        for layout in ("H07", "H09", "H11", "H13"):
            with pytest.raises(BadValue, match="不是学校花名册"):
                find_header([columns[layout]])
