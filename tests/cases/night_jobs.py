"""Nights of a county: registers a child is out of, the two jobs of a day, what stands as risen."""

from datetime import date, timedelta

from accounts.job_runs import run_claimed
from attendance.enums import Mark
from attendance.flagging import flag_absences
from cases.escalation.nightly import JOB, escalate
from cases.models import Escalation
from tests import factories as make

LAST = date(2026, 12, 18)  # a Friday
MON = date(2026, 11, 2)


def nov(day: int) -> date:
    return date(2026, 11, day)


def night(here, on: date, again: bool = True) -> dict:
    """Both jobs of a day, as the schedule runs them."""
    for name, work in (("flag_absences", flag_absences), (JOB, escalate)):
        summary = run_claimed(
            name, here.region.path, on, lambda held, w=work: w(on, here.region, held), again=again
        )
    return summary


def out(here, first: date, last: date, child=None, **marks) -> None:
    """Registers of every weekday in which one child is out."""
    child = child or here.student
    for day in weekdays(first, last):
        make.take(here.school_class, day, here.teacher, **{child.uid: Mark.ABSENT}, **marks)


def weekdays(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.isoweekday() <= 5]


def standing(kind: str) -> set[tuple[str, date]]:
    return set(Escalation.objects.filter(kind=kind, ended_on=None).values_list("level", "since"))
