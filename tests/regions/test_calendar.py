"""Is it a school day? The pure rule, then published calendars answered through the real tables."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest

from accounts.enums import Role
from accounts.places.calendars import import_calendar
from attendance.enums import Mark, RegisterState, Verdict
from attendance.models import Absence, Register
from attendance.records import assess
from regions.days import place_rules_of
from regions.enums import DayKind, SchoolKind, Stage
from regions.models import SchoolClass
from regions.refusals import NoCalendar, Refused
from regions.rules.calendar import (
    Calendar,
    CalendarRule,
    Day,
    Track,
    each_day,
)
from regions.rules.national import national_rows
from students.rules.spellings import ETHNICITY
from tests import factories as make
from tests.regions.published import CASES

PROVINCE, COUNTY = "000001", "000001000002000003"
TOWNSHIP = COUNTY + "000004"
SCHOOL = TOWNSHIP + "S000001"
TERM, HOLIDAY, MAKE_UP = DayKind.TERM, DayKind.HOLIDAY, DayKind.MAKE_UP
CLOSURE, HALF, YEAR = DayKind.CLOSURE, DayKind.HALF_CLOSURE, DayKind.YEAR
BEGINS, ENDS = date(2026, 9, 1), date(2027, 1, 22)
FRI, SAT, SUN, MON = (date(2026, 11, day) for day in (20, 21, 22, 23))
BASE = [
    CalendarRule(COUNTY, BEGINS, ENDS, TERM),
    CalendarRule("", date(2026, 1, 1), date(2026, 12, 31), YEAR),
]


def track(grade: int = 7, **traits) -> Track:
    """A class of the school year that began in 2026."""
    stage, first = (Stage.PRIMARY, 1) if grade < 7 else (Stage.JUNIOR, 7)
    return Track(SCHOOL + "C000001", stage, 2026 - (grade - first), first, **traits)


def row(
    kind: DayKind, on: date = FRI, last: date | None = None, path: str = COUNTY, **narrow
) -> CalendarRule:
    return CalendarRule(path, on, last or on, kind, **narrow)


def is_school(rows: list[CalendarRule], on: date = FRI, who: Track | None = None) -> bool:
    return Calendar([*BASE, *rows]).is_school_day(who or track(), on)


def test_monday_to_friday_are_school_days_and_a_weekend_is_not():
    assert [is_school([], on) for on in (FRI, SAT, SUN, MON)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("near", "far"), [(SCHOOL, TOWNSHIP), (TOWNSHIP, COUNTY), (COUNTY, PROVINCE), (PROVINCE, "")]
)
def test_the_nearer_place_decides(near, far):
    for rows in ([row(MAKE_UP, path=near), row(HOLIDAY, path=far)],) * 2:
        assert is_school(rows) and is_school(rows[::-1])
    assert not is_school([row(HOLIDAY, path=near), row(MAKE_UP, path=far)])


NARROW = [
    {"community": "傣"},
    {"boarders": True},
    {"grades": frozenset({7})},
    {"stage": Stage.JUNIOR},
    {},
]


@pytest.mark.parametrize(("narrow", "wide"), list(pairwise(NARROW)))
def test_at_one_place_the_narrower_row_decides(narrow, wide):
    who = track(boarder=True, community="傣")
    assert is_school([row(MAKE_UP, **narrow), row(HOLIDAY, **wide)], who=who)
    assert not is_school([row(HOLIDAY, **narrow), row(MAKE_UP, **wide)], who=who)


def test_the_place_weighs_more_than_the_narrowing():
    who = track(community="傣")
    assert is_school([row(MAKE_UP, path=SCHOOL), row(HOLIDAY, community="傣")], who=who)


@pytest.mark.parametrize(
    ("narrow", "other"),
    [
        ({"community": "傣"}, track(community="佤")),
        ({"boarders": True}, track()),
        ({"grades": frozenset({7, 8})}, track(9)),
        ({"stage": Stage.JUNIOR}, track(6)),
    ],
)
def test_a_narrow_row_says_nothing_to_others(narrow, other):
    assert not is_school([row(HOLIDAY, **narrow)], who=track(boarder=True, community="傣"))
    assert is_school([row(HOLIDAY, **narrow)], who=other)


def test_a_neighbours_row_says_nothing_here():
    assert is_school([row(CLOSURE, path=TOWNSHIP + "S000002")])


def test_half_a_day_closed_is_a_school_day_of_half():
    calendar = Calendar([*BASE, row(HALF, reason="暴雪")])
    assert calendar.day(track(), FRI) == Day(True, True, HALF, "暴雪")


def test_half_closures_that_last_over_a_weekend_do_not_open_it():
    assert [is_school([row(HALF, FRI, MON)], on) for on in (FRI, SAT, SUN, MON)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_a_make_up_day_in_the_vacation_is_no_school_day():
    assert not is_school([row(MAKE_UP, date(2026, 8, 29))], date(2026, 8, 29))


@pytest.mark.parametrize("last", [date(2027, 1, 8), date(2027, 1, 29)])
def test_a_school_may_end_its_term_on_another_day(last):
    rows = [
        CalendarRule(SCHOOL, BEGINS, last, TERM),
        CalendarRule("", date(2027, 1, 1), date(2027, 12, 31), YEAR),
    ]
    for on, school in ((last, True), (last + timedelta(days=3), False)):
        assert is_school(rows, on) is school
    away = Track(TOWNSHIP + "S000002C000009", Stage.JUNIOR, 2026, 7)
    assert is_school(rows, date(2027, 1, 22), away) and not is_school(rows, date(2027, 1, 25), away)


def test_a_grade_may_have_its_own_end_of_term():
    rows = [row(TERM, BEGINS, date(2026, 12, 25), grades=frozenset({9}))]
    assert not is_school(rows, date(2026, 12, 28), track(9))
    assert is_school(rows, date(2026, 12, 28), track(8))


def test_between_two_terms_is_vacation_and_beyond_any_vacation_nobody_decided():
    spring = CalendarRule(COUNTY, date(2026, 3, 2), date(2026, 7, 10), TERM)
    assert not is_school([spring], date(2026, 7, 15))
    assert not is_school([], date(2026, 8, 3))
    with pytest.raises(NoCalendar):
        is_school([], date(2026, 6, 1))
    with pytest.raises(NoCalendar, match="2027年9月1日"):
        is_school([spring], date(2027, 9, 1))
    with pytest.raises(NoCalendar):
        Calendar([]).day(track(), FRI)


def test_a_year_nobody_declared_has_no_ordinary_days_until_the_county_decides_it():
    on = date(2027, 1, 5)
    with pytest.raises(NoCalendar, match="2027年1月5日"):
        is_school([], on)
    assert not is_school([row(HOLIDAY, on)], on)
    assert is_school([row(YEAR, date(2027, 1, 1), date(2027, 12, 31))], on)


def test_the_grade_follows_from_the_year_of_entry_and_the_day():
    assert [track(7).grade(on) for on in (date(2026, 9, 1), date(2027, 7, 1), date(2027, 9, 1))] == [
        7, 7, 8,
    ]  # fmt: skip


# ── published calendars, through the tables ──────────────────────────────────────────────────────

WEEKS = timedelta(days=21)


def cases(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", CASES[kind], ids=lambda case: case["id"])


def days_of(texts) -> list[date]:
    return [date.fromisoformat(text) for text in texts or []]


@pytest.fixture
def enter(db):
    """Enters calendar rows in the year they are of: older ones no county enters any more."""
    make.region("539901")
    root = make.user(Role.SYSTEM_ADMIN)

    def enter(*rows: tuple[str, date, date, DayKind]) -> None:
        entries = [
            {
                "scope": scope,
                "from": str(first),
                "to": str(last),
                "kind": kind,
                "reason": "例",
            }
            for scope, first, last, kind in rows
        ]
        on = min((first for _, first, _, _ in rows), default=FRI)
        import_calendar(json.dumps(entries).encode(), by=root, on=on)

    return enter


def county_rows(days: list[date], kind: DayKind, narrow: str = "") -> list[tuple]:
    return [("539901" + narrow, on, on, kind) for on in days]


def a_class(on: date, grade: int = 7) -> SchoolClass:
    at = make.school(kind=SchoolKind.NINE_YEAR, primary=6)
    return make.school_class(at, grade, on=on)


def school_days(of: SchoolClass, first: date, last: date, **traits) -> list[date]:
    return place_rules_of(of.path).calendar.school_days(of.track(**traits), first, last)


def file_register(of: SchoolClass, on: date, child, absent: bool, by) -> None:
    """A register as it lies in the table, also on a day that was declared a holiday afterwards."""
    made = Register.objects.create(
        school_class=of, on=on, path=of.path, state=RegisterState.TAKEN, expected=1,
        present=not absent, client_key=f"00000000-0000-4000-8000-{on.toordinal():012d}",
        taken_at=f"{on}T08:00+08:00", taken_by=by, made_by=by,
    )  # fmt: skip
    if absent:
        Absence.objects.create(student=child, on=on, register=made, path=of.path, mark=Mark.ABSENT)


@cases("streak_cases")
def test_published_streaks_are_counted_by_school_days(case, enter):
    absent = days_of(case["unexplained_absences"])
    first, last = absent[0] - WEEKS, absent[-1] + WEEKS
    enter(
        ("539901", first, last, TERM),
        *county_rows(days_of(case["local_off"]), HOLIDAY),
        *county_rows(days_of(case["local_makeup"]), MAKE_UP),
    )
    of = a_class(first)
    child = make.pupil(of, began=first, listed_from=first)
    of.school.registers_from = first
    of.school.save(update_fields=["registers_from"])
    teacher = make.user()
    open_days = set(school_days(of, first, absent[-1]))
    for on in sorted(open_days | set(absent)):
        file_register(of, on, child, on in absent, teacher)
    place_rules = make.place_rules()
    said = [assess([child.pk], on, place_rules)[child.pk] for on in each_day(absent[0], absent[-1])]
    longest = max(len(one.run.unexplained) for one in said)
    assert longest == case["longest_school_day_streak"]
    assert any(one.verdict is Verdict.ALERT for one in said) is case["flag"]


@cases("school_day_counts")
def test_published_counts_of_school_days(case, enter):
    first, last = days_of([case["from_"], case["to"]])
    enter(("539901", first, last, TERM), *county_rows(days_of(case.get("local_off")), HOLIDAY))
    assert len(school_days(a_class(first), first, last)) == case["school_days"]


def declare(enter, days: list[date]) -> None:
    """The years and terms around the days, as a county would have entered them."""
    for year in sorted({on.year for on in days}):
        if not 2023 <= year <= 2026:
            enter(("539901", date(year, 1, 1), date(year, 12, 31), YEAR))
        enter(
            ("539901", date(year, 1, 2), date(year, 7, 10), TERM),
            ("539901", date(year, 9, 1), date(year, 12, 31), TERM),
        )


def in_a_term(on: date) -> bool:
    return (1, 2) <= (on.month, on.day) <= (7, 10) or on.month >= 9


DATED = [case for case in CASES["local"] if isinstance(case["off"], list)]


@pytest.mark.parametrize("case", DATED, ids=lambda case: case["id"])
def test_local_holidays_close_their_days_and_open_their_make_up_days(case, enter):
    off, worked = days_of(case["off"]), days_of(case["makeup"])
    lisu = "Lisu" in case["applies"]
    declare(enter, off + worked)
    enter(
        *county_rows(off, HOLIDAY, "/community:傈僳族" if lisu else ""),
        *county_rows(worked, MAKE_UP, "/community:傈僳族" if lisu else ""),
    )
    of = a_class(off[0])
    celebrates = {"community": ETHNICITY.labels["20"][:-1]} if lisu else {}
    for on in off:
        assert school_days(of, on, on, **celebrates) == []
    for on in worked:
        assert school_days(of, on, on, **celebrates) == ([on] if in_a_term(on) else [])
    if lisu:
        assert school_days(of, off[0], off[-1]) == off


@cases("weather_closures")
def test_weather_closes_days_or_halves_of_them_and_lateness_closes_none(case, enter):
    closed, late = days_of(case.get("closed")), days_of(case.get("late_ok"))
    half = days_of([one["date"] for one in case.get("closed_half", [])])
    declare(enter, closed + half + late)
    enter(*county_rows(closed, CLOSURE), *county_rows(half, HALF))
    of = a_class((closed + half + late)[0])
    calendar = place_rules_of(of.path).calendar
    assert [calendar.is_school_day(of.track(), on) for on in closed] == [False] * len(closed)
    assert [calendar.day(of.track(), on).half for on in half] == [True] * len(half)
    assert all(calendar.is_school_day(of.track(), on) for on in half + late)


@pytest.mark.parametrize(
    ("on", "grade", "school"),
    [
        ("2025-08-31", 7, False), ("2025-09-01", 7, True), ("2026-01-04", 7, True),
        ("2026-01-23", 8, True), ("2026-01-26", 8, False), ("2026-01-26", 9, True),
        ("2026-02-06", 9, True), ("2026-02-09", 9, False), ("2026-02-14", 9, False),
        ("2026-02-28", 7, False), ("2026-03-04", 9, False), ("2026-03-05", 9, True),
    ],
)  # fmt: skip
def test_a_province_gives_grade_nine_two_more_weeks(on, grade, school, enter):
    enter(
        ("53", date(2025, 9, 1), date(2026, 1, 23), TERM),
        ("53/grade:9", date(2025, 9, 1), date(2026, 2, 6), TERM),
        ("53", date(2026, 3, 5), date(2026, 7, 3), TERM),
    )
    day = date.fromisoformat(on)
    assert bool(school_days(a_class(day, grade), day, day)) is school


def test_a_contradiction_is_refused_with_the_row_it_contradicts_and_nothing_is_entered(enter):
    enter(("539901", FRI, FRI, HOLIDAY))
    with pytest.raises(Refused, match="第 2 条与已有的一条冲突：2026-11-20"):
        enter(("539901", BEGINS, ENDS, TERM), ("539901", FRI, MON, MAKE_UP))
    with pytest.raises(NoCalendar):
        school_days(a_class(FRI), FRI, FRI)


def test_the_national_file_holds_the_published_days():
    rows = national_days()
    for year in CASES["national"]:
        assert rows[HOLIDAY] & days_in(year["year"]) == set(days_of(year["off"]))
        assert rows[MAKE_UP] & days_in(year["year"]) == set(days_of(year["makeup_workdays"]))


def days_in(year: int) -> set[date]:
    return set(each_day(date(year, 1, 1), date(year, 12, 31)))


def national_days() -> dict[DayKind, set[date]]:
    found: dict[DayKind, set[date]] = {kind: set() for kind in DayKind}
    for one in national_rows():
        found[one.kind] |= set(each_day(one.begins, one.ends))
    return found
