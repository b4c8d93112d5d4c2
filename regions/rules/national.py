"""National holidays and make-up days, from the yearly notices of the State Council's office.

The data file names each notice. A year in it is decided; a year that is not stays undecided until
the file, or a county's own `year` row, says so.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path

from regions.enums import DayKind
from regions.rules.calendar import CalendarRule

FILE = Path(__file__).parent.parent / "data" / "national_days.json"


@cache
def notices() -> tuple[dict, ...]:
    """The years of the data file, each with its notice, holidays and make-up days."""
    return tuple(json.loads(FILE.read_text(encoding="utf-8")))


@cache
def national_rows() -> tuple[CalendarRule, ...]:
    """Calendar rows that hold for the whole nation."""
    rows = []
    for entry in notices():
        year, notice = entry["year"], entry["notice"]
        rows.append(CalendarRule("", date(year, 1, 1), date(year, 12, 31), DayKind.YEAR, notice))
        for first, last, name in entry["holidays"]:
            begins, ends = date.fromisoformat(first), date.fromisoformat(last)
            rows.append(CalendarRule("", begins, ends, DayKind.HOLIDAY, name))
        for day, name in entry["make_up"]:
            on = date.fromisoformat(day)
            rows.append(CalendarRule("", on, on, DayKind.MAKE_UP, f"{name}调休"))
    return tuple(rows)
