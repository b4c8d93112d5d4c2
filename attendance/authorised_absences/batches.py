"""Requests that one file brought, decided together by another person of the bureau."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from accounts.models import User
from attendance.authorised_absences import settling
from attendance.authorised_absences.opened import opened_by
from attendance.authorised_absences.promised_proofs import PROOF_LATER
from attendance.authorised_absences.requests import (
    SECOND,
    approve,
    give_second_word,
    has_proof,
    pass_,
)
from attendance.authorised_absences.weighing import weigh
from attendance.authorised_absences.writing import (
    judge_again,
    lock,
    record,
    refuse_crossing,
    require,
)
from attendance.rights import RegisterRight
from attendance.rules.second_word import why_refused
from regions.models import School
from regions.refusals import Refused
from students.enums import AbsenceState
from students.models import AuthorisedAbsence

UNDECIDED = [AbsenceState.ASKED, AbsenceState.PASSED]
NONE_CHOSEN = "请先勾选要批的。已经办过的不会再办一次。"
NOT_OPENED = "还没有打开看过，或者看过以后又有变动，请先打开。"
NOTHING_WAITS = "这一批没有等县批的手续：批号不对，或者已经批过。"


@dataclass
class Together:
    """What came of granting several: how many, how many of them wait for a second word, and which not."""

    granted: int = 0
    passed_on: int = 0
    refusals: list[tuple[AuthorisedAbsence, str]] = field(default_factory=list)


def grant_together(ids: Collection[int], *, by: User, on: date) -> Together:
    """Agree to or approve each, by every rule it passes alone; what may not be granted stays as it is.

    Refused where nothing is chosen; a request not opened as it stands now is not granted.
    """
    waiting = AuthorisedAbsence.objects.visible_to(by).filter(pk__in=ids, state__in=UNDECIDED)
    rows = list(waiting.select_related("student").order_by("asked_at", "pk"))
    if not rows:
        raise Refused(NONE_CHOSEN)
    opened, answer = opened_by(by, rows), Together()
    for row in rows:
        try:
            if row.pk not in opened:
                raise Refused(NOT_OPENED)
            with transaction.atomic():
                done = (pass_ if row.state == AbsenceState.ASKED else approve)(row.pk, by=by, on=on)
        except Refused as refusal:
            answer.refusals.append((row, str(refusal)))
        else:
            answer.granted += 1
            answer.passed_on += done.state == AbsenceState.PASSED
    return answer


@transaction.atomic
def decide_batch(batch: str, *, by: User, on: date) -> dict:
    """Approve what waits of a batch: {"approved", "refused", "proof_due"}, and why, child by child.

    Before a school's days count (go-live) a request whose proof is not there yet is approved, its
    proof due in 30 days: until then it explains. What may not be approved stays as it is.
    """
    waiting = AuthorisedAbsence.objects.visible_to(by).filter(
        batch=batch, state=AbsenceState.PASSED
    )
    ids = list(waiting.order_by("student_id", "pk").values_list("pk", flat=True))
    if not batch or not ids:
        raise Refused(NOTHING_WAITS)
    answer: dict = {"approved": 0, "refused": 0, "proof_due": 0, "refusals": []}
    for pk in ids:
        absence = _locked(pk)
        try:
            answer["proof_due"] += _decide(absence, by=by, on=on)
            answer["approved"] += 1
        except Refused as refusal:
            answer["refused"] += 1
            answer["refusals"].append({"uid": absence.student.uid, "why": str(refusal)})
    return answer


def _locked(pk: int) -> AuthorisedAbsence:
    rows = AuthorisedAbsence.objects.select_related("student", "asked_by", "first_by")
    absence = rows.get(pk=pk)
    lock(absence.student_id)
    return rows.select_for_update(of=("self",)).get(pk=pk)


def _decide(absence: AuthorisedAbsence, *, by: User, on: date) -> bool:
    """Approve one; True where its proof is still to come."""
    require(RegisterRight.APPROVE, by, absence.path)
    give_second_word(absence, by=by, on=on)
    later = not has_proof(absence)
    if later and _counts(absence.path, on):
        raise Refused("缺证明材料；学校已经开始计算考勤，不能待补。")
    if refusal := why_refused(weigh(absence, on=on, proof=not later)):
        raise Refused(refusal)
    refuse_crossing(absence, on=on, approved=True)
    absence.proof_due_on = on + PROOF_LATER if later else None
    absence.state = AbsenceState.APPROVED
    absence.save(update_fields=["state", *SECOND, "answer", "proof_due_on"])
    record("approve", absence, by, on, "批量批准")
    settling.explain_alerts(absence, by=by, on=on)
    judge_again(absence, by)
    return later


def _counts(path: str, on: date) -> bool:
    """Do the days of the school of a class path count already?"""
    school = School.objects.filter(path=path.split("C", 1)[0]).first()
    begins = school.counts_from if school else None
    return begins is not None and begins <= on
