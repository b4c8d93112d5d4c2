"""The words of numbers: where a child stands on a day, what is counted, which indicator is which."""

from enum import Enum


class StudentStatus(str, Enum):
    """去向: on a day each child of a county stands in exactly one. A row only where not 在读."""

    IN_SCHOOL = "in_school"
    DROPOUT = "dropout"
    SUSPECTED = "suspected"
    ABSENT = "absent"
    OBSERVED = "observed"
    MISSING = "missing"
    SUSPENDED = "suspended"
    DEFERRED = "deferred"
    REHAB = "rehab"
    HOME_TEACHING = "home_teaching"
    SPECIAL_SCHOOL = "special_school"
    CORRECTIONAL = "correctional"
    VOCATIONAL = "vocational"
    STUDY_ELSEWHERE = "study_elsewhere"
    LONG_LEAVE = "long_leave"
    OVERAGE = "overage"
    TRANSFER_PENDING = "transfer_pending"
    TRANSFER_OUT = "transfer_out"
    ABROAD = "abroad"
    DECEASED = "deceased"
    GRADUATED = "graduated"


STUDENT_STATUS_LABELS = {
    StudentStatus.IN_SCHOOL: "在读",
    StudentStatus.DROPOUT: "辍学未复学",
    StudentStatus.SUSPECTED: "疑似辍学",
    StudentStatus.ABSENT: "未到校",
    StudentStatus.OBSERVED: "返校观察",
    StudentStatus.MISSING: "失踪（公安立案）",
    StudentStatus.SUSPENDED: "休学",
    StudentStatus.DEFERRED: "延缓入学",
    StudentStatus.REHAB: "康复机构",
    StudentStatus.HOME_TEACHING: "送教上门",
    StudentStatus.SPECIAL_SCHOOL: "特殊教育学校就读",
    StudentStatus.CORRECTIONAL: "专门学校",
    StudentStatus.VOCATIONAL: "职业学校就读",
    StudentStatus.STUDY_ELSEWHERE: "异地就读",
    StudentStatus.LONG_LEAVE: "长期请假",
    StudentStatus.OVERAGE: "已超义务教育年龄",
    StudentStatus.TRANSFER_PENDING: "转学未接续",
    StudentStatus.TRANSFER_OUT: "转出",
    StudentStatus.ABROAD: "出国（境）",
    StudentStatus.DECEASED: "死亡",
    StudentStatus.GRADUATED: "毕业",
}


class Flow(str, Enum):
    """What a school year did to one place: people, judged at that place.

    A child who moved between two schools of a county went out of one and came into the other, and
    did neither to the county.
    """

    START = "start"
    CAME_IN = "came_in"
    WENT_OUT = "went_out"
    DIED = "died"
    WENT_ABROAD = "went_abroad"
    FINISHED = "finished"
    UNKNOWN = "unknown"


FLOW_LABELS = {
    Flow.START: "学年初在校",
    Flow.CAME_IN: "转入",
    Flow.WENT_OUT: "转出",
    Flow.DIED: "死亡",
    Flow.WENT_ABROAD: "出国（境）",
    Flow.FINISHED: "毕业",
    Flow.UNKNOWN: "转出未说明去向",
}


class PlaceCount(str, Enum):
    """What else is counted of a place on a day."""

    DROPPED = "dropped"  # children who were 辍学 at any time of the school year
    DROPPED_NOW = "dropped_now"  # of these, not back
    OPENING_EXPECTED = "opening_expected"
    OPENING_SEEN = "opening_seen"
    OPENING_MISSING = "opening_missing"  # derived: expected, and not seen
    CLASSES = "classes"
    TAKEN = "taken"
    ON_TIME = "on_time"
    EXPECTED = "expected"
    PRESENT = "present"


COUNT_LABELS = {
    PlaceCount.DROPPED: "本学年辍学（含已复学）",
    PlaceCount.DROPPED_NOW: "本学年辍学未复学",
    PlaceCount.OPENING_EXPECTED: "开学应到",
    PlaceCount.OPENING_SEEN: "开学第一周已到",
    PlaceCount.OPENING_MISSING: "开学第一周未到",
    PlaceCount.CLASSES: "应填考勤班级",
    PlaceCount.TAKEN: "已填考勤班级",
    PlaceCount.ON_TIME: "按时填报班级",
    PlaceCount.EXPECTED: "应到",
    PlaceCount.PRESENT: "实到",
}


class Turn(str, Enum):
    """What happened to a child out of school in a month."""

    DROPPED = "dropped"
    SUSPECTED = "suspected"
    RETURNED = "returned"


TURN_LABELS = {
    Turn.DROPPED: "新增辍学",
    Turn.SUSPECTED: "新增疑似辍学",
    Turn.RETURNED: "复学",
}


class CohortCount(str, Enum):
    """九年巩固率: what happened to one cohort since it entered grade 1."""

    ENTRANTS = "entrants"
    CAME_IN = "came_in"
    WENT_OUT = "went_out"
    DIED = "died"
    ABROAD = "abroad"
    HELD_OUT = "held_out"
    HELD_IN = "held_in"
    SUSPENDED = "suspended"
    DROPPED = "dropped"
    GRADUATES = "graduates"
    NINTH = "ninth"


COHORT_LABELS = {
    CohortCount.ENTRANTS: "九年前入学",
    CohortCount.CAME_IN: "转入",
    CohortCount.WENT_OUT: "转出",
    CohortCount.DIED: "死亡",
    CohortCount.ABROAD: "出国（境）",
    CohortCount.HELD_OUT: "留级离开本届",
    CohortCount.HELD_IN: "留级、跳级进入本届",
    CohortCount.SUSPENDED: "休学",
    CohortCount.DROPPED: "辍学未复学",
    CohortCount.GRADUATES: "毕业",
    CohortCount.NINTH: "毕业班在校",
}


class SnapshotState(str, Enum):
    """A draft is rebuilt as often as the day is; a frozen one never changes."""

    DRAFT = "draft"
    FROZEN = "frozen"


SNAPSHOT_STATE_LABELS = {SnapshotState.DRAFT: "当日", SnapshotState.FROZEN: "已定稿"}


class ReportState(str, Enum):
    """月报告: a draft is drawn again; a signed one is frozen."""

    DRAFT = "draft"
    SIGNED = "signed"


REPORT_STATE_LABELS = {ReportState.DRAFT: "草稿", ReportState.SIGNED: "已签发"}


class Measure(str, Enum):
    """指标."""

    NINE_YEARS = "consolidation_rate_9y"
    YEARLY = "yearly_retention"
    DROPOUT_RATE = "dropout_rate"
    DROPOUTS = "dropouts_now"
    SUSPECTED = "suspected_now"
    ABSENT = "absent_now"
    REGISTRATION = "registration_rate"
    TIMELINESS = "register_timeliness"
    ATTENDANCE = "attendance_rate"


MEASURE_LABELS = {
    Measure.NINE_YEARS: "九年义务教育巩固率",
    Measure.YEARLY: "年巩固率",
    Measure.DROPOUT_RATE: "学年辍学率",
    Measure.DROPOUTS: "辍学未复学",
    Measure.SUSPECTED: "疑似辍学",
    Measure.ABSENT: "未到校",
    Measure.REGISTRATION: "开学报到率",
    Measure.TIMELINESS: "考勤填报及时率",
    Measure.ATTENDANCE: "到校率",
}
