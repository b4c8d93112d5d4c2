"""Dates, months, yes and no, and codes, as cells hold them."""

from datetime import date, datetime

import pytest

from regions.rules.values import BadValue, column_letters, plain
from students.rules import spellings
from students.rules.spellings import read_birth, read_code, read_month, read_sex, read_yes_no

EIGHT_THIRTY = datetime(2010, 9, 1, 8, 30)  # noqa: DTZ001  a cell has no time zone
TODAY = date(2026, 11, 20)
BIRTH = "出生日期"


BORN = date(2013, 12, 1)


@pytest.mark.parametrize(
    ("raw", "known", "day"),
    [
        ("20131201", None, BORN), ("2013年12月1日", None, BORN), (BORN, None, BORN),
        ("2013-12-02", BORN, date(2013, 12, 2)),  # told as a disagreement, beside the number
        ("2013年12月", BORN, BORN), ("201312", BORN, BORN), (2013.12, BORN, BORN),
        (2013.1, date(2013, 10, 7), date(2013, 10, 7)), (2013.1, date(2013, 1, 7), date(2013, 1, 7)),
        ("", BORN, None), ("无", None, None), ("  ", None, None), (None, None, None),
    ],
)  # fmt: skip
def test_births(raw, known, day):
    assert read_birth(raw, known=known, today=TODAY, what=BIRTH) == day


@pytest.mark.parametrize(
    ("raw", "known", "says"),
    [
        ("2013年12月", None, "只有年月.*请填成 2025-11-01 这样的日期"),
        ("2013年11月", BORN, "不是同一个月"),
        ("2010-02-30", None, "不存在"),
        ("9/1/2010", None, "看不懂"),
        ("2026-11-21", None, "请核对年份：2026-11-21 太远，最晚 2022-11-20。"),
        ("1983-12-01", None, "请核对年份：1983-12-01 太早，最早 2007-11-20。"),
    ],
)
def test_a_wrong_birth_is_refused_with_its_cure(raw, known, says):
    with pytest.raises(BadValue, match=says):
        read_birth(raw, known=known, today=TODAY, what=BIRTH)


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
