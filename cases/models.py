"""Bringing a child back. In this release: contacts, which may stand before a case."""

from django.db import models

from accounts.models import User, labels
from attendance.models import AbsenceAlert, ReachedBySchool
from cases.words import CONTACT_WAY_LABELS, MET_LABELS
from regions.clock import now
from regions.paths import PathField
from students.models import Student


class Contact(models.Model):
    """联系: one attempt to reach a family: visit, call, letter or talk, and whom it met."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="contacts")
    alert = models.ForeignKey(AbsenceAlert, models.PROTECT, null=True, related_name="contacts")
    way = models.CharField(max_length=8, choices=labels(CONTACT_WAY_LABELS))
    on = models.DateField()
    met = models.CharField(max_length=8, choices=labels(MET_LABELS))
    note = models.CharField(max_length=400)
    next_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT)
    entered_at = models.DateTimeField(default=now)
    client_key = models.UUIDField(unique=True)
    path = PathField()

    objects = ReachedBySchool.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
