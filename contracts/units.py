"""Who must sign with whom this year: the units of a county by link, and who sits in their seats."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from accounts.enums import Role
from accounts.models import Seat
from contracts.enums import SEATS, Link, Side
from contracts.models import Contract
from contracts.rules.texts import bureau_name, government_name, village_name
from regions.enums import Level, SchoolKind
from regions.models import Region, School, SchoolClass
from regions.paths import inside, inside_any, township_of


@dataclass(frozen=True, slots=True)
class Pair:
    """Two units that sign with each other."""

    link: Link
    upper_path: str
    upper_name: str
    lower_path: str
    lower_name: str


def pairs(county: Region, on: date, *, per_teacher: bool) -> list[Pair]:
    """Every pair of both lines. A teaching point under a central school is in that school's."""
    return [
        *_government(county),
        *_education(county, on),
        *(_teachers(county, on) if per_teacher else []),
    ]


def _government(county: Region) -> list[Pair]:
    places = Region.objects.filter(
        inside("path", county.path), level__in=(Level.TOWNSHIP, Level.VILLAGE)
    )
    names = {place.path: government_name(place.name) for place in places}
    above = government_name(county.name)
    made = []
    for place in places:
        if place.level == Level.TOWNSHIP:
            made.append(
                Pair(Link.COUNTY_TOWNSHIP, county.path, above, place.path, names[place.path])
            )
        else:
            township = township_of(place.path)
            made.append(
                Pair(
                    Link.TOWNSHIP_VILLAGE,
                    township,
                    names[township],
                    place.path,
                    village_name(place.name),
                )
            )
    return made


def _education(county: Region, on: date) -> list[Pair]:
    bureau = bureau_name(county.name, settings.KONGCHUO_BUREAU_NAME)
    schools = School.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=on), inside("path", county.path)
    ).exclude(kind=SchoolKind.TEACHING_POINT, led_by__isnull=False)
    first = Pair(Link.COUNTY_BUREAU, county.path, government_name(county.name), county.path, bureau)
    return [first] + [
        Pair(Link.BUREAU_SCHOOL, county.path, bureau, school.path, school.name)
        for school in schools
    ]


def _teachers(county: Region, on: date) -> list[Pair]:
    classes = SchoolClass.objects.at(county.path).running(on).select_related("school")
    return [
        Pair(
            Link.SCHOOL_TEACHER,
            one.school.path,
            one.school.name,
            one.path,
            f"{one.school.name} {one.label(on)}班主任",
        )
        for one in classes
    ]


Post = tuple[Role, str]


def post_of(contract: Contract, side: Side) -> Post:
    """The seat that signs for a side: its role and its place."""
    path = contract.upper_path if side is Side.UPPER else contract.lower_path
    return SEATS[Link(contract.link)][side], path


def holders(contracts: Iterable[Contract], on: date) -> dict[Post, list[Seat]]:
    """Who sits in the seats these contracts are signed from, on a day; a locked account does not."""
    paths = {path for one in contracts for path in (one.upper_path, one.lower_path)}
    found: dict[Post, list[Seat]] = defaultdict(list)
    wanted = {role for seats in SEATS.values() for role in seats.values()}
    seats = Seat.objects.on(on).filter(role__in=wanted, user__is_active=True)
    county = min(paths, key=len, default="")
    if len(paths) > 1 and all(path.startswith(county) for path in paths):
        seats = seats.filter(inside("path", county))
    else:
        seats = seats.filter(inside_any("path", paths))
    for seat in seats.select_related("user").order_by("pk"):
        found[Role(seat.role), seat.path].append(seat)
    return found
