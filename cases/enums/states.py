"""The words of bringing a child back."""

from enum import Enum


class ContactWay(str, Enum):
    """How somebody tried to reach the family."""

    VISIT = "visit"
    CALL = "call"
    LETTER = "letter"
    TALK = "talk"


CONTACT_WAY_LABELS = {
    ContactWay.VISIT: "家访",
    ContactWay.CALL: "电话",
    ContactWay.LETTER: "书信",
    ContactWay.TALK: "谈话",
}


class Met(str, Enum):
    """Who was met. Nobody is a result too."""

    CHILD = "child"
    GUARDIAN = "guardian"
    BOTH = "both"
    NOBODY = "nobody"


MET_LABELS = {
    Met.CHILD: "见到学生",
    Met.GUARDIAN: "见到家长",
    Met.BOTH: "学生和家长都见到",
    Met.NOBODY: "未见到人",
}


class CaseState(str, Enum):
    """Where a case stands. The four phases of the board follow from it."""

    VERIFYING = "verifying"
    PERSUADING = "persuading"
    RETURNED = "returned"
    OBSERVING = "observing"
    CLOSED = "closed"
    EXITED = "exited"
    MISTAKE = "mistake"


OPEN_STATES = [
    CaseState.VERIFYING,
    CaseState.PERSUADING,
    CaseState.RETURNED,
    CaseState.OBSERVING,
]
OUT_OF_SCHOOL = [CaseState.VERIFYING, CaseState.PERSUADING]
CASE_STATE_LABELS = {
    CaseState.VERIFYING: "核查中",
    CaseState.PERSUADING: "劝返中",
    CaseState.RETURNED: "已返校，待安置",
    CaseState.OBSERVING: "观察中",
    CaseState.CLOSED: "已销号",
    CaseState.EXITED: "依规办结",
    CaseState.MISTAKE: "建档有误",
}


class Phase(str, Enum):
    """发现、劝返、安置、保学: the four phases of the work."""

    FIND = "find"
    PERSUADE = "persuade"
    PLACE = "place"
    KEEP = "keep"


PHASE_LABELS = {
    Phase.FIND: "发现",
    Phase.PERSUADE: "劝返",
    Phase.PLACE: "安置",
    Phase.KEEP: "保学",
}
PHASE_OF = {
    CaseState.VERIFYING: Phase.FIND,
    CaseState.PERSUADING: Phase.PERSUADE,
    CaseState.RETURNED: Phase.PLACE,
    CaseState.OBSERVING: Phase.KEEP,
}


class AbsenceLevel(str, Enum):
    """What may be said of the child: 辍学 only once its threshold is passed."""

    ABSENT = "absent"
    SUSPECTED = "suspected"
    DROPOUT = "dropout"


LEVEL_LABELS = {
    AbsenceLevel.ABSENT: "未到校",
    AbsenceLevel.SUSPECTED: "疑似辍学",
    AbsenceLevel.DROPOUT: "辍学",
}


class Step(str, Enum):
    """四步法: the four legal steps, the fourth with two branches."""

    PERSUADE = "persuade"
    ORDER = "order"
    PENALTY = "penalty"
    ENFORCE = "enforce"
    SUE = "sue"


STEP_LABELS = {
    Step.PERSUADE: "宣传教育",
    Step.ORDER: "责令限期改正",
    Step.PENALTY: "行政处罚",
    Step.ENFORCE: "申请强制执行",
    Step.SUE: "提起诉讼",
}
STEP_NUMBERS = {
    Step.PERSUADE: 1,
    Step.ORDER: 2,
    Step.PENALTY: 3,
    Step.ENFORCE: 4,
    Step.SUE: 4,
}


def step_title(step: Step) -> str:
    """第一步（宣传教育） … 第四步（提起诉讼）."""
    return f"第{'一二三四'[STEP_NUMBERS[step] - 1]}步（{STEP_LABELS[step]}）"


class AccessKind(str, Enum):
    """Why a unit reaches a case."""

    OWNER = "owner"
    SCHOOL = "school"
    VILLAGE = "village"
    REFERRAL = "referral"
    FORMER = "former"


ACCESS_LABELS = {
    AccessKind.OWNER: "责任乡镇",
    AccessKind.SCHOOL: "学校",
    AccessKind.VILLAGE: "村（社区）",
    AccessKind.REFERRAL: "移送单位",
    AccessKind.FORMER: "原责任乡镇",
}


class EventKind(str, Enum):
    """What happened to a case: one row each, never changed."""

    OPENED = "opened"
    SUSPECTED = "suspected"
    DROPOUT = "dropout"
    VERIFIED = "verified"
    CONTACT = "contact"
    CRITICISM = "criticism"
    STEP = "step"
    SKIP_ASKED = "skip_asked"
    SKIP_GRANTED = "skip_granted"
    SKIP_REFUSED = "skip_refused"
    ISSUED = "issued"
    VOIDED = "voided"
    SERVED = "served"
    LAPSED = "lapsed"
    COURT = "court"
    LEFT = "left"
    RETURNED = "returned"
    PLACED = "placed"
    READY = "ready"
    OPINION = "opinion"
    CLOSED = "closed"
    RELAPSED = "relapsed"
    EXITED = "exited"
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"
    REFERRED = "referred"
    REFERRAL_ENDED = "referral_ended"
    PLANNED = "planned"
    RISEN = "risen"
    NOTED = "noted"


EVENT_LABELS = {
    EventKind.OPENED: "建档",
    EventKind.SUSPECTED: "列入疑似辍学台账",
    EventKind.DROPOUT: "列入辍学台账",
    EventKind.VERIFIED: "核查",
    EventKind.CONTACT: "联系",
    EventKind.CRITICISM: "批评教育",
    EventKind.STEP: "进入下一步",
    EventKind.SKIP_ASKED: "申请跳过一步",
    EventKind.SKIP_GRANTED: "批准跳过一步",
    EventKind.SKIP_REFUSED: "不准跳过一步",
    EventKind.ISSUED: "制发文书",
    EventKind.VOIDED: "文书作废",
    EventKind.SERVED: "送达",
    EventKind.LAPSED: "限期届满",
    EventKind.COURT: "法院办理",
    EventKind.LEFT: "离校",
    EventKind.RETURNED: "返校",
    EventKind.PLACED: "返校安置",
    EventKind.READY: "观察期满",
    EventKind.OPINION: "销号意见",
    EventKind.CLOSED: "销号",
    EventKind.RELAPSED: "再次辍学",
    EventKind.EXITED: "依规办结",
    EventKind.REOPENED: "恢复办理",
    EventKind.HANDED_OVER: "转乡镇办理",
    EventKind.REFERRED: "移送",
    EventKind.REFERRAL_ENDED: "移送结束",
    EventKind.PLANNED: "一生一案",
    EventKind.RISEN: "上报上级",
    EventKind.NOTED: "情况说明",
}


class OpinionOf(str, Enum):
    """Whose word a closing needs."""

    SCHOOL = "school"
    TOWNSHIP = "township"
    BUREAU = "bureau"


OPINION_LABELS = {
    OpinionOf.SCHOOL: "学校意见",
    OpinionOf.TOWNSHIP: "乡镇核实意见",
    OpinionOf.BUREAU: "县教育体育局审批",
}
