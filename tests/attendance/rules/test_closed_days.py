"""Random lives with closures and children who begin or cease to board, against a second telling.

The oracle goes forward, day after day, over plain facts; it shares nothing with the rule, the
calendar or the reader of histories.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pytest

from accounts.enums import Role
from accounts.places import calendar_rows as rows
from accounts.places.calendar_rows import Draft
from attendance.enums import Mark
from attendance.records import assess
from regions.enums import DayKind
from regions.models import School
from students.traits import keep_before, now_of
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST, DAYS, CHILDREN = date(2026, 11, 2), 33, 24
FATES = ["asked", "approved", "refused", "taken back", "ended"]
LIMIT = 3


@dataclass
class Life:
    """What a child was and what was said of it: `boards_from` alternates, beginning with not."""

    boards_from: list[date] = field(default_factory=list)
    marks: dict[date, str] = field(default_factory=dict)

    def boards(self, day: date) -> bool:
        return sum(change <= day for change in self.boards_from) % 2 == 1


@dataclass
class Story:
    """One class: its closures by what became of them, the boarders' days off, its registers."""

    closures: dict[date, str] = field(default_factory=dict)
    boarders_off: set[date] = field(default_factory=set)
    registers: set[date] = field(default_factory=set)
    lives: list[Life] = field(default_factory=list)


def told(story: Story, life: Life, on: date) -> tuple[str, int, int, int]:
    """The verdict, and how many unexplained, untaken and held days there are since it was seen."""
    missed = untaken = held = 0
    day = FIRST
    while day <= on:
        fate = story.closures.get(day)
        weekend = day.weekday() > 4
        off = fate == "approved" or (life.boards(day) and day in story.boarders_off)
        if not weekend and not off:
            mark = life.marks.get(day)
            if fate == "asked":
                held += 1
            elif day not in story.registers:
                untaken += 1
            elif mark == "absent":
                missed += 1
            else:
                missed = untaken = held = 0
        day += timedelta(days=1)
    if missed >= LIMIT:
        return "alert", missed, untaken, held
    if missed and missed + untaken + held >= LIMIT:
        return "cannot_judge", missed, untaken, held
    return ("watch" if missed else "seen"), missed, untaken, held


class County:
    """The same story through the portal's own verbs."""

    def __init__(self, seed: int, settings) -> None:
        self.rng, self.story, self.settings = Random(seed), Story(), settings
        make.term(begins=FIRST)
        self.of = make.school_class(make.school())
        School.objects.update(alerts_from=FIRST)
        self.office = make.user(Role.OFFICE, self.of.school)
        self.bureau = make.user(Role.BUREAU, make.region("539901"))
        self.children = make.pupils(self.of, CHILDREN, began=FIRST, listed_from=FIRST)
        self.story.lives = [Life() for _ in self.children]
        self.bound: dict[date, list[int]] = {}

    def live(self) -> None:
        days = [FIRST + timedelta(days=n) for n in range(DAYS)]
        schooldays = [day for day in days if day.weekday() < 5]
        for day in self.rng.sample(schooldays, 4):
            self.story.boarders_off.add(day)
            make.calendar_row(
                DayKind.HOLIDAY, day, place=make.region("539901"), boarders=True, scope=str(day)
            )
        runs = {n: set(self._run(schooldays)) for n in range(CHILDREN)}
        closing = set(self.rng.sample(schooldays, 6))
        for day in days:
            self.settings.KONGCHUO_TODAY = day
            self._change_boarding(day)
            if day.weekday() < 5:
                self._register(day, runs)
            if day in closing:
                self._close(day)

    def _run(self, schooldays: list[date]) -> list[date]:
        start = self.rng.randrange(len(schooldays))
        return schooldays[start : start + self.rng.choice([1, 2, 3, 4, 6])]

    def _change_boarding(self, day: date) -> None:
        for child, life in zip(self.children, self.story.lives, strict=True):
            if self.rng.random() < 0.04:
                before = now_of(child)
                child.boarder = not child.boarder
                child.save()
                keep_before(child, before, on=day)
                life.boards_from.append(day)

    def _register(self, day: date, runs: dict[int, set[date]]) -> None:
        everybody_off = day in self.story.boarders_off and all(
            life.boards(day) for life in self.story.lives
        )
        if self.rng.random() < 0.12 or everybody_off:
            return
        marks = {}
        for n, (child, life) in enumerate(zip(self.children, self.story.lives, strict=True)):
            if day in runs[n]:
                marks[child.uid] = Mark.ABSENT
                life.marks[day] = "absent"
        make.take(self.of, day, self.office, **marks)
        self.story.registers.add(day)

    def _close(self, day: date) -> None:
        fate = self.rng.choice(FATES)
        if list(self.story.closures.values()).count("asked") >= 2:
            return  # two days wait: the school asks for no third
        wanted = Draft(self.of.school.code, DayKind.CLOSURE, day, day, "停水", "X")
        row = rows.ask_closure(wanted, by=self.office, on=day)
        if fate in ("approved", "refused", "ended"):
            agreed = fate != "refused"
            rows.decide_closure(
                row.pk, agreed=agreed, words="看过，照常上课", by=self.bureau, on=day
            )
        if fate in ("taken back", "ended"):
            by = self.office if fate == "taken back" else self.bureau
            rows.end_row(row.pk, reason="不停了，照常上课", by=by, on=day)
        self.story.closures[day] = fate


@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", range(8))
def test_the_rule_tells_every_life_as_the_oracle_does(settings, seed):
    county = County(seed, settings)
    county.live()
    ids = [child.pk for child in county.children]
    found: set[str] = set()
    for back in (0, 3, 7, 12):
        on = FIRST + timedelta(days=DAYS - 1 - back)
        answers = assess(ids, on, make.place_rules())
        for child, life in zip(county.children, county.story.lives, strict=True):
            said, run = told(county.story, life, on), answers[child.pk].run
            mine = (len(run.unexplained), len(run.not_taken), len(run.held))
            assert (answers[child.pk].verdict, *mine) == said, (on, life, county.story.closures)
            found.add(said[0])
    assert {"seen", "watch"} <= found


def test_among_the_lives_there_is_what_the_rule_is_about(settings):
    """A control: without an alert, a held day or a change of boarding the lives would prove little."""
    county = County(3, settings)
    county.live()
    fates = set(county.story.closures.values())
    assert len(fates) >= 3 and any(life.boards_from for life in county.story.lives)
