"""What a case page offers to whoever reads it: the acts of the case's state that are theirs."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import User
from cases.due import Next
from cases.enums.records import DeadlineKind
from cases.enums.states import OUT_OF_SCHOOL, AccessKind, CaseState, OpinionOf, Step
from cases.models import Case, CaseAccess, ClosingOpinion, Deadline, Skip
from cases.permissions import CaseRight, may
from cases.worklist.rows import act_of, link_of

OUT = frozenset(OUT_OF_SCHOOL)
BACK = frozenset({CaseState.RETURNED, CaseState.OBSERVING})
OPEN = OUT | BACK
GONE = frozenset({CaseState.EXITED})
EVERY = frozenset(CaseState)


@dataclass(frozen=True, slots=True)
class Action:
    """An act: the right it takes, its page, its button, and in which states it makes sense."""

    act: CaseRight
    name: str
    label: str
    icon: str
    states: frozenset[CaseState]
    says: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """An offer as the page draws it; `shut` is why it cannot be pressed yet."""

    label: str
    url: str
    icon: str = ""
    says: str = ""
    shut: str = ""


OFFERS = [
    Action(CaseRight.CONTACT, "contact", "记家访", "house-door", OPEN, "家访、电话、书信、谈话；未见到人也要记"),
    Action(CaseRight.RETURN, "record_return", "登记返校", "box-arrow-in-left", OUT, "学生已经回到课堂"),
    Action(CaseRight.PLACE, "place", "登记安置", "geo-alt", frozenset({CaseState.RETURNED}), "安置方式和班级"),
    Action(CaseRight.SCHOOL_OPINION, "opinion", "签学校意见", "pen", BACK, "同意销号，由乡镇核实"),
    Action(CaseRight.TOWNSHIP_OPINION, "opinion", "报请销号", "check2-square", BACK, "上门或电话核实后，报县教育体育局"),
    Action(CaseRight.APPROVE, "approve", "审批销号", "check2-square", BACK, "学校、乡镇意见齐全后"),
    Action(CaseRight.APPROVE, "send_back", "退回销号", "arrow-counterclockwise", BACK, "写明原因，重新签署"),
    Action(CaseRight.PLAN, "plan", "一生一案", "card-checklist", OPEN, "为什么不在校、怎么办、谁负责"),
    Action(CaseRight.NAME, "people", "包保责任人", "people", OPEN, "县、乡、村、校、师五级包保"),
    Action(CaseRight.CRITICISE, "criticise", "登记批评教育", "megaphone", OUT, "义务教育法 第58条"),
    Action(CaseRight.ADVANCE, "advance", "进入下一步", "arrow-right-circle", OUT, "四步法；条件不齐的说明缺什么"),
    Action(CaseRight.ISSUE, "paper_issue", "制发文书", "file-earmark-text", OUT, "责令限期改正通知书等，自动编号"),
    Action(CaseRight.ISSUE, "paper_record", "补录文书", "file-earmark-plus", OUT, "系统外已有的文书"),
    Action(CaseRight.ASK_SKIP, "skip", "申请跳过一步", "skip-forward", OUT, "写明理由，报县控辍保学专班批准"),
    Action(CaseRight.DECIDE_SKIP, "decide_skip", "审批跳过一步", "check2-square", OUT, "准许或不准，写明意见"),
    Action(CaseRight.COURT, "court", "登记法院办理", "bank", OUT, "递交、调解、判决、执行"),
    Action(CaseRight.REPORT, "report", "写书面报告", "file-earmark-arrow-up", OUT, "未成年人保护法 第28条"),
    Action(CaseRight.NOTE, "note", "写情况说明", "chat-left-text", EVERY, "写入经过"),
    Action(CaseRight.NOTE, "evidence", "上传证据", "paperclip", EVERY, "照片或 PDF，写明是什么材料"),
    Action(CaseRight.EXIT, "exit", "依规办结", "door-open", OPEN, "休学、转出、延缓入学等，须有证明"),
    Action(CaseRight.REOPEN, "reopen", "恢复办理", "arrow-repeat", GONE, "事由到期，学生仍未就学"),
    Action(CaseRight.ASSIGN, "assign", "指定责任乡镇", "signpost", OPEN, "监护人住址不明或不在本县"),
    Action(CaseRight.HAND_OVER, "hand_over", "转乡镇办理", "arrow-left-right", OPEN, "监护人住到别的乡镇"),
    Action(CaseRight.REFER, "refer", "移送", "send", OPEN, "法院、检察院、司法、公安、人社"),
    Action(CaseRight.END_REFERRAL, "end_referral", "结束移送", "send-x", OPEN, "结束后该单位不再看到"),
    Action(CaseRight.MISTAKE, "mistake", "认定建档有误", "x-octagon", OUT, "写明原因，编号保留"),
]  # fmt: skip


def offers_of(
    case: Case,
    by: User,
    rows: list[CaseAccess],
    deadlines: Collection[Deadline],
    skips: Collection[Skip],
    words: Collection[ClosingOpinion],
) -> list[tuple[Action, Button]]:
    """Everything this user may do to the case now."""
    kinds = {one.kind for one in deadlines}
    given = {one.opinion_of for one in words}
    fits = {
        "skip": not any(one.granted is None for one in skips),
        "decide_skip": any(one.granted is None for one in skips),
        "report": DeadlineKind.SCHOOL_REPORT in kinds,
        "court": case.step in (Step.ENFORCE, Step.SUE),
        "assign": case.to_assign,
        "end_referral": any(row.kind == AccessKind.REFERRAL for row in rows),
        "approve": OpinionOf.TOWNSHIP in given,
        "send_back": bool(given),
    }
    return [
        (offer, Button(offer.label, link_of(case, offer.name), offer.icon, offer.says))
        for offer in OFFERS
        if case.state in offer.states
        and fits.get(offer.name, True)
        and may(by, offer.act, case, rows)
        and not _word_given(offer, given)
    ]


def _word_given(offer: Action, given: set[str]) -> bool:
    words = {
        CaseRight.SCHOOL_OPINION: OpinionOf.SCHOOL,
        CaseRight.TOWNSHIP_OPINION: OpinionOf.TOWNSHIP,
    }
    return offer.act in words and words[offer.act].value in given


def first_button(case: Case, coming: Next, offered: list[tuple[Action, Button]]) -> Button | None:
    """The one filled button: the next step, when it is this user's to take."""
    leads = act_of(coming)
    if leads is None:
        return None
    act, name, label = leads
    if name == "paper_serve":
        mine = any(offer.act is CaseRight.ISSUE for offer, _ in offered)
        url = link_of(case, name, coming.deadline) if mine else ""
        return Button(label, url, "envelope-check") if url else None
    return next(
        (
            Button(label, button.url, button.icon)
            for offer, button in offered
            if offer.name == name and offer.act is act
        ),
        None,
    )
