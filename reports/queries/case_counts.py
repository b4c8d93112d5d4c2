"""Cases of a place as they stand now: by phase, by owner township, and what is overdue."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from cases.due import Due, due_of
from cases.enums.states import PHASE_OF, AccessKind, CaseState, Phase
from cases.models import CaseAccess, Deadline
from reports.queries.ladder_funnel import cases_of, overdue

SHOWN = 6


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Open cases by phase, and by the township that owns them ("" where none does)."""

    phases: Counter[Phase]
    owners: dict[str, Counter[Phase]]
    late: Counter[str]

    @property
    def total(self) -> int:
        return self.phases.total()

    @property
    def late_total(self) -> int:
        return self.late.total()


@dataclass(frozen=True, slots=True)
class OverdueCount:
    """A deadline that has passed: when, whose case, what was to be done."""

    deadline: Deadline
    due: Due
    unit: str


def _owner(of: str, what: str) -> Subquery:
    rows = CaseAccess.objects.filter(case_id=OuterRef(of), kind=AccessKind.OWNER, until=None)
    return Subquery(rows.values(what)[:1])


def case_counts(path: str, on: date) -> CaseCounts:
    """In two statements, whatever the number of townships."""
    owners: dict[str, Counter[Phase]] = defaultdict(Counter)
    rows = cases_of(path).open().annotate(owner=_owner("pk", "path"))
    for owner, state in rows.values_list("owner", "state"):
        owners[owner or ""][PHASE_OF[CaseState(state)]] += 1
    late = overdue(path, on).annotate(owner=_owner("case_id", "path"))
    by_owner = Counter(owner or "" for owner in late.values_list("owner", flat=True))
    phases: Counter[Phase] = Counter()
    for counted in owners.values():
        phases.update(counted)
    return CaseCounts(phases, dict(owners), by_owner)


def late_rows(path: str, on: date) -> QuerySet[Deadline, Deadline]:
    """The deadlines that have passed, the oldest first, with the unit that owns the case."""
    rows = overdue(path, on).select_related("case__student")
    return rows.annotate(unit=_owner("case_id", "unit"))


def duties(path: str, on: date) -> list[OverdueCount]:
    """The oldest few."""
    shown = late_rows(path, on)[:SHOWN]
    return [
        OverdueCount(one, due_of(one.due_on, on), getattr(one, "unit", "") or "") for one in shown
    ]
