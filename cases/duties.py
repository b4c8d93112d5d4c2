"""Deadlines of a case: set, met, dropped. Due dates are stored; what is left is derived."""

from datetime import date

from accounts.words import Role
from cases.kinds import DeadlineKind
from cases.models import Case, Deadline, Paper


def set_deadline(
    case: Case,
    kind: DeadlineKind,
    *,
    starts_on: date,
    due_on: date,
    who: Role | None,
    article: str,
    paper: Paper | None = None,
    note: str = "",
) -> Deadline:
    """Set a due date; a standing one of the same kind (and paper) gives way to it."""
    drop(case, kind, on=starts_on, paper=paper)
    return Deadline.objects.create(
        case=case, kind=kind.value, round=case.round, paper=paper, starts_on=starts_on,
        due_on=due_on, who=who.value if who else "", article=article, note=note,
    )  # fmt: skip


def meet(case: Case, *kinds: DeadlineKind, on: date, paper: Paper | None = None) -> int:
    """Mark standing deadlines of these kinds as met; returns how many."""
    return _standing(case, kinds, paper).update(met_on=on)


def drop(case: Case, *kinds: DeadlineKind, on: date, paper: Paper | None = None) -> int:
    """Take standing deadlines back: of these kinds, or all of the case where none is named."""
    return _standing(case, kinds, paper).update(dropped_on=on)


def _standing(case: Case, kinds: tuple[DeadlineKind, ...], paper: Paper | None):
    standing = case.deadlines.standing()
    if kinds:
        standing = standing.filter(kind__in=[kind.value for kind in kinds])
    return standing.filter(paper=paper) if paper else standing
