"""总览 as values: what a county, township or school answers for today, every number with its list.

Children are read from the day's snapshot, cases as they stand now; a fixed number of statements
whatever the size of the place.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from cases.words import PHASE_LABELS, Phase
from contracts import listing, tree
from contracts.tree import Coverage
from regions.classnames import school_year
from regions.days import Land
from reports import snapshots
from reports.buckets import EFFECTS
from reports.case_counts import CaseCounts, Duty, case_counts, duties
from reports.drawing import Dot, Part, Track, dot, parts_of_bar, track_of
from reports.figures import rate_text
from reports.funnel import StepRow, funnel
from reports.indicators import GONE, Figure, Target
from reports.models import CohortCell, Snapshot
from reports.places import Place, named_at
from reports.trend import Trend, beginning, trend_of
from reports.words import (
    BUCKET_LABELS,
    COHORT_LABELS,
    FLOW_LABELS,
    Bucket,
    CohortCount,
    Count,
    Flow,
    Measure,
)

KEPT = [bucket for bucket, effect in EFFECTS.items() if effect.retained]
EXPECTED = [bucket for bucket, effect in EFFECTS.items() if effect.expected]
MISSING = [bucket for bucket in EXPECTED if bucket not in KEPT]
WATCHED = [Bucket.SUSPECTED, Bucket.ABSENT, Bucket.OBSERVED]
TONES = {Bucket.DROPOUT: "bad", Bucket.MISSING: "bad", Bucket.SUSPENDED: "warn"}
UNASSIGNED = "未定乡镇"
STEP_BAR = 150


def names_url(code: str, **asked: str) -> str:
    """The list behind a number; the address holds codes and words of ours, never a name."""
    if not code:
        return ""
    return f"{reverse('reports:names')}?{urlencode({'place': code, **asked})}"


@dataclass(frozen=True, slots=True)
class Number:
    """A count with the address of the list behind it."""

    count: int
    url: str = ""
    label: str = ""

    @property
    def text(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True, slots=True)
class Line:
    """A variant of a rate: the county's is marked and stands first."""

    figure: Figure
    chosen: bool

    @property
    def fraction(self) -> str:
        return fraction(self.figure)


def fraction(figure: Figure) -> str:
    if figure.value is None:
        return "—"
    return f"{figure.numerator:,} / {figure.denominator:,}"


@dataclass(frozen=True, slots=True)
class Share:
    """A bucket of those who are missing: its part of the bar."""

    number: Number
    tone: str
    part: Part


@dataclass(frozen=True, slots=True)
class Registers:
    """The day's registers at a place, as the snapshot counted them."""

    due: int
    taken: int
    on_time: int
    expected: int
    present: int

    @classmethod
    def of(cls, counts: Counter[str]) -> "Registers":
        words = (Count.CLASSES, Count.TAKEN, Count.ON_TIME, Count.EXPECTED, Count.PRESENT)
        return cls(*(counts[word.value] for word in words))

    @property
    def missing(self) -> int:
        return self.due - self.taken

    @property
    def absent(self) -> int:
        return self.expected - self.present

    @property
    def rate(self) -> str:
        return rate_text(self.present, self.expected)

    @property
    def said(self) -> str:
        return f"{self.taken:,} / {self.due:,}" if self.due else "—"


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a place in its table, or the sum that closes it."""

    name: str
    url: str
    figure: Figure
    dot: Dot | None
    kept: Number
    missing: Number
    buckets: list[Number]
    phases: list[Number]
    late: Number
    registers: Registers
    registers_url: str = ""

    @property
    def fraction(self) -> str:
        return fraction(self.figure)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel with its bar: returned, in hand, went on, other."""

    row: StepRow
    numbers: list[Number]
    bar: list[Part]


@dataclass
class Board:
    """All that the page of a place shows."""

    place: Place
    on: date
    snapshot: Snapshot | None
    target: Target | None = None
    headline: Figure | None = None
    nine: list[Line] = field(default_factory=list)
    yearly: list[Line] = field(default_factory=list)
    kept: Number | None = None
    expected: Number | None = None
    missing: Number | None = None
    shares: list[Share] = field(default_factory=list)
    watched: list[Number] = field(default_factory=list)
    flows: list[tuple[str, Number]] = field(default_factory=list)
    cohort_said: str = ""
    adopted_by: str = ""
    before_said: str = ""
    track: Track | None = None
    rows: list[Row] = field(default_factory=list)
    total: Row | None = None
    registers: Registers | None = None
    phases: list[Number] = field(default_factory=list)
    open_cases: Number | None = None
    late: Number | None = None
    duties: list[Duty] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    contracts: Coverage = field(default_factory=Coverage)
    trend: Trend | None = None

    @property
    def is_nine(self) -> bool:
        return self.headline is not None and self.headline.id == Measure.NINE_YEARS.value

    @property
    def nine_known(self) -> bool:
        return any(line.figure.value is not None for line in self.nine)

    @property
    def reached(self) -> str:
        """Whether the target of the headline is met, in words."""
        if self.headline is None or self.target is None:
            return ""
        word = "达到目标" if self.headline.met else "未达目标"
        return f"{word} ≥ {self.target.percent}.00 %"

    @property
    def registers_url(self) -> str:
        return registers_url(self.place, self.on)

    @property
    def stale(self) -> bool:
        return self.snapshot is not None and self.snapshot.on != self.on


def board(user: User, place: Place, on: date, land: Land) -> Board:
    """The page of a place, as of `on`."""
    snapshot = snapshots.latest(place.path, on)
    page = Board(place, on, snapshot)
    cases = case_counts(place.path, on)
    page.open_cases = Number(cases.total, names_url(place.code, phase="all"))
    page.phases = _phases(place.code, cases.phases)
    page.late = Number(cases.late_total, names_url(place.code, overdue="1"))
    page.duties = duties(place.path, on)
    page.steps = steps_of(place, school_year(on), on)
    page.contracts = tree.coverage(listing.shelf(user, school_year(on), on).all)
    if snapshot:
        _read(page, snapshot, cases, land)
    return page


def _phases(code: str, phases: Counter[Phase]) -> list[Number]:
    return [
        Number(phases[phase], names_url(code, phase=phase.value), PHASE_LABELS[phase])
        for phase in Phase
    ]


def _read(page: Board, snapshot: Snapshot, cases: CaseCounts, land: Land) -> None:
    place = page.place
    counts = snapshots.counts_at(snapshot, place.path)
    cohort = snapshots.cohort_at(snapshot, place.path)
    page.target = snapshots.target_of(snapshot)
    figures = snapshots.figures_from(counts, cohort.counts if cohort else None, page.target)
    adopted = land.policies.setting("consolidation_variant", place.path, snapshot.on)
    page.adopted_by = adopted.source
    page.nine = lines_of(figures, Measure.NINE_YEARS, adopted.value)
    page.yearly = lines_of(figures, Measure.YEARLY, "a")
    known = place.level == "county" and page.nine[0].figure.value is not None
    page.headline = (page.nine if known else page.yearly)[0].figure
    page.cohort_said = _cohort_said(cohort)
    _count_people(page, counts)
    page.registers = Registers.of(counts)
    days = snapshots.series(place.path, beginning(land, place.path, page.on), page.on)
    page.trend = trend_of(days, land, place.path, page.on)
    page.before_said = _month_before(days, page.on, page.target)
    _add_rows(page, snapshot, counts, cases)


def lines_of(figures: Sequence[Figure], measure: Measure, chosen: str) -> list[Line]:
    """The variants of a rate, the chosen one first."""
    lines = [Line(one, one.variant == chosen) for one in figures if one.id == measure.value]
    return sorted(lines, key=lambda line: not line.chosen)


def _cohort_said(cohort: CohortCell | None) -> str:
    """How the denominator of 九年巩固率 arises; these people have no list before the portal."""
    if cohort is None:
        return ""
    of = Counter(cohort.counts)
    said = f"入学 {of[CohortCount.ENTRANTS.value]:,}"
    signs = {CohortCount.CAME_IN: "+", CohortCount.WENT_OUT: "−", CohortCount.DIED: "−",
             CohortCount.ABROAD: "−"}  # fmt: skip
    for one, sign in signs.items():
        said += f" {sign} {COHORT_LABELS[one]} {of[one.value]:,}"
    return f"{cohort.entered} 年入学的一届：{said}。{cohort.source}。"


def _count_people(page: Board, counts: Counter[str]) -> None:
    code = page.place.code
    page.kept = Number(summed(counts, KEPT), names_url(code, bucket="kept"))
    page.expected = Number(summed(counts, EXPECTED), names_url(code, bucket="expected"))
    page.missing = Number(summed(counts, MISSING), names_url(code, bucket="missing"))
    page.watched = [of_bucket(counts, bucket, code) for bucket in WATCHED]
    there = [bucket for bucket in MISSING if counts[bucket.value]]
    bar = parts_of_bar([counts[bucket.value] for bucket in there])
    page.shares = [
        Share(of_bucket(counts, bucket, code), TONES.get(bucket, "mute"), part)
        for bucket, part in zip(there, bar, strict=True)
    ]
    signed = [("", Flow.START), ("+", Flow.CAME_IN), *(("−", flow) for flow in GONE)]
    page.flows = [
        (sign, Number(counts[flow.value], names_url(code, flow=flow.value), FLOW_LABELS[flow]))
        for sign, flow in signed
    ]


def summed(counts: Counter[str], buckets: Iterable[Bucket]) -> int:
    return sum(counts[bucket.value] for bucket in buckets)


def of_bucket(counts: Counter[str], bucket: Bucket, code: str) -> Number:
    url = names_url(code, bucket=bucket.value)
    return Number(counts[bucket.value], url, BUCKET_LABELS[bucket])


def yearly_of(counts: Counter[str], target: Target | None) -> Figure:
    """年巩固率 in its prescribed variant."""
    figures = snapshots.figures_from(counts, None, target)
    return next(one for one in figures if one.id == Measure.YEARLY.value)


def _month_before(
    days: Sequence[tuple[date, Counter[str]]], on: date, target: Target | None
) -> str:
    earlier = [counts for day, counts in days if day < on.replace(day=1)]
    if not earlier:
        return ""
    figure = yearly_of(earlier[-1], target)
    return f"上月末年巩固率 {figure.text}（{fraction(figure)}）"


def _add_rows(page: Board, snapshot: Snapshot, counts: Counter[str], cases: CaseCounts) -> None:
    """The table of parts, from the lowest rate up, and the sum that closes it."""
    place = page.place
    if not place.part_level:
        return
    parts = snapshots.parts_of(snapshot, place.path, place.part_level)
    if place.level == "county":
        parts |= {path: Counter() for path in cases.owners if path not in parts}
    named = named_at([path for path in parts if path != place.path], snapshot.on)
    figures = {path: yearly_of(one, page.target) for path, one in parts.items()}
    page.track = track_of([one.value for one in figures.values()])
    ordered = sorted(parts, key=lambda path: (figures[path].value is None, figures[path].value or 0,
                                              path))  # fmt: skip
    page.rows = [
        _row(page, named.get(path, Place(path, "", UNASSIGNED)), parts[path], figures[path], cases)
        for path in ordered
    ]
    page.total = _row(page, place, counts, yearly_of(counts, page.target), cases, whole=True)


def _row(
    page: Board, place: Place, counts: Counter[str], figure: Figure, cases: CaseCounts,
    *, whole: bool = False,
) -> Row:  # fmt: skip
    code, county = place.code, page.place.level == "county"
    phases = cases.phases if whole else cases.owners.get(place.path, Counter())
    late = cases.late_total if whole else cases.late[place.path]
    target = page.target.percent if page.target else None
    return Row(
        name="合计" if whole else place.name,
        url="" if whole or not (code and place.part_level) else reverse("reports:place", args=[code]),
        figure=figure,
        dot=dot(page.track or Track(), figure.value, target, figure.met),
        kept=Number(summed(counts, KEPT), names_url(code, bucket="kept")),
        missing=Number(summed(counts, MISSING), names_url(code, bucket="missing")),
        buckets=[] if county else [
            of_bucket(counts, bucket, code) for bucket in (Bucket.DROPOUT, *WATCHED)
        ],
        phases=_phases(code, phases) if county else [],
        late=Number(late, names_url(code, overdue="1")),
        registers=Registers.of(counts),
        registers_url=registers_url(place, page.on),
    )  # fmt: skip


def registers_url(place: Place, on: date) -> str:
    """Where the registers of a place are seen class by class."""
    if place.level == "school":
        return reverse("attendance:school", args=[place.code, on.isoformat()])
    if place.level == "class":
        return reverse("attendance:register", args=[place.code[1:], on.isoformat()])
    if place.level == "county" or not place.code:
        return reverse("attendance:schools_today")
    return reverse("reports:place", args=[place.code]) + "#parts"


def steps_of(place: Place, year: int, on: date) -> list[Step]:
    rows = funnel(place.path, year, on)
    most = max((row.entered for row in rows), default=0)
    return [_step(place.code, row, most) for row in rows]


def _step(code: str, row: StepRow, most: int) -> Step:
    def number(column: str) -> Number:
        url = names_url(code, step=row.step.value, column=column)
        return Number(getattr(row, column), url)

    numbers = [number(name) for name in ("entered", "returned", "in_hand", "went_on", "other")]
    bar = parts_of_bar([row.returned, row.in_hand, row.went_on, row.other], most or 1, STEP_BAR)
    return Step(row, numbers, bar)
