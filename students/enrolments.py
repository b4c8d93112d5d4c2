"""Rolls: a child comes onto a class's roll, moves, leaves. Spells never overlap."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from accounts import history
from accounts.models import User
from regions.clock import now
from regions.models import SchoolClass
from regions.paths import county_of
from regions.refusals import Refused
from regions.rules.lengths import whole
from students.enums import STATUSES, AbsenceState, Began, Ended
from students.models import AuthorisedAbsence, Enrolment, Student

TOO_EARLY = "离开日期早于进班日期（{began:%Y-%m-%d}），请核对。"
OVERLAP = "{name}在 {began:%Y-%m-%d} 之后已有在班记录，日期重叠，请核对。"
DEAD = "系统里这个学生已登记死亡，不能再进班。请核对号码；登记有误的，请县教育体育局先更正。"


@transaction.atomic
def place(
    student: Student,
    school_class: SchoolClass,
    *,
    began: date,
    how: Began,
    by: User | None,
    seat_no: int | None = None,
    note: str = "",
) -> Enrolment:
    """Put a child on a class's roll from `began`; an open spell elsewhere ends that day.

    Refused when the child already stands on that roll, has died, or when spells would overlap.
    """
    _lock(student)
    spells = list(student.enrolments.select_related("school_class"))
    if why := why_not_place(student.name, spells, school_class.pk, began):
        raise Refused(why)
    current = next((spell for spell in spells if spell.ended is None), None)
    if current:
        same_school = current.school_class.school_id == school_class.school_id
        why = Ended.CLASS_CHANGE if same_school else Ended.TRANSFER_OUT
        _end(current, on=began, how=why, where_to=school_class.school.name)
        how = Began.CLASS_CHANGE if same_school else how
        if county_of(current.school_class.path) != county_of(school_class.path):
            _record_leaving(student, current, by)
    spell = Enrolment.objects.create(
        student=student,
        school_class=school_class,
        seat_no=seat_no,
        began=began,
        how=how,
        recorded_at=now(),
        recorded_by=by,
    )
    Student.objects.filter(pk=student.pk).update(school_path=school_class.path)
    student.school_path = school_class.path
    _take_papers_along(student, school_class.path, began)
    history.record(
        "enrolments.place",
        "student",
        student.uid,
        path=school_class.path,
        by=by,
        on=began,
        before={"class": current.school_class_id} if current else {},
        after={"class": school_class.pk, "how": how},
        note=note,
    )
    return spell


@transaction.atomic
def leave_roll(
    student: Student, *, on: date, how: Ended, by: User, where_to: str = "", note: str = ""
) -> Enrolment:
    """Take a child off the roll from `on`. A dropout stays on: 辍学 is no way to leave a roll."""
    _lock(student)
    current = student.enrolments.open().select_related("school_class").first()
    if current is None:
        raise Refused(f"{student.name}不在任何班级的名册上。")
    _end(current, on=on, how=how, where_to=where_to)
    history.record(
        "enrolments.leave_roll",
        "student",
        student.uid,
        path=current.school_class.path,
        by=by,
        on=on,
        before={"class": current.school_class_id},
        after={"how": how, "where_to": where_to},
        note=note or how.label,
    )
    return current


def _take_papers_along(student: Student, path: str, began: date) -> None:
    """What nobody has decided yet, and the statuses that still run, are the new school's to see to."""
    running = Q(kind__in=STATUSES, state=AbsenceState.APPROVED, last__gte=began)
    undecided = Q(state__in=[AbsenceState.ASKED, AbsenceState.PASSED])
    student.authorised.filter(undecided | running).update(path=path)


def _record_leaving(student: Student, left: Enrolment, by: User | None) -> None:
    """Beside the row of the new class, one at the old class: its county's numbers move too."""
    history.record(
        "enrolments.leave_roll",
        "student",
        student.uid,
        path=left.school_class.path,
        by=by,
        on=left.ended,
        before={"class": left.school_class_id},
        after={"how": left.how_ended, "where_to": left.where_to},
    )


def _lock(student: Student) -> None:
    Student.objects.select_for_update(of=("self",)).get(pk=student.pk)


def why_not_place(name: str, spells: Iterable[Enrolment], class_id: int | None, began: date) -> str:
    """Why a child with these spells cannot come onto the roll of a class that day; "" when it can.

    `class_id` is None for a class that is still to be made. What `place` refuses is refused here.
    """
    spells = list(spells)
    current = next((spell for spell in spells if spell.ended is None), None)
    if current is None and has_died(spells):
        return DEAD
    if current and current.school_class_id == class_id:
        return f"{name}已经在这个班的名册上。"
    if current and began < current.began:
        return TOO_EARLY.format(began=current.began)
    if any(spell.began >= began or (spell.ended and spell.ended > began) for spell in spells):
        return OVERLAP.format(name=name, began=began)
    return ""


def has_died(spells: Iterable[Enrolment]) -> bool:
    """Did a spell end with the child's death?"""
    return any(spell.how_ended == Ended.DECEASED for spell in spells)


def _end(spell: Enrolment, *, on: date, how: Ended, where_to: str) -> None:
    if on < spell.began:
        raise Refused(TOO_EARLY.format(began=spell.began))
    spell.ended, spell.how_ended, spell.where_to = on, how, whole(where_to, 120, "去向")
    spell.save(update_fields=["ended", "how_ended", "where_to"])


def roll_faults() -> Iterable[str]:
    """One sentence per fault of the rolls and of explained days; none when every promise holds."""
    yield from _overlapping_absences()
    seen: dict[int, date | None] = {}
    for spell in Enrolment.objects.order_by("student_id", "began").select_related("student"):
        until = seen.get(spell.student_id, date.min)
        if until is None or spell.began < until:
            yield f"{spell.student.uid}：{spell.began} 起的在班记录与前一段重叠"
        seen[spell.student_id] = spell.ended
    for spell in Enrolment.objects.open().select_related("student", "school_class"):
        if spell.student.school_path != spell.school_class.path:
            yield f"{spell.student.uid}：所在班级与在班记录不一致"


def _overlapping_absences() -> Iterable[str]:
    """Approved spans of a child never share a day; those on named weekdays may lie in each other."""
    latest: dict[int, AuthorisedAbsence] = {}
    rows = AuthorisedAbsence.objects.approved().filter(weekdays="").select_related("student")
    for absence in rows.order_by("student_id", "first", "pk"):
        before = latest.get(absence.student_id)
        if before and absence.first <= before.last:
            kind = absence.get_kind_display()
            yield f"{absence.student.uid}：{absence.first} 起的{kind}与前一段重叠"
        if before is None or before.last < absence.last:
            latest[absence.student_id] = absence
