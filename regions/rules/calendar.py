"""Is this a school day? The one rule, over rows that were entered, never over guesses (design §3).

Two questions for a `Track`: is it term, and what is this day. The most specific row answers each:
school before township before county before province before nation; at the same place community
before boarders before grade before stage before all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from regions.enums import DayKind, Narrow, Stage
from regions.refusals import NoCalendar
from regions.rules.classnames import school_year

LONGEST_VACATION = timedelta(days=75)
# 五四 has its sixth grade in 初中.
GRADES = {
    None: frozenset(range(1, 10)),
    Stage.PRIMARY: frozenset(range(1, 7)),
    Stage.JUNIOR: frozenset(range(6, 10)),
}
NO_SCHOOL = {DayKind.HOLIDAY, DayKind.CLOSURE}
# A day of reporting (报到日) tells parents and decides nothing: it may lie before the term.
OF_ONE_DAY = {DayKind.HOLIDAY, DayKind.CLOSURE, DayKind.MAKE_UP, DayKind.HALF_CLOSURE}


def days_from_monday(on: date) -> int:
    """How many days of its week lie before it, Monday first: what a month's grid begins with."""
    return on.weekday()


def is_weekday(on: date) -> bool:
    """Monday to Friday: all that is known of a day nobody has decided on."""
    return on.isoweekday() <= 5


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """A calendar row: what it says (`kind`), from when until when (both days included), for whom.

    `path` is its place ("" is the whole nation); empty narrowings speak for everybody there.
    """

    path: str
    begins: date
    ends: date
    kind: DayKind
    reason: str = ""
    stage: Stage | None = None
    grades: frozenset[int] = frozenset()
    boarders: bool = False
    community: str = ""

    @property
    def narrow(self) -> Narrow:
        if self.community:
            return Narrow.COMMUNITY
        if self.boarders:
            return Narrow.BOARDERS
        if self.grades:
            return Narrow.GRADE
        return Narrow.STAGE if self.stage else Narrow.ALL

    @property
    def rank(self) -> tuple[int, int]:
        """Greater is more specific: first the depth of the place, then the narrowing."""
        return len(self.path), int(self.narrow)

    def covers(self, day: date) -> bool:
        return self.begins <= day <= self.ends

    def overlaps(self, other: "CalendarRule") -> bool:
        return self.begins <= other.ends and other.begins <= self.ends


@dataclass(frozen=True, slots=True)
class Track:
    """Whose days are asked about: a place, a stage, the year the class entered it, and two traits.

    `years`: how many school years the class stays; None for a place, which leaves nowhere.
    """

    path: str
    stage: Stage
    entry_year: int
    first_grade: int
    boarder: bool = False
    community: str = ""
    years: int | None = None

    def grade(self, on: date) -> int:
        """The grade follows from entry year and day; nobody promotes rows in September."""
        return self.first_grade + school_year(on) - self.entry_year

    def has_left(self, on: date) -> bool:
        """Is the class past its last school year? Whoever still stands on its roll misses no day."""
        return self.years is not None and school_year(on) >= self.entry_year + self.years


@dataclass(frozen=True, slots=True)
class Day:
    """The answer for one day: is there school, half a day of it, and which row said so.

    `held` (停课待核): a school asked to close on this school day, and nobody has decided.
    """

    school: bool
    half: bool = False
    kind: DayKind | None = None
    reason: str = ""
    held: bool = False


@dataclass
class Calendar:
    """Every calendar row of a county, resolved once per distinct track.

    `asked` are the closures whose day waits: they decide nothing, and the day says so.
    """

    rows: Sequence[CalendarRule]
    asked: Sequence[CalendarRule] = ()
    _days: dict[tuple[Track, date], Day] = field(default_factory=dict)
    _applicable: dict[Track, "_Rows"] = field(default_factory=dict)

    def day(self, track: Track, on: date) -> Day:
        """What `on` is for `track`. Raises NoCalendar where nobody has decided it."""
        key = (track, on)
        if key not in self._days:
            self._days[key] = (
                Day(school=False, kind=DayKind.TERM, reason="班级已毕业")
                if track.has_left(on)
                else self._for(track).day(track.grade(on), on)
            )
        return self._days[key]

    def is_school_day(self, track: Track, on: date) -> bool:
        return self.day(track, on).school

    def is_held(self, track: Track, on: date) -> bool:
        """Is the day 停课待核: neither a day missed nor one attended until somebody decides?"""
        return self.day(track, on).held

    def school_days(self, track: Track, first: date, last: date) -> list[date]:
        """The school days from `first` to `last`, both included, in order."""
        return [day for day in each_day(first, last) if self.is_school_day(track, day)]

    def beginning(self, track: Track) -> date | None:
        """The first day of the first term anybody entered for `track`: nothing is asked before it."""
        return min((row.begins for row in self._for(track).terms), default=None)

    def speaking(self, track: Track, on: date) -> list[CalendarRule]:
        """The rows that speak of the day for `track`, the deciding one of each question first."""
        found = self._for(track)
        known = (*found.days, *found.terms, *found.years)
        return [row for row in known if row.covers(on) and _of_grade(row, track.grade(on))]

    @cached_property
    def _classes(self) -> frozenset[str]:
        """The few classes that have rows of their own: the others of a school share theirs."""
        return frozenset(row.path for row in (*self.rows, *self.asked) if "C" in row.path)

    def _for(self, track: Track) -> "_Rows":
        path = track.path if track.path in self._classes else track.path.split("C", 1)[0]
        plain = replace(track, path=path, entry_year=0, first_grade=0, years=None)
        if plain not in self._applicable:
            rows = [row for row in self.rows if _may_apply(row, plain)]
            asked = [row for row in self.asked if _may_apply(row, plain)]
            self._applicable[plain] = _Rows.of(rows, asked)
        return self._applicable[plain]


@dataclass(frozen=True)
class _Rows:
    """The rows that may speak for one track, the most specific first."""

    terms: list[CalendarRule]
    days: list[CalendarRule]
    years: list[CalendarRule]
    asked: list[CalendarRule]

    @classmethod
    def of(cls, rows: Iterable[CalendarRule], asked: list[CalendarRule]) -> "_Rows":
        ordered = sorted(rows, key=_specific, reverse=True)
        return cls(
            terms=[row for row in ordered if row.kind is DayKind.TERM],
            years=[row for row in ordered if row.kind is DayKind.YEAR],
            days=[row for row in ordered if row.kind in OF_ONE_DAY],
            asked=asked,
        )

    def day(self, grade: int, on: date) -> Day:
        """What the rows say; a school day on which a closure waits says so."""
        decided = self._decided(grade, on)
        asked = any(row.covers(on) and _of_grade(row, grade) for row in self.asked)
        return replace(decided, held=True) if decided.school and asked else decided

    def _decided(self, grade: int, on: date) -> Day:
        if not self.in_term(grade, on):
            return Day(school=False, kind=DayKind.TERM, reason="不在学期内")
        spoken = [row for row in self.days if row.covers(on) and _of_grade(row, grade)]
        whole = next((row for row in spoken if row.kind is not DayKind.HALF_CLOSURE), None)
        if whole is None and not any(row.covers(on) for row in self.years):
            raise NoCalendar(f"{on.year}年{on.month}月{on.day}日")
        school = whole.kind not in NO_SCHOOL if whole else is_weekday(on)
        half = spoken[0] if spoken and spoken[0] is not whole else None
        if school and half:
            return Day(school, True, half.kind, half.reason)
        return Day(school, False, whole.kind, whole.reason) if whole else Day(school)

    def in_term(self, grade: int, on: date) -> bool:
        """The most specific term row that speaks about the day decides.

        A row speaks about a day it covers, and about a day covered by a less specific row it
        overlaps: a school that ends its autumn term early says so for the rest of the county's.
        """
        terms = [row for row in self.terms if _of_grade(row, grade)]
        covering = [row for row in terms if row.covers(on)]
        if not covering:
            self._must_be_vacation(terms, on)
            return False
        speaking = [row for row in terms if any(row.overlaps(other) for other in covering)]
        most = max(row.rank for row in speaking)
        return any(row.covers(on) for row in speaking if row.rank == most)

    @staticmethod
    def _must_be_vacation(terms: Sequence[CalendarRule], on: date) -> None:
        """Between terms is vacation, unless the gap is longer than any: then a term is missing."""
        before = max((row.ends for row in terms if row.ends < on), default=None)
        after = min((row.begins for row in terms if row.begins > on), default=None)
        start = before if before else on
        end = after if after else on
        if (before is None and after is None) or end - start > LONGEST_VACATION:
            raise NoCalendar(f"{on.year}年{on.month}月{on.day}日（学期没有录入）")


def _specific(row: CalendarRule) -> tuple:
    """By rank; rows of one rank in an order of their own, so that no answer hangs on theirs."""
    return *row.rank, row.begins, row.ends, row.kind, row.reason


def _may_apply(row: CalendarRule, track: Track) -> bool:
    return (
        track.path.startswith(row.path)
        and (row.stage is None or row.stage is track.stage)
        and (not row.boarders or track.boarder)
        and (not row.community or row.community == track.community)
    )


def _of_grade(row: CalendarRule, grade: int) -> bool:
    return not row.grades or grade in row.grades


def contradicts(one: CalendarRule, two: CalendarRule) -> bool:
    """Do two different rows of one rank answer the same question about some child on some day?

    The answer is the same whichever is asked of the other: neither is more specific, so neither wins.
    """
    if one == two or one.kind in (DayKind.YEAR, DayKind.OPENING):
        return False
    return _subject(one) == _subject(two) and _meet(one, two)


def tie(row: CalendarRule, others: Iterable[CalendarRule]) -> CalendarRule | None:
    """The first of `others` that contradicts `row`, or None."""
    return next((other for other in others if contradicts(row, other)), None)


class StandingRows:
    """The rows that stand already, kept by what they answer and by month, so that many are asked
    quickly."""

    def __init__(self) -> None:
        self._by_month: dict[tuple, list[CalendarRule]] = defaultdict(list)
        self._all: set[CalendarRule] = set()

    def __contains__(self, rule: CalendarRule) -> bool:
        return rule in self._all

    def add(self, rule: CalendarRule) -> None:
        self._all.add(rule)
        for key in _months(rule):
            self._by_month[key].append(rule)

    def against(self, rule: CalendarRule) -> CalendarRule | None:
        """The row that came first of those that contradict `rule` in its first such month, or None."""
        near = (tie(rule, self._by_month.get(key, ())) for key in _months(rule))
        return next(filter(None, near), None)


def _subject(rule: CalendarRule) -> tuple:
    """What a row decides, where, and how narrowly: only rows of one subject can contradict."""
    question = "day" if rule.kind in OF_ONE_DAY else rule.kind
    return rule.path, rule.narrow, rule.community, question


def _meet(one: CalendarRule, two: CalendarRule) -> bool:
    """Is there a day and a child that both speak of?"""
    stages = one.stage is None or two.stage is None or one.stage is two.stage
    return stages and bool(grades_of(one) & grades_of(two)) and one.overlaps(two)


def grades_of(rule: CalendarRule) -> frozenset[int]:
    """The grades a row speaks of: those of its stage, narrowed to the ones it names."""
    stage = GRADES[rule.stage]
    return rule.grades & stage if rule.grades else stage


def _months(rule: CalendarRule) -> Iterator[tuple]:
    subject = _subject(rule)
    first, last = (day.year * 12 + day.month for day in (rule.begins, rule.ends))
    for month in range(first, last + 1):
        yield subject, month


def each_day(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def friday_of_first_week(begins: date) -> date:
    """The Friday of the first week of school of a term; one that begins at a weekend, of the next."""
    return begins + timedelta(days=(4 - begins.weekday()) % 7)
