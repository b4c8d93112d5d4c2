"""The one clock. Days are dates in Asia/Shanghai: 07:30 in Beijing is still yesterday in UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, aware, in Shanghai; on the pinned day when KONGCHUO_TODAY pins one."""
    instant = datetime.now(SHANGHAI)
    if settings.KONGCHUO_TODAY is None:
        return instant
    return datetime.combine(settings.KONGCHUO_TODAY, instant.timetz())


def today() -> date:
    """The day it is in Shanghai, whatever zone the process runs in."""
    return now().date()


def at(day: date, clock: time) -> datetime:
    """That clock time on that day in Shanghai, aware."""
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


def local(instant: datetime) -> datetime:
    """An aware instant as Shanghai reads it."""
    return instant.astimezone(SHANGHAI)


@contextmanager
def pinned(day: date) -> Iterator[None]:
    """Pin today to `day` for this process: only for building a demo county act by act."""
    before = settings.KONGCHUO_TODAY
    settings.KONGCHUO_TODAY = day
    try:
        yield
    finally:
        settings.KONGCHUO_TODAY = before
