"""一案一档: what the file of a case should hold, and what it holds."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Attachment
from attendance.records import AbsenceAssessment
from cases.day_words import happened_said
from cases.enums.records import PaperKind
from cases.enums.states import ContactWay, EventKind, Step
from cases.models import Case, CaseEvent, Contact, Paper
from students.models import Guardian


@dataclass(frozen=True, slots=True)
class Proof:
    """A line of the evidence list: what, whether it is there, what stands at the right."""

    label: str
    there: bool
    end: str = ""


def proofs_of(
    case: Case,
    on: date,
    *,
    assessment: AbsenceAssessment | None,
    contacts: list[Contact],
    papers: list[Paper],
    guardians: list[Guardian],
    files: list[Attachment],
    events: list[CaseEvent],
) -> list[Proof]:
    """一案一档: what the file of a case should hold, and what it holds."""
    visits = [one for one in contacts if one.way == ContactWay.VISIT]
    criticised = [
        one for one in events if one.kind == EventKind.CRITICISM and one.round == case.round
    ]
    reported = [one for one in events if one.details.get("report")]
    reachable = [one for one in guardians if one.phone_sealed]
    found = [
        Proof("考勤逐日依据", bool(assessment and assessment.days), "系统"),
        Proof("家访记录", bool(visits), f"{len(visits)} 份" if visits else ""),
        Proof("监护人及联系方式", bool(reachable), f"{len(reachable)} 人" if reachable else ""),
        Proof(
            "学校书面报告",
            bool(reported),
            happened_said(reported[-1].happened, on) if reported else "",
        ),
        Proof("批评教育记录", bool(criticised), _last(criticised, on)),
    ]
    served = [p for p in papers if not p.is_void and _takes_effect(p, on)]
    order = [p for p in served if p.kind == PaperKind.ORDER and p.round == case.round]
    if case.step != Step.PERSUADE:
        end = happened_said(order[0].services.all()[0].served, on) if order else ""
        found.append(Proof("责令限期改正通知书及送达回证", bool(order), end))
    found.append(Proof("照片、证明等材料", bool(files), f"{len(files)} 份" if files else ""))
    return found


def _takes_effect(paper: Paper, on: date) -> bool:
    """Served, and a public notice has run its thirty days."""
    days = [one.effective_on for one in paper.services.all()]
    return any(day is None or day <= on for day in days)


def _last(events: list[CaseEvent], on: date) -> str:
    return happened_said(events[-1].happened, on) if events else ""
