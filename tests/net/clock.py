"""One instant for a whole dump: whatever asks for the time of day hears the same answer."""

import datetime as real
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
TICK = real.timedelta(microseconds=1)
OF_DJANGO = ("django.utils.timezone", "django.template.defaulttags")


class _LikeDatetime(type):
    """Every datetime passes isinstance with the class that stands in for datetime."""

    def __instancecheck__(cls, value) -> bool:
        return isinstance(value, real.datetime)


class FixedDatetime(real.datetime, metaclass=_LikeDatetime):
    """datetime with a `now` that stands; while a county is built it moves a microsecond a call.

    The microsecond keeps rows written one after another in that order, as in life.
    """

    moment = real.datetime(2000, 1, 1, tzinfo=SHANGHAI)
    ticking = False

    @classmethod
    def now(cls, tz=None) -> real.datetime:
        if FixedDatetime.ticking:
            FixedDatetime.moment += TICK
        aware = FixedDatetime.moment.astimezone(tz or SHANGHAI)
        return aware if tz else aware.replace(tzinfo=None)

    @classmethod
    def utcnow(cls) -> real.datetime:
        return cls.now(real.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls) -> real.datetime:
        return cls.now()


def stop(moment: real.datetime, root: Path, *, ticking: bool = False) -> None:
    """Set the instant, naive in Shanghai, for Django and every loaded module below `root`."""
    FixedDatetime.moment, FixedDatetime.ticking = moment.replace(tzinfo=SHANGHAI), ticking
    for name, module in list(sys.modules.items()):
        ours = name in OF_DJANGO or _is_ours(module, root)
        if ours and getattr(module, "datetime", None) is real.datetime:
            module.datetime = FixedDatetime


def _is_ours(module, root: Path) -> bool:
    file = getattr(module, "__file__", None)
    if not file or not Path(file).is_relative_to(root):
        return False
    return Path(file).relative_to(root).parts[0] not in (".venv", "node_modules", "tests")
