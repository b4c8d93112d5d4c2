"""The words of the land: stages, levels, kinds of school and of calendar rows."""

from enum import IntEnum

from regions.labels import Labelled, LabelledInt


class Stage(Labelled):
    """学段: the two stages of compulsory schooling."""

    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"


class Level(LabelledInt):
    """Level of a region; its code has 2, 4, 6, 9 or 12 digits."""

    PROVINCE = 1, "省"
    PREFECTURE = 2, "州市"
    COUNTY = 3, "县"
    TOWNSHIP = 4, "乡镇（街道）"
    VILLAGE = 5, "村（社区）"


CODE_LENGTHS = {
    2: Level.PROVINCE,
    4: Level.PREFECTURE,
    6: Level.COUNTY,
    9: Level.TOWNSHIP,
    12: Level.VILLAGE,
}


class SchoolKind(Labelled):
    """办学类型: which stages a school teaches follows from it."""

    PRIMARY = "primary", "小学"
    TEACHING_POINT = "teaching_point", "教学点"
    JUNIOR = "junior", "初级中学"
    NINE_YEAR = "nine_year", "九年一贯制学校"
    TWELVE_YEAR = "twelve_year", "十二年一贯制学校"
    COMPLETE_SECONDARY = "complete_secondary", "完全中学"
    SPECIAL = "special", "特殊教育学校"


SCHOOL_KIND_ALIASES = {
    "小学": SchoolKind.PRIMARY,
    "完全小学": SchoolKind.PRIMARY,
    "完小": SchoolKind.PRIMARY,
    "中心小学": SchoolKind.PRIMARY,
    "中心校": SchoolKind.PRIMARY,
    "普通小学": SchoolKind.PRIMARY,
    "村小": SchoolKind.PRIMARY,
    "小学教学点": SchoolKind.TEACHING_POINT,
    "教学点": SchoolKind.TEACHING_POINT,
    "初中": SchoolKind.JUNIOR,
    "初级中学": SchoolKind.JUNIOR,
    "普通初中": SchoolKind.JUNIOR,
    "独立初中": SchoolKind.JUNIOR,
    "中学": SchoolKind.JUNIOR,
    "九年制学校": SchoolKind.NINE_YEAR,
    "九年一贯制": SchoolKind.NINE_YEAR,
    "九年一贯制学校": SchoolKind.NINE_YEAR,
    "十二年一贯制": SchoolKind.TWELVE_YEAR,
    "十二年一贯制学校": SchoolKind.TWELVE_YEAR,
    "完全中学": SchoolKind.COMPLETE_SECONDARY,
    "特殊教育": SchoolKind.SPECIAL,
    "特殊教育学校": SchoolKind.SPECIAL,
    "特教学校": SchoolKind.SPECIAL,
}


class DayKind(Labelled):
    """What a calendar row says about its days."""

    TERM = "term", "学期"
    HOLIDAY = "holiday", "放假"
    MAKE_UP = "make_up", "调休上课"
    CLOSURE = "closure", "停课"
    HALF_CLOSURE = "half_closure", "半天停课"
    YEAR = "year", "本年已定"
    OPENING = "opening", "报到日"


class RowState(Labelled):
    """Does a calendar row speak? Only an active one does; none is ever changed or removed."""

    PROPOSED = "proposed", "待核定"
    ACTIVE = "active", "生效"
    REFUSED = "refused", "不同意"
    ENDED = "ended", "已撤销"


class Narrow(IntEnum):
    """How narrowly a calendar row speaks at its place; the narrower row wins."""

    ALL = 0
    STAGE = 1
    GRADE = 2
    BOARDERS = 3
    COMMUNITY = 4


WEEKDAYS = "一二三四五六日"
