"""`make bench`: the portal's work beside its floors, median of five, as one table.

A database of its own is made and dropped: SQLite in a temporary directory, or PostgreSQL where
DATABASE_URL is set. `--pupils 6000 60000` sizes the county (no names: load only).
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent.parent
TIMES = 5


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pupils", type=int, nargs="+", default=[6000, 60000])
    sizes = asked.parse_args().pupils
    with tempfile.TemporaryDirectory(prefix="kongchuo-bench-") as var:
        os.environ |= {
            "DEBUG": "1",
            "KONGCHUO_VAR": var,
            "KONGCHUO_TODAY": "2026-11-19",
            "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "kongchuo.settings",
        }
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.conf import settings

        settings.DEBUG = False  # it was needed to start without a domain; it keeps every query
        for pupils in sizes:
            show(pupils, measured(pupils))


def measured(pupils: int) -> list[tuple[str, float, float]]:
    """(work, seconds, seconds of its floor) over a county of `pupils`."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        from work import measure

        return measure(pupils, typical)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def typical(work: Callable[[], object], times: int = TIMES) -> float:
    """The median time of one call, in seconds, after one call to warm up."""
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def show(pupils: int, rows: list[tuple[str, float, float]]) -> None:
    print(f"\n{pupils} 名学生，{os.environ.get('DATABASE_URL', '').split(':')[0] or 'sqlite'}")
    print("| 工作 | 用时 | 下限 | 倍数 |\n|---|---|---|---|")
    for work, seconds, floor in rows:
        print(
            f"| {work} | {seconds * 1000:.1f} ms | {floor * 1000:.1f} ms | {seconds / floor:.1f} |"
        )


if __name__ == "__main__":
    main()
