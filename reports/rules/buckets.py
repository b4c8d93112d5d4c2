"""Where a child stands on a day, and what its school year did to each place it was in.

Pure. One child has one bucket (design §4 «Indicators»); the order of `bucket_of` is the order of
what is believed first: the roll it left, the open case, an exit in force, the alert, its status.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cases.enums.records import ExitKind
from cases.enums.states import Level
from reports.enums import Bucket, Flow
from students.enums import Began, Ended, Status


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
    Bucket.IN_SCHOOL: _effect("ERL", "在校"),
    Bucket.DROPOUT: _effect("EL", "辍学生学籍保留，计入应在校，不计入巩固"),
    Bucket.SUSPECTED: _effect("ERL", "未满辍学认定期限，仍计在校"),
    Bucket.ABSENT: _effect("ERL", "未到校核查中，仍计在校"),
    Bucket.OBSERVED: _effect("ERL", "已返校"),
    Bucket.MISSING: _effect("EL", "行踪不明：留在分母，单列"),
    Bucket.SUSPENDED: _effect("ELX", "休学期间不在校，至复学（义务教育法 第11条）"),
    Bucket.DEFERRED: _effect("ELX", "延缓入学（义务教育法 第11条）"),
    Bucket.REHAB: _effect("ELX", "康复机构：按延缓入学计，单列"),
    Bucket.HOME_TEACHING: _effect("ERL", "送教上门须有学籍，计在校（残疾人教育条例 第17条）"),
    Bucket.SPECIAL_SCHOOL: _effect("ERL", "特殊教育学校就读，计在校"),
    Bucket.CORRECTIONAL: _effect("ERL", "专门学校就读，计在校（预防未成年人犯罪法 第43—45条）"),
    Bucket.VOCATIONAL: _effect("ERL", "职业学校就读，计在校"),
    Bucket.STUDY_ELSEWHERE: _effect("ERL", "学籍在本县、在县外就读，有在读证明"),
    Bucket.LONG_LEAVE: _effect("ERL", "请假期内，仍计在校"),
    Bucket.OVERAGE: _effect("EL", "超龄未完成：留在分母，单列（义务教育法 第11条）"),
    Bucket.TRANSFER_PENDING: _effect("E", "对方确认接收前留在分母"),
    Bucket.TRANSFER_OUT: _effect("", "已转出并说明去向，移出分母"),
    Bucket.ABROAD: _effect("", "出国（境），移出分母"),
    Bucket.DECEASED: _effect("", "死亡，移出分母"),
    Bucket.GRADUATED: _effect("ER", "完成学业，计入巩固"),
}

LEFT_AS = {
    Ended.DECEASED: Bucket.DECEASED,
    Ended.ABROAD: Bucket.ABROAD,
    Ended.GRADUATED: Bucket.GRADUATED,
}
# A transfer or a placement elsewhere whose child still stands on our roll is not yet taken over.
EXIT_AS = {
    ExitKind.DEFERRED: Bucket.DEFERRED,
    ExitKind.SUSPENDED: Bucket.SUSPENDED,
    ExitKind.HOME_TEACHING: Bucket.HOME_TEACHING,
    ExitKind.SPECIAL_SCHOOL: Bucket.SPECIAL_SCHOOL,
    ExitKind.REHAB: Bucket.REHAB,
    ExitKind.TRANSFER_OUT: Bucket.TRANSFER_PENDING,
    ExitKind.STUDY_ELSEWHERE: Bucket.STUDY_ELSEWHERE,
    ExitKind.ABROAD: Bucket.ABROAD,
    ExitKind.DECEASED: Bucket.DECEASED,
    ExitKind.MISSING: Bucket.MISSING,
    ExitKind.CORRECTIONAL: Bucket.CORRECTIONAL,
    ExitKind.VOCATIONAL: Bucket.VOCATIONAL,
    ExitKind.OVERAGE: Bucket.OVERAGE,
    ExitKind.GRADUATED: Bucket.GRADUATED,
}
LEVEL_AS = {
    Level.DROPOUT: Bucket.DROPOUT,
    Level.SUSPECTED: Bucket.SUSPECTED,
    Level.ABSENT: Bucket.ABSENT,
}
STATUS_AS = {
    Status.SUSPENDED: Bucket.SUSPENDED,
    Status.HOME_TEACHING: Bucket.HOME_TEACHING,
    Status.STUDY_ELSEWHERE: Bucket.STUDY_ELSEWHERE,
    Status.LONG_LEAVE: Bucket.LONG_LEAVE,
}
FLOW_AS = {
    Bucket.TRANSFER_OUT: Flow.WENT_OUT,
    Bucket.ABROAD: Flow.WENT_ABROAD,
    Bucket.DECEASED: Flow.DIED,
    Bucket.GRADUATED: Flow.FINISHED,
}


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that was open on the day: the child back in class, or what may be said of it."""

    returned: bool
    level: Level


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on file about one child on one day. `left` is how its last spell ended, when it did;
    `destination` whether that says where to."""

    left: Ended | None = None
    destination: bool = False
    case: OpenCase | None = None
    exit: ExitKind | None = None
    alert: bool = False
    statuses: frozenset[Status] = frozenset()


def bucket_of(standing: Standing) -> Bucket:
    """The one bucket of a child."""
    if standing.left is not None:
        gone = Bucket.TRANSFER_OUT if standing.destination else Bucket.TRANSFER_PENDING
        return LEFT_AS.get(standing.left, gone)
    if standing.case:
        return Bucket.OBSERVED if standing.case.returned else LEVEL_AS[standing.case.level]
    if standing.exit:
        return EXIT_AS[standing.exit]
    if standing.alert:
        return Bucket.ABSENT
    kinds = (bucket for status, bucket in STATUS_AS.items() if status in standing.statuses)
    return next(kinds, Bucket.IN_SCHOOL)


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
    places: Sequence[str], started: bool, bucket: Bucket, pending: bool
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
        elif bucket in FLOW_AS:
            yield place, FLOW_AS[bucket]
        elif pending:
            yield place, Flow.UNKNOWN
