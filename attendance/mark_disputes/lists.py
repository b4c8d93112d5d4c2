"""The page 监护人要求更正: what waits for an answer, the latest due first, and what was answered."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Q, QuerySet

from accounts.enums import CLASS_ROLES, SCHOOL_ROLES, SCHOOL_STAFF, Role
from accounts.models import User
from attendance.enums import DisputeState
from attendance.mark_disputes.answering import why_not_answer
from attendance.models import MarkDispute
from regions.clock import at
from regions.models import SchoolClass
from regions.paths import inside_any
from students.models import Student

READERS = SCHOOL_ROLES | CLASS_ROLES | {Role.BUREAU}
SHOWN, MOST_ROWS = timedelta(days=60), 100


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One request: `late` when its answer is overdue, `why_not` why this person does not give it."""

    dispute: MarkDispute
    where: str
    late: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class DisputePage:
    open: list[DisputeRow]
    answered: list[DisputeRow]

    @property
    def late(self) -> int:
        return sum(row.late for row in self.open)


def dispute_page(user: User, on: date) -> DisputePage:
    """Gather the page; as many statements for many rows as for one."""
    reached = MarkDispute.objects.filter(inside_any("path", user.reach.paths(*READERS)))
    rows = reached.select_related("student", "register", "recorded_by", "answered_by")
    waiting = list(rows.filter(state=DisputeState.OPEN).order_by("due_on", "pk")[:MOST_ROWS])
    since = at(on - SHOWN, time())
    done = rows.exclude(state=DisputeState.OPEN).filter(answered_at__gte=since)
    answered = list(done.order_by("-answered_at", "-pk")[:MOST_ROWS])
    paths = {one.path for one in (*waiting, *answered)}
    classes = SchoolClass.objects.filter(path__in=paths).select_related("school")
    named = {one.path: f"{one.school.name} {one.label(on)}" for one in classes}
    return DisputePage(
        [
            DisputeRow(one, named.get(one.path, ""), one.due_on < on, why_not_answer(one, user))
            for one in waiting
        ],
        [DisputeRow(one, named.get(one.path, "")) for one in answered],
    )


def waiting_disputes(user: User, on: date) -> QuerySet[MarkDispute]:
    """Those that wait for this person's answer: of its school all, of the county's the overdue ones."""
    school, bureau = user.reach.paths(*SCHOOL_STAFF), user.reach.paths(Role.BUREAU)
    if not school and not bureau:
        return MarkDispute.objects.none()
    mine = inside_any("path", school) if school else Q(pk=None)
    late = inside_any("path", bureau) & Q(due_on__lt=on) if bureau else Q(pk=None)
    return MarkDispute.objects.filter(mine | late, state=DisputeState.OPEN)


def open_disputes(student: Student) -> list[MarkDispute]:
    """Those of a child that wait for an answer, by day: beside its strip and its alert."""
    waiting = MarkDispute.objects.filter(student=student, state=DisputeState.OPEN)
    return list(waiting.order_by("on"))
