"""The words of the land: stages, levels, kinds of school and of calendar rows."""

from enum import Enum, IntEnum


class Stage(str, Enum):
    """学段: the two stages of compulsory schooling."""

    PRIMARY = "primary"
    JUNIOR = "junior"


STAGE_LABELS = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}


class Level(IntEnum):
    """Level of a region; its code has 2, 4, 6, 9 or 12 digits."""

    PROVINCE = 1
    PREFECTURE = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5


CODE_LENGTHS = {
    2: Level.PROVINCE,
    4: Level.PREFECTURE,
    6: Level.COUNTY,
    9: Level.TOWNSHIP,
    12: Level.VILLAGE,
}
LEVEL_LABELS = {
    Level.PROVINCE: "省",
    Level.PREFECTURE: "州市",
    Level.COUNTY: "县",
    Level.TOWNSHIP: "乡镇（街道）",
    Level.VILLAGE: "村（社区）",
}


class SchoolKind(str, Enum):
    """办学类型: which stages a school teaches follows from it."""

    PRIMARY = "primary"
    TEACHING_POINT = "teaching_point"
    JUNIOR = "junior"
    NINE_YEAR = "nine_year"
    TWELVE_YEAR = "twelve_year"
    COMPLETE_SECONDARY = "complete_secondary"
    SPECIAL = "special"


SCHOOL_KIND_LABELS = {
    SchoolKind.PRIMARY: "小学",
    SchoolKind.TEACHING_POINT: "教学点",
    SchoolKind.JUNIOR: "初级中学",
    SchoolKind.NINE_YEAR: "九年一贯制学校",
    SchoolKind.TWELVE_YEAR: "十二年一贯制学校",
    SchoolKind.COMPLETE_SECONDARY: "完全中学",
    SchoolKind.SPECIAL: "特殊教育学校",
}
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


class DayKind(str, Enum):
    """What a calendar row says about its days."""

    TERM = "term"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    CLOSURE = "closure"
    HALF_CLOSURE = "half_closure"
    YEAR = "year"


DAY_KIND_LABELS = {
    DayKind.TERM: "学期",
    DayKind.HOLIDAY: "放假",
    DayKind.MAKE_UP: "调休上课",
    DayKind.CLOSURE: "停课",
    DayKind.HALF_CLOSURE: "半天停课",
    DayKind.YEAR: "本年已定",
}


class Narrow(IntEnum):
    """How narrowly a calendar row speaks at its place; the narrower row wins."""

    ALL = 0
    STAGE = 1
    GRADE = 2
    BOARDERS = 3
    COMMUNITY = 4


WEEKDAYS = "一二三四五六日"


def weekday_label(day) -> str:
    """周一 … 周日."""
    return f"周{WEEKDAYS[day.isoweekday() - 1]}"
