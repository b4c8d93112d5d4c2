"""Who stands on a class's roll on a day, and which register knows whom."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from attendance.enums import AlertState, RegisterState
from attendance.models import AbsenceAlert, Register
from regions.models import SchoolClass
from students.models import Enrolment
from students.traits import BOARDER, ETHNICITY, YES, before_since


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child on the class's roll on the day; `alerted`: up to when its open alert was judged."""

    spell_id: int
    student_id: int
    uid: str
    boarder: bool
    ethnicity: str
    began: date
    listed_from: date | None
    recorded_at: datetime
    alerted: date | None = None


def roll(school_class: SchoolClass, on: date) -> list[Pupil]:
    """The children on the class's roll on a day, in order of seat, each as it was on that day."""
    spells = Enrolment.objects.on(on).filter(school_class=school_class)
    open_alerts = AbsenceAlert.objects.filter(student=OuterRef("student"), state=AlertState.OPEN)
    rows = spells.order_by("seat_no", "pk").annotate(
        boarded=before_since(BOARDER, on), community=before_since(ETHNICITY, on)
    )
    return [
        _pupil(*row)
        for row in rows.values_list(
            "boarded",
            "community",
            "pk",
            "student_id",
            "student__uid",
            "student__boarder",
            "student__ethnicity",
            "began",
            "listed_from",
            "recorded_at",
            Subquery(open_alerts.values("as_of")[:1]),
        )
    ]


def _pupil(boarded: str | None, community: str | None, *row) -> Pupil:
    pupil = Pupil(*row)
    return replace(
        pupil,
        boarder=pupil.boarder if boarded is None else boarded == YES,
        ethnicity=pupil.ethnicity if community is None else community,
    )


def list_pupils(register: Register, pupils: list[Pupil]) -> None:
    """Move `listed_from` back for children this register now knows.

    To the earliest day from which on every register was made knowing the child; a register made
    before the child was recorded says nothing about it.
    """
    newly = [p for p in pupils if p.listed_from is None or p.listed_from > register.on]
    if not newly:
        return
    made = list(
        Register.objects.filter(
            school_class_id=register.school_class_id,
            state=RegisterState.TAKEN,
            on__gte=min(pupil.began for pupil in newly),
        )
        .order_by("-on")
        .values_list("on", "made_at")
    )
    days: dict[date, list[int]] = {}
    for pupil in newly:
        if listed := _listed_from(pupil, made):
            days.setdefault(listed, []).append(pupil.spell_id)
    for day, spells in days.items():
        Enrolment.objects.filter(pk__in=spells).update(listed_from=day)


def _listed_from(pupil: Pupil, made: list[tuple[date, datetime]]) -> date | None:
    """`made`: the class's registers, the latest day first, with when each was last made."""
    listed = None
    for day, made_at in made:
        if day < pupil.began or made_at < pupil.recorded_at:
            break
        listed = day
    return listed
