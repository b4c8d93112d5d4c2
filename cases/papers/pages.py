"""What the print pages show: a paper with its stub, and the visit form, filled in or blank."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from accounts.enums import COUNTY_ROLES, Role
from accounts.models import Attachment, User
from attendance.records import AbsenceAssessment, assess
from cases.enums.records import (
    SENSITIVE_REASONS,
    DeadlineKind,
    PaperKind,
    Reason,
    ServiceMode,
)
from cases.enums.states import ContactWay, Met
from cases.law.order_text import GUARDIAN_ID, XUEJI_NO, full_date, shown
from cases.models import Case, Contact, Paper, Service
from cases.papers.permissions import FILES, NEVER_SERVED
from cases.permissions import CaseRight, acting, may
from regions.days import place_rules_of
from students.models import Guardian, Student

STUB_MODES = {mode: mode.label.removesuffix("送达") for mode in ServiceMode}
STUB_MODES[ServiceMode.FAMILY] = "同住成年家属"
MET_BOXES = {"学生本人": {Met.CHILD, Met.BOTH}, "监护人": {Met.GUARDIAN, Met.BOTH}}
MET_BOXES |= {"其他亲属": set(), "未见到人": {Met.NOBODY}}
WHEREABOUTS = ["县内在家", "县外务工", "省外", "境外", "随父母", "不明"]
HELPS = ["资助", "住宿", "补课", "心理", "就医", "法律", "其他"]
OUTCOMES = ["当场返校", "承诺返校", "拒绝", "未见到人", "线索移送"]
SEES_ALL = COUNTY_ROLES | {Role.TOWNSHIP}


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick, ticked where the answer is known."""

    label: str
    ticked: bool = False

    @property
    def sign(self) -> str:
        return "☑" if self.ticked else "□"


@dataclass(frozen=True, slots=True)
class Stub:
    """送达回证: blank for the pen, or as the service was recorded."""

    modes: list[Box]
    place: str = ""
    received: str = ""
    signed: str = ""
    refusal: str = ""
    witness: str = ""
    servers: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Boxes:
    """The questions of the visit form that are answered by ticking."""

    reasons: list[Box]
    whereabouts: list[Box]
    helps: list[Box]
    outcomes: list[Box]

    @classmethod
    def ticked(cls, reasons: Collection[str]) -> "Boxes":
        return cls(
            reasons=[Box(reason.label, reason in reasons) for reason in Reason],
            whereabouts=[Box(label) for label in WHEREABOUTS],
            helps=[Box(label) for label in HELPS],
            outcomes=[Box(label) for label in OUTCOMES],
        )


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """家访记录表: what is known printed, the rest to be written by hand."""

    met: list[Box]
    boxes: Boxes
    title: str = ""
    last_seen: str = ""
    roll: str = ""
    guardians: list[Guardian] = field(default_factory=list)
    student: Student | None = None
    contact: Contact | None = None
    on: str = ""
    way: str = ""
    visitors: str = ""
    next_on: str = ""
    promised_on: str = ""


def paper_page(paper: Paper, by: User, *, complete: bool = False) -> dict:
    """A paper as it was issued; whole numbers only where `complete` was asked with a reason."""
    numbers = _numbers(paper) if complete else {}
    services = sorted(paper.services.all(), key=lambda one: one.effective_on or date.max)
    service = services[0] if services else None
    open_still = service is None or not service.effective_on or service.mode == ServiceMode.PUBLIC
    return {
        "paper": paper,
        "case": paper.case,
        "paragraphs": shown(paper.text.get("paragraphs", []), numbers),
        "stub": _stub(paper, service),
        "issued": paper.issued.label(),
        "files": Attachment.objects.filter(kind=FILES, uid=paper.uid),
        "complete": complete,
        "may_complete": bool(paper.text.get("paragraphs")) and may(by, CaseRight.SERVE, paper.case),
        "may_serve": open_still and _servable(paper) and may(by, CaseRight.SERVE, paper.case),
        "may_void": not paper.is_void and may(by, CaseRight.VOID, paper.case),
    }


def _servable(paper: Paper) -> bool:
    return not paper.is_void and PaperKind(paper.kind) not in NEVER_SERVED


def _numbers(paper: Paper) -> dict[str, str]:
    guardian = Guardian.objects.filter(uid=paper.text.get("guardian", "")).first()
    whole = {
        GUARDIAN_ID: guardian.id_no if guardian else "",
        XUEJI_NO: paper.case.student.xueji_no,
    }
    return {name: number for name, number in whole.items() if number}


def _stub(paper: Paper, service: Service | None) -> Stub:
    if service is None:
        return Stub([Box(label) for label in STUB_MODES.values()])
    order = paper.deadlines.filter(kind=DeadlineKind.ORDER, dropped_on=None).first()
    return Stub(
        modes=[Box(label, service.mode == mode) for mode, label in STUB_MODES.items()],
        place=service.place,
        received=service.served.label(),
        signed=service.recipient,
        refusal=service.refusal,
        witness=service.witness,
        servers=service.servers,
        due=full_date(order.due_on) if order else "",
    )


def blank_visit() -> VisitSheet:
    """The form with nothing on it, to be taken along."""
    return VisitSheet([Box(label) for label in MET_BOXES], Boxes.ticked(set()))


def visit_sheet(case: Case, contact: Contact | None, by: User, on: date) -> VisitSheet:
    """The form for this child: of one contact as recorded, or ready for the next visit."""
    student = case.student
    spell = student.enrolments.open().select_related("school_class__school").first()
    visits = student.contacts.filter(way=ContactWay.VISIT)
    before = visits.filter(on__lte=contact.on, pk__lte=contact.pk) if contact else visits
    count = before.count() + (contact is None)
    reasons = set(case.reasons) if contact else set()
    return VisitSheet(
        title=f"第 {count} 次家访 · 档案编号 {case.number}",
        last_seen=_last_seen(case, on),
        student=student,
        contact=contact,
        roll=f"{spell.school_class.school.name} {spell.school_class.label(on)}" if spell else "",
        guardians=list(student.guardians.all()),
        on=full_date(contact.on) if contact else "",
        way=ContactWay(contact.way).label if contact else "",
        visitors=_visitors(contact) if contact else "",
        met=[Box(label, bool(contact and contact.met in met)) for label, met in MET_BOXES.items()],
        next_on=_format_day(contact.next_on if contact else None),
        promised_on=_format_day(contact.promised_on if contact else None),
        boxes=Boxes.ticked({one for one in reasons if _may_see(Reason(one), by, case)}),
    )


def _format_day(day: date | None) -> str:
    return full_date(day) if day else ""


def _visitors(contact: Contact) -> str:
    return "、".join(part for part in (contact.by.name, contact.companions) if part)


def _may_see(reason: Reason, by: User, case: Case) -> bool:
    """Sensitive reasons are ticked only for those who act on them: owner township and county."""
    seats = acting(by, case)
    return reason not in SENSITIVE_REASONS or any(held.role in SEES_ALL for held in seats)


def _last_seen(case: Case, on: date) -> str:
    answer = assess([case.student_id], on, place_rules_of(case.county_path)).get(case.student_id)
    seen = answer.run.last_seen if isinstance(answer, AbsenceAssessment) else None
    return full_date(seen) if seen else ""
