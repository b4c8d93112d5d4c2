"""销号: what closing wants, the words of school and township, the bureau's approval or its refusal."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.attachments import attach
from accounts.models import Attachment, User
from accounts.reach import Held
from accounts.seats.independence import why_dependent
from attendance.enums import AlertState
from attendance.models import AbsenceAlert
from cases import history
from cases.case_deadlines import drop, meet
from cases.day_words import day_said
from cases.enums.records import EVIDENCE, DeadlineKind
from cases.enums.states import CaseState, EventKind, OpinionOf
from cases.fuzzy_dates import FuzzyDate
from cases.law.observation import Observation
from cases.lifecycle import release
from cases.models import Case, CaseEvent, ClosingOpinion
from cases.permissions import MAY, CaseRight, acting, fetch
from cases.returns.observing import (
    WORD_DUTIES,
    ObservedCase,
    ask_next_word,
    observe_case,
    say_ready,
    words_of,
)
from regions.clock import local
from regions.refusals import NoCalendar, Refused
from regions.rules.lengths import whole

DEFAULT = "系统设定"
NOT_YET = "还不能报请销号："
SHORTEST_REASON = 4
ACTS = {
    OpinionOf.SCHOOL: CaseRight.SCHOOL_OPINION,
    OpinionOf.TOWNSHIP: CaseRight.TOWNSHIP_OPINION,
    OpinionOf.BUREAU: CaseRight.APPROVE,
}
DISAGREES = {
    OpinionOf.SCHOOL: "暂不同意销号",
    OpinionOf.TOWNSHIP: "核实后不同意，退回学校",
    OpinionOf.BUREAU: "退回销号意见",
}
NEW_ROUND = [EventKind.RELAPSED, EventKind.REOPENED]
Found = ObservedCase | NoCalendar | None


@dataclass(frozen=True, slots=True)
class ClosingCondition:
    """One of the five conditions of closing: whether it is met, and the date or count beside it."""

    key: str
    label: str
    met: bool
    said: str = ""
    note: str = ""


def closing_conditions(case: Case, on: date, found: Found = None) -> list[ClosingCondition]:
    """The five conditions of closing as they stand; `found` where the watch was looked at already."""
    found = found or observe_case(case, on)
    spoken, file = words_of(case), _evidence(case)
    laid_on = day_said(local(file.added_at).date(), on) if file else ""
    return [
        ClosingCondition("evidence", "返校证明与到校照片", bool(file), laid_on),
        _word(OpinionOf.SCHOOL, spoken, on),
        _watched(case, found),
        _word(OpinionOf.TOWNSHIP, spoken, on),
        _word(OpinionOf.BUREAU, spoken, on),
    ]


def _word(
    opinion_of: OpinionOf, spoken: dict[OpinionOf, ClosingOpinion], on: date
) -> ClosingCondition:
    word = spoken.get(opinion_of)
    said = f"{word.by.name} · {day_said(word.on, on)}" if word else ""
    note = word.note if word else ""
    return ClosingCondition(opinion_of, opinion_of.label, word is not None, said, note)


def _watched(case: Case, found: Found) -> ClosingCondition:
    if not isinstance(found, ObservedCase):
        return ClosingCondition("observation", "返校观察", False, str(found or ""))
    seen = found.observation
    label = f"观察期 {seen.rule.days} 个教学日到校率 ≥ {seen.rule.percent} %，没有未处理的预警"
    met = bool(seen.ready_on) and not seen.relapse and not _alerted(case)
    return ClosingCondition("observation", label, met, f"{seen.number} / {seen.rule.days}")


def _evidence(case: Case) -> Attachment | None:
    """The first file laid beside the case since this round began."""
    files = Attachment.objects.filter(kind=EVIDENCE, uid=case.uid).order_by("pk")
    began = case.events.filter(kind__in=NEW_ROUND).order_by("-pk").first()
    return files.filter(added_at__gte=began.entered_at).first() if began else files.first()


def _alerted(case: Case) -> bool:
    return AbsenceAlert.objects.filter(student_id=case.student_id, state=AlertState.OPEN).exists()


def why_not_close(case: Case, on: date, found: Found = None) -> str | None:
    """One sentence that says why 销号 may not be asked for yet; None when the words may be given.

    The words themselves are not asked about here: they are what asking is.
    """
    if case.state != CaseState.OBSERVING:
        return _not_in_watch(case)
    found = found or observe_case(case, on)
    if not isinstance(found, ObservedCase):
        return f"{NOT_YET}{found}"
    lacking = _lacking(found.observation)
    if lacking is None and _alerted(case):
        lacking = "有一条未到校预警还没有处理。"
    if lacking is None and _evidence(case) is None:
        lacking = "没有返校证明或到校照片。"
    return f"{NOT_YET}{lacking}" if lacking else None


def _not_in_watch(case: Case) -> str:
    said = {
        CaseState.VERIFYING: f"{NOT_YET}学生还没有返校。",
        CaseState.PERSUADING: f"{NOT_YET}学生还没有返校。",
        CaseState.RETURNED: f"{NOT_YET}返校后还没有落实安置。",
    }
    return said.get(CaseState(case.state), f"这份档案{case.state_label}，不用再报请销号。")


def _lacking(seen: Observation) -> str | None:
    days, percent = seen.rule.days, seen.rule.percent
    if seen.relapse:
        return f"返校后又有 {len(seen.relapse)} 个教学日无正当理由未到，按再次辍学办理。"
    if seen.ready_on:
        return None
    if not seen.number:
        return f"返校后还没有考勤，观察期共 {days} 个教学日。"
    if seen.number < days:
        return f"观察期第 {seen.number} 天，共 {days} 个教学日。"
    return f"最近 {days} 个教学日到校 {seen.seen} 天，不到 {percent} %。"


def speak(
    uid: str, opinion_of: OpinionOf, *, agrees: bool, file: UploadedFile | None = None, **told: Any
) -> object:
    """The opinion as a form brings it: agreed with, or sent back with the reason."""
    if agrees:
        return give_opinion(uid, opinion_of, file=file, **told)
    return disagree(uid, opinion_of, **told)


@transaction.atomic
def give_opinion(
    uid: str,
    opinion_of: OpinionOf,
    *,
    by: User,
    on: date,
    version: int,
    note: str = "",
    file: UploadedFile | None = None,
) -> ClosingOpinion:
    """The school says the child is back and stays; then the township says it has checked.

    The school may speak during the watch, with a photo or certificate on file. The township speaks
    after the school, when the watch is over: its word asks the bureau to close.
    """
    case = fetch(uid, ACTS[opinion_of], by=by, version=version)
    if opinion_of is OpinionOf.BUREAU:
        raise Refused("县教育体育局的意见就是审批，请用“批准销号”。")
    _refuse_day(case, on)
    if file:
        attach(file, kind=EVIDENCE, uid=case.uid, path=case.county_path, by=by)
    spoken = words_of(case)
    if opinion_of in spoken:
        raise Refused(f"{opinion_of.label}已经签署（{day_said(spoken[opinion_of].on, on)}）。")
    _refuse_same_hand(spoken, by, on)
    if opinion_of is OpinionOf.SCHOOL:
        _refuse_school(case)
    else:
        _refuse_unless_asked(case, on, spoken, OpinionOf.SCHOOL)
    word = _speak(case, opinion_of, by=by, on=on, note=note)
    if case.events.filter(kind=EventKind.READY, round=case.round).exists():
        ask_next_word(case, on)
    return word


def _refuse_day(case: Case, on: date) -> None:
    if case.returned_on and on < case.returned_on:
        raise Refused(f"签署日期早于返校日期（{day_said(case.returned_on, on)}），请核对。")


def _refuse_school(case: Case) -> None:
    if case.state != CaseState.OBSERVING:
        raise Refused(_not_in_watch(case))
    if _evidence(case) is None:
        raise Refused("请先附上返校证明或到校照片，再签署学校意见。")


def _refuse_unless_asked(
    case: Case, on: date, spoken: dict[OpinionOf, ClosingOpinion], *wanted: OpinionOf
) -> None:
    """Refuse until the watch is over and these words stand; say READY where no job has said it."""
    found = observe_case(case, on)
    if refusal := why_not_close(case, on, found):
        raise Refused(refusal)
    for opinion_of in wanted:
        if opinion_of not in spoken:
            raise Refused(f"{NOT_YET}缺{opinion_of.label}。")
    said = case.events.filter(kind=EventKind.READY, round=case.round).exists()
    if isinstance(found, ObservedCase) and not said:
        say_ready(case, found)


def _refuse_same_hand(spoken: dict[OpinionOf, ClosingOpinion], by: User, on: date) -> None:
    """Three hands see the child back: nobody gives two of the three words, nor has another's in hand."""
    own = next((one for one, word in spoken.items() if word.by_id == by.pk), None)
    if own:
        raise Refused(f"你已经签过{OpinionOf(own).label}，这一项要由另一个人签署。")
    for word in spoken.values():
        if refusal := why_dependent(by, word.by, on):
            raise Refused(refusal)


def _speak(case: Case, opinion_of: OpinionOf, *, by: User, on: date, note: str) -> ClosingOpinion:
    word = ClosingOpinion.objects.create(
        case=case,
        round=case.round,
        opinion_of=opinion_of,
        on=on,
        by=by,
        note=whole(note.strip(), 200, "意见"),
    )
    meet(case, WORD_DUTIES[opinion_of][0], on=on)
    history.write(
        case,
        EventKind.OPINION,
        by=by,
        happened=FuzzyDate.on(on),
        policy=DEFAULT,
        note=f"同意销号。{note.strip()}",
        details={"opinion_of": opinion_of, "agrees": True},
        seat=_seat(case, opinion_of, by),
    )
    return word


def _seat(case: Case, opinion_of: OpinionOf, by: User) -> Held | None:
    return next((held for held in acting(by, case) if held.role in MAY[ACTS[opinion_of]]), None)


@transaction.atomic
def approve(uid: str, *, by: User, on: date, version: int, note: str = "") -> CaseEvent:
    """The bureau closes the case: evidence, watch, both words and no alert, or a refusal."""
    case = fetch(uid, CaseRight.APPROVE, by=by, version=version)
    _refuse_day(case, on)
    spoken = words_of(case)
    _refuse_same_hand(spoken, by, on)
    _refuse_unless_asked(case, on, spoken, OpinionOf.SCHOOL, OpinionOf.TOWNSHIP)
    latest = max(spoken[OpinionOf.SCHOOL].on, spoken[OpinionOf.TOWNSHIP].on)
    if on < latest:
        raise Refused(f"审批日期早于乡镇、学校签署意见的日期（{day_said(latest, on)}），请核对。")
    _speak(case, OpinionOf.BUREAU, by=by, on=on, note=note)
    case.state, case.closed_on = CaseState.CLOSED, on
    case.save(update_fields=["state", "closed_on"])
    release(case, on)
    return history.write(
        case,
        EventKind.CLOSED,
        by=by,
        happened=FuzzyDate.on(on),
        note=note.strip(),
        details={"step": case.step},
        policy=DEFAULT,
        seat=_seat(case, OpinionOf.BUREAU, by),
    )


@transaction.atomic
def disagree(
    uid: str, opinion_of: OpinionOf, *, by: User, on: date, version: int, note: str
) -> CaseEvent:
    """School, township or bureau does not agree: what was signed is withdrawn with the reason, and
    the school speaks again."""
    case = fetch(uid, ACTS[opinion_of], by=by, version=version)
    _refuse_day(case, on)
    if len(note.strip()) < SHORTEST_REASON:
        raise Refused(f"请写明{DISAGREES[opinion_of]}的原因，例如“缺到校照片”。")
    standing = ClosingOpinion.objects.filter(case=case, round=case.round, withdrawn_on=None)
    if case.state != CaseState.OBSERVING:
        raise Refused(_not_in_watch(case))
    if opinion_of is not OpinionOf.SCHOOL and not standing.exists():
        raise Refused("没有可以退回的销号意见。")
    standing.update(withdrawn_on=on)
    drop(
        case,
        DeadlineKind.SCHOOL_OPINION,
        DeadlineKind.TOWNSHIP_OPINION,
        DeadlineKind.APPROVE,
        on=on,
    )
    if case.events.filter(kind=EventKind.READY, round=case.round).exists():
        ask_next_word(case, on)
    return history.write(
        case,
        EventKind.OPINION,
        by=by,
        happened=FuzzyDate.on(on),
        policy=DEFAULT,
        note=f"{DISAGREES[opinion_of]}：{note.strip()}",
        details={"opinion_of": opinion_of, "agrees": False},
        seat=_seat(case, opinion_of, by),
    )


def sent_back(case: Case) -> str:
    """Why the last word of this round was a no; "" where it was none, or a yes came after it."""
    last = case.events.filter(kind=EventKind.OPINION, round=case.round).last()
    return last.note if last and last.details.get("agrees") is False else ""
