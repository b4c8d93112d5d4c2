"""Where the children of a county stood on a day, read set by set: no query per child.

As of an earlier day everything is judged by its dates (spells, statuses, exits, the days of a case
and of an alert). A case that relapsed since counts as out of school back to its opening.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from attendance.enums import AlertState
from attendance.models import AbsenceAlert
from cases.enums.records import ExitKind
from cases.enums.states import AbsenceLevel, CaseState, EventKind
from cases.models import Case, CaseEvent
from regions.clock import at, local
from regions.models import SchoolClass
from regions.paths import inside
from regions.rules.classnames import YEAR_BEGINS, school_year
from reports.rules.student_status import OpenCase, Standing, Stay
from students.enums import AbsenceKind, AbsenceState, Began, Ended
from students.models import AuthorisedAbsence, Enrolment

STATISTICS_BEGIN = (9, 1)


@dataclass(frozen=True, slots=True)
class Year:
    """A school year up to a day. Its stock is counted on 1 September (教育统计), on `on` before it."""

    on: date

    @property
    def begins(self) -> date:
        return date(school_year(self.on), *YEAR_BEGINS)

    @property
    def opening(self) -> date:
        return min(self.on, date(school_year(self.on), *STATISTICS_BEGIN))


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A running class as a value."""

    id: int
    path: str
    stage: str
    grade: int


@dataclass(frozen=True, slots=True)
class CaseFact:
    """What an open case says of a child on the day, with its own day and number."""

    id: int
    returned: bool
    level: AbsenceLevel
    since: date
    dropout_on: date | None


@dataclass
class Gathered:
    """All that was read: rooms, who stands in each, who moved, and what is on file of whom.

    `left_rooms`: classes that have left the school while a child of theirs is still out of it.
    """

    year: Year
    rooms: dict[int, ClassInfo]
    on_roll: dict[int, set[int]]
    moved: dict[int, list[tuple[int, Stay, bool]]]
    left_rooms: dict[int, ClassInfo] = field(default_factory=dict)
    room_of: dict[int, int] = field(default_factory=dict)
    began: dict[int, date] = field(default_factory=dict)
    cases: dict[int, CaseFact] = field(default_factory=dict)
    exits: dict[int, tuple[ExitKind, date, int]] = field(default_factory=dict)
    statuses: dict[int, list[tuple[AbsenceKind, date]]] = field(default_factory=dict)
    alerts: dict[int, date] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)

    @property
    def spoken_of(self) -> set[int]:
        """Children on whom there is more than a roll."""
        on_file = set(self.cases) | set(self.exits) | set(self.statuses) | set(self.alerts)
        return on_file | self.dropped

    def standing(self, pk: int) -> Standing:
        """What is on file about a child, its last spell among it."""
        left, destination = None, False
        if pk in self.moved:
            _, stay, destination = self.moved[pk][-1]
            left = stay.how_ended
        case, exit_kind = self.cases.get(pk), self._exit(pk)
        return Standing(
            left=left,
            destination=destination,
            case=OpenCase(case.returned, case.level) if case else None,
            exit=exit_kind,
            alert=pk in self.alerts,
            statuses=frozenset(status for status, _ in self.statuses.get(pk, ())),
        )

    def _exit(self, pk: int) -> ExitKind | None:
        """The exit in force; a spell that began after it says that the child came back."""
        if pk not in self.exits:
            return None
        kind, day, _ = self.exits[pk]
        return None if pk in self.began and self.began[pk] > day else kind


def gather(path: str, on: date) -> Gathered:
    """Read a county as of `on`."""
    year = Year(on)
    rooms = _rooms(path, on)
    spells = _spells(path, year)
    on_roll = _on_roll(spells, rooms, on)
    gathered = Gathered(year, rooms, on_roll, _moved(spells, rooms, year))
    _read_cases(gathered, path)
    _read_alerts(gathered, path)
    _read_statuses(gathered, path)
    _read_dropped(gathered, path)
    _read_places(gathered, path)
    _read_carried_over(gathered, path)
    return gathered


def _on_roll(spells: QuerySet, rooms: dict[int, ClassInfo], on: date) -> dict[int, set[int]]:
    """The children who stand in each running class on the day."""
    on_roll: dict[int, set[int]] = defaultdict(set)
    standing = spells.filter(_open_on(on)).order_by()
    for class_id, pk in standing.values_list("school_class_id", "student_id").iterator(20_000):
        if class_id in rooms:
            on_roll[class_id].add(pk)
    return dict(on_roll)


def _rooms(path: str, on: date) -> dict[int, ClassInfo]:
    classes = SchoolClass.objects.at(path).running(on).order_by()
    return {room.pk: ClassInfo(room.pk, room.path, room.stage, room.grade(on)) for room in classes}


def spells_at(path: str) -> QuerySet[Enrolment]:
    """Spells that were: neither entered by mistake nor ended the day they began."""
    real = Q(ended=None) | Q(ended__gt=F("began"))
    return Enrolment.objects.filter(real, inside("school_class__path", path)).exclude(
        how_ended=Ended.MISTAKE
    )


def _spells(path: str, year: Year) -> QuerySet[Enrolment]:
    """Spells in running classes that reach into the school year, as of the day."""
    running = school_year(year.on)
    return spells_at(path).filter(
        Q(ended=None) | Q(ended__gt=year.opening),
        began__lte=year.on,
        school_class__entry_year__lte=running,
        school_class__entry_year__gt=running - F("school_class__years"),
    )


def _open_on(on: date) -> Q:
    return Q(ended=None) | Q(ended__gt=on)


def _moved(spells: QuerySet, rooms: dict[int, ClassInfo], year: Year):
    """By child who came, went or changed class in the year: its stays, in order."""
    late = Q(began__gt=year.opening) & ~Q(how=Began.ENTERED)
    movers = spells.filter(late | Q(ended__lte=year.on)).values("student_id")
    moved: dict[int, list[tuple[int, Stay, bool]]] = defaultdict(list)
    rows = spells.filter(student_id__in=movers).order_by("student_id", "began")
    for pk, class_id, began, how, ended, how_ended, where in rows.values_list(
        "student_id", "school_class_id", "began", "how", "ended", "how_ended", "where_to"
    ):
        if class_id in rooms:
            moved[pk].append(
                (
                    class_id,
                    enrolment_span(rooms[class_id].path, began, how, ended, how_ended, year.on),
                    bool(where),
                )
            )
    return dict(moved)


def enrolment_span(
    path: str, began: date, how: str, ended: date | None, how_ended: str, on: date
) -> Stay:
    """A spell as of a day: one that ended later was still running."""
    if ended is None or ended > on:
        return Stay(path, began, Began(how))
    return Stay(path, began, Began(how), ended, Ended(how_ended or Ended.TRANSFER_OUT))


def _waiting_exits(path: str, on: date) -> set[tuple[int, date]]:
    """By child and first day, what a township approved and the bureau had not by the day: no number
    takes it for granted (义务教育法 11 lets the child stay away, not the rate rise)."""
    rows = AuthorisedAbsence.objects.filter(
        inside("path", path), by_township=True, first__lte=on, last__gte=on
    )
    said = Q(state=AbsenceState.APPROVED, second_at__lt=at(on + timedelta(days=1), time()))
    return set(rows.exclude(said).values_list("student_id", "first"))


def _read_cases(gathered: Gathered, path: str) -> None:
    on = gathered.year.on
    waiting = _waiting_exits(path, on)
    rows = Case.objects.at(path).filter(opened_on__lte=on).exclude(state=CaseState.MISTAKE)
    for (
        pk,
        case_id,
        state,
        opened,
        returned,
        suspected,
        dropout,
        closed,
        kind,
        until,
        changed,
    ) in rows.order_by("opened_on", "pk").values_list(
        "student_id",
        "pk",
        "state",
        "opened_on",
        "returned_on",
        "suspected_on",
        "dropout_on",
        "closed_on",
        "exit_kind",
        "exit_until",
        "changed_at",
    ):
        gathered.exits.pop(pk, None)  # a later case says more of the child than an exit before it
        ended = closed or (local(changed).date() if state == CaseState.EXITED else None)
        if ended is None or ended > on:
            back = returned is not None and returned <= on
            level, since = _level(on, opened, suspected, dropout)
            gathered.cases[pk] = CaseFact(
                case_id, back, level, returned if back else since, dropout
            )
        elif state == CaseState.EXITED and (until is None or until >= on):
            if (pk, ended) in waiting:
                level, since = _level(on, opened, suspected, dropout)
                gathered.cases[pk] = CaseFact(case_id, False, level, since, dropout)
            else:
                gathered.exits[pk] = (ExitKind(kind), ended, case_id)


def _level(on: date, opened: date, suspected: date | None, dropout: date | None):
    if dropout and dropout <= on:
        return AbsenceLevel.DROPOUT, dropout
    if suspected and suspected <= on:
        return AbsenceLevel.SUSPECTED, suspected
    return AbsenceLevel.ABSENT, opened


def _read_alerts(gathered: Gathered, path: str) -> None:
    """Alerts that stood on the day. A confirmed one stands until its case opens."""
    on = gathered.year.on
    next_day = at(on + timedelta(days=1), time())
    taken_up = Case.objects.filter(
        student=OuterRef("student_id"), opened_on__gte=OuterRef("opened_on")
    )
    stood = (
        Q(state=AlertState.OPEN)
        | (Q(state=AlertState.CONFIRMED) & ~Exists(taken_up))
        | Q(handled_at__gte=next_day)
        | Q(state__in=[AlertState.RETURNED, AlertState.WITHDRAWN], as_of__gt=on)
    )
    rows = AbsenceAlert.objects.at(path).filter(stood, opened_on__lte=on)
    gathered.alerts.update(rows.order_by("opened_on").values_list("student_id", "opened_on"))


def _read_statuses(gathered: Gathered, path: str) -> None:
    on = gathered.year.on
    standing = AuthorisedAbsence.objects.statuses().approved().on(on)
    rows = standing.filter(inside("student__school_path", path))
    for pk, kind, first in rows.values_list("student_id", "kind", "first"):
        gathered.statuses.setdefault(pk, []).append((AbsenceKind(kind), first))


def _read_dropped(gathered: Gathered, path: str) -> None:
    """Children who were 辍学 at any time of the school year, each once, back or not."""
    begins, on = gathered.year.begins, gathered.year.on
    cases = Case.objects.at(path).filter(dropout_on__gte=begins, dropout_on__lte=on)
    events = CaseEvent.objects.filter(
        inside("case__county_path", path),
        kind=EventKind.DROPOUT,
        happened_to__gte=begins,
        happened_to__lte=on,
    )
    mistake = CaseState.MISTAKE
    gathered.dropped = set(cases.exclude(state=mistake).values_list("student_id", flat=True))
    gathered.dropped |= set(
        events.exclude(case__state=mistake).values_list("case__student_id", flat=True)
    )


def _read_places(gathered: Gathered, path: str) -> None:
    """In which class the children spoken of stood, and since when; who moved stands where it went."""
    gathered.room_of = {pk: stays[-1][0] for pk, stays in gathered.moved.items()}
    gathered.began = {pk: stays[-1][1].began for pk, stays in gathered.moved.items()}
    wanted = gathered.spoken_of - set(gathered.moved)
    rows = spells_at(path).filter(_open_on(gathered.year.on), began__lte=gathered.year.on)
    for pk, class_id, began in _chunked(rows, wanted):
        if class_id in gathered.rooms:
            gathered.room_of[pk], gathered.began[pk] = class_id, began


def _read_carried_over(gathered: Gathered, path: str) -> None:
    """Where children stood last whose case is open, not back, while their class left the school."""
    out = {pk for pk, case in gathered.cases.items() if not case.returned} - set(gathered.room_of)
    on = gathered.year.on
    rows = spells_at(path).filter(student_id__in=out, began__lte=on).order_by("began")
    last = {spell.student_id: spell for spell in rows.select_related("school_class")}
    for pk, spell in last.items():
        room = spell.school_class
        final = room.first_grade + room.years - 1
        stayed = spell.ended is None or spell.how_ended == Ended.GRADUATED
        if stayed and room.grade(on) > final:
            gathered.left_rooms[room.pk] = ClassInfo(room.pk, room.path, room.stage, final)
            gathered.room_of[pk], gathered.began[pk] = room.pk, spell.began


def _chunked(rows: QuerySet, wanted: Iterable[int], size: int = 20_000):
    ids = sorted(wanted)
    for first in range(0, len(ids), size):
        chunk = rows.filter(student_id__in=ids[first : first + size])
        yield from chunk.values_list("student_id", "school_class_id", "began")
