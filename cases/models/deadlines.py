"""What must be done by when, skipped steps, the plan of a child, words of closing, what rose."""

from django.db import models
from django.db.models import Q

from accounts.models import User, labels
from cases.enums import records, states
from cases.models.case import Case
from cases.models.papers import Paper
from regions.clock import now
from regions.models import School
from regions.paths import PathField
from students.models import Student


class DeadlineQuerySet(models.QuerySet):
    def standing(self):
        """Not met and not dropped."""
        return self.filter(met_on=None, dropped_on=None)


class Deadline(models.Model):
    """期限: the due date is stored, the days left are derived.

    `who` is the role whose duty it is ("" for a period that runs against the family); `article`
    the law, notice or 系统设定 it rests on.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=16, choices=labels(records.DEADLINE_LABELS))
    round = models.PositiveSmallIntegerField(default=0)
    paper = models.ForeignKey(
        Paper, models.CASCADE, null=True, blank=True, related_name="deadlines"
    )
    starts_on = models.DateField()
    due_on = models.DateField()
    who = models.CharField(max_length=20, blank=True)
    article = models.CharField(max_length=120)
    note = models.CharField(max_length=200, blank=True)
    met_on = models.DateField(null=True, blank=True)
    dropped_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(default=now)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(met_on=None) | Q(dropped_on=None), name="deadline_met_or_dropped"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "due_on"], name="deadline_case"),
            models.Index(
                fields=["due_on"],
                condition=Q(met_on=None, dropped_on=None),
                name="deadline_standing",
            ),
        ]
        ordering = ["due_on", "id"]

    @property
    def label(self) -> str:
        return records.DEADLINE_LABELS[records.DeadlineKind(self.kind)]


class Skip(models.Model):
    """A step left out: asked with a reason, granted or refused by the county office."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="skips")
    round = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=8, choices=labels(states.STEP_LABELS))
    reason = models.CharField(max_length=400)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_on = models.DateField()
    granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    opinion = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "step"],
                condition=Q(granted__isnull=True) | Q(granted=True),
                name="one_standing_skip",
            ),
            models.CheckConstraint(
                condition=Q(granted__isnull=True) | Q(decided_on__isnull=False),
                name="decided_skip_has_day",
            ),
        ]

    @property
    def step_label(self) -> str:
        return states.STEP_LABELS[states.Step(self.step)]


class Plan(models.Model):
    """一生一案: why the child is out, what is to become of it, what helps."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="plan")
    diagnosis = models.CharField(max_length=400)
    goal = models.CharField(max_length=200)
    measures = models.CharField(max_length=800)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=now)


class PlanTask(models.Model):
    """四定: 定人员 who, 定任务 what, 定时间 due_on, 定标准 standard."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    who = models.CharField(max_length=60)
    what = models.CharField(max_length=200)
    due_on = models.DateField()
    standard = models.CharField(max_length=200)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "id"]


class ClosingWord(models.Model):
    """A word that agrees to closing: the school's, the township's, last the bureau's."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="closing_words")
    round = models.PositiveSmallIntegerField(default=0)
    word_of = models.CharField(max_length=10, choices=labels(states.WORD_LABELS))
    on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    entered_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "word_of"],
                condition=Q(withdrawn_on=None),
                name="one_standing_word",
            ),
        ]


class Rise(models.Model):
    """上报: something left undone that rose to the next level, until it is done.

    `subject` is "alert:PK", "register:CLASS:DAY" or "deadline:PK"; `path` is the place it rose in,
    `school` whose register it is.
    """

    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=60)
    level = models.CharField(max_length=20)
    path = PathField()
    student = models.ForeignKey(Student, models.CASCADE, null=True, blank=True)
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True)
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True)
    said = models.CharField(max_length=200)
    since = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "level"], name="rise_once"),
        ]
        indexes = [models.Index(fields=["path", "level", "ended_on"], name="rise_path")]
