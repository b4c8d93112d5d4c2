"""The closed lists of a case: papers, ways of service, deadlines, placements, reasons, exits."""

from enum import StrEnum

from regions.labels import Labelled

EVIDENCE = "case_evidence"


class CourtAct(Labelled):
    """What a court or its proceedings brought, kept in a COURT event."""

    FILED = "filed", "递交法院"
    HEARING = "hearing", "开庭"
    MEDIATION = "mediation", "调解"
    JUDGMENT = "judgment", "判决"
    WITHDRAWN = "withdrawn", "撤回"
    RULING = "ruling", "裁定准予执行"
    ENFORCEMENT = "enforcement", "执行通知"
    DETENTION = "detention", "拘留决定"
    CLOSED = "closed", "法院结案"


class PaperKind(Labelled):
    """Papers of the four steps. A number belongs to the body, the kind and the year."""

    PERSUASION = "persuasion", "劝返通知书"
    ORDER = "order", "责令限期改正通知书"
    PRIOR_NOTICE = "prior_notice", "行政处罚事先告知书"
    PENALTY = "penalty", "行政处罚决定书"
    DEMAND = "demand", "履行行政决定催告书"
    ENFORCEMENT = "enforcement", "强制执行申请书"
    COMPLAINT = "complaint", "民事起诉状"
    LEGAL_OPINION = "legal_opinion", "法律意见书"


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


class PaperState(StrEnum):
    ISSUED = "issued"
    VOID = "void"


class ServiceMode(Labelled):
    """送达方式 (民事诉讼法 88–95)."""

    DIRECT = "direct", "直接送达"
    FAMILY = "family", "同住成年家属签收"
    LEFT = "left", "留置送达"
    ENTRUSTED = "entrusted", "委托送达"
    POST = "post", "邮寄送达"
    ELECTRONIC = "electronic", "电子送达"
    PUBLIC = "public", "公告送达"


class DeadlineKind(Labelled):
    """What must be done, or lapses, by a stored date."""

    VERIFY = "verify", "首次核查并定性"
    CONTACT = "contact", "再次联系监护人"
    NEXT_CONTACT = "next_contact", "约定的下次联系"
    PROMISE = "promise", "承诺返校之日，核实是否返校"
    SCHOOL_REPORT = "school_report", "学校书面报告"
    ISSUE = "issue", "制发责令限期改正通知书"
    SERVE = "serve", "送达文书"
    PUBLIC_NOTICE = "public_notice", "公告期满，视为送达"
    ORDER = "order", "限期改正届满，核实是否返校"
    FINE = "fine", "罚款缴纳期届满"
    DEMAND = "demand", "催告期满"
    REVIEW = "review", "监护人申请行政复议截止"
    SUIT = "suit", "监护人提起行政诉讼截止"
    COURT_WINDOW = "court_window", "申请强制执行截止"
    RECORD_RETURN = "record_return", "考勤显示到校，登记返校"
    PLACE = "place", "落实返校安置"
    OBSERVE = "observe", "观察期"
    SCHOOL_OPINION = "school_opinion", "学校签署销号意见"
    TOWNSHIP_OPINION = "township_opinion", "乡镇核实，报请销号"
    APPROVE = "approve", "审批销号"
    DECIDE_SKIP = "decide_skip", "审批跳过一步"
    EXIT_ENDS = "exit_ends", "事由到期，核实去向"


# Periods that run by themselves: when their day has passed they are over, and nobody is late.
RUNS_OUT = {
    DeadlineKind.PUBLIC_NOTICE,
    DeadlineKind.FINE,
    DeadlineKind.DEMAND,
    DeadlineKind.REVIEW,
    DeadlineKind.SUIT,
}
NOBODYS_DUTY = RUNS_OUT | {DeadlineKind.OBSERVE}


class PlacementMode(Labelled):
    """安置方式."""

    OWN_CLASS = "own_class", "原班就读"
    OTHER_CLASS = "other_class", "本校调班"
    OTHER_SCHOOL = "other_school", "转校就读"
    INCLUSIVE = "inclusive", "随班就读"
    HOME_TEACHING = "home_teaching", "送教上门"
    VOCATIONAL = "vocational", "职业技术教育"


class Reason(Labelled):
    """未到校原因."""

    WEARY = "weary", "厌学"
    LEARNING = "learning", "学习困难"
    WORK = "work", "外出务工"
    MARRIAGE = "marriage", "早婚早孕"
    POVERTY = "poverty", "家庭困难"
    ILLNESS = "illness", "疾病残疾"
    FAMILY = "family", "家庭变故或监护缺失"
    INTERNET = "internet", "沉迷网络"
    BULLYING = "bullying", "校园欺凌"
    OFFENCE = "offence", "涉案"
    RELIGION = "religion", "宗教原因"
    DISTANCE = "distance", "路途遥远"
    MOVING = "moving", "随迁或转学未衔接"
    KEPT_HOME = "kept_home", "家长阻止"
    LOST = "lost", "失去联系"
    OTHER = "other", "其他"


# Seen only by those who act on them; each brings the duty to report (未成年人保护法 11).
SENSITIVE_REASONS = {Reason.MARRIAGE, Reason.ILLNESS, Reason.BULLYING, Reason.OFFENCE}


class PostKey(Labelled):
    """包保责任人: the keys of the five posts that are named for a child."""

    COUNTY_LEADER = "county_leader", "县级领导"
    TOWNSHIP_CADRE = "township_cadre", "乡镇干部"
    VILLAGE_CADRE = "village_cadre", "村干部"
    SCHOOL_LEADER = "school_leader", "学校领导"
    TEACHER = "teacher", "班主任"


class ExitKind(Labelled):
    """合法不在校事由: the closed list. Its table stands in `cases.law.exits`."""

    DEFERRED = "deferred", "延缓入学"
    SUSPENDED = "suspended", "休学"
    HOME_TEACHING = "home_teaching", "送教上门"
    SPECIAL_SCHOOL = "special_school", "特殊教育学校就读"
    REHAB = "rehab", "康复机构"
    TRANSFER_OUT = "transfer_out", "转出（对方学校已接收）"
    STUDY_ELSEWHERE = "study_elsewhere", "异地就读"
    ABROAD = "abroad", "出国（境）"
    DECEASED = "deceased", "死亡"
    MISSING = "missing", "失踪（公安立案）"
    CORRECTIONAL = "correctional", "专门学校"
    VOCATIONAL = "vocational", "职业学校就读"
    OVERAGE = "overage", "已超义务教育年龄"
    GRADUATED = "graduated", "已毕业"
