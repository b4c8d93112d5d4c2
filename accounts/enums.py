"""The words of acting: roles and units, what may be logged, how sure a date is."""

from enum import Enum, StrEnum

from regions.labels import Labelled


class Role(Labelled):
    """Who a person is to the portal. A role outside this list sees nothing."""

    TEACHER = "teacher", "班主任"
    STAND_IN = "stand_in", "代班教师"
    OFFICE = "office", "教务处"
    PRINCIPAL = "principal", "校长"
    CENTRAL = "central", "中心校"
    VILLAGE = "village", "村干部"
    TOWNSHIP = "township", "乡镇控辍专干"
    LEADER = "leader", "单位负责人"
    BUREAU = "bureau", "县教育体育局"
    COUNTY_OFFICE = "county_office", "县控辍保学专班"
    INSPECTOR = "inspector", "督学"
    COURT = "court", "法院"
    PROCURATORATE = "procuratorate", "检察院"
    JUSTICE = "justice", "司法局"
    POLICE = "police", "公安局"
    LABOUR = "labour", "人社局"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    SYSTEM = "system", "系统任务"


ROLE_ALIASES = {role.label: role for role in Role} | {
    "教务": Role.OFFICE,
    "教务主任": Role.OFFICE,
    "学校": Role.OFFICE,
    "学校教务": Role.OFFICE,
    "中心学校": Role.CENTRAL,
    "学区": Role.CENTRAL,
    "村": Role.VILLAGE,
    "村委会": Role.VILLAGE,
    "社区": Role.VILLAGE,
    "乡镇": Role.TOWNSHIP,
    "乡镇（街道）": Role.TOWNSHIP,
    "乡镇专干": Role.TOWNSHIP,
    "街道": Role.TOWNSHIP,
    "教育局": Role.BUREAU,
    "县教育局": Role.BUREAU,
    "教体局": Role.BUREAU,
    "县教体局": Role.BUREAU,
    "县教育体育局": Role.BUREAU,
    "专班": Role.COUNTY_OFFICE,
    "县专班": Role.COUNTY_OFFICE,
    "控辍保学专班": Role.COUNTY_OFFICE,
    "县控辍办": Role.COUNTY_OFFICE,
    "负责人": Role.LEADER,
    "责任督学": Role.INSPECTOR,
    "法院": Role.COURT,
    "检察院": Role.PROCURATORATE,
    "司法局": Role.JUSTICE,
    "司法": Role.JUSTICE,
    "公安": Role.POLICE,
    "公安局": Role.POLICE,
    "派出所": Role.POLICE,
    "人社": Role.LABOUR,
    "人社局": Role.LABOUR,
}


class Unit(Enum):
    """What a seat is attached to."""

    CLASS = "class"
    SCHOOL = "school"
    REGION = "region"
    NONE = "none"


CLASS_ROLES = {Role.TEACHER, Role.STAND_IN}
SCHOOL_STAFF = {Role.OFFICE, Role.PRINCIPAL}
SCHOOL_ROLES = SCHOOL_STAFF | {Role.CENTRAL}
COUNTY_ROLES = {Role.BUREAU, Role.COUNTY_OFFICE}
HOME_ROLES = {Role.VILLAGE, Role.TOWNSHIP}
REFERRAL_ROLES = {Role.COURT, Role.PROCURATORATE, Role.JUSTICE, Role.POLICE, Role.LABOUR}
ADMIN_ROLES = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
LOOKING_ON = {Role.LEADER, Role.INSPECTOR}
PHONE_ROLES = CLASS_ROLES | {Role.VILLAGE}
CHILD_READERS = CLASS_ROLES | SCHOOL_ROLES | HOME_ROLES | COUNTY_ROLES
EVERYONE = frozenset(Role) - {Role.SYSTEM}


def unit_of(role: Role) -> Unit:
    """Where a seat of this role stands."""
    if role in CLASS_ROLES:
        return Unit.CLASS
    if role in SCHOOL_ROLES:
        return Unit.SCHOOL
    if role in COUNTY_ROLES | HOME_ROLES | REFERRAL_ROLES | LOOKING_ON:
        return Unit.REGION
    return Unit.NONE


class SeatState(Labelled):
    """How a seat stands. Only an active one reaches, between its first and its last day.

    There is no state for what is simply over: a seat ends by its last day (`until`), and stays
    readable. `REVOKED` is one taken back before its first day was over: at once, with that day as
    its last where it had begun. `REFUSED` is one that was never let in.
    """

    PROPOSED = "proposed", "待启用"
    ACTIVE = "active", "已启用"
    REFUSED = "refused", "已退回"
    REVOKED = "revoked", "已撤销"


STANDING = {SeatState.PROPOSED, SeatState.ACTIVE}
LONGEST_STAND_IN = 60  # days, both ends counted


class Line(Labelled):
    """Which line of responsibility a post stands on (政府线、教育线、家庭)."""

    GOVERNMENT = "government", "政府"
    EDUCATION = "education", "教育"
    FAMILY = "family", "家庭"


class PostLevel(Labelled):
    """At which unit a post stands."""

    COUNTY = "county", "县"
    TOWNSHIP = "township", "乡镇"
    VILLAGE = "village", "村"
    SCHOOL = "school", "学校"
    CLASS = "class", "班级"
    CHILD = "child", "学生"


class Access(StrEnum):
    """What an access row records."""

    LIST = "list"
    VIEW = "view"
    REVEAL = "reveal"
    PRINT = "print"
    EXPORT = "export"
    SEARCH = "search"


class Precision(Labelled):
    """How sure the date of an event is."""

    DAY = "day", "就是这一天"
    MONTH = "month", "只知道这个月"
    NOT_LATER = "not_later", "不晚于这一天"
    ABOUT = "about", "大约这一天"
    UNKNOWN = "unknown", "日期不详"


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
