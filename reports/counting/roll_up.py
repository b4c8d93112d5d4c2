"""roll_up: where every child of a county stands on a day, counted at four levels (design §4, §5).

Rebuilt from the rows; the draft of a day is replaced whole, a frozen snapshot never.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import itemgetter

from django.db import transaction

from accounts.job_runs import Claim
from regions.days import PlaceRules, place_rules_of
from regions.enums import Stage
from regions.models import Region
from regions.paths import COUNTY, TOWNSHIP
from reports.counting.cohorts import CohortResult, cohorts_of
from reports.counting.registers import OpeningWeek, opening, opening_week, registers_on
from reports.counting.sources import ClassInfo, Gathered, gather
from reports.enums import Flow, PlaceCount, SnapshotState, StudentStatus
from reports.models import CohortCell, Snapshot, SnapshotCount, SnapshotStudent
from reports.rules.packed_ids import pack
from reports.rules.student_status import LEVELS, at_start, flows_of, places_of, student_status_of

JOB = "roll_up"
FORMULAS = "2026-1"
BATCH = 2000
FLOWS = {flow.value for flow in Flow}
Key = tuple[str, str, str]  # level, path, stage


@dataclass
class PlaceCounts:
    """The counts of a place and stage, and the people behind those that count people."""

    counts: Counter = field(default_factory=Counter)
    who: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: str, people: Iterable[int]) -> None:
        """People whom this place names: their number is the count."""
        self.who[key].extend(people)
        self.counts[key] = len(self.who[key])


@dataclass
class Rolled:
    """A county on a day: the counts of every place and stage, and the children behind them."""

    county_path: str
    on: date
    cells: dict[Key, PlaceCounts] = field(default_factory=lambda: defaultdict(PlaceCounts))
    rows: list[SnapshotStudent] = field(default_factory=list)
    cohorts: list[CohortResult] = field(default_factory=list)
    counted: dict = field(default_factory=dict)


def roll_up(on: date, region: Region, held: Claim | None = None) -> dict:
    """Build the snapshot of a county for `on`. Returns its summary.

    Computed outside the transaction; the day's draft is replaced in one. Where the day is frozen
    and no correction was begun, nothing is written.
    """
    newest = Snapshot.objects.filter(county_path=region.path, on=on).order_by("version").last()
    if newest and newest.state == SnapshotState.FROZEN:
        return {"job": JOB, "on": on.isoformat(), "frozen": newest.version}
    rolled = roll(region.path, on)
    with transaction.atomic():
        if held:
            held.guard(done=0, total=1)
        write(rolled)
    return summary_of(rolled)


def roll(county_path: str, on: date) -> Rolled:
    """Count a county as of `on`; nothing is written."""
    place_rules = place_rules_of(county_path)
    gathered = gather(county_path, on)
    rolled = Rolled(county_path, on)
    student_statuses = _place_children(rolled, gathered)
    by_class = _by_class(gathered, rolled.rows)
    for class_id, counts in registers_on(county_path, on, place_rules).items():
        if class_id in by_class:
            by_class[class_id].counts.update(counts)
    week = opening_week(gathered.year, place_rules)
    if week:
        _add_opening(by_class, opening(county_path, week, gathered.rooms))
    _sum_up(rolled, gathered.rooms | gathered.left_rooms, by_class)
    _add_moves(rolled, gathered, student_statuses)
    rolled.cohorts = cohorts_of(county_path, on, student_statuses)
    rolled.counted = _counted(county_path, on, place_rules, week)
    return rolled


def _place_children(rolled: Rolled, gathered: Gathered) -> dict[int, StudentStatus]:
    """The bucket of every child who is spoken of or moved, and the rows of those not 在读.

    A child out of school whose class has left stays 辍学未复学, and in no rate of this year.
    """
    student_statuses = {}
    for pk in sorted(set(gathered.moved) | gathered.spoken_of):
        stood = gathered.room_of.get(pk, 0)
        room = gathered.rooms.get(stood)
        if room is None:
            left = gathered.left_rooms.get(stood)
            if left and student_status_of(gathered.standing(pk)) is StudentStatus.DROPOUT:
                rolled.rows.append(_row(gathered, pk, left, StudentStatus.DROPOUT))
            continue  # on no roll of a running class: no child of this year's
        student_status = student_statuses[pk] = student_status_of(gathered.standing(pk))
        if student_status is not StudentStatus.IN_SCHOOL:
            rolled.rows.append(_row(gathered, pk, room, student_status))
    return student_statuses


def _row(
    gathered: Gathered, pk: int, room: ClassInfo, student_status: StudentStatus
) -> SnapshotStudent:
    since, case_id = None, None
    gone = gathered.moved[pk][-1][1].ended if pk in gathered.moved else None
    if gone:
        since = gone
    elif pk in gathered.cases:
        since, case_id = gathered.cases[pk].since, gathered.cases[pk].id
    elif pk in gathered.exits:
        _, since, case_id = gathered.exits[pk]
    elif pk in gathered.alerts:
        since = gathered.alerts[pk]
    elif pk in gathered.statuses:
        since = min(began for _, began in gathered.statuses[pk])
    return SnapshotStudent(
        student_id=pk,
        path=room.path,
        stage=room.stage,
        grade=room.grade,
        student_status=student_status,
        since=since,
        case_id=case_id,
    )


def _by_class(gathered: Gathered, rows: Iterable[SnapshotStudent]) -> dict[int, PlaceCounts]:
    """Counts that add up from class to county: statuses, dropouts, and the start of who stayed."""
    rooms = gathered.rooms | gathered.left_rooms
    people: dict[int, dict[str, set[int]]] = {pk: defaultdict(set) for pk in rooms}
    for class_id, on_roll in gathered.on_roll.items():
        people[class_id][StudentStatus.IN_SCHOOL.value] = set(on_roll)
        # Who moved is counted by its moves, place by place.
        people[class_id][Flow.START.value] = on_roll - gathered.moved.keys()
    in_class = {room.path: pk for pk, room in rooms.items()}
    for row in rows:
        class_id = in_class[row.path]
        here = people[class_id]
        here[row.student_status].add(row.student_id)
        here[StudentStatus.IN_SCHOOL.value].discard(row.student_id)
        if class_id in gathered.left_rooms:
            continue
        if row.student_status == StudentStatus.DROPOUT and row.student_id in gathered.dropped:
            since = gathered.cases[row.student_id].dropout_on
            if since is not None and since >= gathered.year.begins:
                here[PlaceCount.DROPPED_NOW.value].add(row.student_id)
    for pk in gathered.dropped:
        if gathered.room_of.get(pk) in gathered.rooms:
            people[gathered.room_of[pk]][PlaceCount.DROPPED.value].add(pk)
    by_class: dict[int, PlaceCounts] = {}
    for class_id, who in people.items():
        by_class[class_id] = PlaceCounts()
        for key, children in who.items():
            by_class[class_id].add(key, children)
    return by_class


def _add_opening(by_class: dict[int, PlaceCounts], weeks: Mapping[int, OpeningWeek]) -> None:
    for class_id, week in weeks.items():
        here = by_class[class_id]
        here.counts[PlaceCount.OPENING_EXPECTED.value] = week.expected
        here.counts[PlaceCount.OPENING_SEEN.value] = week.expected - len(week.missing)
        here.add(PlaceCount.OPENING_MISSING.value, week.missing)


def _sum_up(rolled: Rolled, rooms: dict[int, ClassInfo], by_class: dict[int, PlaceCounts]) -> None:
    """Add every class into itself, its school, its township and the county.

    The people of a class stand with it; those of the start, a flow, with every place.
    """
    for class_id, class_counts in by_class.items():
        room = rooms[class_id]
        if not class_counts.counts:
            continue
        places = places_of(room.path, COUNTY, TOWNSHIP)
        for level, place in zip(LEVELS, places, strict=True):
            here = rolled.cells[level, place, room.stage]
            here.counts.update(class_counts.counts)
            for key, people in class_counts.who.items():
                if level == LEVELS[0] or key in FLOWS:
                    here.who[key].extend(people)


def _add_moves(
    rolled: Rolled, gathered: Gathered, student_statuses: Mapping[int, StudentStatus]
) -> None:
    """What who moved did to each place it was in: an arrival here may be a departure there."""
    for pk, stays in gathered.moved.items():
        rooms = [gathered.rooms[class_id] for class_id, _, _ in stays]
        stage = rooms[-1].stage
        started = at_start([stay for _, stay, _ in stays], gathered.year.opening)
        left = stays[-1][1].ended is not None
        pending = left and student_statuses[pk] is StudentStatus.TRANSFER_PENDING
        ladders = [places_of(room.path, COUNTY, TOWNSHIP) for room in rooms]
        for depth, level in enumerate(LEVELS):
            places = [ladder[depth] for ladder in ladders]
            for place, flow in flows_of(places, started, student_statuses[pk], pending):
                rolled.cells[level, place, stage].add(flow.value, [pk])
    _add_gone_while_on_roll(rolled, gathered, student_statuses)


def _add_gone_while_on_roll(
    rolled: Rolled, gathered: Gathered, student_statuses: Mapping[int, StudentStatus]
) -> None:
    """Children whom an exit says dead or abroad while their roll still stands."""
    gone = {StudentStatus.DECEASED: Flow.DIED, StudentStatus.ABROAD: Flow.WENT_ABROAD}
    for pk, student_status in student_statuses.items():
        if student_status in gone and pk not in gathered.moved:
            room = gathered.rooms[gathered.room_of[pk]]
            places = places_of(room.path, COUNTY, TOWNSHIP)
            for level, place in zip(LEVELS, places, strict=True):
                rolled.cells[level, place, room.stage].add(gone[student_status].value, [pk])


def _counted(
    county_path: str, on: date, place_rules: PlaceRules, week: tuple[date, date] | None
) -> dict:
    """What stands behind the numbers: formulas, the target in force, the opening week."""
    target = place_rules.policies.setting("consolidation_target", county_path, on)
    return {
        "formulas": FORMULAS,
        "target": {"percent": _as_json(target.share), "source": target.source},
        "opening_week": [day.isoformat() for day in week] if week else [],
    }


def _as_json(share: Decimal) -> int | float:
    return int(share) if share == int(share) else float(share)


def write(rolled: Rolled) -> Snapshot:
    """Replace the day's draft, inside the caller's transaction."""
    here = Snapshot.objects.select_for_update().filter(county_path=rolled.county_path, on=rolled.on)
    versions = {kept.version: kept for kept in here}
    drafts = (kept for kept in versions.values() if kept.state == SnapshotState.DRAFT)
    draft = next(drafts, None)
    if draft is None:
        draft = Snapshot(county_path=rolled.county_path, on=rolled.on)
        draft.version = max(versions, default=0) + 1
    title, note, version = draft.title, draft.note, draft.version
    if draft.pk:
        draft.delete()
    fresh = Snapshot.objects.create(
        county_path=rolled.county_path,
        on=rolled.on,
        version=version,
        title=title,
        note=note,
        counted=rolled.counted,
    )
    for row in rolled.rows:
        row.snapshot_id = fresh.pk
    SnapshotStudent.objects.bulk_create(rolled.rows, BATCH)
    cells = [
        SnapshotCount(
            snapshot_id=fresh.pk,
            level=level,
            path=path,
            stage=stage,
            counts=_positive(cell.counts),
            who=_packed(cell.who),
        )
        for (level, path, stage), cell in sorted(rolled.cells.items(), key=itemgetter(0))
    ]
    SnapshotCount.objects.bulk_create(cells, BATCH)
    CohortCell.objects.bulk_create(
        CohortCell(
            snapshot_id=fresh.pk,
            path=cohort.path,
            entered=cohort.entered,
            counts=cohort.counts,
            who=_packed(cohort.who),
            given=cohort.given,
            source=cohort.source,
        )
        for cohort in rolled.cohorts
    )
    return fresh


def _positive(counts: Counter) -> dict[str, int]:
    return {key: number for key, number in sorted(counts.items()) if number}


def _packed(who: Mapping[str, Iterable[int]]) -> dict[str, str]:
    return {key: pack(people) for key, people in sorted(who.items()) if people}


def summary_of(rolled: Rolled) -> dict:
    county: Counter = Counter()
    for stage in Stage:
        here = rolled.cells.get(("county", rolled.county_path, stage))
        county.update(here.counts if here else {})
    student_statuses = {
        student_status: county[student_status]
        for student_status in StudentStatus
        if county[student_status]
    }
    return {
        "job": JOB,
        "on": rolled.on.isoformat(),
        "cells": len(rolled.cells),
        "rows": len(rolled.rows),
        "buckets": student_statuses,
    }


def digest_of(snapshot: Snapshot) -> str:
    """SHA-256 over the counts of a snapshot, who stands behind them, and its rows, in order."""
    digest = hashlib.sha256()
    cells = snapshot.cells.order_by("level", "path", "stage")
    rows = snapshot.rows.order_by("student_id").values_list("student_id", "path", "student_status")
    for line in [*cells.values_list("level", "path", "stage", "counts", "who"), *rows]:
        digest.update(json.dumps(line, sort_keys=True, ensure_ascii=False).encode())
    cohorts = snapshot.cohorts.order_by("path").values_list("path", "counts", "who", "given")
    for line in cohorts:
        digest.update(json.dumps(line, sort_keys=True).encode())
    return digest.hexdigest()
