"""The tests under other clocks: `make test-clock`. No test may depend on the hour or the day.

Debian's libfaketime shifts the clock of every process of a run by the same span. The browser keeps
its own clock, so its tests stay out; everything else runs on SQLite once per instant.
Arguments are instants in Beijing ("2027-08-20 23:59"); without any, the three of `DAILY`.
"""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import test as runner

BEIJING = ZoneInfo("Asia/Shanghai")
LIBRARY = "faketime/libfaketimeMT.so.1"
# Before school on a school day, a day in the holidays after the cut-off, the last minute of a
# leap day.
DAILY = ("2026-12-02 07:30", "2027-01-04 12:00", "2028-02-29 23:59")
# The rest of the dates that have broken tests: a Sunday, the summer before a school year.
ALL = (*DAILY, "2026-12-06 12:00", "2027-08-20 12:00")


def find_library() -> Path | None:
    return next(Path("/usr/lib").glob(f"*/{LIBRARY}"), None)


def shifted(library: Path, instant: datetime) -> dict[str, str]:
    """The environment of a process whose clock reads `instant` now."""
    ahead = int((instant - datetime.now(UTC)).total_seconds())
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{ahead:+d}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(runner.ROOT / "scripts/shifted"),
    }


def main(arguments: list[str]) -> int:
    library = find_library()
    if library is None:
        print(
            "没有找到 libfaketime（Debian：apt install faketime），不能换时钟测试。",
            file=sys.stderr,
        )
        return 1
    found = runner.find()
    found.chromium = ""
    results = []
    for text in {"--all": ALL}.get(" ".join(arguments), tuple(arguments) or DAILY):
        instant = datetime.fromisoformat(text).replace(tzinfo=BEIJING)
        with tempfile.TemporaryDirectory(prefix="kongchuo-clock-") as var:
            env = runner.environment(found, var, f"sqlite:///{var}/kongchuo.sqlite3")
            env |= shifted(library, instant)
            marks = "not browser and not postgres"
            results.append((text, *runner.run(f"北京时间 {text}", marks, env, [])))
    print()
    for text, passed, closing in results:
        print(f"{text}{'' if passed else '（没有通过）'}: {closing}")
    required = os.environ.get("CI") == "true" and any(" skipped" in end for _, _, end in results)
    return 0 if all(passed for _, passed, _ in results) and not required else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
