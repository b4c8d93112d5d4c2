"""The access table of cases: the act each address is for, a valid POST, and what must come first."""

from datetime import date
from uuid import UUID

from accounts.enums import Role
from attendance.enums import AlertState, Mark
from attendance.models import AbsenceAlert
from cases.enums.records import CourtAct, ExitKind, PlacementMode, ServiceMode
from cases.enums.states import AccessKind, OpinionOf, Step
from cases.ladder import steps
from cases.models import Case, CaseAccess, Service
from cases.returns import closing, exits, returning
from regions.clock import today
from regions.enums import Level
from regions.models import Policy, Region
from tests import factories as make
from tests.access_page import (
    ALL,
    CLASS,
    COUNTY,
    COURTS,
    HOME,
    OVERSEERS,
    PUPILS,
    STAFF,
    Page,
    answers,
)
from tests.counties import TODAY, Spot
from tests.county_records import officer, someone, version_of
from tests.pictures import photo

KEY = UUID("6f1c1b3e-0000-4000-8000-539901000001")
VISITORS = CLASS | STAFF | HOME | {Role.BUREAU}
READERS = PUPILS | COURTS
ORDERS = {Role.TOWNSHIP, Role.BUREAU}
LEADS = ORDERS | {Role.COUNTY_OFFICE}
PLANNERS = STAFF | LEADS
ONLY_READ = CLASS | COURTS | {Role.CENTRAL, Role.VILLAGE}
A_DAY = {"happened_0": TODAY, "happened_1": "day"}


def contact_of(at: Spot) -> dict:
    told = {"way": "visit", "on": TODAY, "met": "nobody", "note": "家里没有人"}
    return told | {"client_key": KEY}


def act(**told):
    """The body of an act: the version of the case now, and what is told."""
    return lambda at: {"version": version_of(at)} | told


def with_file(**told):
    return lambda at: {"version": version_of(at), "file": photo()} | told


def township_of(at: Spot, **told) -> dict:
    """Another township of the spot's county."""
    others = Region.objects.filter(parent=at.county, level=Level.TOWNSHIP).exclude(
        path=at.township.path
    )
    other = others.first()
    return {"version": version_of(at), "township": other.pk if other else ""} | told


def at_step(step: Step):
    return lambda at: Case.objects.filter(pk=at.case.pk).update(step=step)


def skip_asked(at: Spot) -> None:
    steps.ask_skip(
        at.case.uid, Step.ORDER, by=officer(at), on=TODAY, version=version_of(at),
        reason="没有可罚款的依据",
    )  # fmt: skip


def back(at: Spot) -> None:
    returning.record_return(
        at.case.uid, on=today(), by=someone(Role.OFFICE, at), returned=TODAY, version=version_of(at)
    )


def observed(at: Spot) -> None:
    back(at)
    returning.place(
        at.case.uid, on=today(), by=someone(Role.OFFICE, at), began=TODAY, version=version_of(at),
        mode=PlacementMode.OWN_CLASS,
    )  # fmt: skip


def school_agrees(at: Spot) -> None:
    observed(at)
    _speak(at, OpinionOf.SCHOOL, Role.OFFICE)


def watch_over(at: Spot) -> None:
    """A county that asks for one school day; the child came (late), and the school agrees."""
    Policy.objects.create(
        region=at.county, key="observation_days", value="1", since=date(2026, 9, 1), source="测试"
    )
    school_agrees(at)
    AbsenceAlert.objects.filter(student=at.child).update(state=AlertState.RETURNED)
    make.take(at.school_class, TODAY, someone(Role.TEACHER, at), **{at.child.uid: Mark.LATE})


def all_agree(at: Spot) -> None:
    watch_over(at)
    _speak(at, OpinionOf.TOWNSHIP, Role.TOWNSHIP)


def _speak(at: Spot, opinion_of: OpinionOf, role: Role) -> None:
    closing.give_opinion(
        at.case.uid, opinion_of, by=someone(role, at), on=TODAY, version=version_of(at), note="同意"
    )


def gone(at: Spot) -> None:
    exits.leave_by_exit(
        at.case.uid, ExitKind.SUSPENDED, on=today(), by=someone(Role.BUREAU, at), approved=TODAY,
        version=version_of(at), proof="县医院诊断证明", until=date(2026, 12, 31),
    )  # fmt: skip


def to_assign(at: Spot) -> None:
    Case.objects.filter(pk=at.case.pk).update(to_assign=True)


def not_referred(at: Spot) -> None:
    CaseAccess.objects.filter(case=at.case, kind=AccessKind.REFERRAL, role=Role.COURT).delete()


def not_served(at: Spot) -> None:
    Service.objects.filter(paper=at.paper).delete()


def addressed_to(at: Spot) -> dict:
    return {"version": version_of(at), "addressee": at.mother.uid, "days": "7"}


def recorded(at: Spot) -> dict:
    return RECORDED | {"version": version_of(at), "addressee": at.mother.uid}


def clause_of(at: Spot) -> dict:
    return {
        "title": "示例县义务教育条例", "issuer": "示例县人大常委会", "article": "第二十条",
        "text": "监护人应当送子女入学。", "valid_from": "2020-01-01", "allows_fine": "no",
        "verified_by": "罗律师",
    }  # fmt: skip


RECORDED = {
    "kind": "order", "number": "示例责改〔2026〕99号", "issued_0": TODAY, "issued_1": "day",
    "addressee": "", "days": "7",
}  # fmt: skip
SERVED = {
    "mode": ServiceMode.DIRECT, "served_0": TODAY, "served_1": "day", "recipient": "岩温",
    "servers": "李雯、周勇",
}  # fmt: skip
AN_EXIT = {"kind": "suspended", "proof": "县医院诊断证明", "until": "2026-12-31"}
A_PLAN = {"diagnosis": "父母外出", "goal": "返校", "measures": "补课"}
A_TASK = {"who": "班主任", "what": "补课", "due_on": TODAY, "standard": "跟上进度"}
A_NAME = {"teacher_name": "杨雪梅", "teacher_unit": "白水中学"}
SAID = "最后到校日是11月16日，已家访两次，家长说外出打工。"
CASE, PAPER = ("case",), ("case", "paper")

CASE_PAGES = {
    "cases:contact": Page(VISITORS, 200, 302, ("child",), contact_of),
    "cases:call": Page(VISITORS, 405, 200, ("child",), lambda at: {"order": "1"}),
    "cases:contact_saved": Page(VISITORS, args=("child", "contact")),
    "cases:contact_file": Page(PUPILS, args=("child", "contact")),
    "cases:referred": Page(COURTS),
    "cases:escalations": Page(OVERSEERS),
    "cases:rules": Page(ALL, 200, 302, body=clause_of, unlike=answers(ALL - COUNTY, 403, "POST")),
    "cases:worklist": Page(PUPILS, 200, 200, body=lambda at: {"words": at.child.name}),
    "cases:case": Page(READERS, args=CASE),
    "cases:evidence_file": Page(READERS, args=("case", "evidence")),
    "cases:plan": Page(
        READERS, 200, 302, CASE, act(**A_PLAN), answers(ONLY_READ, 403, "POST")
    ),
    "cases:people": Page(
        READERS, 200, 302, CASE, lambda at: A_NAME, answers(ONLY_READ, 403, "POST")
    ),
    "cases:plan_task": Page(PLANNERS, 405, 302, CASE, act(**A_TASK)),
    "cases:plan_task_done": Page(
        PLANNERS, 405, 302, CASE, lambda at: {"version": version_of(at), "task": at.task.pk}
    ),
    "cases:criticise": Page(ORDERS, 200, 302, CASE, act(note="当面批评教育岩温", **A_DAY)),
    "cases:advance": Page(ORDERS, 200, 302, CASE, act(to="order", **A_DAY)),
    "cases:skip": Page(ORDERS, 200, 302, CASE, act(step="order", reason="没有可罚款的依据")),
    "cases:decide_skip": Page(
        {Role.COUNTY_OFFICE}, 200, 302, CASE, act(step="order", granted="yes", opinion="同意"),
        before=skip_asked,
    ),
    "cases:court": Page(
        ORDERS, 200, 302, CASE, act(act=CourtAct.HEARING, note="开庭", **A_DAY),
        before=at_step(Step.SUE),
    ),
    "cases:record_return": Page(
        STAFF | ORDERS, 200, 302, CASE, act(on_0=TODAY, on_1="day", note="家长送回")
    ),
    "cases:place": Page(
        STAFF | {Role.BUREAU}, 200, 302, CASE, act(mode="own_class", on=TODAY), before=back
    ),
    "cases:opinion": Page(
        STAFF | {Role.TOWNSHIP}, 200, 302, CASE, act(note="已在校上课", agrees="yes"),
        {(Role.TOWNSHIP, "POST"): 409}, observed,
    ),
    "cases:approve": Page({Role.BUREAU}, 200, 302, CASE, act(note="同意"), before=all_agree),
    "cases:send_back": Page(
        {Role.BUREAU}, 200, 302, CASE, act(note="缺到校照片"), before=school_agrees
    ),
    "cases:exit": Page(
        ORDERS, 200, 302, CASE, act(**AN_EXIT)
    ),
    "cases:reopen": Page(LEADS, 200, 302, CASE, act(note="休学期满未返校"), before=gone),
    "cases:assign": Page(COUNTY, 200, 302, CASE, township_of, before=to_assign),
    "cases:hand_over": Page(
        LEADS, 200, 302, CASE, lambda at: township_of(at, reason="监护人已迁居")
    ),
    "cases:refer": Page(
        LEADS, 200, 302, CASE, act(role="court", reason="拟起诉，请受理"), before=not_referred
    ),
    "cases:end_referral": Page(LEADS, 200, 302, CASE, act(role="court", note="已办结")),
    "cases:mistake": Page({Role.BUREAU}, 200, 302, CASE, act(reason="重名，错认了学生")),
    "cases:note": Page(READERS, 200, 302, CASE, act(said=SAID)),
    "cases:report": Page(STAFF, 200, 302, CASE, act(said=SAID)),
    "cases:evidence": Page(READERS, 200, 302, CASE, with_file(what="课堂照片")),
    "cases:paper_issue": Page(
        ORDERS, 200, 302, CASE, addressed_to, before=at_step(Step.ORDER)
    ),
    "cases:paper_record": Page(ORDERS, 200, 302, CASE, recorded, before=at_step(Step.ORDER)),
    "cases:visit_form": Page(PUPILS, args=CASE),
    "cases:paper": Page(
        READERS, 200, 200, PAPER, lambda at: {"reason": "送达当面核对"},
        answers(READERS - ORDERS, 403, "POST"),
    ),
    "cases:paper_serve": Page(ORDERS, 200, 302, PAPER, act(**SERVED), before=not_served),
    "cases:paper_void": Page(ORDERS, 200, 302, PAPER, act(reason="写错了姓名")),
    "cases:paper_file": Page(READERS, args=("case", "paper", "paper_scan")),
}  # fmt: skip
