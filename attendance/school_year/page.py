"""校历, as a page: whose year is shown, what each day rests on, what waits, what is missing."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from accounts.places.calendar_rows import may_decide, own_places, right_to_end
from accounts.rights import may
from attendance.school_year.months import Cell, Month, months_of
from attendance.school_year.waiting import overdue
from regions.clock import local
from regions.days import PlaceRules, as_rule, place_rules_of
from regions.enums import DayKind, Level, RowState, Stage
from regions.models import CalendarRow, Region, School, SchoolClass
from regions.paths import COUNTY, SEGMENT, county_of, inside_any
from regions.refusals import NoCalendar
from regions.rules.calendar import (
    OF_ONE_DAY,
    CalendarRule,
    Track,
    is_weekday,
)
from regions.rules.calendar_gaps import first_undecided, missing_of
from regions.rules.classnames import school_year
from regions.rules.day_words import whole_day
from regions.rules.national import national_rows

LAYERS = {"": "全部", "nation": "国家", "province": "省", "county": "县", "township": "乡镇",
          "school": "学校"}  # fmt: skip
TWO_WEEKS = timedelta(days=14)
LEVEL_NAMES = {SEGMENT: "省", 2 * SEGMENT: "州市", COUNTY: "县", 4 * SEGMENT: "乡镇"}
DEPTHS = {"province": SEGMENT, "county": COUNTY, "township": 4 * SEGMENT}
STATE_TONES = {
    RowState.PROPOSED: "warn", RowState.ACTIVE: "ok", RowState.REFUSED: "plain",
    RowState.ENDED: "plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A place whose year is shown."""

    path: str
    name: str
    code: str


@dataclass
class Ground:
    """One row that speaks of a day, or did: what it says, whose word it is, what came of it."""

    level: str
    said: str
    who: str
    source: str
    tone: str
    word: str
    decides: bool = False


@dataclass
class DayPanel:
    """当日依据: what a day is and which rows say so, the most specific first."""

    cell: Cell
    grounds: list[Ground] = field(default_factory=list)


@dataclass
class Closure:
    """A closure of a school in the list beside the grid."""

    row: CalendarRow
    place: str
    who: str
    tone: str
    word: str
    may_decide: bool
    may_end: bool
    at_county: bool
    near: bool  # it waits, or it is of the last two weeks or to come


@dataclass
class YearPage:
    """All that the page shows."""

    place: Place
    year: int
    grade: int
    months: list[Month]
    boarders: bool = False
    layer: str = ""
    day: DayPanel | None = None
    closures: list[Closure] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    undecided_from: date | None = None
    national: bool = False  # are the national days entered of the year that is missing?

    @property
    def title(self) -> str:
        return f"{self.year}—{self.year + 1} 学年校历"

    @property
    def school_days(self) -> int:
        return sum(month.school_days for month in self.months)

    @property
    def undecided(self) -> int:
        return sum(month.undecided for month in self.months)

    @property
    def near(self) -> list[Closure]:
        return [one for one in self.closures if one.near]

    @property
    def waiting(self) -> int:
        return sum(one.may_decide for one in self.closures)


def home_path(user: User) -> str:
    """The path whose calendar concerns this user: of its first unit, else of the first county."""
    held = next((held.path for held in user.reach.seats if held.path), "")
    county = Region.objects.filter(level=Level.COUNTY).order_by("path").first()
    return held.split("C", 1)[0] or (county.path if county else "")


def schools_of(user: User) -> list[Place]:
    """The schools whose year this user may look at, by place."""
    rows = School.objects.filter(inside_any("path", user.reach.school_paths), closed_on=None)
    return [Place(*row) for row in rows.order_by("path").values_list("path", "name", "code")]


def place_at(path: str) -> Place | None:
    if "S" in path:
        school = School.objects.filter(path=path).first()
        return Place(path, school.name, school.code) if school else None
    region = Region.objects.filter(path=path).first()
    code = region.codes.filter(ended=None).first() if region else None
    return Place(path, region.name, code.code if code else "") if region else None


def year_page(
    place: Place, rules: PlaceRules, *, by: User, on: date, year: int, grade: int = 0,
    boarders: bool = False, layer: str = "", day: date | None = None,
) -> YearPage:  # fmt: skip
    """The year of a place as one kind of child has it, and the grounds of a day where one is asked."""
    grade = grade or _first_grade(place)
    stage = Stage.PRIMARY if grade <= 6 else Stage.JUNIOR
    track = Track(place.path, stage, year, grade, boarders)
    rows = _rows_of(place, year)
    active = [as_rule(row) for row in rows if row.state == RowState.ACTIVE]
    own = [row for row in active if row.path and place.path.startswith(row.path)]
    page = YearPage(place, year, grade, months_of(year, track, rules.calendar, own), boarders)
    page.layer = layer if layer in LAYERS else ""
    names = _names(rows, date(year, 9, 1))
    page.closures = _closures(rows, by, on, names)
    page.rows = _table(rows, page.layer, names, by)
    page.lacks = missing_of([*rules.calendar.rows], year)
    page.national = _has_national(rows, page.lacks)
    page.undecided_from = first_undecided(
        rules.calendar, track, max(on, date(year, 9, 1)), date(year + 1, 7, 10)
    )
    cell = next((c for month in page.months for c in month.cells if c.day == day), None)
    if cell:
        page.day = _panel(cell, rows, track, rules, names)
    return page


def _has_national(rows: list[CalendarRow], lacks: list[str]) -> bool:
    """Holidays with their notice were entered for the calendar year that is to be decided next."""
    year = lacks[0].removesuffix(" 年") if lacks else ""
    return any(
        row.state == RowState.ACTIVE
        and row.kind == DayKind.HOLIDAY
        and row.source
        and str(row.begins.year) == year
        for row in rows
    )


def _first_grade(place: Place) -> int:
    school = School.objects.filter(path=place.path).first() if "S" in place.path else None
    return 1 if school is None or school.primary_years else 7


def _rows_of(place: Place, year: int) -> list[CalendarRow]:
    """All rows of the year at, above and below the place, whatever their state."""
    rows = CalendarRow.objects.around(place.path)
    span = rows.filter(begins__lte=date(year + 1, 8, 31), ends__gte=date(year, 8, 1))
    return list(span.order_by("begins", "path", "pk"))


@dataclass(frozen=True)
class _Names:
    places: dict[str, str]
    people: dict[str, str]

    def place(self, path: str) -> str:
        return self.places.get(path, "")

    def person(self, username: str) -> str:
        return self.people.get(username, username)


def _names(rows: list[CalendarRow], on: date) -> _Names:
    """What the places and people of the rows are called, a class as in the year that `on` lies in."""
    paths = {row.path for row in rows}
    places = dict(Region.objects.filter(path__in=paths).values_list("path", "name"))
    places |= dict(School.objects.filter(path__in=paths).values_list("path", "name"))
    for one in SchoolClass.objects.filter(path__in=paths).select_related("school"):
        places[one.path] = f"{one.school.name} {one.label(on)}"
    usernames = {name for row in rows for name in (row.entered_by, row.decided_by, row.ended_by)}
    people = User.objects.filter(username__in=usernames).values_list("username", "name")
    return _Names(places, dict(people))


def named(row: CalendarRow) -> str:
    """白水中学 七(1)班: the place a row speaks of, as it is called on its first day."""
    return _names([row], row.begins).place(row.path)


def _closures(rows: list[CalendarRow], by: User, on: date, names: _Names) -> list[Closure]:
    """The schools' closures of the year, those that wait first."""
    mine = [row for row in rows if "S" in row.path and row.kind == DayKind.CLOSURE]
    late = set(overdue([row for row in mine if row.state == RowState.PROPOSED], on))
    own = own_places(by)
    found = [
        Closure(
            row=row,
            place=names.place(row.path),
            who=names.person(row.entered_by),
            tone=STATE_TONES[RowState(row.state)],
            word=RowState(row.state).label,
            may_decide=row.state == RowState.PROPOSED and may_decide(row, by, own),
            may_end=_may_end(row, by),
            at_county=row.pk in late,
            near=row.state == RowState.PROPOSED or row.ends > on - TWO_WEEKS,
        )
        for row in mine
    ]
    return sorted(
        found, key=lambda one: (one.row.state != RowState.PROPOSED, -one.row.begins.toordinal())
    )


def _may_end(row: CalendarRow, by: User) -> bool:
    standing = row.state in (RowState.PROPOSED, RowState.ACTIVE)
    return standing and may(right_to_end(row), by, over=row.path)


def _table(rows: list[CalendarRow], layer: str, names: _Names, by: User) -> list[dict[str, Any]]:
    """Every row of the year, for the list under the grid."""
    return [
        {
            "row": row,
            "kind": DayKind(row.kind).label,
            "place": names.place(row.path) or "上级",
            "whom": whom(row),
            "who": names.person(row.entered_by),
            "state": RowState(row.state).label,
            "tone": STATE_TONES[RowState(row.state)],
            "ended_by": names.person(row.ended_by),
            "may_end": _may_end(row, by),
        }
        for row in rows
        if _at_layer(row.path, layer)
    ]


def _at_layer(path: str, layer: str) -> bool:
    if not layer:
        return True
    if layer == "school":
        return "S" in path
    return "S" not in path and len(path) == DEPTHS.get(layer, 0)


def whom(row: CalendarRow) -> str:
    """小学、1,2 年级、住校生: whom a row speaks for at its place."""
    told = [Stage(row.stage).label] if row.stage else []
    told += [f"{row.grades} 年级"] if row.grades else []
    told += ["住校生"] if row.boarders else []
    told += [f"{row.community}族"] if row.community else []
    return "、".join(told) or "全部"


def _panel(
    cell: Cell, rows: list[CalendarRow], track: Track, rules: PlaceRules, names: _Names
) -> DayPanel:
    """The rows of every level that speak of the day, and the one that decides it."""
    deciding = deciding_row(rules, track, cell.day)
    panel = DayPanel(cell)
    heard = [row for row in rows if row.begins <= cell.day <= row.ends and _speaks(row, track)]
    for row in sorted(heard, key=lambda row: (-len(row.path), row.pk)):
        panel.grounds.append(_ground(row, deciding, names))
    for rule in national_rows():
        if rule.covers(cell.day):
            panel.grounds.append(_national(rule, rule == deciding, cell.day))
    return panel


def deciding_row(rules: PlaceRules, track: Track, day: date) -> CalendarRule | None:
    """The row that makes the day what it is; None where nobody has decided it."""
    try:
        what = rules.calendar.day(track, day)
    except NoCalendar:
        return None
    speaking = rules.calendar.speaking(track, day)
    if what.kind is DayKind.TERM:
        return None
    days = [row for row in speaking if row.kind in OF_ONE_DAY]
    years = [row for row in speaking if row.kind is DayKind.YEAR]
    return next(iter([*days, *years]), None)


def _speaks(row: CalendarRow, track: Track) -> bool:
    """Is the row one for this kind of child at this place? Rows below the place are of others."""
    rule = as_rule(row)
    return (
        track.path.startswith(row.path)
        and rule.stage in (None, track.stage)
        and (not rule.grades or track.first_grade in rule.grades)
        and (not rule.boarders or track.boarder)
    )


def _ground(row: CalendarRow, deciding: CalendarRule | None, names: _Names) -> Ground:
    state = RowState(row.state)
    decides = state is RowState.ACTIVE and as_rule(row) == deciding
    said = f"{DayKind(row.kind).label}{'：' + row.reason if row.reason else ''}"
    at = local(row.entered_at)
    who = f"{names.person(row.entered_by)} {whole_day(at.date())} {at:%H:%M} 录入"
    if row.decided_by:
        who += f" · {names.person(row.decided_by)}核定"
    if row.ended_by:
        who += f" · {names.person(row.ended_by)}撤销：{row.end_reason}"
    word = "按这条" if decides else state.label
    return Ground(level_of(row.path), said, who, row.source, STATE_TONES[state], word, decides)


def level_of(path: str) -> str:
    if "C" in path:
        return "班级"
    return "学校" if "S" in path else LEVEL_NAMES.get(len(path), "村")


def _national(rule: CalendarRule, decides: bool, day: date) -> Ground:
    if rule.kind is DayKind.YEAR:
        usual = "上课" if is_weekday(day) else "休息"
        said, source = f"{day.year} 年已定，这一天按星期{usual}", rule.reason
    else:
        said, source = f"{rule.kind.label}：{rule.reason}", ""
    return Ground("国家", said, "", source, "ok", "按这条" if decides else "", decides)


def rules_for(place: Place) -> PlaceRules:
    """The rules of the whole county of a place: its list shows the schools' rows as well."""
    return place_rules_of(county_of(place.path) or place.path)


def asked_year(text: str, on: date) -> int:
    """The school year an address asks for, within one back and one on; else this one."""
    now = school_year(on)
    known = {str(year): year for year in (now - 1, now, now + 1)}
    return known.get(text, now)
