"""Sets of buckets that several figures count."""

from reports.enums import Bucket
from reports.rules.buckets import EFFECTS

KEPT = [bucket for bucket, effect in EFFECTS.items() if effect.retained]
EXPECTED = [bucket for bucket, effect in EFFECTS.items() if effect.expected]
MISSING = [bucket for bucket in EXPECTED if bucket not in KEPT]
WATCHED = [Bucket.SUSPECTED, Bucket.ABSENT, Bucket.OBSERVED]
