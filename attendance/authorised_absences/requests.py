"""A request for explained days: asked for, agreed to by the school, approved by the bureau.

Until it has every word it needs it explains nothing. The verbs lock the child, so that of two people
who press at once the second sees what the first did.
"""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.attachments import attach
from accounts.enums import Role
from accounts.models import Attachment, User
from accounts.seats.independence import why_dependent
from attendance.authorised_absences import settling
from attendance.authorised_absences.deciders import LOST_ON_LEAVE, decider_of
from attendance.authorised_absences.outlook import Outlook, outlook_of
from attendance.authorised_absences.term_ends import spread_last
from attendance.authorised_absences.weighing import has_lapsed, span_of, weigh
from attendance.authorised_absences.writing import (
    crossing,
    judge_again,
    lock,
    locked,
    record,
    refuse_crossing,
    require,
    require_state,
    shorten,
)
from attendance.rights import RegisterRight
from attendance.rules.absence_kinds import DATES, KINDS, why_no_proof
from attendance.rules.second_word import why_refused, why_wrong_words
from regions.clock import now
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.lengths import whole
from students.enums import LEAVES, AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence, Student

PROOF, ATTACHED = "absence_proof", "见附件"
ASKED, PASSED, APPROVED = AbsenceState.ASKED, AbsenceState.PASSED, AbsenceState.APPROVED
SAME = ("kind", "first", "last", "cause", "weekdays", "asked_by_id")
DECIDED = ["state", "first_by", "first_at", "why_second", "after_mark", "answer"]
SECOND = ["second_by", "second_at", "by_central"]


@transaction.atomic
def ask(
    student: Student, *, by: User, on: date, file: UploadedFile | None = None, **asked: Any
) -> AuthorisedAbsence:
    """Ask for days, both ends included. It waits for the school; until then it excuses nothing.

    The same request again is the one that stands; Refused when its days overlap another. A 借读 to
    the end of a term ends on one of the first days of the next.
    """
    return put(_wanted(student, by=by, on=on, **asked), by=by, on=on, file=file)


def foresee(
    student: Student, *, by: User, on: date, file: UploadedFile | None = None, **asked: Any
) -> Outlook:
    """What `grant` with the same words would do. Refused where they cannot be asked for."""
    wanted = _wanted(student, by=by, on=on, **asked)
    wanted.path = student.school_path
    wanted.last = spread_last(wanted)
    wanted.proof = wanted.proof.strip() or (ATTACHED if file else "")
    return outlook_of(wanted, on=on)


def _wanted(
    student: Student,
    *,
    kind: AbsenceKind,
    first: date,
    last: date,
    reason: str,
    by: User,
    on: date,
    cause: str = "",
    weekdays: str = "",
    proof: str = "",
) -> AuthorisedAbsence:
    """The unsaved request; Refused for who may not ask, or for days and words that are none."""
    right = RegisterRight.ASK_LEAVE if kind in LEAVES else RegisterRight.ASK_STATUS
    require(right, by, student.school_path)
    if refusal := _why_unbelievable(kind, first, last, on) or why_wrong_words(
        kind, cause, reason, weekdays
    ):
        raise Refused(refusal)
    return AuthorisedAbsence(
        student=student, kind=kind, first=first, last=last, weekdays=weekdays,
        cause_kind=cause, cause=reason, proof=proof, asked_by=by,
    )  # fmt: skip


def put(
    wanted: AuthorisedAbsence, *, by: User, on: date, file: UploadedFile | None = None
) -> AuthorisedAbsence:
    """Write a request that may be made, unless it stands already or is too long. In a transaction."""
    lock(wanted.student_id)
    wanted.path, wanted.state = wanted.student.school_path, ASKED
    wanted.last = spread_last(wanted)
    wanted.cause = whole(wanted.cause.strip(), 200, "事由")
    wanted.proof = whole(wanted.proof.strip(), 200, "看到的证明") or (ATTACHED if file else "")
    if wanted.proof not in ("", ATTACHED) and (refusal := why_no_proof(wanted.proof)):
        raise Refused(refusal)
    for standing in crossing(wanted.student_id, span_of(wanted)):
        if all(getattr(standing, name) == getattr(wanted, name) for name in SAME):
            return standing
    refuse_crossing(wanted, on=on)
    asked = weigh(wanted, on=on, proof=has_proof(wanted))
    if refusal := why_refused(asked):
        raise Refused(refusal)
    wanted.save()
    if file:
        attach(file, kind=PROOF, uid=str(wanted.pk), path=wanted.path, by=by)
    record("ask", wanted, by, on)
    judge_again(wanted, by)
    return wanted


def _why_unbelievable(kind: AbsenceKind, first: date, last: date, on: date) -> str:
    if last < first:
        return f"{kind.label}的结束日期早于开始日期，请改正。"
    begins, ends = DATES[kind]
    return believable.why_not(begins, first, on=on) or believable.why_not(
        ends, last, on=on, first=first
    )


@transaction.atomic
def pass_(
    absence_id: int, *, by: User, on: date, proof: str = "", file: UploadedFile | None = None
) -> AuthorisedAbsence:
    """The school agrees. That is enough, or the request waits for a second word and says why."""
    absence = locked(absence_id, by)
    require(RegisterRight.DECIDE_LEAVE, by, absence.path)
    require_state(absence, ASKED)
    if proof or file:
        _add_proof(absence, proof, file, by)
    return agree(absence, by=by, on=on)


def agree(absence: AuthorisedAbsence, *, by: User, on: date) -> AuthorisedAbsence:
    """The first word on a locked request; approved where no second is needed."""
    outlook = outlook_of(absence, on=on)
    if outlook.refusal:
        raise Refused(outlook.refusal)
    sent_back = absence.first_at if absence.state == ASKED else None
    absence.why_second = outlook.why_second
    absence.first_by, absence.answer = by, ""
    absence.first_at = (sent_back if absence.why_second else None) or now()
    absence.after_mark = absence.kind in LEAVES and bool(outlook.asked.marked)
    if absence.why_second:
        absence.state = PASSED
        absence.save(update_fields=DECIDED)
        record("pass", absence, by, on)
        decider = decider_of(absence, on).short
        waits = f"等{decider}批" if has_proof(absence) else f"已报{decider}，没有证明，照常升级"
        settling.tell_waiting(absence, by=by, on=on, note=f"{waits}：{absence.why_second}")
        judge_again(absence, by)
    else:
        _approve(absence, DECIDED, by=by, on=on)
    return absence


def ask_again(
    absence: AuthorisedAbsence, *, proof: str, by: User, on: date, file: UploadedFile | None = None
) -> None:
    """Leave that was granted, and whose child was lost on its days, waits for the bureau: only its
    word closes that alert. The row and its child are locked."""
    before = absence.proof
    absence.proof, absence.why_second = whole(proof.strip(), 200, "看到的证明"), LOST_ON_LEAVE
    absence.first_by, absence.first_at, absence.answer = by, now(), ""
    absence.state = PASSED
    _take_back_second(absence)
    absence.save(update_fields=[*DECIDED, *SECOND, "proof"])
    if file:
        attach(file, kind=PROOF, uid=str(absence.pk), path=absence.path, by=by)
    record("ask_again", absence, by, on, f"原来的证明：{before or '没有'}")
    settling.tell_waiting(absence, by=by, on=on, note=f"等县批：{LOST_ON_LEAVE}")
    judge_again(absence, by)


def _take_back_second(absence: AuthorisedAbsence) -> None:
    absence.second_by, absence.second_at, absence.by_central = None, None, False


def _approve(
    absence: AuthorisedAbsence, fields: list[str], *, by: User, on: date, note: str = ""
) -> None:
    refuse_crossing(absence, on=on, approved=True)
    absence.state = APPROVED
    absence.save(update_fields=fields)
    record("approve", absence, by, on, note)
    settling.explain_alerts(absence, by=by, on=on)
    judge_again(absence, by)


@transaction.atomic
def grant(student: Student, *, by: User, on: date, **asked) -> AuthorisedAbsence:
    """Ask and agree in one, as the school does with what a family brings to its office."""
    absence = ask(student, by=by, on=on, **asked)
    return pass_(absence.pk, by=by, on=on) if absence.state == ASKED else absence


def has_proof(absence: AuthorisedAbsence) -> bool:
    """Is a proof named? A file laid beside the request is named as well."""
    return bool(absence.proof)


def proof_files(absence: AuthorisedAbsence):
    return Attachment.objects.filter(kind=PROOF, uid=str(absence.pk))


@transaction.atomic
def add_proof(
    absence_id: int, *, proof: str, by: User, on: date, file: UploadedFile | None = None
) -> AuthorisedAbsence:
    """补证明: name what was seen. What waits without proof begins to wait with it now. What was
    approved without it waits for who approved to see it; come after its day, for the word anew."""
    absence = locked(absence_id, by)
    require(RegisterRight.DECIDE_LEAVE, by, absence.path)
    require_state(absence, ASKED, PASSED, APPROVED)
    if absence.state == APPROVED and absence.proof_due_on is None:
        raise Refused("这份手续已批，不用再补证明。")
    waited = absence.state == PASSED and has_proof(absence)
    overdue = absence.state == APPROVED and has_lapsed(absence, on)
    _add_proof(absence, proof, file, by)
    absence.proof_due_on = None
    if overdue:
        absence.state = PASSED
        _take_back_second(absence)
    elif absence.state == APPROVED:
        absence.proof_by, absence.proof_at = by, now()
    absence.save(update_fields=["proof_due_on", "proof_by", "proof_at", "state", *SECOND])
    record("add_proof", absence, by, on, absence.proof)
    begins = overdue or (absence.state == PASSED and not waited)
    return agree(absence, by=by, on=on) if begins else absence


def _add_proof(absence: AuthorisedAbsence, proof: str, file: UploadedFile | None, by: User) -> None:
    if refusal := why_no_proof(proof):
        raise Refused(refusal)
    absence.proof = whole(proof.strip(), 200, "看到的证明")
    absence.save(update_fields=["proof"])
    if file:
        attach(file, kind=PROOF, uid=str(absence.pk), path=absence.path, by=by)


@transaction.atomic
def approve(absence_id: int, *, by: User, on: date, note: str = "") -> AuthorisedAbsence:
    """The second word: by another person, near to none who spoke before."""
    absence = locked(absence_id, by)
    give_second_word(absence, by=by, on=on)
    asked = weigh(absence, on=on, proof=has_proof(absence))
    if refusal := why_refused(asked):
        raise Refused(refusal)
    if asked.proof_is_due and not asked.proof:
        raise Refused(f"缺证明材料（{KINDS[asked.kind].proof}），请先退回学校补证明。")
    _approve(absence, ["state", *SECOND, "answer"], by=by, on=on, note=note)
    return absence


def give_second_word(absence: AuthorisedAbsence, *, by: User, on: date) -> None:
    """Put the name of the bureau or the 中心校 under a locked request, unsaved. Refused for who is
    too near."""
    _require_second(absence, by, on)
    require_state(absence, PASSED)
    for other in (absence.first_by, absence.asked_by):
        if other and (refusal := why_dependent(by, other, on)):
            raise Refused(refusal)
    absence.second_by, absence.second_at, absence.answer = by, now(), ""
    absence.by_central = not by.reach.holds(Role.BUREAU, over=absence.path)


def _require_second(absence: AuthorisedAbsence, by: User, on: date) -> None:
    decider = decider_of(absence, on)
    if not decider.is_open_to(by, absence):
        raise Refused(decider.refusal)


@transaction.atomic
def refuse(absence_id: int, *, by: User, on: date, note: str = "") -> AuthorisedAbsence:
    """不同意: the school to what it was asked for, who decides to what the school agreed to."""
    absence = locked(absence_id, by)
    require_state(absence, ASKED, PASSED)
    if absence.state == ASKED:
        require(RegisterRight.DECIDE_LEAVE, by, absence.path)
        absence.first_by, absence.first_at = by, absence.first_at or now()
    else:
        give_second_word(absence, by=by, on=on)
    absence.state, absence.answer = AbsenceState.REFUSED, whole(note.strip(), 200, "说明")
    absence.save(update_fields=[*DECIDED, *SECOND])
    record("refuse", absence, by, on, note)
    settling.tell_waiting(absence, by=by, on=on, note=f"不同意：{note}".rstrip("："))
    judge_again(absence, by)
    return absence


@transaction.atomic
def send_back(absence_id: int, *, by: User, on: date, note: str = "") -> AuthorisedAbsence:
    """退回学校补证明: it waits for the school again, as asked. What was waited for with proof stays
    told: when the school agreed, and why it went to the bureau."""
    absence = locked(absence_id, by)
    _require_second(absence, by, on)
    require_state(absence, PASSED)
    if absence.by_township:
        raise Refused("乡镇按义务教育法第11条办理的，请批准或不同意。")
    absence.state, absence.first_by = ASKED, None
    if not has_proof(absence):
        absence.first_at, absence.why_second = None, ""
    absence.answer = whole(note.strip() or "请补证明", 200, "说明")
    absence.save(update_fields=DECIDED)
    record("send_back", absence, by, on, absence.answer)
    settling.tell_waiting(absence, by=by, on=on, note=f"退回学校：{absence.answer}")
    judge_again(absence, by)
    return absence


@transaction.atomic
def withdraw(absence_id: int, *, by: User, on: date, note: str = "") -> AuthorisedAbsence:
    """撤销: as if it never was. Who asked, while nobody has decided; the school what it granted
    alone; a 中心校 what it granted; the bureau every one."""
    absence = locked(absence_id, by)
    require_state(absence, ASKED, PASSED, APPROVED)
    if refusal := _why_not_withdraw(absence, by):
        raise Refused(refusal)
    absence.state, absence.answer = AbsenceState.WITHDRAWN, whole(note.strip(), 200, "说明")
    absence.save(update_fields=["state", "answer"])
    record("withdraw", absence, by, on, note)
    judge_again(absence, by)
    return absence


def _why_not_withdraw(absence: AuthorisedAbsence, by: User) -> str:
    if absence.state == ASKED and absence.asked_by == by:
        return ""
    if absence.by_central and by.reach.holds(Role.CENTRAL, over=absence.path):
        return ""
    try:
        require(RegisterRight.END_EARLY, by, absence.path)
        if absence.second_by or absence.by_township or absence.kind == AbsenceKind.LAWFUL:
            require(RegisterRight.APPROVE, by, absence.path)
    except Refused as refusal:
        return str(refusal)
    return ""


@transaction.atomic
def end_early(
    absence_id: int, *, last: date, by: User, on: date, note: str = ""
) -> AuthorisedAbsence:
    """提前结束, 复学: the last day is an earlier one; the days after it count again."""
    absence = locked(absence_id, by)
    require(RegisterRight.END_EARLY, by, absence.path)
    require_state(absence, APPROVED)
    if not absence.first <= last < absence.last:
        raise Refused("请填这段手续之内、原来最后一天之前的日期；整段都不算的，请撤销。")
    shorten(absence, last, by=by, on=on, note=note)
    judge_again(absence, by)
    return absence
