"""Whom a request waits for after its school: the bureau, or for 病假 the 中心校 a county lets decide it.

A county may let the 中心校 give the second word on 病假 of the primary schools and 教学点 it leads
(政策 `sick_leave_by`). Never of its own pupils, never of other kinds, and not in the month after a
sample of the school, or of what that 中心校 granted, was found false. The bureau may always decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from accounts.enums import CLASS_ROLES, SCHOOL_STAFF, Role
from accounts.models import Seat, User
from attendance.authorised_absences.weighing import false_samples
from regions.days import PlaceRules, place_rules_of
from regions.enums import SchoolKind
from regions.models import Policy, School
from regions.paths import county_of, inside, inside_any
from regions.rules.policies import BY_CENTRAL
from students.enums import AbsenceKind
from students.models import AuthorisedAbsence

POLICY = "sick_leave_by"
LED = (SchoolKind.PRIMARY, SchoolKind.TEACHING_POINT)
LOST_ON_LEAVE = "准假期间登记了失联，学校说明已联系上"


@dataclass(frozen=True, slots=True)
class Decider:
    """Who gives the second word: the 中心校, or where there is none the bureau."""

    central: School | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset({Role.BUREAU} | ({Role.CENTRAL} if self.central else set()))

    @property
    def name(self) -> str:
        return f"中心校（{self.central.name}）" if self.central else "县教育体育局"

    @property
    def short(self) -> str:
        return "中心校" if self.central else "县"

    @property
    def refusal(self) -> str:
        either = "中心校或" if self.central else ""
        return f"这一步由{either}县教育体育局办理。"

    def is_open_to(self, user: User, absence: AuthorisedAbsence) -> bool:
        """May this person give it? Not as 中心校 who sits at the child's school as well."""
        if user.reach.holds(Role.BUREAU, over=absence.path):
            return True
        sits_there = user.reach.holds(*SCHOOL_STAFF, *CLASS_ROLES, over=absence.path)
        return user.reach.holds(*self.roles, over=absence.path) and not sits_there


THE_BUREAU = Decider()


@dataclass(frozen=True, slots=True)
class Delegated:
    """By path of a school, the 中心校 that decides its 病假 on a day."""

    centrals: Mapping[str, School]

    def decider_of(self, absence: AuthorisedAbsence) -> Decider:
        central = self.centrals.get(absence.path.split("C", 1)[0])
        lost = absence.why_second == LOST_ON_LEAVE
        if central is None or absence.kind != AbsenceKind.SICK or lost:
            return THE_BUREAU
        return Decider(central)

    @property
    def requests(self) -> Q:
        """What of all that waits for a second word waits for a 中心校."""
        own = Q(kind=AbsenceKind.SICK) & ~Q(why_second=LOST_ON_LEAVE)
        return own & inside_any("path", self.centrals)


NOBODY = Delegated({})


def decider_of(absence: AuthorisedAbsence, on: date, rules: PlaceRules | None = None) -> Decider:
    """Whom one request waits for, or would."""
    if absence.kind != AbsenceKind.SICK or not absence.path:
        return THE_BUREAU
    return delegated_at(county_of(absence.path), on, rules).decider_of(absence)


def delegated_at(county: str, on: date, rules: PlaceRules | None = None) -> Delegated:
    """What a county has let its 中心校 decide on a day; where it did not, no statement more than one."""
    if not _is_used(rules):
        return NOBODY
    policies = (rules or place_rules_of(county)).policies
    led = School.objects.filter(inside("path", county), kind__in=LED).exclude(led_by=None)
    schools = {one.path: one for one in led.exclude(led_by=F("pk")).select_related("led_by")}
    filled = set(Seat.objects.on(on).filter(role=Role.CENTRAL).values_list("school_id", flat=True))
    told = false_samples(county, on).values_list("path", "by_central")
    false = {path.split("C", 1)[0]: by_central for path, by_central in told.order_by("by_central")}
    erred = {
        schools[path].led_by_id for path, by_central in false.items() if by_central and path in schools
    }  # fmt: skip
    found = {}
    for path, school in schools.items():
        central = school.led_by
        may = central and central.pk in filled - erred and path not in false
        if central and may and policies.setting(POLICY, path, on).value == BY_CENTRAL:
            found[path] = central
    return Delegated(found)


def _is_used(rules: PlaceRules | None) -> bool:
    """Does any row let them? Read from `rules` where they are known."""
    if rules is None:
        return Policy.objects.active().filter(key=POLICY, value=BY_CENTRAL).exists()
    return any(row.key == POLICY and row.value == BY_CENTRAL for row in rules.policies.settings)
