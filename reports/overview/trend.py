"""本学期各周: who was out of school at the end of each week, as the snapshots of the term say."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from regions.days import PlaceRules
from regions.enums import DayKind
from regions.paths import covers
from regions.rules.calendar import CalendarRule
from regions.rules.classnames import YEAR_BEGINS, school_year
from regions.rules.known_part import WHOLE, Lack
from reports.enums import StudentStatus
from reports.rules.status_sets import lack_of

OUT = (StudentStatus.DROPOUT,)
UNSURE = (StudentStatus.SUSPECTED, StudentStatus.ABSENT)
OUT_SAID, UNSURE_SAID = StudentStatus.DROPOUT.label, "疑似辍学与未到校"
LONG_HOLIDAY = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Point:
    """A week: the last day of it that was counted."""

    label: str
    on: date
    out: int
    unsure: int
    lack: Lack = WHOLE

    @property
    def unsure_said(self) -> str:
        return self.lack.words(self.unsure)

    @property
    def unsure_drawn(self) -> int | None:
        """None, a gap in the line, where nobody can say."""
        return None if self.lack.hides(self.unsure) else self.unsure


@dataclass
class Trend:
    points: list[Point] = field(default_factory=list)
    band: tuple[str, str, str] | None = None

    @property
    def said(self) -> str:
        """First and last value in words, for who cannot see the line."""
        if not self.points:
            return "本学期还没有统计"
        first, last = self.points[0], self.points[-1]
        return (
            f"本学期各周人数：{OUT_SAID}从{first.label} {first.out} 人到{last.label} {last.out} 人，"
            f"{UNSURE_SAID}从 {first.unsure_said}到 {last.unsure_said}"
        )

    @property
    def block(self) -> dict:
        """What the chart's script reads."""
        return {
            "labels": [point.label for point in self.points],
            "lines": [
                {"name": OUT_SAID, "short": "辍学", "values": [point.out for point in self.points]},
                {
                    "name": UNSURE_SAID,
                    "short": "待核查",
                    "values": [point.unsure_drawn for point in self.points],
                },
            ],
            "band": self.band,
        }


def beginning(place_rules: PlaceRules, path: str, on: date) -> date:
    """The first day of the term that runs on `on`; else of the school year."""
    begun = [row.begins for row in _rows(place_rules, path, DayKind.TERM) if row.covers(on)]
    return max(begun) if begun else date(school_year(on), *YEAR_BEGINS)


def _rows(place_rules: PlaceRules, path: str, kind: DayKind) -> list[CalendarRule]:
    """Rows that speak for the whole place."""
    return [
        row
        for row in place_rules.calendar.rows
        if row.kind is kind and (not row.path or covers(row.path, path))
    ]


def trend_of(
    days: Sequence[tuple[date, Counter[str]]], place_rules: PlaceRules, path: str, on: date
) -> Trend:
    first = beginning(place_rules, path, on)
    weeks: dict[int, Point] = {}
    for day, counts in days:
        week = week_of(day, first)
        lack = lack_of(counts, UNSURE)
        weeks[week] = Point(f"第{week}周", day, _sum(counts, OUT), _sum(counts, UNSURE), lack)
    return Trend(list(weeks.values()), _band(place_rules, path, first, weeks))


def week_of(day: date, first: date) -> int:
    return (day - first).days // 7 + 1


def _sum(counts: Counter[str], student_statuses: tuple[StudentStatus, ...]) -> int:
    return sum(counts[student_status] for student_status in student_statuses)


def _band(
    place_rules: PlaceRules, path: str, first: date, weeks: dict[int, Point]
) -> tuple[str, str, str] | None:
    """The week of a long holiday, from the point before it to the one after."""
    for row in _rows(place_rules, path, DayKind.HOLIDAY):
        if row.ends - row.begins < LONG_HOLIDAY or row.begins < first:
            continue
        week = week_of(row.begins, first)
        if week in weeks and week + 1 in weeks:
            return weeks[week].label, weeks[week + 1].label, row.reason or "放假"
    return None
