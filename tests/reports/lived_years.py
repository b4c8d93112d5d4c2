"""Children whose years are lived through the verbs, for the tests of numbers."""

from datetime import date

from cases.enums.states import CaseState
from cases.intake.opening import open_case
from cases.models import Case
from regions.models import SchoolClass
from students import enrolments
from students.enums import AbsenceKind, Began, Ended, FindingKind
from students.models import Enrolment, Finding, Student
from tests import factories as make


def born(of: SchoolClass, number: int, began: date, how: Began = Began.ENTERED) -> list[Student]:
    """`number` children on a class's roll from a day, written down that day."""
    made = Student.objects.bulk_create(
        Student(name=make.NAMES[n % len(make.NAMES)], school_path=of.path) for n in range(number)
    )
    Enrolment.objects.bulk_create(
        Enrolment(student=one, school_class=of, began=began, how=how) for one in made
    )
    return made


def gone(students: list[Student], on: date, how: Ended, by, where_to: str = "外县学校") -> None:
    for one in students:
        enrolments.leave_roll(one, on=on, how=how, by=by, where_to=where_to)


def moved(students: list[Student], to: SchoolClass, on: date, how=Began.TRANSFER_IN) -> None:
    for one in students:
        enrolments.place(one, to, began=on, how=how, by=None)


def suspended(students: list[Student], began: date, until: date) -> None:
    for one in students:
        make.status(one, AbsenceKind.SUSPENDED, began, until)


def dropped(students: list[Student], opened: date, dropout_on: date) -> list[Case]:
    """Cases opened from a finding, whose thirty days have passed."""
    cases = []
    for one in students:
        finding = Finding.objects.create(student=one, kind=FindingKind.SURVEY, on=opened)
        case = open_case(finding, by=None, on=opened)
        Case.objects.filter(pk=case.pk).update(suspected_on=opened, dropout_on=dropout_on)
        cases.append(case)
    return cases


def came_back(cases: list[Case], on: date) -> None:
    for case in cases:
        Case.objects.filter(pk=case.pk).update(state=CaseState.RETURNED, returned_on=on)
