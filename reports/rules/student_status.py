"""Where a child stands on a day, and what its school year did to each place it was in.

Pure. One child has one bucket (design §4 «Indicators»); the order of `bucket_of` is the order of
what is believed first: the roll it left, the open case, an exit in force, the alert, its status.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cases.enums.records import ExitKind
from cases.enums.states import AbsenceLevel
from reports.enums import Flow, StudentStatus
from students.enums import LEAVES, AbsenceKind, Began, Ended


@dataclass(frozen=True, slots=True)
class Effect:
    """What a bucket does to the rates. `expected`: the child stands in 应在校, the denominator.
    `retained`: it counts as kept, the numerator of 年巩固率. `on_roll`: it stands on a roll today.
    `excused`: variant b takes it out of the denominator."""

    expected: bool
    retained: bool
    on_roll: bool
    excused: bool
    source: str


def _effect(letters: str, source: str) -> Effect:
    """E expected, R retained, L on a roll, X excused in variant b."""
    return Effect("E" in letters, "R" in letters, "L" in letters, "X" in letters, source)


EFFECTS = {
    StudentStatus.IN_SCHOOL: _effect("ERL", "在校"),
    StudentStatus.DROPOUT: _effect("EL", "辍学生学籍保留，计入应在校，不计入巩固"),
    StudentStatus.SUSPECTED: _effect("ERL", "未满辍学认定期限，仍计在校"),
    StudentStatus.ABSENT: _effect("ERL", "未到校核查中，仍计在校"),
    StudentStatus.OBSERVED: _effect("ERL", "已返校"),
    StudentStatus.MISSING: _effect("EL", "行踪不明：留在分母，单列"),
    StudentStatus.SUSPENDED: _effect("ELX", "休学期间不在校，至复学（义务教育法 第11条）"),
    StudentStatus.DEFERRED: _effect("ELX", "延缓入学（义务教育法 第11条）"),
    StudentStatus.REHAB: _effect("ELX", "康复机构：按延缓入学计，单列"),
    StudentStatus.HOME_TEACHING: _effect(
        "ERL", "送教上门须有学籍，计在校（残疾人教育条例 第17条）"
    ),
    StudentStatus.SPECIAL_SCHOOL: _effect("ERL", "特殊教育学校就读，计在校"),
    StudentStatus.CORRECTIONAL: _effect(
        "ERL", "专门学校就读，计在校（预防未成年人犯罪法 第43—45条）"
    ),
    StudentStatus.VOCATIONAL: _effect("ERL", "职业学校就读，计在校"),
    StudentStatus.STUDY_ELSEWHERE: _effect("ERL", "学籍在本县、在县外就读，有在读证明"),
    StudentStatus.LONG_LEAVE: _effect("ERL", "请假期内，仍计在校"),
    StudentStatus.LAWFUL: _effect("EL", "依规不在校，去向没有登记：留在分母，单列"),
    StudentStatus.OVERAGE: _effect("EL", "超龄未完成：留在分母，单列（义务教育法 第11条）"),
    StudentStatus.TRANSFER_PENDING: _effect("E", "对方确认接收前留在分母"),
    StudentStatus.TRANSFER_OUT: _effect("", "已转出并说明去向，移出分母"),
    StudentStatus.ABROAD: _effect("", "出国（境），移出分母"),
    StudentStatus.DECEASED: _effect("", "死亡，移出分母"),
    StudentStatus.GRADUATED: _effect("ER", "完成学业，计入巩固"),
}

LEFT_AS = {
    Ended.DECEASED: StudentStatus.DECEASED,
    Ended.ABROAD: StudentStatus.ABROAD,
    Ended.GRADUATED: StudentStatus.GRADUATED,
}
# A transfer or a placement elsewhere whose child still stands on our roll is not yet taken over.
EXIT_AS = {
    ExitKind.DEFERRED: StudentStatus.DEFERRED,
    ExitKind.SUSPENDED: StudentStatus.SUSPENDED,
    ExitKind.HOME_TEACHING: StudentStatus.HOME_TEACHING,
    ExitKind.SPECIAL_SCHOOL: StudentStatus.SPECIAL_SCHOOL,
    ExitKind.REHAB: StudentStatus.REHAB,
    ExitKind.TRANSFER_OUT: StudentStatus.TRANSFER_PENDING,
    ExitKind.STUDY_ELSEWHERE: StudentStatus.STUDY_ELSEWHERE,
    ExitKind.ABROAD: StudentStatus.ABROAD,
    ExitKind.DECEASED: StudentStatus.DECEASED,
    ExitKind.MISSING: StudentStatus.MISSING,
    ExitKind.CORRECTIONAL: StudentStatus.CORRECTIONAL,
    ExitKind.VOCATIONAL: StudentStatus.VOCATIONAL,
    ExitKind.OVERAGE: StudentStatus.OVERAGE,
    ExitKind.GRADUATED: StudentStatus.GRADUATED,
}
LEVEL_AS = {
    AbsenceLevel.DROPOUT: StudentStatus.DROPOUT,
    AbsenceLevel.SUSPECTED: StudentStatus.SUSPECTED,
    AbsenceLevel.ABSENT: StudentStatus.ABSENT,
}
STATUS_AS = {
    AbsenceKind.SUSPENDED: StudentStatus.SUSPENDED,
    AbsenceKind.DEFERRED: StudentStatus.DEFERRED,
    AbsenceKind.HOME_TEACHING: StudentStatus.HOME_TEACHING,
    AbsenceKind.STUDY_ELSEWHERE: StudentStatus.STUDY_ELSEWHERE,
    AbsenceKind.LONG_LEAVE: StudentStatus.LONG_LEAVE,
    AbsenceKind.LAWFUL: StudentStatus.LAWFUL,
}
FLOW_AS = {
    StudentStatus.TRANSFER_OUT: Flow.WENT_OUT,
    StudentStatus.ABROAD: Flow.WENT_ABROAD,
    StudentStatus.DECEASED: Flow.DIED,
    StudentStatus.GRADUATED: Flow.FINISHED,
}


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that was open on the day: the child back in class, or what may be said of it."""

    returned: bool
    level: AbsenceLevel


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on file about one child on one day. `left` is how its last spell ended, when it did;
    `destination` whether that says where to."""

    left: Ended | None = None
    destination: bool = False
    case: OpenCase | None = None
    exit: ExitKind | None = None
    alert: bool = False
    statuses: frozenset[AbsenceKind] = frozenset()


def student_status_of(standing: Standing) -> StudentStatus:
    """The one bucket of a child. Who graduates with an open case is still out of school."""
    case_stays = standing.left is Ended.GRADUATED and standing.case is not None
    if standing.left is not None and not case_stays:
        gone = (
            StudentStatus.TRANSFER_OUT if standing.destination else StudentStatus.TRANSFER_PENDING
        )
        return LEFT_AS.get(standing.left, gone)
    if standing.case:
        return StudentStatus.OBSERVED if standing.case.returned else LEVEL_AS[standing.case.level]
    if standing.exit:
        return EXIT_AS[standing.exit]
    if standing.alert:
        return StudentStatus.ABSENT
    return _of_kinds(standing.statuses - set(LEAVES))


def _of_kinds(statuses: frozenset[AbsenceKind]) -> StudentStatus:
    """Of the statuses that stand the first of the table; 在读 without any. One that the table does
    not know is out of school and not kept: an unknown bucket is never 在校."""
    if not statuses:
        return StudentStatus.IN_SCHOOL
    known = (bucket for kind, bucket in STATUS_AS.items() if kind in statuses)
    return next(known, StudentStatus.LAWFUL)


@dataclass(frozen=True, slots=True)
class Stay:
    """A spell in a class as far as the day asked about: `ended` is None when it still ran then."""

    path: str
    began: date
    how: Began
    ended: date | None = None
    how_ended: Ended | None = None


LEVELS = ("class", "school", "township", "county")


def places_of(path: str, county: int, township: int) -> tuple[str, str, str, str]:
    """The class, school, township and county a class path lies in, given the widths of the last two.

    Schools of the county itself stand together in a township of their own, the county's path + "S".
    """
    school = path.split("C", 1)[0]
    lands = path.split("S", 1)[0]
    below = lands[:township] if len(lands) >= township else lands[:county] + "S"
    return path, school, below, lands[:county]


def at_start(stays: Sequence[Stay], opening: date) -> bool:
    """Did the child stand on a roll when the year opened? A 学籍 that was opened late is no arrival:
    who entered (入学) later in the year counts from its start."""
    return stays[0].began <= opening or stays[0].how is Began.ENTERED


def flows_of(
    places: Sequence[str], started: bool, student_status: StudentStatus, pending: bool
) -> Iterator[tuple[str, Flow]]:
    """What one child's year did to each place of one level.

    `places` are those of its stays, in order; `bucket` where it stands at the last of them;
    `pending` whether it left the last one for nobody knows where. Coming and going at one place
    cancel, so places add up: start + in − out − died − abroad is who is expected there.
    """
    last = places[-1]
    for place in dict.fromkeys(places):
        yield place, Flow.START if started and place == places[0] else Flow.CAME_IN
        if place != last:
            yield place, Flow.WENT_OUT
        elif student_status in FLOW_AS:
            yield place, FLOW_AS[student_status]
        elif pending:
            yield place, Flow.UNKNOWN
