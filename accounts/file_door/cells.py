"""One cell as it is kept: clean, bounded, without what spreadsheets put around it.

Standard library only. No pattern of a door ever sees a cell that was not here first.
"""

import re
from datetime import date

from accounts.file_door.bounds import LONGEST_CELL
from regions.rules.plain_text import cleaned

Value = str | float | int | bool | date | None

FORMULA_TEXT = re.compile(r'[=＝]\s?["“”](.{0,200})["“”]', re.DOTALL)
WHOLE_NUMBER = re.compile(r"(\d{1,30})\.0{1,6}")
ERRORS = frozenset(
    "#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM! #SPILL! #CALC! #GETTING_DATA #FIELD! "
    "#BLOCKED! #UNKNOWN! #CONNECT! #BUSY! #数据! #名称?".split()
)

CALC_ERROR = re.compile(r"#(?:Err|错误|錯誤)[:：]\d{3}")  # of LibreOffice: Err:502


def clean_cell(raw: Value) -> Value:
    """The cell without unseen characters and outer blanks; ="5399…" and 13800000001.0 unwrapped;
    None when nothing is left. A text is cut behind LONGEST_CELL characters."""
    if not isinstance(raw, str):
        return raw
    text = cleaned(raw).strip()
    if not text:
        return None
    if len(text) > LONGEST_CELL:
        return text[: LONGEST_CELL + 1]
    if text[0] in "=＝" and (formula := FORMULA_TEXT.fullmatch(text)):
        return formula[1].strip() or None
    if text[-1] == "0" and (whole := WHOLE_NUMBER.fullmatch(text)):
        return whole[1]
    return text


def is_error(value: object) -> bool:
    """Did a formula fail here (#N/A)? Its text stands in the cell in place of a value."""
    if not isinstance(value, str) or value[:1] != "#":
        return False
    return value.upper() in ERRORS or CALC_ERROR.fullmatch(value) is not None
