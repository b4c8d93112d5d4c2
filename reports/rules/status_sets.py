"""Sets of buckets that several figures count."""

from reports.enums import StudentStatus
from reports.rules.student_status import EFFECTS

KEPT = [student_status for student_status, effect in EFFECTS.items() if effect.retained]
EXPECTED = [student_status for student_status, effect in EFFECTS.items() if effect.expected]
MISSING = [student_status for student_status in EXPECTED if student_status not in KEPT]
WATCHED = [StudentStatus.SUSPECTED, StudentStatus.ABSENT, StudentStatus.OBSERVED]
