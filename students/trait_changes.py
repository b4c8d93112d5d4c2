"""The record of a trait that changed; `students.models` names it among the others."""

from django.db import models


class TraitChange(models.Model):
    """A trait that decides a child's calendar was `before` until the day before `on`.

    `Student` holds the present value; `students.traits` writes and reads these.
    """

    student = models.ForeignKey("students.Student", models.CASCADE, related_name="trait_changes")
    trait = models.CharField(max_length=9)
    before = models.CharField(max_length=2, blank=True)
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint("student", "trait", "on", name="trait_change_once")]
