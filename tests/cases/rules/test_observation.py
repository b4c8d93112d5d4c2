"""The watch as a rule: truth table, and an oracle that asks every night anew."""

from datetime import date, timedelta
from itertools import groupby
from random import Random

import pytest

from attendance.enums import DayState
from cases.law.observation import Rule, observe

FIRST = date(2026, 11, 2)
LETTERS = {
    "P": DayState.SEEN,
    "U": DayState.UNEXPLAINED,
    "E": DayState.EXPLAINED,
    "T": DayState.TEACHERS_WORD,
    "-": DayState.NOT_TAKEN,
}


def days(text: str) -> list[tuple[date, DayState]]:
    """One day after another; whether weekends lie between is nothing to the rule."""
    return [(FIRST + timedelta(days=n), LETTERS[letter]) for n, letter in enumerate(text)]


def nth(day: date | None) -> int | None:
    return None if day is None else (day - FIRST).days + 1


@pytest.mark.parametrize(
    ("text", "ready", "relapsed", "number", "seen"),
    [
        ("", None, None, 0, 0),
        ("PPP", None, None, 3, 3),
        ("P" * 9, None, None, 9, 9),
        ("P" * 10, 10, None, 10, 10),
        ("PPPPUPPPPP", 10, None, 10, 9),
        ("PPPPUUPPPP", None, None, 10, 8),
        ("PPPPUUPPPPPPPP", None, None, 10, 8),
        ("PPPPUUPPPPPPPPP", 15, None, 10, 9),
        ("PP-PP-PPPPPP", 12, None, 10, 10),
        ("PPEEPPPPPPPP", 12, None, 10, 10),
        ("PPTTTPPPPPPPP", 13, None, 10, 10),
        ("PPTTTT", None, 6, 6, 2),
        ("PPUU-EU", None, 7, 5, 2),
        ("UUU", None, 3, 3, 0),
        ("U-U", None, None, 2, 0),
        ("UUPUUP", None, None, 6, 2),
        ("P" * 10 + "UU", 10, None, 10, 8),
        ("P" * 10 + "UUU", 10, 13, 10, 7),
        ("UUUPPPPPPPPPPPP", None, 3, 3, 0),
    ],
)
def test_the_watch(text, ready, relapsed, number, seen):
    found = observe(days(text), Rule())
    assert (nth(found.ready_on), nth(found.relapsed_on)) == (ready, relapsed)
    assert (found.number, found.seen) == (number, seen)


@pytest.mark.parametrize(
    ("text", "needed"),
    [("", 10), ("PPP", 7), ("PPPPUUPPPP", 5), ("UUPPPPPPPP", 1), ("PUUPUUPUUP", 8), ("P" * 10, 0)],
)
def test_how_many_days_it_still_needs(text, needed):
    found = observe(days(text), Rule())
    assert found.still_needed == needed
    if needed:
        assert observe(days(text + "P" * (needed - 1)), Rule()).ready_on is None
        assert observe(days(text + "P" * needed), Rule()).ready_on


def test_a_stricter_county_has_its_own_thresholds():
    strict = Rule(days=15, percent=95, flag_days=2)
    assert observe(days("P" * 14), strict).ready_on is None
    assert nth(observe(days("P" * 15), strict).ready_on) == 15
    assert nth(observe(days("PPUU"), strict).relapsed_on) == 4


def test_missing_registers_are_named():
    assert [nth(day) for day in observe(days("P-P-"), Rule()).not_taken] == [2, 4]


def asked_each_night(text: str, rule: Rule) -> tuple[int | None, int | None]:
    """The oracle: every night the whole history is read afresh as text; the first night that says
    ready, and the first that says relapsed, after which nobody asks any more."""
    ready = None
    for night in range(1, len(text) + 1):
        known = ""
        for was_seen, group in groupby(text[:night], key=lambda letter: letter == "P"):
            stretch = "".join(group)
            if not was_seen:
                stretch = stretch.replace(
                    "T", "U" if stretch.count("T") > rule.teacher_days else "E"
                )
            known += stretch
        attended = known.replace("E", "").replace("-", "")
        last = attended[-rule.days :]
        share = last.count("P") / rule.days if len(last) == rule.days else 0
        if ready is None and share >= rule.percent / 100 - 1e-9:
            ready = night
        if known[known.rfind("P") + 1 :].count("U") >= rule.flag_days:
            return ready, night
    return ready, None


@pytest.mark.parametrize("seed", range(40))
def test_random_watches_are_what_the_oracle_says(seed):
    rng = Random(seed)
    for _ in range(100):
        rule = Rule(
            days=rng.choice([5, 10, 10, 12]), percent=rng.choice([80, 90, 95]),
            flag_days=rng.choice([2, 3, 3]), teacher_days=rng.choice([2, 3, 3]),
        )  # fmt: skip
        text = "".join(rng.choices("PUET-", [rng.choice([3, 9, 20]), 1, 1, 2, 1], k=30))
        found = observe(days(text), rule)
        assert (nth(found.ready_on), nth(found.relapsed_on)) == asked_each_night(text, rule), text


def test_the_oracle_can_tell_a_wrong_rule():
    """The control: a rule that lets a missing register count as present is caught."""
    rng = Random(1)
    caught = False
    for _ in range(100):
        text = "".join(rng.choices("PU-", [9, 1, 2], k=30))
        wrong = observe(days(text.replace("-", "P")), Rule())
        caught |= (nth(wrong.ready_on), nth(wrong.relapsed_on)) != asked_each_night(text, Rule())
    assert caught


@pytest.mark.parametrize("seed", range(10))
def test_what_a_night_said_the_next_nights_say_too(seed):
    rng = Random(seed)
    text = "".join(rng.choices("PUET-", [9, 1, 1, 2, 1], k=30))
    for night in range(len(text)):
        earlier = observe(days(text[:night]), Rule())
        later = observe(days(text), Rule())
        if earlier.ready_on:
            assert later.ready_on == earlier.ready_on
        if earlier.relapsed_on:
            assert later.relapse == earlier.relapse
