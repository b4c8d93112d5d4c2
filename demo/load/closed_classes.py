"""Days without class of one class alone: asked for in the morning, approved by the bureau."""

from collections.abc import Sequence
from datetime import time

from accounts.places.calendar_scopes import class_scope
from demo.county.plan import CountyPlan
from regions.clock import at
from regions.enums import DayKind
from regions.models import CalendarRow, SchoolClass

DECIDED_AT = time(9, 0)


def load_closed_classes(plan: CountyPlan, classes: Sequence[SchoolClass], *, bureau: str) -> None:
    """Write the closures of the plan, decided by the account `bureau`."""
    teachers = plan.seats("teacher")
    CalendarRow.objects.bulk_create(
        CalendarRow(
            path=classes[key].path, scope=class_scope(classes[key]), begins=day, ends=day,
            kind=DayKind.CLOSURE, reason=why, entered_by=teachers[key], entered_on=day,
            holds_day=True, decided_by=bureau, decided_at=at(day, DECIDED_AT), decision="属实",
        )
        for (key, day), why in plan.closures.items()
    )  # fmt: skip
