"""What every page shares: dates as people write them, icons, states in words, the strip of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from attendance.enums import (
    AlertState,
    DayState,
    LeaveState,
    Mark,
    RegisterState,
    Verdict,
)
from regions.classnames import school_year
from regions.clock import local, today
from regions.enums import WEEKDAYS

register = template.Library()

TONES = {
    "ok": "check-circle-fill",
    "warn": "clock-fill",
    "bad": "exclamation-triangle-fill",
    "go": "arrow-right-circle-fill",
    "plain": "dash-circle",
}


@dataclass(frozen=True, slots=True)
class Face:
    """How a state looks: a tone of TONES and its word, with another icon where one is clearer."""

    tone: str
    word: str
    icon: str = ""


STATES: dict[str, Face] = {
    RegisterState.TAKEN: Face("ok", "已提交"),
    RegisterState.NO_CLASS: Face("plain", "不上课", "moon"),
    "late": Face("warn", "迟交"),
    "missing": Face("warn", "未提交"),
    "off": Face("plain", "不上课", "moon"),
    Verdict.CANNOT_JUDGE: Face("warn", "不能判定", "question-circle-fill"),
    **{
        state: Face(tone, AlertState(state).label)
        for state, tone in {
            AlertState.OPEN: "bad",
            AlertState.EXPLAINED: "ok",
            AlertState.CONFIRMED: "go",
            AlertState.RETURNED: "ok",
            AlertState.WITHDRAWN: "plain",
        }.items()
    },
    **{
        state: Face(tone, LeaveState(state).label)
        for state, tone in {
            LeaveState.PENDING: "warn",
            LeaveState.APPROVED: "ok",
            LeaveState.REFUSED: "bad",
        }.items()
    },
}


@dataclass(frozen=True, slots=True)
class MarkFace:
    """A mark as the register shows it; `rare` marks stand in the sheet's second row."""

    value: str
    word: str
    icon: str
    rare: bool = False


MARK_FACES = [
    MarkFace(mark, Mark(mark).label, icon, rare)
    for mark, icon, rare in [
        (Mark.ABSENT, "x-circle-fill", False),
        (Mark.SICK, "bandaid", False),
        (Mark.PERSONAL, "envelope-paper", False),
        (Mark.LATE, "alarm", False),
        (Mark.LEFT_EARLY, "box-arrow-left", True),
        (Mark.HALF_DAY, "circle-half", True),
        (Mark.LOST, "question-circle-fill", True),
    ]
]


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """11月19日; with its year when that is another school year; — for no date."""
    if not value:
        return "—"
    day = _day(value)
    year = "" if school_year(day) == school_year(today()) else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


@register.filter
def cn_date_week(value: date | datetime | None) -> str:
    """11月19日 星期四."""
    if not value:
        return "—"
    return f"{cn_date(value)} 星期{WEEKDAYS[_day(value).isoweekday() - 1]}"


@register.filter
def cn_date_short(value: date | datetime | None) -> str:
    """周四 19日: a day of a week whose month is known."""
    if not value:
        return "—"
    day = _day(value)
    return f"周{WEEKDAYS[day.isoweekday() - 1]} {day.day}日"


@register.filter
def dense_date(value: date | datetime | None) -> str:
    """11-19, for narrow columns."""
    return f"{_day(value):%m-%d}" if value else "—"


@register.filter
def clock(value: datetime | time | None) -> str:
    """08:03, as Shanghai reads it."""
    if value is None or value == "":
        return "—"
    return f"{local(value) if isinstance(value, datetime) else value:%H:%M}"


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A sign beside a word; it says nothing by itself, so it is hidden from screen readers."""
    tail = f" {extra}" if extra else ""
    return format_html('<span class="bi bi-{}{}" aria-hidden="true"></span>', name, tail)


@register.inclusion_tag("parts/_tag.html")
def tag(state: object, word: object = "", sign: str = "") -> dict[str, str]:
    """A state with icon and word. `state` is a key of STATES or a tone of TONES.

    Raises KeyError for anything else: a state nobody named must not pass as a quiet grey one.
    """
    key = str(getattr(state, "value", state))
    face = STATES[key] if key in STATES else Face(key, "", TONES[key])
    return {
        "tone": face.tone,
        "icon": sign or face.icon or TONES[face.tone],
        "word": str(word or face.word),
    }


@register.inclusion_tag("parts/_strip.html")
def strip(cells: Sequence[object]) -> dict[str, object]:
    """Proof by days, oldest first.

    A cell has kind (seen, un, ex, no, off, rest), sign, day, spoken and today.
    """
    return {"cells": cells}


@register.inclusion_tag("parts/_legend.html")
def legend() -> dict[str, object]:
    """What the signs of a strip mean; once per page."""
    return {}


@register.simple_tag
def mark_faces() -> list[MarkFace]:
    """The seven marks in the order of the sheet and of the keys 1–4."""
    return MARK_FACES


@register.simple_tag
def mark_face(value: str) -> MarkFace | None:
    """The face of one mark; None for "" (present)."""
    return next((face for face in MARK_FACES if face.value == value), None)


@register.simple_tag
def mark_options(chosen: str) -> SafeString:
    """The options of one child's select, 到校 first. Written once for each mark, not for each child:
    they were most of the work of a register's page. What no mark is chooses none."""
    return OPTIONS.get(chosen, OPTIONS[""])


def _options(chosen: str) -> SafeString:
    faces = (
        (face.value, face.icon, " selected" if face.value == chosen else "", face.word)
        for face in MARK_FACES
    )
    options = format_html_join("", '<option value="{}" data-icon="{}"{}>{}</option>', faces)
    return format_html('<option value="">到校</option>{}', options)


OPTIONS = {value: _options(value) for value in ["", *(face.value for face in MARK_FACES)]}


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget in the clothes of the theme, its own classes kept."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect):
        dress = "form-check-input"
    elif isinstance(widget, Select):
        dress = "form-select"
    else:
        dress = "form-control"
    classes = f"{dress} {widget.attrs.get('class', '')}".strip()
    return field.as_widget(attrs={"class": classes})


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
    "rates": "巩固率",
}  # fmt: skip


@register.filter
def proof_mark(line: dict) -> str:
    """What the register of a day in a proof says, with the leave on file."""
    if line["mark"]:
        said = Mark(line["mark"]).label
    elif line["taken"] and not line["listed"]:
        said = "已报，名册中还没有他"
    else:
        said = REGISTER_WORDS[line["taken"]]
    if line["leave"]:
        said += f"，请假{LeaveState(line['leave']).label}"
    return said + ("，休学、送教或借读" if line["away"] else "")


@register.filter
def proof_state(line: dict) -> str:
    """What the rule made of a day in a proof."""
    return STATE_WORDS[DayState(line["state"])]


@register.filter
def access_word(value: str) -> str:
    """An action or kind of the access log in Chinese."""
    return ACCESS_WORDS.get(value, value)
