"""借读 to the end of a term ends on one of the first school days of the next, not all on one day:
each is asked for anew, and the bureau looks at a tenth of them a day (系统设定). Pure."""

import hashlib
from collections.abc import Sequence
from datetime import date

OVER_SCHOOL_DAYS = 10


def spread_end(last: date, key: int, next_term: Sequence[date]) -> date:
    """The last day of what would end on `last`, by a hash of `key`: the same whenever it is asked.

    `next_term`: its first school days in order; empty where `last` is not the end of a term.
    """
    days = next_term[:OVER_SCHOOL_DAYS]
    if not days:
        return last
    lot = hashlib.sha256(f"{key} {days[0].isoformat()}".encode()).hexdigest()
    return days[int(lot, 16) % len(days)]
