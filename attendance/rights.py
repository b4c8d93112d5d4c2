"""Who may do what with days: the table beside the rule. Verbs ask it; pages only reflect it."""

from enum import StrEnum

from accounts.enums import CLASS_ROLES, COUNTY_ROLES, SCHOOL_ROLES, SCHOOL_STAFF, Role


class RegisterRight(StrEnum):
    TAKE = "take"
    BRING_FILE = "bring_file"
    CORRECT_LOCKED = "correct_locked"
    ASK_LEAVE = "ask_leave"
    DECIDE_LEAVE = "decide_leave"
    HANDLE_ALERT = "handle_alert"
    ASK_STATUS = "ask_status"
    BRING_STATUS = "bring_status"
    APPROVE = "approve"
    SECOND = "second"
    END_EARLY = "end_early"


MAY: dict[RegisterRight, frozenset[Role]] = {
    RegisterRight.TAKE: frozenset(CLASS_ROLES | SCHOOL_STAFF),
    RegisterRight.BRING_FILE: frozenset(CLASS_ROLES | SCHOOL_STAFF | {Role.CENTRAL, Role.BUREAU}),
    RegisterRight.CORRECT_LOCKED: frozenset(SCHOOL_STAFF),
    RegisterRight.ASK_LEAVE: frozenset(CLASS_ROLES | SCHOOL_STAFF),
    RegisterRight.DECIDE_LEAVE: frozenset(SCHOOL_STAFF),
    RegisterRight.HANDLE_ALERT: frozenset(SCHOOL_STAFF),
    RegisterRight.ASK_STATUS: frozenset(SCHOOL_STAFF),
    RegisterRight.BRING_STATUS: frozenset(SCHOOL_ROLES | COUNTY_ROLES),
    RegisterRight.APPROVE: frozenset({Role.BUREAU}),
    # 中心校 only where `deciders` says so.
    RegisterRight.SECOND: frozenset({Role.CENTRAL, Role.BUREAU}),
    RegisterRight.END_EARLY: frozenset(SCHOOL_STAFF | {Role.BUREAU}),
}
REFUSALS = {
    RegisterRight.TAKE: "只有本班班主任、代班教师和学校教务能登记考勤。",
    RegisterRight.BRING_FILE: "考勤文件由学校、中心校或县教育体育局导入。",
    RegisterRight.CORRECT_LOCKED: "已超过锁定时间，请教务处更正。",
    RegisterRight.ASK_LEAVE: "只有本班班主任和学校教务能登记请假。",
    RegisterRight.DECIDE_LEAVE: "请假由学校教务或校长审批。",
    RegisterRight.HANDLE_ALERT: "预警由学校教务或校长处理。",
    RegisterRight.ASK_STATUS: "休学、借读等手续由学校教务或校长提出。",
    RegisterRight.BRING_STATUS: "学籍状态由学校教务、中心校或县教育体育局登记。",
    RegisterRight.APPROVE: "这一步由县教育体育局办理。",
    RegisterRight.SECOND: "这一步由县教育体育局办理。",
    RegisterRight.END_EARLY: "提前结束由学校教务、校长或县教育体育局办理。",
}
