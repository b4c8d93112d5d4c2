"""The words of 责任书: lines, links of the two lines, sides, states, and why one is not signed."""

from enum import Enum

from accounts.enums import Role


class Line(str, Enum):
    """双线: the government line and the education line."""

    GOVERNMENT = "government"
    EDUCATION = "education"


LINE_LABELS = {Line.GOVERNMENT: "政府线", Line.EDUCATION: "教育线"}


class Link(str, Enum):
    """Which two levels sign with each other."""

    COUNTY_TOWNSHIP = "county_township"
    TOWNSHIP_VILLAGE = "township_village"
    COUNTY_BUREAU = "county_bureau"
    BUREAU_SCHOOL = "bureau_school"
    SCHOOL_TEACHER = "school_teacher"


LINK_LABELS = {
    Link.COUNTY_TOWNSHIP: "县 ↔ 乡镇",
    Link.TOWNSHIP_VILLAGE: "乡镇 ↔ 村",
    Link.COUNTY_BUREAU: "县 ↔ 县教育体育局",
    Link.BUREAU_SCHOOL: "县教育体育局 ↔ 学校",
    Link.SCHOOL_TEACHER: "学校 ↔ 班主任",
}
LINE_OF = {
    Link.COUNTY_TOWNSHIP: Line.GOVERNMENT,
    Link.TOWNSHIP_VILLAGE: Line.GOVERNMENT,
    Link.COUNTY_BUREAU: Line.EDUCATION,
    Link.BUREAU_SCHOOL: Line.EDUCATION,
    Link.SCHOOL_TEACHER: Line.EDUCATION,
}
ABOVE = {
    Link.TOWNSHIP_VILLAGE: Link.COUNTY_TOWNSHIP,
    Link.BUREAU_SCHOOL: Link.COUNTY_BUREAU,
    Link.SCHOOL_TEACHER: Link.BUREAU_SCHOOL,
}


class Side(str, Enum):
    """甲方 is the level above, 乙方 the level below."""

    UPPER = "upper"
    LOWER = "lower"


SIDE_LABELS = {Side.UPPER: "甲方", Side.LOWER: "乙方"}
SEATS: dict[Link, dict[Side, Role]] = {
    Link.COUNTY_TOWNSHIP: {Side.UPPER: Role.COUNTY_OFFICE, Side.LOWER: Role.TOWNSHIP},
    Link.TOWNSHIP_VILLAGE: {Side.UPPER: Role.TOWNSHIP, Side.LOWER: Role.VILLAGE},
    Link.COUNTY_BUREAU: {Side.UPPER: Role.COUNTY_OFFICE, Side.LOWER: Role.BUREAU},
    Link.BUREAU_SCHOOL: {Side.UPPER: Role.BUREAU, Side.LOWER: Role.PRINCIPAL},
    Link.SCHOOL_TEACHER: {Side.UPPER: Role.PRINCIPAL, Side.LOWER: Role.TEACHER},
}


class ContractState(str, Enum):
    DRAFT = "draft"
    ISSUED = "issued"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


CONTRACT_STATE_LABELS = {
    ContractState.DRAFT: "拟稿",
    ContractState.ISSUED: "待签",
    ContractState.SIGNED: "双方已签",
    ContractState.SUPERSEDED: "已换人重签",
}


class Gap(str, Enum):
    """Why a responsibility is not signed: exactly one reason for each."""

    NOT_ISSUED = "not_issued"
    VACANT = "vacant"
    CHANGED = "changed"
    UPPER = "upper"
    LOWER = "lower"


GAP_LABELS = {
    Gap.NOT_ISSUED: "未签发",
    Gap.VACANT: "岗位空缺",
    Gap.CHANGED: "换人待重签",
    Gap.UPPER: "上级未签",
    Gap.LOWER: "本级未签",
}
