"""Places as the pages of numbers name them: a code in the address, a path inside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.enums import COUNTY_ROLES, LOOKING_ON, SCHOOL_ROLES, Role
from accounts.models import User
from regions.models import RegionCode, School, SchoolClass
from regions.paths import COUNTY, TOWNSHIP, county_of, inside
from regions.rules.values import number_of
from reports.models import Snapshot
from reports.queries.snapshots import level_of, may_read

COUNTYS_OWN = "县直学校"
PART_LEVEL = {"county": "township", "township": "school", "school": "class"}
PART_WORDS = {"county": "乡镇", "township": "学校", "school": "班级"}
CODE_LENGTHS = {6, 9}
# Whose own page is which: the widest seat first.
SEATS = [COUNTY_ROLES, frozenset({Role.TOWNSHIP}), SCHOOL_ROLES]
WATCHERS = frozenset().union(*SEATS)


@dataclass(frozen=True, slots=True)
class Place:
    """A county, township, school or class. `code` names it in addresses; a class has its number."""

    path: str
    code: str
    name: str

    @property
    def level(self) -> str:
        return level_of(self.path)

    @property
    def part_level(self) -> str:
        """The level its table goes down to; "" below a school."""
        return PART_LEVEL.get(self.level, "")

    @property
    def part_word(self) -> str:
        return PART_WORDS.get(self.level, "")


def find(code: str, user: User) -> Place | None:
    """The place of a code within the user's reach; None for one that is not, or does not exist."""
    found = _by_code(code)
    return found if found and may_read(user, found.path) else None


def looked_on(code: str, user: User) -> Place | None:
    """A county or township whose numbers alone a leader or an inspector reads; None for any other."""
    found = _by_code(code)
    if found is None or found.level not in ("county", "township"):
        return None
    return found if user.reach.holds(*LOOKING_ON, over=found.path) else None


def places_looked_on(user: User) -> list[Place]:
    """The counties and townships a user looks on as leader or inspector, numbers alone."""
    paths = [path for path in user.reach.paths(*LOOKING_ON) if len(path) <= TOWNSHIP]
    named = named_at(paths, None)
    return [named[path] for path in dict.fromkeys(paths) if path in named]


def _by_code(code: str) -> Place | None:
    if code.endswith("S"):
        county = _region(code[:-1])
        return Place(county.path + "S", code, COUNTYS_OWN) if county else None
    if code.startswith("C"):
        return _class(code[1:])
    if len(code) in CODE_LENGTHS:
        return _region(code)
    school = School.objects.filter(code=code).first()
    return Place(school.path, school.code, school.name) if school else None


def _region(code: str) -> Place | None:
    row = RegionCode.objects.filter(code=code).select_related("region").order_by("-began").first()
    if row is None or len(row.region.path) not in (COUNTY, TOWNSHIP):
        return None
    return Place(row.region.path, code, row.region.name)


def _class(number: str) -> Place | None:
    one = SchoolClass.objects.filter(pk=number_of(number) or 0).select_related("school").first()
    return Place(one.path, f"C{one.pk}", one.school.name) if one else None


def own_places(user: User) -> list[Place]:
    """The places a user answers for in numbers, of the widest kind of seat held."""
    for roles in SEATS:
        paths = list(dict.fromkeys(user.reach.paths(*roles)))
        if paths:
            named = named_at(paths, None)
            return [named[path] for path in paths if path in named]
    return []


def named_at(paths: Iterable[str], on: date | None) -> dict[str, Place]:
    """Places by path, in a statement per kind; a class is labelled as of `on`."""
    wanted = {path: level_of(path) for path in paths}
    found = _regions(path for path, level in wanted.items() if level in ("county", "township"))
    if schools := [path for path, level in wanted.items() if level == "school"]:
        for one in School.objects.filter(path__in=schools):
            found[one.path] = Place(one.path, one.code, one.name)
    classes = [path for path, level in wanted.items() if level == "class"]
    if on and classes:
        for row in SchoolClass.objects.filter(path__in=classes).select_related("school"):
            found[row.path] = Place(row.path, f"C{row.pk}", row.label(on))
    return found


def _regions(paths: Iterable[str]) -> dict[str, Place]:
    asked = list(paths)
    own = [path for path in asked if path.endswith("S")]
    rows = RegionCode.objects.filter(region__path__in=[*asked, *map(county_of, own)], ended=None)
    found = {
        row.region.path: Place(row.region.path, row.code, row.region.name)
        for row in rows.select_related("region").order_by("code")
    }
    for path in own:
        if county := found.get(county_of(path)):
            found[path] = Place(path, f"{county.code}S", COUNTYS_OWN)
    return found


def parts(place: Place, snapshot: Snapshot) -> list[Place]:
    """The parts of a place that a snapshot knows, by name."""
    if not place.part_level:
        return []
    cells = snapshot.cells.filter(inside("path", place.path), level=place.part_level)
    found = named_at(set(cells.values_list("path", flat=True)), snapshot.on)
    return sorted(found.values(), key=lambda one: one.path)
