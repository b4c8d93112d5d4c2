"""A county whose every seat of both lines is held, and its contracts."""

from dataclasses import dataclass, field
from datetime import date

from accounts.enums import Role
from accounts.models import Attachment, Change, User
from contracts import contracts
from contracts.enums import Link
from contracts.models import Contract, Signature
from regions.models import Region, School, SchoolClass
from tests import factories as make

YEAR = 2026
TODAY = make.THURSDAY
DUE = date(2026, 11, 30)


@dataclass
class County:
    """Two townships with a village each, two schools, one class; who sits where."""

    county: Region
    townships: list[Region]
    villages: list[Region]
    schools: list[School]
    school_class: SchoolClass
    people: dict[object, User] = field(default_factory=dict)

    def by(self, role: Role, unit=None) -> User:
        return self.people[role, unit or self.county]

    def of(self, link: Link, lower=None) -> Contract:
        rows = Contract.objects.standing().filter(link=link)
        return rows.get(lower_path=lower.path) if lower is not None else rows.get()

    def draft(self) -> None:
        for role in (Role.COUNTY_OFFICE, Role.BUREAU):
            contracts.draft_year(self.county, YEAR, by=self.by(role), on=TODAY)

    def issue(self, on: date = TODAY, due_on: date = DUE) -> None:
        office, bureau = self.by(Role.COUNTY_OFFICE), self.by(Role.BUREAU)
        drafts = Contract.objects.filter(state="draft")
        schools = drafts.filter(link=Link.BUREAU_SCHOOL)
        others = drafts.exclude(link__in=[Link.BUREAU_SCHOOL, Link.SCHOOL_TEACHER])
        for rows, by in ((others, office), (schools, bureau)):
            if uids := [one.uid for one in rows]:
                contracts.issue(uids, by=by, on=on, due_on=due_on)

    def sign(self, contract: Contract, *people: User, on: date = TODAY) -> Contract:
        for person in people:
            contracts.sign(contract.uid, by=person, on=on)
        contract.refresh_from_db()
        return contract


def build(code: str = "539901") -> County:
    county = make.region(code, "澜屏县")
    townships = [make.region(f"{code}00{n}", f"第{n}镇") for n in (1, 2)]
    villages = [make.region(f"{code}00{n}00{n}", f"第{n}村") for n in (1, 2)]
    schools = [
        make.school(f"{code}000{n}", region_code=f"{code}00{n}", name=f"第{n}中学") for n in (1, 2)
    ]
    made = County(county, townships, villages, schools, make.school_class(schools[0]))
    seats = [
        (Role.COUNTY_OFFICE, county), (Role.BUREAU, county),
        *((Role.TOWNSHIP, one) for one in townships), *((Role.VILLAGE, one) for one in villages),
        *((Role.PRINCIPAL, one) for one in schools), (Role.TEACHER, made.school_class),
        (Role.OFFICE, schools[0]), (Role.CENTRAL, schools[0]),
    ]  # fmt: skip
    for number, (role, unit) in enumerate(seats):
        made.people[role, unit] = make.user(role, unit, name=f"签字人{number:02d}")
    return made


def rows() -> list:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Contract, Signature, Change, Attachment)
    ]


def leave(user, last: date) -> None:
    user.seats.update(until=last)
