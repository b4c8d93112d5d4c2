"""The invented children of the county, their families, and the people with accounts."""

from datetime import date, time, timedelta
from random import Random

from demo.county.names import HARD_NAMES, ethnicity, full_name, surname_of
from demo.county.places import COUNTY, ClassPlan, CountyPlaces, SchoolPlan
from demo.county.plan import ChildPlan, EnrolmentPlan, GuardianPlan, StaffPlan, random_stream
from regions.clock import at
from regions.columns import UID_LETTERS
from regions.enums import SchoolKind, Stage
from students.enums import GuardianKind, Sex
from students.rules.identity import check_digit

# Order numbers of ID numbers nobody bears: odd is male, even female.
ORDERS = {
    Sex.MALE: ("991", "993", "995", "997", "999"),
    Sex.FEMALE: ("000", "990", "992", "994", "996", "998"),
}
DAWN = time(7, 0)
USERNAMES = {
    "teacher": "teacher", "stand_in": "standin", "office": "office", "principal": "principal",
    "central": "central", "village": "village", "township": "township", "bureau": "bureau",
    "county_office": "county", "court": "court", "procuratorate": "procure",
    "justice": "justice", "police": "police", "labour": "labour", "system_admin": "sysadmin",
    "security_admin": "secadmin", "audit_admin": "audit",
    "leader": "leader", "inspector": "inspector",
}  # fmt: skip
COUNTY_SEATS = (
    "bureau", "county_office", "court", "procuratorate", "justice", "police", "labour",
)  # fmt: skip
ADMIN_SEATS = ("system_admin", "security_admin", "audit_admin")
WITH_A_CASE = 2  # the village of the plain name: the first one where a child has a case


def id_number(born: str, order: str, area: str = COUNTY) -> str:
    """An invented number that passes the check of GB 11643: born as 20130506, order as 991."""
    first17 = f"{area}{born}{order}"
    return first17 + check_digit(first17)


class UniqueNumbers:
    """Hands out portal numbers, ID numbers and telephones, none of them twice where it matters."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.taken: set[str] = set()

    def uid(self) -> str:
        return self._fresh(lambda: "".join(self.rng.choice(UID_LETTERS) for _ in range(10)))

    def birth_and_id(self, grade: int, year: int, sex: str) -> tuple[date, str]:
        """A birthday that fits the grade, and an ID number nobody bears."""

        def draw() -> str:
            born = date(year - 6 - grade, 9, 1) + timedelta(days=self.rng.randrange(365))
            return id_number(f"{born:%Y%m%d}", self.rng.choice(ORDERS[Sex(sex)]))

        number = self._fresh(draw)
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])), number

    def phone(self) -> str:
        return f"1990000{self.rng.randrange(10_000):04d}"

    def _fresh(self, draw) -> str:
        while (value := draw()) in self.taken:
            pass
        self.taken.add(value)
        return value


def plan_children(places: CountyPlaces, year: int, rng: Random) -> list[ChildPlan]:
    """One child per place in a class, on its roll since it entered; the hard names come first."""
    numbers = UniqueNumbers(rng)
    hard = list(HARD_NAMES)
    born = []
    for school_class in places.classes:
        for _ in range(school_class.size):
            given = hard.pop() if hard and school_class.size > 10 else None
            born.append(_child(places, school_class, year, numbers, given))
    return born


def _child(
    places: CountyPlaces,
    school_class: ClassPlan,
    year: int,
    numbers: UniqueNumbers,
    given: tuple | None,
) -> ChildPlan:
    rng = numbers.rng
    sex, people = rng.choice("12"), ethnicity(rng)
    name, initials = full_name(rng, people, sex)
    if given:
        name, initials, sex, people = given
    birth_on, id_no = numbers.birth_and_id(school_class.grade, year, sex)
    left_behind = rng.choices("0129", (70, 18, 11, 1))[0]
    entered = date(school_class.entry_year, 9, 1)
    household, residence = _homes(places, school_class.school, rng)
    numbered = rng.random()
    return ChildPlan(
        uid=numbers.uid(),
        name=name,
        initials=initials,
        sex=sex,
        birth_on=birth_on,
        ethnicity=people,
        id_no=id_no if numbered < 0.98 else "",
        xueji_no=_xueji_no(id_no, numbered),
        boarder=school_class.stage is Stage.JUNIOR and rng.random() < school_class.school.boarding,
        left_behind=left_behind,
        household=household,
        residence=residence,
        guardians=_guardians(numbers, name, people, left_behind),
        enrolments=[EnrolmentPlan(school_class.key, entered, at(places.first, DAWN))],
    )


def _xueji_no(id_no: str, numbered: float) -> str:
    """Mostly G with the ID number; for a child without one L and a number; for a few none yet."""
    if numbered < 0.97:
        return f"G{id_no}"
    return f"L{id_no[:17]}7" if numbered >= 0.98 else ""


def _homes(places: CountyPlaces, school: SchoolPlan, rng: Random) -> tuple[str, str]:
    """Household and residence codes: a few in another township, a few without a known village."""
    townships = sorted({s.township for s in places.schools})
    household = rng.choice(places.villages(school.township))
    if rng.random() < 0.08:
        household = rng.choice(places.villages(rng.choice(townships)))
    elif rng.random() < 0.03:
        household = school.township
    chance = rng.random()
    if chance < 0.86:
        return household, household
    if chance < 0.95:
        return household, rng.choice(places.villages(school.township))
    return ("", "") if chance < 0.97 else (household, "")


def _guardians(
    numbers: UniqueNumbers, name: str, people: str, left_behind: str
) -> list[GuardianPlan]:
    rng, family = numbers.rng, surname_of(name, people)

    def guardian(kind: GuardianKind, relation: str, sex: str, family) -> GuardianPlan:
        own, again = full_name(rng, people, sex, family)[0], random_stream(0, name)
        while own == name:  # dice of its own: the county stays the same otherwise
            own = full_name(again, people, sex, family)[0]
        return GuardianPlan(numbers.uid(), kind, relation, own, numbers.phone())

    parents = [guardian(GuardianKind.PARENT, "父亲", "1", family)]
    if rng.random() < 0.25:
        parents = [guardian(GuardianKind.PARENT, "母亲", "2", None)]
    if left_behind in "29":
        return [*parents, guardian(GuardianKind.CARER, "祖母", "2", None)]
    if rng.random() < 0.4 and parents[0].relation == "父亲":
        return [*parents, guardian(GuardianKind.PARENT, "母亲", "2", None)]
    return parents


def plan_staff(places: CountyPlaces, rng: Random) -> list[StaffPlan]:
    """One account per role under a plain name, and everybody else the county needs."""
    names = (full_name(rng, ethnicity(rng), rng.choice("12"))[0] for _ in iter(int, 1))
    town_school = places.schools[0]
    members = [
        StaffPlan(USERNAMES[role], next(names), ((role, COUNTY),)) for role in COUNTY_SEATS
    ] + [StaffPlan(USERNAMES[role], next(names), ((role, ""),)) for role in ADMIN_SEATS]
    members += [
        StaffPlan(username, next(names), (("teacher", key), *also))
        for username, key, also in _teachers(places)
    ]
    second = places.classes[1].key
    members.append(StaffPlan(USERNAMES["stand_in"], next(names), (("stand_in", second),)))
    for number, school in enumerate(places.schools, 1):
        mine = school is town_school
        office, head = (
            (USERNAMES["office"], USERNAMES["principal"])
            if mine
            else (f"jw{number:02d}", f"xz{number:02d}")
        )
        members.append(StaffPlan(office, next(names), (("office", school.code),)))
        if school.kind is not SchoolKind.TEACHING_POINT:
            members.append(StaffPlan(head, next(names), (("principal", school.code),)))
    members += _line_members(places, names)
    members.append(StaffPlan(USERNAMES["leader"], next(names), (("leader", town_school.township),)))
    members.append(StaffPlan(USERNAMES["inspector"], next(names), (("inspector", COUNTY),)))
    return members


def _teachers(places: CountyPlaces):
    """(username, class key, further seats): one per class; a teaching point shares one teacher."""
    number = 0
    shared: set[int] = set()
    for school_class in places.classes:
        if school_class.key in shared:
            continue
        also: tuple = ()
        if school_class.school.kind is SchoolKind.TEACHING_POINT:
            others = [
                k.key
                for k in places.classes
                if k.school is school_class.school and k is not school_class
            ]
            shared.update(others)
            also = tuple(("teacher", key) for key in others)
        username = USERNAMES["teacher"] if school_class.key == 0 else f"t{number:03d}"
        number += 1
        yield username, school_class.key, also


def _line_members(places: CountyPlaces, names):
    """Central schools, townships and villages; the town's come first and bear the plain names."""
    leaders = sorted({school.led_by for school in places.schools if school.led_by})
    for number, code in enumerate(leaders, 1):
        username = f"zx{number}" if number > 1 else USERNAMES["central"]
        yield StaffPlan(username, next(names), (("central", code),))
    townships = sorted({school.township for school in places.schools})
    village_number = 0
    for number, township in enumerate(townships, 1):
        username = f"xiang{number}" if number > 1 else USERNAMES["township"]
        yield StaffPlan(username, next(names), (("township", township),))
        for village in places.villages(township):
            village_number += 1
            plain = village_number == WITH_A_CASE
            username = USERNAMES["village"] if plain else f"cun{village_number:02d}"
            yield StaffPlan(username, next(names), (("village", village),))
