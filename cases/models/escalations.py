"""What was left undone and rose to the next level (上报)."""

from django.db import models
from django.db.models import Q

from attendance.models import AbsenceAlert
from cases.models.case import Case
from cases.models.deadlines import Deadline
from regions.columns import PathField
from regions.models import School, SchoolClass
from students.models import Student

ABOUT_AN_ALERT = Q(kind="alert", alert__isnull=False, deadline=None, school_class=None, on=None)
ABOUT_A_DEADLINE = Q(
    kind="deadline", alert=None, deadline__isnull=False, school_class=None, on=None
)
ABOUT_A_REGISTER = Q(
    kind="register", alert=None, deadline=None, school_class__isnull=False, on__isnull=False
)


class Escalation(models.Model):
    """上报: something left undone that rose to the next level, until it is done.

    About exactly one of an alert nobody handled, a deadline nobody met, and the register of a class
    and day that nobody took; `path` is the place it rose in, `school` whose register it is.
    """

    kind = models.CharField(max_length=10)
    alert = models.ForeignKey(AbsenceAlert, models.CASCADE, null=True, related_name="+")
    deadline = models.ForeignKey(Deadline, models.CASCADE, null=True, related_name="+")
    school_class = models.ForeignKey(SchoolClass, models.CASCADE, null=True, related_name="+")
    on = models.DateField(null=True)
    level = models.CharField(max_length=20)
    path = PathField()
    student = models.ForeignKey(Student, models.CASCADE, null=True, blank=True)
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True)
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True)
    said = models.CharField(max_length=400)
    since = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=ABOUT_AN_ALERT | ABOUT_A_DEADLINE | ABOUT_A_REGISTER,
                name="rise_about_exactly_one",
            ),
            models.UniqueConstraint(
                fields=["alert", "level"], condition=Q(kind="alert"), name="alert_rises_once"
            ),
            models.UniqueConstraint(
                fields=["deadline", "level"],
                condition=Q(kind="deadline"),
                name="deadline_rises_once",
            ),
            models.UniqueConstraint(
                fields=["school_class", "on", "level"],
                condition=Q(kind="register"),
                name="register_rises_once",
            ),
        ]
        indexes = [models.Index(fields=["path", "level", "ended_on"], name="rise_path")]
