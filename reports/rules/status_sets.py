"""Sets of buckets that several figures count, and what a count of some leaves out."""

from collections.abc import Iterable, Mapping

from regions.rules.known_part import WHOLE, Lack
from reports.enums import PlaceCount, StudentStatus
from reports.rules.student_status import EFFECTS

KEPT = [student_status for student_status, effect in EFFECTS.items() if effect.retained]
EXPECTED = [student_status for student_status, effect in EFFECTS.items() if effect.expected]
MISSING = [student_status for student_status in EXPECTED if student_status not in KEPT]
WATCHED = [StudentStatus.SUSPECTED, StudentStatus.ABSENT, StudentStatus.OBSERVED]
# Found by counting the days since a child was seen: nobody knows them where a day is undecided.
BY_DAYS = {StudentStatus.SUSPECTED, StudentStatus.ABSENT}


def lack_of(counts: Mapping[str, int], student_statuses: Iterable[StudentStatus]) -> Lack:
    """What the count of some buckets at a place leaves out on its day, from the counts there."""
    if BY_DAYS.isdisjoint(student_statuses):
        return WHOLE
    decided = counts.get(PlaceCount.CLASSES, 0) + counts.get(PlaceCount.HELD, 0)
    return Lack(counts.get(PlaceCount.UNDECIDED, 0), any_decided=bool(decided))
