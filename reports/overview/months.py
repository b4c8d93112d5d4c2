"""按月变动: a row a month of the school year, and what its counts leave out."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from regions.enums import Stage
from regions.rules.known_part import WHOLE, Lack
from reports.enums import StudentStatus, Turn
from reports.overview.values import MonthColumn, Number, names_url
from reports.queries.monthly_changes import by_month
from reports.queries.places import Place
from reports.rules.status_sets import lack_of

COLUMNS = [(stage, turn) for stage in Stage for turn in Turn]
Days = Sequence[tuple[date, Counter[str]]]  # each counted day with the counts of the place


def months_of(place: Place, year: int, on: date, days: Days) -> list[MonthColumn]:
    """A row a month of the school year up to now, and the sum that closes them; of a month with a day
    that nobody has decided for some classes, 新增疑似辍学 says how many."""
    counted = by_month(place.path, year, on)
    lacking = {month: lack_in(month, days) for month in counted}
    rows = [
        (f"{month.month}月", f"{month:%Y-%m}", counts, lacking[month])
        for month, counts in counted.items()
    ]
    total = sum(counted.values(), Counter())
    whole = max(lacking.values(), key=lambda lack: lack.classes, default=WHOLE)
    return [
        MonthColumn(
            label, [_turn(place.code, month, stage, turn, counts, lack) for stage, turn in COLUMNS]
        )
        for label, month, counts, lack in [*rows, ("本学年", "", total, whole)]
    ]


def lack_in(month: date, days: Days) -> Lack:
    """What the counts of a month leave out: of its days the one with the most undecided classes. A
    month with any decided day has a decided part."""
    lacks = [
        lack_of(counts, [StudentStatus.SUSPECTED])
        for day, counts in days
        if day.replace(day=1) == month
    ]
    most = max((lack.classes for lack in lacks), default=0)
    return Lack(most, any_decided=any(lack.any_decided for lack in lacks)) if most else WHOLE


def _turn(code: str, month: str, stage: Stage, turn: Turn, counts: Counter, lack: Lack) -> Number:
    asked = {"turn": turn, "stage": stage} | ({"month": month} if month else {})
    label, unsure = f"{stage.label}{turn.label}", turn is Turn.SUSPECTED
    url = names_url(code, **asked)
    return Number(counts[stage, turn], url, label, lack if unsure else WHOLE)
