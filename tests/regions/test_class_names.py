"""What a class is called on a day: by its grade while it is in one, by its entry before and after."""

from datetime import date

import pytest

from regions.enums import Stage
from regions.models import SchoolClass


@pytest.mark.parametrize(
    ("stage", "entered", "years", "on", "label"),
    [
        (Stage.PRIMARY, 2021, 6, date(2021, 9, 1), "一(2)班"),
        (Stage.PRIMARY, 2021, 6, date(2027, 8, 14), "六(2)班"),
        (Stage.PRIMARY, 2021, 6, date(2027, 8, 15), "小学2021级2班（已毕业）"),
        (Stage.PRIMARY, 2021, 5, date(2026, 9, 1), "小学2021级2班（已毕业）"),
        (Stage.JUNIOR, 2024, 3, date(2026, 11, 19), "九(2)班"),
        (Stage.JUNIOR, 2023, 3, date(2026, 11, 19), "初中2023级2班（已毕业）"),
        (Stage.JUNIOR, 2023, 4, date(2026, 11, 19), "九(2)班"),
        (Stage.JUNIOR, 2027, 3, date(2026, 11, 19), "初中2027级2班（还没入学）"),
    ],
)
def test_a_class_past_its_years_is_in_no_grade(stage, entered, years, on, label):
    assert SchoolClass(stage=stage, entry_year=entered, years=years, number=2).label(on) == label
