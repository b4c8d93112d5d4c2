"""A mark made at 07:30 in Beijing files under today, in processes at UTC and at Shanghai."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAY_TODAY = """
import datetime as real, sys
from zoneinfo import ZoneInfo
import django; django.setup()
from regions import clock

class At0730(real.datetime):
    @classmethod
    def now(cls, tz=None):
        instant = real.datetime(2026, 11, 18, 23, 30, tzinfo=real.UTC)
        return instant.astimezone(tz) if tz else instant.replace(tzinfo=None)

clock.datetime = At0730
print(clock.today(), clock.now().strftime("%H:%M"))
"""


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_half_past_seven_in_beijing_is_today(zone):
    """23:30 UTC on the 18th is 07:30 on the 19th in Shanghai, wherever the process runs."""
    environment = os.environ | {"TZ": zone, "DJANGO_SETTINGS_MODULE": "kongchuo.settings"}
    environment.pop("KONGCHUO_TODAY", None)
    told = subprocess.run(
        [sys.executable, "-c", SAY_TODAY],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["2026-11-19", "07:30"]


NAIVE = (
    "import datetime; print(datetime.datetime(2026, 11, 18, 23, 30, tzinfo=datetime.UTC).date())"
)


def test_control_the_naive_day_would_be_yesterday():
    told = subprocess.run([sys.executable, "-c", NAIVE], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "2026-11-18"
