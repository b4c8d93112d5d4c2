"""The words of children and rolls."""

from enum import Enum


class Sex(str, Enum):
    MALE = "1"
    FEMALE = "2"


SEX_LABELS = {Sex.MALE: "男", Sex.FEMALE: "女"}


class Began(str, Enum):
    """How a spell on a roll began."""

    ENTERED = "entered"
    TRANSFER_IN = "transfer_in"
    CLASS_CHANGE = "class_change"
    PLACED = "placed"


BEGAN_LABELS = {
    Began.ENTERED: "入学",
    Began.TRANSFER_IN: "转入",
    Began.CLASS_CHANGE: "调班",
    Began.PLACED: "返校安置",
}


class Ended(str, Enum):
    """How a spell ended. 开除 is no choice (义务教育法 27); a dropout's spell stays open."""

    CLASS_CHANGE = "class_change"
    TRANSFER_OUT = "transfer_out"
    GRADUATED = "graduated"
    DECEASED = "deceased"
    ABROAD = "abroad"
    MISTAKE = "mistake"


ENDED_LABELS = {
    Ended.CLASS_CHANGE: "调班",
    Ended.TRANSFER_OUT: "转出",
    Ended.GRADUATED: "毕业",
    Ended.DECEASED: "死亡",
    Ended.ABROAD: "出国（境）",
    Ended.MISTAKE: "登记有误",
}


class Status(str, Enum):
    """学籍状态 with dates and proof: accepted reasons not to be in class."""

    SUSPENDED = "suspended"
    HOME_TEACHING = "home_teaching"
    STUDY_ELSEWHERE = "study_elsewhere"
    LONG_LEAVE = "long_leave"
    LAWFUL = "lawful"


# In class no more while it lasts; who is on long leave may come any day.
AWAY = [status for status in Status if status is not Status.LONG_LEAVE]
STATUS_LABELS = {
    Status.SUSPENDED: "休学",
    Status.HOME_TEACHING: "送教上门",
    Status.STUDY_ELSEWHERE: "借读",
    Status.LONG_LEAVE: "长期请假",
    Status.LAWFUL: "依规不在校",
}
# What a file may bring along; 依规不在校 comes from a case's lawful exit alone.
FROM_FILES = [status for status in Status if status is not Status.LAWFUL]
STATUS_ALIASES = {STATUS_LABELS[status]: status for status in FROM_FILES} | {
    "送教": Status.HOME_TEACHING,
    "异地就读": Status.STUDY_ELSEWHERE,
    "异地借读": Status.STUDY_ELSEWHERE,
    "外出借读": Status.STUDY_ELSEWHERE,
    "长假": Status.LONG_LEAVE,
    "长期病假": Status.LONG_LEAVE,
    "请假": Status.LONG_LEAVE,
}


class GuardianKind(str, Enum):
    """Orders go to parents or legal guardians, not to an entrusted carer (受委托照护人)."""

    PARENT = "parent"
    LEGAL = "legal"
    CARER = "carer"


GUARDIAN_LABELS = {
    GuardianKind.PARENT: "父母",
    GuardianKind.LEGAL: "其他法定监护人",
    GuardianKind.CARER: "受委托照护人",
}


class FindingKind(str, Enum):
    """What may become a case."""

    ALERT = "alert"
    NO_SHOW = "no_show"
    ROLL_DIFFERENCE = "roll_difference"
    SURVEY = "survey"
    TIP_OFF = "tip_off"


class FindingState(str, Enum):
    OPEN = "open"
    TAKEN_UP = "taken_up"
    DROPPED = "dropped"
