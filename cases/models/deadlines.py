"""What must be done by when."""

from django.db import models
from django.db.models import Q

from cases.enums import records
from cases.models.case import Case
from cases.models.papers import Paper
from regions.clock import now


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
    kind = models.CharField(max_length=16, choices=records.DeadlineKind.choices)
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
        return records.DeadlineKind(self.kind).label
