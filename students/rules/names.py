"""Names of people in one spelling, however they were typed. Standard library only."""

import re
import unicodedata

from regions.rules.plain_text import cleaned
from regions.rules.values import APOSTROPHES, BadValue, plain

INTERPUNCT = "·"
DOTS = str.maketrans(dict.fromkeys("•‧・．∙⋅･●᛫ꞏ", INTERPUNCT))
HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
BLANKS = re.compile(r"\s{1,200}")
BETWEEN_HAN = re.compile(f"(?<=[{HAN}·]) (?=[{HAN}·])")
DOT_BETWEEN_HAN = re.compile(f"(?<=[{HAN}])[.](?=[{HAN}])")
# Code points of older fonts (GB 18030-2000) for characters that have one of their own today.
OLD_FONTS = str.maketrans({"\ue863": "䶮"})
LONGEST_NAME = 60
TOO_LONG = "姓名最多 {longest} 个字，现在 {length} 个字。请改短。"
PRIVATE = "姓名里有电脑自造的字，别的电脑显示不出来。请改用标准字，或先用同音字并注明。"


def normal_name(raw: object) -> str:
    """A name: compatible forms and full-width letters made plain, one interpunct for all dots, no
    blanks between Chinese characters. Raises BadValue for characters only one machine knows, and
    for a name longer than LONGEST_NAME in this spelling (ﷺ is 18 characters of it)."""
    text = cleaned(plain(raw)).translate(OLD_FONTS).translate(DOTS)
    text = BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip(APOSTROPHES + " ")
    text = DOT_BETWEEN_HAN.sub(INTERPUNCT, BETWEEN_HAN.sub("", text))
    if any(unicodedata.category(char) == "Co" for char in text):
        raise BadValue(PRIVATE)
    if len(text) > LONGEST_NAME:
        raise BadValue(TOO_LONG.format(longest=LONGEST_NAME, length=len(text)))
    return text


def searched_name(words: str) -> str:
    """Words typed into a search, as a name would be kept; as they are where they are no name."""
    try:
        return normal_name(words)
    except BadValue:
        return words


def name_key(name: str) -> str:
    """What two spellings of one name share: no interpunct, no blanks, small letters."""
    folded = unicodedata.normalize("NFKC", cleaned(name).translate(OLD_FONTS).translate(DOTS))
    return re.sub(r"[\s·.]", "", folded).casefold()
