"""The words of acting: roles and units, what may be logged, how sure a date is."""

from enum import Enum


class Role(str, Enum):
    """Who a person is to the portal. A role outside this list sees nothing."""

    TEACHER = "teacher"
    STAND_IN = "stand_in"
    OFFICE = "office"
    PRINCIPAL = "principal"
    CENTRAL = "central"
    VILLAGE = "village"
    TOWNSHIP = "township"
    BUREAU = "bureau"
    COUNTY_OFFICE = "county_office"
    COURT = "court"
    PROCURATORATE = "procuratorate"
    JUSTICE = "justice"
    POLICE = "police"
    LABOUR = "labour"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    SYSTEM = "system"


ROLE_LABELS = {
    Role.TEACHER: "班主任",
    Role.STAND_IN: "代班教师",
    Role.OFFICE: "教务处",
    Role.PRINCIPAL: "校长",
    Role.CENTRAL: "中心校",
    Role.VILLAGE: "村干部",
    Role.TOWNSHIP: "乡镇控辍专干",
    Role.BUREAU: "县教育体育局",
    Role.COUNTY_OFFICE: "县控辍保学专班",
    Role.COURT: "法院",
    Role.PROCURATORATE: "检察院",
    Role.JUSTICE: "司法局",
    Role.POLICE: "公安局",
    Role.LABOUR: "人社局",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDIT_ADMIN: "审计管理员",
    Role.SYSTEM: "系统任务",
}
ROLE_ALIASES = {label: role for role, label in ROLE_LABELS.items()} | {
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
PHONE_ROLES = CLASS_ROLES | {Role.VILLAGE}
EVERYONE = frozenset(Role) - {Role.SYSTEM}


def unit_of(role: Role) -> Unit:
    """Where a seat of this role stands."""
    if role in CLASS_ROLES:
        return Unit.CLASS
    if role in SCHOOL_ROLES:
        return Unit.SCHOOL
    if role in COUNTY_ROLES | HOME_ROLES | REFERRAL_ROLES:
        return Unit.REGION
    return Unit.NONE


class Access(str, Enum):
    """What an access row records."""

    LIST = "list"
    VIEW = "view"
    REVEAL = "reveal"
    PRINT = "print"
    EXPORT = "export"
    SEARCH = "search"


class Precision(str, Enum):
    """How sure the date of an event is."""

    DAY = "day"
    MONTH = "month"
    NOT_LATER = "not_later"
    ABOUT = "about"
    UNKNOWN = "unknown"


class JobState(str, Enum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
