"""Dates, months, yes and no, and codes, as cells hold them."""

from datetime import date, datetime

import pytest

from regions.values import BadValue, column_letters, plain
from students import spellings
from students.spellings import read_code, read_date, read_month, read_sex, read_yes_no

EIGHT_THIRTY = datetime(2010, 9, 1, 8, 30)  # noqa: DTZ001  a cell has no time zone
TODAY = date(2026, 11, 20)
BIRTH = "出生日期"


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("20050101", date(2005, 1, 1)),
        (20050101, date(2005, 1, 1)),
        (20050101.0, date(2005, 1, 1)),
        ("2010-09-01", date(2010, 9, 1)),
        ("2010.9.1", date(2010, 9, 1)),
        ("2010/9/1", date(2010, 9, 1)),
        ("2010年9月1日", date(2010, 9, 1)),
        ("2010年9月1", date(2010, 9, 1)),
        (" 2010 年 9 月 1 日 ", date(2010, 9, 1)),
        ("２０１０－０９－０１", date(2010, 9, 1)),
        ("'2010-09-01", date(2010, 9, 1)),
        ("2010-09-01 00:00:00", date(2010, 9, 1)),
        ("2010-09-01T00:00", date(2010, 9, 1)),
        (42758, date(2017, 1, 23)),
        (42758.0, date(2017, 1, 23)),
        ("42758", date(2017, 1, 23)),
        (date(2010, 9, 1), date(2010, 9, 1)),
        (EIGHT_THIRTY, date(2010, 9, 1)),
        (TODAY, TODAY),
        ("", None),
        (None, None),
        ("无", None),
        ("  ", None),
    ],
)
def test_dates(raw, day):
    assert read_date(raw, today=TODAY, what=BIRTH) == day


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("2010-02-30", "不存在"),
        ("20101301", "不存在"),
        ("2010-9", "2010-09-01"),
        ("9/1/2010", "2010-09-01"),
        ("10.9.1", "2010-09-01"),
        ("九月一日", "2010-09-01"),
        (123, "2010-09-01"),
        (42758.5, "2010-09-01"),
        (19999, "2010-09-01"),
        ("2026-11-21", "今天之间"),
        (date(2026, 11, 21), "今天之间"),
        ("1899-12-31", "今天之间"),
        (True, "2010-09-01"),
    ],
)
def test_a_wrong_date_is_refused_with_the_right_form(raw, says):
    with pytest.raises(BadValue, match=f"^{BIRTH}.*{says}"):
        read_date(raw, today=TODAY, what=BIRTH)


@pytest.mark.parametrize(
    "raw",
    [
        "202409",
        202409,
        202409.0,
        "2024-09",
        "2024年9月",
        "2024.9",
        "2024/09",
        "20240901",
        "2024-09-01",
        date(2024, 9, 1),
        EIGHT_THIRTY.replace(year=2024),
    ],
)
def test_months(raw):
    assert read_month(raw) == date(2024, 9, 1)


@pytest.mark.parametrize("raw", ["202413", "2024", "9月", 2024.1, "24-09", "000009", "2024-9-31"])
def test_a_wrong_month_is_refused(raw):
    with pytest.raises(BadValue, match="202409"):
        read_month(raw)


def test_an_empty_month_is_none():
    assert read_month(" ") is None


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("是", True), ("1", True), (1.0, True), (True, True), ("Y", True), ("y", True), ("√", True),
        ("1-是", True), ("否", False), ("不是", False), ("0", False), (0.0, False), (False, False),
        ("N", False), ("0-否", False), ("无", False), ("×", False), ("", None), (None, None),
    ],
)  # fmt: skip
def test_yes_and_no(raw, answer):
    assert read_yes_no(raw) is answer


@pytest.mark.parametrize("raw", ["2", "可能", "1-否", "0-是"])
def test_neither_yes_nor_no_is_refused(raw):
    with pytest.raises(BadValue, match="是否孤儿请填"):
        read_yes_no(raw, what="是否孤儿")


@pytest.mark.parametrize(
    ("raw", "code"),
    [("男", "1"), ("女", "2"), ("1", "1"), (2.0, "2"), ("1-男", "1"), ("01=男", "1"),
     ("1－男", "1"), ("2：女", "2"), ("男性", "1"), ("f", "2"), ("", None)],
)  # fmt: skip
def test_sex(raw, code):
    assert read_sex(raw) == code


@pytest.mark.parametrize(
    ("codes", "raw", "code"),
    [
        (spellings.ETHNICITY, "汉族", "01"),
        (spellings.ETHNICITY, "汉", "01"),
        (spellings.ETHNICITY, 1.0, "01"),
        (spellings.ETHNICITY, "07", "07"),
        (spellings.ETHNICITY, "彝族", "07"),
        (spellings.ETHNICITY, "07-彝族", "07"),
        (spellings.ETHNICITY, "独龙族", "51"),
        (spellings.ETHNICITY, "基诺", "56"),
        (spellings.ETHNICITY, "佤 族", "21"),
        (spellings.NATIONALITY, "中国", "CHN"),
        (spellings.NATIONALITY, "chn", "CHN"),
        (spellings.NATIONALITY, 156.0, "CHN"),
        (spellings.NATIONALITY, "缅甸", "MMR"),
        (spellings.ID_DOC_TYPE, "居民身份证", "1"),
        (spellings.ID_DOC_TYPE, "1-居民身份证", "1"),
        (spellings.ID_DOC_TYPE, "a", "A"),
        (spellings.ID_DOC_TYPE, "A-护照", "A"),
        (spellings.ID_DOC_TYPE, "其他", "Z"),
        (spellings.ID_DOC_TYPE, "香港特区护照/身份证明", "6"),
        (spellings.BOARDING, "1", "day"),
        (spellings.BOARDING, "走读", "day"),
        (spellings.BOARDING, "2-住校", "boarder"),
        (spellings.BOARDING, "寄宿", "boarder"),
        (spellings.BOARDING, "借宿", "boarder"),
        (spellings.HOUSEHOLD_KIND, "农业户口", "1"),
        (spellings.HOUSEHOLD_KIND, "非农业", "2"),
        (spellings.LEFT_BEHIND, 0.0, "0"),
        (spellings.LEFT_BEHIND, "不是", "0"),
        (spellings.LEFT_BEHIND, "否", "0"),
        (spellings.LEFT_BEHIND, "2-双亲留守儿童", "2"),
        (spellings.LEFT_BEHIND, "是", "9"),
        (spellings.HEALTH, "健康", "10"),
        (spellings.HEALTH, 10, "10"),
        (spellings.DISABILITY, "无", "0"),
        (spellings.DISABILITY, "听力残疾", "2"),
        (spellings.DISABILITY, None, None),
    ],
)
def test_codes_and_labels(codes, raw, code):
    assert read_code(raw, codes) == code


@pytest.mark.parametrize(
    ("codes", "raw", "offers"),
    [
        (spellings.SEX, "3", "1-男、2-女"),
        (spellings.SEX, "1-女", "1-男、2-女"),
        (spellings.SEX, "男女", "1-男、2-女"),
        (spellings.ETHNICITY, "57", "01-汉族"),
        (spellings.ETHNICITY, "云南", "01-汉族"),
        (spellings.BOARDING, "其他", "走读"),
        (spellings.HEALTH, "60", "10-健康或良好"),
    ],
)
def test_an_unknown_code_is_refused_with_what_is_accepted(codes, raw, offers):
    with pytest.raises(BadValue, match=f"^{codes.what}不认识.*{offers}"):
        read_code(raw, codes)


def test_every_label_and_code_of_every_list_reads_back():
    for codes in vars(spellings).values():
        if isinstance(codes, spellings.CodeList):
            for code, label in codes.labels.items():
                assert {read_code(text, codes) for text in (code, label, f"{code}-{label}")} == {
                    code
                }


def test_there_are_fifty_six_peoples():
    assert len(set(spellings.PEOPLES)) == 56


def test_a_cell_in_plain_text():
    cells = [None, 3.0, 3.5, True, " ａ　b\u200b", "''x", date(2010, 9, 1)]
    assert [plain(raw) for raw in cells] == ["", "3", "3.5", "1", "a b", "x", "2010-09-01"]


@pytest.mark.parametrize(("col", "letters"), [(0, "A"), (7, "H"), (25, "Z"), (26, "AA"),
                                              (199, "GR"), (701, "ZZ"), (702, "AAA")])  # fmt: skip
def test_column_letters(col, letters):
    assert column_letters(col) == letters
