"""Class names of every spelling, and when the school year turns."""

from datetime import date

import pytest

from regions.enums import Stage
from regions.rules.classnames import (
    ClassName,
    class_label,
    grade_label,
    read_class,
    read_grade,
    school_year,
)
from regions.rules.values import BadValue

P, J = Stage.PRIMARY, Stage.JUNIOR
ON = date(2026, 11, 20)
PRIMARY, JUNIOR = {P: 6}, {J: 3}
NINE, FIVE_FOUR = {P: 6, J: 3}, {P: 5, J: 4}


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 8, 14), 2025),
        (date(2026, 8, 15), 2026),
        (date(2026, 9, 1), 2026),
        (date(2027, 1, 10), 2026),
        (date(2027, 6, 30), 2026),
    ],
)
def test_the_school_year_turns_in_the_middle_of_august(day, year):
    assert school_year(day) == year


@pytest.mark.parametrize(
    ("raw", "grade", "number"),
    [
        ("七(3)班", 7, 3),
        ("七（3）班", 7, 3),
        ("七（３）班", 7, 3),
        ("七3班", 7, 3),
        ("七三班", 7, 3),
        ("7(3)班", 7, 3),
        ("7-3", 7, 3),
        ("七年级3班", 7, 3),
        ("七年级(3)班", 7, 3),
        ("七年级 三班", 7, 3),
        ("七年级\n第3班", 7, 3),
        ("7年级03班", 7, 3),
        ("八年级8班", 8, 8),
        ("八（8）班", 8, 8),
        ("七(3)", 7, 3),
        ("七(12)班", 7, 12),
        ("七年级十二班", 7, 12),
        ("七年级二十一班", 7, 21),
        ("七【3】班", 7, 3),
        ("初一3班", 7, 3),
        ("初一(3)班", 7, 3),
        ("初三（1）班", 9, 1),
        ("初中二年级4班", 8, 4),
        ("小三2班", 3, 2),
        ("小学三年级(2)班", 3, 2),
        ("三(1)", 3, 1),
        ("三二班", 3, 2),
        ("三年级", 3, 1),
        ("三年级班", 3, 1),
        ("初二", 8, 1),
        ("一年级1", 1, 1),
        ("703", 7, 3),
        (703.0, 7, 3),
        ("0301班", 3, 1),
    ],
)
def test_a_name_with_its_grade(raw, grade, number):
    stage = P if grade < 7 else J
    entered = 2026 - grade + (1 if stage is P else 7)
    assert read_class(raw, ON, NINE) == ClassName(stage, entered, number)


@pytest.mark.parametrize(
    ("raw", "stages", "expected"),
    [
        ("2025级8班", JUNIOR, ClassName(J, 2025, 8)),
        ("2025级(8)班", JUNIOR, ClassName(J, 2025, 8)),
        ("25级8班", PRIMARY, ClassName(P, 2025, 8)),
        ("2022级1班", NINE, ClassName(P, 2022, 1)),
        ("初中2025级8班", NINE, ClassName(J, 2025, 8)),
        ("小学2025级8班", NINE, ClassName(P, 2025, 8)),
        ("初一2班", FIVE_FOUR, ClassName(J, 2026, 2)),
        ("六(2)班", FIVE_FOUR, ClassName(J, 2026, 2)),
        ("六(2)班", PRIMARY, ClassName(P, 2021, 2)),
        ("初四2班", FIVE_FOUR, ClassName(J, 2023, 2)),
        ("202403", JUNIOR, ClassName(J, 2024, 3)),
        (202403.0, JUNIOR, ClassName(J, 2024, 3)),
        ("2401", PRIMARY, ClassName(P, 2024, 1)),
    ],
)
def test_the_school_decides_what_a_cohort_or_a_junior_grade_is(raw, stages, expected):
    assert read_class(raw, ON, stages) == expected


@pytest.mark.parametrize(
    ("raw", "grade", "number"),
    [
        ("3班", "七年级", 3),
        ("3", "7", 3),
        (3.0, 7.0, 3),
        ("八班", "七年级", 8),
        ("(8)班", "初一", 8),
        ("12班", "七", 12),
        ("二十班", "七", 20),
        ("七(3)班", "七年级", 3),
        ("2026级3班", "七年级", 3),
        ("202603", "七年级", 3),
        ("2603", "2026级", 3),
    ],
)
def test_a_grade_column_completes_a_bare_number(raw, grade, number):
    assert read_class(raw, ON, JUNIOR, grade=grade) == ClassName(J, 2026, number)


@pytest.mark.parametrize(
    ("raw", "month", "stages", "expected"),
    [
        ("03", date(2024, 9, 1), JUNIOR, ClassName(J, 2024, 3)),
        ("3", date(2024, 8, 1), JUNIOR, ClassName(J, 2024, 3)),
        (3.0, date(2025, 2, 1), JUNIOR, ClassName(J, 2024, 3)),
        ("001", date(2024, 9, 1), JUNIOR, ClassName(J, 2024, 1)),
        ("03", date(2021, 9, 1), NINE, ClassName(P, 2021, 3)),
        ("202403", date(2023, 9, 1), JUNIOR, ClassName(J, 2024, 3)),
        ("2401", date(2024, 9, 1), JUNIOR, ClassName(J, 2024, 1)),
    ],
)
def test_an_entry_month_completes_a_class_code(raw, month, stages, expected):
    assert read_class(raw, ON, stages, entry_month=month) == expected


@pytest.mark.parametrize(
    ("raw", "stages", "more", "says"),
    [
        ("8班", JUNIOR, {}, "看不出年级"),
        ("八班", JUNIOR, {}, "看不出年级"),
        ("12班", NINE, {}, "看不出年级"),
        ("二十班", NINE, {}, "看不出年级"),
        ("七", JUNIOR, {}, "看不出年级"),
        ("初2班", JUNIOR, {}, "看不出年级"),
        ("六(2)班", JUNIOR, {}, "没有六年级"),
        ("小三2班", JUNIOR, {}, "没有小学"),
        ("初四1班", NINE, {}, "没有四年级"),
        ("高一3班", NINE, {}, "看不懂"),
        ("2025级8班", NINE, {}, "分不清"),
        ("2020级8班", JUNIOR, {}, "不在本校"),
        ("2026届3班", JUNIOR, {}, "届"),
        ("03", NINE, {"entry_month": date(2024, 9, 1)}, "分不清"),
        ("七(3)班", JUNIOR, {"grade": "八年级"}, "不一致"),
        ("3班", JUNIOR, {"grade": "幼儿园"}, "年级看不懂"),
        ("3班", JUNIOR, {"grade": "六年级"}, "没有六年级"),
        ("七(0)班", JUNIOR, {}, "1 至 99"),
        ("0", JUNIOR, {"grade": "七"}, "1 至 99"),
        ("重点班", JUNIOR, {}, "看不懂"),
        ("7.5", JUNIOR, {"grade": "七"}, "不一致|看不懂"),
        ("", JUNIOR, {}, "看不懂"),
        (None, JUNIOR, {"grade": "七年级"}, "看不懂"),
    ],
)
def test_a_name_that_leaves_the_class_open_is_refused(raw, stages, more, says):
    with pytest.raises(BadValue, match=says):
        read_class(raw, ON, stages, **more)


def test_a_grade_cell_alone():
    cells = ["七年级", "七", 7.0, "初一", "2026级", "初中一年级"]
    assert {read_grade(cell, ON, JUNIOR) for cell in cells} == {7}
    assert read_grade("  ", ON, JUNIOR) is None


def test_labels_read_back_as_the_class_they_name():
    for grade in range(1, 10):
        for number in (1, 9, 10, 24):
            label = class_label(grade, number)
            assert read_class(label, ON, NINE) == read_class(str(number), ON, NINE, grade=grade)
    assert (class_label(7, 3), grade_label(7)) == ("七(3)班", "七年级")


def test_the_same_name_is_another_class_a_year_later():
    before, after = date(2026, 8, 14), date(2026, 8, 15)
    assert read_class("七(3)班", before, JUNIOR).entry_year == 2025
    assert read_class("七(3)班", after, JUNIOR).entry_year == 2026
