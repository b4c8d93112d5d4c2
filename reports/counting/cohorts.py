"""九年巩固率: one cohort from grade 1 to its ninth year, counted by people (domain: variants A–E).

Where the portal stood when the cohort entered, the rolls say everything; where it did not, a
baseline brought along by the county says what happened up to its day and the rolls go on from
there; without one nothing is known of the cohort and the rates are —.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from regions.clock import local
from regions.enums import Stage
from regions.models import SchoolClass
from regions.paths import covers
from regions.rules.classnames import LAST_GRADE, school_year
from reports.counting.sources import spells_at
from reports.enums import CohortCount, StudentStatus
from reports.models import CohortBaseline
from reports.rules.student_status import EFFECTS
from students.enums import Began, Ended

FROM_ROLLS = "按学籍逐人统计"
ENDED_AS = {
    Ended.DECEASED: CohortCount.DIED,
    Ended.ABROAD: CohortCount.ABROAD,
    Ended.GRADUATED: CohortCount.GRADUATES,
}
# What stands at the end; the others are flows.
ENDS = {CohortCount.GRADUATES, CohortCount.NINTH, CohortCount.SUSPENDED}
STATUS_AS = {
    StudentStatus.DROPOUT: CohortCount.DROPPED,
    StudentStatus.DECEASED: CohortCount.DIED,
    StudentStatus.ABROAD: CohortCount.ABROAD,
}


@dataclass(frozen=True, slots=True)
class CohortResult:
    """The counts of a cohort at a place, and where they come from.

    `who`: the children whom the rolls name; `given`: how many the baseline adds to them.
    """

    path: str
    entered: int
    counts: dict[str, int]
    who: dict[str, list[int]]
    given: dict[str, int]
    source: str


@dataclass(frozen=True, slots=True)
class CohortSpell:
    """One child's spell as the cohort reads it: `cohort` is the year its class entered grade 1."""

    path: str
    cohort: int
    grade_one: bool
    began: date
    how: Began
    ended: date | None
    how_ended: Ended | None
    destination: bool


def ninth_year(on: date) -> int:
    """The year in which the cohort that is in its ninth year on `on` entered grade 1."""
    return school_year(on) - (LAST_GRADE - 1)


def cohorts_of(
    path: str, on: date, student_statuses: Mapping[int, StudentStatus]
) -> list[CohortResult]:
    """The cohort in its ninth year, for the county and every place a baseline was entered for."""
    entered = ninth_year(on)
    baselines = {
        baseline.path: baseline
        for baseline in CohortBaseline.objects.filter(entered=entered, until__lte=on)
        if covers(path, baseline.path)
    }
    if not baselines and not _portal_stood(path, entered):
        return []
    children = _read(path, entered, on)
    results = []
    for place in sorted({path, *baselines}):
        baseline = baselines.get(place)
        if baseline is None and not _portal_stood(path, entered):
            continue
        after = baseline.until if baseline else None
        who = people_of(children, place, entered, student_statuses, after)
        results.append(_result(place, entered, who, baseline))
    return results


def _result(
    place: str, entered: int, who: dict[str, list[int]], baseline: CohortBaseline | None
) -> CohortResult:
    """Flows add up; what stands at the end (毕业, 在校, 休学) is the baseline's where it says so."""
    given = (
        {kind.value: baseline.counts[kind] for kind in CohortCount if kind in baseline.counts}
        if baseline
        else {}
    )
    named = {kind: people for kind, people in who.items() if kind not in ENDS or kind not in given}
    counts = Counter({kind: len(people) for kind, people in named.items()})
    counts.update(given)
    source = f"{baseline.source}（截至 {baseline.until}）" if baseline else FROM_ROLLS
    return CohortResult(place, entered, dict(counts), named, given, source)


def _portal_stood(path: str, entered: int) -> bool:
    """Was a spell of the cohort written down in the very year it entered grade 1?"""
    first = (
        spells_at(path)
        .filter(school_class__stage=Stage.PRIMARY, school_class__entry_year=entered)
        .order_by("recorded_at")
        .values_list("recorded_at", flat=True)
        .first()
    )
    return first is not None and school_year(local(first).date()) == entered


def _classes_of(path: str, entered: int):
    """A primary class of that entry, or the junior class it goes on to (六三 and 五四 alike)."""
    primary = Q(stage=Stage.PRIMARY, entry_year=entered)
    junior = Q(stage=Stage.JUNIOR, entry_year=entered + LAST_GRADE - F("years"))
    return SchoolClass.objects.at(path).filter(primary | junior)


def _read(path: str, entered: int, on: date) -> dict[int, list[CohortSpell]]:
    """Every spell in the county, up to the day, of every child that ever was in the cohort."""
    ours = spells_at(path).filter(school_class__in=_classes_of(path, entered), began__lte=on)
    rows = spells_at(path).filter(student_id__in=ours.values("student_id"), began__lte=on)
    children: dict[int, list[CohortSpell]] = defaultdict(list)
    for pk, place, stage, year, years, began, how, ended, how_ended, where in rows.order_by(
        "student_id", "began"
    ).values_list(
        "student_id",
        "school_class__path",
        "school_class__stage",
        "school_class__entry_year",
        "school_class__years",
        "began",
        "how",
        "ended",
        "how_ended",
        "where_to",
    ):
        is_primary = stage == Stage.PRIMARY
        over = ended is not None and ended <= on
        children[pk].append(
            CohortSpell(
                path=place,
                cohort=year if is_primary else year - (LAST_GRADE - years),
                grade_one=is_primary and school_year(began) == year,
                began=began,
                how=Began(how),
                ended=ended if over else None,
                how_ended=Ended(how_ended or Ended.TRANSFER_OUT) if over else None,
                destination=bool(where),
            )
        )
    return children


def people_of(
    children: Mapping[int, Iterable[CohortSpell]],
    place: str,
    entered: int,
    student_statuses: Mapping[int, StudentStatus],
    after: date | None = None,
) -> dict[str, list[int]]:
    """What became of the cohort at a place: the children by count. With `after`, comings and goings
    up to that day are left to the baseline that knows them."""
    who: dict[str, list[int]] = defaultdict(list)
    for pk, spells in children.items():
        here = [spell for spell in spells if covers(place, spell.path)]
        first = next((spell for spell in here if spell.cohort == entered), None)
        if first is None:
            continue
        if after is None or first.began > after:
            who[_joined(here, first, entered).value].append(pk)
        last = here[-1]
        if after is None or _left_on(last, entered) > after:
            for kind in _ended(last, entered, student_statuses.get(pk, StudentStatus.IN_SCHOOL)):
                who[kind.value].append(pk)
    return dict(who)


def _left_on(last: CohortSpell, entered: int) -> date:
    """The day a child left the cohort: for another one, or off the roll; never while it stands."""
    return last.began if last.cohort != entered else (last.ended or date.max)


def _joined(here: list[CohortSpell], first: CohortSpell, entered: int) -> CohortCount:
    if first.grade_one and first.how is not Began.TRANSFER_IN and first is here[0]:
        return CohortCount.ENTRANTS
    before = any(spell.cohort != entered and spell.began < first.began for spell in here)
    return CohortCount.HELD_IN if before else CohortCount.CAME_IN


def _ended(last: CohortSpell, entered: int, student_status: StudentStatus) -> Iterable[CohortCount]:
    """What the last spell at the place says of the child. A graduate was in grade 9 as well, unless
    its case says that it had dropped out."""
    if last.cohort != entered:
        return [CohortCount.HELD_OUT]
    if last.how_ended is Ended.GRADUATED and student_status is StudentStatus.DROPOUT:
        return [CohortCount.DROPPED]
    if last.how_ended is not None:
        if last.how_ended is Ended.GRADUATED:
            return [CohortCount.GRADUATES, CohortCount.NINTH]
        gone = [CohortCount.WENT_OUT] if last.destination else []
        return [ENDED_AS[last.how_ended]] if last.how_ended in ENDED_AS else gone
    if student_status in STATUS_AS:
        return [STATUS_AS[student_status]]
    effect = EFFECTS[student_status]
    if effect.excused:
        return [CohortCount.SUSPENDED]
    return [CohortCount.NINTH] if effect.retained else []
