"""Two years of snapshots for the demo's trend: invented before this term, counted within it."""

from datetime import date, timedelta
from random import Random

from accounts.enums import Role
from demo.county.plan import CountyPlan, random_stream
from demo.load.rows import nearest_holder
from regions.clock import now, pinned
from regions.models import Region
from reports.counting.roll_up import roll_up
from reports.enums import SnapshotState
from reports.models import Snapshot, SnapshotCount

YEARS = 2
WORST, BEST = 0.012, 0.004  # share of children 辍学未复学, at the beginning and at the end
NOTE = "演示数据，虚构"


def build_past_snapshots(plan: CountyPlan, county: Region) -> None:
    """Frozen month-ends of two years before the term, then every week of the term as counted."""
    _invent(plan, county)
    weeks = (plan.until - plan.places.first).days // 7
    for ago in range(weeks, -1, -1):
        day = plan.until - timedelta(weeks=ago)
        with pinned(day):
            roll_up(day, county)


def _invent(plan: CountyPlan, county: Region) -> None:
    """Month-ends that stand in no holiday, with shares that fall; counts of county and townships."""
    months = _month_ends(plan.places.first, YEARS * 12)
    sizes = _sizes(county, plan)
    rng = random_stream(plan.seed, "past")
    signer = nearest_holder(Role.BUREAU, county.path)
    for number, day in enumerate(months):
        share = WORST + (BEST - WORST) * number / max(len(months) - 1, 1)
        made = Snapshot.objects.create(
            county_path=county.path,
            on=day,
            state=SnapshotState.FROZEN,
            title=f"{day.year}年{day.month}月",
            note=NOTE,
            counted={"formulas": NOTE},
            built_at=now(),
            frozen_at=now(),
            frozen_by=signer,
            digest="0" * 64,
        )
        SnapshotCount.objects.bulk_create(_cells(made, county, sizes, share, rng))


def _month_ends(before: date, count: int) -> list[date]:
    """The last days of the school months (no February, July, August) before a day, in order."""
    ends: list[date] = []
    day = before.replace(day=1) - timedelta(days=1)
    while len(ends) < count and day.year >= before.year - YEARS:
        if day.month not in (2, 7, 8):
            ends.insert(0, day)
        day = day.replace(day=1) - timedelta(days=1)
    return ends


def _sizes(county: Region, plan: CountyPlan) -> dict[tuple[str, str], int]:
    """Children by township path and stage, as the plan has them now."""
    codes = {code.code: code.region.path for code in _codes(county)}
    sizes: dict[tuple[str, str], int] = {}
    for child in plan.children:
        school_class = plan.last_class(child)
        key = codes[school_class.school.township], school_class.stage
        sizes[key] = sizes.get(key, 0) + 1
    return sizes


def _codes(county: Region):
    from_county = Region.objects.filter(parent=county).prefetch_related("codes__region")
    return [code for region in from_county for code in region.codes.all()]


def _cells(
    made: Snapshot, county: Region, sizes: dict[tuple[str, str], int], share: float, rng: Random
) -> list[SnapshotCount]:
    cells: list[SnapshotCount] = []
    whole: dict[str, dict[str, int]] = {}
    for (path, stage), size in sorted(sizes.items()):
        gone = sum(rng.random() < share for _ in range(size))
        doubtful = sum(rng.random() < share for _ in range(size))
        counts = {
            "in_school": size - gone - doubtful,
            "dropout": gone,
            "suspected": doubtful,
            "start": size,
            "dropped": gone,
            "dropped_now": gone,
        }
        cells.append(
            SnapshotCount(
                snapshot=made,
                path=path,
                level="township",
                stage=stage,
                counts=counts,
                listed=False,
            )
        )
        total = whole.setdefault(stage, dict.fromkeys(counts, 0))
        for key, number in counts.items():
            total[key] += number
    cells += [
        SnapshotCount(
            snapshot=made,
            path=county.path,
            level="county",
            stage=stage,
            counts=counts,
            listed=False,
        )
        for stage, counts in whole.items()
    ]
    return cells
