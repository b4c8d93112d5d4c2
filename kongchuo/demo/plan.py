"""The plan of a demo county: plain records, no database, so that its truth can be told apart."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from uuid import UUID

from attendance.enums import LeaveState, Mark, RegisterState
from kongchuo.demo.land import ClassPlan, Land
from students.enums import Began, Status


def dice(seed: int, part: str) -> Random:
    """The random stream of one part of a plan; the same for a seed on every machine."""
    return Random(f"kongchuo demo {seed} {part}")  # noqa: S311 (invented people, no secret)


@dataclass
class Spell:
    """On the roll of class `klass` (its key) from `began` until the day before `ended`."""

    klass: int
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
class Away:
    """A status from `began` until `until`, both included."""

    kind: Status
    began: date
    until: date


@dataclass(frozen=True, slots=True)
class Request:
    """A request for leave over days, both included, and what became of it."""

    kind: Mark
    first: date
    last: date
    state: LeaveState


@dataclass(frozen=True, slots=True)
class Carer:
    """A guardian: kind and relation, an invented name and number."""

    uid: str
    kind: str
    relation: str
    name: str
    phone: str


@dataclass
class Child:
    """An invented child with everything that happens to it.

    `quiet` are the days its fate has written: chance adds nothing there. `household` and
    `residence` are region codes, "" where unknown.
    """

    uid: str
    name: str
    initials: str
    sex: str
    birth_on: date
    ethnicity: str
    id_no: str
    xueji_no: str
    boarder: bool
    left_behind: str
    household: str
    residence: str
    carers: list[Carer]
    spells: list[Spell]
    away: list[Away] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    marks: dict[date, Mark] = field(default_factory=dict)
    quiet: set[date] = field(default_factory=set)
    fate: str = ""

    def spell_on(self, day: date) -> Spell | None:
        return next((spell for spell in self.spells if spell.covers(day)), None)

    def class_on(self, day: date) -> int:
        """The key of its class on a day it stood on a roll. Raises ValueError on any other."""
        spell = self.spell_on(day)
        if spell is None:
            raise ValueError(f"{self.uid} stands on no roll on {day}")
        return spell.klass


@dataclass(frozen=True, slots=True)
class Member:
    """An account with its seats: (role value, unit code or class key, "" for none)."""

    username: str
    name: str
    seats: tuple[tuple[str, str | int], ...]


@dataclass
class Roll:
    """The register of a class and a day, as it arrived."""

    klass: int
    on: date
    state: RegisterState
    reason: str
    client_key: UUID
    taken_at: datetime
    received_at: datetime
    taken_by: str
    stand_in: bool
    late: bool
    expected: int = 0
    present: int = 0


@dataclass
class Plan:
    """A county with its children, staff and registers until a day."""

    seed: int
    until: date
    land: Land
    children: list[Child]
    staff: list[Member]
    rolls: dict[tuple[int, date], Roll] = field(default_factory=dict)
    registers_from: dict[str, date] = field(default_factory=dict)

    def counts_from(self, klass: ClassPlan) -> date:
        """The first day that counts at the school of this class; beyond `until` when none does."""
        first = klass.school.alerts_from or self.registers_from.get(klass.school.code)
        return first or date.max

    def own_days(self, child: Child, first: date, last: date) -> list[date]:
        """The school days of this child's own track on which it stood on a roll, in order."""
        days = []
        for spell in child.spells:
            klass = self.land.classes[spell.klass]
            begins = max(first, spell.began)
            school_days = self.land.almanac.days(klass, child.boarder)
            days += [day for day in school_days if begins <= day <= last and spell.covers(day)]
        return days
