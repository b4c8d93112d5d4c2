"""The school's answer to a guardian: corrected, kept, or taken back; the last two never by who took that
register."""

from datetime import date, datetime

from django.db import transaction

from accounts import history
from accounts.enums import SCHOOL_STAFF, Role
from accounts.models import User
from attendance.enums import DisputeState, Mark, mark_label
from attendance.models import Absence, MarkDispute
from regions.refusals import Refused
from regions.rules.lengths import reason_of

DECIDERS = SCHOOL_STAFF | {Role.BUREAU}
OF_SCHOOL = "由本校教务处、校长或县教育体育局答复。"
ONESELF = "这一天的考勤是你登记的，没有更正的要由另一位答复。"
ANSWERED = "这一件已经答复过了。"
NOT_CORRECTED = "考勤还是“{mark}”。请先更正这一天的考勤，再答复“已更正”。"
WAITS = "更正还在等确认，确认后再答复。"
CORRECTED_MEANWHILE = "这一天的考勤已经改为“{mark}”，请答复“已更正”。"
CHOOSE = "请选择答复结果。"


def why_not_answer(one: MarkDispute, user: User) -> str:
    """Why `user` does not answer it; "" when it may."""
    return "" if user.reach.holds(*DECIDERS, over=one.path) else OF_SCHOOL


@transaction.atomic
def answer(
    pk: int, *, state: DisputeState, words: str, by: User, on: date, at: datetime
) -> MarkDispute:
    """Answer the guardian. CORRECTED where the register says something else by now, KEPT where it
    stands and another took it, WITHDRAWN where it was written down by mistake or the guardian takes it
    back. Raises Refused otherwise, and for who may not."""
    found = MarkDispute.objects.select_related("register", "student")
    one = found.select_for_update(of=("self",)).get(pk=pk)
    if refusal := why_not_answer(one, by):
        raise Refused(refusal)
    if one.state != DisputeState.OPEN:
        raise Refused(ANSWERED)
    if refusal := _why_untrue(one, state) or _why_dependent(one, state, by):
        raise Refused(refusal)
    one.answer, one.state = reason_of(words, "答复"), state
    one.answered_by, one.answered_at = by, at
    one.save(update_fields=["answer", "state", "answered_by", "answered_at"])
    history.record(
        f"disputes.{state}", "student", one.student.uid, path=one.path, by=by, on=on,
        before={"day": str(one.on), "mark": one.stood}, after={"mark": _stands(one)},
        note=one.answer,
    )  # fmt: skip
    return one


def _why_untrue(one: MarkDispute, state: DisputeState) -> str:
    if state == DisputeState.WITHDRAWN:
        return ""
    stands = _stands(one)
    if stands == Mark.PENDING:
        return WAITS
    label = mark_label(stands)
    if state == DisputeState.CORRECTED and stands == one.stood:
        return NOT_CORRECTED.format(mark=label)
    if state == DisputeState.KEPT and stands != one.stood:
        return CORRECTED_MEANWHILE.format(mark=label)
    return "" if state in (DisputeState.CORRECTED, DisputeState.KEPT) else CHOOSE


def _why_dependent(one: MarkDispute, state: DisputeState, by: User) -> str:
    """Nobody decides alone that what he wrote himself is right."""
    mine = by.pk in (one.register.taken_by_id, one.register.made_by_id)
    return ONESELF if mine and state != DisputeState.CORRECTED else ""


def _stands(one: MarkDispute) -> str:
    """What the register says of the day now; "" is 到校."""
    cell = Absence.objects.filter(student=one.student_id, on=one.on).first()
    return cell.mark if cell else ""
