"""Reading snapshots, and freezing them. Nothing here counts rows of children afresh."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts import history
from accounts.enums import COUNTY_ROLES, SCHOOL_ROLES, Role
from accounts.models import User
from regions.clock import now
from regions.paths import COUNTY, county_of, covers, inside
from regions.refusals import Refused
from regions.rules.lengths import whole
from reports.counting import roll_up
from reports.enums import SnapshotState, StudentStatus
from reports.models import (
    CohortCell,
    Snapshot,
    SnapshotCount,
    SnapshotStudent,
    SnapshotStudentQuerySet,
)
from reports.rules.indicators import Figure, Target, figures

READERS = COUNTY_ROLES | SCHOOL_ROLES | {Role.TOWNSHIP, Role.TEACHER}
FREEZERS = COUNTY_ROLES


def may_read(user: User, path: str) -> bool:
    """Do the user's seats cover the place?"""
    return any(covers(held, path) for held in user.reach.paths(*READERS))


def snapshot_on(path: str, on: date) -> Snapshot | None:
    """The newest version for exactly that day, of the county that `path` lies in."""
    return Snapshot.objects.filter(county_path=county_of(path), on=on).order_by("version").last()


def latest(path: str, on: date) -> Snapshot | None:
    """The newest day up to `on` that has a snapshot, in its newest version."""
    earlier = Snapshot.objects.filter(county_path=county_of(path), on__lte=on)
    return earlier.order_by("on", "version").last()


def counts_at(snapshot: Snapshot, path: str, stage: str | None = None) -> Counter[str]:
    """The counts of a class, school, township or county; of one stage where one is asked for."""
    cells = snapshot.cells.filter(path=path)
    if stage:
        cells = cells.filter(stage=stage)
    return _summed(cells.values_list("counts", flat=True))


def _summed(many: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counts in many:
        total.update(counts)
    return total


def parts_of(snapshot: Snapshot, path: str, level: str) -> dict[str, Counter[str]]:
    """The counts of every place of a level inside `path`, by path. Schools of the county itself
    stand in one township of their own: the county's path + "S"."""
    parts: dict[str, Counter[str]] = {}
    cells = snapshot.cells.filter(inside("path", path), level=level).order_by("path", "stage")
    for place, counts in cells.values_list("path", "counts"):
        parts.setdefault(place, Counter()).update(counts)
    return parts


def names_behind(
    snapshot: Snapshot, path: str, student_statuses: Iterable[StudentStatus]
) -> SnapshotStudentQuerySet:
    """What a snapshot says of the children of some statuses at a place. Add `.visible_to(user)`."""
    return (
        SnapshotStudent.objects.filter(snapshot=snapshot, student_status__in=list(student_statuses))
        .at(path)
        .order_by("path")
    )


def level_of(path: str) -> str:
    """Which level of a snapshot a path is: class, school, township or county."""
    if "C" in path:
        return "class"
    if "S" in path and not path.endswith("S"):
        return "school"
    return "county" if len(path) == COUNTY else "township"


def cohort_at(snapshot: Snapshot, path: str) -> CohortCell | None:
    return snapshot.cohorts.filter(path=path).first()


def series(path: str, first: date, last: date) -> list[tuple[date, Counter[str]]]:
    """The counts of a place on every day that has a snapshot, oldest first, newest versions."""
    snapshots = Snapshot.objects.filter(
        county_path=county_of(path), on__gte=first, on__lte=last
    ).order_by("on", "version")
    chosen = {snapshot.on: snapshot.pk for snapshot in snapshots}
    days: dict[int, Counter[str]] = {pk: Counter() for pk in chosen.values()}
    cells = SnapshotCount.objects.filter(snapshot_id__in=days, path=path)
    for pk, counts in cells.values_list("snapshot_id", "counts"):
        days[pk].update(counts)
    return [(on, days[pk]) for on, pk in sorted(chosen.items())]


def target_of(snapshot: Snapshot) -> Target | None:
    """The 巩固率 to reach that was in force when the snapshot was counted."""
    target = snapshot.counted.get("target")
    return Target(Decimal(str(target["percent"])), target["source"]) if target else None


def figures_at(snapshot: Snapshot, path: str) -> list[Figure]:
    """Every indicator of a place, in the order of the table."""
    cohort = cohort_at(snapshot, path)
    return figures_from(
        counts_at(snapshot, path), cohort.counts if cohort else None, target_of(snapshot)
    )


def figures_from(
    counts: Mapping[str, int],
    cohort: Mapping[str, int] | None = None,
    target: Target | None = None,
) -> list[Figure]:
    return figures(counts, cohort, target)


@transaction.atomic
def freeze(path: str, on: date, *, by: User, title: str, note: str = "") -> Snapshot:
    """Make the newest draft of a day final. It never changes again; a correction is a version."""
    county = _for_freezers(path, by)
    draft = (
        Snapshot.objects.select_for_update()
        .filter(county_path=county, on=on, state=SnapshotState.DRAFT)
        .first()
    )
    if draft is None:
        raise Refused(f"{on:%Y-%m-%d} 没有可以定稿的统计，或者已经定稿。")
    draft.state = SnapshotState.FROZEN
    draft.title, draft.note = whole(title, 60, "名称"), whole(note, 200, "说明")
    draft.frozen_at, draft.frozen_by, draft.digest = now(), by, roll_up.digest_of(draft)
    draft.save(update_fields=["state", "title", "note", "frozen_at", "frozen_by", "digest"])
    history.record(
        "snapshots.freeze",
        "snapshot",
        str(draft.pk),
        path=county,
        by=by,
        on=on,
        after={"version": draft.version, "title": draft.title, "digest": draft.digest},
        note=note,
    )
    return draft


@transaction.atomic
def correct(path: str, on: date, *, by: User, note: str) -> Snapshot:
    """Count a frozen day again as a new version; the frozen one stays as it was published."""
    county = _for_freezers(path, by)
    if not note.strip():
        raise Refused("请写明为什么更正。")
    newest = snapshot_on(county, on)
    if newest is None or newest.state != SnapshotState.FROZEN:
        raise Refused(f"{on:%Y-%m-%d} 的统计没有定稿，重新统计即可，不必更正。")
    fresh = roll_up.write(roll_up.roll(county, on))
    fresh.title, fresh.note = newest.title, whole(note, 200, "更正原因")
    fresh.save(update_fields=["title", "note"])
    history.record(
        "snapshots.correct",
        "snapshot",
        str(fresh.pk),
        path=county,
        by=by,
        on=on,
        before={"version": newest.version},
        after={"version": fresh.version},
        note=note,
    )
    return fresh


def _for_freezers(path: str, by: User) -> str:
    county = county_of(path)
    if not by.reach.holds(*FREEZERS, over=county):
        raise Refused("统计由县教育体育局或县控辍保学专班定稿。")
    return county
