"""Identity numbers: what is taken, what is refused, and what the refusal says."""

import json
from datetime import date
from pathlib import Path

import pytest

from regions.rules.values import BadValue
from students.rules.identity import (
    IdNumber,
    check_digit,
    clean,
    disagreements,
    mask_id,
    mask_phone,
    read_id,
    read_phone,
    read_xueji,
)

# A second spelling of a digit would be a second number: the index of a number is made of its text.
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
TODAY = date(2026, 11, 20)
VECTORS = Path(__file__).resolve().parents[4] / "shared" / "cases" / "id_vectors.json"

# Invented numbers of the area code 539901, and the example printed in GB 11643-1999.
BOY, GIRL = "539901201309010011", "539901201209030023"


def made(first17: str) -> str:
    return first17 + check_digit(first17)


@pytest.mark.parametrize(
    ("first17", "digit"),
    [
        ("11010519491231002", "X"),
        ("44052418800101001", "4"),
        ("53990120130901001", "1"),
        ("53990120120903002", "3"),
    ],
)
def test_check_digits_known_from_the_standard(first17, digit):
    assert check_digit(first17) == digit


@pytest.mark.parametrize(
    "raw",
    [
        BOY,
        f"'{BOY}",
        f"’{BOY}",
        f" {BOY[:6]} {BOY[6:14]} {BOY[14:]}\n",
        BOY.translate({ord("0") + n: ord("０") + n for n in range(10)}),
        f"\u200b{BOY}\ufeff",
        f"\u00a0{BOY}\u3000",
        f'"{BOY}"',
    ],
)
def test_spellings_of_one_number(raw):
    assert read_id(raw, "1", TODAY) == IdNumber(BOY, date(2013, 9, 1), "male")


@pytest.mark.parametrize("cross", ["X", "x", "×", "Ｘ", "ｘ", "✕", "Х"])
def test_every_cross_is_an_x(cross):
    found = read_id(f"11010519491231002{cross}", "1", TODAY)
    assert found == IdNumber("11010519491231002X", date(1949, 12, 31), "female")


@pytest.mark.parametrize(
    "number",
    [
        GIRL,
        made("81000020130818998"),
        made("82000020130818998"),
        made("83000020120501000"),
        made("53990120160229999"),
        made("53999920200101001"),
        made("53990120261120001"),
    ],
)
def test_valid_numbers_whatever_todays_county_codes_are(number):
    assert read_id(number, "1", TODAY).canonical == number
    assert read_id(number, "", TODAY).canonical == number


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "  ",
        "无",
        "未上户",
        "暂无",
        "-",
        "/",
        "／",
        "——",
        "…",
        "\u200b",
        "n/a",
        "无身份证",
        0,
        "0",
    ],
)
def test_no_number_yet_is_none(raw):
    assert read_id(raw, "1", TODAY) is None
    assert read_xueji(raw, TODAY) is None
    assert read_phone(raw) is None


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (5.3990120130901e17, "Excel 转成了数字.*设为“文本”"),
        (539901201309010011, "Excel 转成了数字.*设为“文本”"),
        ("5.39901E+17", "Excel 转成了数字.*设为“文本”"),
        ("5.39901e17", "Excel 转成了数字.*设为“文本”"),
        (BOY[:17], "现在是 17 位"),
        (BOY + "1", "现在是 19 位"),
        ("123456789546", "现在是 12 位"),
        ("T" + BOY[1:], "前 17 位只能是数字"),
        (BOY[:16] + "X" + BOY[17], "前 17 位只能是数字"),
        (BOY.translate(ARABIC), "前 17 位只能是数字"),
        (BOY[:17] + "8", "末位应为 1"),
        ("539901201209030000", "000 的，多半是被 Excel"),
        (made("53990120130231001"), "出生日期不存在"),
        (made("53990120130001001"), "出生日期不存在"),
        (made("53990120150229001"), "出生日期不存在"),
        (made("53990129780605885"), "1900 年至今天"),
        (made("53990118991231001"), "1900 年至今天"),
        (made("53990120261121001"), "1900 年至今天"),
        (made("00990120130901001"), "前两位不是任何省份"),
        (made("91000020130901001"), "身份证件类型改为 9"),
        ("610104620932690", "出生日期不存在"),
        ("110101940231001", "出生日期不存在"),
        (GIRL[:15], "被截断"),
    ],
)
def test_a_wrong_number_is_refused_with_advice_and_not_repeated(raw, says):
    with pytest.raises(BadValue, match=says) as refusal:
        read_id(raw, "1", TODAY)
    assert str(raw)[:12] not in str(refusal.value)


def test_a_number_of_the_first_generation_is_renewed():
    assert read_id("539901620927690", "1", TODAY) == IdNumber(
        made("53990119620927690"), date(1962, 9, 27), "female"
    )


@pytest.mark.parametrize(
    ("raw", "doc_type", "canonical"),
    [
        ("A123456(3)", "6", "A123456(3)"),
        ("Ａ１２３４５６（３）", "6", "A123456(3)"),
        ("1234567(8)", "7", "1234567(8)"),
        ("01234567", "8", "01234567"),
        ("e12345678", "A", "E12345678"),
        ("出生证-1", "Z", None),
        ("ab", "a", None),
        ("810000201308189980", "6", None),
        ("810000201308189981", "6", "810000201308189981"),
        (1234567.0, "8", None),
        ("E1234567", "5", None),
    ],
)
def test_documents_other_than_the_identity_card(raw, doc_type, canonical):
    if canonical is None:
        with pytest.raises(BadValue):
            read_id(raw, doc_type, TODAY)
    else:
        assert read_id(raw, doc_type, TODAY).canonical == canonical


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (f"G{BOY}", f"G{BOY}"),
        (f"g{BOY}", f"G{BOY}"),
        (f"'Ｇ{BOY} ", f"G{BOY}"),
        ("g11010519491231002x", "G11010519491231002X"),
        ("L539901201209010001", "L539901201209010001"),
        ("J53990120120901000x", "J53990120120901000X"),
    ],
)
def test_student_numbers_that_are_taken(raw, expected):
    assert read_xueji(raw, TODAY) == expected


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (f"G{BOY[:17]}8", "学籍号里的身份证号有误.*末位应为 1"),
        (f"X{BOY}", "G、J 或 L 开头"),
        (BOY, "G、J 或 L 开头"),
        ("H20240701001", "学籍辅号"),
        (f"G{BOY[:17]}", "现在是 18 位"),
        ("L53990120120901000A", "只能是数字"),
        (f"L{BOY}".translate(ARABIC), "只能是数字"),
        ("L539901201213010001", "出生日期不存在"),
        ("J099901201209010001", "区划代码"),
        ("G5.39901E+17", "Excel"),
        (2.0240701001e10, "数字格式"),
    ],
)
def test_student_numbers_that_are_refused(raw, says):
    with pytest.raises(BadValue, match=says):
        read_xueji(raw, TODAY)


@pytest.mark.parametrize(
    ("sex", "birth", "words"),
    [
        ("1", date(2013, 9, 1), []),
        ("male", None, []),
        ("", None, []),
        (None, None, []),
        ("2", None, ["性别填的是女，身份证号第 17 位表示男"]),
        ("female", date(2013, 9, 2), ["性别填的是女", "出生日期与身份证号"]),
    ],
)
def test_columns_that_disagree_with_the_number_are_warned_of(sex, birth, words):
    warnings = disagreements(IdNumber(BOY, date(2013, 9, 1), "male"), sex, birth)
    assert len(warnings) == len(words)
    assert all(word in warning for word, warning in zip(words, warnings, strict=True))


def test_a_passport_disagrees_with_nothing():
    assert disagreements(IdNumber("E12345678"), "1", date(2013, 9, 1)) == []


@pytest.mark.parametrize(
    ("raw", "digits"),
    [
        ("13812342207", "13812342207"),
        (13812342207.0, "13812342207"),
        (13812342207, "13812342207"),
        ("138 1234 2207", "13812342207"),
        ("138-1234-2207", "13812342207"),
        ("+86 13812342207", "13812342207"),
        ("8613812342207", "13812342207"),
        ("１３８１２３４２２０７", "13812342207"),
        ("0871-12345678", None),
        ("0871-62345678", "087162345678"),
        ("（0692）2123456", "06922123456"),
        ("2123456", "2123456"),
        ("12812342207", None),
        ("13812342207".translate(ARABIC), None),
        ("1381234220", None),
        ("13812342207/13912342207", None),
        ("1.38123E+10", None),
        ("妈妈的", None),
    ],
)
def test_telephones(raw, digits):
    if digits is None:
        with pytest.raises(BadValue, match="电话"):
            read_phone(raw)
    else:
        assert read_phone(raw) == digits


def test_masks_show_no_more_than_they_say():
    assert mask_id(BOY) == "*" * 14 + "0011"
    assert (mask_id(""), mask_id("1234"), mask_id("12345")) == ("", "****", "*2345")
    assert mask_phone("13812342207") == "138****2207"
    assert (mask_phone("2123456"), mask_phone("")) == ("***3456", "")


def test_clean_takes_any_cell():
    assert [clean(raw) for raw in (None, 3.0, "ａ b×", True)] == ["", "3", "abX", "1"]


if VECTORS.exists():

    def test_the_published_vectors():
        published = json.loads(VECTORS.read_text(encoding="utf-8"))
        wrong = [
            vector["id"]
            for key, read in (
                ("id_vectors", lambda raw: read_id(raw, "1", TODAY)),
                ("student_number_vectors", lambda raw: read_xueji(raw, TODAY)),
            )
            for vector in published[key]
            if not answers(vector, read)
        ]
        assert wrong == []


def answers(vector: dict, read) -> bool:
    """Does reading the vector's input come out as the vector expects?"""
    try:
        found = read(vector["input"])
    except BadValue:
        return vector["valid"] in (False, "not_this_field", "depends")
    if vector["valid"] is None:
        return found is None
    if vector["valid"] not in (True, "depends") or found is None:
        return False
    sex = {"M": "male", "F": "female"}.get(vector.get("sex"))
    return (
        getattr(found, "canonical", found)
        == vector.get("canonical", getattr(found, "canonical", found))
        and (sex is None or found.sex == sex)
        and ("birth" not in vector or found.birth.isoformat() == vector["birth"])
    )
