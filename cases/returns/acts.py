"""The acts once a child is back: return, placing, opinions, approval; and the lawful exits."""

from typing import Any

from accounts.enums import COUNTY_ROLES
from cases.act import BACK, GONE, OPEN, OUT, Act, Filling, Occasion, Situation, opinion_missing
from cases.enums.records import DeadlineKind
from cases.enums.states import AccessKind, CaseState, OpinionOf
from cases.fuzzy_dates import FuzzyDate
from cases.permissions import CaseRight, acting
from cases.returns import closing, exits, returning
from cases.returns.exits_table import proofs
from cases.returns.forms import (
    ApproveForm,
    ExitForm,
    OpinionForm,
    PlaceForm,
    ReopenForm,
    ReturnForm,
    SendBackForm,
)
from cases.returns.panels import closing_panel
from regions.models import SchoolClass


def _back(at: Occasion) -> Filling:
    return Filling(initial={"on": FuzzyDate.on(at.on)}, intro="要在上课日，人回到课堂才算返校")


def _classes(at: Occasion) -> Filling:
    """The classes this user may place into: of the county, or of the school that has the child."""
    if at.by.reach.holds(*COUNTY_ROLES):
        paths = [at.case.county_path]
    else:
        rows = at.case.access_rows.filter(kind=AccessKind.SCHOOL, until=None)
        paths = [row.path.split("C", 1)[0] for row in rows]
    classes = SchoolClass.objects.at(*paths).running(at.on).select_related("school")
    listed = classes.order_by("school__path", "stage", "-entry_year", "number")
    return Filling(initial={"on": at.on}, options={"classes": listed, "day": at.on})


def _school_word(at: Occasion) -> Filling:
    return Filling(initial={"agrees": "yes"}, around={"closing": closing_panel(at.case, at.on)})


def _township_word(at: Occasion) -> Filling:
    return Filling(
        initial={"agrees": "yes"},
        refused=closing.why_not_close(at.case, at.on) or "",
        around={"closing": closing_panel(at.case, at.on)},
    )


def _approval(at: Occasion) -> Filling:
    return Filling(
        refused=closing.why_not_close(at.case, at.on) or "",
        around={"closing": closing_panel(at.case, at.on)},
    )


def _reasons(at: Occasion) -> Filling:
    roles = frozenset(held.role for held in acting(at.by, at.case))
    return Filling(options={"roles": roles}, around={"proofs": proofs()})


def _by_school(uid: str, **told: Any) -> object:
    return closing.speak(uid, OpinionOf.SCHOOL, **told)


def _by_township(uid: str, **told: Any) -> object:
    return closing.speak(uid, OpinionOf.TOWNSHIP, **told)


def _by_bureau(uid: str, **told: Any) -> object:
    return closing.disagree(uid, OpinionOf.BUREAU, **told)


def _asked_to_close(now: Situation) -> bool:
    return OpinionOf.TOWNSHIP in now.opinions


def _spoken(now: Situation) -> bool:
    return bool(now.opinions)


RETURN = Act(
    CaseRight.RETURN, "record_return", "登记返校", button="登记返校，进入安置",
    icon="box-arrow-in-left", says="学生已经回到课堂", states=OUT, path="return", form=ReturnForm,
    verb=returning.record_return, fill=_back,
    settles=(DeadlineKind.PROMISE, DeadlineKind.ORDER, DeadlineKind.RECORD_RETURN),
)  # fmt: skip
PLACE = Act(
    CaseRight.PLACE, "place", "登记安置", button="保存安置，开始观察", icon="geo-alt",
    says="安置方式和班级", states=frozenset({CaseState.RETURNED}), form=PlaceForm,
    verb=returning.place, fill=_classes, settles=(DeadlineKind.PLACE,),
)  # fmt: skip
SCHOOL_OPINION = Act(
    CaseRight.SCHOOL_OPINION, "opinion", "签学校意见", button="签署意见", icon="pen",
    says="同意销号，由乡镇核实", states=BACK, form=OpinionForm, verb=_by_school,
    fill=_school_word, fits=opinion_missing(OpinionOf.SCHOOL), called="签署意见",
    settles=(DeadlineKind.SCHOOL_OPINION,),
)  # fmt: skip
TOWNSHIP_OPINION = Act(
    CaseRight.TOWNSHIP_OPINION, "opinion", "报请销号", button="签署意见", icon="check2-square",
    says="上门或电话核实后，报县教育体育局", states=BACK, form=OpinionForm, verb=_by_township,
    fill=_township_word, fits=opinion_missing(OpinionOf.TOWNSHIP), called="签署意见",
    settles=(DeadlineKind.TOWNSHIP_OPINION,),
)  # fmt: skip
APPROVE = Act(
    CaseRight.APPROVE, "approve", "审批销号", button="批准销号", icon="check2-square",
    says="学校、乡镇意见齐全后", states=BACK, form=ApproveForm, verb=closing.approve,
    fill=_approval, fits=_asked_to_close, settles=(DeadlineKind.APPROVE,),
)  # fmt: skip
SEND_BACK = Act(
    CaseRight.APPROVE, "send_back", "退回销号", button="退回，重新签署",
    icon="arrow-counterclockwise", says="写明原因，重新签署", states=BACK, form=SendBackForm,
    verb=_by_bureau, fits=_spoken,
)  # fmt: skip
EXIT = Act(
    CaseRight.EXIT, "exit", "依规办结", button="按这一事由办结", icon="door-open",
    says="休学、转出、延缓入学等，须有证明", states=OPEN, form=ExitForm, verb=exits.leave_by_exit,
    fill=_reasons,
)  # fmt: skip
REOPEN = Act(
    CaseRight.REOPEN, "reopen", "恢复办理", button="恢复办理，继续劝返", icon="arrow-repeat",
    says="事由到期，学生仍未就学", states=GONE, form=ReopenForm, verb=exits.reopen_exit,
)  # fmt: skip
