"""What was left undone and rose to the next level (上报)."""

from django.db import models

from cases.models.case import Case
from regions.columns import PathField
from regions.models import School
from students.models import Student


class Escalation(models.Model):
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
