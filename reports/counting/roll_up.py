"""roll_up: where every child of a county stands on a day, counted at four levels (design §4, §5).

Rebuilt from the rows; the draft of a day is replaced whole, a frozen snapshot never.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from accounts.jobs import Claim
from regions.days import PlaceRules, place_rules_of
from regions.enums import Stage
from regions.models import Region
from regions.paths import COUNTY, TOWNSHIP
from reports.counting.cohorts import CohortResult, cohorts_of
from reports.counting.registers import opening, opening_week, registers_on
from reports.counting.sources import ClassInfo, Gathered, gather
from reports.enums import Flow, PlaceCount, SnapshotState, StudentStatus
from reports.models import BucketRow, CohortCell, Snapshot, SnapshotCount
from reports.rules.student_status import LEVELS, at_start, flows_of, places_of, student_status_of

JOB = "roll_up"
FORMULAS = "2026-1"
BATCH = 2000
Key = tuple[str, str, str]  # level, path, stage


@dataclass
class Rolled:
    """A county on a day: the counts of every place and stage, and the children behind them."""

    county_path: str
    on: date
    cells: dict[Key, Counter] = field(default_factory=lambda: defaultdict(Counter))
    rows: list[BucketRow] = field(default_factory=list)
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
    found = gather(county_path, on)
    rolled = Rolled(county_path, on)
    student_statuses = _place_children(rolled, found)
    by_class = _by_class(found, rolled.rows)
    _add(by_class, registers_on(county_path, on, place_rules))
    week = opening_week(found.year, place_rules)
    if week:
        _add(by_class, opening(county_path, week, found.rooms))
    _sum_up(rolled, found.rooms, by_class)
    _add_moves(rolled, found, student_statuses)
    rolled.cohorts = cohorts_of(county_path, on, student_statuses)
    rolled.counted = _counted(county_path, on, place_rules, week)
    return rolled


def _place_children(rolled: Rolled, found: Gathered) -> dict[int, StudentStatus]:
    """The bucket of every child who is spoken of or moved, and the rows of those not 在读."""
    student_statuses = {}
    for pk in sorted(set(found.moved) | found.spoken_of):
        room = found.rooms.get(found.room_of.get(pk, 0))
        if room is None:
            continue  # on no roll of a running class: no child of this year's
        student_status = student_statuses[pk] = student_status_of(found.standing(pk))
        if student_status is not StudentStatus.IN_SCHOOL:
            rolled.rows.append(_row(found, pk, room, student_status))
    return student_statuses


def _row(found: Gathered, pk: int, room: ClassInfo, student_status: StudentStatus) -> BucketRow:
    since, case_id = None, None
    gone = found.moved[pk][-1][1].ended if pk in found.moved else None
    if gone:
        since = gone
    elif pk in found.cases:
        since, case_id = found.cases[pk].since, found.cases[pk].id
    elif pk in found.exits:
        _, since, case_id = found.exits[pk]
    elif pk in found.alerts:
        since = found.alerts[pk]
    elif pk in found.statuses:
        since = min(began for _, began in found.statuses[pk])
    return BucketRow(
        student_id=pk, path=room.path, stage=room.stage, grade=room.grade, student_status=student_status,
        since=since, case_id=case_id,
    )  # fmt: skip


def _by_class(found: Gathered, rows: Iterable[BucketRow]) -> dict[int, Counter]:
    """Counts that add up from class to county: buckets, dropouts, and the start of who stayed."""
    counts: dict[int, Counter] = {pk: Counter() for pk in found.rooms}
    for pk, number in found.on_roll.items():
        counts[pk] = Counter({StudentStatus.IN_SCHOOL: number, Flow.START: number})
    for stays in found.moved.values():
        class_id, last, _ = stays[-1]
        if last.ended is None:
            counts[class_id][Flow.START] -= 1  # counted by its moves, place by place
    in_class = {found.rooms[pk].path: pk for pk in found.rooms}
    still_open = {pk for pk, stays in found.moved.items() if stays[-1][1].ended is None}
    for row in rows:
        here = counts[in_class[row.path]]
        here[row.student_status] += 1
        if row.student_id not in found.moved or row.student_id in still_open:
            here[StudentStatus.IN_SCHOOL] -= 1
        if row.student_status == StudentStatus.DROPOUT and row.student_id in found.dropped:
            since = found.cases[row.student_id].dropout_on
            here[PlaceCount.DROPPED_NOW] += since is not None and since >= found.year.begins
    for pk in found.dropped:
        if found.room_of.get(pk) in counts:
            counts[found.room_of[pk]][PlaceCount.DROPPED] += 1
    return counts


def _add(by_class: dict[int, Counter], more: Mapping[int, Counter]) -> None:
    for class_id, counts in more.items():
        if class_id in by_class:
            by_class[class_id].update(counts)


def _sum_up(rolled: Rolled, rooms: dict[int, ClassInfo], by_class: dict[int, Counter]) -> None:
    """Add every class into itself, its school, its township and the county."""
    for class_id, counts in by_class.items():
        room = rooms[class_id]
        if not counts:
            continue
        places = places_of(room.path, COUNTY, TOWNSHIP)
        for level, place in zip(LEVELS, places, strict=True):
            here = rolled.cells[level, place, room.stage]
            for key, number in counts.items():
                here[key] += number


def _add_moves(
    rolled: Rolled, found: Gathered, student_statuses: Mapping[int, StudentStatus]
) -> None:
    """What who moved did to each place it was in: an arrival here may be a departure there."""
    for pk, stays in found.moved.items():
        rooms = [found.rooms[class_id] for class_id, _, _ in stays]
        stage, started = rooms[-1].stage, at_start([s for _, s, _ in stays], found.year.opening)
        left = stays[-1][1].ended is not None
        pending = left and student_statuses[pk] is StudentStatus.TRANSFER_PENDING
        ladders = [places_of(room.path, COUNTY, TOWNSHIP) for room in rooms]
        for depth, level in enumerate(LEVELS):
            places = [ladder[depth] for ladder in ladders]
            for place, flow in flows_of(places, started, student_statuses[pk], pending):
                rolled.cells[level, place, stage][flow] += 1
    _add_gone_while_on_roll(rolled, found, student_statuses)


def _add_gone_while_on_roll(rolled: Rolled, found: Gathered, student_statuses) -> None:
    """Children whom an exit says dead or abroad while their roll still stands."""
    gone = {StudentStatus.DECEASED: Flow.DIED, StudentStatus.ABROAD: Flow.WENT_ABROAD}
    for pk, student_status in student_statuses.items():
        if student_status in gone and pk not in found.moved:
            room = found.rooms[found.room_of[pk]]
            places = places_of(room.path, COUNTY, TOWNSHIP)
            for level, place in zip(LEVELS, places, strict=True):
                rolled.cells[level, place, room.stage][gone[student_status].value] += 1


def _counted(
    county_path: str, on: date, place_rules: PlaceRules, week: tuple[date, date] | None
) -> dict:
    """What stands behind the numbers: formulas, the target in force, the opening week."""
    target = place_rules.policies.setting("consolidation_target", county_path, on)
    return {
        "formulas": FORMULAS,
        "target": {"percent": int(target.value), "source": target.source},
        "opening_week": [day.isoformat() for day in week] if week else [],
    }


def write(rolled: Rolled) -> Snapshot:
    """Replace the day's draft, inside the caller's transaction."""
    here = Snapshot.objects.select_for_update().filter(county_path=rolled.county_path, on=rolled.on)
    versions = {one.version: one for one in here}
    draft = next((o for o in versions.values() if o.state == SnapshotState.DRAFT), None)
    if draft is None:
        draft = Snapshot(county_path=rolled.county_path, on=rolled.on)
        draft.version = max(versions, default=0) + 1
    title, note, version = draft.title, draft.note, draft.version
    if draft.pk:
        draft.delete()
    fresh = Snapshot.objects.create(
        county_path=rolled.county_path, on=rolled.on, version=version, title=title, note=note,
        counted=rolled.counted,
    )  # fmt: skip
    for row in rolled.rows:
        row.snapshot_id = fresh.pk
    BucketRow.objects.bulk_create(rolled.rows, BATCH)
    cells = [
        SnapshotCount(
            snapshot_id=fresh.pk, level=level, path=path, stage=stage, counts=_positive(counts)
        )
        for (level, path, stage), counts in sorted(rolled.cells.items())
    ]
    SnapshotCount.objects.bulk_create(cells, BATCH)
    CohortCell.objects.bulk_create(
        CohortCell(
            snapshot_id=fresh.pk, path=one.path, entered=one.entered, counts=one.counts,
            source=one.source,
        )
        for one in rolled.cohorts
    )  # fmt: skip
    return fresh


def _positive(counts: Counter) -> dict[str, int]:
    return {key: number for key, number in sorted(counts.items()) if number}


def summary_of(rolled: Rolled) -> dict:
    county: Counter = Counter()
    for stage in Stage:
        county.update(rolled.cells.get(("county", rolled.county_path, stage), {}))
    student_statuses = {
        student_status: county[student_status]
        for student_status in StudentStatus
        if county[student_status]
    }
    return {"job": JOB, "on": rolled.on.isoformat(), "cells": len(rolled.cells),
            "rows": len(rolled.rows), "buckets": student_statuses}  # fmt: skip


def digest_of(snapshot: Snapshot) -> str:
    """SHA-256 over the counts and the rows of a snapshot, in order."""
    digest = hashlib.sha256()
    cells = snapshot.cells.order_by("level", "path", "stage")
    rows = snapshot.rows.order_by("student_id").values_list("student_id", "path", "student_status")
    for one in [*cells.values_list("level", "path", "stage", "counts"), *rows]:
        digest.update(json.dumps(one, sort_keys=True, ensure_ascii=False).encode())
    for path, counts in snapshot.cohorts.order_by("path").values_list("path", "counts"):
        digest.update(json.dumps([path, counts], sort_keys=True).encode())
    return digest.hexdigest()
