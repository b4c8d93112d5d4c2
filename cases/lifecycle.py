"""How a case stands anew: put back to persuasion, or let go of."""

from datetime import date

from cases.case_deadlines import drop
from cases.enums.states import CaseState, ReachKind, Step
from cases.intake.opening import set_first_deadlines
from cases.models import Case
from students.models import Student


def start_again(case: Case, on: date) -> None:
    """Put a case back to persuasion: a clean ladder, no deadline but the first check.

    Saves the case with the round, the day the child left and the version the caller set.
    """
    case.state, case.step, case.step_on = CaseState.PERSUADING.value, Step.PERSUADE.value, on
    case.suspected_on = case.dropout_on = case.returned_on = None
    case.placement, case.placed_class = "", None
    case.closed_on, case.exit_kind, case.exit_until = None, "", None
    case.save(update_fields=[
        "state", "step", "step_on", "round", "suspected_on", "dropout_on", "returned_on",
        "placement", "placed_class", "closed_on", "exit_kind", "exit_until",
        "left_from", "left_to", "left_precision",
        "version", "changed_by", "changed_at",
    ])  # fmt: skip
    drop(case, on=on)
    set_first_deadlines(case, on)


def let_go(case: Case, on: date) -> None:
    """The case ends on `on`: no deadline stands, referrals end, the register no longer shows it.

    School and township keep their reach and go on reading.
    """
    drop(case, on=on)
    for row in case.reach.filter(kind=ReachKind.REFERRAL, until=None):
        row.until = max(on, row.began)
        row.save(update_fields=["until"])
    Student.objects.filter(pk=case.student_id).update(case_since=None)
