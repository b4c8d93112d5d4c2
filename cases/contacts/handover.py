"""Tasks of plans that go with a seat: those not done yet are the successor's."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import QuerySet

from accounts.models import Seat, User
from accounts.seats.handed_over import HandedOver, is_last_of_holder
from cases import history
from cases.enums.states import EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.models import PlanTask
from students.handover import children_of, counts_of


def tasks_of(seat: Seat, on: date) -> QuerySet[PlanTask]:
    """The open tasks of the holder in open cases of the seat's children; all, with the last seat."""
    held = PlanTask.objects.filter(user=seat.user_id, done_on=None)
    if is_last_of_holder(seat, on):
        return held
    return held.filter(case__student__in=children_of(seat, on))


def _counts(seats: Sequence[Seat], on: date) -> Mapping[int, int]:
    held = PlanTask.objects.filter(user__in=[seat.user_id for seat in seats], done_on=None)
    told = held.values_list("user_id", "case__student_id")
    return counts_of(seats, ((user, student, "") for user, student in told), on)


def _move(seat: Seat, to: User, by: User, on: date) -> int:
    tasks = list(
        tasks_of(seat, on).select_for_update(of=("self",)).select_related("case").order_by("pk")
    )
    for task in tasks:
        was, task.who, task.user = task.who, to.name, to
        task.save(update_fields=["who", "user"])
        history.write(
            task.case,
            EventKind.PLANNED,
            by=by,
            happened=FuzzyDate.on(on),
            note=f"任务移交：{task.who}，{task.what}（原为{was}）",
            details={"task": task.pk, "who": task.who},
        )
    return len(tasks)


def _holders() -> QuerySet:
    return PlanTask.objects.filter(done_on=None, user__isnull=False).values("user")


def _children(seat: Seat, on: date) -> list[int | None]:
    return list(tasks_of(seat, on).order_by("pk").values_list("case__student_id", flat=True))


TASKS = HandedOver("帮扶任务", "项", _counts, _move, _holders, _children)
