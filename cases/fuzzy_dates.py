"""When something happened, as sure as anybody knows it: a day, a month, not later than, about, unknown."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from accounts.enums import Precision
from regions.rules.values import OnlyMonth, plain, read_day

# Ours: how far off a day may be that somebody remembers as 约.
ABOUT = timedelta(days=31)
UNKNOWN = {"", "不详", "日期不详"}


@dataclass(frozen=True, slots=True)
class FuzzyDate:
    """The earliest and the latest day it may have been, and how that is to be read."""

    earliest: date | None
    latest: date | None
    precision: Precision = Precision.DAY

    @classmethod
    def on(cls, day: date) -> "FuzzyDate":
        return cls(day, day)

    @classmethod
    def month(cls, year: int, month: int) -> "FuzzyDate":
        last = calendar.monthrange(year, month)[1]
        return cls(date(year, month, 1), date(year, month, last), Precision.MONTH)

    @classmethod
    def not_later(cls, day: date) -> "FuzzyDate":
        return cls(None, day, Precision.NOT_LATER)

    @classmethod
    def about(cls, day: date) -> "FuzzyDate":
        return cls(day, day, Precision.ABOUT)

    @classmethod
    def unknown(cls) -> "FuzzyDate":
        return cls(None, None, Precision.UNKNOWN)

    @property
    def exact(self) -> date | None:
        """The day, where it is known to be that day."""
        return self.latest if self.precision is Precision.DAY else None

    def known_on(self, day: date) -> "FuzzyDate":
        """The same, told on `day` of what has happened: this month is no later than today."""
        late = self.latest is not None and self.latest > day
        return replace(self, latest=day) if late else self

    def surely_before(self, other: "FuzzyDate") -> bool:
        """Did it come before `other`, whichever of their days was the day?"""
        margins = [
            ABOUT if one.precision is Precision.ABOUT else timedelta() for one in (self, other)
        ]
        if self.latest is None or other.earliest is None:
            return False
        return self.latest + margins[0] < other.earliest - margins[1]

    def label(self) -> str:
        """11月19日 in full: 2026年11月19日, 2017年3月, 约 2019年9月1日, 不晚于 2017年12月7日, 日期不详."""
        day = self.latest
        if day is None or self.precision is Precision.UNKNOWN:
            return "日期不详"
        if self.precision is Precision.MONTH:
            return f"{day.year}年{day.month}月"
        said = f"{day.year}年{day.month}月{day.day}日"
        before = {Precision.ABOUT: "约 ", Precision.NOT_LATER: "不晚于 "}
        return before.get(self.precision, "") + said


def read_fuzzy(raw: object, *, what: str = "日期", date1904: bool = False) -> FuzzyDate:
    """A day or a month in any spelling, 约 or 不晚于 before a day; 不详 or empty is unknown.

    Raises BadValue.
    """
    said = plain(raw)
    if said in UNKNOWN:
        return FuzzyDate.unknown()
    for sign, kind in (("不晚于", FuzzyDate.not_later), ("约", FuzzyDate.about)):
        if said.startswith(sign) and (day := read_day(said.removeprefix(sign), what=what)):
            return kind(day)
    try:
        day = read_day(raw, what=what, date1904=date1904)
    except OnlyMonth as month:
        if len(month.months) > 1:
            raise
        return FuzzyDate.month(month.months[0].year, month.months[0].month)
    return FuzzyDate.on(day) if day else FuzzyDate.unknown()
