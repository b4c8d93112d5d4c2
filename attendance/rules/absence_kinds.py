"""有手续不在校: the kinds of explained days, as a table a school can check.

How long the school may grant alone, how long a span and a chain of spans may be, whether the child
leaves the sheet, and what proof is asked for. Numbers without a law are ours (系统设定). Pure.
"""

from dataclasses import dataclass
from datetime import date

from regions.labels import Labelled
from regions.rules.believable import DateKind
from regions.rules.lengths import SHORTEST_REASON
from students.enums import AbsenceKind


class Unit(Labelled):
    """What the longest span of a kind is counted in."""

    SCHOOL_DAYS = "school_days", "个教学日"
    DAYS = "days", "天"


WITHOUT_LIMIT = 10_000
A_TERM, A_YEAR, THREE_YEARS = 200, 366, 1098


@dataclass(frozen=True, slots=True)
class KindRule:
    """One kind of explained day.

    `alone`: so many school days of a chain the school grants alone; 0: never. `longest`, `chain`:
    of one span, and of spans with fewer than three seen school days between them, in `unit`.
    `away`: not on the sheet while it lasts. `proof_over`: proof is due over so many school days.
    `lawful`: the township that owns the case may say so alone (义务教育法 11); its days are then
    explained, and the rates wait for the bureau. `instead`: what to ask for when it gets too long.
    """

    alone: int
    longest: int
    chain: int
    unit: Unit
    proof: str
    proof_over: int = 0
    away: bool = False
    lawful: bool = False
    weekdays: bool = False
    instead: str = ""


KINDS: dict[AbsenceKind, KindRule] = {
    AbsenceKind.SICK: KindRule(
        10, 15, 30, Unit.SCHOOL_DAYS, "病历或诊断证明", proof_over=3, instead="请办理长期请假"
    ),
    AbsenceKind.TREATMENT: KindRule(
        WITHOUT_LIMIT, A_TERM, WITHOUT_LIMIT, Unit.DAYS, "医院治疗计划", weekdays=True,
        instead="请到下学期再办",
    ),
    AbsenceKind.PERSONAL: KindRule(
        5, 5, 10, Unit.SCHOOL_DAYS, "家长申请或村委会证明", proof_over=3, instead="请办理长期请假"
    ),
    AbsenceKind.OFFICIAL: KindRule(
        10, 10, 20, Unit.SCHOOL_DAYS, "主办单位通知", instead="更久的集训请办理借读"
    ),
    AbsenceKind.LONG_LEAVE: KindRule(
        0, 60, 90, Unit.DAYS, "县级医院证明", instead="请办理休学"
    ),
    AbsenceKind.SUSPENDED: KindRule(
        0, A_YEAR, WITHOUT_LIMIT, Unit.DAYS, "县级医院证明，需休养三个月以上", away=True,
        lawful=True, instead="期满再办",
    ),
    AbsenceKind.DEFERRED: KindRule(
        0, A_YEAR, WITHOUT_LIMIT, Unit.DAYS, "医院证明或评估意见", away=True, lawful=True,
        instead="期满再办",
    ),
    AbsenceKind.STUDY_ELSEWHERE: KindRule(
        0, A_YEAR, WITHOUT_LIMIT, Unit.DAYS, "在读证明，核查函回执", away=True,
        instead="请每学期重新核实",
    ),
    AbsenceKind.HOME_TEACHING: KindRule(
        0, A_YEAR, WITHOUT_LIMIT, Unit.DAYS, "评估意见，送教计划", away=True, instead="请每学年重新评估"
    ),
    AbsenceKind.LAWFUL: KindRule(
        0, THREE_YEARS, WITHOUT_LIMIT, Unit.DAYS, "个案依规办结的证明", away=True,
        instead="期满再办",
    ),
}  # fmt: skip

# From when and until when its days are believed.
DATES: dict[AbsenceKind, tuple[DateKind, DateKind]] = dict.fromkeys(
    AbsenceKind, (DateKind.STATUS_BEGINS, DateKind.STATUS_ENDS)
) | {
    AbsenceKind.SICK: (DateKind.ABSENCE_BEGINS, DateKind.LEAVE_ENDS),
    AbsenceKind.TREATMENT: (DateKind.ABSENCE_BEGINS, DateKind.TREATMENT_ENDS),
    AbsenceKind.PERSONAL: (DateKind.ABSENCE_BEGINS, DateKind.LEAVE_ENDS),
    AbsenceKind.OFFICIAL: (DateKind.ABSENCE_BEGINS, DateKind.LEAVE_ENDS),
    AbsenceKind.LONG_LEAVE: (DateKind.ABSENCE_BEGINS, DateKind.LEAVE_ENDS),
}

SHORTEST_CAUSE, SHORTEST_PROOF = SHORTEST_REASON, 4
NO_PROOF = ("没有", "暂无", "待补", "口头", "后补")
WEEKDAY_NAMES = "一二三四五六日"


def why_no_proof(text: str) -> str:
    """Why a text names no proof; "" when it does."""
    said = text.strip()
    if len(said) >= SHORTEST_PROOF and not said.startswith(NO_PROOF):
        return ""
    return "请写明看到了什么证明，例如“县医院诊断证明，11月18日”。"


def falls_on(day: date, weekdays: str) -> bool:
    """Is the day one of the weekdays, ISO digits like "135"? Every day is, where none is named."""
    return not weekdays or str(day.isoweekday()) in weekdays


def weekdays_in_words(weekdays: str) -> str:
    """每周一、三、五, or "" for every day."""
    named = "、".join(WEEKDAY_NAMES[int(digit) - 1] for digit in weekdays)
    return f"每周{named}" if named else ""
