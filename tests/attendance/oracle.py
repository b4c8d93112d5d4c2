"""What design §4 "Unseen days" says of a child, worked out forward, one calendar day after another.

Written apart from `attendance.streaks`, `attendance.records` and `regions.calendar`, and shares no
code with them. It reads a plain history of what people did, each act with its tick (1, 2, 3 …), and
keeps for one child the days since it was last seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

CAME = {"late", "left_early", "half_day"}
TEACHER_SAID = {"sick", "personal"}
ABSENCE_LIMIT = 3
TEACHER_LIMIT = 3
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Days from first to last, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Notice:
    """Somebody opened or closed days for somebody: the county ("") or one school, then narrower."""

    span: Span
    opens: bool
    school: str = ""
    stage: str = ""
    grade: int = 0
    boarders: bool = False
    community: str = ""

    def speaks_to(self, room: "Room", child: "Child", day: date) -> bool:
        return (
            day in self.span
            and self.school in ("", room.school)
            and self.stage in ("", room.stage)
            and self.grade in (0, room.grade_on(day))
            and (not self.boarders or child.boards_on(day))
            and self.community in ("", child.community)
        )

    @property
    def weight(self) -> tuple[bool, int]:
        ladder = [self.community, self.boarders, self.grade, self.stage]
        return bool(self.school), next((4 - n for n, step in enumerate(ladder) if step), 0)


@dataclass(frozen=True)
class OtherEnd:
    """A term that ends on another day for one school, or for one grade of the county."""

    term: int
    last: date
    school: str = ""
    grade: int = 0


@dataclass
class Almanac:
    """The calendar of a county as plain facts."""

    terms: list[Span]
    national_off: frozenset[date]
    national_on: frozenset[date]
    other_ends: list[OtherEnd] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    waiting: list[Notice] = field(default_factory=list)  # one day each, asked for in time

    def is_open(self, room: "Room", child: "Child", day: date) -> bool:
        """Is there school that day for a child sitting in that room?"""
        grade = room.grade_on(day)
        in_term = any(day in self._term(n, room, grade) for n in range(len(self.terms)))
        if not in_term or room.has_left(day):
            return False
        ordinary = day.isoweekday() not in (6, 7) and day not in self.national_off
        is_open = ordinary or day in self.national_on
        for notice in sorted(self.notices, key=lambda notice: notice.weight):
            if notice.speaks_to(room, child, day):
                is_open = notice.opens
        return is_open

    def is_waiting(self, room: "Room", child: "Child", day: date) -> bool:
        """Has the school asked to close that day of school, and nobody has decided?"""
        return any(notice.speaks_to(room, child, day) for notice in self.waiting)

    def _term(self, number: int, room: "Room", grade: int) -> Span:
        term = self.terms[number]
        for end in sorted(self.other_ends, key=lambda end: (bool(end.school), end.grade)):
            mine = end.school in ("", room.school) and end.grade in (0, grade)
            if end.term == number and mine:
                term = Span(term.first, end.last)
        return term


@dataclass(frozen=True)
class Room:
    """A class: its school, stage, and its grade in the school year that began in 2025."""

    school: str
    stage: str
    grade_in_2025: int

    def grade_on(self, day: date) -> int:
        return self.grade_in_2025 + (day >= date(2026, 8, 15))

    def has_left(self, day: date) -> bool:
        """Is the class past its last school year, whoever still stands on its roll?"""
        return self.grade_on(day) > (6 if self.stage == "primary" else 9)


@dataclass
class Spell:
    """On a room's roll from `began` until the day before `ended`; the portal knew from `tick` on."""

    room: str
    began: date
    tick: int
    ended: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.began <= day and (self.ended is None or day < self.ended)


@dataclass
class Request:
    """Days asked for, on some weekdays (1–7) where any are named, and what became of it so far:
    asked, passed (the school agreed), approved, refused, or withdrawn, as if it never was.

    `lawful`: the township's word, which explains before the county has spoken.
    """

    span: Span
    state: str = "asked"
    weekdays: tuple[int, ...] = ()
    lawful: bool = False

    def __contains__(self, day: date) -> bool:
        return day in self.span and day.isoweekday() in (self.weekdays or range(1, 8))

    @property
    def excuses(self) -> bool:
        return self.state == "approved" or (self.lawful and self.state == "passed")

    @property
    def holds(self) -> bool:
        """Does it keep its days from being asked for again?"""
        return self.state in ("asked", "passed", "approved")


@dataclass
class Child:
    boarder: bool = False  # until the first day of `turned`, on each of which it was told anew
    community: str = ""
    spells: list[Spell] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    away: list[Request] = field(default_factory=list)
    turned: list[date] = field(default_factory=list)

    def boards_on(self, day: date) -> bool:
        return self.boarder != bool(sum(on <= day for on in self.turned) % 2)

    def spell_on(self, day: date) -> Spell | None:
        return next((spell for spell in self.spells if day in spell), None)


@dataclass(frozen=True)
class Version:
    """One saving of a register: when, and the marks by child."""

    tick: int
    marks: dict[str, str]


@dataclass
class World:
    """One county: who sits where, what was decided, and every register in all its versions."""

    begins: date
    almanac: Almanac
    rooms: dict[str, Room] = field(default_factory=dict)
    alerts_from: dict[str, date] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    registers: dict[str, dict[date, list[Version]]] = field(default_factory=dict)

    def last_version(self, room: str, day: date) -> Version | None:
        versions = self.registers[room].get(day)
        return versions[-1] if versions else None

    def counts_from(self, school: str) -> date:
        """The day from which a school's days count: as set, else its first register of any kind."""
        if school in self.alerts_from:
            return self.alerts_from[school]
        mine = [room for room in self.rooms if self.rooms[room].school == school]
        return min((day for room in mine for day in self.registers[room]), default=date.max)

    def listed_from(self, spell: Spell) -> date:
        """The first day whose register knew the child, with no register after it that did not."""
        since = date.max
        own = self.registers[spell.room]
        for day in sorted((day for day in own if day in spell), reverse=True):
            versions = own[day]
            if not any(v.tick > spell.tick for v in versions):
                break
            since = day
        return since

    def mark_elsewhere(self, uid: str, room: str, day: date) -> str | None:
        """A mark another room's register holds for the child: it sat there on the roll once."""
        for other in set(self.registers) - {room}:
            held = self.last_version(other, day)
            if held is not None and uid in held.marks:
                return held.marks[uid]
        return None


@dataclass(frozen=True)
class Answer:
    verdict: str
    unexplained: tuple[date, ...] = ()
    not_taken: tuple[date, ...] = ()
    held: tuple[date, ...] = ()


@dataclass(frozen=True)
class Unseen:
    """A day on which the child was not seen: why, and whether nobody knew where it was."""

    day: date
    why: str
    lost: bool = False


def answer(uid: str, on: date, world: World) -> Answer:
    """The verdict on `on`, with the unexplained days, those no register tells about, and those
    whose closure waits."""
    child = world.children[uid]
    if child.spell_on(on) is None:
        return Answer("seen")
    since_seen: list[Unseen] = []
    for day in _days(world.begins, on):
        told = _told(uid, child, day, world)
        if told == "came":
            since_seen = []
        elif isinstance(told, Unseen):
            since_seen.append(told)
    return _verdict(since_seen)


def _verdict(since_seen: list[Unseen]) -> Answer:
    said = [each for each in since_seen if each.why == "said"]
    counted = {"unexplained", "said"} if len(said) > TEACHER_LIMIT else {"unexplained"}
    unexplained = tuple(each.day for each in since_seen if each.why in counted)
    missing = tuple(each.day for each in since_seen if each.why == "not taken")
    held = tuple(each.day for each in since_seen if each.why == "held")
    if len(unexplained) >= ABSENCE_LIMIT or any(each.lost for each in since_seen):
        verdict = "alert"
    elif not unexplained:
        verdict = "seen"
    elif len(unexplained) + len(missing) + len(held) >= ABSENCE_LIMIT:
        verdict = "cannot_judge"
    else:
        verdict = "watch"
    return Answer(verdict, unexplained, missing, held)


def _told(uid: str, child: Child, day: date, world: World) -> str | Unseen | None:
    """The word came, a day unseen, or None when it is no school day of this child."""
    spell = child.spell_on(day)
    if spell is None:
        return None
    room = world.rooms[spell.room]
    if day < world.counts_from(room.school) or not world.almanac.is_open(room, child, day):
        return None
    register = world.last_version(spell.room, day)
    knows = register is not None and day >= world.listed_from(spell)
    mark = register.marks.get(uid) if register is not None else None
    if mark is None and not knows:
        mark = world.mark_elsewhere(uid, spell.room, day)
    told = _read(child, day, mark, knows)
    known_away = isinstance(told, Unseen) and told.why == "explained"
    if world.almanac.is_waiting(room, child, day) and not known_away:
        return Unseen(day, "held", mark == "lost")
    return told


def _read(child: Child, day: date, mark: str | None, knows: bool) -> str | Unseen:
    if mark == "pending":  # it says the child came, and nobody has confirmed it
        mark, knows = None, False
    if mark in CAME:
        return "came"
    if any(day in each and each.excuses for each in child.away):
        return Unseen(day, "explained", mark == "lost")
    told = [each for each in (*child.requests, *child.away) if day in each]
    covering = [each for each in told if each.state != "withdrawn"]
    excused = any(each.excuses for each in covering)
    if mark is None:
        if knows:
            return "came"
        return Unseen(day, "explained" if excused else "not taken")
    if excused:
        return Unseen(day, "explained", mark == "lost")
    if mark in TEACHER_SAID and not covering:
        return Unseen(day, "said")
    return Unseen(day, "unexplained", mark == "lost")


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
