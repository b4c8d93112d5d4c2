"""The rule of unseen days broken on purpose, one way at a time: each must be seen by the oracle.

A fault is (where, attribute, what takes its place): the last is called with what stands there.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from attendance import records
from attendance.enums import DayState
from attendance.rules import second_word, streaks
from regions import models
from regions.enums import DayKind, RowState
from regions.rules import calendar
from students.enums import AbsenceState
from students.traits import now_of

ONE_DAY = timedelta(days=1)


def states(broken: Callable[[streaks.DayFacts, DayState], DayState]) -> Callable:
    """The rule with another answer for some days."""
    return lambda real: lambda facts: broken(facts, real(facts))


def facts(broken: Callable[[streaks.DayFacts], streaks.DayFacts]) -> Callable:
    """The rule reading something else than what is on file."""
    return lambda real: lambda known: real(broken(known))


def excuse(state: AbsenceState) -> Callable:
    approved = AbsenceState.APPROVED
    return facts(lambda f: replace(f, leave=approved) if f.leave is state else f)


def away_when(state: str) -> Callable:
    return lambda real: (
        lambda kind, said, lawful: real(kind, "approved" if said == state else said, lawful)
    )


def runs(broken: Callable) -> Callable:
    """The run with something about it changed after it was walked."""
    return lambda real: lambda days, known, limit: broken(real(days, known, limit))


def unlisted(known: streaks.DayFacts) -> bool:
    return known.taken and known.listed and known.mark is None


def marks_off_days(real: Callable) -> Callable:
    def days_of(file, child):
        marked = {day for day in child.marks if any(spell.holds(day) for spell in child.spells)}
        return sorted({*real(file, child), *marked})

    return days_of


def last_spell_only(real: Callable) -> Callable:
    def days_of(file, child):
        now = [spell for spell in child.spells if spell.holds(file.on)]
        return [day for day in real(file, child) if any(spell.holds(day) for spell in now)]

    return days_of


def as_seen(*these: DayState) -> Callable:
    return states(lambda _, state: DayState.SEEN if state in these else state)


def held_days(broken: Callable[[calendar.Day], calendar.Day]) -> Callable:
    """The calendar with another answer for a day whose closure waits."""

    def made(real: Callable) -> Callable:
        def day(self, track, on):
            found = real(self, track, on)
            return broken(found) if found.held else found

        return day

    return made


def also_heard(state: RowState) -> Callable:
    """Rows in another state speak as well."""
    return lambda real: lambda rows: real(rows) | rows.filter(state=state, holds_day=True)


def without_closures(real: Callable) -> Callable:
    """What schools asked for and got is not among the rows that decide."""
    return lambda rows: real(rows).exclude(kind=DayKind.CLOSURE, decided_by__gt="")


Fault = tuple[object, str, Callable]
OF_REGISTERS: dict[str, Fault] = {
    "an explained day ends the run": (streaks, "day_state", as_seen(DayState.EXPLAINED)),
    "a missing register ends the run": (streaks, "day_state", as_seen(DayState.NOT_TAKEN)),
    "missing registers are skipped silently": (
        records, "unseen", runs(lambda run: replace(run, not_taken=())),
    ),
    "a missing register counts as absence": (
        streaks, "day_state",
        states(lambda _, s: DayState.UNEXPLAINED if s is DayState.NOT_TAKEN else s),
    ),
    "the teacher's word holds a day longer": (
        records, "unseen", lambda real: lambda days, known, limit: real(days, known, limit + 1),
    ),
    "the teacher's word holds a day less": (
        records, "unseen", lambda real: lambda days, known, limit: real(days, known, limit - 1),
    ),
    "marks on days off count": (records.HistoryFile, "days_of", marks_off_days),
    "a gap between spells ends the run": (records.HistoryFile, "days_of", last_spell_only),
    "a child on leave that came is not seen": (
        streaks, "day_state",
        states(lambda f, s: DayState.EXPLAINED if unlisted(f) and f.leave == "approved" else s),
    ),
    "a suspended child nobody lists was seen": (
        streaks, "day_state",
        states(lambda f, s: DayState.SEEN if unlisted(f) and f.away else s),
    ),
    "a register taken before the child was listed speaks of it": (
        streaks, "day_state", facts(lambda f: replace(f, listed=True)),
    ),
    "whereabouts unknown do not matter": (
        records, "unseen", runs(lambda run: replace(run, lost=False)),
    ),
    "more than three days instead of three": (
        streaks.Unseen, "verdict", lambda real: lambda run, limit: real(run, limit + 1),
    ),
}  # fmt: skip

# Days that are asked for, closures that wait, traits that change, classes that end.
OF_DECISIONS: dict[str, Fault] = {
    "a refused request excuses": (streaks, "day_state", excuse(AbsenceState.REFUSED)),
    "a waiting request excuses": (streaks, "day_state", excuse(AbsenceState.ASKED)),
    "what the school alone agreed to excuses": (
        streaks, "day_state", excuse(AbsenceState.PASSED),
    ),
    "what was withdrawn takes the teacher's word away": (
        records, "LEAVE_ORDER", lambda real: [*real, AbsenceState.WITHDRAWN],
    ),
    "a refused request leaves the teacher's word": (
        records, "LEAVE_ORDER", lambda real: [s for s in real if s is not AbsenceState.REFUSED],
    ),
    "treatment explains every day of its span": (
        second_word, "falls_on", lambda real: lambda day, weekdays: True,
    ),
    "a suspension nobody has decided takes the child away": (
        records, "is_away", away_when("asked"),
    ),
    "a refused suspension still takes the child away": (
        records, "is_away", away_when("refused"),
    ),
    "the township's word explains nothing": (
        records, "is_away", lambda real: lambda kind, state, lawful: real(kind, state, False),
    ),
    "a leave ends a day before its last": (
        second_word.Span, "__contains__",
        lambda real: lambda span, day: real(span, day) and (day < span.last or day == span.first),
    ),
    "what the bureau approved explains only days with a mark": (
        streaks, "day_state",
        states(lambda f, s: DayState.NOT_TAKEN if f.mark is None and not f.away
               and s is DayState.EXPLAINED else s),
    ),
    "a day whose closure waits was missed": (
        streaks, "day_state",
        states(lambda f, s: DayState.UNEXPLAINED if s is DayState.HELD else s),
    ),
    "a day whose closure waits was attended": (streaks, "day_state", as_seen(DayState.HELD)),
    "a day whose closure waits is off": (
        calendar.Calendar, "day", held_days(lambda day: replace(day, school=False)),
    ),
    "a day whose closure waits is an ordinary one": (
        calendar.Calendar, "day", held_days(lambda day: replace(day, held=False)),
    ),
    "days that wait leave no doubt": (
        streaks.Unseen, "verdict",
        lambda real: lambda run, limit: real(replace(run, held=()), limit),
    ),
    "a refused closure closes its day": (
        models.CalendarRowQuerySet, "heard", also_heard(RowState.REFUSED),
    ),
    "a closure that was taken back closes its day": (
        models.CalendarRowQuerySet, "heard", also_heard(RowState.ENDED),
    ),
    "a closure that was approved closes nothing": (
        models.CalendarRowQuerySet, "active", without_closures,
    ),
    "what a child is today was always so": (
        records, "traits_on", lambda real: lambda child, changes, day: now_of(child),
    ),
    "a child boards from the day after it was told": (
        records, "traits_on", lambda real: lambda child, changes, day: real(child, changes, day - ONE_DAY),
    ),
    "a class that has left still misses days": (
        calendar.Track, "has_left", lambda real: lambda track, on: False,
    ),
}  # fmt: skip
FAULTS = OF_REGISTERS | OF_DECISIONS
