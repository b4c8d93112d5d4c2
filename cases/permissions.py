"""Who may do what to a case: the table, and the one way a verb gets hold of a case."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from accounts.enums import (
    CLASS_ROLES,
    COUNTY_ROLES,
    REFERRAL_ROLES,
    SCHOOL_ROLES,
    SCHOOL_STAFF,
    Role,
)
from accounts.models import User
from accounts.reach import EDUCATION_LINE, GOVERNMENT_LINE, Held
from accounts.versions import Conflict, save_version
from cases.enums.states import AccessKind
from cases.models import Case, CaseAccess, Contact
from regions.clock import local, now
from regions.paths import county_of, covers
from regions.refusals import Refused
from students.models import Student

SEES_SENSITIVE = COUNTY_ROLES | {Role.TOWNSHIP}
WITHHELD = "谈话内容只给经办的乡镇和县里看。"


class CaseRight(StrEnum):
    CONTACT = "contact"
    PLAN = "plan"
    NAME = "name"
    NOTE = "note"
    REPORT = "report"
    CRITICISE = "criticise"
    ADVANCE = "advance"
    ASK_SKIP = "ask_skip"
    DECIDE_SKIP = "decide_skip"
    ISSUE = "issue"
    VOID = "void"
    SERVE = "serve"
    COURT = "court"
    RETURN = "return"
    PLACE = "place"
    SCHOOL_OPINION = "school_opinion"
    TOWNSHIP_OPINION = "township_opinion"
    APPROVE = "approve"
    EXIT = "exit"
    REOPEN = "reopen"
    ASSIGN = "assign"
    HAND_OVER = "hand_over"
    REFER = "refer"
    END_REFERRAL = "end_referral"
    MISTAKE = "mistake"


SCHOOL = frozenset(SCHOOL_STAFF)
LEADS = frozenset({Role.TOWNSHIP, Role.BUREAU, Role.COUNTY_OFFICE})
ORDERS = frozenset({Role.TOWNSHIP, Role.BUREAU})
AT_THE_DOOR = frozenset(CLASS_ROLES | SCHOOL_STAFF | {Role.VILLAGE} | ORDERS)
EVERY_READER = frozenset(CLASS_ROLES | SCHOOL_ROLES | {Role.VILLAGE} | LEADS | REFERRAL_ROLES)


class RightRule(NamedTuple):
    """Who has a right, and what is said to who has not."""

    roles: frozenset[Role]
    refusal: str


RIGHTS: dict[CaseRight, RightRule] = {
    CaseRight.CONTACT: RightRule(
        frozenset(CLASS_ROLES | SCHOOL_STAFF | {Role.VILLAGE, Role.TOWNSHIP, Role.BUREAU}),
        "联系记录由班主任、学校、村、责任乡镇和县教育体育局登记。",
    ),
    CaseRight.PLAN: RightRule(SCHOOL | LEADS, "一生一案由学校、责任乡镇和县里填写。"),
    CaseRight.NAME: RightRule(SCHOOL | LEADS, "包保责任人由学校、责任乡镇和县里填写。"),
    CaseRight.NOTE: RightRule(
        frozenset(CLASS_ROLES | SCHOOL_ROLES | {Role.VILLAGE} | LEADS | REFERRAL_ROLES),
        "你的账号只能查看这份档案。",
    ),
    CaseRight.REPORT: RightRule(SCHOOL, "书面报告由学校提交（未成年人保护法第28条）。"),
    CaseRight.CRITICISE: RightRule(
        ORDERS, "批评教育由责任乡镇或县教育体育局作出（义务教育法第58条）。"
    ),
    CaseRight.ADVANCE: RightRule(
        ORDERS, "只有责任乡镇和县教育体育局能进入下一步（义务教育法第58条）。"
    ),
    CaseRight.ASK_SKIP: RightRule(ORDERS, "跳过一步由责任乡镇或县教育体育局申请。"),
    CaseRight.DECIDE_SKIP: RightRule(
        frozenset({Role.COUNTY_OFFICE}), "跳过一步由县控辍保学专班审批。"
    ),
    CaseRight.ISSUE: RightRule(ORDERS, "文书由责任乡镇或县教育体育局制发（义务教育法第58条）。"),
    CaseRight.VOID: RightRule(ORDERS, "文书由制发单位作废。"),
    CaseRight.SERVE: RightRule(ORDERS, "送达由制发单位登记。"),
    CaseRight.COURT: RightRule(ORDERS, "法院办理情况由责任乡镇或县教育体育局登记。"),
    CaseRight.RETURN: RightRule(SCHOOL | ORDERS, "返校由学校、责任乡镇或县教育体育局登记。"),
    CaseRight.PLACE: RightRule(SCHOOL | {Role.BUREAU}, "返校安置由学校或县教育体育局登记。"),
    CaseRight.SCHOOL_OPINION: RightRule(SCHOOL, "学校意见由学校教务或校长签署。"),
    CaseRight.TOWNSHIP_OPINION: RightRule(
        frozenset({Role.TOWNSHIP}), "乡镇核实意见由责任乡镇签署。"
    ),
    CaseRight.APPROVE: RightRule(frozenset({Role.BUREAU}), "销号由县教育体育局审批。"),
    CaseRight.EXIT: RightRule(
        ORDERS, "依规办结由责任乡镇或县教育体育局批准；学校可以上传证明、写情况说明。"
    ),
    CaseRight.REOPEN: RightRule(LEADS, "恢复办理由责任乡镇和县里登记。"),
    CaseRight.ASSIGN: RightRule(
        frozenset(COUNTY_ROLES), "责任乡镇由县教育体育局或县控辍保学专班指定。"
    ),
    CaseRight.HAND_OVER: RightRule(LEADS, "转乡镇办理由责任乡镇或县里登记。"),
    CaseRight.REFER: RightRule(LEADS, "移送由责任乡镇或县里办理。"),
    CaseRight.END_REFERRAL: RightRule(LEADS, "移送由责任乡镇或县里结束。"),
    CaseRight.MISTAKE: RightRule(frozenset({Role.BUREAU}), "建档有误由县教育体育局认定。"),
}  # fmt: skip
MAY = {right: rule.roles for right, rule in RIGHTS.items()}
REFUSALS = {right: rule.refusal for right, rule in RIGHTS.items()}
LINES = {
    AccessKind.OWNER: {Role.TOWNSHIP},
    AccessKind.VILLAGE: {Role.VILLAGE},
    AccessKind.SCHOOL: CLASS_ROLES | SCHOOL_ROLES,
}


def acting(by: User, case: Case, rows: list[CaseAccess] | None = None) -> list[Held]:
    """The seats through which `by` may act on a case, not merely read it.

    A township acts as owner alone: former owners and the school's township only read. `rows` are
    the standing reach rows of the case where a page has read them.
    """
    if rows is None:
        rows = list(case.access_rows.filter(until=None))
    return [held for held in by.reach.seats if _acts(held, case, rows)]


def _acts(held: Held, case: Case, rows: Iterable[CaseAccess]) -> bool:
    if held.role in COUNTY_ROLES:
        return covers(held.path, case.county_path)
    if held.role in REFERRAL_ROLES:
        return any(
            row.kind == AccessKind.REFERRAL
            and row.role == held.role
            and covers(held.path, row.path)
            for row in rows
        )
    return any(
        held.role in LINES.get(AccessKind(row.kind), ()) and covers(held.path, row.path)
        for row in rows
    )


def may(by: User, act: CaseRight, case: Case, rows: list[CaseAccess] | None = None) -> bool:
    return any(held.role in MAY[act] for held in acting(by, case, rows))


def fetch(uid: str, act: CaseRight, *, by: User, version: int) -> Case:
    """The case within reach, locked, at `version`, which it leaves behind. First line of a verb.

    Raises Case.DoesNotExist out of reach, Refused without the right, Conflict when somebody saved.
    """
    reached = Case.objects.visible_to(by).select_related("student", "changed_by")
    case = reached.select_for_update(of=("self",)).get(uid=uid)
    if not may(by, act, case):
        raise Refused(REFUSALS[act])
    if case.version != version or not save_version(case, version, changed_by=by, changed_at=now()):
        who = case.changed_by.name if case.changed_by else "系统"
        raise Conflict(case, who, local(case.changed_at))
    return case


def reachable(by: User) -> QuerySet[Student]:
    """Children within reach, and those reached through their open case alone."""
    cases = Case.objects.visible_to(by).open().filter(student=OuterRef("pk"))
    return Student.objects.visible_to(by) | Student.objects.filter(Exists(cases))


def seats_for(by: User, act: CaseRight, student: Student, case: Case | None) -> list[Held]:
    """The seats by which `by` may do `act` about a child: those that act on its case come first."""
    on_case = [held for held in acting(by, case) if held.role in MAY[act]] if case else []
    beside = [held for held in by.reach.seats if held.role in MAY[act] and _over(held, student)]
    return on_case + [held for held in beside if held not in on_case]


def _over(held: Held, student: Student) -> bool:
    """双线: through the school for the education line, through home for the government line."""
    at_school = held.role in EDUCATION_LINE and covers(held.path, student.school_path)
    homes = (student.household_path, student.residence_path)
    return at_school or (
        held.role in GOVERNMENT_LINE and any(covers(held.path, home) for home in homes)
    )


def acts_on(by: User, case: Case, rows: list[CaseAccess] | None = None) -> bool:
    """Does `by` act on the case as the county or as its owner?"""
    return any(held.role in SEES_SENSITIVE for held in acting(by, case, rows))


def sees_sensitive(by: User, student: Student) -> bool:
    """Does `by` act on this child: on its case, or, while it has none, as the township of its home?"""
    county = county_of(student.school_path or student.household_path or student.residence_path)
    if by.reach.holds(*COUNTY_ROLES, over=county):
        return True
    if not by.reach.holds(Role.TOWNSHIP):
        return False
    cases = list(student.cases.order_by("-opened_on", "-pk"))
    if cases:
        return any(acts_on(by, case) for case in cases)
    home = student.residence_path or student.household_path
    return any(covers(path, home) for path in by.reach.paths(Role.TOWNSHIP))


def withheld_from(by: User, student: Student, contacts: Iterable[Contact]) -> set[int]:
    """Contacts of a child whose words `by` may not read. No statement where none is sensitive."""
    secret = {one.pk for one in contacts if one.sensitive and one.by_id != by.pk}
    return set() if not secret or sees_sensitive(by, student) else secret
