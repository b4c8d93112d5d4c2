"""What pages are built from in Python: icons, states in words, the marks of a register, widgets."""

from dataclasses import dataclass
from functools import cache

from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from attendance.enums import (
    AlertState,
    Mark,
    RegisterState,
    Session,
    Verdict,
)
from students.enums import AbsenceState

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
    "late": Face("warn", "迟交"),
    Session.HELD: Face("warn", "停课待核", "clock-fill"),
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
        state: Face(tone, AbsenceState(state).label)
        for state, tone in {
            AbsenceState.ASKED: "warn",
            AbsenceState.PASSED: "warn",
            AbsenceState.APPROVED: "ok",
            AbsenceState.REFUSED: "bad",
            AbsenceState.WITHDRAWN: "plain",
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


@cache
def icon(name: str, extra: str = "") -> SafeString:
    """A sign beside a word; it says nothing by itself, so it is hidden from screen readers.

    Kept, since a page asks for the same few many times; names are the code's, never a request's.
    """
    tail = f" {extra}" if extra else ""
    return format_html('<span class="bi bi-{}{}" aria-hidden="true"></span>', name, tail)


def tag(state: object, word: object = "", sign: str = "") -> SafeString:
    """A state with icon and word. `state` is a key of STATES or a tone of TONES.

    Raises KeyError for anything else: a state nobody named must not pass as a quiet grey one.
    """
    key = str(getattr(state, "value", state))
    face = STATES[key] if key in STATES else Face(key, "", TONES[key])
    tone = "" if face.tone == "plain" else f" tag-{face.tone}"
    sign = sign or face.icon or TONES[face.tone]
    return format_html('<span class="tag{}">{}{}</span>', tone, icon(sign), word or face.word)


def mark_faces() -> list[MarkFace]:
    """The seven marks in the order of the sheet and of the keys 1–4."""
    return MARK_FACES


def mark_face(value: str) -> MarkFace | None:
    """The face of one mark; None for "" (present)."""
    return next((face for face in MARK_FACES if face.value == value), None)


def _mark_options(chosen: str) -> SafeString:
    faces = (
        (face.value, face.icon, " selected" if face.value == chosen else "", face.word)
        for face in MARK_FACES
    )
    options = format_html_join("", '<option value="{}" data-icon="{}"{}>{}</option>', faces)
    return format_html('<option value="">到校</option>{}', options)


# Written once for each mark, not for each child: they were most of the work of a register's page.
MARK_OPTIONS = {value: _mark_options(value) for value in ("", *(face.value for face in MARK_FACES))}


def mark_options(chosen: str) -> SafeString:
    """The options of one child's select, 到校 first and chosen for what is no mark."""
    return MARK_OPTIONS.get(chosen, MARK_OPTIONS[""])


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


def querystring(request: HttpRequest, **changes: object) -> str:
    """The query of this address with some parameters changed, or dropped where None; "" for none."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query or request.GET else ""
