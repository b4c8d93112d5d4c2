"""Where a case stood on an earlier day, read back from its events: no ledger of October tells November."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from cases.enums.states import CaseState, EventKind, Step
from cases.models import CaseEvent
from regions.clock import local

STATE_AFTER = {
    EventKind.OPENED: CaseState.VERIFYING,
    EventKind.VERIFIED: CaseState.PERSUADING,
    EventKind.STEP: CaseState.PERSUADING,
    EventKind.RETURNED: CaseState.RETURNED,
    EventKind.PLACED: CaseState.OBSERVING,
    EventKind.RELAPSED: CaseState.PERSUADING,
    EventKind.REOPENED: CaseState.PERSUADING,
    EventKind.CLOSED: CaseState.CLOSED,
    EventKind.EXITED: CaseState.EXITED,
}
AGAIN = {EventKind.OPENED, EventKind.RELAPSED, EventKind.REOPENED}


@dataclass(frozen=True, slots=True)
class CaseOnDay:
    """The state of a case and its step on a day."""

    state: CaseState
    step: Step


def standing_on(case_ids: Collection[int], on: date) -> dict[int, CaseOnDay]:
    """By case, where it stood at the end of a day. What nobody knows the day of stood when entered."""
    rows = CaseEvent.objects.filter(case__in=case_ids, kind__in=list(STATE_AFTER)).order_by(
        "case_id", "id"
    )
    found: dict[int, CaseOnDay] = {}
    for case_id, kind, step, day, entered in rows.values_list(
        "case_id", "kind", "step", "happened_to", "entered_at"
    ):
        if (day or local(entered).date()) > on:
            continue
        event, before = EventKind(kind), found.get(case_id)
        stands = before.step if before and event not in AGAIN else Step.PERSUADE
        found[case_id] = CaseOnDay(STATE_AFTER[event], Step(step) if step else stands)
    return found
