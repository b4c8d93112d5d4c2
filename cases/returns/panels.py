"""观察期 and 销号条件 as the case page draws them."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from attendance.records import Judgement
from attendance.strips import SHOWN_DAYS, Cell, strip_of
from cases.enums.states import CaseState, WordOf
from cases.models import Case, CaseReach
from cases.permissions import Act, may
from cases.returns.closing import Condition, closing_conditions, sent_back, why_not_close
from cases.returns.observing import WATCHED, Watch, watch
from cases.worklist.buttons import Button, link_of
from regions.days import Land
from regions.refusals import NoCalendar

LONGEST_STRIP = 31


@dataclass(frozen=True, slots=True)
class WatchPanel:
    """第 7 / 10 个教学日, the strip since the return, and what is still asked."""

    number: int
    days: int
    seen: int
    percent: int
    missing: int
    earliest: date | None
    cites: str
    tone: str
    word: str
    strip: list[Cell]
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class ClosingPanel:
    """The conditions of closing, why it cannot be asked for yet, and the button that would ask."""

    conditions: list[Condition]
    why: str
    button: Button | None = None
    sent_back: str = ""

    @property
    def met(self) -> int:
        return sum(one.met for one in self.conditions)


def panels(
    case: Case, by: User, rows: list[CaseReach], on: date, land: Land, judgement: Judgement | None
) -> tuple[WatchPanel | None, ClosingPanel | None]:
    """Both panels of a child who is back; nothing for one who is out or whose case has ended."""
    if case.state not in WATCHED:
        return None, None
    found = watch([case], on, land).get(case.pk)
    conditions = closing_conditions(case, on, found)
    why = why_not_close(case, on, found) or ""
    button = _button(case, by, rows, conditions, why)
    closing = ClosingPanel(conditions, why, button, sent_back(case))
    return _watched(case, found, on, land, judgement), closing


def closing_panel(case: Case) -> ClosingPanel:
    """What stands of the closing, for who is asked for a word: the opinions, the watch, the proof."""
    return ClosingPanel(closing_conditions(case), "", None, sent_back(case))


def _watched(
    case: Case,
    found: Watch | NoCalendar | None,
    on: date,
    land: Land,
    judgement: Judgement | None,
) -> WatchPanel:
    strip = []
    if judgement and judgement.days and case.returned_on:
        first = max(case.returned_on, on - timedelta(days=LONGEST_STRIP - 1))
        strip = strip_of(judgement, land.calendar, days=SHOWN_DAYS, first=first)
    if not isinstance(found, Watch):
        return WatchPanel(0, 0, 0, 0, 0, None, "", "warn", "校历未定", strip, str(found or ""))
    seen = found.observation
    tone, word = ("go", "观察中")
    if seen.relapse:
        tone, word = "bad", "再次未到"
    elif seen.ready_on:
        tone, word = "ok", "观察期满"
    elif case.state == CaseState.RETURNED:
        tone, word = "warn", "待安置"
    return WatchPanel(
        number=seen.number, days=seen.rule.days, seen=seen.seen, percent=seen.rule.percent,
        missing=len(seen.not_taken), earliest=found.earliest, cites=found.sources, tone=tone,
        word=word, strip=strip,
    )  # fmt: skip


def _button(
    case: Case, by: User, rows: list[CaseReach], conditions: list[Condition], why: str
) -> Button | None:
    """报请销号 for the township, 审批销号 for the bureau: shut with its reason until it may be."""
    met = {one.key for one in conditions if one.met}
    wanted: list[tuple[Act, str, str, list[WordOf]]] = [
        (Act.TOWNSHIP_WORD, "word", "报请销号", [WordOf.SCHOOL]),
        (Act.APPROVE, "approve", "审批销号", [WordOf.SCHOOL, WordOf.TOWNSHIP]),
    ]
    for act, name, label, words in wanted:
        if not may(by, act, case, rows):
            continue
        if act is Act.TOWNSHIP_WORD and WordOf.TOWNSHIP.value in met:
            return None
        lacking = [one.label for one in conditions if one.key in words and not one.met]
        shut = why or (f"还不能{label}：缺{lacking[0]}。" if lacking else "")
        return Button(label, link_of(case, name), "check2-square", shut=shut)
    return None
