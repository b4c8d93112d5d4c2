"""Traits that decide whose calendar a child follows: a new value holds from the day it is told.

No past day is judged anew by it: the days before keep what the child was then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from students.models import Student
from students.trait_changes import TraitChange

BOARDER, ETHNICITY = "boarder", "ethnicity"
DATED = (BOARDER, ETHNICITY)
YES = "1"


@dataclass(frozen=True, slots=True)
class TraitsThen:
    """What a child was on a day."""

    boarder: bool
    ethnicity: str


def stored(student: Student, trait: str) -> str:
    """The present value of a trait as a change keeps it."""
    value = getattr(student, trait)
    return (YES if value else "") if trait == BOARDER else value


def keep_before(student: Student, before: TraitsThen, *, on: date) -> None:
    """Write down what the child was until `on`, for the traits that are another now.

    Called where the present values are written, with what they were. Told twice on a day, what it
    was before that day stays.
    """
    was = {BOARDER: YES if before.boarder else "", ETHNICITY: before.ethnicity}
    for trait in DATED:
        if was[trait] != stored(student, trait):
            TraitChange.objects.get_or_create(
                student=student, trait=trait, on=on, defaults={"before": was[trait]}
            )


def now_of(student: Student) -> TraitsThen:
    return TraitsThen(student.boarder, student.ethnicity)


def trait_changes(student_ids: Iterable[int]) -> dict[int, list[TraitChange]]:
    """Every change of these children, in order of day; children without one are left out."""
    found: dict[int, list[TraitChange]] = defaultdict(list)
    for change in TraitChange.objects.filter(student_id__in=list(student_ids)).order_by("on"):
        found[change.student_id].append(change)
    return dict(found)


def changed_since(trait: str, on: date) -> QuerySet[TraitChange]:
    """Of the row's student (`student_id`), the changes of a trait after `on`, the first one first."""
    later = TraitChange.objects.filter(student=OuterRef("student_id"), trait=trait, on__gt=on)
    return later.order_by("on")


def before_since(trait: str, on: date) -> Subquery:
    """What the row's student was on `on`, where a later day made it something else; else NULL."""
    return Subquery(changed_since(trait, on).values("before")[:1])


def as_it_was(student: Student, boarded: str | None, community: str | None) -> TraitsThen:
    """What a child was, from the two columns of `before_since`: NULL where it is the same now."""
    return TraitsThen(
        student.boarder if boarded is None else boarded == YES,
        student.ethnicity if community is None else community,
    )


def traits_on(student: Student, changes: Iterable[TraitChange], day: date) -> TraitsThen:
    """What the child was on `day`: what the first change after it says it was before, else as now."""
    then = {BOARDER: stored(student, BOARDER), ETHNICITY: student.ethnicity}
    for change in sorted(changes, key=lambda change: change.on, reverse=True):
        if change.on > day:
            then[change.trait] = change.before
    return TraitsThen(then[BOARDER] == YES, then[ETHNICITY])
