"""The plan of a child (一生一案) and its tasks."""

from django.db import models

from accounts.models import User
from cases.models.case import Case
from regions.clock import now


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
    """四定: 定人员 who, 定任务 what, 定时间 due_on, 定标准 standard.

    `user` is the account of who is to do it, where that person has one; it moves with the seat.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    who = models.CharField(max_length=100)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="plan_tasks")
    what = models.CharField(max_length=200)
    due_on = models.DateField()
    standard = models.CharField(max_length=200)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "id"]
