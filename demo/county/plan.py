"""The plan of a demo county: plain records, no database, so that its truth can be told apart."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from random import Random
from uuid import UUID

from attendance.enums import Mark, RegisterState
from demo.county.places import ClassPlan, CountyPlaces
from students.enums import AbsenceKind, AbsenceState, Began


def random_stream(seed: int, part: str) -> Random:
    """The random stream of one part of a plan; the same for a seed on every machine."""
    return Random(f"kongchuo demo {seed} {part}")  # noqa: S311 (invented people, no secret)


class RegisterNeed(Enum):
    """What a scenario needs of a class's register on a day."""

    TAKEN = "taken"
    MISSING = "missing"
    CLOSED = "closed"


@dataclass
class EnrolmentPlan:
    """On the roll of the class with this key from `began` until the day before `ended`."""

    class_key: int
    began: date
    recorded_at: datetime
    how: Began = Began.ENTERED
    ended: date | None = None
    how_ended: str = ""
    where_to: str = ""
    listed_from: date | None = None

    def covers(self, day: date) -> bool:
        return self.began <= day and (self.ended is None or day < self.ended)


@dataclass(frozen=True, slots=True)
class StatusPlan:
    """A status from `began` until `until`, both included."""

    kind: AbsenceKind
    began: date
    until: date


@dataclass(frozen=True, slots=True)
class LeavePlan:
    """A request for leave over days, both included, and what became of it."""

    kind: Mark
    first: date
    last: date
    state: AbsenceState


@dataclass(frozen=True, slots=True)
class GuardianPlan:
    """A guardian: kind and relation, an invented name and number."""

    uid: str
    kind: str
    relation: str
    name: str
    phone: str


@dataclass
class ChildPlan:
    """An invented child with everything that happens to it.

    `decided_days` are those its scenario has written: chance adds nothing there. `household` and
    `residence` are region codes, "" where unknown.
    """

    uid: str
    name: str
    enrolments: list[EnrolmentPlan]
    initials: str = ""
    sex: str = ""
    birth_on: date | None = None
    ethnicity: str = ""
    id_no: str = ""
    xueji_no: str = ""
    boarder: bool = False
    left_behind: str = ""
    household: str = ""
    residence: str = ""
    guardians: list[GuardianPlan] = field(default_factory=list)
    statuses: list[StatusPlan] = field(default_factory=list)
    leaves: list[LeavePlan] = field(default_factory=list)
    marks: dict[date, Mark] = field(default_factory=dict)
    decided_days: set[date] = field(default_factory=set)
    scenario: str = ""

    def enrolment_on(self, day: date) -> EnrolmentPlan | None:
        return next((enrolment for enrolment in self.enrolments if enrolment.covers(day)), None)

    def class_on(self, day: date) -> int:
        """The key of its class on a day it stood on a roll. Raises ValueError on any other."""
        enrolment = self.enrolment_on(day)
        if enrolment is None:
            raise ValueError(f"{self.uid} stands on no roll on {day}")
        return enrolment.class_key


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """An account with its seats: (role value, unit code or class key, "" for none)."""

    username: str
    name: str
    seats: tuple[tuple[str, str | int], ...]


@dataclass
class RegisterPlan:
    """The register of a class and a day, as it arrived."""

    class_key: int
    on: date
    state: RegisterState
    client_key: UUID
    taken_at: datetime
    received_at: datetime
    taken_by: str = ""
    stand_in: bool = False
    late: bool = False
    expected: int = 0
    present: int = 0


@dataclass
class CountyPlan:
    """A county with its children, staff and registers until a day."""

    seed: int
    until: date
    places: CountyPlaces
    children: list[ChildPlan]
    staff: list[StaffPlan]
    registers: dict[tuple[int, date], RegisterPlan] = field(default_factory=dict)
    registers_from: dict[str, date] = field(default_factory=dict)
    closures: dict[tuple[int, date], str] = field(default_factory=dict)  # of a class alone: why

    def last_class(self, child: ChildPlan) -> ClassPlan:
        return self.places.classes[child.enrolments[-1].class_key]

    def counts_from(self, school_class: ClassPlan) -> date:
        """The first day that counts at the school of this class; beyond `until` when none does."""
        first = school_class.school.alerts_from or self.registers_from.get(school_class.school.code)
        return first or date.max

    def own_days(self, child: ChildPlan) -> list[date]:
        """The school days of this child's own track on which it stood on a roll, in order."""
        days = []
        for enrolment in child.enrolments:
            school_class = self.places.classes[enrolment.class_key]
            school_days = self.places.calendar.days(school_class, child.boarder)
            days += [day for day in school_days if enrolment.covers(day)]
        return days

    def seats(self, role: str) -> dict[str | int, str]:
        """Unit code or class key to the username that holds this role there."""
        return {
            unit: member.username
            for member in self.staff
            for held, unit in member.seats
            if held == role
        }
