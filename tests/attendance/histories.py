"""Random lives of a county's children, lived through the real verbs and written down as plain facts.

A `Life` does each act twice: through the verb, and into an `oracle.World`. Same seed, same life.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4

from accounts.enums import Role
from accounts.places.calendars import import_calendar
from attendance import registers
from attendance.enums import Mark
from attendance.models import Register
from attendance.registers import FilledRegister, Marked
from regions.clock import SHANGHAI, now, today
from regions.enums import SchoolKind
from regions.rules.believable import LONGEST_LEAVE
from students import enrolments
from students.enums import Began, Ended
from students.models import Enrolment, Student
from students.rules.spellings import ETHNICITY
from students.traits import keep_before, now_of
from tests import factories as make
from tests.attendance.almanacs import (
    NATIONAL_OFF,
    NATIONAL_ON,
    TERMS,
    WINDOWS,
    contradict,
    day,
    every_day,
    one_day,
    one_to_three_days,
    span,
)
from tests.attendance.asked_closures import AskedClosures
from tests.attendance.asked_days import AskedDays
from tests.attendance.oracle import (
    Almanac,
    Child,
    Notice,
    OtherEnd,
    Room,
    Span,
    Spell,
    World,
)
from tests.attendance.waiting_marks import ProposedMarks

COUNTY = "539901"
SCHOOLS = {"A": "5399010001", "B": "5399010002"}
COMMUNITY = "傣"
RUN_LENGTHS = [1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 11]
STYLES = [
    ["absent"],
    ["absent", "absent", "sick", "personal"],
    ["sick", "personal"],
    ["sick", "sick", "absent", "late", "half_day", "left_early"],
]


class Life:
    """One county lived day by day; `asked` are the three days to ask about."""

    def __init__(self, seed: int, settings, per_room: int = 50) -> None:
        self.rng = Random(seed)
        self.settings = settings
        self.window, ends = WINDOWS[seed % len(WINDOWS)]
        settings.KONGCHUO_TODAY = self.window.first - timedelta(days=7)
        self.tick = 0
        self.asked_days, self.closures = AskedDays(self), AskedClosures(self)
        self.proposed = ProposedMarks(self)
        self.agenda: dict[date, list[tuple[Callable, tuple]]] = defaultdict(list)
        self.intent: dict[tuple[str, date], str] = {}
        self.halves: list[Notice] = []
        almanac = Almanac([span(text) for text in TERMS], NATIONAL_OFF, NATIONAL_ON)
        self.world = World(self.window.first - timedelta(days=14), almanac)
        self.students: dict[str, Student] = {}
        self._lay_places()
        self._lay_calendar([OtherEnd(n, day(last), at, grade) for last, at, grade, n in ends])
        for room in self.world.rooms:
            self._fill(room, per_room)
        self._plan()
        days = every_day(self.window.first, self.window.last)
        third = len(days) // 3
        self.asked = [self.rng.choice(days[third : 2 * third]), self.rng.choice(days[2 * third :])]
        self.asked.append(self.window.last)

    # ── what stands before the first day ─────────────────────────────────────────────────────

    def _lay_places(self) -> None:
        first = self.window.first
        at = {
            "A": make.school(SCHOOLS["A"], region_code=f"{COUNTY}001"),
            "B": make.school(
                SCHOOLS["B"], region_code=f"{COUNTY}002", kind=SchoolKind.NINE_YEAR, primary=6
            ),
        }
        self.bureau = make.user(Role.BUREAU, make.region(COUNTY))
        self.officer = make.user(Role.TOWNSHIP, make.region(f"{COUNTY}001"))
        self.office = make.user(Role.OFFICE, at["A"])
        make.seat(self.office, Role.OFFICE, at["B"])
        self.classes = {}
        begun_2026 = first >= date(2026, 8, 15)
        leaving = first < date(2026, 8, 15) <= self.window.last
        for name, grade in (("A1", 7), ("A2", 9 if leaving else 8), ("B1", 4), ("B2", 7)):
            self.classes[name] = make.school_class(at[name[0]], grade, on=first)
            stage = "primary" if grade <= 6 else "junior"
            self.world.rooms[name] = Room(name[0], stage, grade - begun_2026)
            self.world.registers[name] = {}
        if self.rng.random() < 0.5:
            chosen = self.rng.choice("AB")
            self.world.alerts_from[chosen] = first + timedelta(days=self.rng.randint(-5, 9))
            at[chosen].alerts_from = self.world.alerts_from[chosen]
            at[chosen].save(update_fields=["alerts_from"])

    def _lay_calendar(self, ends: list[OtherEnd]) -> None:
        almanac, rng = self.world.almanac, self.rng
        entries = [_entry(COUNTY, term, "term") for term in almanac.terms]
        for end in ends:
            scope = SCHOOLS.get(end.school, COUNTY) + (f"/grade:{end.grade}" if end.grade else "")
            entries.append(_entry(scope, Span(almanac.terms[end.term].first, end.last), "term"))
        almanac.other_ends = ends
        self._import(entries)
        week = [each for each in self._weekdays() if each > self.window.first]
        saturdays = [each for each in self._days() if each.isoweekday() == 6]
        off, worked = iter(rng.sample(week, 18)), iter(rng.sample(saturdays, 2))
        self._decide(Notice(one_to_three_days(next(off), rng), False), "holiday")
        self._decide(Notice(one_to_three_days(next(off), rng), False, stage="primary"), "holiday")
        self._decide(
            Notice(one_to_three_days(next(off), rng), False, community=COMMUNITY), "holiday"
        )
        self._decide(Notice(one_to_three_days(next(off), rng), False, "A"), "closure")
        self._decide(
            Notice(one_to_three_days(next(off), rng), False, "A", boarders=True), "closure"
        )
        self._decide(
            Notice(one_to_three_days(next(off), rng), False, "B", boarders=True), "holiday"
        )
        self._decide(Notice(one_to_three_days(next(off), rng), False, "B", grade=7), "closure")
        self._decide(Notice(one_day(next(off)), True, "B"), "half_closure")
        self._decide(Notice(one_day(next(off)), True, "A", boarders=True), "make_up")
        self._decide(Notice(one_day(next(worked)), True), "make_up")
        self._decide(Notice(one_day(next(worked)), True, "B"), "make_up")
        self.closures.plan(list(off), "AB")
        learned = rng.choice(week[6:])
        told = Notice(
            one_day(learned - timedelta(days=rng.randint(1, 5))), False, "B", stage="junior"
        )
        self.agenda[learned].append((self._decide, (told, "closure")))

    def _weekdays(self) -> list[date]:
        return [each for each in self._days() if each.isoweekday() < 6 and self._in_term(each)]

    def _days(self) -> list[date]:
        return every_day(self.window.first, self.window.last)

    def _in_term(self, on: date) -> bool:
        return any(on in term for term in self.world.almanac.terms)

    def _decide(self, notice: Notice, kind: str) -> None:
        """Import a row and note it; not one that would contradict its equal, which is refused."""
        if any(contradict(notice, other) for other in self.world.almanac.notices):
            return
        scope = SCHOOLS.get(notice.school, COUNTY)
        scope += f"/{notice.stage}" if notice.stage else ""
        scope += f"/grade:{notice.grade}" if notice.grade else ""
        scope += "/boarders" if notice.boarders else ""
        scope += f"/community:{notice.community}" if notice.community else ""
        self._import([_entry(scope, notice.span, kind)])
        half = kind == "half_closure"  # half a day off opens and closes nothing
        (self.halves if half else self.world.almanac.notices).append(notice)

    def _import(self, entries: list[dict]) -> None:
        import_calendar(json.dumps(entries).encode(), by=self.bureau, on=today())

    def _fill(self, room: str, count: int) -> None:
        began = self.window.first - timedelta(days=self.rng.randint(0, 6))
        made = []
        for _ in range(count):
            uid = self._child(room)
            self.world.children[uid].spells.append(Spell(room, began, tick=0))
            made.append(self.students[uid])
        recorded = datetime.combine(self.window.first - timedelta(days=7), time(8), SHANGHAI)
        Enrolment.objects.bulk_create(
            Enrolment(
                student=student, school_class=self.classes[room], began=began, recorded_at=recorded,
                how=Began.ENTERED,
            )
            for student in made
        )  # fmt: skip

    def _child(self, room: str) -> str:
        child = Child(self.rng.random() < 0.3, COMMUNITY if self.rng.random() < 0.2 else "")
        peoples = {label: code for code, label in ETHNICITY.labels.items()}
        student = Student.objects.create(
            name=make.NAMES[len(self.students) % len(make.NAMES)],
            boarder=child.boarder,
            ethnicity=peoples[f"{child.community or '汉'}族"],
            school_path=self.classes[room].path,
        )
        self.students[student.uid] = student
        self.world.children[student.uid] = child
        return student.uid

    # ── what is going to happen ──────────────────────────────────────────────────────────────

    def _plan(self) -> None:
        rng, days = self.rng, self._days()
        for on in days:
            for room in self.world.rooms:
                self._plan_register(room, on)
        for uid in list(self.world.children):
            for _ in range(rng.choice([0, 0, 1, 1, 2])):
                self._plan_run(uid)
            if rng.random() < 0.15:
                self.asked_days.plan_leave(uid, one_to_three_days(rng.choice(days), rng))
            if rng.random() < 0.15:
                self.asked_days.plan_status(uid, rng.choice(days))
            if rng.random() < 0.10:
                self.at(rng.choice(days), self._move, uid, rng.randint(0, 6))
            if rng.random() < 0.05:
                self._plan_exit(uid)
            for _ in range(rng.choice([0, 0, 0, 1, 2])):
                self.at(rng.choice(days), self._turn, uid)
        for room in self.world.rooms:
            for _ in range(3):
                self.at(rng.choice(days[3:]), self._enrol_late, room, rng.randint(0, 7))

    def at(self, on: date, act: Callable, *args) -> None:
        self.agenda[on].append((act, args))

    def _plan_register(self, room: str, on: date) -> None:
        fate, rng = self.rng.random(), self.rng
        if fate < 0.10:
            return
        delay = rng.randint(1, 7) if fate < 0.24 else 0
        self.at(on + timedelta(days=delay), self._take, room, on)
        while rng.random() < 0.10:
            later = on + timedelta(days=delay + rng.randint(0, 6))
            self.at(later, self._correct, room, on)

    def _plan_run(self, uid: str) -> None:
        rng = self.rng
        weekdays = self._weekdays()
        start = rng.randrange(len(weekdays))
        style = rng.choice(STYLES)
        stretch = weekdays[start : start + rng.choice(RUN_LENGTHS)]
        for each in every_day(stretch[0], stretch[-1]):
            if rng.random() < 0.95:
                self.intent[uid, each] = "lost" if rng.random() < 0.02 else rng.choice(style)
        while rng.random() < 0.4:
            first = rng.choice(stretch)
            last = min(max(first, rng.choice(stretch)), first + LONGEST_LEAVE)
            self.asked_days.plan_leave(uid, Span(first, last))
        if rng.random() < 0.4:
            self.asked_days.plan_leave(uid, one_to_three_days(stretch[-1], rng))
        if rng.random() < 0.10:
            self.asked_days.plan_status(uid, rng.choice(stretch))

    def _plan_exit(self, uid: str) -> None:
        rng = self.rng
        gone = rng.choice(self._days())
        self.at(gone, self._leave, uid, rng.randint(0, 4))
        if rng.random() < 0.6:
            back = gone + timedelta(days=rng.randint(2, 9))
            self.at(back, self._come_back, uid, rng.randint(0, 3))

    # ── living it ────────────────────────────────────────────────────────────────────────────

    def days(self) -> Iterator[date]:
        """Live day after day; each is handed out when everything of it has been done."""
        for on in self._days():
            self.settings.KONGCHUO_TODAY = on
            acts = self.agenda.pop(on, [])
            self.rng.shuffle(acts)
            for act, args in acts:
                self.tick += 1
                act(*args)
            yield on

    @property
    def today(self) -> date:
        return self.settings.KONGCHUO_TODAY

    def _roll(self, room: str, on: date) -> list[str]:
        children = self.world.children.items()
        spells = [(uid, child.spell_on(on)) for uid, child in children]
        return [uid for uid, spell in spells if spell and spell.room == room]

    def _meets(self, room: str, on: date) -> bool:
        """Would the class's register be accepted: has any child of it school that day?"""
        at, children = self.world.rooms[room], self.world.children
        return any(
            self.world.almanac.is_open(at, children[uid], on) for uid in self._roll(room, on)
        )

    def _take(self, room: str, on: date) -> None:
        if self._meets(room, on):
            self._submit(room, on, version=0)

    def _correct(self, room: str, on: date) -> None:
        versions = self.world.registers[room].get(on)
        if not versions or not self._meets(room, on):
            return
        for uid in self._roll(room, on):
            if self.rng.random() < (0.25 if (uid, on) in self.intent else 0.03):
                self.intent[uid, on] = self.rng.choice(["", "absent", "sick", "late"])
        self._submit(room, on, version=len(versions))

    def _submit(self, room: str, on: date, version: int) -> None:
        marks = self._marks(room, on)
        sheet = FilledRegister(
            marks={uid: Marked(Mark(mark)) for uid, mark in marks.items()},
            reason="更正" if version else "",
            version=self._version(room, on) if version else 0,
            client_key=uuid4(),
        )
        registers.submit(self.classes[room].pk, on, sheet, by=self.office, at=now())
        self.proposed.follow(room, on, marks)

    def _version(self, room: str, on: date) -> int:
        return Register.objects.get(school_class=self.classes[room], on=on).version

    def _marks(self, room: str, on: date) -> dict[str, str]:
        """What the teacher marks, whatever a class the child sat in before has said of that day."""
        wanted = {uid: self.intent.get((uid, on), "") for uid in self._roll(room, on)}
        return {uid: mark for uid, mark in wanted.items() if mark}

    def _turn(self, uid: str) -> None:
        """The child begins or ceases to board from today on; once a day is enough."""
        student, child = self.students[uid], self.world.children[uid]
        if self.today in child.turned:
            return
        student.refresh_from_db()
        before = now_of(student)
        student.boarder = not student.boarder
        student.save()
        keep_before(student, before, on=self.today)
        child.turned.append(self.today)

    def _move(self, uid: str, back_dated: int) -> None:
        last = self.world.children[uid].spells[-1]
        began = self.today - timedelta(days=back_dated)
        if last.ended is None and began > last.began:
            room = self.rng.choice([name for name in self.world.rooms if name != last.room])
            self._place(uid, room, began, Began.TRANSFER_IN)
            last.ended = began

    def _leave(self, uid: str, back_dated: int) -> None:
        last = self.world.children[uid].spells[-1]
        on = self.today - timedelta(days=back_dated)
        if last.ended is None and on > last.began:
            enrolments.leave_roll(self.students[uid], on=on, how=Ended.TRANSFER_OUT, by=self.office)
            last.ended = on

    def _come_back(self, uid: str, back_dated: int) -> None:
        last = self.world.children[uid].spells[-1]
        began = self.today - timedelta(days=back_dated)
        if last.ended is not None and began > last.ended:
            self._place(uid, self.rng.choice(list(self.world.rooms)), began, Began.PLACED)

    def _enrol_late(self, room: str, back_dated: int) -> None:
        uid = self._child(room)
        began = max(self.window.first, self.today - timedelta(days=back_dated))
        self._place(uid, room, began, Began.TRANSFER_IN)
        self._plan_run(uid)

    def _place(self, uid: str, room: str, began: date, how: Began) -> None:
        enrolments.place(
            self.students[uid], self.classes[room], began=began, how=how, by=self.office
        )
        self.world.children[uid].spells.append(Spell(room, began, self.tick))


def _entry(scope: str, when: Span, kind: str) -> dict:
    first, last = when.first.isoformat(), when.last.isoformat()
    return {"scope": scope, "from": first, "to": last, "kind": kind, "reason": "县历"}
