"""The words of numbers: where a child stands on a day, what is counted, which indicator is which."""

from regions.labels import Labelled


class StudentStatus(Labelled):
    """去向: on a day each child of a county stands in exactly one. A row only where not 在读."""

    IN_SCHOOL = "in_school", "在读"
    DROPOUT = "dropout", "辍学未复学"
    SUSPECTED = "suspected", "疑似辍学"
    ABSENT = "absent", "未到校"
    OBSERVED = "observed", "返校观察"
    MISSING = "missing", "失踪（公安立案）"
    SUSPENDED = "suspended", "休学"
    DEFERRED = "deferred", "延缓入学"
    REHAB = "rehab", "康复机构"
    HOME_TEACHING = "home_teaching", "送教上门"
    SPECIAL_SCHOOL = "special_school", "特殊教育学校就读"
    CORRECTIONAL = "correctional", "专门学校"
    VOCATIONAL = "vocational", "职业学校就读"
    STUDY_ELSEWHERE = "study_elsewhere", "异地就读"
    LONG_LEAVE = "long_leave", "长期请假"
    LAWFUL = "lawful", "依规不在校"
    OVERAGE = "overage", "已超义务教育年龄"
    TRANSFER_PENDING = "transfer_pending", "转学未接续"
    TRANSFER_OUT = "transfer_out", "转出"
    ABROAD = "abroad", "出国（境）"
    DECEASED = "deceased", "死亡"
    GRADUATED = "graduated", "毕业"


class Flow(Labelled):
    """What a school year did to one place: people, judged at that place.

    A child who moved between two schools of a county went out of one and came into the other, and
    did neither to the county.
    """

    START = "start", "学年初在校"
    CAME_IN = "came_in", "转入"
    WENT_OUT = "went_out", "转出"
    DIED = "died", "死亡"
    WENT_ABROAD = "went_abroad", "出国（境）"
    FINISHED = "finished", "毕业"
    UNKNOWN = "unknown", "转出未说明去向"


class PlaceCount(Labelled):
    """What else is counted of a place on a day."""

    DROPPED = (
        "dropped",
        "本学年辍学（含已复学）",
    )  # children who were 辍学 at any time of the school year
    DROPPED_NOW = "dropped_now", "本学年辍学未复学"  # of these, not back
    OPENING_EXPECTED = "opening_expected", "开学应到"
    OPENING_SEEN = "opening_seen", "开学第一周已到"
    OPENING_MISSING = "opening_missing", "开学第一周未到"  # expected, and not seen
    CLASSES = "classes", "应填考勤班级"
    UNDECIDED = "undecided", "校历未定的班级"  # nobody can say whether they were to take one
    HELD = "held", "停课待核的班级"  # a closure was asked for and nobody has decided
    TAKEN = "taken", "已填考勤班级"
    ON_TIME = "on_time", "按时填报班级"
    EXPECTED = "expected", "应到"
    PRESENT = "present", "实到"


class Turn(Labelled):
    """What happened to a child out of school in a month."""

    DROPPED = "dropped", "新增辍学"
    SUSPECTED = "suspected", "新增疑似辍学"
    RETURNED = "returned", "复学"


class CohortCount(Labelled):
    """九年巩固率: what happened to one cohort since it entered grade 1."""

    ENTRANTS = "entrants", "九年前入学"
    CAME_IN = "came_in", "转入"
    WENT_OUT = "went_out", "转出"
    DIED = "died", "死亡"
    ABROAD = "abroad", "出国（境）"
    HELD_OUT = "held_out", "留级离开本届"
    HELD_IN = "held_in", "留级、跳级进入本届"
    SUSPENDED = "suspended", "休学"
    DROPPED = "dropped", "辍学未复学"
    GRADUATES = "graduates", "毕业"
    NINTH = "ninth", "毕业班在校"


class SnapshotState(Labelled):
    """A draft is rebuilt as often as the day is; a frozen one never changes."""

    DRAFT = "draft", "当日"
    FROZEN = "frozen", "已定稿"


class ReportKind(Labelled):
    """Of which period a report is."""

    MONTH = "month", "月报告"
    QUARTER = "quarter", "季报告"
    TERM = "term", "学期报告"
    YEAR = "year", "年度报告"


class ReportState(Labelled):
    """月报告: a draft is drawn again; a signed one is frozen."""

    DRAFT = "draft", "草稿"
    SIGNED = "signed", "已签发"


class Measure(Labelled):
    """指标."""

    NINE_YEARS = "consolidation_rate_9y", "九年义务教育巩固率"
    YEARLY = "yearly_retention", "年巩固率"
    DROPOUT_RATE = "dropout_rate", "学年辍学率"
    DROPOUTS = "dropouts_now", "辍学未复学"
    SUSPECTED = "suspected_now", "疑似辍学"
    ABSENT = "absent_now", "未到校"
    REGISTRATION = "registration_rate", "开学报到率"
    TIMELINESS = "register_timeliness", "考勤填报及时率"
    ATTENDANCE = "attendance_rate", "到校率"
