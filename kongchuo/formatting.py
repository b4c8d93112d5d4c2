"""How pages write a date, a time and a coded word: the filters of every template, pure functions."""

from datetime import date, datetime, time

from django.utils import dateformat

from attendance.enums import DayState, Mark
from regions.clock import local, today
from regions.enums import WEEKDAYS
from regions.rules.day_words import day_in_words, dense_day, span_in_words
from students.enums import AbsenceState


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def cn_date(value: date | datetime | None) -> str:
    """11月19日; with its year when that is another school year; — for no date."""
    if not value:
        return "—"
    return day_in_words(_day(value), today())


def cn_date_week(value: date | datetime | None) -> str:
    """11月19日 星期四."""
    if not value:
        return "—"
    return f"{cn_date(value)} 星期{WEEKDAYS[_day(value).isoweekday() - 1]}"


def cn_span(first: date | datetime, last: date | datetime) -> str:
    """11月19日 – 11月24日; with the years where one of them is not of now."""
    return span_in_words(_day(first), _day(last), today())


def cn_date_short(value: date | datetime | None) -> str:
    """周四 19日: a day of a week whose month is known."""
    if not value:
        return "—"
    day = _day(value)
    return f"周{WEEKDAYS[day.isoweekday() - 1]} {day.day}日"


def dense_date(value: date | datetime | None) -> str:
    """11-19, for narrow columns; with its year when that is another school year."""
    return dense_day(_day(value), today()) if value else "—"


def clock(value: datetime | time | None) -> str:
    """08:03, as Shanghai reads it."""
    if value is None or value == "":
        return "—"
    return f"{local(value) if isinstance(value, datetime) else value:%H:%M}"


def date_as(value: date | datetime | None, pattern: str) -> str:
    """A day or an instant of Shanghai by a pattern of Django's dateformat; "" for none."""
    if not value:
        return ""
    return dateformat.format(local(value) if isinstance(value, datetime) else value, pattern)


REGISTER_WORDS = {True: "已报，没有标记", False: "未报考勤"}
STATE_WORDS = {
    DayState.SEEN: "到校",
    DayState.UNEXPLAINED: "无正当理由未到",
    DayState.EXPLAINED: "有正当理由",
    DayState.TEACHERS_WORD: "班主任准假",
    DayState.NOT_TAKEN: "未报，不计",
}
ACCESS_WORDS = {
    "list": "看名单", "view": "看学生", "reveal": "看完整号码", "print": "打印", "export": "导出",
    "search": "查找", "student": "学生", "students": "学生名单", "class_roll": "班级名单",
    "school_day": "学校今日", "schools_day": "各校今日", "alerts": "预警名单",
    "exists_elsewhere": "查重", "roster": "名册", "roster_rejected": "退回行",
    "cases": "个案名单", "rises": "上报事项", "contracts": "责任书名单", "contract": "责任书",
    "overview": "总览", "screen": "大屏", "names": "名单", "monthly": "月报告名单",
    "month_report": "月报告", "ledgers": "台账", "ledger": "台账",
    "rates": "巩固率", "absences": "请假与休学",
}  # fmt: skip


def proof_mark(line: dict) -> str:
    """What the register of a day in a proof says, with the leave on file."""
    if line["mark"]:
        said = Mark(line["mark"]).label
    elif line["taken"] and not line["listed"]:
        said = "已报，名册中还没有他"
    else:
        said = REGISTER_WORDS[line["taken"]]
    if line["leave"]:
        said += f"，请假{AbsenceState(line['leave']).label}"
    return said + ("，休学、送教或借读" if line["away"] else "")


def proof_state(line: dict) -> str:
    """What the rule made of a day in a proof."""
    return STATE_WORDS[DayState(line["state"])]


def access_word(value: str) -> str:
    """An action or kind of the access log in Chinese."""
    return ACCESS_WORDS.get(value, value)
