"""Numbers that name a person: 公民身份号码 (GB 11643-1999), other documents, 学籍号, telephones.

No message repeats the number it is about: messages reach screens, files and logs.
"""

import re
from dataclasses import dataclass
from datetime import date

from regions.rules.values import APOSTROPHES, BadValue, plain
from students.enums import Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
# First two digits of every area code ever issued (GB/T 2260 provinces, and 81–83 for the residence
# permits of Hong Kong, Macao and Taiwan). Counties come, go and are renumbered while the numbers
# stay valid for life, so no table of county codes is asked.
PROVINCE_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
    "50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)
PROVINCES = frozenset(PROVINCE_CODES.split())
CITIZEN_TYPES = {"", "1", "2"}
DOCUMENT_TYPES = {"6", "7", "8", "9", "A", "Z"}
EARLIEST_YEAR = 1900
# A 15-digit number of someone born before this is far likelier an 18-digit one cut off by Excel
# (…2012 read as 20-12) than the number of a person near a hundred.
EARLIEST_OLD_NUMBER = 1930
EXCEL_LIMIT = 10**15

PLACEHOLDERS = (
    "无 没有 暂无 暂缺 空 未知 不详 不清楚 未上户 未上户口 未落户 无户口 未办 未办理 待办 办理中 "
    "无证件 无身份证 无身份证号 无证件号 无学籍 无学籍号 暂无学籍号 未建学籍 无号 0 NA N/A "
    "NULL NONE NIL 无电话 无手机 空号"
)
NOT_YET = frozenset(PLACEHOLDERS.split())
CROSSES = str.maketrans("×✕✖╳ⅩХΧｘx", "X" * 9)
DROPPED = re.compile(rf"[\s{re.escape(APOSTROPHES)}\"“”]")
PUNCTUATION = re.compile(r"[\W_]+")

SPOILT_BY_EXCEL = "单元格被 Excel 转成了数字，末几位已丢失。请把该列设为“文本”后重填。"
NUMERIC_CELL = "单元格是数字格式，开头的 0 会丢失。请把该列设为“文本”后重填。"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A document number in its one spelling; birth and sex where the number tells them.

    `sex` is "male", "female" or None.
    """

    canonical: str
    birth: date | None = None
    sex: str | None = None


def clean(raw: object) -> str:
    """A number as text without blanks, quotes and invisible characters; every cross becomes X."""
    return DROPPED.sub("", plain(raw)).translate(CROSSES)


def is_missing(raw: object) -> bool:
    """Is this a blank, or one of the ways to write that there is no number yet (无, 未上户, /)?"""
    text = clean(raw).upper()
    return text in NOT_YET or PUNCTUATION.fullmatch(text) is not None or not text


def check_digit(first17: str) -> str:
    """The last character of a citizen number, from the 17 digits before it (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def read_id(raw: object, doc_type: str, today: date) -> IdNumber | None:
    """The number in a cell, for a document type (1 居民身份证, 6 7 8 9 A Z); "" is taken as 1.

    None where there is no number yet. Raises BadValue.
    """
    _refuse_number_cell(raw)
    if is_missing(raw):
        return None
    text = clean(raw).upper()
    _refuse_scientific(text)
    kind = doc_type.strip().upper()
    if kind in CITIZEN_TYPES:
        return _citizen(text, today)
    if kind not in DOCUMENT_TYPES:
        raise BadValue("身份证件类型不认识，请填 1、6、7、8、9、A、Z 之一。")
    if re.fullmatch(r"8[123][0-9]{15}[0-9X]", text):
        return _citizen(text, today)
    if not re.fullmatch(r"[A-Z0-9()\-]{3,30}", text):
        raise BadValue("证件号只能由字母、数字、括号和短横组成，3 至 30 位，请照证件重填。")
    return IdNumber(text)


def _refuse_number_cell(raw: object) -> None:
    """A number cell keeps 15 digits: the rest of an identity number is lost, never guessed."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and raw != 0:
        raise BadValue(SPOILT_BY_EXCEL if abs(raw) >= EXCEL_LIMIT else NUMERIC_CELL)


def _refuse_scientific(text: str) -> None:
    if re.fullmatch(r"[GJL]?[0-9]+(\.[0-9]+)?E\+?[0-9]+", text):
        raise BadValue(SPOILT_BY_EXCEL)


def _citizen(text: str, today: date) -> IdNumber:
    if re.fullmatch(r"[0-9]{15}", text):
        text = _renewed(text)
    if len(text) != 18:
        raise BadValue(f"身份证号应为 18 位，现在是 {len(text)} 位，请照证件重填。")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        raise BadValue("身份证号前 17 位只能是数字，末位是数字或 X，请照证件重填。")
    _refuse_area(text)
    birth = _birth(text[6:14], today, "身份证号")
    _refuse_check_digit(text)
    return IdNumber(text, birth, "male" if int(text[16]) % 2 else "female")


def _renewed(old: str) -> str:
    """18 digits from an old number of 15: the century 19 and a check digit (GB 11643-1999)."""
    if int("19" + old[6:8]) < EARLIEST_OLD_NUMBER:
        raise BadValue("身份证号只有 15 位，像是被截断的 18 位号码，请照证件重填 18 位。")
    first17 = old[:6] + "19" + old[6:]
    return first17 + check_digit(first17)


def _refuse_area(text: str) -> None:
    if text[0] == "9":
        raise BadValue("9 开头的是外国人永久居留证号，请把身份证件类型改为 9 后再传。")
    if text[:2] not in PROVINCES:
        raise BadValue("身份证号前两位不是任何省份的代码，请照证件重填。")


def _birth(eight: str, today: date, what: str) -> date:
    try:
        birth = date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        raise BadValue(f"{what}里的出生日期不存在，请照证件重填。") from None
    if birth.year < EARLIEST_YEAR or birth > today:
        raise BadValue(f"{what}里的出生日期不在 {EARLIEST_YEAR} 年至今天之间，请照证件重填。")
    return birth


def _refuse_check_digit(text: str) -> None:
    right = check_digit(text[:17])
    if text[17] == right:
        return
    message = f"身份证号校验码不对：按前 17 位，末位应为 {right}，请照证件核对每一位。"
    if text.endswith("000"):
        message += "末三位是 000 的，多半是被 Excel 转成过数字，末几位已丢失。"
    raise BadValue(message)


def read_xueji(raw: object, today: date) -> str | None:
    """学籍号 in its one spelling; None where there is none yet. Raises BadValue.

    G + citizen number; L (temporary) and J (formal, without a citizen number) + 6 digits of area
    + 8 of birth + 4. The rule for J's last character is not published, so it is not checked.
    """
    _refuse_number_cell(raw)
    if is_missing(raw):
        return None
    text = clean(raw).upper()
    _refuse_scientific(text)
    if text[0] == "H":
        raise BadValue("H 开头的是学籍辅号，不是学籍号，请填到“学籍辅号”列。")
    if text[0] not in "GJL":
        raise BadValue("学籍号应以 G、J 或 L 开头，请照学籍系统重填。")
    if not re.fullmatch(r"[GJL][0-9]{17}[0-9X]", text):
        raise BadValue(
            f"学籍号应为一个字母加 18 位号码，共 19 位，现在是 {len(text)} 位，请照学籍系统重填。"
            if len(text) != 19
            else "学籍号首字母之后只能是数字，末位可为 X，请照学籍系统重填。"
        )
    _refuse_wrong_inside(text, today)
    return text


def id_within(xueji_no: str) -> str:
    """The citizen number that a 学籍号 is made of (G-numbers); "" for the others."""
    return xueji_no[1:] if xueji_no[:1] == "G" else ""


def _refuse_wrong_inside(text: str, today: date) -> None:
    if text[0] == "G":
        try:
            _citizen(text[1:], today)
        except BadValue as error:
            raise BadValue(f"学籍号里的身份证号有误：{error}") from None
        return
    if text[1:3] not in PROVINCES:
        raise BadValue("学籍号里的区划代码不是任何省份的，请照学籍系统重填。")
    _birth(text[7:15], today, "学籍号")


def disagreements(id_number: IdNumber, sex: str | None, birth: date | None) -> list[str]:
    """Warnings where the columns 性别 and 出生日期 say otherwise than the number.

    `sex` is a code of `words.Sex`, or "male", "female"; None and "" disagree with nothing.
    """
    warnings = []
    told = {"male": Sex.MALE, "female": Sex.FEMALE}
    by_number = told.get(id_number.sex or "")
    by_column = told.get(sex or "") or (Sex(sex) if sex else None)
    if by_number and by_column and by_number != by_column:
        warnings.append(
            f"性别填的是{Sex(by_column).label}，身份证号第 17 位表示{Sex(by_number).label}，"
            "请核对。"
        )
    if id_number.birth and birth and id_number.birth != birth:
        warnings.append("出生日期与身份证号里的出生日期不一致，请核对。")
    return warnings


def read_phone(raw: object) -> str | None:
    """A telephone number as bare digits: mobile, or landline with or without its area code.

    Number cells are taken: eleven digits survive Excel. None where there is none. Raises BadValue.
    """
    if is_missing(raw):
        return None
    text = clean(raw)
    if re.search(r"[0-9]{7}[/、,;，；]{1,9}[0-9]{7}", text):
        raise BadValue("一格只填一个电话号码，另一个请填到备注或第二监护人。")
    digits = re.sub(r"[()\-—–.]", "", text)
    digits = re.sub(r"^(\+86|0086|86(?=1[0-9]{10}$))", "", digits)
    if not re.fullmatch(r"1[3-9][0-9]{9}|0[1-9][0-9]{1,2}[2-9][0-9]{6,7}|[2-9][0-9]{6,7}", digits):
        raise BadValue("电话号码应为 11 位手机号，或带区号的固定电话，例如 0871-12345678。")
    return digits


def mask_id(number: str) -> str:
    """All but the last four characters as stars; of a shorter number, everything."""
    if len(number) <= 4:
        return "*" * len(number)
    return "*" * (len(number) - 4) + number[-4:]


def mask_phone(number: str) -> str:
    """13812342207 as 138****2207; numbers under eleven digits keep only their last four."""
    return number[:3] + "****" + number[-4:] if len(number) >= 11 else mask_id(number)
