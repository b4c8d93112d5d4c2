"""Who may change places, calendars, policies and accounts: the table beside the rule."""

from enum import StrEnum

from accounts.enums import SCHOOL_STAFF, Role
from accounts.models import User
from regions.paths import covers
from regions.refusals import Refused


class AdminRight(StrEnum):
    PLACES = "places"
    CALENDAR = "calendar"
    POLICY = "policy"
    USERS = "users"
    RESET_TEACHER = "reset_teacher"


MAY: dict[AdminRight, frozenset[Role]] = {
    AdminRight.PLACES: frozenset({Role.SYSTEM_ADMIN}),
    AdminRight.CALENDAR: frozenset({Role.SYSTEM_ADMIN, Role.BUREAU}),
    AdminRight.POLICY: frozenset({Role.SYSTEM_ADMIN, Role.BUREAU}),
    AdminRight.USERS: frozenset({Role.SYSTEM_ADMIN}),
    AdminRight.RESET_TEACHER: frozenset(SCHOOL_STAFF),
}
REFUSALS = {
    AdminRight.PLACES: "区划和学校由系统管理员导入。",
    AdminRight.CALENDAR: "校历由县教育体育局或系统管理员导入。",
    AdminRight.POLICY: "政策由县教育体育局或系统管理员录入。",
    AdminRight.USERS: "账号由系统管理员导入。",
    AdminRight.RESET_TEACHER: "学校教务只能重置本校教师的密码。",
}
BEYOND = "这个区划或学校不在你的管辖范围内。"


def require(act: AdminRight, by: User, over: str | None = None) -> None:
    """Refused when `by` holds no seat that may do this, or none at, below or above the place `over`.

    A system administrator's seat has no place: it acts everywhere.
    """
    if not by.reach.holds(*MAY[act]):
        raise Refused(REFUSALS[act])
    if over is None or by.reach.holds(Role.SYSTEM_ADMIN):
        return
    if not any(covers(path, over) or covers(over, path) for path in by.reach.paths(*MAY[act])):
        raise Refused(BEYOND)
