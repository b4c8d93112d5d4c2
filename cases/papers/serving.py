"""送达: how, when and to whom a paper was served. The day of service starts its periods."""

import re
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.attachments import attach
from accounts.enums import Role
from accounts.models import User
from accounts.reach import Held
from cases import history
from cases.case_deadlines import meet, set_deadline
from cases.enums.records import DeadlineKind, PaperKind, ServiceMode
from cases.enums.states import OUT_OF_SCHOOL, CaseState, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.law.periods import public_notice_effective
from cases.law.service_periods import clocks
from cases.law.workdays import national
from cases.models import Case, Paper, Service
from cases.papers.permissions import FILES, NEVER_SERVED, paper_within, seat_over
from cases.permissions import REFUSALS, CaseRight, fetch
from regions.refusals import Refused

PUBLIC_ARTICLE = "民事诉讼法 第95条"
SERVICE_ARTICLE = "民事诉讼法 第87条至第95条"
PUBLIC_WHY = (
    "公告送达要在说明里写明：受送达人下落不明，或者其他方式为什么无法送达（民事诉讼法第95条）。"
)
NO_CLOCK = "送达日期不确切，不计算期限"
BY_TWO = {ServiceMode.DIRECT, ServiceMode.FAMILY, ServiceMode.LEFT}
BETWEEN_NAMES = re.compile(r"[、，,；;\s]+")
SHORTEST_NOTE = 4


@transaction.atomic
def serve(
    uid: str,
    *,
    by: User,
    on: date,
    version: int,
    mode: ServiceMode,
    served: FuzzyDate,
    recipient: str = "",
    relation: str = "",
    place: str = "",
    servers: str = "",
    witness: str = "",
    refusal: str = "",
    note: str = "",
    file: UploadedFile | None = None,
) -> Service:
    """Record how the paper `uid` was served; `version` is the case's.

    A day known to the day starts the periods of the paper; any other starts none, and the event
    says so. Raises Refused, Conflict, Paper.DoesNotExist.
    """
    found = paper_within(uid, by)
    case = fetch(found.case.uid, CaseRight.SERVE, by=by, version=version)
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=found.pk)
    paper.case = case
    seat = seat_over(by, paper, REFUSALS[CaseRight.SERVE], heirs=True)
    _refuse_days_to_come(served, on)
    effective = _effective(mode, served)
    if refused := why_not_serve(paper, served, effective):
        raise Refused(refused)
    told = {
        "recipient": recipient,
        "relation": relation,
        "place": place,
        "servers": servers,
        "witness": witness,
        "refusal": refusal,
        "note": note,
    }
    facts = {name: said.strip() for name, said in told.items()}
    _must_be_told(mode, facts)
    service = Service.objects.create(
        paper=paper,
        mode=mode,
        served_from=served.earliest,
        served_to=served.latest,
        precision=served.precision,
        effective_on=effective,
        by=by,
        **facts,
    )
    if file:
        attach(file, kind=FILES, uid=paper.uid, path=case.county_path, by=by)
    meet(case, DeadlineKind.SERVE, on=min(served.latest or on, on), paper=paper)
    if effective:
        _start_clocks(case, paper, service, effective, seat.role)
    _write_served(case, service, seat, by=by, served=served)
    return service


def _refuse_days_to_come(served: FuzzyDate, on: date) -> None:
    first = served.earliest or served.latest
    if first and first > on:
        raise Refused("送达日期还没有到，请填实际送达的那一天。")


def _effective(mode: ServiceMode, served: FuzzyDate) -> date | None:
    if served.exact and mode is ServiceMode.PUBLIC:
        return public_notice_effective(served.exact)
    return served.exact


def why_not_serve(paper: Paper, served: FuzzyDate, effective: date | None) -> str | None:
    """One sentence on why this service cannot be recorded, or None."""
    case = paper.case
    if paper.is_void:
        return "这份文书已经作废，不能登记送达。"
    if PaperKind(paper.kind) in NEVER_SERVED:
        return f"{paper.label}不向监护人送达。"
    if not case.is_open:
        return f"这份档案{case.state_label}，不能再登记送达。"
    if paper.round != case.round:
        return "这份文书属于上一轮办理，已不再有效。再次辍学的，请重新批评教育、重新制发。"
    if served.latest and paper.issued_from and served.latest < paper.issued_from:
        return f"送达日期早于制发日期（{paper.issued.label()}），请核对。"
    standing = paper.services.filter(effective_on__isnull=False)
    if effective:
        standing = standing.filter(effective_on__lte=effective)
    if earlier := standing.order_by("effective_on").first():
        return f"这份文书已经送达（{earlier.mode_label}），不用再登记。登记有误的，请作废后重发。"
    return None


def _must_be_told(mode: ServiceMode, facts: dict[str, str]) -> None:
    """What each way of service has to say (民事诉讼法 87–95)."""
    if mode is not ServiceMode.PUBLIC and not facts["recipient"]:
        raise Refused("请填写签收人；留置送达的，填受送达人。")
    if mode is ServiceMode.FAMILY and not facts["relation"]:
        raise Refused("同住成年家属签收的，请填写与受送达人的关系。")
    if mode is ServiceMode.LEFT and not (facts["witness"] and facts["refusal"]):
        raise Refused("留置送达要填写拒收事由和见证人（民事诉讼法第89条）。")
    if mode in BY_TWO and facts["servers"] and len(BETWEEN_NAMES.split(facts["servers"])) < 2:
        raise Refused("送达人要写两人，用顿号隔开。")
    if mode is ServiceMode.PUBLIC and len(facts["note"]) < SHORTEST_NOTE:
        raise Refused(PUBLIC_WHY)


def _start_clocks(
    case: Case, paper: Paper, service: Service, effective: date, issuer: Role
) -> None:
    """The periods of the paper, from the day it takes effect. None for a child already back."""
    if service.mode == ServiceMode.PUBLIC and service.served_to:
        set_deadline(
            case,
            DeadlineKind.PUBLIC_NOTICE,
            starts_on=service.served_to,
            due_on=effective,
            who=None,
            article=PUBLIC_ARTICLE,
            paper=paper,
            note=paper.number,
        )
    else:
        meet(case, DeadlineKind.PUBLIC_NOTICE, on=effective, paper=paper)
    if CaseState(case.state) not in OUT_OF_SCHOOL:
        return
    told = paper.text.get("remedies_told", True)
    for clock in clocks(
        PaperKind(paper.kind), effective, days=paper.days, told=told, work=national()
    ):
        set_deadline(
            case,
            clock.kind,
            starts_on=clock.starts_on,
            due_on=clock.due_on,
            paper=paper,
            who=issuer if clock.ours else None,
            article=clock.article,
            note=clock.note,
        )


def _write_served(case: Case, service: Service, seat: Held, *, by: User, served: FuzzyDate) -> None:
    paper, effective = service.paper, service.effective_on
    said = f"{paper.label} {paper.number}，{service.mode_label}"
    if service.recipient:
        said += f"，{service.recipient}"
    if effective is None:
        said += f"；{NO_CLOCK}"
    elif CaseState(case.state) not in OUT_OF_SCHOOL:
        said += "；学生已返校，不计算期限"
    elif service.mode == ServiceMode.PUBLIC:
        said += f"；{effective.year}年{effective.month}月{effective.day}日视为送达"
    history.write(
        case,
        EventKind.SERVED,
        by=by,
        happened=served,
        seat=seat,
        note=said,
        policy=PUBLIC_ARTICLE if service.mode == ServiceMode.PUBLIC else SERVICE_ARTICLE,
        details={
            "paper": paper.uid,
            "kind": paper.kind,
            "number": paper.number,
            "mode": service.mode,
            "effective": effective.isoformat() if effective else None,
        },
    )


def modes() -> list[tuple[str, str]]:
    return ServiceMode.choices
