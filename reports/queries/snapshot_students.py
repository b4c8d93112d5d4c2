"""Who stands behind a flow or a count of a snapshot: read from the rolls, as of its day."""

from regions.days import place_rules_of
from regions.paths import COUNTY, TOWNSHIP, covers
from reports.counting.registers import opening_missing, opening_week
from reports.counting.sources import Gathered, gather
from reports.enums import Flow, PlaceCount, StudentStatus
from reports.models import BucketRow, Snapshot
from reports.queries.snapshots import level_of
from reports.rules.student_status import LEVELS, at_start, flows_of, places_of, student_status_of


def flow_names(snapshot: Snapshot, path: str, flow: Flow) -> list[int]:
    """Who stands behind a flow of a place: read from the rolls, as of the snapshot's day."""
    found = gather(snapshot.county_path, snapshot.on)
    depth = LEVELS.index(level_of(path))
    names = []
    for pk, stays in found.moved.items():
        student_status, last = student_status_of(found.standing(pk)), stays[-1][1]
        pending = last.ended is not None and student_status is StudentStatus.TRANSFER_PENDING
        places = [places_of(stay.path, COUNTY, TOWNSHIP)[depth] for _, stay, _ in stays]
        started = at_start([stay for _, stay, _ in stays], found.year.opening)
        if (path, flow) in flows_of(places, started, student_status, pending):
            names.append(pk)
    return names


def count_names(snapshot: Snapshot, path: str, count: PlaceCount) -> list[int]:
    """Who stands behind 本学年辍学, of these not back, or 开学第一周未到 of a place."""
    found = gather(snapshot.county_path, snapshot.on)
    if count is PlaceCount.OPENING_MISSING:
        week = opening_week(found.year, place_rules_of(snapshot.county_path))
        missing = opening_missing(snapshot.county_path, week, found.rooms) if week else {}
        return [pk for pk, class_id in missing.items() if covers(path, found.rooms[class_id].path)]
    here = [
        pk
        for pk in sorted(found.dropped)
        if (room := found.rooms.get(found.room_of.get(pk, 0))) and covers(path, room.path)
    ]
    if count is PlaceCount.DROPPED:
        return here
    rows = BucketRow.objects.filter(snapshot=snapshot, student_status=StudentStatus.DROPOUT)
    out = set(rows.filter(student_id__in=here).values_list("student_id", flat=True))
    return [pk for pk in here if pk in out and _this_year(found, pk)]


def _this_year(found: Gathered, pk: int) -> bool:
    """Was the child's standing case 辍学 for the first time in this school year?"""
    case = found.cases.get(pk)
    return case is not None and case.dropout_on is not None and case.dropout_on >= found.year.begins
