"""Which children a person works with, and through which seats: home, school, or a case handed over."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from accounts.reach import EDUCATION_LINE, GOVERNMENT_LINE, Held
from cases.models import Case
from cases.permissions import MAY, Act, acting
from regions.paths import covers
from students.models import Student


def reachable(by: User) -> QuerySet[Student]:
    """Children within reach, and those reached through their open case alone."""
    cases = Case.objects.visible_to(by).open().filter(student=OuterRef("pk"))
    return Student.objects.visible_to(by) | Student.objects.filter(Exists(cases))


def seats_for(by: User, act: Act, student: Student, case: Case | None) -> list[Held]:
    """The seats by which `by` may do `act` about a child: those that act on its case come first."""
    on_case = [held for held in acting(by, case) if held.role in MAY[act]] if case else []
    beside = [held for held in by.reach.seats if held.role in MAY[act] and _over(held, student)]
    return on_case + [held for held in beside if held not in on_case]


def _over(held: Held, student: Student) -> bool:
    """双线: through the school for the education line, through home for the government line."""
    at_school = held.role in EDUCATION_LINE and covers(held.path, student.school_path)
    homes = (student.household_path, student.residence_path)
    return at_school or (
        held.role in GOVERNMENT_LINE and any(covers(held.path, home) for home in homes)
    )
