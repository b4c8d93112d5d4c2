"""Which children and which of their stays in a class are meant."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.reach import Reach
from regions.paths import inside, inside_any


class StudentQuerySet(models.QuerySet):
    def reached_by(self, reach: Reach):
        """Children reached through school (education line) or home (government line)."""
        return self.filter(
            inside_any("school_path", reach.school_paths)
            | inside_any("household_path", reach.home_paths)
            | inside_any("residence_path", reach.home_paths)
        )

    def visible_to(self, user: User):
        return self.reached_by(user.reach)

    def at_school(self, path: str):
        return self.filter(inside("school_path", path))


class EnrolmentQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended=None)

    def on(self, day: date):
        """Spells that include a day. The day a spell ended is no longer one of its days."""
        return self.filter(Q(ended=None) | Q(ended__gt=day), began__lte=day)
