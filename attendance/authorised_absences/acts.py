"""What may be done with a request: a table of the verb, its form, who sees the button, and its words."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms

from accounts.enums import Role
from accounts.models import User
from attendance.authorised_absences import promised_proofs, requests, samples
from attendance.authorised_absences.deciders import Decider
from attendance.authorised_absences.forms import (
    EndForm,
    NoteForm,
    PlainForm,
    ProofForm,
    ReasonForm,
    SampleForm,
)
from attendance.rights import MAY, RegisterRight
from students.enums import AbsenceState
from students.models import AuthorisedAbsence

ASKED, PASSED, APPROVED = AbsenceState.ASKED, AbsenceState.PASSED, AbsenceState.APPROVED


@dataclass(frozen=True, slots=True)
class AbsenceAct:
    """A button: for whom (`right`), in which states, and whether this row takes it (`fits`)."""

    label: str
    verb: Callable[..., AuthorisedAbsence]
    form: type[forms.Form]
    right: RegisterRight
    states: frozenset[AbsenceState]
    said: str
    fits: Callable[[AuthorisedAbsence], bool] = lambda absence: True


def _act(label, verb, form, right, *states, said, **more) -> AbsenceAct:
    return AbsenceAct(label, verb, form, right, frozenset(states), said, **more)


def _has_brought_proof(absence: AuthorisedAbsence) -> bool:
    return absence.proof_at is not None


DECIDE, SECOND = RegisterRight.DECIDE_LEAVE, RegisterRight.SECOND
ACTS: dict[str, AbsenceAct] = {
    "pass": _act("同意", requests.pass_, PlainForm, DECIDE, ASKED, said="已同意"),
    "approve": _act("批准", requests.approve, NoteForm, SECOND, PASSED, said="已批准，考勤和预警已重算"),
    "send-back": _act(
        "退回学校补证明", requests.send_back, NoteForm, SECOND, PASSED,
        said="已退回学校补证明", fits=lambda absence: not absence.by_township,
    ),
    "refuse": _act(
        "不同意", requests.refuse, ReasonForm, DECIDE, ASKED, said="已记为不同意，这些天仍算未到"
    ),
    "turn-down": _act(
        "不同意", requests.refuse, ReasonForm, SECOND, PASSED, said="已记为不同意，这些天仍算未到"
    ),
    "proof": _act(
        "补证明", requests.add_proof, ProofForm, DECIDE, ASKED, PASSED, APPROVED, said="证明已补",
        fits=lambda absence: absence.state != APPROVED or absence.proof_due_on is not None,
    ),
    "proof-seen": _act(
        "证明属实", promised_proofs.confirm_proof, PlainForm, RegisterRight.APPROVE, APPROVED,
        said="已核，证明属实", fits=_has_brought_proof,
    ),
    "proof-back": _act(
        "退回补证明", promised_proofs.return_proof, ReasonForm, RegisterRight.APPROVE, APPROVED,
        said="已退回学校补证明", fits=_has_brought_proof,
    ),
    "sample": _act(
        "记下核查结果", samples.mark_sample, SampleForm, RegisterRight.APPROVE, APPROVED,
        AbsenceState.WITHDRAWN, said="核查结果已记下",
        fits=lambda absence: samples.may_be_sampled(absence) and not absence.sample_result,
    ),
    "end": _act(
        "提前结束", requests.end_early, EndForm, RegisterRight.END_EARLY, APPROVED,
        said="已提前结束，后面的日子重新计算", fits=lambda absence: absence.first < absence.last,
    ),
    "withdraw": _act(
        "撤销", requests.withdraw, ReasonForm, RegisterRight.END_EARLY, ASKED, PASSED, APPROVED,
        said="已撤销，就当没有办过",
    ),
}  # fmt: skip


def is_open_to(user: User, absence: AuthorisedAbsence, act: AbsenceAct, decider: Decider) -> bool:
    """Has this person the right to an act of this request, whatever its state? `decider`: whom it
    waits for, or would."""
    if act.right is RegisterRight.SECOND:
        return decider.is_open_to(user, absence)
    roles = MAY[act.right] | (_who_spoke(absence) if act.verb is requests.withdraw else set())
    return user.reach.holds(*roles, over=absence.path)


def _who_spoke(absence: AuthorisedAbsence) -> set[Role]:
    return {Role.BUREAU, Role.CENTRAL} if absence.by_central else {Role.BUREAU}


def _own(user: User, absence: AuthorisedAbsence, act: AbsenceAct) -> bool:
    """What somebody gave the second word on is theirs and the bureau's to withdraw."""
    if act.verb is not requests.withdraw or not (absence.second_by_id or absence.by_township):
        return True
    return user.reach.holds(*_who_spoke(absence), over=absence.path)


def forms_for(user: User, absence: AuthorisedAbsence, decider: Decider) -> dict[str, forms.Form]:
    """The buttons of this person on this request, each with its empty form, in order."""
    return {
        name: act.form(prefix=name, auto_id=f"id_{name}_%s")
        for name, act in ACTS.items()
        if absence.state in act.states
        and act.fits(absence)
        and is_open_to(user, absence, act, decider)
        and _own(user, absence, act)
    }
