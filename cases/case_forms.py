"""Shapes of what people fill in on a case. A form checks shape; the verb decides."""

from accounts.enums import Precision
from regions.values import BadValue, OnlyMonth, read_day


def _whole_month(value):
    """Where 只知道这个月 is chosen a month may be typed, and a day stands for its month's first."""
    if value and len(value) == 2 and value[1] == Precision.MONTH:
        try:
            day = read_day(value[0], what="日期")
        except OnlyMonth as month:
            day = month.months[0]
        except BadValue:
            return value
        return [day and day.replace(day=1), value[1]]
    return value
