"""总览 as values: what a county, township or school answers for today, every number with its list.

Children are read from the day's snapshot, cases as they stand now; a fixed number of statements
whatever the size of the place.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from accounts.models import User
from cases.enums.states import Phase
from contracts import listing
from contracts.rules import tree
from contracts.rules.tree import Coverage
from regions.days import PlaceRules
from regions.rules.classnames import YEAR_BEGINS, school_year
from reports.enums import (
    CohortCount,
    Flow,
    Measure,
    PlaceCount,
    StudentStatus,
)
from reports.models import CohortCell, Snapshot
from reports.overview.drawing import RateTrack, dot, parts_of_bar, track_of
from reports.overview.months import Days, months_of
from reports.overview.trend import Trend, beginning, trend_of
from reports.overview.values import (
    FunnelStep,
    MissingShare,
    MonthColumn,
    Number,
    PlaceRow,
    Rate,
    RateLine,
    Registers,
    fraction,
    names_url,
)
from reports.queries import snapshots
from reports.queries.case_counts import CaseCounts, OverdueCount, case_counts, duties
from reports.queries.ladder_funnel import StepRow, funnel
from reports.queries.places import Place, named_at
from reports.rules.indicators import GONE, Figure, Target
from reports.rules.status_sets import EXPECTED, KEPT, MISSING, WATCHED, lack_of

TONES = {
    StudentStatus.DROPOUT: "bad",
    StudentStatus.MISSING: "bad",
    StudentStatus.SUSPENDED: "warn",
}
UNASSIGNED = "未定乡镇"
STEP_BAR = 150
OF_REGISTERS = {Measure.TIMELINESS, Measure.ATTENDANCE}
DROPPED_AS = {"net": PlaceCount.DROPPED_NOW, "gross": PlaceCount.DROPPED}


@dataclass
class Board:
    """All that the page of a place shows."""

    place: Place
    on: date
    snapshot: Snapshot | None
    target: Target | None = None
    headline: Figure | None = None
    nine: list[RateLine] = field(default_factory=list)
    yearly: list[RateLine] = field(default_factory=list)
    kept: Number | None = None
    expected: Number | None = None
    missing: Number | None = None
    shares: list[MissingShare] = field(default_factory=list)
    watched: list[Number] = field(default_factory=list)
    flows: list[tuple[str, Number]] = field(default_factory=list)
    cohort_said: str = ""
    adopted_by: str = ""
    before_said: str = ""
    track: RateTrack | None = None
    rows: list[PlaceRow] = field(default_factory=list)
    total: PlaceRow | None = None
    registers: Registers | None = None
    schools_undecided: int = 0
    phases: list[Number] = field(default_factory=list)
    open_cases: Number | None = None
    late: Number | None = None
    duties: list[OverdueCount] = field(default_factory=list)
    steps: list[FunnelStep] = field(default_factory=list)
    months: list[MonthColumn] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    contracts: Coverage = field(default_factory=Coverage)
    trend: Trend | None = None

    @property
    def is_nine(self) -> bool:
        return self.headline is not None and self.headline.id == Measure.NINE_YEARS

    @property
    def nine_known(self) -> bool:
        return any(line.figure.value is not None for line in self.nine)

    @property
    def reached(self) -> str:
        """Whether the target of the headline is met, in words."""
        if self.headline is None or self.target is None:
            return ""
        word = "达到目标" if self.headline.met else "未达目标"
        return f"{word} ≥ {self.target.percent:.2f} %"

    @property
    def registers_url(self) -> str:
        return registers_url(self.place, self.on)

    @property
    def stale(self) -> bool:
        return self.snapshot is not None and self.snapshot.on != self.on


def board(user: User, place: Place, on: date, place_rules: PlaceRules) -> Board:
    """The page of a place, as of `on`."""
    snapshot = snapshots.latest(place.path, on)
    page = Board(place, on, snapshot)
    cases = case_counts(place.path, on)
    page.open_cases = Number(cases.total, names_url(place.code, phase="all"))
    page.phases = _phases(place.code, cases.phases)
    page.late = Number(cases.late_total, names_url(place.code, overdue="1"))
    page.duties = duties(place.path, on)
    page.steps = steps_of(place, school_year(on), on)
    days = snapshots.series(place.path, date(school_year(on), *YEAR_BEGINS), on)
    page.months = months_of(place, school_year(on), on, days)
    page.contracts = tree.coverage(listing.contract_list(user, school_year(on), on).all)
    if snapshot:
        term = beginning(place_rules, place.path, on)
        _read(page, snapshot, cases, place_rules, [one for one in days if one[0] >= term])
    return page


def _phases(code: str, phases: Counter[Phase]) -> list[Number]:
    return [Number(phases[phase], names_url(code, phase=phase), phase.label) for phase in Phase]


def _read(
    page: Board, snapshot: Snapshot, cases: CaseCounts, place_rules: PlaceRules, days: Days
) -> None:
    """What the last snapshot says, and the days of the term up to now."""
    place = page.place
    counts = snapshots.counts_at(snapshot, place.path)
    cohort = snapshots.cohort_at(snapshot, place.path)
    page.target = snapshots.target_of(snapshot)
    figures = snapshots.figures_from(counts, cohort.counts if cohort else None, page.target)
    adopted = place_rules.policies.setting("consolidation_variant", place.path, snapshot.on)
    page.adopted_by = adopted.source
    page.nine = lines_of(figures, Measure.NINE_YEARS, adopted.readable)
    page.yearly = lines_of(figures, Measure.YEARLY, "a")
    known = place.level == "county" and page.nine[0].figure.value is not None
    page.headline = (page.nine if known else page.yearly)[0].figure
    page.rates = rates_of(page, figures, counts)
    page.cohort_said = _cohort_said(cohort)
    _count_people(page, counts)
    page.registers = Registers.of(counts)
    page.schools_undecided = _schools_undecided(snapshot, place, counts)
    page.trend = trend_of(days, place_rules, place.path, page.on)
    page.before_said = _month_before(days, page.on, page.target)
    _add_rows(page, snapshot, counts, cases)


def _schools_undecided(snapshot: Snapshot, place: Place, counts: Counter[str]) -> int:
    """缺 N 校: schools with a class whose day nobody has decided; asked only where there is one."""
    if not counts[PlaceCount.UNDECIDED]:
        return 0
    schools = snapshots.parts_of(snapshot, place.path, "school")
    return sum(bool(counted[PlaceCount.UNDECIDED]) for counted in schools.values())


def lines_of(figures: Sequence[Figure], measure: Measure, chosen: str) -> list[RateLine]:
    """The variants of a rate, the chosen one first."""
    lines = [RateLine(one, one.variant == chosen) for one in figures if one.id == measure]
    return sorted(lines, key=lambda line: not line.chosen)


def _cohort_said(cohort: CohortCell | None) -> str:
    """How the denominator of 九年巩固率 arises; these people have no list before the portal."""
    if cohort is None:
        return ""
    of = Counter(cohort.counts)
    said = f"入学 {of[CohortCount.ENTRANTS]:,}"
    signs = {
        CohortCount.CAME_IN: "+",
        CohortCount.WENT_OUT: "−",
        CohortCount.DIED: "−",
        CohortCount.ABROAD: "−",
    }
    for one, sign in signs.items():
        said += f" {sign} {CohortCount(one).label} {of[one.value]:,}"
    return f"{cohort.entered} 年入学的一届：{said}。{cohort.source}。"


def _count_people(page: Board, counts: Counter[str]) -> None:
    code = page.place.code
    page.kept = Number(summed(counts, KEPT), names_url(code, student_status="kept"))
    page.expected = Number(summed(counts, EXPECTED), names_url(code, student_status="expected"))
    page.missing = Number(summed(counts, MISSING), names_url(code, student_status="missing"))
    page.watched = [of_bucket(counts, student_status, code) for student_status in WATCHED]
    there = [student_status for student_status in MISSING if counts[student_status]]
    bar = parts_of_bar([counts[student_status] for student_status in there])
    page.shares = [
        MissingShare(
            of_bucket(counts, student_status, code), TONES.get(student_status, "mute"), part
        )
        for student_status, part in zip(there, bar, strict=True)
    ]
    signed = [("", Flow.START), ("+", Flow.CAME_IN), *(("−", flow) for flow in GONE)]
    page.flows = [
        (sign, Number(counts[flow], names_url(code, flow=flow), Flow(flow).label))
        for sign, flow in signed
    ]


def summed(counts: Counter[str], student_statuses: Iterable[StudentStatus]) -> int:
    return sum(counts[student_status] for student_status in student_statuses)


def of_bucket(counts: Counter[str], student_status: StudentStatus, code: str) -> Number:
    url = names_url(code, student_status=student_status)
    lack = lack_of(counts, [student_status])
    return Number(counts[student_status], url, student_status.label, lack)


def yearly_of(counts: Counter[str], target: Target | None) -> Figure:
    """年巩固率 in its prescribed variant."""
    figures = snapshots.figures_from(counts, None, target)
    return next(one for one in figures if one.id == Measure.YEARLY)


def _month_before(days: Days, on: date, target: Target | None) -> str:
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
    ordered = sorted(
        parts, key=lambda path: (figures[path].value is None, figures[path].value or 0, path)
    )
    page.rows = [
        _row(page, named.get(path, Place(path, "", UNASSIGNED)), parts[path], figures[path], cases)
        for path in ordered
    ]
    page.total = _row(page, place, counts, yearly_of(counts, page.target), cases, whole=True)


def _row(
    page: Board, place: Place, counts: Counter[str], figure: Figure, cases: CaseCounts,
    *, whole: bool = False,
) -> PlaceRow:  # fmt: skip
    code, county = place.code, page.place.level == "county"
    phases = cases.phases if whole else cases.owners.get(place.path, Counter())
    late = cases.late_total if whole else cases.late[place.path]
    target = page.target.percent if page.target else None
    return PlaceRow(
        name="合计" if whole else place.name,
        url=""
        if whole or not (code and place.part_level)
        else reverse("reports:place", args=[code]),
        figure=figure,
        dot=dot(page.track or RateTrack(), figure.value, target, figure.met),
        kept=Number(summed(counts, KEPT), names_url(code, student_status="kept")),
        missing=Number(summed(counts, MISSING), names_url(code, student_status="missing")),
        student_statuses=[]
        if county
        else [
            of_bucket(counts, student_status, code)
            for student_status in (StudentStatus.DROPOUT, *WATCHED)
        ],
        phases=_phases(code, phases) if county else [],
        late=Number(late, names_url(code, overdue="1")),
        registers=Registers.of(counts),
        registers_url=registers_url(place, page.on),
    )


def registers_url(place: Place, on: date) -> str:
    """Where the registers of a place are seen class by class."""
    if place.level == "school":
        return reverse("attendance:school", args=[place.code, on.isoformat()])
    if place.level == "class":
        return reverse("attendance:register", args=[place.code[1:], on.isoformat()])
    if place.level == "county" or not place.code:
        return reverse("attendance:schools_today")
    return reverse("reports:place", args=[place.code]) + "#parts"


def steps_of(place: Place, year: int, on: date) -> list[FunnelStep]:
    rows = funnel(place.path, year, on)
    most = max((row.entered for row in rows), default=0)
    return [_step(place.code, row, most) for row in rows]


def _step(code: str, row: StepRow, most: int) -> FunnelStep:
    def number(column: str) -> Number:
        url = names_url(code, step=row.step, column=column)
        return Number(getattr(row, column), url)

    numbers = [number(name) for name in ("entered", "returned", "in_hand", "went_on", "other")]
    bar = parts_of_bar([row.returned, row.in_hand, row.went_on, row.other], most or 1, STEP_BAR)
    return FunnelStep(row, numbers, bar)


def rates_of(page: Board, figures: Sequence[Figure], counts: Counter[str]) -> list[Rate]:
    """学年辍学率, 报到率, 及时率, 到校率: what is counted, and the list or the page behind it."""
    code = page.place.code
    start = names_url(code, flow=Flow.START)
    return [
        rate
        for one in figures
        if (rate := _rate(one, page.registers_url, start, code, counts)) is not None
    ]


def _rate(one: Figure, registers: str, start: str, code: str, counts: Counter[str]) -> Rate | None:
    above, below = Number(one.numerator or 0, registers), Number(one.denominator, registers)
    if one.id in OF_REGISTERS:
        return Rate(one, above, below)
    if one.id == Measure.REGISTRATION:
        missing = Number(
            counts[PlaceCount.OPENING_MISSING],
            names_url(code, count=PlaceCount.OPENING_MISSING),
            "未到",
        )
        return Rate(one, Number(above.count), Number(below.count), missing)
    if one.id == Measure.DROPOUT_RATE and one.variant in DROPPED_AS:
        url = names_url(code, count=DROPPED_AS[one.variant].value)
        return Rate(one, Number(above.count, url), Number(below.count, start))
    return None
