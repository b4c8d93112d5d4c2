"""Published calendars with their answers: the shared cases where they lie beside this checkout, else
a few of the same facts. National days: the State Council office's notice for 2025. Local days:
德宏 2023, 西双版纳 2025, 凉山 2023. Weather: 徐州 2026, 郑州 2023, 苏州 2026.
"""

import json
from datetime import date
from pathlib import Path

from django.conf import settings

from regions.rules.calendar import each_day

FILE = Path(settings.BASE_DIR).parent / "shared" / "cases" / "calendars.json"


def some(*spans: str) -> list[str]:
    """The days of "2025-10-01..08" spans, as texts."""
    found = []
    for span in spans:
        first = date.fromisoformat(span[:10])
        last = first.replace(day=int(span[12:] or first.day))
        found += [str(on) for on in each_day(first, last)]
    return found


OWN = {
    "national": [
        {
            "year": 2025,
            "off": some(
                "2025-01-01", "2025-01-28..31", "2025-02-01..04", "2025-04-04..06", "2025-05-01..05",
                "2025-05-31", "2025-06-01..02", "2025-10-01..08",
            ),
            "makeup_workdays": some(
                "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"
            ),
        }
    ],
    "streak_cases": [
        {
            "id": name, "local_off": off, "local_makeup": worked,
            "unexplained_absences": absent, "longest_school_day_streak": longest, "flag": longest > 2,
        }
        for name, off, worked, absent, longest in [
            ("make-up Sunday", [], [], ["2025-09-26", "2025-09-28", "2025-09-29"], 3),
            ("over eight days off", [], [], ["2025-09-29", "2025-09-30", "2025-10-09"], 3),
            ("came on a make-up Sunday", [], [], ["2025-12-31", "2026-01-05", "2026-01-06"], 2),
            ("marks on holidays", [], [], ["2025-10-04", "2025-10-05", "2025-10-06"], 0),
            ("local holiday", ["2025-04-14", "2025-04-15", "2025-04-16"], [],
             ["2025-04-11", "2025-04-14", "2025-04-17"], 2),
            ("both days of a weekend", ["2023-11-20"], ["2023-11-18", "2023-11-19"],
             ["2023-11-17", "2023-11-18", "2023-11-19"], 3),
        ]
    ],
    "school_day_counts": [
        {"id": "autumn", "from_": "2025-09-01", "to": "2026-01-23", "school_days": 100},
        {"id": "October 2024", "from_": "2024-10-01", "to": "2024-10-31", "school_days": 19},
    ],
    "local": [
        {"id": "Water Festival", "off": ["2023-04-12", "2023-04-13", "2023-04-14", "2023-04-15"],
         "makeup": ["2023-04-16"], "applies": "all"},
        {"id": "Kuoshi", "off": ["2023-01-30", "2023-01-31"], "makeup": [],
         "applies": "only Lisu staff and Lisu settlements"},
    ],
    "weather_closures": [
        {"id": "snow", "closed": ["2026-01-19", "2026-01-20"]},
        {"id": "half", "closed_half": [{"date": "2023-12-11", "part": "AM"}]},
        {"id": "ice, not closed", "closed": [], "late_ok": ["2026-01-20"]},
    ],
}  # fmt: skip
CASES = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else OWN
