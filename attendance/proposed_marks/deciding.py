"""The second person's word on a mark that waits: confirmed it speaks, otherwise the child was out."""

from datetime import date, datetime

from django.db import transaction

from accounts import history
from accounts.enums import SCHOOL_STAFF, Role
from accounts.models import User
from accounts.seats.independence import why_dependent
from attendance import alerts
from attendance.enums import OUT_MARKS, Mark, ProposalState
from attendance.models import Absence, ProposedMark, Register
from regions.refusals import Refused
from regions.rules.lengths import whole

SHORTEST_WORDS = 6
SHORT = "请写明怎么核实的，至少 6 个字，例如“已问班主任和家长，当天在校”。"
OF_COUNTY = "这一处更正由县教育体育局确认。"
OF_SCHOOL = "这一处更正由本校教务处或校长确认。"
ONESELF = "不能确认自己提交的更正，请另一位办理。"
NOT_CONFIRMED = "更正为{}，没有确认"
DECIDED = "这一处更正已经办过了。"


def why_not_decide(proposed: ProposedMark, user: User, on: date) -> str:
    """Why `user` has no word on it; "" when it has.

    A teacher's mark is the school's to confirm; the school's own, and 病假/事假 over an alert (the
    second word of year.md §5), are the bureau's.
    """
    roles = (Role.BUREAU,) if proposed.by_county else tuple(SCHOOL_STAFF)
    if not user.reach.holds(*roles, over=proposed.path):
        return OF_COUNTY if proposed.by_county else OF_SCHOOL
    if user.pk == proposed.asked_by_id:
        return ONESELF
    return why_dependent(user, proposed.asked_by, on) if proposed.by_county else ""


@transaction.atomic
def confirm(pk: int, *, words: str, by: User, on: date, at: datetime) -> ProposedMark:
    """The mark is true: it takes its place in the register, and the alert follows.

    REPLACED comes back where the register was corrected in the meantime: nothing is left to decide.
    """
    return _decide(pk, ProposalState.CONFIRMED, words, by, on, at)


@transaction.atomic
def turn_down(pk: int, *, words: str, by: User, on: date, at: datetime) -> ProposedMark:
    """The mark is not confirmed: what stood stands; where nothing had stood, the child was 未到."""
    return _decide(pk, ProposalState.REFUSED, words, by, on, at)


def _decide(
    pk: int, state: ProposalState, words: str, by: User, on: date, at: datetime
) -> ProposedMark:
    found = ProposedMark.objects.visible_to(by).select_related("student", "asked_by")
    _lock_register(found.get(pk=pk))
    proposed = found.select_for_update(of=("self",)).get(pk=pk)
    if proposed.state != ProposalState.ASKED:
        raise Refused(DECIDED)
    if refusal := why_not_decide(proposed, by, on):
        raise Refused(refusal)
    if len(words.strip()) < SHORTEST_WORDS:
        raise Refused(SHORT)
    cell = Absence.objects.filter(student=proposed.student_id, on=proposed.on).first()
    stands = cell is not None and cell.mark == proposed.was
    proposed.state = state if stands else ProposalState.REPLACED
    proposed.words = whole(words.strip(), 200, "说明")
    proposed.decided_by, proposed.decided_at = by, at
    proposed.save(update_fields=["state", "words", "decided_by", "decided_at"])
    if cell is None or not stands:
        return proposed
    _write(cell, proposed)
    _remember(proposed, by)
    judged = alerts.last_judged(proposed.path)
    if judged is not None and proposed.on <= judged:
        alerts.recompute([proposed.student_id], proposed.path, by=by, on=judged)
    return proposed


def _lock_register(proposed: ProposedMark) -> None:
    """The register of the cell first, then the mark: in the order of whoever saves the sheet."""
    cell = Absence.objects.filter(student=proposed.student_id, on=proposed.on).first()
    if cell:
        Register.objects.select_for_update(of=("self",)).get(pk=cell.register_id)


def _said(proposed: ProposedMark) -> str:
    """What the cell says after the decision; "" is 到校."""
    if proposed.state == ProposalState.CONFIRMED:
        return proposed.wanted
    return Mark.ABSENT if proposed.was == Mark.PENDING else proposed.was


def _write(cell: Absence, proposed: ProposedMark) -> None:
    """The cell of the register as decided; whoever holds the sheet open learns that it changed."""
    said = _said(proposed)
    confirmed = proposed.state == ProposalState.CONFIRMED
    register = Register.objects.get(pk=cell.register_id)
    came = cell.mark in OUT_MARKS and said not in OUT_MARKS
    if said:
        cell.mark = said
        cell.note = proposed.note if confirmed else NOT_CONFIRMED.format(proposed.wanted_label)
        cell.save(update_fields=["mark", "note"])
    else:
        cell.delete()
    register.version += 1
    register.present += came
    register.save(update_fields=["version", "present"])


def _remember(proposed: ProposedMark, by: User) -> None:
    history.record(
        f"marks.{proposed.state}",
        "student",
        proposed.student.uid,
        path=proposed.path,
        by=by,
        on=proposed.on,
        before={"register": proposed.register_id, "mark": proposed.was},
        after={"mark": _said(proposed), "asked_by": proposed.asked_by.username},
        note=proposed.words,
    )
