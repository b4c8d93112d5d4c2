"""证明已补，请核: a proof brought in time for what the bureau approved without one.

Until the bureau has seen it the days stay explained: only the bureau is late.
"""

from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from accounts.seats.independence import why_dependent
from attendance.authorised_absences.writing import (
    judge_again,
    locked,
    record,
    require,
    require_state,
)
from attendance.rights import RegisterRight
from regions.clock import local
from regions.refusals import Refused
from regions.rules.lengths import whole
from students.enums import AbsenceState
from students.models import AuthorisedAbsence

PROOF_LATER = timedelta(days=30)
LONGEST = 190  # characters of a reason; the line of history holds it and the proof
ONCE_MORE = timedelta(days=7)  # 系统设定: at least so long to bring another


@transaction.atomic
def confirm_proof(absence_id: int, *, by: User, on: date, note: str = "") -> AuthorisedAbsence:
    """The bureau has seen the proof, and it bears the days out."""
    absence = _brought(absence_id, by, on)
    absence.proof_by, absence.proof_at, absence.answer = None, None, ""
    absence.save(update_fields=["proof_by", "proof_at", "answer"])
    record("confirm_proof", absence, by, on, note or absence.proof)
    return absence


@transaction.atomic
def return_proof(absence_id: int, *, by: User, on: date, note: str) -> AuthorisedAbsence:
    """It does not: the proof is due again, on its day or in a week, whichever is later."""
    absence = _brought(absence_id, by, on)
    approved_on = local(absence.second_at or absence.asked_at).date()
    absence.proof_due_on = max(approved_on + PROOF_LATER, on + ONCE_MORE)
    returned, absence.proof = absence.proof, ""
    absence.proof_by, absence.proof_at = None, None
    absence.answer = whole(note.strip(), LONGEST, "原因")
    absence.save(update_fields=["proof", "proof_by", "proof_at", "proof_due_on", "answer"])
    record("return_proof", absence, by, on, f"{absence.answer}；退回的证明：{returned}")
    judge_again(absence, by)
    return absence


def _brought(absence_id: int, by: User, on: date) -> AuthorisedAbsence:
    absence = locked(absence_id, by)
    require(RegisterRight.APPROVE, by, absence.path)
    require_state(absence, AbsenceState.APPROVED)
    if absence.proof_at is None or absence.proof_by is None:
        raise Refused("这份手续没有等核的证明。")
    if refusal := why_dependent(by, absence.proof_by, on):
        raise Refused(refusal)
    return absence
