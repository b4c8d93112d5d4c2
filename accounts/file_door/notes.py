"""What stands around the data: titles, signing lines, totals, notes, sheets of explanations.

One rule for all: a row is passed over only when every one of its cells is explained as none of the
data, wherever it stands. In doubt it is data, and refused with its address when it is none.
Standard library only.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from regions.rules.values import DAY, EIGHT_DIGITS, plain

LONGEST_NOTE = 120
BY = r"\((?:签字|签名|签章|盖章|公章|章)\)"
SIGNERS = (
    "审核人?|审批人?|复核人?|批准人?|填表人?|填报人?|制表人?|统计人?|登记人?|录入人?|经办人?|联系人"
    "|单位领导|分管领导|主管领导|单位负责人|负责人|校长|班主任"
)
PLACES = "填报单位|填表单位|报送单位|学校|单位"
WHENS = "填表日期|填表时间|填报日期|填报时间|制表日期|制表时间|报送日期|上报日期|上报时间|日期|时间"
PHONES = "联系电话|办公电话|电话"
REMARKS = "填表说明|填报说明|备注|说明|注"
LABEL = re.compile(
    rf"(?:(?P<signer>{SIGNERS}|{PLACES}|{WHENS})|(?P<phone>{PHONES})|(?P<remark>{REMARKS}))"
    rf"(?P<by>签字|签名|盖章|{BY})?(?:(?P<colon>:)(?P<told>.*))?"
)
# Such a word alone is nobody's value in any column; 校长 is a role, 备注 and 日期 may be anything.
ALONE = re.compile("(?:审核|审批|填表|填报|制表|经办)人")
REMARK = re.compile(rf"(?:{REMARKS}|填表日期|填报时间)(?:[:].*)?")
TOTAL = re.compile(
    r"(?:合计|总计|小计|共计)(?:人?数)?(?::.{0,40}|\(.{0,20}\)|\d{1,6}[人名个户]?)?"
    r"|共\d{1,6}[人名户个].{0,20}"
)
COUNT = re.compile(r"(?:其中)?:?[男女]?生?:?\d{0,5}(?:\.\d{1,2})?%?[人名个户]?|[-—/]{1,3}")
MOST_COUNTED = 100_000  # below a code of a place (539901), above any school
TITLE = re.compile(
    r".{2,60}(花名册|名册|名单|登记表|汇总表|统计表|一览表|信息表|明细表|台账)(\(.{0,40}\))?"
)
SHORTEST_TITLE = 5  # 李名单 is a name

LONGEST_VALUE = 20
MANY_DIGITS = re.compile(r"[0-9]{6}")
CHILD_NUMBER = re.compile(r"[GJL]?[0-9]{15,18}[0-9Xx]{0,3}")
LONG_NUMBER = re.compile(r"[0-9]{6,14}")

EXPLAINING = re.compile(r".{0,20}(说明|须知|示例|样例|示范|范例|模板).{0,20}")
LISTING = re.compile(r".{0,20}(选项|字典|代码表?|参考|封面|目录).{0,20}")
EXAMPLES = 3  # rows an explanation may show
LIKE_DATA = 3  # filled cells in a row of a sheet without headings, or rows of two

Cells = Sequence[object]


def is_footer(row: Cells) -> bool:
    """Is this a line under the table (审核人：… 填表人：…, 填表说明, 合计) rather than a child?"""
    cells = _filled(row)
    if len(cells) == 1 and isinstance(cells[0], str) and REMARK.fullmatch(_squeezed(cells[0])):
        return True
    return bool(cells) and (_is_total(cells) or _is_signed(cells))


def is_title(row: Cells) -> bool:
    """Is this one cell that calls itself a list (七年级学生花名册)?"""
    cells = _filled(row)
    text = _squeezed(cells[0]) if len(cells) == 1 and isinstance(cells[0], str) else ""
    return len(text) >= SHORTEST_TITLE and TITLE.fullmatch(text) is not None


def is_note_sheet(name: str, rows: Iterable[Cells]) -> bool:
    """Does a sheet without headings hold explanations only? So by its name, as long as it does not
    hold more data than an example would; under any other name when no row looks like data."""
    if EXPLAINING.fullmatch(name[:60]):
        return sum(map(looks_like_data, rows)) <= EXAMPLES
    if LISTING.fullmatch(name[:60]):
        return not any(map(looks_like_data, rows))
    pairs = 0
    for row in rows:
        filled = len(_filled(row))
        pairs += filled > 1
        if filled >= LIKE_DATA or pairs >= LIKE_DATA or names_a_child(row):
            return False
    return True


def looks_like_data(row: Cells) -> bool:
    """A row with a child's number, or with days, telephones and long numbers among several cells."""
    cells = _filled(row)
    telling = sum(_is_day(cell) or _is_long_number(cell) for cell in cells)
    return names_a_child(cells) or (telling > 0 and telling + len(cells) >= 2 * LIKE_DATA)


def names_a_child(row: Cells) -> bool:
    """Does an identity number or a 学籍号 stand in the row?"""
    return any(
        CHILD_NUMBER.fullmatch(plain(cell)[:40].upper()) is not None
        for cell in row
        if isinstance(cell, (str, int, float)) and not isinstance(cell, bool)
    )


def _filled(row: Cells) -> list[object]:
    return [cell for cell in row if cell not in (None, "")]


def _squeezed(cell: object) -> str:
    return re.sub(r"\s", "", plain(cell)[: LONGEST_NOTE * 2])[:LONGEST_NOTE]


def _is_day(cell: object) -> bool:
    if isinstance(cell, date):
        return True
    text = _squeezed(cell) if isinstance(cell, (str, int, float)) else ""
    told = DAY.fullmatch(text) or EIGHT_DIGITS.fullmatch(text)
    return told is not None and 1900 < int(told[1]) < 2200 and 0 < int(told[2]) < 13


def _is_long_number(cell: object) -> bool:
    return LONG_NUMBER.fullmatch(plain(cell)[:LONGEST_VALUE]) is not None


def _is_total(cells: list[object]) -> bool:
    """合计 or the like, and beside it only counts and what is counted (男, 女)."""
    first, *others = cells
    if not isinstance(first, str) or not TOTAL.fullmatch(_squeezed(first)):
        return False
    return all(map(_is_count, others))


def _is_count(cell: object) -> bool:
    if isinstance(cell, (int, float)):
        return 0 <= cell < MOST_COUNTED
    return isinstance(cell, str) and COUNT.fullmatch(_squeezed(cell)) is not None


def _is_signed(cells: list[object]) -> bool:
    """Every cell is a label, what its label waits for, or a day; one of them at least is signed."""
    signed = False
    waiting: re.Match[str] | None = None
    for cell in cells:
        label = _label(cell)
        if label:
            signed = signed or not label["remark"]
            waiting = None if label["told"] or label["remark"] else label
        elif waiting and _answers(cell, waiting):
            waiting = None
        elif not _is_day(cell):
            return False
    return signed


def _label(cell: object) -> re.Match[str] | None:
    """审核人：张三, 校长（签字）, 填表人; a bare word only where it can be no value."""
    text = _squeezed(cell) if isinstance(cell, str) else ""
    label = LABEL.fullmatch(text)
    if label and (label["colon"] or label["by"] or ALONE.fullmatch(text)):
        return label
    return None


def _answers(cell: object, label: re.Match[str]) -> bool:
    """A name, a day or a telephone beside its label; no number that could be a child's or a place's."""
    if isinstance(cell, date):
        return True
    text = plain(cell)
    if label["phone"]:
        return len(text) <= LONGEST_VALUE and not CHILD_NUMBER.fullmatch(text)
    return isinstance(cell, str) and len(text) <= LONGEST_VALUE and not MANY_DIGITS.search(text)
