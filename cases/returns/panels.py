"""观察期 and 销号条件 as the case page draws them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from accounts.models import User
from attendance.records import AbsenceAssessment
from attendance.strips import SHOWN_DAYS, StripDay, strip_of
from cases.act import Button
from cases.enums.states import CaseState, OpinionOf
from cases.models import Case, CaseAccess
from cases.permissions import CaseRight, may
from cases.returns.closing import ClosingCondition, closing_conditions, sent_back, why_not_close
from cases.returns.observing import WATCHED, ObservedCase, observe_cases
from regions.days import PlaceRules
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
    strip: list[StripDay]
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class ClosingPanel:
    """The conditions of closing, why it cannot be asked for yet, and the button that would ask."""

    conditions: list[ClosingCondition]
    why: str
    button: Button | None = None
    sent_back: str = ""

    @property
    def met(self) -> int:
        return sum(one.met for one in self.conditions)


def panels(
    case: Case,
    by: User,
    rows: list[CaseAccess],
    on: date,
    place_rules: PlaceRules,
    assessment: AbsenceAssessment | None,
) -> tuple[WatchPanel | None, ClosingPanel | None]:
    """Both panels of a child who is back; nothing for one who is out or whose case has ended."""
    if case.state not in WATCHED:
        return None, None
    found = observe_cases([case], on, place_rules).get(case.pk)
    conditions = closing_conditions(case, on, found)
    why = why_not_close(case, on, found) or ""
    button = _button(case, by, rows, conditions, why)
    closing = ClosingPanel(conditions, why, button, sent_back(case))
    return _watched(case, found, on, place_rules, assessment), closing


def closing_panel(case: Case, on: date) -> ClosingPanel:
    """What stands of the closing, for who is asked for a word: the opinions, the watch, the proof."""
    return ClosingPanel(closing_conditions(case, on), "", None, sent_back(case))


def _watched(
    case: Case,
    found: ObservedCase | NoCalendar | None,
    on: date,
    place_rules: PlaceRules,
    assessment: AbsenceAssessment | None,
) -> WatchPanel:
    strip = []
    if assessment and assessment.days and case.returned_on:
        first = max(case.returned_on, on - timedelta(days=LONGEST_STRIP - 1))
        strip = strip_of(assessment, place_rules.calendar, days=SHOWN_DAYS, first=first)
    if not isinstance(found, ObservedCase):
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
        number=seen.number,
        days=seen.rule.days,
        seen=seen.seen,
        percent=seen.rule.percent,
        missing=len(seen.not_taken),
        earliest=found.earliest,
        cites=found.sources,
        tone=tone,
        word=word,
        strip=strip,
    )


def _button(
    case: Case, by: User, rows: list[CaseAccess], conditions: list[ClosingCondition], why: str
) -> Button | None:
    """报请销号 for the township, 审批销号 for the bureau: shut with its reason until it may be."""
    met = {one.key for one in conditions if one.met}
    wanted: list[tuple[CaseRight, str, str, list[OpinionOf]]] = [
        (CaseRight.TOWNSHIP_OPINION, "opinion", "报请销号", [OpinionOf.SCHOOL]),
        (CaseRight.APPROVE, "approve", "审批销号", [OpinionOf.SCHOOL, OpinionOf.TOWNSHIP]),
    ]
    for act, name, label, words in wanted:
        if not may(by, act, case, rows):
            continue
        if act is CaseRight.TOWNSHIP_OPINION and OpinionOf.TOWNSHIP in met:
            return None
        lacking = [one.label for one in conditions if one.key in words and not one.met]
        shut = why or (f"还不能{label}：缺{lacking[0]}。" if lacking else "")
        return Button(label, reverse(f"cases:{name}", args=[case.uid]), "check2-square", shut=shut)
    return None
