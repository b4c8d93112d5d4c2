"""补录文书: papers made outside the portal, recorded under their own numbers."""

from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.attachments import attach
from accounts.enums import Role
from accounts.models import User
from accounts.reach import Held
from cases import legal_basis as bases
from cases.case_deadlines import meet
from cases.enums.records import DeadlineKind, PaperKind, PaperState
from cases.enums.states import EventKind, Step, step_title
from cases.fuzzy_dates import FuzzyDate
from cases.law.periods import ORDER_DAYS
from cases.law.steps import made_in
from cases.legal_basis import body_name
from cases.models import Case, Paper
from cases.papers.issuing import (
    BUREAU_BASIS,
    FOREIGN,
    HOME_NATION,
    NO_ADDRESSEE,
    ORDER_DAYS_SAID,
    TO_GUARDIANS_ONLY,
    TOWNSHIP_BASIS,
    due_to_be_served,
    write_issued,
)
from cases.papers.permissions import FILES, NEVER_SERVED, issuing_seat
from cases.permissions import CaseRight, fetch
from regions.days import place_rules_of
from regions.models import LegalBasis
from regions.refusals import Refused
from students.enums import GuardianKind
from students.models import Guardian

OUTSIDE_THE_STEPS = {PaperKind.PERSUASION, PaperKind.LEGAL_OPINION}


@transaction.atomic
def record_paper(
    uid: str,
    kind: PaperKind,
    *,
    by: User,
    on: date,
    version: int,
    number: str,
    issued: FuzzyDate,
    days: int | None = None,
    fine: Decimal | None = None,
    addressee: Guardian | None = None,
    addressee_name: str = "",
    legal_basis: LegalBasis | None = None,
    remedies_told: bool = True,
    note: str = "",
    file: UploadedFile | None = None,
) -> Paper:
    """Record a paper made outside the portal: under its own number, without text of ours.

    A penalty needs a clause that lets this body fine, and a fine within it. Raises Refused.
    """
    case = fetch(uid, CaseRight.ISSUE, by=by, version=version)
    seat = issuing_seat(by, case)
    body = body_name(seat.role, seat.path)
    number = number.strip()
    _must_be_recordable(case, kind, number, issued, seat, on)
    _must_fit_the_step(case, kind, issued)
    _must_name_a_guardian(case, kind, addressee, addressee_name)
    if kind is PaperKind.ORDER and days is not None and days not in ORDER_DAYS:
        raise Refused(ORDER_DAYS_SAID)
    if kind is PaperKind.PENALTY or fine:
        _must_be_allowed(legal_basis, fine, seat, body, issued.latest or on)
    paper = Paper.objects.create(
        case=case,
        kind=kind,
        round=case.round,
        body_path=seat.path,
        body=body,
        year=issued.latest.year if issued.latest else None,
        number=number,
        issued_from=issued.earliest,
        issued_to=issued.latest,
        precision=issued.precision,
        addressee=addressee,
        addressee_name=addressee.name if addressee else addressee_name,
        days=days,
        fine=fine,
        basis=_basis(kind, seat, legal_basis),
        text={"remedies_told": remedies_told},
        issued_by=by,
    )
    if issued.exact and issued.exact >= case.opened_on and kind not in NEVER_SERVED:
        due_to_be_served(paper, seat.role, issued.exact, place_rules_of(case.county_path))
    if file:
        attach(file, kind=FILES, uid=paper.uid, path=case.county_path, by=by)
    if kind is PaperKind.ORDER:
        meet(case, DeadlineKind.ISSUE, on=on)
    write_issued(paper, seat, by=by, happened=issued, note=note or "平台外制作，登记入档")
    return paper


def _must_be_recordable(
    case: Case,
    kind: PaperKind,
    number: str,
    issued: FuzzyDate,
    seat: Held,
    on: date,
) -> None:
    if not case.is_open:
        raise Refused(f"这份档案{case.state_label}，不能再登记文书。")
    if case.student.nationality != HOME_NATION and kind not in OUTSIDE_THE_STEPS:
        raise Refused(FOREIGN)
    first = issued.earliest or issued.latest
    if first and first > on:
        raise Refused("制发日期还没有到，请填文书上的日期。")
    same = Paper.objects.filter(body_path=seat.path, kind=kind, number=number)
    if number and same.exclude(state=PaperState.VOID).exists():
        raise Refused(f"{number}已经登记过，请核对文号。")


def _must_fit_the_step(case: Case, kind: PaperKind, issued: FuzzyDate) -> None:
    """A paper of a step is made in that step: not before it was entered, nor once the child is back."""
    steps = made_in(kind)
    if not steps:
        return
    rows = case.events.filter(kind=EventKind.STEP, round=case.round)
    entered = {Step(one.step): one.happened for one in rows}
    here = [step for step in steps if step in entered or step == case.step]
    if not here:
        titles = "或".join(step_title(step) for step in steps)
        raise Refused(f"{kind.label}是{titles}的文书，个案还没有进入这一步。")
    began = entered[here[0]].earliest if here[0] in entered else None
    if began and issued.latest and issued.latest < began:
        raise Refused(f"制发日期早于进入{step_title(here[0])}的日期，请核对。")
    back = case.returned_on
    if back and (issued.earliest is None or issued.earliest > back):
        raise Refused("学生已经返校，责令已经履行；返校之后不再制发这类文书。")


def _must_name_a_guardian(
    case: Case, kind: PaperKind, addressee: Guardian | None, name: str
) -> None:
    """An order binds a parent or legal guardian alone, so it must say which (义务教育法 58)."""
    if addressee and addressee.student_id != case.student_id:
        raise Refused("受送达人不是该生的监护人。")
    if kind is not PaperKind.ORDER:
        return
    if addressee and addressee.kind == GuardianKind.CARER:
        raise Refused(TO_GUARDIANS_ONLY)
    known = case.student.guardians.exclude(kind=GuardianKind.CARER).exists()
    if addressee is None and (known or not name.strip()):
        raise Refused(NO_ADDRESSEE)


def _must_be_allowed(
    basis: LegalBasis | None, fine: Decimal | None, seat: Held, body: str, day: date
) -> None:
    """National law gives no fine (义务教育法 58): one needs a clause of the place, in force."""
    if basis is None:
        raise Refused(
            "义务教育法没有规定罚款。请先由县里录入允许罚款的地方性法规，再选择它作为依据。"
        )
    allowed = bases.fine_bases(seat.path, day)
    if basis not in allowed or not bases.lets(basis, seat.role, body):
        raise Refused(f"{bases.cited(basis)}当时没有生效，或者没有授权{body}罚款。")
    if fine is None:
        return
    least = basis.fine_min or Decimal(0)
    if basis.fine_max is None or not least <= fine <= basis.fine_max:
        raise Refused(f"罚款应在 {least} 元至 {basis.fine_max} 元之间（{bases.cited(basis)}）。")


def _basis(kind: PaperKind, seat: Held, legal_basis: LegalBasis | None) -> str:
    if legal_basis:
        return bases.cited(legal_basis)
    if kind is PaperKind.ORDER:
        return BUREAU_BASIS if seat.role is Role.BUREAU else TOWNSHIP_BASIS
    return ""
