"""A county with a child out of school, its people, and a case opened from a finding."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import Role
from accounts.models import User
from cases.intake.opening import open_case
from cases.models import Case
from regions.models import Region, SchoolClass
from students.enums import FindingKind
from students.models import Finding, Guardian, Student
from tests import factories as make

ON = make.THURSDAY


@dataclass
class County:
    """One township, village, school and class, with whoever acts there; `other` is next door."""

    region: Region
    township: Region
    village: Region
    other: Region
    school_class: SchoolClass
    student: Student
    guardian: Guardian
    officer: User
    neighbour: User
    bureau: User
    county_office: User
    office: User
    teacher: User
    cadre: User


def county() -> County:
    """A decided term, a child of the village 539901001001 on the roll of 学校0001, and its people."""
    make.term()
    of = make.school_class(make.school())
    village, other = make.region("539901001001"), make.region("539901002")
    student = make.pupil(
        of, household_region=village, household_path=village.path,
        residence_region=village, residence_path=village.path, birth_on=date(2013, 5, 6),
    )  # fmt: skip
    guardian = Guardian.objects.create(student=student, name="岩温", relation="父亲")
    region, township = make.region("539901"), make.region("539901001")
    return County(
        region=region, township=township, village=village, other=other,
        school_class=of, student=student, guardian=guardian,
        officer=make.user(Role.TOWNSHIP, township, name="李雯"),
        neighbour=make.user(Role.TOWNSHIP, other, name="周勇"),
        bureau=make.user(Role.BUREAU, region, name="何志明"),
        county_office=make.user(Role.COUNTY_OFFICE, region, name="刀文华"),
        office=make.user(Role.OFFICE, of.school, name="罗玉"),
        teacher=make.user(Role.TEACHER, of, name="杨雪梅"),
        cadre=make.user(Role.VILLAGE, village, name="岩布勒"),
    )  # fmt: skip


def case_of(student: Student, *, by: User | None = None, on: date = ON, note: str = "") -> Case:
    """A case opened on `on` from a tip-off."""
    finding = Finding.objects.create(
        student=student, kind=FindingKind.TIP_OFF, note=note, on=on, by=by
    )
    return open_case(finding, by=by, on=on)
