"""What the pages of numbers show, as values: a count with its list, a rate with its fraction, a row."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from regions.refusals import undecided_classes
from regions.rules.known_part import WHOLE, Lack
from reports.enums import PlaceCount
from reports.overview.drawing import BarPart, Dot
from reports.queries.ladder_funnel import StepRow
from reports.rules.indicators import Figure
from reports.rules.rounding import rate_text


def names_url(code: str, **asked: str) -> str:
    """The list behind a number; the address holds codes and words of ours, never a name."""
    if not code:
        return ""
    return f"{reverse('reports:names')}?{urlencode({'place': code, **asked})}"


@dataclass(frozen=True, slots=True)
class Number:
    """A count with the address of the list behind it. `lack`: the classes it leaves out."""

    count: int
    url: str = ""
    label: str = ""
    lack: Lack = WHOLE

    @property
    def text(self) -> str:
        return f"{self.count:,}"

    @property
    def hidden(self) -> bool:
        """Is there no number to show, since nobody has decided the day it needs?"""
        return self.lack.hides(self.count)


@dataclass(frozen=True, slots=True)
class RateLine:
    """A variant of a rate: the county's is marked and stands first."""

    figure: Figure
    chosen: bool

    @property
    def fraction(self) -> str:
        return fraction(self.figure)


def fraction(figure: Figure) -> str:
    """1,203 / 1,210: of the decided part alone where a day is undecided."""
    if figure.value is None and not figure.undecided:
        return "—"
    return f"{figure.numerator:,} / {figure.denominator:,}"


@dataclass(frozen=True, slots=True)
class MissingShare:
    """A bucket of those who are missing: its part of the bar."""

    number: Number
    tone: str
    part: BarPart


@dataclass(frozen=True, slots=True)
class Registers:
    """The day's registers at a place, as the snapshot counted them."""

    due: int
    taken: int
    on_time: int
    expected: int
    present: int
    undecided: int
    held: int = 0

    @classmethod
    def of(cls, counts: Counter[str]) -> "Registers":
        words = (
            PlaceCount.CLASSES,
            PlaceCount.TAKEN,
            PlaceCount.ON_TIME,
            PlaceCount.EXPECTED,
            PlaceCount.PRESENT,
            PlaceCount.UNDECIDED,
            PlaceCount.HELD,
        )
        return cls(*(counts[word.value] for word in words))

    @property
    def missing(self) -> int:
        return self.due - self.taken

    @property
    def open(self) -> bool:
        """Is anything missing, or beyond what anybody can say?"""
        return bool(self.missing or self.undecided or self.held)

    @property
    def absent(self) -> int:
        return self.expected - self.present

    @property
    def rate(self) -> str:
        return rate_text(self.present, self.expected)

    @property
    def said(self) -> str:
        """15 / 17; with 2 班校历未定 where the calendar leaves classes open; — where none is due."""
        told = [f"{self.taken:,} / {self.due:,}"] if self.due else []
        told += [f"{self.undecided:,} 班校历未定"] if self.undecided else []
        told += [f"{self.held:,} 班停课待核"] if self.held else []
        return "，".join(told) or "—"

    @property
    def cannot_judge(self) -> str:
        """What nobody can say while the calendar is undecided, and who decides it; "" where all is."""
        return undecided_classes(self.undecided) if self.undecided else ""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One part of a place in its table, or the sum that closes it."""

    name: str
    url: str
    figure: Figure
    dot: Dot | None
    kept: Number
    missing: Number
    student_statuses: list[Number]
    phases: list[Number]
    late: Number
    registers: Registers
    registers_url: str = ""

    @property
    def fraction(self) -> str:
        return fraction(self.figure)


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A step of the funnel with its bar: returned, in hand, went on, other."""

    row: StepRow
    numbers: list[Number]
    bar: list[BarPart]


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """A month of 小学 and 初中: 新增辍学, 新增疑似辍学, 复学 of each, in the order of the form."""

    label: str
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class Rate:
    """An indicator beside the headline: its numerator and denominator open to lists of their own."""

    figure: Figure
    numerator: Number
    denominator: Number
    aside: Number | None = None
