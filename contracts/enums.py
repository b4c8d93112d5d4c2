"""The words of 责任书: lines, links of the two lines, sides, states, and why one is not signed."""

from accounts.enums import Role
from regions.labels import Labelled


class Line(Labelled):
    """双线: the government line and the education line."""

    GOVERNMENT = "government", "政府线"
    EDUCATION = "education", "教育线"


class Link(Labelled):
    """Which two levels sign with each other."""

    COUNTY_TOWNSHIP = "county_township", "县 ↔ 乡镇"
    TOWNSHIP_VILLAGE = "township_village", "乡镇 ↔ 村"
    COUNTY_BUREAU = "county_bureau", "县 ↔ 县教育体育局"
    BUREAU_SCHOOL = "bureau_school", "县教育体育局 ↔ 学校"
    SCHOOL_TEACHER = "school_teacher", "学校 ↔ 班主任"


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


class Side(Labelled):
    """甲方 is the level above, 乙方 the level below."""

    UPPER = "upper", "甲方"
    LOWER = "lower", "乙方"


SEATS: dict[Link, dict[Side, Role]] = {
    Link.COUNTY_TOWNSHIP: {Side.UPPER: Role.COUNTY_OFFICE, Side.LOWER: Role.TOWNSHIP},
    Link.TOWNSHIP_VILLAGE: {Side.UPPER: Role.TOWNSHIP, Side.LOWER: Role.VILLAGE},
    Link.COUNTY_BUREAU: {Side.UPPER: Role.COUNTY_OFFICE, Side.LOWER: Role.BUREAU},
    Link.BUREAU_SCHOOL: {Side.UPPER: Role.BUREAU, Side.LOWER: Role.PRINCIPAL},
    Link.SCHOOL_TEACHER: {Side.UPPER: Role.PRINCIPAL, Side.LOWER: Role.TEACHER},
}


class ContractState(Labelled):
    DRAFT = "draft", "拟稿"
    ISSUED = "issued", "待签"
    SIGNED = "signed", "双方已签"
    SUPERSEDED = "superseded", "已换人重签"


class Gap(Labelled):
    """Why a responsibility is not signed: exactly one reason for each."""

    NOT_ISSUED = "not_issued", "未签发"
    VACANT = "vacant", "岗位空缺"
    CHANGED = "changed", "换人待重签"
    UPPER = "upper", "上级未签"
    LOWER = "lower", "本级未签"
