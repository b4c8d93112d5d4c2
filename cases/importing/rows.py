"""One row of the cases a county brings along at go-live: its headings, its dates, what it refuses."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from accounts.file_door.headings import column, simple_headings
from accounts.file_door.rows import Row
from cases.enums.states import Step, step_title
from cases.fuzzy_dates import FuzzyDate, read_fuzzy
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.values import BadValue, plain, read_day
from students.naming import CHILD_COLUMNS

OWN_COLUMNS = [
    column("建档日期", "建档时间", longest=30, day=True),
    column("离校日期", "离校时间 最后离校日期", longest=30, day=True),
    column("疑似辍学日期", "列入疑似辍学日期", longest=30, day=True),
    column("辍学日期", "列入辍学日期 辍学时间", longest=30, day=True),
    column("当前步骤", "步骤 办理步骤", longest=20, filled=True),
    column("责任乡镇", "责任乡镇代码 区划代码", longest=12, filled=True),
    column("批评教育日期", "批评教育时间", longest=30, day=True),
    column("责令文号", "责令改正文号 责令限期改正文号", longest=60),
    column("责令日期", "责令改正日期", longest=30, day=True),
    column("责令送达日期", "责令改正送达日期", longest=30, day=True),
    column("限期天数", "责令限期天数", longest=10),
    column("处罚文号", "行政处罚文号", longest=60),
    column("处罚日期", "行政处罚日期", longest=30, day=True),
    column("处罚送达日期", "行政处罚送达日期", longest=30, day=True),
    column("备注", "说明", longest=400),
]
HEADINGS = simple_headings([*CHILD_COLUMNS, *OWN_COLUMNS], "建档日期")
STEPS = (
    {step.label: step for step in Step}
    | {plain(step_title(step)): step for step in Step}
    | {
        "": Step.PERSUADE, "劝返": Step.PERSUADE, "责令改正": Step.ORDER, "处罚": Step.PENALTY,
        "强制执行": Step.ENFORCE, "起诉": Step.SUE, "诉讼": Step.SUE,
    }
)  # fmt: skip
OPENED, LEFT = "建档日期", "离校日期"
# What each date follows, the nearest first: a child leaves before anything is done about it.
FOLLOWS = {
    "疑似辍学日期": [LEFT],
    "辍学日期": ["疑似辍学日期", LEFT],
    "批评教育日期": [LEFT],
    "责令日期": [LEFT],
    "责令送达日期": ["责令日期", LEFT],
    "处罚日期": ["责令日期", LEFT],
    "处罚送达日期": ["处罚日期", "责令日期", LEFT],
}
LONGEST = 90
HOW = "请填成 2026-09-01、2017-03、约2019-09-01、不晚于2017-12-07，或填“不详”。"


@dataclass(frozen=True, slots=True)
class Old:
    """A paper made before the portal: its number, when it was issued, when served."""

    number: str
    issued: FuzzyDate
    served: FuzzyDate | None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What a row says of its case; dates that were left empty are None."""

    opened_on: date
    left: FuzzyDate | None
    suspected: FuzzyDate | None
    dropout: FuzzyDate | None
    step: Step
    criticised: FuzzyDate | None
    order: Old | None
    penalty: Old | None
    note: str
    digest: str


def read_row(row: Row, on: date) -> Brought | None:
    """The row as values; None, with what is wrong kept in its faults, where it cannot be taken."""
    before = len(row.faults)
    opened = row.take("建档日期", _opened, on)
    step = STEPS.get(row.text("当前步骤"))
    if step is None:
        row.fault("当前步骤", f"步骤不认识，可填：{'、'.join(step.label for step in Step)}。")
    days = {name: row.take(name, fuzzy, name, on) for name in (LEFT, *FOLLOWS)}
    order, penalty = (_paper(row, what, days) for what in ("责令", "处罚"))
    if len(row.faults) == before:
        _in_order(row, days, opened)
    if step and (order or penalty):
        _papers_fit(row, step, penalty)
    if len(row.faults) > before or opened is None or step is None:
        return None
    return Brought(
        opened_on=opened,
        left=days[LEFT],
        suspected=days["疑似辍学日期"],
        dropout=days["辍学日期"],
        step=step,
        criticised=days["批评教育日期"],
        order=order,
        penalty=penalty,
        note=row.text("备注"),
        digest=_digest(row),
    )


def fuzzy(raw: object, what: str, today: date) -> FuzzyDate | None:
    """A date as sure as the cell says it, as `read_fuzzy` has it; None for an empty cell.

    Raises BadValue, also for one that has not come or cannot be believed.
    """
    if not plain(raw):
        return None
    try:
        found = read_fuzzy(raw, what=what)
    except BadValue:
        raise BadValue(f"{what}看不懂或不存在，{HOW}") from None
    _believe(found.earliest or found.latest, today)
    return found.known_on(today)


def _believe(day: date | None, today: date) -> None:
    if day and (refusal := believable.why_not(DateKind.BROUGHT, day, on=today)):
        raise BadValue(refusal)


def _opened(raw: object, today: date) -> date:
    day = read_day(raw, what="建档日期")
    if day is None:
        raise BadValue("建档日期不能为空，请填原来建档的那一天。")
    _believe(day, today)
    return day


def _paper(row: Row, what: str, dates: dict[str, FuzzyDate | None]) -> Old | None:
    """责令 or 处罚: its number, day, service and term. A service without a paper is refused."""
    number, issued = row.text(f"{what}文号"), dates[f"{what}日期"]
    served = dates[f"{what}送达日期"]
    days = row.take("限期天数", _term) if what == "责令" else None
    if not number and issued is None:
        if served:
            row.fault(f"{what}送达日期", f"有送达日期，却没有{what}文号和{what}日期，请补填。")
        elif days:
            row.fault("限期天数", "有限期天数，却没有责令文号和责令日期，请补填。")
        return None
    return Old(number, issued or FuzzyDate.unknown(), served, days)


def _term(raw: object) -> int | None:
    said = plain(raw).removesuffix("天").removesuffix("日")
    if not said:
        return None
    if not re.fullmatch("[0-9]{1,3}", said) or not 1 <= int(said) <= LONGEST:
        raise BadValue(f"限期天数应是 1 至 {LONGEST} 的整数。")
    return int(said)


def _in_order(row: Row, days: dict[str, FuzzyDate | None], opened: date | None) -> None:
    """What surely came before that which it follows is refused at its cell, with the other's cell."""
    left, began = days[LEFT], FuzzyDate.on(opened) if opened else None
    if left and began and began.surely_before(left):
        row.fault(LEFT, f"{_told(row, LEFT, left)}晚于{_told(row, OPENED, began)}，请核对。")
    for later, befores in FOLLOWS.items():
        for before in befores:
            first, then = days[before], days[later]
            if first and then and then.surely_before(first):
                told = f"{_told(row, later, then)}早于{_told(row, before, first)}，请核对。"
                row.fault(later, told)
                break


def _told(row: Row, heading: str, day: FuzzyDate) -> str:
    """责令日期 I3（2026年9月1日）."""
    return f"{heading} {row.reject(heading, '').cell}（{day.label()}）"


def _papers_fit(row: Row, step: Step, penalty: Old | None) -> None:
    """An order or a penalty on file means that its step was entered."""
    if penalty and step in (Step.PERSUADE, Step.ORDER):
        row.fault("当前步骤", "已有行政处罚，当前步骤应是行政处罚或以后，请核对。")
    elif step is Step.PERSUADE:
        row.fault("当前步骤", "已有责令文书，当前步骤应是责令改正或以后，请核对。")


def _digest(row: Row) -> str:
    """The row's own sign: the same row again is the same case."""
    said = "|".join(row.text(known.name) for known in OWN_COLUMNS)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
