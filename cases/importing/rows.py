"""One row of the cases a county brings along at go-live: its headings, its dates, what it refuses."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from accounts.imports import Line, Rejection, value_or
from cases.enums.states import Step, step_title
from cases.fuzzy_dates import FuzzyDate, read_fuzzy
from regions.values import BadValue, plain, read_day
from students.naming import CHILD_HEADINGS

HEADINGS = CHILD_HEADINGS | {
    "建档日期": "建档日期", "建档时间": "建档日期",
    "离校日期": "离校日期", "离校时间": "离校日期", "最后离校日期": "离校日期",
    "疑似辍学日期": "疑似辍学日期", "列入疑似辍学日期": "疑似辍学日期",
    "辍学日期": "辍学日期", "列入辍学日期": "辍学日期", "辍学时间": "辍学日期",
    "当前步骤": "当前步骤", "步骤": "当前步骤", "办理步骤": "当前步骤",
    "责任乡镇": "责任乡镇", "责任乡镇代码": "责任乡镇", "区划代码": "责任乡镇",
    "批评教育日期": "批评教育日期", "批评教育时间": "批评教育日期",
    "责令文号": "责令文号", "责令改正文号": "责令文号", "责令限期改正文号": "责令文号",
    "责令日期": "责令日期", "责令改正日期": "责令日期",
    "责令送达日期": "责令送达日期", "责令改正送达日期": "责令送达日期",
    "限期天数": "限期天数", "责令限期天数": "限期天数",
    "处罚文号": "处罚文号", "行政处罚文号": "处罚文号",
    "处罚日期": "处罚日期", "行政处罚日期": "处罚日期",
    "处罚送达日期": "处罚送达日期", "行政处罚送达日期": "处罚送达日期",
    "备注": "备注", "说明": "备注",
}  # fmt: skip
STEPS = (
    {step.label: step for step in Step}
    | {plain(step_title(step)): step for step in Step}
    | {
        "": Step.PERSUADE, "劝返": Step.PERSUADE, "责令改正": Step.ORDER, "处罚": Step.PENALTY,
        "强制执行": Step.ENFORCE, "起诉": Step.SUE, "诉讼": Step.SUE,
    }
)  # fmt: skip
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


def read_row(line: Line, today: date, faults: list[Rejection]) -> Brought | None:
    """The row as values; None, with what is wrong kept in `faults`, where it cannot be taken."""
    before = len(faults)

    def when(heading: str) -> FuzzyDate | None:
        return value_or(line, heading, lambda raw: fuzzy(raw, heading, today), faults)

    opened = value_or(line, "建档日期", lambda raw: _opened(raw, today), faults)
    step = STEPS.get(line.text("当前步骤"))
    if step is None:
        faults.append(
            line.reject("当前步骤", f"步骤不认识，可填：{'、'.join(step.label for step in Step)}。")
        )
    row = {name: when(name) for name in ("离校日期", "疑似辍学日期", "辍学日期", "批评教育日期")}
    order, penalty = (_paper(line, what, when, faults) for what in ("责令", "处罚"))
    if opened:
        _in_order(line, opened, row, faults)
    if step and (order or penalty):
        _papers_fit(line, step, penalty, faults)
    if len(faults) > before or opened is None or step is None:
        return None
    return Brought(
        opened_on=opened, left=row["离校日期"], suspected=row["疑似辍学日期"],
        dropout=row["辍学日期"], step=step, criticised=row["批评教育日期"], order=order,
        penalty=penalty, note=line.text("备注")[:400], digest=_digest(line),
    )  # fmt: skip


def fuzzy(raw: object, what: str, today: date) -> FuzzyDate | None:
    """A date as sure as the cell says it: as `read_fuzzy`, or any spelling of a day or a month.

    None for an empty cell. Raises BadValue, also for a day that has not come.
    """
    said = plain(raw)
    if not said:
        return None
    found = _fuzzy(said, what)
    first = found.earliest or found.latest
    if first and first > today:
        raise BadValue(f"{what}还没有到，请核对。")
    return found


def _fuzzy(said: str, what: str) -> FuzzyDate:
    try:
        return read_fuzzy(said)
    except ValueError:
        pass
    for sign, kind in (("不晚于", FuzzyDate.not_later), ("约", FuzzyDate.about)):
        if said.startswith(sign):
            return kind(_day(said.removeprefix(sign), what))
    month = re.fullmatch(r"(\d{4})[-./年](\d{1,2})月?", said)
    if month and 1 <= int(month[2]) <= 12:
        return FuzzyDate.month(int(month[1]), int(month[2]))
    if month:
        raise BadValue(f"{what}看不懂或不存在，{HOW}")
    return FuzzyDate.on(_day(said, what))


def _day(said: str, what: str) -> date:
    try:
        day = read_day(said, what=what)
    except BadValue:
        day = None
    if day is None:
        raise BadValue(f"{what}看不懂或不存在，{HOW}")
    return day


def _opened(raw: object, today: date) -> date:
    day = read_day(raw, what="建档日期")
    if day is None:
        raise BadValue("建档日期不能为空，请填原来建档的那一天。")
    if day > today:
        raise BadValue("建档日期还没有到，请核对。")
    return day


def _paper(
    line: Line, what: str, when: Callable[[str], FuzzyDate | None], faults: list[Rejection]
) -> Old | None:
    """责令 or 处罚: its number, day, service and term. A service without a paper is refused."""
    number, issued = line.text(f"{what}文号")[:60], when(f"{what}日期")
    served = when(f"{what}送达日期")
    days = value_or(line, "限期天数", _term, faults) if what == "责令" else None
    if not number and issued is None:
        if served:
            faults.append(
                line.reject(
                    f"{what}送达日期", f"有送达日期，却没有{what}文号和{what}日期，请补填。"
                )
            )
        elif days:
            faults.append(line.reject("限期天数", "有限期天数，却没有责令文号和责令日期，请补填。"))
        return None
    known = issued or FuzzyDate.unknown()
    if served and served.latest and known.earliest and served.latest < known.earliest:
        faults.append(line.reject(f"{what}送达日期", f"送达日期早于{what}日期，请核对。"))
    return Old(number, known, served, days)


def _term(raw: object) -> int | None:
    said = plain(raw).removesuffix("天").removesuffix("日")
    if not said:
        return None
    if not said.isdecimal() or not 1 <= int(said) <= LONGEST:
        raise BadValue(f"限期天数应是 1 至 {LONGEST} 的整数。")
    return int(said)


def _in_order(
    line: Line, opened: date, row: dict[str, FuzzyDate | None], faults: list[Rejection]
) -> None:
    """A child leaves before a case is opened, and is 疑似辍学 before it is 辍学."""
    left, suspected, dropout = row["离校日期"], row["疑似辍学日期"], row["辍学日期"]
    if left and left.earliest and left.earliest > opened:
        faults.append(line.reject("离校日期", "离校日期晚于建档日期，请核对。"))
    earliest, latest = suspected and suspected.earliest, dropout and dropout.latest
    if earliest and latest and latest < earliest:
        faults.append(line.reject("辍学日期", "辍学日期早于疑似辍学日期，请核对。"))


def _papers_fit(line: Line, step: Step, penalty: Old | None, faults: list[Rejection]) -> None:
    """An order or a penalty on file means that its step was entered."""
    if penalty and step in (Step.PERSUADE, Step.ORDER):
        faults.append(line.reject("当前步骤", "已有行政处罚，当前步骤应是行政处罚或以后，请核对。"))
    elif step is Step.PERSUADE:
        faults.append(line.reject("当前步骤", "已有责令文书，当前步骤应是责令改正或以后，请核对。"))


def _digest(line: Line) -> str:
    """The row's own sign: the same row again is the same case."""
    own = [h for h in dict.fromkeys(HEADINGS.values()) if h not in set(CHILD_HEADINGS.values())]
    said = "|".join(line.text(heading) for heading in own)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
