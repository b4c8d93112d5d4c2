"""The invented county 澜屏县 (area code 539901, assigned to nobody): places, schools, days."""

from dataclasses import dataclass
from datetime import date
from math import ceil
from random import Random

from demo.county.calendar import (
    CalendarEntry,
    CountyCalendar,
    decided_years,
    each,
    in_term,
    nation_at_school,
    terms,
)
from regions.enums import DayKind, Level, SchoolKind, Stage
from regions.rules.classnames import school_year

COUNTY = "539901"
LARGEST_CLASS, SMALLEST_CLASS = 48, 3
# Local rows need this many school days behind them.
LOCAL_DAYS_NEED = 12

PROVINCE = ("53", "云南省", Level.PROVINCE, "")
PREFECTURE = ("5399", "澜江州", Level.PREFECTURE, "53")
TOWNSHIPS = (
    ("100", "白水镇", "白水社区 岩脚村 河口村 大青树村 柳坪村"),
    ("200", "响水乡", "响水村 石门村 三家村 沙坝村"),
    ("201", "鹰岩乡", "鹰岩村 箐头村 冷水村 核桃坪村"),
    ("202", "云顶乡", "云顶村 茶山村"),
    ("203", "苦荞箐傈僳族乡", "苦荞箐村 羊厩村 花椒村"),
)


@dataclass(frozen=True, slots=True)
class RegionPlan:
    code: str
    name: str
    level: Level
    parent: str


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """A school: years per stage, share of the county's pupils per grade, classes per grade."""

    code: str
    name: str
    kind: SchoolKind
    place: str
    primary_years: int
    junior_years: int
    weight: float = 0.0
    sections: int = 1
    led_by: str = ""
    boarding: float = 0.0
    alerts_from: date | None = None

    @property
    def township(self) -> str:
        return self.place[:9]

    @property
    def grades(self) -> list[tuple[Stage, int, int]]:
        """Stage, grade and years of the stage, for every grade taught."""
        primary = [(Stage.PRIMARY, g, self.primary_years) for g in range(1, self.primary_years + 1)]
        junior = [(Stage.JUNIOR, g, self.junior_years) for g in range(10 - self.junior_years, 10)]
        return primary + junior


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class in the school year of the plan."""

    key: int
    school: SchoolPlan
    stage: Stage
    grade: int
    entry_year: int
    number: int
    years: int
    size: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes it sits in, the widest first."""
        return COUNTY, self.school.township, self.school.code


@dataclass(frozen=True)
class LocalDays:
    """Days and places the scenarios cross; None where the ground before `until` is too short."""

    holiday: date | None = None
    closure: date | None = None
    make_up: date | None = None
    boarders_off: date | None = None
    closed_school: str = ""
    make_up_township: str = ""
    boarding_school: str = ""


@dataclass
class CountyPlaces:
    regions: list[RegionPlan]
    schools: list[SchoolPlan]
    classes: list[ClassPlan]
    calendar: CountyCalendar
    local_days: LocalDays = LocalDays()

    @property
    def first(self) -> date:
        return self.calendar.first

    def villages(self, township: str) -> list[str]:
        return [region.code for region in self.regions if region.parent == township]


def plan_places(pupils: int, until: date, rng: Random) -> CountyPlaces:
    """The county with room for exactly `pupils` children, and its calendar around `until`."""
    year = school_year(until)
    plain = plain_days(until)
    schools = _schools(plain)
    local_days = _local_days(plain)
    rows = tuple(_term_rows(year) + _local_rows(plain, local_days))
    calendar = CountyCalendar(plain[0], until, rows)
    classes = plan_classes(schools, _grade_sizes(schools, pupils, rng), year)
    return CountyPlaces(_regions(), schools, classes, calendar, local_days)


def plain_days(until: date) -> list[date]:
    """The county's school days of the school year up to `until`, before anything local.

    Raises ValueError when `until` is none. Years nobody decided are left out.
    """
    year = school_year(until)
    rows = terms(COUNTY, year)
    first = max(date(year, 9, 1), date(min(decided_years()), 1, 1))
    if until.year not in decided_years():
        raise ValueError(until)
    days = [day for day in each(first, until) if in_term(rows, day) and nation_at_school(day)]
    if not days or days[-1] != until:
        raise ValueError(until)
    return days


def _regions() -> list[RegionPlan]:
    regions = [
        RegionPlan(*PROVINCE),
        RegionPlan(*PREFECTURE),
        RegionPlan(COUNTY, "澜屏县", Level.COUNTY, "5399"),
    ]
    for code, name, villages in TOWNSHIPS:
        township = COUNTY + code
        regions.append(RegionPlan(township, name, Level.TOWNSHIP, COUNTY))
        for number, village in enumerate(villages.split(), 200):
            regions.append(RegionPlan(f"{township}{number}", village, Level.VILLAGE, township))
    return regions


def _schools(plain: list[date]) -> list[SchoolPlan]:
    kind = SchoolKind
    went_live = plain[-25] if len(plain) > 30 else None
    town, water, eagle, cloud, buckwheat = (COUNTY + code for code, _, _ in TOWNSHIPS)
    return [
        _school(1, "白水中学", kind.JUNIOR, town, 0, 3, 3.2, boarding=0.6),
        _school(2, "白水镇中心小学", kind.PRIMARY, town, 6, 0, 1.8, sections=2),
        _school(3, "白水镇岩脚小学", kind.PRIMARY, f"{town}201", 6, 0, 0.4, led_by=2),
        _school(4, "大青树教学点", kind.TEACHING_POINT, f"{town}203", 2, 0, 0, led_by=2),
        _school(5, "响水乡中心小学", kind.PRIMARY, water, 6, 0, 0.8),
        _school(6, "石门九年一贯制学校", kind.NINE_YEAR, f"{water}201", 6, 3, 1.0, boarding=0.4),
        _school(7, "鹰岩乡中心小学", kind.PRIMARY, eagle, 6, 0, 0.8),
        _school(8, "鹰岩中学", kind.JUNIOR, eagle, 0, 3, 1.5, sections=2, boarding=0.8),
        _school(9, "箐头教学点", kind.TEACHING_POINT, f"{eagle}201", 2, 0, 0, led_by=7),
        _school(10, "云顶乡中心小学", kind.PRIMARY, cloud, 5, 0, 0.8),
        _school(11, "云顶中学", kind.JUNIOR, cloud, 0, 4, 0.8, boarding=0.5),
        _school(
            12, "苦荞箐傈僳族乡中心小学", kind.PRIMARY, buckwheat, 6, 0, 0.8, alerts_from=went_live
        ),
        _school(13, "花椒小学", kind.PRIMARY, f"{buckwheat}202", 6, 0, 0.4, led_by=12),
    ]


def school_code(number: int) -> str:
    return f"53990100{number:02d}"


def _school(
    number: int, name: str, kind: SchoolKind, place: str, primary: int, junior: int, weight: float,
    *, sections: int = 1, led_by: int = 0, boarding: float = 0.0, alerts_from: date | None = None,
) -> SchoolPlan:  # fmt: skip
    leader = school_code(led_by) if led_by else ""
    return SchoolPlan(
        school_code(number),
        name,
        kind,
        place,
        primary,
        junior,
        weight,
        sections,
        leader,
        boarding,
        alerts_from,
    )


def _term_rows(year: int) -> list[CalendarEntry]:
    return terms(COUNTY, year - 1) + terms(COUNTY, year)


def _local_days(plain: list[date]) -> LocalDays:
    """Where the local days lie: all of them in the three weeks before the last day."""
    holiday = closure = make_up = off = None
    if len(plain) >= LOCAL_DAYS_NEED:
        holiday, closure = plain[-9], plain[-6]
        around = each(plain[-LOCAL_DAYS_NEED], plain[-4])
        free = [day for day in around if day not in plain and day.isoweekday() == 6]
        make_up = free[-1] if free else None
        fridays = [d for d in plain[-LOCAL_DAYS_NEED:-3] if d.isoweekday() == 5 and d != holiday]
        off = fridays[-1] if fridays else None
    return LocalDays(
        holiday,
        closure,
        make_up,
        off,
        school_code(5),
        COUNTY + "201",
        school_code(1),
    )


def _local_rows(plain: list[date], local: LocalDays) -> list[CalendarEntry]:
    rows = []
    if plain[0].month == 9:
        late = "一年级新生次日报到"
        rows.append(CalendarEntry(COUNTY, plain[0], plain[0], DayKind.HOLIDAY, late, grades=(1,)))
    if local.holiday:
        rows.append(
            CalendarEntry(COUNTY, local.holiday, local.holiday, DayKind.HOLIDAY, "澜屏民族团结节")
        )
    if local.closure:
        day, half = local.closure, plain[-7]
        rows.append(
            CalendarEntry(local.closed_school, day, day, DayKind.CLOSURE, "进村公路塌方停课")
        )
        rows.append(CalendarEntry(school_code(6), half, half, DayKind.HALF_CLOSURE, "下午停水"))
    if local.make_up:
        day = local.make_up
        rows.append(
            CalendarEntry(local.make_up_township, day, day, DayKind.MAKE_UP, "补上大雾停的课")
        )
    if local.boarders_off:
        day, why = local.boarders_off, "路远的住校生提前一天离校"
        rows.append(
            CalendarEntry(local.boarding_school, day, day, DayKind.HOLIDAY, why, boarders=True)
        )
    return rows


def entry_year(stage: Stage, grade: int, years: int, year: int) -> int:
    """The year a class entered its stage of so many years that is in a grade in school year `year`."""
    return year - grade + (1 if stage is Stage.PRIMARY else 10 - years)


def plan_classes(schools: list[SchoolPlan], sizes: list[int], year: int) -> list[ClassPlan]:
    """The classes of school year `year`; `sizes` are the children of each grade of each school."""
    slots = [(school, *grade) for school in schools for grade in school.grades]
    classes: list[ClassPlan] = []
    for (school, stage, grade, years), size in zip(slots, sizes, strict=True):
        sections = max(school.sections, ceil(size / LARGEST_CLASS)) if size else 0
        for number in range(1, sections + 1):
            share = size // sections + (number <= size % sections)
            entry = entry_year(stage, grade, years, year)
            classes.append(
                ClassPlan(len(classes), school, stage, grade, entry, number, years, share)
            )
    return classes


def _grade_sizes(held: list[SchoolPlan], pupils: int, rng: Random) -> list[int]:
    """Children of each grade of each school: by the school's weight, never too few for its
    classes, their sum exact."""
    schools = [school for school in held for _ in school.grades]
    fixed = [rng.randint(SMALLEST_CLASS, 6) if not school.weight else 0 for school in schools]
    unit = (pupils - sum(fixed)) / sum(school.weight for school in schools)
    least = [few or SMALLEST_CLASS * s.sections for few, s in zip(fixed, schools, strict=True)]
    sizes = [
        max(few, int(school.weight * unit)) for few, school in zip(least, schools, strict=True)
    ]
    movable = [at for at, school in enumerate(schools) if school.weight]
    turn = 0
    while (over := sum(sizes) - pupils) != 0:
        at = movable[turn % len(movable)]
        turn += 1
        if over < 0:
            sizes[at] += 1
        elif sizes[at] > least[at]:
            sizes[at] -= 1
    return sizes
