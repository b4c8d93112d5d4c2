"""The case, who reaches it, and everything that happened to it."""

from datetime import date

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.enums import COUNTY_ROLES, REFERRAL_ROLES, Precision, Role
from accounts.models import Attachment, User
from accounts.reach import Reach
from cases.enums import records, states
from cases.fuzzy_dates import FuzzyDate
from regions.clock import now
from regions.columns import PathField, new_uid
from regions.models import SchoolClass
from regions.paths import inside, inside_any
from students.enums import FindingKind
from students.models import Finding, Student

OWNERS = {Role.TOWNSHIP} | COUNTY_ROLES
IN_VILLAGE = {Role.VILLAGE} | COUNTY_ROLES


class CaseQuerySet(models.QuerySet):
    def reached_by(self, reach: Reach):
        """Cases a unit owns, lives beside, teaches, once owned, or was referred, as of now."""
        rows = CaseAccess.objects.filter(case_id=OuterRef("pk"), until=None)
        return self.filter(Exists(rows.filter(reached(reach))))

    def visible_to(self, user: User):
        return self.reached_by(user.reach)

    def open(self):
        return self.filter(state__in=list(states.OPEN_STATES))

    def out_of_school(self):
        return self.filter(state__in=list(states.OUT_OF_SCHOOL))

    def owned_in(self, path: str):
        """Cases whose owner township lies at or below `path`."""
        rows = CaseAccess.objects.filter(
            inside("path", path), case_id=OuterRef("pk"), kind=states.AccessKind.OWNER, until=None
        )
        return self.filter(Exists(rows))

    def counting_relapses(self):
        """Each case with `relapses`: how often its child dropped out again (再次辍学)."""
        again = CaseEvent.objects.filter(case=OuterRef("pk"), kind=states.EventKind.RELAPSED)
        counted = again.order_by().values("case").annotate(count=Count("pk")).values("count")
        return self.annotate(relapses=Coalesce(Subquery(counted), 0))

    def at(self, path: str):
        """Cases of the county or other place `path`, by their county."""
        return self.filter(inside("county_path", path))


def reached(reach: Reach) -> Q:
    found = Q(kind__in=[states.AccessKind.OWNER, states.AccessKind.FORMER]) & inside_any(
        "path", reach.paths(*OWNERS)
    )
    found |= Q(kind=states.AccessKind.VILLAGE) & inside_any("path", reach.paths(*IN_VILLAGE))
    found |= Q(kind=states.AccessKind.SCHOOL) & inside_any("path", reach.school_paths)
    for role in REFERRAL_ROLES:
        if paths := reach.paths(role):
            found |= Q(kind=states.AccessKind.REFERRAL, role=role) & inside_any("path", paths)
    return found


class Case(models.Model):
    """个案: one child on its way back to school. One open case per child.

    `step` is where the ladder stands, `round` how often it has started (再次辍学 adds one).
    `left_*` is when the child left, as sure as anybody knows; `import_digest` marks the row of a
    file it was brought along by, so that the same row twice is one case.
    """

    uid = models.CharField(max_length=10, unique=True, default=new_uid)
    student = models.ForeignKey(Student, models.PROTECT, related_name="cases")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True)
    found_as = models.CharField(max_length=16, choices=[(k.value, k.value) for k in FindingKind])
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="next")
    county_path = PathField()
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=states.CaseState.choices)
    step = models.CharField(max_length=8, choices=states.Step.choices)
    step_on = models.DateField()
    round = models.PositiveSmallIntegerField(default=0)
    opened_on = models.DateField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    left_from = models.DateField(null=True, blank=True)
    left_to = models.DateField(null=True, blank=True)
    left_precision = models.CharField(
        max_length=10,
        choices=[(p.value, p.value) for p in Precision],
        default=Precision.UNKNOWN,
    )
    suspected_on = models.DateField(null=True, blank=True)
    dropout_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    placement = models.CharField(max_length=14, choices=records.PlacementMode.choices, blank=True)
    placed_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    exit_kind = models.CharField(max_length=16, choices=records.ExitKind.choices, blank=True)
    exit_until = models.DateField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    whereabouts = models.CharField(max_length=100, blank=True)
    import_digest = models.CharField(max_length=16, blank=True)
    to_assign = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=now)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "student",
                condition=Q(state__in=[s.value for s in states.OPEN_STATES]),
                name="one_open_case",
            ),
            models.UniqueConstraint(fields=["county_path", "year", "serial"], name="case_number"),
            models.UniqueConstraint(
                fields=["student", "import_digest"],
                condition=~Q(import_digest=""),
                name="case_imported_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.CaseState.CLOSED) | Q(closed_on__isnull=False),
                name="closed_case_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.CaseState.EXITED) | ~Q(exit_kind=""),
                name="exited_case_has_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.CaseState.OBSERVING)
                | (Q(returned_on__isnull=False) & ~Q(placement="")),
                name="observed_case_is_placed",
            ),
        ]
        indexes = [
            models.Index(fields=["county_path", "state"], name="case_county_state"),
            models.Index(fields=["student"], name="case_student"),
        ]

    @property
    def is_open(self) -> bool:
        return states.CaseState(self.state) in states.OPEN_STATES

    @property
    def phase(self) -> states.Phase | None:
        return states.PHASE_OF.get(states.CaseState(self.state))

    @property
    def level(self) -> states.AbsenceLevel:
        """未到校, 疑似辍学 or 辍学, by the dates the clocks have passed."""
        if self.dropout_on:
            return states.AbsenceLevel.DROPOUT
        return states.AbsenceLevel.SUSPECTED if self.suspected_on else states.AbsenceLevel.ABSENT

    @property
    def state_label(self) -> str:
        return states.CaseState(self.state).label

    @property
    def step_title(self) -> str:
        return states.step_title(states.Step(self.step))

    @property
    def began_on(self) -> date:
        """The first day anything of the case is known of: the child left, or the case was opened."""
        return min(self.left_from or self.opened_on, self.opened_on)

    @property
    def left(self) -> FuzzyDate:
        return FuzzyDate(self.left_from, self.left_to, Precision(self.left_precision))


class CaseAccess(models.Model):
    """Which unit reaches a case, why, and from when until when. Hand-overs end rows, never edit."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="access_rows")
    kind = models.CharField(max_length=8, choices=states.AccessKind.choices)
    path = PathField()
    unit = models.CharField(max_length=80)
    role = models.CharField(max_length=20, blank=True)
    began = models.DateField()
    until = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "case",
                condition=Q(until=None, kind=states.AccessKind.OWNER),
                name="one_owner_per_case",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("began")), name="case_reach_dates"
            ),
            models.CheckConstraint(
                condition=~Q(kind=states.AccessKind.REFERRAL) | ~Q(role=""),
                name="referral_has_role",
            ),
        ]
        indexes = [
            models.Index(fields=["case"], name="case_reach_case"),
            models.Index(fields=["path", "kind"], name="case_reach_path"),
        ]


class CaseEvent(models.Model):
    """经过: what happened to a case, when it happened and when it was entered. Append-only.

    `unit_path` and `unit` are for whom `by` acted; `policy` cites what was in force; `sensitive`
    events are shown to who acts on them alone. `contact`, `deadline` and `file` are what it speaks
    of; `details` hold what no rule looks rows up by.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=states.EventKind.choices)
    step = models.CharField(max_length=8, choices=states.Step.choices, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    happened_from = models.DateField(null=True, blank=True)
    happened_to = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=[(p.value, p.value) for p in Precision])
    entered_at = models.DateTimeField(default=now)
    by = models.ForeignKey(User, models.PROTECT, null=True)
    unit = models.CharField(max_length=80, blank=True)
    unit_path = PathField(blank=True)
    role = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    contact = models.ForeignKey("cases.Contact", models.PROTECT, null=True, related_name="+")
    deadline = models.ForeignKey("cases.Deadline", models.SET_NULL, null=True, related_name="+")
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    details = models.JSONField(default=dict, blank=True)
    policy = models.CharField(max_length=200, blank=True)
    sensitive = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["case", "kind"], name="case_event_case")]
        ordering = ["id"]

    @property
    def happened(self) -> FuzzyDate:
        return FuzzyDate(self.happened_from, self.happened_to, Precision(self.precision))

    @property
    def label(self) -> str:
        return states.EventKind(self.kind).label
