"""Contacts: attempts to reach a family, before a case and within one."""

from django.db import models

from accounts.models import User
from attendance.models import AbsenceAlert
from cases.enums.records import SENSITIVE_REASONS
from cases.enums.states import ContactWay, Met
from cases.models.case import Case
from regions.clock import now
from regions.columns import PathField
from students.models import ReachedBySchool, Student


class Contact(models.Model):
    """联系: one attempt to reach a family: visit, call, letter or talk, and whom it met.

    `promised_on` is the day the family said the child would be back: it becomes a deadline.
    `reasons` why the child is out, as this contact found; the case takes them up.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="contacts")
    alert = models.ForeignKey(AbsenceAlert, models.PROTECT, null=True, related_name="contacts")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="contacts")
    way = models.CharField(max_length=8, choices=ContactWay.choices)
    on = models.DateField()
    met = models.CharField(max_length=8, choices=Met.choices)
    note = models.CharField(max_length=400)
    place = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=20, blank=True)
    interpreter = models.CharField(max_length=20, blank=True)
    companions = models.CharField(max_length=60, blank=True)
    next_on = models.DateField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    whereabouts = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(User, models.PROTECT)
    entered_at = models.DateTimeField(default=now)
    client_key = models.UUIDField(unique=True)
    path = PathField()

    objects = ReachedBySchool.as_manager()

    class Meta:
        ordering = ["-on", "-id"]

    @property
    def sensitive(self) -> bool:
        """It named a reason that only those who act on it may read."""
        return any(reason in SENSITIVE_REASONS for reason in self.reasons)
