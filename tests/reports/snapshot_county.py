"""A county of two townships with children in several buckets, rolled up, for the tests of pages."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.enums import Role
from accounts.models import User
from cases.models import Case
from regions.models import SchoolClass
from reports.counting.roll_up import roll_up
from students.models import Guardian, Student
from tests import factories as make
from tests.cases.case_county import County, case_of, county

ON = make.THURSDAY


@dataclass
class Watched:
    """`base`: the county of the cases' tests; `next_class` lies in the next township."""

    base: County
    next_class: SchoolClass
    next_child: Student
    dropout: Case
    suspected: Case
    next_case: Case
    children: list[Student]
    principal: User

    @property
    def path(self) -> str:
        return self.base.region.path


def watched() -> Watched:
    """七(1)班 of twelve: one 辍学, one 疑似辍学; next door a class of eleven with one 疑似辍学."""
    base = county()
    children = [base.student, *make.pupils(base.school_class, 11)]
    base.student.id_no, base.student.xueji_no = "539901201305060011", "G539901201305060011"
    base.student.save()
    of = make.school_class(make.school("5399010002", region_code="539901002", name="青山中学"))
    village = make.region("539901002001")
    neighbours = make.pupils(
        of, 11, household_region=village, household_path=village.path,
        residence_region=village, residence_path=village.path,
    )  # fmt: skip
    guardian = Guardian(student=base.student, name="玉罕", relation="母亲", order=2)
    guardian.phone = "13812345678"
    guardian.save()
    dropout = _level(case_of(children[0]), suspected=20, dropout=5)
    suspected = _level(case_of(children[1]), suspected=3)
    next_case = _level(case_of(neighbours[0]), suspected=3)
    principal = make.user(Role.PRINCIPAL, base.school_class.school, name="普文昌")
    made = Watched(
        base, of, neighbours[0], dropout, suspected, next_case, children, principal
    )  # fmt: skip
    count()
    return made


def _level(case: Case, *, suspected: int, dropout: int | None = None) -> Case:
    """What the nightly clocks write once their days have passed."""
    case.suspected_on = ON - timedelta(days=suspected)
    case.dropout_on = ON - timedelta(days=dropout) if dropout else None
    case.save(update_fields=["suspected_on", "dropout_on"])
    return case


def count(on: date = ON) -> None:
    roll_up(on, make.region("539901"))
