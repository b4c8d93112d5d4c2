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
    TREATMENT = "treatment", "定期治疗"
    PERSONAL = "personal", "事假"
    OFFICIAL = "official", "公假"
    SUSPENDED = "suspended", "休学"
    DEFERRED = "deferred", "延缓入学"
    HOME_TEACHING = "home_teaching", "送教上门"
    STUDY_ELSEWHERE = "study_elsewhere", "借读"
    LONG_LEAVE = "long_leave", "长期请假"
    LAWFUL = "lawful", "依规不在校"


# What a class teacher asks for; the others are 学籍状态, with dates and proof.
LEAVES = [AbsenceKind.SICK, AbsenceKind.TREATMENT, AbsenceKind.PERSONAL, AbsenceKind.OFFICIAL]
STATUSES = [kind for kind in AbsenceKind if kind not in LEAVES]
# In class no more while it lasts; who is on long leave may come any day.
AWAY = [kind for kind in STATUSES if kind is not AbsenceKind.LONG_LEAVE]
LEAVE_CHOICES = [(kind, kind.label) for kind in LEAVES]


class AbsenceCause(Labelled):
    """事由: why a child is out, from a list; the words beside it say the rest."""

    ILL = "ill", "生病"
    INFECTIOUS = "infectious", "传染病隔离"
    INJURED = "injured", "受伤、手术"
    DIALYSIS = "dialysis", "透析、康复等治疗"
    FUNERAL = "funeral", "家中丧事"
    WEDDING = "wedding", "家中婚事"
    DISASTER = "disaster", "家中受灾"
    FAMILY = "family", "家中其他事"
    CONTEST = "contest", "比赛"
    TRAINING = "training", "集训"
    TRIP = "trip", "研学"


CAUSES: dict[AbsenceKind, list[AbsenceCause]] = {kind: [] for kind in AbsenceKind} | {
    AbsenceKind.SICK: [AbsenceCause.ILL, AbsenceCause.INFECTIOUS, AbsenceCause.INJURED],
    AbsenceKind.TREATMENT: [AbsenceCause.DIALYSIS],
    AbsenceKind.PERSONAL: [
        AbsenceCause.FUNERAL, AbsenceCause.WEDDING, AbsenceCause.DISASTER, AbsenceCause.FAMILY,
    ],
    AbsenceKind.OFFICIAL: [AbsenceCause.CONTEST, AbsenceCause.TRAINING, AbsenceCause.TRIP],
}  # fmt: skip
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


HOLDING = [AbsenceState.ASKED, AbsenceState.PASSED, AbsenceState.APPROVED]


class SampleResult(Labelled):
    """抽查: what the bureau found of a leave that a school granted alone."""

    TRUE = "true", "属实"
    FALSE = "false", "不实"


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
