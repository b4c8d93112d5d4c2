"""The words of days: marks, states of a register, of leave, of a school day and of an alert."""

from enum import Enum


class Mark(str, Enum):
    """What a register says about a child it lists; whoever is not listed was present."""

    ABSENT = "absent"
    SICK = "sick"
    PERSONAL = "personal"
    LATE = "late"
    LEFT_EARLY = "left_early"
    HALF_DAY = "half_day"
    LOST = "lost"


MARK_LABELS = {
    Mark.ABSENT: "未到",
    Mark.SICK: "病假",
    Mark.PERSONAL: "事假",
    Mark.LATE: "迟到",
    Mark.LEFT_EARLY: "早退",
    Mark.HALF_DAY: "半天",
    Mark.LOST: "失联",
}
SEEN_MARKS = {Mark.LATE, Mark.LEFT_EARLY, Mark.HALF_DAY}
TEACHERS_WORD = {Mark.SICK, Mark.PERSONAL}
OUT_MARKS = set(Mark) - SEEN_MARKS

PRESENT, NO_CLASS = "present", "no_class"
MARK_ALIASES: dict[str, Mark | str] = {label: mark for mark, label in MARK_LABELS.items()} | {
    "缺勤": Mark.ABSENT,
    "旷课": Mark.ABSENT,
    "缺席": Mark.ABSENT,
    "未到校": Mark.ABSENT,
    "无故缺席": Mark.ABSENT,
    "请假": Mark.PERSONAL,
    "病": Mark.SICK,
    "事": Mark.PERSONAL,
    "半天到校": Mark.HALF_DAY,
    "半日": Mark.HALF_DAY,
    "失去联系": Mark.LOST,
    "行踪不明": Mark.LOST,
    "联系不上": Mark.LOST,
    "到校": PRESENT,
    "出勤": PRESENT,
    "在校": PRESENT,
    "正常": PRESENT,
    "已到": PRESENT,
    "不上课": NO_CLASS,
    "停课": NO_CLASS,
    "放假": NO_CLASS,
    "今天不上课": NO_CLASS,
}


class RegisterState(str, Enum):
    TAKEN = "taken"
    NO_CLASS = "no_class"


class LeaveState(str, Enum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


LEAVE_STATE_LABELS = {
    LeaveState.PENDING: "待批",
    LeaveState.APPROVED: "已批",
    LeaveState.REFUSED: "未准",
}


class LeaveKind(str, Enum):
    SICK = "sick"
    PERSONAL = "personal"
    OTHER = "other"


LEAVE_KIND_LABELS = {
    LeaveKind.SICK: "病假",
    LeaveKind.PERSONAL: "事假",
    LeaveKind.OTHER: "其他正当理由",
}


class DayState(str, Enum):
    """What a school day was for one child (design §4)."""

    SEEN = "seen"
    UNEXPLAINED = "unexplained"
    EXPLAINED = "explained"
    TEACHERS_WORD = "teachers_word"
    NOT_TAKEN = "not_taken"


class Verdict(str, Enum):
    """What the rule says of a child on a day."""

    SEEN = "seen"
    WATCH = "watch"
    CANNOT_JUDGE = "cannot_judge"
    ALERT = "alert"


class Ground(str, Enum):
    """Why an alert stands; one alert may have both."""

    UNEXPLAINED = "unexplained"
    LOST = "lost"


class AlertState(str, Enum):
    OPEN = "open"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


STANDING = [AlertState.OPEN, AlertState.EXPLAINED, AlertState.CONFIRMED]
ALERT_STATE_LABELS = {
    AlertState.OPEN: "待学校确认",
    AlertState.EXPLAINED: "已说明原因",
    AlertState.CONFIRMED: "已确认",
    AlertState.RETURNED: "已到校",
    AlertState.WITHDRAWN: "已撤回",
}


class AlertEventKind(str, Enum):
    OPENED = "opened"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    REOPENED = "reopened"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"
    CONTACT = "contact"
    REMINDED = "reminded"


ALERT_EVENT_LABELS = {
    AlertEventKind.OPENED: "发出预警",
    AlertEventKind.EXTENDED: "天数变化",
    AlertEventKind.WITHDRAWN: "撤回预警",
    AlertEventKind.RETURNED: "学生到校",
    AlertEventKind.REOPENED: "重新预警",
    AlertEventKind.EXPLAINED: "说明原因",
    AlertEventKind.CONFIRMED: "确认预警",
    AlertEventKind.CONTACT: "联系监护人",
    AlertEventKind.REMINDED: "催办",
}


class ExplainReason(str, Enum):
    """Reasons a school may give for an alert; each becomes an approved leave with its proof."""

    SICK = "sick"
    PERSONAL = "personal"
    OTHER = "other"


CLOSURE_REASONS = ["学校活动", "天气原因", "传染病防控", "水电或房屋原因", "其他"]
