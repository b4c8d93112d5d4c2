"""文书: issued under a number, voided with a reason, recorded where they were made elsewhere."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.attachments import attach
from accounts.models import User
from accounts.reach import Held
from accounts.words import Role
from cases import bases, events, paper_facts
from cases.deadlines import ORDER_DAYS
from cases.duties import drop, set_deadline
from cases.fuzzy import FuzzyDate
from cases.kinds import PAPER_LABELS, PAPER_SIGNS, DeadlineKind, PaperKind, PaperState
from cases.models import Case, Paper
from cases.numbers import body_sign, next_number
from cases.paper_reach import FILES, NEVER_SERVED, issuing_seat, paper_within, seat_over
from cases.paper_text import names_a_fine
from cases.rights import REFUSALS, Act, fetch
from cases.serving import serve
from cases.words import OUT_OF_SCHOOL, CaseState, EventKind, Step
from regions.clock import today
from regions.days import Land, land_of
from regions.models import LegalBasis
from regions.refusals import Refused
from students.models import Guardian
from students.words import GuardianKind

__all__ = ["issue", "record_paper", "serve", "void", "why_not_issue"]

HOME_NATION = "CHN"
TOWNSHIP_BASIS = "义务教育法 第58条"
BUREAU_BASIS = "义务教育法 第58条；未成年人保护法 第83条"
NOT_OF_THE_STEPS = {PaperKind.PERSUASION, PaperKind.LEGAL_OPINION}
FOREIGN = "该生不是中国国籍，不适用责令改正、行政处罚和法院程序（义务教育法第4条）。"
NO_ADDRESSEE = "请选择受送达人：学生的父母或者其他法定监护人。"
TO_GUARDIANS_ONLY = "责令限期改正通知书只能送达父母或者其他法定监护人。"


def why_not_issue(case: Case, kind: PaperKind, addressee: Guardian | None) -> str | None:
    """One sentence on why this paper cannot be issued to this person now, or None."""
    if kind is not PaperKind.ORDER:
        return f"{PAPER_LABELS[kind]}请在线下制作，再用“登记已有文书”记入档案。"
    if CaseState(case.state) not in OUT_OF_SCHOOL:
        return f"这份档案{case.state_label}，不能再制发责令限期改正通知书。"
    if case.student.nationality != HOME_NATION:
        return FOREIGN
    if case.step != Step.ORDER:
        return "这份档案不在第二步（责令限期改正）。先完成批评教育并进入第二步，再制发通知书。"
    if addressee is None or addressee.student_id != case.student_id:
        return NO_ADDRESSEE
    if addressee.kind == GuardianKind.CARER:
        return TO_GUARDIANS_ONLY
    standing = case.papers.filter(
        kind=kind, round=case.round, addressee=addressee, state=PaperState.ISSUED
    ).first()
    if standing:
        return f"已向{addressee.name}制发{standing.number}。要重发，请先作废原件。"
    return None


@transaction.atomic
def issue(
    uid: str,
    kind: PaperKind,
    *,
    by: User,
    on: date,
    version: int,
    addressee: Guardian | None,
    days: int | None,
    text: dict,
) -> Paper:
    """Issue a paper under the next number of its body, its words frozen as they stand on `on`.

    `days` None is the policy's (order_days). `text` may hold receiving, help, extra, person, phone.
    Raises Refused, Conflict, Case.DoesNotExist.
    """
    case = fetch(uid, Act.ISSUE, by=by, version=version)
    seat = issuing_seat(by, case)
    refusal = why_not_issue(case, kind, addressee)
    if refusal or addressee is None:
        raise Refused(refusal or NO_ADDRESSEE)
    land = land_of(case.county_path)
    days = _order_days(days, case, on, land)
    order = paper_facts.order_of(
        case, seat, addressee, on=on, days=days, text=text, land=land
    )  # fmt: skip
    _must_fit(order.receiving, order.extra + order.help, bool(order.fine))
    serial = next_number(seat.path, kind.value, on.year)
    number = f"{body_sign(seat.path)}控{PAPER_SIGNS[kind]}〔{on.year}〕{serial}号"
    paper = Paper.objects.create(
        case=case, kind=kind.value, round=case.round, body_path=seat.path, body=order.body,
        year=on.year, serial=serial, number=number, issued_from=on, issued_to=on,
        addressee=addressee, addressee_name=addressee.name, days=days,
        basis=BUREAU_BASIS if order.by_bureau else TOWNSHIP_BASIS,
        text=paper_facts.frozen(order, addressee, number), issued_by=by,
    )  # fmt: skip
    _due_to_be_served(paper, seat.role, on, land)
    _write_issued(paper, seat, by=by, happened=FuzzyDate.on(on))
    return paper


def _order_days(days: int | None, case: Case, on: date, land: Land) -> int:
    chosen = land.policies.number("order_days", case.county_path, on) if days is None else days
    if chosen not in ORDER_DAYS:
        raise Refused(f"限期应为 {ORDER_DAYS[0]} 至 {ORDER_DAYS[-1]} 日。")
    return chosen


def _must_fit(receiving: str, said: str, may_fine: bool) -> None:
    if not receiving:
        raise Refused("该生没有在读的学校，请填写接收学校和班级。")
    if names_a_fine(said) and not may_fine:
        raise Refused("没有允许本机关罚款的法律依据，通知书里不能提到罚款或处罚。")


def _due_to_be_served(paper: Paper, role: Role, on: date, land: Land) -> None:
    path = paper.case.county_path
    set_deadline(
        paper.case, DeadlineKind.SERVE, starts_on=on, paper=paper, who=role, note=paper.number,
        due_on=on + timedelta(days=land.policies.number("serve_days", path, on)),
        article=land.policies.setting("serve_days", path, on).source,
    )  # fmt: skip


def _write_issued(paper: Paper, seat: Held, *, by: User, happened: FuzzyDate, note="") -> None:
    said = f"{paper.label} {paper.number}".strip()
    details = {"paper": paper.uid, "kind": paper.kind, "number": paper.number, "days": paper.days}
    events.write(
        paper.case, EventKind.ISSUED, by=by, happened=happened, seat=seat, details=details,
        note=f"{said}；{note}" if note else said, policy=paper.basis,
    )  # fmt: skip


@transaction.atomic
def void(uid: str, *, by: User, on: date, version: int, reason: str) -> Paper:
    """Void a paper: it keeps its number, and the periods it started are taken back.

    `version` is the case's. Only the body that issued it, or the bureau above it. Served papers too.
    """
    found = paper_within(uid, by)
    case = fetch(found.case.uid, Act.VOID, by=by, version=version)
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=found.pk)
    paper.case = case
    seat = seat_over(by, paper, REFUSALS[Act.VOID])
    if paper.is_void:
        raise Refused("这份文书已经作废。")
    if len(reason.strip()) < 2:
        raise Refused("请写明作废的原因。")
    paper.state, paper.void_reason = PaperState.VOID.value, reason.strip()
    paper.voided_on, paper.voided_by = on, by
    paper.save(update_fields=["state", "void_reason", "voided_on", "voided_by"])
    drop(case, on=on, paper=paper)
    events.write(
        case, EventKind.VOIDED, by=by, happened=FuzzyDate.on(on), seat=seat,
        note=f"{paper.label} {paper.number}：{paper.void_reason}",
        details={"paper": paper.uid, "kind": paper.kind, "number": paper.number},
    )  # fmt: skip
    return paper


@transaction.atomic
def record_paper(
    uid: str,
    kind: PaperKind,
    *,
    by: User,
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
    case = fetch(uid, Act.ISSUE, by=by, version=version)
    seat = issuing_seat(by, case)
    body = paper_facts.body_name(seat.role, seat.path)
    number = number.strip()
    _must_be_recordable(case, kind, number, issued, seat, addressee)
    if kind is PaperKind.PENALTY or fine:
        _must_be_allowed(legal_basis, fine, seat, body, issued)
    paper = Paper.objects.create(
        case=case, kind=kind.value, round=case.round, body_path=seat.path, body=body,
        year=issued.latest.year if issued.latest else None, number=number,
        issued_from=issued.earliest, issued_to=issued.latest, precision=issued.precision.value,
        addressee=addressee, addressee_name=addressee.name if addressee else addressee_name,
        days=days, fine=fine, basis=_basis(kind, seat, legal_basis),
        text={"remedies_told": remedies_told}, issued_by=by,
    )  # fmt: skip
    if issued.exact and issued.exact >= case.opened_on and kind not in NEVER_SERVED:
        _due_to_be_served(paper, seat.role, issued.exact, land_of(case.county_path))
    if file:
        attach(file, kind=FILES, uid=paper.uid, path=case.county_path, by=by)
    _write_issued(paper, seat, by=by, happened=issued, note=note or "平台外制作，登记入档")
    return paper


def _must_be_recordable(
    case: Case,
    kind: PaperKind,
    number: str,
    issued: FuzzyDate,
    seat: Held,
    addressee: Guardian | None,
) -> None:
    if not case.is_open:
        raise Refused(f"这份档案{case.state_label}，不能再登记文书。")
    if case.student.nationality != HOME_NATION and kind not in NOT_OF_THE_STEPS:
        raise Refused(FOREIGN)
    if kind is PaperKind.ORDER and addressee and addressee.kind == GuardianKind.CARER:
        raise Refused(TO_GUARDIANS_ONLY)
    if addressee and addressee.student_id != case.student_id:
        raise Refused("受送达人不是该生的监护人。")
    first = issued.earliest or issued.latest
    if first and first > today():
        raise Refused("制发日期还没有到，请填文书上的日期。")
    same = Paper.objects.filter(body_path=seat.path, kind=kind, number=number)
    if number and same.exclude(state=PaperState.VOID).exists():
        raise Refused(f"{number}已经登记过，请核对文号。")


def _must_be_allowed(
    basis: LegalBasis | None, fine: Decimal | None, seat: Held, body: str, issued: FuzzyDate
) -> None:
    """National law gives no fine (义务教育法 58): one needs a clause of the place, in force."""
    if basis is None:
        raise Refused(
            "义务教育法没有规定罚款。请先由县里录入允许罚款的地方性法规，再选择它作为依据。"
        )
    allowed = bases.fine_bases(seat.path, issued.latest or today())
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
