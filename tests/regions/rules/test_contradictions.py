"""Which calendar rows contradict each other: two of one rank that speak to one child of one day."""

import random
from datetime import date, timedelta

import pytest

from regions.enums import DayKind, Stage
from regions.rules.calendar import (
    Calendar,
    CalendarRule,
    StandingRows,
    Track,
    contradicts,
    each_day,
    tie,
)

COUNTY = "000001000002000003"
SCHOOL = COUNTY + "000004S000001"
TERM, HOLIDAY, MAKE_UP = DayKind.TERM, DayKind.HOLIDAY, DayKind.MAKE_UP
CLOSURE, HALF, YEAR = DayKind.CLOSURE, DayKind.HALF_CLOSURE, DayKind.YEAR
GRADE_1 = frozenset({1})
BEGINS, ENDS = date(2026, 9, 1), date(2027, 1, 22)
FRI, SUN, MON = (date(2026, 11, day) for day in (20, 22, 23))


def row(
    kind: DayKind, on: date = FRI, last: date | None = None, path: str = COUNTY, **narrow
) -> CalendarRule:
    return CalendarRule(path, on, last or on, kind, **narrow)


@pytest.mark.parametrize(
    ("one", "two", "ties"),
    [
        (row(HOLIDAY), row(MAKE_UP), True),
        (row(HOLIDAY, FRI, MON), row(CLOSURE, SUN), True),
        (row(HOLIDAY), row(MAKE_UP, MON), False),
        (row(HOLIDAY), row(MAKE_UP, path=SCHOOL), False),
        (row(HOLIDAY), row(MAKE_UP, boarders=True), False),
        (row(HOLIDAY, boarders=True), row(MAKE_UP, boarders=True), True),
        (row(HOLIDAY, community="傣"), row(MAKE_UP, community="佤"), False),
        (row(HOLIDAY, stage=Stage.PRIMARY), row(MAKE_UP, stage=Stage.JUNIOR), False),
        (row(HOLIDAY, grades=frozenset({7, 8})), row(MAKE_UP, grades=frozenset({8})), True),
        (row(HOLIDAY, grades=frozenset({7})), row(MAKE_UP, grades=frozenset({8})), False),
        (row(TERM, BEGINS, ENDS), row(HOLIDAY), False),
        (row(TERM, BEGINS, ENDS), row(TERM, BEGINS, MON), True),
        (row(YEAR), row(HOLIDAY), False),
        (row(HOLIDAY), row(HOLIDAY), False),
        (row(HOLIDAY), row(HALF), True),
        (row(MAKE_UP), row(HALF), True),
        (row(CLOSURE, FRI, MON), row(MAKE_UP, SUN), True),
        (row(YEAR, FRI, MON, reason="一"), row(YEAR, FRI, MON, reason="二"), False),
        (row(HOLIDAY, grades=frozenset({7})), row(MAKE_UP, stage=Stage.JUNIOR), False),
        (row(HOLIDAY, grades=GRADE_1, stage=Stage.PRIMARY), row(MAKE_UP, grades=GRADE_1), True),
        (
            row(HOLIDAY, grades=GRADE_1, stage=Stage.PRIMARY),
            row(MAKE_UP, grades=frozenset({7}), stage=Stage.JUNIOR),
            False,
        ),
        (row(HOLIDAY, boarders=True, stage=Stage.PRIMARY), row(MAKE_UP, boarders=True), True),
        (
            row(HOLIDAY, boarders=True, stage=Stage.PRIMARY),
            row(MAKE_UP, boarders=True, stage=Stage.JUNIOR),
            False,
        ),
        (
            row(HOLIDAY, boarders=True, stage=Stage.PRIMARY),
            row(MAKE_UP, boarders=True, grades=frozenset({8})),
            False,
        ),
        (row(HOLIDAY, boarders=True, grades=GRADE_1), row(MAKE_UP, boarders=True), True),
        (row(HOLIDAY, community="傣", boarders=True), row(MAKE_UP, community="傣"), True),
        (row(HOLIDAY, community="傣", grades=GRADE_1), row(MAKE_UP, community="傣"), True),
        (
            row(HOLIDAY, community="傣", stage=Stage.JUNIOR),
            row(MAKE_UP, community="傣", grades=GRADE_1),
            False,
        ),
        (
            row(TERM, BEGINS, ENDS, grades=frozenset({9})),
            row(TERM, BEGINS, MON, grades=frozenset({8, 9})),
            True,
        ),
    ],
)
def test_rows_of_one_rank_that_contradict_each_other_are_refused_when_entered(one, two, ties):
    assert contradicts(one, two) is contradicts(two, one) is ties
    assert tie(one, [two]) == (two if ties else None)
    for first, second in ((one, two), (two, one)):
        standing = StandingRows()
        standing.add(first)
        assert standing.against(second) == (first if ties else None)


def random_rows(seed: int) -> list[CalendarRule]:
    rng = random.Random(seed)
    kinds = [TERM, HOLIDAY, MAKE_UP, CLOSURE, HALF]
    return [
        row(
            rng.choice(kinds),
            first := BEGINS + timedelta(days=rng.randrange(70)),
            first + timedelta(days=rng.randrange(40)),
            path=rng.choice([COUNTY, SCHOOL]),
            stage=rng.choice([None, *Stage]),
            grades=frozenset(rng.sample(range(1, 10), rng.choice([0, 0, 1, 2]))),
            boarders=rng.random() < 0.3,
            community=rng.choice(["", "", "傣", "佤"]),
        )
        for _ in range(60)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_of_many_rows_the_same_ones_stand_as_when_each_is_held_against_all(seed):
    standing, stood = StandingRows(), []
    for one in random_rows(seed):
        against = standing.against(one)
        assert (against is None) == (tie(one, stood) is None)
        assert against is None or contradicts(one, against)
        if against is None:
            standing.add(one)
            stood.append(one)


CHILDREN = [
    (stage, grade, boarder, community)
    for stage, grades in ((Stage.PRIMARY, range(1, 7)), (Stage.JUNIOR, range(6, 10)))
    for grade in grades
    for boarder in (False, True)
    for community in ("", "傣", "佤")
]


def speaks(one: CalendarRule, child: tuple, day: date) -> bool:
    stage, grade, boarder, community = child
    return (
        one.covers(day)
        and one.stage in (None, stage)
        and (not one.grades or grade in one.grades)
        and (boarder or not one.boarders)
        and one.community in ("", community)
    )


@pytest.mark.parametrize("seed", range(10))
def test_of_the_rows_that_stand_together_one_of_each_rank_speaks_to_a_child_on_a_day(seed):
    standing, stood = StandingRows(), []
    for one in random_rows(seed):
        if standing.against(one) is None:
            standing.add(one)
            stood.append(one)
    for child in CHILDREN:
        for day in each_day(BEGINS, BEGINS + timedelta(days=110)):
            spoken = [(one.rank, one.kind is TERM) for one in stood if speaks(one, child, day)]
            assert len(spoken) == len(set(spoken))


def test_rows_that_contradict_and_stand_of_old_give_one_answer_in_any_order():
    rows = [row(HOLIDAY, grades=frozenset({7})), row(MAKE_UP, grades=frozenset({7, 8}))]
    term = row(TERM, BEGINS, ENDS)
    who = Track(SCHOOL, Stage.JUNIOR, 2026, 7)
    there, back = (Calendar([term, *some]).day(who, FRI) for some in (rows, rows[::-1]))
    assert there == back
