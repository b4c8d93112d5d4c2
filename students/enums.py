"""The words of children and rolls."""

from enum import StrEnum

from regions.labels import Labelled


class Sex(Labelled):
    MALE = "1", "男"
    FEMALE = "2", "女"


class Began(Labelled):
    """How a spell on a roll began."""

    ENTERED = "entered", "入学"
    TRANSFER_IN = "transfer_in", "转入"
    CLASS_CHANGE = "class_change", "调班"
    PLACED = "placed", "返校安置"


class Ended(Labelled):
    """How a spell ended. 开除 is no choice (义务教育法 27); a dropout's spell stays open."""

    CLASS_CHANGE = "class_change", "调班"
    TRANSFER_OUT = "transfer_out", "转出"
    GRADUATED = "graduated", "毕业"
    DECEASED = "deceased", "死亡"
    ABROAD = "abroad", "出国（境）"
    MISTAKE = "mistake", "登记有误"


class AbsenceKind(Labelled):
    """有手续不在校: accepted reasons not to be in class. Leave is for days, a status for a time."""

    SICK = "sick", "病假"
    PERSONAL = "personal", "事假"
    OTHER = "other", "其他正当理由"
    SUSPENDED = "suspended", "休学"
    HOME_TEACHING = "home_teaching", "送教上门"
    STUDY_ELSEWHERE = "study_elsewhere", "借读"
    LONG_LEAVE = "long_leave", "长期请假"
    LAWFUL = "lawful", "依规不在校"


# What a class teacher asks for; the others are 学籍状态, with dates and proof.
LEAVES = [AbsenceKind.SICK, AbsenceKind.PERSONAL, AbsenceKind.OTHER]
STATUSES = [kind for kind in AbsenceKind if kind not in LEAVES]
# In class no more while it lasts; who is on long leave may come any day.
AWAY = [kind for kind in STATUSES if kind is not AbsenceKind.LONG_LEAVE]
LEAVE_CHOICES = [(kind, kind.label) for kind in LEAVES]
# What a file may bring along; 依规不在校 comes from a case's lawful exit alone.
FROM_FILES = [kind for kind in STATUSES if kind is not AbsenceKind.LAWFUL]
STATUS_ALIASES = {kind.label: kind for kind in FROM_FILES} | {
    "送教": AbsenceKind.HOME_TEACHING,
    "异地就读": AbsenceKind.STUDY_ELSEWHERE,
    "异地借读": AbsenceKind.STUDY_ELSEWHERE,
    "外出借读": AbsenceKind.STUDY_ELSEWHERE,
    "长假": AbsenceKind.LONG_LEAVE,
    "长期病假": AbsenceKind.LONG_LEAVE,
    "请假": AbsenceKind.LONG_LEAVE,
}


class AbsenceState(Labelled):
    """What became of a request. Only an approved one explains a day; 学校已同意 waits for the bureau."""

    ASKED = "asked", "待批"
    PASSED = "passed", "学校已同意"
    APPROVED = "approved", "已批"
    REFUSED = "refused", "未准"
    WITHDRAWN = "withdrawn", "已撤回"


class GuardianKind(Labelled):
    """Orders go to parents or legal guardians, not to an entrusted carer (受委托照护人)."""

    PARENT = "parent", "父母"
    LEGAL = "legal", "其他法定监护人"
    CARER = "carer", "受委托照护人"


class FindingKind(StrEnum):
    """What may become a case."""

    ALERT = "alert"
    NO_SHOW = "no_show"
    ROLL_DIFFERENCE = "roll_difference"
    SURVEY = "survey"
    TIP_OFF = "tip_off"


class FindingState(StrEnum):
    OPEN = "open"
    TAKEN_UP = "taken_up"
    DROPPED = "dropped"
