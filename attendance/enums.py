"""The words of days: marks, states of a register, of leave, of a school day and of an alert."""

from enum import StrEnum

from regions.labels import Labelled


class Mark(Labelled):
    """What a register says about a child it lists; whoever is not listed was present.

    PENDING is nobody's choice: the register says the child came, and that would take back or shorten
    an alert, so the day counts as not taken until somebody confirms it.
    """

    ABSENT = "absent", "未到"
    SICK = "sick", "病假"
    PERSONAL = "personal", "事假"
    LATE = "late", "迟到"
    LEFT_EARLY = "left_early", "早退"
    HALF_DAY = "half_day", "半天"
    LOST = "lost", "失联"
    PENDING = "pending", "待确认"


SEEN_MARKS = {Mark.LATE, Mark.LEFT_EARLY, Mark.HALF_DAY}
TEACHERS_WORD = {Mark.SICK, Mark.PERSONAL}
OUT_MARKS = set(Mark) - SEEN_MARKS
CHOSEN_MARKS = [mark for mark in Mark if mark is not Mark.PENDING]

PRESENT, NO_CLASS = "present", "no_class"
MARK_ALIASES: dict[str, Mark | str] = {mark.label: mark for mark in CHOSEN_MARKS} | {
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


class RegisterState(StrEnum):
    """A register was taken; a day without class belongs to the calendar."""

    TAKEN = "taken"


class DayState(StrEnum):
    """What a school day was for one child (design §4)."""

    SEEN = "seen"
    UNEXPLAINED = "unexplained"
    EXPLAINED = "explained"
    TEACHERS_WORD = "teachers_word"
    NOT_TAKEN = "not_taken"
    HELD = "held"  # 停课待核


class Session(StrEnum):
    """Is a class to take the register on a day? HELD: a closure that was asked for waits."""

    IN = "in"
    OUT = "out"
    UNDECIDED = "undecided"
    HELD = "held"


class Verdict(StrEnum):
    """What the rule says of a child on a day."""

    SEEN = "seen"
    WATCH = "watch"
    CANNOT_JUDGE = "cannot_judge"
    ALERT = "alert"


class Ground(StrEnum):
    """Why an alert stands; one alert may have both."""

    UNEXPLAINED = "unexplained"
    LOST = "lost"


def mark_label(mark: str) -> str:
    """What a cell of a register says; one without a mark is 到校."""
    return Mark(mark).label if mark else "到校"


class ProposalState(Labelled):
    """What became of a mark that would take back or shorten an alert."""

    ASKED = "asked", "待确认"
    CONFIRMED = "confirmed", "已确认"
    REFUSED = "refused", "未确认"
    REPLACED = "replaced", "已另行更正"


class DisputeState(Labelled):
    """What the school answered a guardian who says that a mark is wrong."""

    OPEN = "open", "待答复"
    CORRECTED = "corrected", "已更正"
    KEPT = "kept", "维持原记录"
    WITHDRAWN = "withdrawn", "登错或监护人撤回"


class AlertState(Labelled):
    OPEN = "open", "待学校确认"
    EXPLAINED = "explained", "已说明原因"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已到校"
    WITHDRAWN = "withdrawn", "已撤回"


STANDING = [AlertState.OPEN, AlertState.EXPLAINED, AlertState.CONFIRMED]


class AlertEventKind(Labelled):
    OPENED = "opened", "发出预警"
    EXTENDED = "extended", "天数变化"
    WITHDRAWN = "withdrawn", "撤回预警"
    RETURNED = "returned", "学生到校"
    REOPENED = "reopened", "重新预警"
    EXPLAINED = "explained", "说明原因"
    CONFIRMED = "confirmed", "确认预警"
    WAITING = "waiting", "报县审批"
    CONTACT = "contact", "联系监护人"
    REMINDED = "reminded", "催办"


CLOSURE_REASONS = ["学校活动", "天气原因", "传染病防控", "水电或房屋原因", "其他"]
