"""The clocks of 疑似辍学 and 辍学, as a table, and against a count made another way."""

from datetime import date, timedelta
from random import Random

import pytest

from cases.enums.states import AbsenceLevel
from cases.law.dropout import Thresholds, level, reached_on, stopped_days

MON = date(2026, 11, 2)
USUAL = Thresholds()
A, S, D = AbsenceLevel.ABSENT, AbsenceLevel.SUSPECTED, AbsenceLevel.DROPOUT


def life(text: str, first: date = MON) -> tuple[date, set[date], set[date], set[date], set[date]]:
    """Days from `first`: U unexplained, E explained, N not taken, . no school, v vacation.

    Gives the last day, then school, unexplained, explained and vacation days.
    """
    said = text.replace(" ", "")
    days = {first + timedelta(days=n): kind for n, kind in enumerate(said)}

    def of(kinds: str) -> set[date]:
        return {day for day, kind in days.items() if kind in kinds}

    return max(days), of("UEN"), of("U"), of("E"), of("v")


def read(text: str, thresholds: Thresholds = USUAL):
    last, school, unexplained, explained, vacation = life(text)
    stopped = stopped_days(MON, last, school_days=school, explained=explained, vacation=vacation)
    return reached_on(MON, last, unexplained, stopped, thresholds)


def day(number: int) -> date:
    """The `number`-th day of the run."""
    return MON + timedelta(days=number - 1)


WEEK = "UUUUU.."


@pytest.mark.parametrize(
    ("text", "suspected", "dropout"),
    [
        pytest.param("UUUUU..", None, None, id="seven days are not over seven"),
        pytest.param("UUUUU..U", 8, None, id="the eighth day is over seven"),
        pytest.param("UUUUU....", 8, None, id="the clock runs on over a holiday"),
        pytest.param("UUUU...N", None, None, id="four school days are not five"),
        pytest.param("UUUU...NU", 9, None, id="the fifth school day, past the eighth day"),
        pytest.param("UNNNN..NNNNN..NNNN", None, None, id="missing registers never count"),
        pytest.param("UUUUUvvvvvvvvvv", None, None, id="vacation stops the clock"),
        pytest.param("UUUUUvvvvvvvvvvUUU", 18, None, id="and it runs on in the new term"),
        pytest.param("UUUEE..UU", None, None, id="an explained spell stops it, its weekend too"),
        pytest.param("UUUEE..UUUUU", 12, None, id="eight days that run: 1-3 and 8-12"),
        pytest.param("UUUUE..UUUU", 11, None, id="the weekend behind an explained day stands"),
        pytest.param("UUUUU..EUUU", 9, None, id="the weekend before one runs"),
        pytest.param("UUUUN..U", 8, None, id="a day nobody took the register runs"),
        pytest.param(WEEK * 4 + "UU", 8, None, id="thirty days are not over thirty"),
        pytest.param(WEEK * 4 + "UUU", 8, 31, id="the thirty-first, with 23 school days"),
        pytest.param("UUUU..." * 5, 8, 32, id="four-day weeks: the twentieth school day decides"),
    ],
)
def test_the_table(text, suspected, dropout):
    reached = read(text)
    assert reached.suspected == (day(suspected) if suspected else None)
    assert reached.dropout == (day(dropout) if dropout else None)


def test_a_stricter_county_is_earlier():
    strict = Thresholds(suspected_days=3, suspected_school_days=3, dropout_days=7)
    assert read("UUUU", strict).suspected == day(4)
    assert read(WEEK * 4, strict).dropout == day(26)  # 20 school days decide


def test_dropout_never_stands_before_suspected():
    odd = Thresholds(suspected_days=20, dropout_days=2, dropout_school_days=3)
    assert read("UUUU", odd).suspected == read("UUUU", odd).dropout == day(3)


@pytest.mark.parametrize(("on", "said"), [(7, A), (8, S), (30, S), (31, D), (40, D)])
def test_the_level_of_a_day(on, said):
    unexplained = life(WEEK * 6)[2]
    assert level(MON, day(on), unexplained, set(), USUAL) is said


def by_counting(text: str) -> tuple[int | None, int | None]:
    """The same said by hand: walk the letters, count what runs."""
    runs = counted = 0
    found: list[int | None] = [None, None]
    before = "U"
    for number, kind in enumerate(text, start=1):
        before = before if kind in ".v" else kind
        runs += not (kind == "v" or before == "E")
        counted += kind == "U"
        for which, (over, least) in enumerate([(7, 5), (30, 20)]):
            if found[which] is None and runs > over and counted >= least:
                found[which] = number
    return found[0], found[1]


@pytest.mark.parametrize("seed", range(200))
def test_random_lives_agree_with_counting_and_a_late_run_finds_the_same_days(seed):
    rng = Random(seed)
    text = "U"
    while len(text) < 90:
        text += "v" * 7 if rng.random() < 0.1 else "".join(rng.choices("UUUUEN", k=5)) + ".."
    reached = read(text)
    suspected, dropout = by_counting(text)
    assert reached.suspected == (day(suspected) if suspected else None)
    assert reached.dropout == (day(dropout) if dropout else None)
    nightly = next((r for n in range(1, len(text) + 1) if (r := read(text[:n])).suspected), None)
    assert (nightly.suspected if nightly else None) == reached.suspected
