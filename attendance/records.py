"""What is on file about children's days, read set by set and handed to the rule as values."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from attendance.enums import DayState, Mark, Verdict
from attendance.models import Absence, Register
from attendance.rules.proof import Source
from attendance.rules.second_word import Span
from attendance.rules.streaks import DayFacts, Unseen, day_state, unseen
from regions.days import PlaceRules
from regions.models import SchoolClass
from regions.refusals import NoCalendar
from regions.rules.calendar import Track, each_day
from regions.rules.policies import Setting
from students.enums import AWAY, AbsenceState
from students.models import AuthorisedAbsence, Enrolment
from students.rules.spellings import ETHNICITY
from students.trait_changes import TraitChange
from students.traits import trait_changes, traits_on

WINDOW_DAYS = 35
LEAVE_ORDER = [
    AbsenceState.APPROVED, AbsenceState.PASSED, AbsenceState.ASKED, AbsenceState.REFUSED,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClassSpell:
    """A child's stay in a class, as days: from `began` to the day before `ended`."""

    class_id: int
    track: Track
    began: date
    ended: date | None
    listed_from: date | None
    counts_from: date | None

    def holds(self, day: date) -> bool:
        return self.began <= day and (self.ended is None or day < self.ended)


@dataclass
class PupilHistory:
    """One child's spells, marks, leaves and times away."""

    id: int
    spells: list[ClassSpell] = field(default_factory=list)
    marks: dict[date, tuple[Mark, str]] = field(default_factory=dict)
    leaves: list[tuple[Span, AbsenceState]] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)

    def leave_on(self, day: date) -> AbsenceState | None:
        states = {state for span, state in self.leaves if day in span}
        return next((state for state in LEAVE_ORDER if state in states), None)

    def away_on(self, day: date) -> bool:
        return any(day in span for span in self.away)


@dataclass(frozen=True)
class HistoryFile:
    """All that was read for a set of children: enough to answer the rule for each."""

    place_rules: PlaceRules
    on: date
    since: date | None
    children: dict[int, PupilHistory]
    taken: dict[int, dict[date, str]]  # who took it, by class and day

    def days_of(self, child: PupilHistory) -> list[date]:
        """The child's school days up to `on`. Raises NoCalendar where one since the child was last
        seen is undecided; an undecided day before it blocks nothing and is left out."""
        days, undecided = self._known_days(child)
        if undecided:
            seen = self._last_seen(child, days)
            open_days = [day for day in undecided if seen is None or day > seen]
            if open_days:
                raise undecided[min(open_days)]
        return days

    def decided_days_of(self, child: PupilHistory) -> list[date]:
        """The child's school days that are decided, whatever lies between. Raises NoCalendar where a
        register shows the child on one that is not: it may have been seen since."""
        days, undecided = self._known_days(child)
        seen = self._last_seen(child, days)
        for day, refusal in undecided.items():
            since = seen is None or day > seen
            if since and day_state(self._fact(child, day)) is DayState.SEEN:
                raise refusal
        return days

    def every_day_of(self, child: PupilHistory) -> list[date]:
        """The same for who counts them all: raises NoCalendar wherever one is undecided."""
        days, undecided = self._known_days(child)
        if undecided:
            raise undecided[min(undecided)]
        return days

    def _known_days(self, child: PupilHistory) -> tuple[list[date], dict[date, NoCalendar]]:
        """The school days that are decided, in order, and the days that are not."""
        days: set[date] = set()
        undecided: dict[date, NoCalendar] = {}
        for spell in child.spells:
            first = self._first_day(spell)
            last = min(self.on, spell.ended) if spell.ended else self.on
            if first is None:
                continue
            for day in filter(spell.holds, each_day(first, last)):
                try:
                    school = self.place_rules.calendar.is_school_day(spell.track, day)
                except NoCalendar as refusal:
                    undecided[day] = refusal
                    continue
                if school:
                    days.add(day)
        return sorted(days), undecided

    def _last_seen(self, child: PupilHistory, days: list[date]) -> date | None:
        facts = self.facts_of(child, days)
        return next((d for d in reversed(days) if day_state(facts[d]) is DayState.SEEN), None)

    def _first_day(self, spell: ClassSpell) -> date | None:
        starts = [spell.began, spell.counts_from, self.since]
        beginning = self.place_rules.calendar.beginning(spell.track)
        if beginning is None:
            raise NoCalendar(f"{self.on.year}年{self.on.month}月{self.on.day}日（学期没有录入）")
        if spell.counts_from is None:
            return None
        return max([beginning, *(day for day in starts if day)])

    def facts_of(self, child: PupilHistory, days: Iterable[date]) -> dict[date, DayFacts]:
        return {day: self._fact(child, day) for day in days}

    def _fact(self, child: PupilHistory, day: date) -> DayFacts:
        spell = next(spell for spell in child.spells if spell.holds(day))
        mark = child.marks.get(day, (None, ""))[0]
        return DayFacts(
            taken=day in self.taken.get(spell.class_id, {}),
            listed=spell.listed_from is not None and day >= spell.listed_from,
            mark=mark,
            leave=child.leave_on(day),
            away=child.away_on(day),
            held=self._is_held(spell, day),
        )

    def _is_held(self, spell: ClassSpell, day: date) -> bool:
        """停课待核; a day nobody has decided is not."""
        try:
            return self.place_rules.calendar.is_held(spell.track, day)
        except NoCalendar:
            return False

    def sources_of(self, child: PupilHistory, days: Iterable[date]) -> dict[date, Source]:
        found = {}
        for day in days:
            spell = next(spell for spell in child.spells if spell.holds(day))
            taker = self.taken.get(spell.class_id, {}).get(day, "")
            found[day] = Source(by=taker, note=child.marks.get(day, (None, ""))[1])
        return found


@dataclass(frozen=True)
class AbsenceAssessment:
    """What the rule says of one child on one day, with all it was said on."""

    child: PupilHistory
    on: date
    run: Unseen
    verdict: Verdict
    days: list[date]
    facts: dict[date, DayFacts]
    sources: dict[date, Source]
    threshold: Setting
    teacher_days: int
    path: str
    on_roll: bool
    settled: frozenset[date] = frozenset()


def read_file(
    student_ids: Iterable[int], on: date, place_rules: PlaceRules, since: date | None
) -> HistoryFile:
    """Read what is on file for `student_ids` up to `on`, from `since` where a start is given."""
    ids = list(student_ids)
    children = {pk: PupilHistory(pk) for pk in ids}
    class_ids, changes = set(), trait_changes(ids)
    for spell in Enrolment.objects.filter(student_id__in=ids, began__lte=on).select_related(
        "school_class__school", "student"
    ):
        children[spell.student_id].spells += _spells(spell, changes.get(spell.student_id, []))
        class_ids.add(spell.school_class_id)
    _read_marks(children, on, since)
    _read_leaves(children, on)
    return HistoryFile(place_rules, on, since, children, _registers(class_ids, on, since))


def _spells(enrolment: Enrolment, changes: list[TraitChange]) -> list[ClassSpell]:
    """The stay, cut where a trait of the child changed: each day is judged by what it was then."""
    inside = {c.on for c in changes if enrolment.began < c.on}
    cuts = sorted(on for on in inside if enrolment.ended is None or on < enrolment.ended)
    starts = [enrolment.began, *cuts]
    return [
        ClassSpell(
            class_id=enrolment.school_class_id,
            track=track_of(enrolment.school_class, traits_on(enrolment.student, changes, began)),
            began=began,
            ended=ended,
            listed_from=enrolment.listed_from,
            counts_from=enrolment.school_class.school.counts_from,
        )
        for began, ended in zip(starts, [*cuts, enrolment.ended], strict=True)
    ]


class Traits(Protocol):
    """What of a child narrows its calendar."""

    @property
    def boarder(self) -> bool: ...

    @property
    def ethnicity(self) -> str: ...


def track_of(school_class: SchoolClass, student: Traits) -> Track:
    """Whose days these are: the class's place and grade, the child's boarding and community."""
    return school_class.track(student.boarder, ETHNICITY.labels.get(student.ethnicity, "")[:-1])


def _registers(class_ids: set[int], on: date, since: date | None):
    found: dict[int, dict[date, str]] = defaultdict(dict)
    rows = Register.objects.filter(school_class_id__in=class_ids, on__lte=on)
    if since:
        rows = rows.filter(on__gte=since)
    for class_id, day, name in rows.values_list("school_class_id", "on", "taken_by__name"):
        found[class_id][day] = name
    return found


def _read_marks(children: dict[int, PupilHistory], on: date, since: date | None) -> None:
    rows = Absence.objects.filter(student_id__in=list(children), on__lte=on)
    if since:
        rows = rows.filter(on__gte=since)
    for pk, day, mark, note in rows.values_list("student_id", "on", "mark", "note"):
        children[pk].marks[day] = (Mark(mark), note)


def _read_leaves(children: dict[int, PupilHistory], on: date) -> None:
    rows = AuthorisedAbsence.objects.filter(student_id__in=list(children), first__lte=on)
    for pk, kind, first, last, weekdays, state, by_township, due in rows.values_list(
        "student_id", "kind", "first", "last", "weekdays", "state", "by_township", "proof_due_on"
    ):
        span = Span(first, min(last, due or last), weekdays)
        if is_away(kind, state, by_township):
            children[pk].away.append(span)
        else:
            children[pk].leaves.append((span, AbsenceState(state)))


def is_away(kind: str, state: str, by_township: bool) -> bool:
    """Does it take the child out of class: approved, or by the township alone (义务教育法 11)?"""
    lawful = by_township and state == AbsenceState.PASSED
    return kind in AWAY and (state == AbsenceState.APPROVED or lawful)


def assess(
    student_ids: Iterable[int], on: date, place_rules: PlaceRules
) -> dict[int, AbsenceAssessment | NoCalendar]:
    """What the rule says of each child on `on`; NoCalendar where the child's days are undecided.

    The last weeks are read first; only children not seen in them are read from their beginning.
    """
    ids = list(student_ids)
    if not ids:
        return {}
    since = date.fromordinal(on.toordinal() - WINDOW_DAYS)
    recent = read_file(ids, on, place_rules, since)
    answers = {pk: _assess(recent, child) for pk, child in recent.children.items()}
    longer = [pk for pk, answer in answers.items() if _unseen_throughout(answer)]
    if longer:
        whole = read_file(longer, on, place_rules, None)
        answers |= {pk: _assess(whole, child) for pk, child in whole.children.items()}
    return answers


def _unseen_throughout(answer: AbsenceAssessment | NoCalendar) -> bool:
    return isinstance(answer, AbsenceAssessment) and answer.run.last_seen is None


def _assess(file: HistoryFile, child: PupilHistory) -> AbsenceAssessment | NoCalendar:
    """The answer; NoCalendar where it hangs on an undecided day: known days that are enough for an
    alert stand on their own."""
    try:
        return _judge(file, child, file.days_of(child))
    except NoCalendar as undecided:
        try:
            known = _judge(file, child, file.decided_days_of(child))
        except NoCalendar:
            return undecided
        return known if known.verdict is Verdict.ALERT else undecided


def _judge(file: HistoryFile, child: PupilHistory, days: list[date]) -> AbsenceAssessment:
    facts = file.facts_of(child, days)
    current = next((spell for spell in child.spells if spell.holds(file.on)), None)
    path = current.track.path if current else ""
    threshold = file.place_rules.policies.setting("flag_days", path, file.on)
    teacher_days = file.place_rules.policies.number("teacher_leave_days", path, file.on)
    run = unseen(days, facts, teacher_days)
    return AbsenceAssessment(
        child=child,
        on=file.on,
        run=run,
        verdict=run.verdict(threshold.number) if current else Verdict.SEEN,
        days=days,
        facts=facts,
        sources=file.sources_of(child, days),
        threshold=threshold,
        teacher_days=teacher_days,
        path=path,
        on_roll=current is not None,
    )
