"""文书: issued under a number of the portal, voided with a reason."""

from datetime import date, timedelta

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from accounts.number_series import body_sign, next_number
from accounts.reach import Held
from cases import history
from cases.case_deadlines import drop, meet, set_deadline
from cases.enums.records import PAPER_SIGNS, DeadlineKind, PaperKind, PaperState
from cases.enums.states import OUT_OF_SCHOOL, CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.law.order_text import names_a_fine
from cases.law.periods import ORDER_DAYS
from cases.models import Case, Paper
from cases.papers import content
from cases.papers.permissions import issuing_seat, paper_within, seat_over
from cases.permissions import REFUSALS, CaseRight, fetch
from regions.days import PlaceRules, place_rules_of
from regions.refusals import Refused
from students.enums import GuardianKind
from students.models import Guardian

HOME_NATION = "CHN"
TOWNSHIP_BASIS = "义务教育法 第58条"
BUREAU_BASIS = "义务教育法 第58条；未成年人保护法 第83条"
ORDER_DAYS_SAID = f"限期应为 {ORDER_DAYS[0]} 至 {ORDER_DAYS[-1]} 日（系统设定；法律没有规定天数）。"
FOREIGN = "该生不是中国国籍，不适用责令改正、行政处罚和法院程序（义务教育法第4条）。"
NO_ADDRESSEE = "请选择受送达人：学生的父母或者其他法定监护人。"
TO_GUARDIANS_ONLY = "责令限期改正通知书只能送达父母或者其他法定监护人。"


def why_not_issue(case: Case, kind: PaperKind, addressee: Guardian | None) -> str | None:
    """One sentence on why this paper cannot be issued to this person now, or None."""
    if kind is not PaperKind.ORDER:
        return f"{kind.label}请在线下制作，再用“登记已有文书”记入档案。"
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
    case = fetch(uid, CaseRight.ISSUE, by=by, version=version)
    seat = issuing_seat(by, case)
    refusal = why_not_issue(case, kind, addressee)
    if refusal or addressee is None:
        raise Refused(refusal or NO_ADDRESSEE)
    place_rules = place_rules_of(case.county_path)
    days = _chosen_days(days, case, on, place_rules)
    order = content.order_of(
        case, seat, addressee, on=on, days=days, text=text, place_rules=place_rules
    )
    _must_fit(order.receiving, order.extra + order.help, bool(order.fine))
    serial = next_number(seat.path, kind, on.year)
    number = f"{body_sign(seat.path)}控{PAPER_SIGNS[kind]}〔{on.year}〕{serial}号"
    paper = Paper.objects.create(
        case=case,
        kind=kind,
        round=case.round,
        body_path=seat.path,
        body=order.body,
        year=on.year,
        serial=serial,
        number=number,
        issued_from=on,
        issued_to=on,
        addressee=addressee,
        addressee_name=addressee.name,
        days=days,
        basis=BUREAU_BASIS if order.by_bureau else TOWNSHIP_BASIS,
        text=content.frozen(order, addressee, number),
        issued_by=by,
    )
    due_to_be_served(paper, seat.role, on, place_rules)
    meet(case, DeadlineKind.ISSUE, on=on)
    write_issued(paper, seat, by=by, happened=FuzzyDate.on(on))
    return paper


def _chosen_days(days: int | None, case: Case, on: date, place_rules: PlaceRules) -> int:
    chosen = (
        place_rules.policies.number("order_days", case.county_path, on) if days is None else days
    )
    if chosen not in ORDER_DAYS:
        raise Refused(ORDER_DAYS_SAID)
    return chosen


def _must_fit(receiving: str, said: str, may_fine: bool) -> None:
    if not receiving:
        raise Refused("该生没有在读的学校，请填写接收学校和班级。")
    if names_a_fine(said) and not may_fine:
        raise Refused("没有允许本机关罚款的法律依据，通知书里不能提到罚款或处罚。")


def due_to_be_served(paper: Paper, role: Role, on: date, place_rules: PlaceRules) -> None:
    path = paper.case.county_path
    set_deadline(
        paper.case,
        DeadlineKind.SERVE,
        starts_on=on,
        paper=paper,
        who=role,
        note=paper.number,
        due_on=on + timedelta(days=place_rules.policies.number("serve_days", path, on)),
        article=place_rules.policies.setting("serve_days", path, on).source,
    )


def write_issued(paper: Paper, seat: Held, *, by: User, happened: FuzzyDate, note="") -> None:
    said = f"{paper.label} {paper.number}".strip()
    details = {"paper": paper.uid, "kind": paper.kind, "number": paper.number, "days": paper.days}
    history.write(
        paper.case,
        EventKind.ISSUED,
        by=by,
        happened=happened,
        seat=seat,
        details=details,
        note=f"{said}；{note}" if note else said,
        policy=paper.basis,
    )


@transaction.atomic
def void(uid: str, *, by: User, on: date, version: int, reason: str) -> Paper:
    """Void a paper: it keeps its number, and the periods it started are taken back.

    `version` is the case's. Only the body that issued it, or the bureau above it. Served papers too.
    """
    found = paper_within(uid, by)
    case = fetch(found.case.uid, CaseRight.VOID, by=by, version=version)
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=found.pk)
    paper.case = case
    seat = seat_over(by, paper, REFUSALS[CaseRight.VOID])
    if paper.is_void:
        raise Refused("这份文书已经作废。")
    if len(reason.strip()) < 2:
        raise Refused("请写明作废的原因。")
    paper.state, paper.void_reason = PaperState.VOID, reason.strip()
    paper.voided_on, paper.voided_by = on, by
    paper.save(update_fields=["state", "void_reason", "voided_on", "voided_by"])
    drop(case, on=on, paper=paper)
    history.write(
        case,
        EventKind.VOIDED,
        by=by,
        happened=FuzzyDate.on(on),
        seat=seat,
        note=f"{paper.label} {paper.number}：{paper.void_reason}",
        details={"paper": paper.uid, "kind": paper.kind, "number": paper.number},
    )
    return paper
