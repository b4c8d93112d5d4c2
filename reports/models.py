"""Snapshots: where every child of a county stood on a day, and the counts of every place."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Length, Replace
from django.db.models.lookups import Exact

from accounts.models import User
from accounts.reach import Reach
from cases.models import Case
from regions.clock import now
from regions.columns import PathField
from regions.enums import Stage
from regions.models import School
from regions.paths import inside, inside_any
from reports import enums
from reports.rules.packed_ids import END
from students.models import Student

# Counts of people. A flow is judged place by place, and its people stand with every place; the
# others add up, and their people stand with the classes.
OF_PLACES = list(enums.Flow)
OF_CLASSES = [
    *enums.StudentStatus,
    enums.PlaceCount.DROPPED,
    enums.PlaceCount.DROPPED_NOW,
    enums.PlaceCount.OPENING_MISSING,
]


def _number(column: str, key: str) -> Coalesce:
    """The number that a column of counts holds under a key; 0 for none."""
    return Coalesce(Cast(KeyTextTransform(key, column), models.IntegerField()), models.Value(0))


def _people(key: str) -> Coalesce:
    """How many people `who` holds under a key: the commas of their text."""
    text = KeyTextTransform(key, "who")
    shorter = Length(Replace(text, models.Value(END), models.Value("")))
    return Coalesce(Length(text) - shorter, models.Value(0))


def _all_equal(keys: Iterable[str], given: str = "") -> Q:
    """Under each key: the number equals the people behind it, and those `given` without names."""
    condition = Q()
    for key in keys:
        people = _people(str(key))
        behind = people + _number(given, str(key)) if given else people
        condition &= Q(Exact(_number("counts", str(key)), behind))
    return condition


class Snapshot(models.Model):
    """快照: a county on a day. A draft is rebuilt; a frozen one stays, a correction is a new version.

    `counted` is what stood behind it (formula set, policy rows); `digest` the SHA-256 of its counts
    and rows, written when it is frozen.
    """

    county_path = PathField()
    on = models.DateField()
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        max_length=6,
        choices=enums.SnapshotState.choices,
        default=enums.SnapshotState.DRAFT,
    )
    title = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    counted = models.JSONField(default=dict)
    built_at = models.DateTimeField(default=now)
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county_path", "on", "version"], name="snapshot_version_once"
            ),
            models.UniqueConstraint(
                fields=["county_path", "on"],
                condition=Q(state=enums.SnapshotState.DRAFT),
                name="one_draft_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=enums.SnapshotState.FROZEN)
                | (Q(frozen_at__isnull=False) & ~Q(digest="")),
                name="frozen_has_digest",
            ),
        ]
        ordering = ["on", "version"]


class SnapshotCount(models.Model):
    """The counts of one place and stage in a snapshot: `StudentStatus`, `Flow`, `PlaceCount`.

    `level` is "class", "school", "township" or "county"; a count of 0 is left out of `counts`.
    `who` holds the people behind a count, packed (`reports.rules.packed_ids`): flows at every level,
    what adds up at the class. `listed` is false for numbers brought from before the portal, behind
    which nobody is known by name.
    """

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="cells")
    path = PathField()
    level = models.CharField(max_length=8)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    counts = models.JSONField(default=dict)
    who = models.JSONField(default=dict)
    listed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(listed=False) | _all_equal(OF_PLACES),
                name="flow_equals_its_people",
            ),
            models.CheckConstraint(
                condition=Q(listed=False) | ~Q(level="class") | _all_equal(OF_CLASSES),
                name="class_count_equals_its_people",
            ),
            # Last: Django's reader of SQLite tables trips over a definition that ends in ", 0))".
            models.UniqueConstraint(fields=["snapshot", "path", "stage"], name="cell_once"),
        ]
        indexes = [models.Index(fields=["snapshot", "level", "path"], name="cell_level")]


class SnapshotStudentQuerySet(models.QuerySet):
    def at(self, path: str):
        return self.filter(inside("path", path))

    def reached_by(self, reach: Reach):
        return self.filter(
            inside_any("path", reach.school_paths)
            | models.Exists(
                Student.objects.filter(pk=models.OuterRef("student_id")).filter(
                    inside_any("household_path", reach.home_paths)
                    | inside_any("residence_path", reach.home_paths)
                )
            )
        )

    def visible_to(self, user: User):
        return self.reached_by(user.reach)


class SnapshotStudent(models.Model):
    """One child in a snapshot who does not plainly attend: `path` is its class, or its last one."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="rows")
    student = models.ForeignKey(Student, models.PROTECT, related_name="+")
    path = PathField()
    stage = models.CharField(max_length=8, choices=Stage.choices)
    grade = models.PositiveSmallIntegerField()
    student_status = models.CharField(max_length=16, choices=enums.StudentStatus.choices)
    since = models.DateField(null=True, blank=True)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = SnapshotStudentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "student"], name="one_status_a_child"),
            models.CheckConstraint(
                condition=~Q(student_status=enums.StudentStatus.IN_SCHOOL),
                name="no_row_for_in_school",
            ),
        ]
        indexes = [
            models.Index(
                fields=["snapshot", "path", "student_status"], name="snapshot_student_place"
            ),
        ]

    @property
    def label(self) -> str:
        return enums.StudentStatus(self.student_status).label


class CohortBaseline(models.Model):
    """What a county knows of a cohort from before the portal: people of `words.CohortCount`.

    `entered` is the year the cohort entered grade 1. Rolls of the portal count from the day after
    `until`; what the baseline does not name is counted from the rolls alone.
    """

    path = PathField()
    entered = models.PositiveSmallIntegerField()
    until = models.DateField()
    counts = models.JSONField(default=dict)
    source = models.CharField(max_length=120)
    entered_at = models.DateTimeField(default=now)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path", "entered"], name="cohort_baseline_once"),
        ]


class CohortCell(models.Model):
    """The counts of the cohort in its ninth year, of one place in a snapshot: `CohortCount`.

    `who` holds the people that the rolls name, packed; `given` how many the baseline adds to them.
    """

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="cohorts")
    path = PathField()
    entered = models.PositiveSmallIntegerField()
    counts = models.JSONField(default=dict)
    who = models.JSONField(default=dict)
    given = models.JSONField(default=dict)
    source = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_all_equal(enums.CohortCount, given="given"),
                name="cohort_count_equals_its_people",
            ),
            # Last, as above.
            models.UniqueConstraint(fields=["snapshot", "path"], name="cohort_cell_once"),
        ]


class ReportQuerySet(models.QuerySet):
    def monthly(self):
        return self.filter(kind=enums.ReportKind.MONTH)

    def reached_by(self, reach: Reach):
        return self.filter(inside_any("path", reach.school_paths))

    def visible_to(self, user: User):
        return self.reached_by(user.reach)


class Report(models.Model):
    """报告: what a unit reports of a period, a school of its month; none out of school is a 零报告.

    `period` is the first day of the period, `path` the unit's, `school` the school where it is one.
    A draft is drawn again as often as the unit likes; a signed one is frozen, a correction is a
    new edition with its reason. `counts` and `rows` (uid, bucket, since) are what was signed, and
    `digest` is over them.
    """

    kind = models.CharField(
        max_length=7,
        choices=enums.ReportKind.choices,
        default=enums.ReportKind.MONTH,
    )
    path = PathField()
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="+")
    period = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        max_length=6,
        choices=enums.ReportState.choices,
        default=enums.ReportState.DRAFT,
    )
    counted_on = models.DateField()
    counts = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    note = models.CharField(max_length=400, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=now)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["path", "kind", "period", "edition"], name="report_edition_once"
            ),
            models.UniqueConstraint(
                fields=["path", "kind", "period"],
                condition=Q(state=enums.ReportState.DRAFT),
                name="one_draft_a_period",
            ),
            models.CheckConstraint(
                condition=~Q(kind=enums.ReportKind.MONTH) | Q(school__isnull=False),
                name="month_report_has_school",
            ),
            models.CheckConstraint(
                condition=~Q(state=enums.ReportState.SIGNED)
                | (Q(signed_by__isnull=False) & Q(signed_at__isnull=False)),
                name="signed_report_has_signer",
            ),
            models.CheckConstraint(
                condition=Q(edition=1) | ~Q(reason=""), name="later_edition_has_reason"
            ),
        ]
        ordering = ["period", "path", "edition"]

    @property
    def is_signed(self) -> bool:
        return self.state == enums.ReportState.SIGNED
