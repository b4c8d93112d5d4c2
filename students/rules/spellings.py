"""Cells of a roster read as dates, months and codes, in the spellings that real files hold.

Every reader gives None for an empty cell and raises BadValue for one it cannot take.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from regions.rules.believable import DateKind, why_not
from regions.rules.values import BadValue, OnlyMonth, plain, read_day
from students.enums import Sex

EARLIEST = date(1900, 1, 1)
EMPTY = {"", "无", "-", "—", "/", "\\", "暂无", "未知", "不详"}


def read_birth(raw: object, *, known: date | None, today: date, what: str) -> date | None:
    """The day a child was born. `known` is the day its identity number holds.

    Beside a number a month (出生年月) is enough: the number gives the day and the month must agree.
    """
    if _is_empty(raw):
        return None
    try:
        day = read_day(raw, what=what)
    except OnlyMonth as month:
        if known is None:
            raise
        if known.replace(day=1) not in month.months:
            raise BadValue(f"{what}与身份证号里的出生日期不是同一个月，请核对。") from None
        return known
    if day and (refusal := why_not(DateKind.BIRTH, day, on=today)):
        raise BadValue(refusal)
    return day


def read_month(raw: object, *, what: str = "入学年月") -> date | None:
    """A month as its first day: 202409, 2024-09, 2024年9月, 2024.9, or any day of it.

    A number cell 2024.1 may have been 2024.10, so it is refused.
    """
    if _is_empty(raw):
        return None
    months: tuple[date, ...] = ()
    try:
        day = read_day(raw, what=what)
        months = (day.replace(day=1),) if day else ()
    except OnlyMonth as month:
        months = month.months
    except BadValue:
        pass
    if len(months) != 1 or months[0] < EARLIEST:
        raise BadValue(f"{what}看不懂，请填成 202409 这样的六位年月。")
    return months[0]


YES = {"是", "1", "Y", "YES", "T", "TRUE", "有", "√", "✓", "✔", "☑", "对"}
NO = {"否", "不是", "0", "N", "NO", "F", "FALSE", "没有", "×", "✗", "✘", "X", "☐", "非", "不"}


def read_yes_no(raw: object, *, what: str = "本列") -> bool | None:
    """是 or 否 in their spellings (不是, 0 and 1, Y and N, a tick); 无 is 否."""
    text = plain(raw).upper()
    found = re.fullmatch(r"([01])[-=:、.](.+)", text)
    if found and found[2] in (YES if found[1] == "1" else NO):
        text = found[1]
    if text in YES:
        return True
    if text in NO or text == "无":
        return False
    if _is_empty(raw):
        return None
    raise BadValue(f"{what}请填“是”或“否”。")


@dataclass(frozen=True, eq=False)
class CodeList:
    """A list of codes with their labels, and other spellings of either (汉, CN)."""

    what: str
    labels: Mapping[str, str]
    aliases: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every accepted spelling, folded, to its code."""
        told = {label: code for code, label in self.labels.items()}
        told |= {code: code for code in self.labels}
        return {_folded(plain(text)): code for text, code in (told | dict(self.aliases)).items()}

    def accepted(self) -> str:
        """What a refusal offers: every code and label, or the first few of a long list."""
        offered = [
            label if code.islower() else f"{code}-{label}" for code, label in self.labels.items()
        ]
        return "、".join(offered[:10]) + ("……" if len(offered) > 10 else "")


def read_code(raw: object, codes: CodeList) -> str | None:
    """The code a cell means: code ("1", "01", 1.0), label ("男") or both ("1-男", "01=男")."""
    text = _folded(plain(raw))
    spellings = codes.spellings
    if (code := _code(text, spellings)) is not None:
        return code
    if _is_empty(raw):
        return None
    if found := re.fullmatch(r"([0-9A-Z]{1,7})[-=:、.](.+)", text):
        code = _code(found[1], spellings)
        if code is not None and spellings.get(found[2]) == code:
            return code
    raise BadValue(f"{codes.what}不认识，可填：{codes.accepted()}。")


def _code(text: str, spellings: Mapping[str, str]) -> str | None:
    """A spelling's code; numbers also with a zero more or less in front (1, 01)."""
    if text in spellings:
        return spellings[text]
    if text.isdecimal():
        return spellings.get(text.lstrip("0") or "0", spellings.get(text.zfill(2)))
    return None


def _folded(text: str) -> str:
    return re.sub(r"[\s—–]", lambda found: "" if found[0].isspace() else "-", text).upper()


def _is_empty(raw: object) -> bool:
    return plain(raw) in EMPTY


def read_sex(raw: object) -> str | None:
    """性别 as a code of `words.Sex`: "1" 男, "2" 女."""
    return read_code(raw, SEX)


SEX = CodeList(
    "性别",
    dict(Sex.choices),
    {"男性": "1", "女性": "2", "男生": "1", "女生": "2", "M": "1", "F": "2"},
)

# GB/T 3304-1991; 97 and 98 as school records use them.
PEOPLE_NAMES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 "
    "高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 "
    "普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 "
    "珞巴 基诺"
)
PEOPLES = PEOPLE_NAMES.split()
ETHNICITY = CodeList(
    "民族",
    {f"{number:02}": f"{people}族" for number, people in enumerate(PEOPLES, 1)}
    | {"97": "其他", "98": "外国血统中国籍人士"},
    {people: f"{number:02}" for number, people in enumerate(PEOPLES, 1)}
    | {"崩龙族": "46", "外国血统": "98", "穿青人": "97", "未识别民族": "97"},
)

# ISO 3166-1: three letters, with the numbers and names that rosters near a border hold.
NATIONALITY = CodeList(
    "国籍/地区",
    {
        "CHN": "中国", "HKG": "中国香港", "MAC": "中国澳门", "TWN": "中国台湾",
        "MMR": "缅甸", "LAO": "老挝", "VNM": "越南", "THA": "泰国", "KHM": "柬埔寨",
        "IND": "印度", "NPL": "尼泊尔", "BGD": "孟加拉国", "PAK": "巴基斯坦", "MYS": "马来西亚",
        "SGP": "新加坡", "JPN": "日本", "KOR": "韩国", "RUS": "俄罗斯", "MNG": "蒙古",
        "USA": "美国", "CAN": "加拿大", "GBR": "英国", "AUS": "澳大利亚", "FRA": "法国",
        "DEU": "德国",
    },
    {
        "中华人民共和国": "CHN", "中国籍": "CHN", "CN": "CHN", "156": "CHN", "中国大陆": "CHN",
        "香港": "HKG", "344": "HKG", "澳门": "MAC", "446": "MAC", "台湾": "TWN", "158": "TWN",
        "104": "MMR", "418": "LAO", "704": "VNM", "764": "THA",
    },
)  # fmt: skip

ID_DOC_TYPE = CodeList(
    "身份证件类型",
    {
        "1": "居民身份证",
        "2": "户口簿",
        "6": "香港特区护照/身份证明",
        "7": "澳门特区护照/身份证明",
        "8": "台湾居民来往大陆通行证",
        "9": "境外永久居住证",
        "A": "护照",
        "Z": "其他",
    },
    {
        "身份证": "1", "中华人民共和国居民身份证": "1", "二代身份证": "1", "公民身份号码": "1",
        "户口本": "2", "香港居民居住证": "6", "香港身份证": "6", "澳门居民居住证": "7",
        "澳门身份证": "7", "台湾居民居住证": "8", "台胞证": "8", "外国人永久居留证": "9",
        "外国人永久居留身份证": "9", "外国护照": "A", "港澳台居民居住证": "Z", "出生医学证明": "Z",
        "其它": "Z",
    },
)  # fmt: skip

BOARDING = CodeList(
    "就读方式",
    {"day": "走读", "boarder": "住校"},
    {
        "1": "day", "2": "boarder", "走读生": "day", "通学": "day", "通学生": "day",
        "借宿": "boarder", "住校生": "boarder", "住读": "boarder", "住宿": "boarder",
        "住宿生": "boarder", "寄宿": "boarder", "寄宿生": "boarder", "寄宿制": "boarder",
        # 是否寄宿生
        "是": "boarder", "√": "boarder", "否": "day", "不是": "day", "0": "day",
    },
)  # fmt: skip

HOUSEHOLD_KIND = CodeList(
    "户口性质",
    {"1": "农业户口", "2": "非农业户口"},
    {
        "农业": "1", "农村": "1", "农业家庭户口": "1", "农村户口": "1", "非农业": "2", "非农": "2",
        "城镇": "2", "城镇户口": "2", "非农业家庭户口": "2",
    },
)  # fmt: skip

# "9" is ours: many exports only say 是, and which parent is away is then not known.
LEFT_BEHIND = CodeList(
    "是否留守儿童",
    {"0": "非留守儿童", "1": "单亲留守儿童", "2": "双亲留守儿童", "9": "留守儿童（类型未填）"},
    {
        "否": "0", "不是": "0", "非留守": "0", "无": "0", "单亲留守": "1", "双亲留守": "2",
        "是": "9", "留守儿童": "9", "留守": "9", "√": "9",
    },
)  # fmt: skip

HEALTH = CodeList(
    "健康状况",
    {
        "10": "健康或良好",
        "20": "一般或较弱",
        "30": "有慢性病",
        "40": "有生理缺陷",
        "50": "残疾",
    },
    {
        "健康": "10", "良好": "10", "健康良好": "10", "一般": "20", "较弱": "20", "慢性病": "30",
        "生理缺陷": "40",
    },
)  # fmt: skip

# GB/T 26341-2010, with 0 for none.
DISABILITY = CodeList(
    "残疾类型",
    {
        "0": "无残疾", "1": "视力残疾", "2": "听力残疾", "3": "言语残疾", "4": "肢体残疾",
        "5": "智力残疾", "6": "精神残疾", "7": "多重残疾", "9": "其他残疾",
    },
    {
        "无": "0", "否": "0", "不是": "0", "非残疾": "0", "健全": "0", "视力": "1", "听力": "2",
        "言语": "3", "语言": "3", "肢体": "4", "智力": "5", "精神": "6", "多重": "7", "其他": "9",
    },
)  # fmt: skip
