"""Days: registers, the exceptions on them, and the alerts derived from them."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from attendance import enums
from regions.clock import now
from regions.columns import PathField
from regions.models import SchoolClass
from regions.paths import inside
from students.models import Finding, ReachedBySchool, Student


class RegisterQuerySet(models.QuerySet):
    def at(self, path: str):
        return self.filter(inside("path", path))


class Register(models.Model):
    """A class and a day. Only exceptions are rows; no register means not taken.

    `taken_at` is the teacher's time, `received_at` the server's; `made_at`
    and `made_by` move with corrections.
    """

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="registers")
    on = models.DateField()
    path = PathField()
    state = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in enums.RegisterState]
    )
    expected = models.PositiveSmallIntegerField()
    present = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    client_key = models.UUIDField(unique=True)
    taken_at = models.DateTimeField()
    received_at = models.DateTimeField(default=now)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(User, models.PROTECT)
    stand_in = models.BooleanField(default=False)
    late = models.BooleanField(default=False)

    objects = RegisterQuerySet.as_manager()
    held = 0  # no column: how many marks of this saving wait for another's word

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_class", "on"], name="register_once"),
            models.CheckConstraint(condition=Q(present__lte=F("expected")), name="register_counts"),
        ]
        indexes = [models.Index(fields=["path", "on"], name="register_path_day")]


class Absence(models.Model):
    """One exception on one day. Also late, left early and half a day: seen, but listed."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="absences")
    on = models.DateField()
    register = models.ForeignKey(Register, models.CASCADE, related_name="absences")
    path = PathField()
    mark = models.CharField(max_length=10, choices=enums.Mark.choices)
    note = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "on"], name="absence_once"),
        ]
        indexes = [models.Index(fields=["path", "on"], name="absence_path_day")]


class ProposedMark(models.Model):
    """A mark that would take back or shorten a standing alert: it waits for a second person.

    `was` is the cell as it stands until then (PENDING where no register had told of the day),
    `wanted` what it becomes; "" is 到校. `by_county`: the school's own word is not enough.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="proposed_marks")
    on = models.DateField()
    register = models.ForeignKey(Register, models.PROTECT, related_name="proposed_marks")
    path = PathField()
    was = models.CharField(max_length=10, choices=enums.Mark.choices)
    wanted = models.CharField(max_length=10, choices=enums.Mark.choices, blank=True)
    note = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by_county = models.BooleanField(default=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    state = models.CharField(
        max_length=10, choices=enums.ProposalState.choices, default=enums.ProposalState.ASKED
    )
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)

    objects = ReachedBySchool.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "on"],
                condition=Q(state=enums.ProposalState.ASKED),
                name="one_proposed_mark",
            ),
            models.CheckConstraint(
                condition=~Q(state=enums.ProposalState.CONFIRMED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="mark_confirmed_by_another",
            ),
        ]
        indexes = [models.Index(fields=["path", "state"], name="proposed_mark_path")]

    @property
    def wanted_label(self) -> str:
        return enums.mark_label(self.wanted)


class MarkDispute(models.Model):
    """监护人要求更正: a guardian says that the mark of a day is wrong; the school answers until `due_on`.

    `path` is the class whose register it is, wherever the child went since; `stood` the mark as it
    stood when the guardian asked, "" for 到校; `asker` the guardian as the school wrote it down.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="mark_disputes")
    on = models.DateField()
    register = models.ForeignKey(Register, models.PROTECT, related_name="mark_disputes")
    path = PathField()
    stood = models.CharField(max_length=10, choices=enums.Mark.choices, blank=True)
    asker = models.CharField(max_length=40)
    words = models.CharField(max_length=200)
    asked_on = models.DateField()
    due_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=now)
    state = models.CharField(
        max_length=10, choices=enums.DisputeState.choices, default=enums.DisputeState.OPEN
    )
    answer = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ReachedBySchool.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "on"],
                condition=Q(state=enums.DisputeState.OPEN),
                name="one_open_dispute",
            ),
            models.CheckConstraint(
                condition=Q(state=enums.DisputeState.OPEN)
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
                name="dispute_answered",
            ),
            models.CheckConstraint(condition=Q(due_on__gt=F("asked_on")), name="dispute_due"),
        ]
        indexes = [models.Index(fields=["path", "state"], name="dispute_path")]

    @property
    def stood_label(self) -> str:
        return enums.mark_label(self.stood)


class UnseenRun(models.Model):
    """The unexplained days of a child not seen since: derived, rebuilt by `flag_absences`."""

    student = models.OneToOneField(Student, models.CASCADE, related_name="run")
    path = PathField()
    as_of = models.DateField()
    verdict = models.CharField(max_length=12, choices=[(v.value, v.value) for v in enums.Verdict])
    unexplained = models.PositiveSmallIntegerField()
    first = models.DateField()
    last = models.DateField()
    not_taken = models.JSONField(default=list)
    last_seen = models.DateField(null=True, blank=True)

    objects = ReachedBySchool.as_manager()

    class Meta:
        indexes = [models.Index(fields=["path", "verdict"], name="run_path")]


class AbsenceAlert(models.Model):
    """三天预警: one open alert per child, with the proof it was raised on.

    `as_of` is the day the derived fields were computed for and never goes back. `finding` is
    what the alert became, once it was confirmed or the school stayed silent. A decided alert
    answers for the days of its run until `answers_until`: an explanation as long as it holds, a
    confirmation (None) as long as its case is open. Days after that may raise another.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="alerts")
    path = PathField()
    state = models.CharField(max_length=10, choices=enums.AlertState.choices)
    opened_on = models.DateField()
    as_of = models.DateField()
    first = models.DateField()
    last = models.DateField()
    unexplained = models.PositiveSmallIntegerField()
    not_taken = models.PositiveSmallIntegerField(default=0)
    grounds = models.JSONField(default=list)
    proof = models.JSONField(default=dict)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    finding = models.OneToOneField(
        Finding, models.PROTECT, null=True, blank=True, related_name="alert"
    )
    answers_until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReachedBySchool.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=enums.AlertState.EXPLAINED) | Q(answers_until__isnull=False),
                name="explained_alert_until",
            ),
            models.UniqueConstraint(
                "student",
                condition=Q(state=enums.AlertState.OPEN),
                name="one_open_alert",
            ),
            models.UniqueConstraint(
                fields=["student", "first"],
                condition=Q(state__in=list(enums.STANDING)),
                name="alert_run_once",
            ),
        ]
        indexes = [models.Index(fields=["path", "state"], name="alert_path")]


class AlertEvent(models.Model):
    """What happened to an alert: append-only, with the day it is about and when it was entered."""

    alert = models.ForeignKey(AbsenceAlert, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=enums.AlertEventKind.choices)
    on = models.DateField()
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(User, models.PROTECT, null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
