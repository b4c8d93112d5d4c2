"""Periods of the four steps: dates and numbers in, dates and numbers out (domain of law: no Django).

Day 0 is the day of service; counting starts the next day; a last day that is a statutory holiday rolls
to the first day after it (民事诉讼法 85; 行政复议法 88 borrows it). Periods of ten days and less in
administrative law are working days where the law says so (行政处罚法 85, 行政强制法 69).

`is_holiday` and `is_working` answer for one day, and raise where nobody has decided its year.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from regions.rules.policies import THRESHOLDS

Answer = Callable[[date], bool]

ORDER_DAYS = THRESHOLDS["order_days"].whole_numbers
LATE_RATE = Decimal("0.03")
DAY = timedelta(days=1)

# Called by tests alone until the stages of a penalty and the acts of the court are recorded (hearing,
# ninety days from filing, service in absence, late fee, two years; acceptance and ruling by the court):
# hearing_request_until, hearing_notice_until, decide_until, serve_decision_until, late_fee,
# may_be_punished, court_accepts_until, court_rules_until, court_rules_after_hearing_until.


def natural(start: date, days: int) -> date:
    """The last day of a period of natural days; day 0 is `start`."""
    return start + timedelta(days=days)


def months(start: date, n: int) -> date:
    """The same day `n` months later, or the last day of that month where there is none such."""
    index = start.year * 12 + start.month - 1 + n
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def working(start: date, days: int, is_working: Answer) -> date:
    """The last day of a period of working days; day 0 is `start`, working or not."""
    day, left = start, days
    while left:
        day += DAY
        left -= is_working(day)
    return day


def working_before(end: date, days: int, is_working: Answer) -> date:
    """The latest day from which `days` whole working days lie before `end`."""
    day, left = end, days
    while left:
        day -= DAY
        left -= is_working(day)
    return day - DAY


def roll(day: date, is_holiday: Answer) -> date:
    """`day`, or the first day after the holiday it falls in (民事诉讼法 85)."""
    while is_holiday(day):
        day += DAY
    return day


def public_notice_effective(published: date) -> date:
    """公告送达: deemed served when thirty days have passed (民事诉讼法 95)."""
    return natural(published, 30)


def order_due(served: date, days: int, is_holiday: Answer) -> date:
    """责令限期改正: the days the order gives. The law names no number (义务教育法 58)."""
    return roll(natural(served, days), is_holiday)


def hearing_request_until(told: date, is_working: Answer) -> date:
    """听证: may be asked for within five working days of being told (行政处罚法 64 (1), 85)."""
    return working(told, 5, is_working)


def hearing_notice_until(hearing: date, is_working: Answer) -> date:
    """The last day to tell the party of a hearing: seven working days before (行政处罚法 64 (2), 85)."""
    return working_before(hearing, 7, is_working)


def decide_until(filed: date, is_holiday: Answer) -> date:
    """行政处罚决定: within ninety days of filing (行政处罚法 60)."""
    return roll(natural(filed, 90), is_holiday)


def serve_decision_until(decided: date, is_working: Answer) -> date:
    """A decision made in the party's absence is served within seven working days (行政处罚法 61, 85)."""
    return working(decided, 7, is_working)


def fine_due(served: date, is_holiday: Answer) -> date:
    """罚款: paid within fifteen days of receiving the decision (行政处罚法 67)."""
    return roll(natural(served, 15), is_holiday)


def late_fee(fine: Decimal, due: date, on: date, stopped: int = 0) -> Decimal:
    """加处罚款: three percent a day after the due day, never more than the fine (行政处罚法 72 (1)).

    `stopped` days, spent in 行政复议 or 行政诉讼, are not counted (行政处罚法 73 (3)).
    """
    late = max((on - due).days - stopped, 0)
    return min(fine * LATE_RATE * late, fine)


def limitation_until(ended: date) -> date:
    """处罚时效: two years, from the end of an act that goes on (行政处罚法 36)."""
    return months(ended, 24)


def may_be_punished(ended: date | None, found: date) -> bool:
    """Is an act found on `found` within the two years? One that still goes on always is."""
    return ended is None or found <= limitation_until(ended)


def review_until(served: date, is_holiday: Answer, told: bool = True) -> date:
    """行政复议: sixty days (行政复议法 20); a year at most where the paper does not tell of it."""
    return roll(natural(served, 60) if told else months(served, 12), is_holiday)


def suit_until(served: date, is_holiday: Answer, told: bool = True) -> date:
    """行政诉讼: six months (行政诉讼法 46); a year at most where the paper does not tell (解释 64)."""
    return roll(months(served, 6 if told else 12), is_holiday)


@dataclass(frozen=True, slots=True)
class Window:
    """From which day until which day, both included, something may be done."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def court_window(appeal_over: date, is_holiday: Answer) -> Window:
    """申请强制执行: within three months after the appeal period lapsed (行政强制法 53; 解释 156)."""
    return Window(appeal_over + DAY, roll(months(appeal_over, 3), is_holiday))


def demand_over(served: date, is_working: Answer) -> date:
    """催告: ten working days to perform; the application may follow from the next day (行政强制法 54, 69)."""
    return working(served, 10, is_working)


def court_accepts_until(applied: date, is_working: Answer) -> date:
    """法院受理: within five working days (行政强制法 56, 69)."""
    return working(applied, 5, is_working)


def court_rules_until(accepted: date, is_working: Answer) -> date:
    """裁定: within seven working days (行政强制法 57, 69)."""
    return working(accepted, 7, is_working)


def court_rules_after_hearing_until(accepted: date, is_holiday: Answer) -> date:
    """裁定 where the decision looks unlawful: within thirty days (行政强制法 58)."""
    return roll(natural(accepted, 30), is_holiday)
