"""The closed lists of a case: papers, ways of service, deadlines, placements, reasons, exits."""

from enum import Enum

EVIDENCE = "case_evidence"


class CourtAct(str, Enum):
    """What a court or its proceedings brought, kept in a COURT event."""

    FILED = "filed"
    HEARING = "hearing"
    MEDIATION = "mediation"
    JUDGMENT = "judgment"
    WITHDRAWN = "withdrawn"
    RULING = "ruling"
    ENFORCEMENT = "enforcement"
    DETENTION = "detention"
    CLOSED = "closed"


COURT_LABELS = {
    CourtAct.FILED: "递交法院",
    CourtAct.HEARING: "开庭",
    CourtAct.MEDIATION: "调解",
    CourtAct.JUDGMENT: "判决",
    CourtAct.WITHDRAWN: "撤回",
    CourtAct.RULING: "裁定准予执行",
    CourtAct.ENFORCEMENT: "执行通知",
    CourtAct.DETENTION: "拘留决定",
    CourtAct.CLOSED: "法院结案",
}


class PaperKind(str, Enum):
    """Papers of the four steps. A number belongs to the body, the kind and the year."""

    PERSUASION = "persuasion"
    ORDER = "order"
    PRIOR_NOTICE = "prior_notice"
    PENALTY = "penalty"
    DEMAND = "demand"
    ENFORCEMENT = "enforcement"
    COMPLAINT = "complaint"
    LEGAL_OPINION = "legal_opinion"


PAPER_LABELS = {
    PaperKind.PERSUASION: "劝返通知书",
    PaperKind.ORDER: "责令限期改正通知书",
    PaperKind.PRIOR_NOTICE: "行政处罚事先告知书",
    PaperKind.PENALTY: "行政处罚决定书",
    PaperKind.DEMAND: "履行行政决定催告书",
    PaperKind.ENFORCEMENT: "强制执行申请书",
    PaperKind.COMPLAINT: "民事起诉状",
    PaperKind.LEGAL_OPINION: "法律意见书",
}
PAPER_SIGNS = {
    PaperKind.PERSUASION: "劝",
    PaperKind.ORDER: "责改",
    PaperKind.PRIOR_NOTICE: "罚告",
    PaperKind.PENALTY: "罚",
    PaperKind.DEMAND: "催",
    PaperKind.ENFORCEMENT: "强申",
    PaperKind.COMPLAINT: "诉",
    PaperKind.LEGAL_OPINION: "法意",
}


class PaperState(str, Enum):
    ISSUED = "issued"
    VOID = "void"


class ServiceMode(str, Enum):
    """送达方式 (民事诉讼法 88–95)."""

    DIRECT = "direct"
    FAMILY = "family"
    LEFT = "left"
    ENTRUSTED = "entrusted"
    POST = "post"
    ELECTRONIC = "electronic"
    PUBLIC = "public"


SERVICE_LABELS = {
    ServiceMode.DIRECT: "直接送达",
    ServiceMode.FAMILY: "同住成年家属签收",
    ServiceMode.LEFT: "留置送达",
    ServiceMode.ENTRUSTED: "委托送达",
    ServiceMode.POST: "邮寄送达",
    ServiceMode.ELECTRONIC: "电子送达",
    ServiceMode.PUBLIC: "公告送达",
}


class DeadlineKind(str, Enum):
    """What must be done, or lapses, by a stored date."""

    VERIFY = "verify"
    CONTACT = "contact"
    NEXT_CONTACT = "next_contact"
    PROMISE = "promise"
    SCHOOL_REPORT = "school_report"
    ISSUE = "issue"
    SERVE = "serve"
    PUBLIC_NOTICE = "public_notice"
    ORDER = "order"
    FINE = "fine"
    DEMAND = "demand"
    REVIEW = "review"
    SUIT = "suit"
    COURT_WINDOW = "court_window"
    RECORD_RETURN = "record_return"
    PLACE = "place"
    OBSERVE = "observe"
    SCHOOL_OPINION = "school_opinion"
    TOWNSHIP_OPINION = "township_opinion"
    APPROVE = "approve"
    DECIDE_SKIP = "decide_skip"
    EXIT_ENDS = "exit_ends"


DEADLINE_LABELS = {
    DeadlineKind.VERIFY: "首次核查并定性",
    DeadlineKind.CONTACT: "再次联系监护人",
    DeadlineKind.NEXT_CONTACT: "约定的下次联系",
    DeadlineKind.PROMISE: "承诺返校之日，核实是否返校",
    DeadlineKind.SCHOOL_REPORT: "学校书面报告",
    DeadlineKind.ISSUE: "制发责令限期改正通知书",
    DeadlineKind.SERVE: "送达文书",
    DeadlineKind.PUBLIC_NOTICE: "公告期满，视为送达",
    DeadlineKind.ORDER: "限期改正届满，核实是否返校",
    DeadlineKind.FINE: "罚款缴纳期届满",
    DeadlineKind.DEMAND: "催告期满",
    DeadlineKind.REVIEW: "监护人申请行政复议截止",
    DeadlineKind.SUIT: "监护人提起行政诉讼截止",
    DeadlineKind.COURT_WINDOW: "申请强制执行截止",
    DeadlineKind.RECORD_RETURN: "考勤显示到校，登记返校",
    DeadlineKind.PLACE: "落实返校安置",
    DeadlineKind.OBSERVE: "观察期",
    DeadlineKind.SCHOOL_OPINION: "学校签署销号意见",
    DeadlineKind.TOWNSHIP_OPINION: "乡镇核实，报请销号",
    DeadlineKind.APPROVE: "审批销号",
    DeadlineKind.DECIDE_SKIP: "审批跳过一步",
    DeadlineKind.EXIT_ENDS: "事由到期，核实去向",
}
# Periods that run by themselves: when their day has passed they are over, and nobody is late.
RUNS_OUT = {
    DeadlineKind.PUBLIC_NOTICE,
    DeadlineKind.FINE,
    DeadlineKind.DEMAND,
    DeadlineKind.REVIEW,
    DeadlineKind.SUIT,
}
NOBODYS_DUTY = RUNS_OUT | {DeadlineKind.OBSERVE}


class PlacementMode(str, Enum):
    """安置方式."""

    OWN_CLASS = "own_class"
    OTHER_CLASS = "other_class"
    OTHER_SCHOOL = "other_school"
    INCLUSIVE = "inclusive"
    HOME_TEACHING = "home_teaching"
    VOCATIONAL = "vocational"


PLACEMENT_LABELS = {
    PlacementMode.OWN_CLASS: "原班就读",
    PlacementMode.OTHER_CLASS: "本校调班",
    PlacementMode.OTHER_SCHOOL: "转校就读",
    PlacementMode.INCLUSIVE: "随班就读",
    PlacementMode.HOME_TEACHING: "送教上门",
    PlacementMode.VOCATIONAL: "职业技术教育",
}


class Reason(str, Enum):
    """未到校原因."""

    WEARY = "weary"
    LEARNING = "learning"
    WORK = "work"
    MARRIAGE = "marriage"
    POVERTY = "poverty"
    ILLNESS = "illness"
    FAMILY = "family"
    INTERNET = "internet"
    BULLYING = "bullying"
    OFFENCE = "offence"
    RELIGION = "religion"
    DISTANCE = "distance"
    MOVING = "moving"
    KEPT_HOME = "kept_home"
    LOST = "lost"
    OTHER = "other"


REASON_LABELS = {
    Reason.WEARY: "厌学",
    Reason.LEARNING: "学习困难",
    Reason.WORK: "外出务工",
    Reason.MARRIAGE: "早婚早孕",
    Reason.POVERTY: "家庭困难",
    Reason.ILLNESS: "疾病残疾",
    Reason.FAMILY: "家庭变故或监护缺失",
    Reason.INTERNET: "沉迷网络",
    Reason.BULLYING: "校园欺凌",
    Reason.OFFENCE: "涉案",
    Reason.RELIGION: "宗教原因",
    Reason.DISTANCE: "路途遥远",
    Reason.MOVING: "随迁或转学未衔接",
    Reason.KEPT_HOME: "家长阻止",
    Reason.LOST: "失去联系",
    Reason.OTHER: "其他",
}
# Seen only by those who act on them; each brings the duty to report (未成年人保护法 11).
SENSITIVE_REASONS = {Reason.MARRIAGE, Reason.ILLNESS, Reason.BULLYING, Reason.OFFENCE}


class Post(str, Enum):
    """包保责任人: the five named people of a child."""

    COUNTY_LEADER = "county_leader"
    TOWNSHIP_CADRE = "township_cadre"
    VILLAGE_CADRE = "village_cadre"
    SCHOOL_LEADER = "school_leader"
    TEACHER = "teacher"


POST_LABELS = {
    Post.COUNTY_LEADER: "县级领导",
    Post.TOWNSHIP_CADRE: "乡镇干部",
    Post.VILLAGE_CADRE: "村干部",
    Post.SCHOOL_LEADER: "学校领导",
    Post.TEACHER: "班主任",
}


class ExitKind(str, Enum):
    """合法不在校事由: the closed list. Its table stands in `cases.exits`."""

    DEFERRED = "deferred"
    SUSPENDED = "suspended"
    HOME_TEACHING = "home_teaching"
    SPECIAL_SCHOOL = "special_school"
    REHAB = "rehab"
    TRANSFER_OUT = "transfer_out"
    STUDY_ELSEWHERE = "study_elsewhere"
    ABROAD = "abroad"
    DECEASED = "deceased"
    MISSING = "missing"
    CORRECTIONAL = "correctional"
    VOCATIONAL = "vocational"
    OVERAGE = "overage"
    GRADUATED = "graduated"


EXIT_LABELS = {
    ExitKind.DEFERRED: "延缓入学",
    ExitKind.SUSPENDED: "休学",
    ExitKind.HOME_TEACHING: "送教上门",
    ExitKind.SPECIAL_SCHOOL: "特殊教育学校就读",
    ExitKind.REHAB: "康复机构",
    ExitKind.TRANSFER_OUT: "转出（对方学校已接收）",
    ExitKind.STUDY_ELSEWHERE: "异地就读",
    ExitKind.ABROAD: "出国（境）",
    ExitKind.DECEASED: "死亡",
    ExitKind.MISSING: "失踪（公安立案）",
    ExitKind.CORRECTIONAL: "专门学校",
    ExitKind.VOCATIONAL: "职业学校就读",
    ExitKind.OVERAGE: "已超义务教育年龄",
    ExitKind.GRADUATED: "已毕业",
}
