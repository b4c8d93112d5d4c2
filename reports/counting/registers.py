"""What the registers of a county say on a day, and of its first week of school, by class."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models
from django.db.models import Q, QuerySet

from attendance.enums import OUT_MARKS, RegisterState, Session
from attendance.flagging import sessions_on
from attendance.models import Absence, Register
from regions.days import PlaceRules
from regions.enums import DayKind
from regions.paths import inside
from regions.rules.calendar import friday_of_first_week
from reports.counting.sources import ClassInfo, Year, spells_at
from reports.enums import PlaceCount
from students.models import Enrolment

TERM_BEGINS_WITHIN = timedelta(days=60)
OF_SESSION = {
    Session.IN: PlaceCount.CLASSES,
    Session.UNDECIDED: PlaceCount.UNDECIDED,
    Session.HELD: PlaceCount.HELD,
}


def registers_on(path: str, on: date, place_rules: PlaceRules) -> dict[int, Counter]:
    """By class in session: was its register taken, and by the cut-off; who was expected and came.
    A class whose day the calendar leaves open, or whose closure waits (停课待核), is counted as such,
    and as nothing else.

    A school counts from its first day on the portal.
    """
    counts: dict[int, Counter] = {}
    for school_class, session in sessions_on([path], on, place_rules.calendar):
        begins = school_class.school.counts_from
        if session is not Session.OUT and begins is not None and begins <= on:
            word = OF_SESSION[session]
            counts[school_class.pk] = Counter({word: 1})
    rows = Register.objects.at(path).filter(on=on)
    for class_id, state, expected, present, late in rows.values_list(
        "school_class_id", "state", "expected", "present", "late"
    ):
        if class_id in counts and counts[class_id][PlaceCount.CLASSES]:
            counts[class_id][PlaceCount.TAKEN] += 1
            counts[class_id][PlaceCount.ON_TIME] += not late
            if state == RegisterState.TAKEN:
                counts[class_id][PlaceCount.EXPECTED] += expected
                counts[class_id][PlaceCount.PRESENT] += present
    return counts


def opening_week(year: Year, place_rules: PlaceRules) -> tuple[date, date] | None:
    """From the first day of the autumn term to its first week's Friday (开学第一周周五), or `on`."""
    begins = [
        row.begins
        for row in place_rules.calendar.rows
        if row.kind is DayKind.TERM
        and year.begins <= row.begins <= year.begins + TERM_BEGINS_WITHIN
    ]
    if not begins or min(begins) > year.on:
        return None
    return min(begins), min(friday_of_first_week(min(begins)), year.on)


@dataclass
class OpeningWeek:
    """A class in the opening week: how many were to come, and who of them was not seen in it."""

    expected: int
    missing: set[int] = field(default_factory=set)


def opening(
    path: str, week: tuple[date, date], rooms: dict[int, ClassInfo]
) -> dict[int, OpeningWeek]:
    """By class with a register in the opening week: who was to come, and who was not seen in it.

    A class without one says nothing: its children are neither come nor missing.
    """
    days, roll = _opening(path, week)
    expected = roll.order_by().values_list("school_class_id").annotate(models.Count("id"))
    classes = {
        class_id: OpeningWeek(number)
        for class_id, number in expected
        if class_id in days and class_id in rooms
    }
    for pk, class_id in _missing(path, week, days, roll, classes).items():
        classes[class_id].missing.add(pk)
    return classes


def _opening(path: str, week: tuple[date, date]) -> tuple[dict[int, int], QuerySet[Enrolment]]:
    """By class how many registers the opening week has, and who was on the rolls at its end."""
    first, last = week
    taken = Register.objects.at(path).filter(on__gte=first, on__lte=last, state=RegisterState.TAKEN)
    days = dict(taken.order_by().values_list("school_class_id").annotate(models.Count("id")))
    roll = spells_at(path).filter(Q(ended=None) | Q(ended__gt=last), began__lte=last)
    return days, roll


def _missing(path: str, week: tuple[date, date], days, roll, classes) -> dict[int, int]:
    out = _out_throughout(path, week, days)
    stood = roll.filter(student_id__in=out).values_list("student_id", "school_class_id")
    return {pk: class_id for pk, class_id in stood if class_id in classes and out[pk] == class_id}


def _out_throughout(path: str, week: tuple[date, date], days: dict[int, int]) -> dict[int, int]:
    """Children whom every register of their class in the week lists as out, with that class."""
    first, last = week
    marks = Absence.objects.filter(
        inside("path", path),
        on__gte=first,
        on__lte=last,
        mark__in=list(OUT_MARKS),
        register__state=RegisterState.TAKEN,
    )
    listed = marks.order_by().values_list("student_id", "register__school_class_id")
    return {
        pk: class_id
        for pk, class_id, count in listed.annotate(days=models.Count("id"))
        if count >= days.get(class_id, count + 1)
    }
