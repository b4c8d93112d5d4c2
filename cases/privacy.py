"""Reach by field: reasons of health, marriage, offence and harm are read by those who act on them.

The county, and the township that answers for the child; besides them whoever wrote it down.
"""

from collections.abc import Iterable

from accounts.enums import COUNTY_ROLES, Role
from accounts.models import User
from cases.models import Case, CaseReach, Contact
from cases.permissions import acting
from regions.paths import county_of, covers
from students.models import Student

SEES_SENSITIVE = COUNTY_ROLES | {Role.TOWNSHIP}
WITHHELD = "谈话内容只给经办的乡镇和县里看。"


def acts_on(by: User, case: Case, rows: list[CaseReach] | None = None) -> bool:
    """Does `by` act on the case as the county or as its owner?"""
    return any(held.role in SEES_SENSITIVE for held in acting(by, case, rows))


def sees_sensitive(by: User, student: Student) -> bool:
    """Does `by` act on this child: on its case, or, while it has none, as the township of its home?"""
    county = county_of(student.school_path or student.household_path or student.residence_path)
    if by.reach.holds(*COUNTY_ROLES, over=county):
        return True
    if not by.reach.holds(Role.TOWNSHIP):
        return False
    cases = list(student.cases.order_by("-opened_on", "-pk"))
    if cases:
        return any(acts_on(by, case) for case in cases)
    home = student.residence_path or student.household_path
    return any(covers(path, home) for path in by.reach.paths(Role.TOWNSHIP))


def withheld_from(by: User, student: Student, contacts: Iterable[Contact]) -> set[int]:
    """Contacts of a child whose words `by` may not read. No statement where none is sensitive."""
    secret = {one.pk for one in contacts if one.sensitive and one.by_id != by.pk}
    return set() if not secret or sees_sensitive(by, student) else secret
