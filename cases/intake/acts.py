"""The acts that say who answers for a case: owner, referral, a case opened in error."""

from django.db.models import QuerySet

from accounts.enums import Role
from cases.act import OPEN, OUT, Act, Filling, Occasion, Situation
from cases.enums.states import AccessKind
from cases.intake import assignment
from cases.intake.forms import AssignForm, EndReferralForm, HandOverForm, ReasonForm, ReferForm
from cases.models import Case
from cases.permissions import CaseRight
from regions.enums import Level
from regions.models import Region
from regions.paths import inside


def _townships(case: Case) -> QuerySet[Region]:
    found = Region.objects.filter(inside("path", case.county_path), level=Level.TOWNSHIP)
    return found.order_by("path")


def _all(at: Occasion) -> Filling:
    return Filling(
        options={"townships": _townships(at.case)},
        refused="" if at.case.to_assign else "这份档案已有责任乡镇。要换，请用“转乡镇办理”。",
    )


def _others(at: Occasion) -> Filling:
    owner = at.case.access_rows.get(kind=AccessKind.OWNER, until=None)
    return Filling(
        options={"townships": _townships(at.case).exclude(path=owner.path)},
        intro=f"现在由{owner.unit}办理；转出后{owner.unit}只能查看",
    )


def _referred(at: Occasion) -> Filling:
    rows = at.case.access_rows.filter(kind=AccessKind.REFERRAL, until=None).order_by("pk")
    roles = [Role(row.role) for row in rows]
    return Filling(
        options={"roles": roles},
        refused="" if roles else "这份档案没有移送给任何单位。",
        asks=bool(roles),
    )


def _number_stays(_: Occasion) -> Filling:
    return Filling(intro="档案编号保留")


def _to_assign(now: Situation) -> bool:
    return now.case.to_assign


def _is_referred(now: Situation) -> bool:
    return now.referred


ASSIGN = Act(
    CaseRight.ASSIGN, "assign", "指定责任乡镇", button="指定为责任乡镇", icon="signpost",
    says="监护人住址不明或不在本县", states=OPEN, form=AssignForm, verb=assignment.assign,
    fill=_all, fits=_to_assign,
)  # fmt: skip
HAND_OVER = Act(
    CaseRight.HAND_OVER, "hand_over", "转乡镇办理", button="转给这个乡镇办理",
    icon="arrow-left-right", says="监护人住到别的乡镇", states=OPEN, form=HandOverForm,
    verb=assignment.hand_over, fill=_others,
)  # fmt: skip
REFER = Act(
    CaseRight.REFER, "refer", "移送", button="移送这份档案", icon="send",
    says="法院、检察院、司法、公安、人社", states=OPEN, form=ReferForm, verb=assignment.refer,
)  # fmt: skip
END_REFERRAL = Act(
    CaseRight.END_REFERRAL, "end_referral", "结束移送", button="结束移送", icon="send-x",
    says="结束后该单位不再看到", states=OPEN, form=EndReferralForm, verb=assignment.end_referral,
    fill=_referred, fits=_is_referred,
)  # fmt: skip
MISTAKE = Act(
    CaseRight.MISTAKE, "mistake", "认定建档有误", button="认定建档有误，停止办理",
    icon="x-octagon", says="写明原因，编号保留", states=OUT, form=ReasonForm,
    verb=assignment.set_mistake, fill=_number_stays,
)  # fmt: skip
