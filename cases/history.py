"""Writing down what happened to a case: one event, in the same transaction as the change."""

from typing import Any

from accounts.models import Attachment, User
from accounts.reach import Held
from cases.enums.states import EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case, CaseEvent, Contact, Deadline
from cases.permissions import acting
from regions.rules.lengths import whole

MOST = 1000


def write(
    case: Case,
    kind: EventKind,
    *,
    by: User | None,
    happened: FuzzyDate,
    note: str = "",
    step: Step | None = None,
    details: dict[str, Any] | None = None,
    policy: str = "",
    sensitive: bool = False,
    seat: Held | None = None,
    contact: Contact | None = None,
    deadline: Deadline | None = None,
    file: Attachment | None = None,
) -> CaseEvent:
    """Write that `kind` happened, for whom `by` acted, and under which article or policy.

    `seat` names the seat a verb acted under where a user holds several; else the first that acts.
    `contact`, `deadline` and `file` are the rows the event speaks of.
    """
    held = seat or (next(iter(acting(by, case)), None) if by else None)
    return CaseEvent.objects.create(
        case=case,
        kind=kind,
        step=step if step else "",
        round=case.round,
        happened_from=happened.earliest,
        happened_to=happened.latest,
        precision=happened.precision,
        by=by,
        unit=held.unit if held else "",
        unit_path=held.path if held else "",
        role=held.role if held else "",
        note=whole(note, MOST, "这段文字"),
        contact=contact,
        deadline=deadline,
        file=file,
        details=details or {},
        policy=policy,
        sensitive=sensitive,
    )
