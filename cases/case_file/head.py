"""The head of a case page: the level, where the case stands, and who the child is."""

from datetime import date

from cases.day_words import day_said
from cases.enums.records import SENSITIVE_REASONS, PostKey, Reason
from cases.enums.states import (
    OUT_OF_SCHOOL,
    STEP_NUMBERS,
    AbsenceLevel,
    AccessKind,
    CaseState,
    Phase,
    Step,
)
from cases.models import Case, CaseAccess, Deadline
from cases.worklist.rows import seen_since
from regions.models import Region
from students.models import Student
from students.rows import TRAITS
from students.rules.spellings import ETHNICITY, LEFT_BEHIND

LEVEL_TONES = {
    AbsenceLevel.ABSENT: "warn",
    AbsenceLevel.SUSPECTED: "bad",
    AbsenceLevel.DROPOUT: "bad",
}


def level_of(case: Case, deadlines: list[Deadline], on: date) -> tuple[str, str]:
    """Tone and word of the first tag: the level while the child is out, the day it came back."""
    if back := seen_since(deadlines):
        return "ok", f"考勤显示 {day_said(back, on)}起到校"
    if case.state in OUT_OF_SCHOOL:
        return LEVEL_TONES[case.level], AbsenceLevel(case.level).label
    if case.is_open:
        return "ok", f"已返校 {day_said(case.returned_on, on)}"
    return "plain", CaseState(case.state).label


def standing_of(case: Case, on: date) -> str:
    if case.phase is None:
        return day_said(case.closed_on, on)
    phase = Phase(case.phase).label
    if case.state == CaseState.PERSUADING:
        return f"{phase} · 第{STEP_NUMBERS[Step(case.step)]}步"
    return f"{phase} · {CaseState(case.state).label}"


def facts_of_head(
    case: Case, rows: list[CaseAccess], sees_all: bool, on: date
) -> list[tuple[str, str, str]]:
    """(term, words, class) in the order of the head; class hide-s leaves the phone's first screen."""
    child = case.student
    named = child.charges.filter(until=None)
    owner = next((row for row in rows if row.kind == AccessKind.OWNER), None)
    people = " · ".join(f"{PostKey(p.post).label} {p.name}" for p in named)
    found = [
        ("基本", _who(child), "hide-s"),
        ("现住", _place(child.residence_region, child.residence_address), "hide-s"),
        ("户籍", _place(child.household_region, child.household_address), "hide-s"),
        (
            "责任乡镇",
            f"{owner.unit}（{day_said(owner.began, on)}起）" if owner else "待指定",
            "hide-s",
        ),
        ("包保", people or "还没有指定包保责任人", ""),
        ("关注", _format_observation(child), "hide-s"),
        ("离校", case.left.label(), "hide-s"),
    ]
    if reasons := _reasons(case, sees_all):
        found.append(("原因", reasons, "hide-s"))
    if case.whereabouts:
        found.append(("去向", case.whereabouts, "hide-s"))
    if case.placement:
        found.append(("安置", case.get_placement_display(), ""))
    return found


def _who(child: Student) -> str:
    age = child.age()
    people = ETHNICITY.labels.get(child.ethnicity, "")
    first = "，".join(part for part in (child.sex_label, f"{age}岁" if age else "") if part)
    return " · ".join(part for part in (first, people) if part) or "没有登记"


def _place(region: Region | None, address: str) -> str:
    return f"{region.name if region else ''}{address}" or "没有登记"


def _format_observation(child: Student) -> str:
    left = [LEFT_BEHIND.labels[child.left_behind]] if child.left_behind not in ("", "0") else []
    traits = child.traits or {}
    named = [label.removeprefix("是否") for key, label in TRAITS.items() if traits.get(key)]
    return " · ".join(left + named) or "无"


def _reasons(case: Case, sees_all: bool) -> str:
    known = [Reason(one) for one in case.reasons if one in set(Reason)]
    shown = [Reason(one).label for one in known if sees_all or one not in SENSITIVE_REASONS]
    hidden = len(known) - len(shown)
    return "、".join(shown + (["另有不公开的原因"] if hidden else []))
