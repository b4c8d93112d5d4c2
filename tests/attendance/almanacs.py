"""Stretches of the years 2025 and 2026 for random lives: terms, national days, and what they hide."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.attendance.oracle import Notice, Span


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(text: str) -> Span:
    first, _, last = text.partition("..")
    return Span(day(first), day(last or first))


def dates(*texts: str) -> frozenset[date]:
    spans = [span(text) for text in texts]
    return frozenset(each for one in spans for each in every_day(one.first, one.last))


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


# Notices of the State Council's office for 2025 and 2026, the days the windows below can see.
NATIONAL_OFF = dates(
    "2025-10-01..2025-10-08",
    "2026-01-01..2026-01-03",
    "2026-02-15..2026-02-23",
    "2026-04-04..2026-04-06",
    "2026-05-01..2026-05-05",
    "2026-06-19..2026-06-21",
    "2026-09-25..2026-09-27",
    "2026-10-01..2026-10-07",
)
NATIONAL_ON = dates(
    "2025-09-28", "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09",
    "2026-09-20", "2026-10-10",
)  # fmt: skip
TERMS = ["2025-09-01..2026-01-23", "2026-03-05..2026-07-03", "2026-09-01..2027-01-22"]
WINDOWS = [
    (span("2026-09-07..2026-10-14"), []),
    (span("2026-01-07..2026-03-18"), [("2026-01-20", "B", 0, 0), ("2026-01-27", "", 7, 0)]),
    (span("2026-04-20..2026-05-22"), []),
    (span("2026-06-16..2026-09-14"), [("2026-06-30", "A", 0, 1), ("2026-07-07", "", 7, 1)]),
    (span("2025-09-15..2025-10-24"), []),
]


def contradict(one: Notice, two: Notice) -> bool:
    everywhere = Span(date.min, date.max)
    apart = one.span.last < two.span.first or two.span.last < one.span.first
    return not apart and replace(one, span=everywhere, opens=True) == replace(
        two, span=everywhere, opens=True
    )


def one_day(on: date) -> Span:
    return Span(on, on)


def one_to_three_days(on: date, rng: Random) -> Span:
    return Span(on, on + timedelta(days=rng.choice([0, 0, 1, 2])))
