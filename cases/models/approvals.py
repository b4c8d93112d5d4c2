"""Skipped steps and the words that agree to closing."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from cases.enums import states
from cases.models.case import Case
from regions.clock import now


class Skip(models.Model):
    """A step left out: asked with a reason, granted or refused by the county office."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="skips")
    round = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=8, choices=states.Step.choices)
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
        return states.Step(self.step).label


class ClosingOpinion(models.Model):
    """A word that agrees to closing: the school's, the township's, last the bureau's."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="closing_opinions")
    round = models.PositiveSmallIntegerField(default=0)
    opinion_of = models.CharField(max_length=10, choices=states.OpinionOf.choices)
    on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    entered_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "opinion_of"],
                condition=Q(withdrawn_on=None),
                name="one_standing_word",
            ),
        ]
