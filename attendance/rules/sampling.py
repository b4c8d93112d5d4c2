"""抽查: which of the leaves that schools granted alone the bureau looks at. Pure, drawn anew alike.

A tenth of a week, at least one per school and month, thirty a week at most (系统设定). A week
belongs to the month of its Monday. Drawn by a hash of week and request, so nobody chooses.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_IN, MOST = 10, 30
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Grant:
    """A leave a school granted alone: its key, the school, and the day it was granted."""

    key: int
    school: str
    on: date


def monday(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def draw(grants: Iterable[Grant], week: date) -> list[int]:
    """The keys drawn of the week of `week`, in order. `grants`: those of its month, at the least."""
    begins = monday(week)
    by_week: dict[date, list[Grant]] = {}
    for grant in grants:
        by_week.setdefault(monday(grant.on), []).append(grant)
    looked_at: set[str] = set()
    drawn: list[Grant] = []
    for start in sorted(w for w in by_week if _same_month(w, begins) and w <= begins):
        drawn = _draw_week(by_week[start], start, looked_at)
        looked_at |= {grant.school for grant in drawn}
    return sorted(grant.key for grant in drawn) if begins in by_week else []


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def _draw_week(grants: list[Grant], week: date, looked_at: set[str]) -> list[Grant]:
    """Schools not looked at yet come first; in the last week of a month each of them is owed one."""
    ordered = sorted(grants, key=lambda grant: _lot(week, grant.key))
    wanted = min(MOST, -(-len(grants) // ONE_IN))
    first = {grant.school: grant for grant in reversed(ordered) if grant.school not in looked_at}
    owed = [grant for grant in ordered if first.get(grant.school) == grant]
    if not _same_month(week, week + WEEK):
        wanted = min(MOST, max(wanted, len(owed)))
    rest = [grant for grant in ordered if grant not in owed]
    return (owed + rest)[:wanted]


def _lot(week: date, key: int) -> str:
    return hashlib.sha256(f"{week.isoformat()} {key}".encode()).hexdigest()
