"""停课待核: which day a closure that is asked for holds, and how many may wait. Every door asks here.

While nobody answers, a held day is neither missed nor attended, so a child of the class alerts on
none: unbounded, a class could be asked out of every judgement (docs/adr/0023).
"""

from datetime import date

from django.conf import settings
from django.db.models import Q

from regions.enums import DayKind, RowState
from regions.models import CalendarRow, School, SchoolClass
from regions.paths import inside
from regions.refusals import Refused
from regions.rules.closures import Full, full_at, holds_its_day
from regions.rules.day_words import day_in_words


def would_hold(row: CalendarRow, *, on: date) -> bool:
    """Is the day of a closure asked for on `on` 停课待核 at once? Not where one of the same place,
    around it or in it, was refused for that day or taken back after it was approved."""
    if not holds_its_day(row.begins, row.ends, asked_on=on):
        return False
    before = CalendarRow.objects.around(row.path).filter(
        kind=DayKind.CLOSURE, begins__lte=row.begins, ends__gte=row.begins
    )
    taken_back = Q(state=RowState.ENDED) & ~Q(decided_by="")
    return not before.filter(Q(state=RowState.REFUSED) | taken_back).exists()


def pending_closures(path: str, first: date, last: date) -> list[CalendarRow]:
    """The closures of the class or of its school that wait, on any day of these."""
    asked = CalendarRow.objects.proposed().filter(begins__lte=last, ends__gte=first)
    return list(asked.filter(path__in={path, path.split("C", 1)[0]}).order_by("pk"))


def refuse_further(row: CalendarRow, *, on: date) -> None:
    """Refused where the row would hold a day of a class for which as many wait as may: the day is
    one of school like any other, and its register is due."""
    school = row.path.split("C", 1)[0]
    waiting = CalendarRow.objects.proposed().filter(inside("path", school), holds_day=True)
    full = full_at(row.path, row.begins, list(waiting.values_list("path", "begins")))
    if full and would_hold(row, on=on):
        raise Refused(why_full(full, on=on))


def why_full(full: Full, *, on: date) -> str:
    """七(1)班已有 2 天停课待核…: why no further day may wait, and whom to ask for an answer."""
    school = School.objects.select_related("led_by").get(path=full.path.split("C", 1)[0])
    of = SchoolClass.objects.filter(path=full.path).first()
    days = "、".join(day_in_words(day, on) for day in full.days)
    whose = of.label(on) if of else "本校"
    return (
        f"{whose}已有 {len(full.days)} 天停课待核（{days}），没有核定以前不能再申请，这一天照常点名。"
        f"请联系{deciders_called(school)}核定；两个教学日没有核定的，找县控辍保学专班。"
    )


def deciders_called(school: School) -> str:
    """The offices that answer a closure of the school, by name. A 中心校 decides none of its own."""
    led_by = school.led_by
    return (
        f"{led_by.name}或{settings.KONGCHUO_BUREAU_NAME}"
        if led_by
        else settings.KONGCHUO_BUREAU_NAME
    )
