"""The county the pages are looked at with: the longest names, sixty in a class, and an empty one."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import Role
from accounts.models import User
from accounts.seats.first_accounts import system_account
from attendance.authorised_absences import requests
from attendance.enums import Mark
from attendance.models import AbsenceAlert
from kongchuo import jobs
from regions.enums import SchoolKind
from regions.models import School, SchoolClass
from students.enums import AbsenceKind
from students.models import Student
from tests import factories as make

SCHOOL_NAME = "云南示例州澜屏县苦荞箐傈僳族彝族乡民族团结进步示范九年一贯制寄宿制希望学校中学部"
LONGEST, RARE = "鲁茸取扎西次仁", "㛃䶮𬱖"
SIZE = 60


@dataclass
class County:
    """The school, its full class and its empty one, the people, and the alert of the first child."""

    school: School
    full: SchoolClass
    empty: SchoolClass
    children: list[Student]
    users: dict[Role, User]
    alert: AbsenceAlert


def build(*, today: date) -> County:
    """Registers of three days, none today: the first child absent on all, the second on the last
    two (cannot be judged), the third on all with leave that waits."""
    make.term()
    county, township = (
        make.region("539901", "澜屏县"),
        make.region("539901001", "苦荞箐傈僳族彝族乡"),
    )
    school = make.school(kind=SchoolKind.JUNIOR, name=SCHOOL_NAME)
    full, empty = make.school_class(school), make.school_class(school, number=2)
    names = [LONGEST, RARE, *(make.NAMES * 5)][:SIZE]
    children = [
        make.pupil(full, name, id_no=make.id_number(900 + n), boarder=n % 2 == 0)
        for n, name in enumerate(names)
    ]
    units = {
        Role.TEACHER: full, Role.OFFICE: school, Role.TOWNSHIP: township, Role.BUREAU: county,
        Role.VILLAGE: make.region("539901001001", "芒回村"), Role.COURT: county,
        Role.SYSTEM_ADMIN: None, Role.AUDIT_ADMIN: None,
    }  # fmt: skip
    users = {role: make.user(role, unit, username=role) for role, unit in units.items()}
    days = make.weekdays(today, 4)
    for day, absent in zip(days, ([0, 2], [0, 1, 2], [0, 1, 2]), strict=False):
        marks = {children[n].uid: Mark.ABSENT for n in absent}
        make.take(full, day, users[Role.TEACHER], **marks)
    requests.ask(
        children[2], by=users[Role.TEACHER], kind=AbsenceKind.PERSONAL, first=days[0], last=today,
        reason="家里办事，来电", on=today,
    )  # fmt: skip
    system_account(on=today)
    jobs.run("flag_absences", today, county, again=True)
    alert = AbsenceAlert.objects.get(student=children[0])
    return County(school, full, empty, children, users, alert)
