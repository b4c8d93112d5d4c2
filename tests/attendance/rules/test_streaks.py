"""The rule of unseen days, row by row of design §4, and against a brute force. No database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.enums import DayState, Mark, Verdict
from attendance.rules.streaks import DayFacts, Unseen, day_state, unseen
from students.enums import AbsenceState

SEEN, UNEXPLAINED, EXPLAINED = DayState.SEEN, DayState.UNEXPLAINED, DayState.EXPLAINED
WORD, NOT_TAKEN, HELD = DayState.TEACHERS_WORD, DayState.NOT_TAKEN, DayState.HELD
APPROVED, PENDING, REFUSED = AbsenceState.APPROVED, AbsenceState.ASKED, AbsenceState.REFUSED
START = date(2026, 9, 1)


def at(number: int) -> date:
    """A school day by its number; a week apart, so every run crosses weekends and holidays."""
    return START + timedelta(days=7 * number)


def walk(letters: str, teacher_days: int = 3) -> Unseen:
    """A run from one letter per school day, the last one being the day asked about."""
    facts = {at(n): LETTERS[letter] for n, letter in enumerate(letters)}
    return unseen([at(n) for n in range(len(letters))], facts, teacher_days)


LETTERS = {
    "p": DayFacts(True),
    "l": DayFacts(True, mark=Mark.LATE),
    "a": DayFacts(True, mark=Mark.ABSENT),
    "s": DayFacts(True, mark=Mark.SICK),
    "e": DayFacts(True, mark=Mark.ABSENT, leave=APPROVED),
    "w": DayFacts(True, mark=Mark.SICK, leave=PENDING),
    "r": DayFacts(True, mark=Mark.PERSONAL, leave=REFUSED),
    "u": DayFacts(True, away=True),
    "x": DayFacts(True, mark=Mark.LOST),
    "X": DayFacts(True, mark=Mark.LOST, leave=APPROVED),
    "-": DayFacts(False),
    "n": DayFacts(True, listed=False),
    "g": DayFacts(False, leave=APPROVED),
    "h": DayFacts(False, held=True),
}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (DayFacts(True), SEEN),
        (DayFacts(True, mark=Mark.LATE), SEEN),
        (DayFacts(True, mark=Mark.LEFT_EARLY), SEEN),
        (DayFacts(True, mark=Mark.HALF_DAY), SEEN),
        (DayFacts(True, mark=Mark.LATE, away=True), SEEN),
        (DayFacts(True, mark=Mark.HALF_DAY, leave=APPROVED), SEEN),
        (DayFacts(True, leave=APPROVED), SEEN),
        (DayFacts(True, leave=PENDING), SEEN),
        (DayFacts(True, mark=Mark.ABSENT), UNEXPLAINED),
        (DayFacts(True, mark=Mark.LOST), UNEXPLAINED),
        (DayFacts(True, mark=Mark.ABSENT, leave=PENDING), UNEXPLAINED),
        (DayFacts(True, mark=Mark.ABSENT, leave=REFUSED), UNEXPLAINED),
        (DayFacts(True, mark=Mark.SICK, leave=PENDING), UNEXPLAINED),
        (DayFacts(True, mark=Mark.PERSONAL, leave=REFUSED), UNEXPLAINED),
        (DayFacts(True, listed=False, mark=Mark.ABSENT), UNEXPLAINED),
        (DayFacts(True, mark=Mark.SICK), WORD),
        (DayFacts(True, mark=Mark.PERSONAL), WORD),
        (DayFacts(True, mark=Mark.ABSENT, leave=APPROVED), EXPLAINED),
        (DayFacts(True, mark=Mark.SICK, leave=APPROVED), EXPLAINED),
        (DayFacts(True, away=True), EXPLAINED),
        (DayFacts(True, mark=Mark.ABSENT, away=True), EXPLAINED),
        (DayFacts(False, away=True), EXPLAINED),
        (DayFacts(False, leave=APPROVED), EXPLAINED),
        (DayFacts(True, listed=False, leave=APPROVED), EXPLAINED),
        (DayFacts(False), NOT_TAKEN),
        (DayFacts(False, leave=PENDING), NOT_TAKEN),
        (DayFacts(False, leave=REFUSED), NOT_TAKEN),
        (DayFacts(True, listed=False), NOT_TAKEN),
        (DayFacts(False, held=True), HELD),
        (DayFacts(True, held=True), HELD),
        (DayFacts(True, mark=Mark.ABSENT, held=True), HELD),
        (DayFacts(True, mark=Mark.LATE, held=True), HELD),
        (DayFacts(True, mark=Mark.SICK, held=True), HELD),
        (DayFacts(False, away=True, held=True), EXPLAINED),
        (DayFacts(False, leave=APPROVED, held=True), EXPLAINED),
    ],
)  # fmt: skip
def test_what_a_school_day_was(facts, state):
    assert day_state(facts) is state


@pytest.mark.parametrize(
    ("days", "verdict", "unexplained", "missing"),
    [
        ("p", Verdict.SEEN, 0, 0),
        ("", Verdict.SEEN, 0, 0),
        ("pa", Verdict.WATCH, 1, 0),
        ("paah", Verdict.CANNOT_JUDGE, 2, 0),
        ("pah", Verdict.WATCH, 1, 0),
        ("pah-", Verdict.CANNOT_JUDGE, 1, 1),
        ("phhh", Verdict.SEEN, 0, 0),
        ("paahp", Verdict.SEEN, 0, 0),
        ("paaha", Verdict.ALERT, 3, 0),
        ("paa", Verdict.WATCH, 2, 0),
        ("paaa", Verdict.ALERT, 3, 0),
        ("aaa", Verdict.ALERT, 3, 0),
        ("aaap", Verdict.SEEN, 0, 0),
        ("aaala", Verdict.WATCH, 1, 0),
        ("paraw", Verdict.ALERT, 4, 0),
        ("paeea", Verdict.WATCH, 2, 0),
        ("paeeaa", Verdict.ALERT, 3, 0),
        ("pauuaua", Verdict.ALERT, 3, 0),
        ("pagga", Verdict.WATCH, 2, 0),
        ("pa-a", Verdict.CANNOT_JUDGE, 2, 1),
        ("pa-", Verdict.WATCH, 1, 1),
        ("pa--", Verdict.CANNOT_JUDGE, 1, 2),
        ("pan-", Verdict.CANNOT_JUDGE, 1, 2),
        ("p---", Verdict.SEEN, 0, 3),
        ("pa-a-a", Verdict.ALERT, 3, 2),
        ("pa-p", Verdict.SEEN, 0, 0),
        ("psss", Verdict.SEEN, 0, 0),
        ("pssss", Verdict.ALERT, 4, 0),
        ("psssa", Verdict.WATCH, 1, 0),
        ("pssass", Verdict.ALERT, 5, 0),
        ("psesus-s", Verdict.ALERT, 4, 1),
        ("ssspsss", Verdict.SEEN, 0, 0),
        ("sss-s", Verdict.ALERT, 4, 1),
        ("px", Verdict.ALERT, 1, 0),
        ("pX", Verdict.ALERT, 0, 0),
        ("pxee", Verdict.ALERT, 1, 0),
        ("pxp", Verdict.SEEN, 0, 0),
    ],
)
def test_what_a_run_of_days_says(days, verdict, unexplained, missing):
    run = walk(days)
    assert (run.verdict(3), len(run.unexplained), len(run.not_taken)) == (
        verdict, unexplained, missing,
    )  # fmt: skip


def test_a_teachers_word_of_three_days_is_listed_as_explained_and_of_four_counts_from_the_first():
    assert walk("psss").explained == (at(1), at(2), at(3))
    assert walk("pssss").unexplained == (at(1), at(2), at(3), at(4))
    assert walk("pss", teacher_days=1).unexplained == (at(1), at(2))


def test_the_days_are_named_and_the_day_last_seen_with_them():
    run = walk("palane-a")
    assert run.last_seen == at(2)
    assert run.unexplained == (at(3), at(7))
    assert run.explained == (at(5),)
    assert run.not_taken == (at(4), at(6))
    assert walk("aa").last_seen is None


def test_a_day_without_facts_is_a_day_without_a_register():
    assert unseen([at(0), at(1)], {at(0): LETTERS["a"]}).not_taken == (at(1),)


def test_facts_about_days_that_are_no_school_days_say_nothing():
    marks = {at(n): LETTERS["a"] for n in range(5)}
    assert unseen([at(0)], marks).unexplained == (at(0),)


@pytest.mark.parametrize(("threshold", "days"), [(2, "paa"), (1, "pa"), (5, "paaaaa")])
def test_a_county_may_flag_at_another_number_of_days(threshold, days):
    assert walk(days).verdict(threshold) is Verdict.ALERT
    assert walk(days[:-1]).verdict(threshold) is not Verdict.ALERT


def brute(letters: str, limit: int) -> tuple[Verdict, set[int], set[int]]:
    """The answer found without walking: try every day as the last one seen and keep the latest."""
    seen = [n for n, letter in enumerate(letters) if letter in "pl"]
    tail = range(seen[-1] + 1 if seen else 0, len(letters))
    said = {n for n in tail if letters[n] == "s"}
    unexplained = {n for n in tail if letters[n] in "awrx"} | (said if len(said) > limit else set())
    missing = {n for n in tail if letters[n] in "-n"}
    if {letters[n] for n in tail} & set("xX") or len(unexplained) > 2:
        return Verdict.ALERT, unexplained, missing
    if not unexplained:
        return Verdict.SEEN, unexplained, missing
    held = {n for n in tail if letters[n] == "h"}
    enough = len(unexplained | missing | held) > 2
    return Verdict.CANNOT_JUDGE if enough else Verdict.WATCH, unexplained, missing


@given(st.text("".join(LETTERS), max_size=14), st.integers(0, 4))
def test_any_run_of_days_says_what_brute_force_says(letters, limit):
    run = walk(letters, limit)
    verdict, unexplained, missing = brute(letters, limit)
    assert run.verdict(3) is verdict
    assert set(run.unexplained) == {at(n) for n in unexplained}
    assert set(run.not_taken) == {at(n) for n in missing}
