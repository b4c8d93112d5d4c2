"""Who may change places, calendars, policies and accounts: the table beside the rule."""

from enum import StrEnum

from accounts.enums import CLASS_ROLES, SCHOOL_STAFF, Role
from accounts.models import User
from regions.paths import COUNTY
from regions.refusals import Refused


class AdminRight(StrEnum):
    PLACES = "places"
    CALENDAR = "calendar"
    ASK_CLOSURE = "ask_closure"
    ASK_CLASS_CLOSURE = "ask_class_closure"
    DECIDE_CLOSURE = "decide_closure"
    SUSPEND_CLASS = "suspend_class"
    POLICY = "policy"
    USERS = "users"


MAY: dict[AdminRight, frozenset[Role]] = {
    AdminRight.PLACES: frozenset({Role.SYSTEM_ADMIN}),
    AdminRight.CALENDAR: frozenset({Role.SYSTEM_ADMIN, Role.BUREAU}),
    AdminRight.ASK_CLOSURE: frozenset(SCHOOL_STAFF),
    AdminRight.ASK_CLASS_CLOSURE: frozenset(SCHOOL_STAFF | CLASS_ROLES),
    AdminRight.DECIDE_CLOSURE: frozenset({Role.CENTRAL, Role.BUREAU}),
    AdminRight.SUSPEND_CLASS: frozenset({Role.CENTRAL, Role.BUREAU}),
    AdminRight.POLICY: frozenset({Role.SYSTEM_ADMIN, Role.BUREAU}),
    AdminRight.USERS: frozenset({Role.SYSTEM_ADMIN}),
}
REFUSALS = {
    AdminRight.PLACES: "区划和学校由系统管理员导入。",
    AdminRight.CALENDAR: "校历由县教育体育局或系统管理员录入。",
    AdminRight.ASK_CLOSURE: "停课由学校教务或校长申请。",
    AdminRight.ASK_CLASS_CLOSURE: "班级停课由本班班主任、学校教务或校长申请。",
    AdminRight.DECIDE_CLOSURE: "停课由中心校或县教育体育局核定。",
    AdminRight.SUSPEND_CLASS: "班级停课由中心校或县教育体育局决定。",
    AdminRight.POLICY: "政策由县教育体育局或系统管理员录入。",
    AdminRight.USERS: "账号由系统管理员导入。",
}
BEYOND = "这个区划或学校不在你的管辖范围内。"
ABOVE = "省和州市的校历、政策由系统管理员录入，县教育体育局只录入本县的。"


def may(act: AdminRight, by: User, over: str) -> bool:
    """Would `require` let them?"""
    try:
        require(act, by, over=over)
    except Refused:
        return False
    return True


def require(act: AdminRight, by: User, over: str | None = None) -> None:
    """Refused when `by` holds no seat that may do this, or none at or above the place `over`.

    A system administrator's seat has no place: it acts everywhere, and it alone above the counties.
    """
    if not by.reach.holds(*MAY[act]):
        raise Refused(REFUSALS[act])
    everywhere = Role.SYSTEM_ADMIN in MAY[act] and by.reach.holds(Role.SYSTEM_ADMIN)
    if over is None or everywhere:
        return
    if not by.reach.holds(*MAY[act], over=over):
        raise Refused(ABOVE if len(over) < COUNTY else BEYOND)
