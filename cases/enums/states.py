"""The words of bringing a child back."""

from regions.labels import Labelled


class ContactWay(Labelled):
    """How somebody tried to reach the family."""

    VISIT = "visit", "家访"
    CALL = "call", "电话"
    LETTER = "letter", "书信"
    TALK = "talk", "谈话"


class Met(Labelled):
    """Who was met. Nobody is a result too."""

    CHILD = "child", "见到学生"
    GUARDIAN = "guardian", "见到家长"
    BOTH = "both", "学生和家长都见到"
    NOBODY = "nobody", "未见到人"


class CaseState(Labelled):
    """Where a case stands. The four phases of the board follow from it."""

    VERIFYING = "verifying", "核查中"
    PERSUADING = "persuading", "劝返中"
    RETURNED = "returned", "已返校，待安置"
    OBSERVING = "observing", "观察中"
    CLOSED = "closed", "已销号"
    EXITED = "exited", "依规办结"
    MISTAKE = "mistake", "建档有误"


OPEN_STATES = [
    CaseState.VERIFYING,
    CaseState.PERSUADING,
    CaseState.RETURNED,
    CaseState.OBSERVING,
]
OUT_OF_SCHOOL = [CaseState.VERIFYING, CaseState.PERSUADING]


class Phase(Labelled):
    """发现、劝返、安置、保学: the four phases of the work."""

    FIND = "find", "发现"
    PERSUADE = "persuade", "劝返"
    PLACE = "place", "安置"
    KEEP = "keep", "保学"


PHASE_OF = {
    CaseState.VERIFYING: Phase.FIND,
    CaseState.PERSUADING: Phase.PERSUADE,
    CaseState.RETURNED: Phase.PLACE,
    CaseState.OBSERVING: Phase.KEEP,
}


class AbsenceLevel(Labelled):
    """What may be said of the child: 辍学 only once its threshold is passed."""

    ABSENT = "absent", "未到校"
    SUSPECTED = "suspected", "疑似辍学"
    DROPOUT = "dropout", "辍学"


class Step(Labelled):
    """四步法: the four legal steps, the fourth with two branches."""

    PERSUADE = "persuade", "宣传教育"
    ORDER = "order", "责令限期改正"
    PENALTY = "penalty", "行政处罚"
    ENFORCE = "enforce", "申请强制执行"
    SUE = "sue", "提起诉讼"


STEP_NUMBERS = {
    Step.PERSUADE: 1,
    Step.ORDER: 2,
    Step.PENALTY: 3,
    Step.ENFORCE: 4,
    Step.SUE: 4,
}


def step_title(step: Step) -> str:
    """第一步（宣传教育） … 第四步（提起诉讼）."""
    return f"第{'一二三四'[STEP_NUMBERS[step] - 1]}步（{step.label}）"


class AccessKind(Labelled):
    """Why a unit reaches a case."""

    OWNER = "owner", "责任乡镇"
    SCHOOL = "school", "学校"
    VILLAGE = "village", "村（社区）"
    REFERRAL = "referral", "移送单位"
    FORMER = "former", "原责任乡镇"


class EventKind(Labelled):
    """What happened to a case: one row each, never changed."""

    OPENED = "opened", "建档"
    SUSPECTED = "suspected", "列入疑似辍学台账"
    DROPOUT = "dropout", "列入辍学台账"
    VERIFIED = "verified", "核查"
    CONTACT = "contact", "联系"
    CRITICISM = "criticism", "批评教育"
    STEP = "step", "进入下一步"
    SKIP_ASKED = "skip_asked", "申请跳过一步"
    SKIP_GRANTED = "skip_granted", "批准跳过一步"
    SKIP_REFUSED = "skip_refused", "不准跳过一步"
    ISSUED = "issued", "制发文书"
    VOIDED = "voided", "文书作废"
    SERVED = "served", "送达"
    LAPSED = "lapsed", "限期届满"
    COURT = "court", "法院办理"
    LEFT = "left", "离校"
    RETURNED = "returned", "返校"
    PLACED = "placed", "返校安置"
    READY = "ready", "观察期满"
    OPINION = "opinion", "销号意见"
    CLOSED = "closed", "销号"
    RELAPSED = "relapsed", "再次辍学"
    EXITED = "exited", "依规办结"
    REOPENED = "reopened", "恢复办理"
    HANDED_OVER = "handed_over", "转乡镇办理"
    REFERRED = "referred", "移送"
    REFERRAL_ENDED = "referral_ended", "移送结束"
    PLANNED = "planned", "一生一案"
    RISEN = "risen", "上报上级"
    NOTED = "noted", "情况说明"


class OpinionOf(Labelled):
    """Whose word a closing needs."""

    SCHOOL = "school", "学校意见"
    TOWNSHIP = "township", "乡镇核实意见"
    BUREAU = "bureau", "县教育体育局审批"
