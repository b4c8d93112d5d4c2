"""班主任与岗位: the seats a person may give, unit by unit: who holds them, and what wants doing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Prefetch, Q

from accounts.enums import CLASS_ROLES, SCHOOL_STAFF, Role, SeatState
from accounts.models import Seat, SeatQuerySet, User
from accounts.seats.account_states import IN_USE, states_of
from accounts.seats.keeping import Keeper
from accounts.seats.permissions import still_open
from accounts.seats.slips import accounts_near
from kongchuo.people.handover import KINDS, Open, open_of_all
from kongchuo.people.vacancies import (
    TO_THE_BUREAU,
    Vacancy,
    class_vacancies,
    ending_soon,
    home_vacancies,
    school_vacancies,
    silent,
)
from regions.days import PlaceRules
from regions.enums import Level, SchoolKind
from regions.models import Region, School, SchoolClass
from regions.paths import inside_any
from students.models import Enrolment

Unit = Region | School | SchoolClass
LATELY = timedelta(days=30)
READERS = SCHOOL_STAFF | {Role.CENTRAL, Role.BUREAU, Role.TOWNSHIP, Role.COUNTY_OFFICE}


@dataclass(frozen=True, slots=True)
class Holder:
    """A seat that stands at a unit, and what is to be said of it."""

    seat: Seat
    ending: bool = False
    silent: bool = False

    @property
    def to_do(self) -> bool:
        return self.ending or self.silent

    def states(self, on: date) -> list[tuple[str, str]]:
        """(tone, words) of what is to be said of it, as the page and its export say it."""
        said = [one for one in states_of(self.seat.user, on) if one != IN_USE]
        if self.seat.state == SeatState.PROPOSED:
            said.append(("go", "待启用"))
        elif self.seat.began > on:
            said.append(("go", "还没到任"))
        if self.ending:
            said.append(("warn", "快到期"))
        if self.silent and self.seat.user.last_login:
            said.append(("warn", "14 天没有登录"))
        return said or [("ok", "在岗")]


@dataclass
class Line:
    """One unit and role: who holds it; vacant where nobody does and children are there."""

    unit: Unit
    role: Role
    label: str
    holders: list[Holder] = field(default_factory=list)
    vacancy: Vacancy | None = None

    @property
    def may_join(self) -> list[Role]:
        """Who may be given beside those who hold it: a class has one teacher and one stand-in."""
        if self.vacancy or not self.holders or self.role not in CLASS_ROLES:
            return []
        held = {one.seat.role for one in self.holders}
        return [role for role in (Role.TEACHER, Role.STAND_IN) if role not in held]

    @property
    def takes_another(self) -> bool:
        """A school has 教务处, 校长 and 中心校, a township its head beside its officer; of each as many as
        are named. May another be named although somebody holds it?"""
        return bool(self.holders) and not self.vacancy and self.role not in CLASS_ROLES

    @property
    def nobody(self) -> str:
        """What is said of a unit where nobody is named and no child waits for it."""
        return "还没有安排" if self.role is Role.LEADER else "没有学生，也没有安排人"

    @property
    def rank(self) -> int:
        """Vacant first, then what ends or stands still, then the rest."""
        return 0 if self.vacancy else 1 if any(one.to_do for one in self.holders) else 2


@dataclass
class Section:
    """The lines of one kind: classes, schools, townships, villages, counted in 个班, 所学校.

    `gives`: whoever looks fills what is vacant; else it is shown, and another fills it.
    """

    title: str
    lines: list[Line]
    measure: str = ""
    gives: bool = True

    @property
    def vacant(self) -> list[Line]:
        return [line for line in self.lines if line.vacancy]

    @property
    def held(self) -> int:
        return sum(bool(line.holders) and not line.vacancy for line in self.lines)

    @property
    def soon(self) -> int:
        return sum(one.ending for line in self.lines for one in line.holders)

    @property
    def silent(self) -> int:
        return sum(one.silent for line in self.lines for one in line.holders)


@dataclass(frozen=True, slots=True)
class Leaver:
    """A seat that ended while things stand open in its holder's name."""

    seat: Seat
    open: list[Open]


def sections_of(user: User, on: date, place_rules: PlaceRules) -> list[Section]:
    """What a person gives seats for, one section a kind of unit; those with nothing are left out."""
    reach = user.reach
    found = [
        _classes(class_paths(user), on, place_rules),
        _schools(reach.paths(Role.BUREAU), on),
        _late_classes(reach.paths(Role.BUREAU), on, place_rules),
        _homes(reach.paths(Role.COUNTY_OFFICE), Level.TOWNSHIP, on),
        _village_heads(reach.paths(Role.COUNTY_OFFICE), on),
        _homes(reach.paths(Role.TOWNSHIP), Level.VILLAGE, on),
    ]
    return [section for section in found if section.lines]


def class_paths(user: User) -> tuple[str, ...]:
    """The schools whose classes a person gives out: its own, and a 中心校's one-teacher points."""
    led = School.objects.filter(
        inside_any("path", user.reach.paths(Role.CENTRAL)), kind=SchoolKind.TEACHING_POINT
    )
    return (*user.reach.paths(*SCHOOL_STAFF), *led.values_list("path", flat=True))


def _classes(paths: tuple[str, ...], on: date, place_rules: PlaceRules) -> Section:
    if not paths:
        return Section("", [])
    filled = Enrolment.objects.on(on).filter(inside_any("school_class__path", paths))
    classes = SchoolClass.objects.at(*paths).running(on).select_related("school")
    ordered = sorted(
        classes.filter(pk__in=filled.values("school_class_id")),
        key=lambda one: (one.school.path, one.grade(on), one.number),
    )
    vacancies = class_vacancies(paths, on, place_rules.calendar)
    several = len({one.school_id for one in ordered}) > 1
    lines = [
        Line(one, Role.TEACHER, f"{one.school.name} {one.label(on)}" if several else one.label(on))
        for one in ordered
    ]
    return Section("班级", _filled(lines, CLASS_ROLES, vacancies, on), "个班")


def _late_classes(paths: tuple[str, ...], on: date, place_rules: PlaceRules) -> Section:
    """Classes of the county vacant so long that the bureau is to know, and those of which nobody can
    say how long; their school fills them."""
    late = [
        Line(one.unit, one.role, f"{one.unit.school.name} {one.label}", vacancy=one)
        for one in (class_vacancies(paths, on, place_rules.calendar) if paths else [])
        if isinstance(one.unit, SchoolClass) and (one.days is None or one.days >= TO_THE_BUREAU)
    ]
    title = f"空岗满 {TO_THE_BUREAU} 个教学日的班"
    if any(line.vacancy and line.vacancy.days is None for line in late):
        title += "，和天数无法核定的班"
    return Section(title, late, "个班", gives=False)


def _schools(paths: tuple[str, ...], on: date) -> Section:
    if not paths:
        return Section("", [])
    schools = School.objects.filter(inside_any("path", paths), closed_on=None).order_by("path")
    lines = [Line(school, Role.OFFICE, school.name) for school in schools]
    vacancies = school_vacancies(paths, on)
    return Section("学校", _filled(lines, SCHOOL_STAFF, vacancies, on), "所学校")


def _homes(paths: tuple[str, ...], level: Level, on: date) -> Section:
    if not paths:
        return Section("", [])
    role = {Level.TOWNSHIP: Role.TOWNSHIP, Level.VILLAGE: Role.VILLAGE}[level]
    regions = Region.objects.filter(inside_any("path", paths), level=level).order_by("path")
    lines = [Line(region, role, region.name) for region in regions]
    title, measure = {
        Level.TOWNSHIP: ("乡镇（街道）", "个乡镇"),
        Level.VILLAGE: ("村（社区）", "个村"),
    }[level]
    roles = {role, Role.LEADER} if level is Level.TOWNSHIP else {role}
    return Section(title, _filled(lines, roles, home_vacancies(paths, level, on), on), measure)


def _village_heads(paths: tuple[str, ...], on: date) -> Section:
    """单位负责人 of villages, whom the county's office names; the township names who does the work."""
    if not paths:
        return Section("", [])
    villages = Region.objects.filter(inside_any("path", paths), level=Level.VILLAGE)
    lines = [Line(one, Role.LEADER, one.name) for one in villages.order_by("path")]
    return Section(
        "村（社区）单位负责人", _filled(lines, {Role.LEADER}, [], on), "个村（单位负责人）"
    )


def _filled(
    lines: list[Line], roles: Iterable[Role], vacancies: list[Vacancy], on: date
) -> list[Line]:
    """The lines with their holders and vacancies, what wants doing first."""
    seats = Seat.objects.open(on).with_units().filter(role__in=roles)
    here = list(seats.filter(path__in=[line.unit.path for line in lines]).order_by("began", "pk"))
    now = [seat for seat in here if seat.began <= on]
    ending = {seat.pk for seat in ending_soon(now, on)}
    quiet = {seat.pk for seat in silent(now, on)}
    holders = defaultdict(list)
    for seat in here:
        holders[seat.path].append(Holder(seat, seat.pk in ending, seat.pk in quiet))
    vacant = {one.unit.path: one for one in vacancies}
    for line in lines:
        line.holders = holders[line.unit.path]
        line.vacancy = vacant.get(line.unit.path)
    return sorted(lines, key=lambda line: line.rank)


def leavers(seats: SeatQuerySet, on: date) -> list[Leaver]:
    """Of these seats those that are over while their holder's things stand open, latest first."""
    holding = Q()
    for kind in KINDS:
        holding |= Q(user__in=kind.holders())
    over = seats.filter(holding, Q(until__lt=on) | Q(state=SeatState.REVOKED))
    known = list(over.with_units().order_by("-pk"))
    left = open_of_all(known, on)
    return [Leaver(seat, left[seat.pk]) for seat in known if left[seat.pk]]


def ended_lately(paths: Iterable[str], on: date) -> list[Seat]:
    """The seats at these places that somebody ended with a day of the last 30, latest first."""
    over = Seat.objects.filter(Q(until__lt=on) | Q(state=SeatState.REVOKED), path__in=list(paths))
    lately = over.filter(until__gte=on - LATELY, ended_by__isnull=False)
    return list(lately.with_units().order_by("-until", "-pk"))


def shared_accounts(user: User, on: date) -> list[tuple[User, list[Seat]]]:
    """Accounts with seats of several givers, which this person looks after as the one above them."""
    if not user.reach.roles & {Role.BUREAU, Role.COUNTY_OFFICE}:
        return []
    keeper, found = Keeper(user), []
    near = accounts_near(user, on, several=True).order_by("name", "username")
    for one in near.prefetch_related(Prefetch("seats", Seat.objects.with_units())):
        seats = still_open(one.seats.all(), on)
        if keeper.is_above(one, seats):
            found.append((one, seats))
    return found
