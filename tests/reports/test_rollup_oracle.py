"""Two hundred random counties: the roll-up against a recount written differently.

The recount looks at one child after the other and at one day after the other, knows no set-based
query, and reads the plain facts the county was made from, not its rows.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from attendance.enums import AlertState, Mark
from cases.enums.states import CaseState
from regions.enums import Stage
from reports.counting.roll_up import roll_up
from reports.enums import Flow, StudentStatus
from reports.models import SnapshotCount, SnapshotStudent
from reports.queries.snapshots import snapshot_on
from reports.rules.packed_ids import unpack
from students.enums import AbsenceKind, Began, Ended
from tests import factories as make
from tests.reports.random_counties import TERM, YEAR_BEGAN, Alert, County, File, Life, county

COUNTIES, AT_ONCE = 200, 20
RUNNING = range(2024, 2027)
FIRST_FRIDAY = date(2026, 9, 4)
HERE = {Mark.LATE, Mark.LEFT_EARLY, Mark.HALF_DAY}


def class_of(life: Life, on: date, made: County) -> int | None:
    """In which running class did the child stand on one day?"""
    for spell in life.spells:
        if spell.how_ended is Ended.MISTAKE or not running(made, spell.room):
            continue
        if spell.began <= on and (spell.ended is None or on < spell.ended):
            return spell.room
    return None


def running(made: County, room: int) -> bool:
    one = made.rooms[room]
    return one.entry_year <= 2026 < one.entry_year + one.years


def trace(life: Life, made: County) -> list[int]:
    """The classes the child stood in, day by day from the year's first day to the one asked about."""
    seen: list[int] = []
    day = YEAR_BEGAN
    while day <= made.on:
        room = class_of(life, day, made)
        if room is not None and (not seen or seen[-1] != room):
            seen.append(room)
        day += timedelta(days=1)
    return seen


def began_as(life: Life, made: County) -> Began | None:
    """How the child came onto the first roll it stood on after the year opened."""
    day = YEAR_BEGAN
    while class_of(life, day, made) is None:
        day += timedelta(days=1)
    return next(s.how for s in life.spells if s.began == day) if day > YEAR_BEGAN else None


def file_on(files: list[File], on: date) -> File | None:
    """The case that was open on the day."""
    for one in files:
        over = one.closed is not None and one.closed <= on
        if one.opened <= on and not over and one.state is not CaseState.MISTAKE:
            return one
    return None


def exit_on(files: list[File], life: Life, made: County) -> File | None:
    """The exit in force on the day; a case opened after it says more of the child than it does."""
    known = [one for one in files if one.opened <= made.on and one.state is not CaseState.MISTAKE]
    last = max(known, key=lambda one: (one.opened, known.index(one)), default=None)
    if last is None or last.state is not CaseState.EXITED or last.closed > made.on:
        return None
    if last.until is not None and last.until < made.on:
        return None
    room = class_of(life, made.on, made)
    back = any(
        s.began > last.closed and s.began <= made.on and s.room == room
        and (s.ended is None or s.ended > made.on)
        for s in life.spells
    )  # fmt: skip
    return None if back else last


def alerted(alert: Alert | None, files: list[File], on: date) -> bool:
    if alert is None or alert.opened > on:
        return False
    if alert.state is AlertState.OPEN:
        return True
    if alert.state in (AlertState.RETURNED, AlertState.WITHDRAWN):
        return alert.as_of > on
    if alert.handled > on:
        return True
    later = [one for one in files if one.opened >= alert.opened]
    return alert.state is AlertState.CONFIRMED and not later


def where(life: Life, made: County) -> StudentStatus:
    """The one status of a child of this year."""
    on = made.on
    if class_of(life, on, made) is None:
        real = [s for s in life.spells if s.how_ended is not Ended.MISTAKE and s.began != s.ended]
        last = [s for s in real if running(made, s.room) and s.ended and s.ended <= on][-1]
        for how in (Ended.DECEASED, Ended.ABROAD):
            if last.how_ended is how:
                return StudentStatus(how)
        if last.how_ended is not Ended.GRADUATED:
            return StudentStatus.TRANSFER_OUT if last.where else StudentStatus.TRANSFER_PENDING
        if not file_on(life.files, on):
            return StudentStatus.GRADUATED
    if one := file_on(life.files, on):
        if one.returned and one.returned <= on:
            return StudentStatus.OBSERVED
        if one.dropout and one.dropout <= on:
            return StudentStatus.DROPOUT
        return (
            StudentStatus.SUSPECTED
            if one.suspected and one.suspected <= on
            else StudentStatus.ABSENT
        )
    if one := exit_on(life.files, life, made):
        same = set(StudentStatus) - {"transfer_out"}
        return StudentStatus(one.exit) if one.exit in same else StudentStatus.TRANSFER_PENDING
    if alerted(life.alert, life.files, on):
        return StudentStatus.ABSENT
    now = {kind for kind, first, last in life.statuses if first <= on <= last}
    for kind in (
        AbsenceKind.SUSPENDED, AbsenceKind.DEFERRED, AbsenceKind.HOME_TEACHING,
        AbsenceKind.STUDY_ELSEWHERE,
    ):  # fmt: skip
        if kind in now:
            return StudentStatus(kind)
    return StudentStatus.LONG_LEAVE if now else StudentStatus.IN_SCHOOL


def ladder(made: County, room: int) -> dict[str, str]:
    """The places of a class by level, found by walking up the rows and not along a string."""
    at = made.rooms[room]
    place_rules = at.school.region
    names = {"class": at.path, "school": at.school.path, "county": made.region.path}
    while place_rules is not None and place_rules.level > 4:
        place_rules = place_rules.parent
    names["township"] = place_rules.path if place_rules.level == 4 else made.region.path + "S"
    return names


def recount(made: County) -> tuple[dict, dict, dict]:
    """Every cell, who stands in it, and the status of every child, counted one by one."""
    cells: dict[tuple, Counter] = defaultdict(Counter)
    people: dict[tuple, list[int]] = defaultdict(list)
    student_statuses = {}

    def note(cell: tuple, word: str, pk: int) -> None:
        cells[cell][word] += 1
        people[*cell, word].append(pk)

    for pk, life in made.lives.items():
        rooms = trace(life, made)
        if not rooms:
            if room := left_behind_in(life, made):
                student_statuses[pk] = StudentStatus.DROPOUT
                for level, path in ladder(made, room).items():
                    note((level, path, made.rooms[room].stage), "dropout", pk)
            continue
        student_status = student_statuses[pk] = where(life, made)
        stage = made.rooms[rooms[-1]].stage
        start = began_as(life, made) in (None, Began.ENTERED)
        ended = class_of(life, made.on, made) is None
        dropouts = [f.dropout for f in life.files if f.state is not CaseState.MISTAKE and f.dropout]
        dropped = [day for day in dropouts if date(2026, 8, 15) <= day <= made.on]
        for level in ("class", "school", "township", "county"):
            path = [ladder(made, room)[level] for room in rooms]
            here = level, path[-1], stage
            note(here, student_status, pk)
            if dropped:
                note(here, "dropped", pk)
            now = file_on(life.files, made.on)
            if student_status is StudentStatus.DROPOUT and now.dropout >= date(2026, 8, 15):
                note(here, "dropped_now", pk)
            for place in set(path):
                first = start and place == path[0]
                note((level, place, stage), "start" if first else "came_in", pk)
                if place != path[-1]:
                    note((level, place, stage), "went_out", pk)
            words = {"transfer_out": "went_out", "abroad": "went_abroad", "deceased": "died"}
            if student_status in words:
                note(here, words[student_status], pk)
            if student_status is StudentStatus.GRADUATED and (
                ended or len(path) > 1 or moves(life, made)
            ):
                note(here, "finished", pk)
            if student_status is StudentStatus.TRANSFER_PENDING and ended:
                note(here, "unknown", pk)
    _recount_days(made, cells, people)
    kept = {key: +counts for key, counts in cells.items() if +counts}
    return kept, {key: sorted(pks) for key, pks in people.items()}, student_statuses


def left_behind_in(life: Life, made: County) -> int | None:
    """The class a child out of school stood in last, where that has left the school with it."""
    real = [
        s
        for s in life.spells
        if s.how_ended is not Ended.MISTAKE and s.began != s.ended and s.began <= made.on
    ]
    last = max(real, key=lambda s: s.began, default=None)
    stays = last is not None and (last.ended is None or last.how_ended is Ended.GRADUATED)
    case = file_on(life.files, made.on)
    if not stays or running(made, last.room) or case is None:
        return None
    back = case.returned and case.returned <= made.on
    out = case.dropout and case.dropout <= made.on
    return last.room if out and not back else None


def moves(life: Life, made: County) -> bool:
    """Did any arrival other than an entry, or any leaving, fall into the year?"""
    return any(
        (YEAR_BEGAN < s.began <= made.on and s.how is not Began.ENTERED)
        or (s.ended is not None and YEAR_BEGAN < s.ended <= made.on and s.began < s.ended)
        for s in life.spells
        if s.how_ended is not Ended.MISTAKE and running(made, s.room)
    )


def _recount_days(
    made: County, cells: dict[tuple, Counter], people: dict[tuple, list[int]]
) -> None:
    week_ends = min(FIRST_FRIDAY, made.on)
    for room, one in made.rooms.items():
        if not running(made, room):
            continue
        counts: Counter = Counter()
        on_roll = [  # a spell entered by mistake still fills a class that day
            s
            for life in made.lives.values()
            for s in life.spells
            if s.room == room and s.began <= made.on and (s.ended is None or s.ended > made.on)
        ]
        live = made.live_from[room] is not None and made.live_from[room] <= made.on
        if on_roll and live and made.on.isoweekday() <= 5:
            counts["classes"] = 1
            if (room, made.on) in made.sheets:
                state, late, marks = made.sheets[room, made.on]
                counts["taken"], counts["on_time"] = 1, int(not late)
                first = sum(life.spells[0].room == room for life in made.lives.values())
                if state == "taken":
                    counts["expected"], counts["present"] = first, first - len(marks)
        sheets = [
            marks
            for (where_, day), (state, _, marks) in made.sheets.items()
            if where_ == room and state == "taken" and TERM[0] <= day <= week_ends
        ]
        came = [pk for pk, life in made.lives.items() if class_of(life, week_ends, made) == room]
        if sheets and came:
            counts["opening_expected"] = len(came)
            for pk in came:
                out = all(pk in marks and marks[pk] not in HERE for marks in sheets)
                counts["opening_seen"] += not out
                counts["opening_missing"] += out
                if out:
                    people["class", one.path, one.stage, "opening_missing"].append(pk)
        for level, place in ladder(made, room).items():
            cells[level, place, one.stage].update(counts)


def counted(made: County) -> tuple[dict, dict, dict]:
    """What the portal says, whom it names for it, and the rows it keeps."""
    snapshot = snapshot_on(made.region.path, made.on)
    cells = {
        (one.level, one.path, one.stage): Counter(one.counts)
        for one in SnapshotCount.objects.filter(snapshot=snapshot)
        if one.counts
    }
    people = {
        (one.level, one.path, one.stage, key): unpack(text)
        for one in SnapshotCount.objects.filter(snapshot=snapshot)
        for key, text in one.who.items()
    }
    rows = SnapshotStudent.objects.filter(snapshot=snapshot)
    return cells, people, dict(rows.values_list("student_id", "student_status"))


@pytest.mark.unmeasured
@pytest.mark.django_db
@pytest.mark.parametrize("first", range(0, COUNTIES, AT_ONCE))
def test_the_roll_up_equals_the_recount(first):
    teacher = make.user()
    met: Counter = Counter()
    for seed in range(first, first + AT_ONCE):
        made = county(seed, teacher)
        roll_up(made.on, made.region)
        wanted, named, student_statuses = recount(made)
        cells, people, rows = counted(made)
        plain = {
            pk: b.value for pk, b in student_statuses.items() if b is not StudentStatus.IN_SCHOOL
        }
        assert rows == plain, f"seed {seed}"
        assert cells == wanted, f"seed {seed}"
        stored = {
            key: pks for key, pks in named.items() if key[0] == "class" or key[-1] in set(Flow)
        }
        assert people == stored, f"seed {seed}"
        assert_closed(made, cells, student_statuses)
        met.update(b.value for b in student_statuses.values())
    assert {"dropout", "observed", "transfer_out", "suspended"} <= set(met)


def assert_closed(made: County, cells: dict, student_statuses: dict) -> None:
    """Each child in one status, and every level adds up to the county."""
    names = set(StudentStatus)
    for stage in Stage:
        total = {
            level: sum(
                (
                    Counter({key: n for key, n in counts.items() if key in names})
                    for (at, _, which), counts in cells.items()
                    if at == level and which == stage
                ),
                Counter(),
            )
            for level in ("class", "school", "township", "county")
        }
        assert total["class"] == total["school"] == total["township"] == total["county"]
    everybody = sum(
        n for (level, _, _), counts in cells.items() if level == "county"
        for key, n in counts.items() if key in names
    )  # fmt: skip
    assert everybody == len(student_statuses)
