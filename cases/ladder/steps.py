"""The four steps as they happen: persuasion, criticism, the next step, a step left out, the court."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.attachments import attach
from accounts.enums import Role
from accounts.models import User
from accounts.seats.independence import why_dependent
from cases import history
from cases.case_deadlines import (
    drop,
    due_by,
    in_touch,
    known_day,
    meet,
    reached,
    set_deadline,
)
from cases.enums.records import EVIDENCE, CourtAct, DeadlineKind
from cases.enums.states import OUT_OF_SCHOOL, EventKind, Step, step_title
from cases.fuzzy_dates import FuzzyDate
from cases.ladder.facts import facts_of
from cases.law.articles import (
    COURT_ARTICLES,
    CRITICISM_ARTICLE,
    PERSUASION_ARTICLE,
    PROMISE_ARTICLE,
)
from cases.law.conditions import CheckState, DateRange
from cases.law.steps import MAY_BE_LEFT_OUT, OWN_RULE, STEP_RULES, checks, why_not
from cases.models import Case, CaseEvent, Skip
from cases.permissions import MAY, CaseRight, acting, fetch
from regions.refusals import Refused

SHORTEST = 4
BRANCHES = (Step.ENFORCE, Step.SUE)
# Acts of one branch alone; the others belong to both.
ONLY_IN = {
    CourtAct.MEDIATION: Step.SUE,
    CourtAct.JUDGMENT: Step.SUE,
    CourtAct.RULING: Step.ENFORCE,
}


@transaction.atomic
def advance(
    uid: str,
    to: Step,
    *,
    by: User,
    on: date,
    happened: FuzzyDate,
    version: int,
    note: str = "",
) -> CaseEvent:
    """Enter the next step: who entered it, when it happened, on what article, and what was left out.

    An act of an unknown day is no later than `on`, the day of entry. A condition of time
    that nothing bounds is not judged, and the event says so.
    """
    case = fetch(uid, CaseRight.ADVANCE, by=by, version=version)
    day = known_day(happened, on)
    span = DateRange(day.earliest, day.latest or on)
    facts = facts_of(case, day.latest or on)
    seats = [held for held in acting(by, case) if held.role in MAY[CaseRight.ADVANCE]]
    if refusal := why_not(facts, to, {held.role for held in seats}, span):
        raise Refused(refusal)
    seat = next(held for held in seats if held.role in STEP_RULES[to].by)
    details: dict[str, Any] = {"from": case.step}
    if happened.latest is None or any(
        one.state is CheckState.UNDATED for one in checks(facts, to, span)
    ):
        details["undated"] = True
    skipped = [step for step in STEP_RULES[to].after if step in facts.left_out]
    if skipped:
        details["left_out"] = skipped
    in_touch(case, by=by, happened=happened, on=on, seat=seat)
    case.step, case.step_on = to.value, day.latest or on
    case.save(update_fields=["step", "step_on"])
    _settle(case, to, Role(seat.role), on)
    return history.write(
        case,
        EventKind.STEP,
        by=by,
        happened=happened,
        note=note,
        step=to,
        details=details,
        policy=STEP_RULES[to].article(seat.role),
        seat=seat,
    )


def _settle(case: Case, to: Step, role: Role, on: date) -> None:
    """What the new step asks, and what it answers: an order is to be made; the orders that lapsed,
    the window it was entered through."""
    if to is Step.ORDER:
        due_on, article = due_by(case, "issue_days", on)
        set_deadline(
            case, DeadlineKind.ISSUE, starts_on=on, due_on=due_on, who=role, article=article
        )
        return
    drop(case, DeadlineKind.ISSUE, on=on)
    lapsed = case.deadlines.standing().filter(kind=DeadlineKind.ORDER, due_on__lt=on)
    lapsed.update(met_on=on)
    if to is Step.ENFORCE:
        meet(case, DeadlineKind.COURT_WINDOW, on=on)


@transaction.atomic
def record_persuasion(
    uid: str, *, by: User, on: date, happened: FuzzyDate, version: int, note: str
) -> CaseEvent:
    """宣传教育 of which no single day is known: visits brought along from paper, "多次上门"."""
    case = _out_of_school(fetch(uid, CaseRight.CONTACT, by=by, version=version))
    known_day(happened, on)
    _must_say(note, "请写明谁、怎样劝返。")
    in_touch(case, by=by, happened=happened, on=on)
    reached(case, happened)
    return history.write(
        case,
        EventKind.CONTACT,
        by=by,
        happened=happened,
        note=note,
        step=Step(case.step),
        policy=PERSUASION_ARTICLE,
    )


@transaction.atomic
def criticise(
    uid: str,
    *,
    by: User,
    on: date,
    happened: FuzzyDate,
    version: int,
    note: str,
    file: UploadedFile | None = None,
) -> CaseEvent:
    """批评教育 of the guardians by the body that may order (义务教育法 58)."""
    case = _out_of_school(fetch(uid, CaseRight.CRITICISE, by=by, version=version))
    known_day(happened, on)
    _must_say(note, "请写明批评教育的对象和内容。")
    seat = next(held for held in acting(by, case) if held.role in MAY[CaseRight.CRITICISE])
    laid = None
    if file:
        laid = attach(file, kind=EVIDENCE, uid=case.uid, path=case.county_path, by=by)
    reached(case, happened)
    return history.write(
        case,
        EventKind.CRITICISM,
        by=by,
        happened=happened,
        note=note,
        step=Step(case.step),
        file=laid,
        policy=CRITICISM_ARTICLE,
        seat=seat,
    )


def _out_of_school(case: Case) -> Case:
    if case.state not in OUT_OF_SCHOOL:
        raise Refused("学生已返校或个案已办结，这一项不再登记。")
    return case


def _must_say(said: str, refusal: str) -> None:
    if len(said.strip()) < SHORTEST:
        raise Refused(f"{refusal}至少 {SHORTEST} 个字。")


@transaction.atomic
def ask_skip(uid: str, step: Step, *, by: User, on: date, version: int, reason: str) -> Skip:
    """Ask the county office to leave a step out, with a reason in writing."""
    case = _out_of_school(fetch(uid, CaseRight.ASK_SKIP, by=by, version=version))
    if step not in MAY_BE_LEFT_OUT:
        raise Refused(f"{step_title(step)}不能跳过；能跳过的是第二步和第三步（{OWN_RULE}）。")
    _must_say(reason, "请写明跳过的理由。")
    facts = facts_of(case, on)
    if step in facts.entered or case.step == step:
        raise Refused(f"{step_title(step)}已经办过，不用跳过。")
    if case.skips.filter(round=case.round, step=step).exclude(granted=False).exists():
        raise Refused(f"跳过{step_title(step)}已经申请过。")
    skip = Skip.objects.create(
        case=case,
        round=case.round,
        step=step,
        reason=reason.strip(),
        asked_by=by,
        asked_on=on,
    )
    due_on, article = due_by(case, "approve_days", on)
    set_deadline(
        case,
        DeadlineKind.DECIDE_SKIP,
        starts_on=on,
        due_on=due_on,
        who=Role.COUNTY_OFFICE,
        article=article,
    )
    _write_skip(case, EventKind.SKIP_ASKED, skip, by=by, on=on, note=skip.reason)
    return skip


@transaction.atomic
def decide_skip(
    uid: str, step: Step, *, by: User, on: date, version: int, granted: bool, opinion: str
) -> Skip:
    """The county office grants or refuses a request to leave a step out."""
    case = _out_of_school(fetch(uid, CaseRight.DECIDE_SKIP, by=by, version=version))
    skip = case.skips.filter(round=case.round, step=step, granted=None).first()
    if skip is None:
        raise Refused(f"没有等待审批的申请：跳过{step_title(step)}。")
    if skip.asked_by_id == by.pk:
        raise Refused("申请跳过一步和审批不能是同一个人。")
    if skip.asked_by and (refusal := why_dependent(by, skip.asked_by, on)):
        raise Refused(refusal)
    if not granted:
        _must_say(opinion, "不准跳过，请写明理由。")
    skip.granted, skip.decided_by, skip.decided_on = granted, by, on
    skip.opinion = opinion.strip()
    skip.save(update_fields=["granted", "decided_by", "decided_on", "opinion"])
    if not case.skips.filter(round=case.round, granted=None).exists():
        meet(case, DeadlineKind.DECIDE_SKIP, on=on)
    kind = EventKind.SKIP_GRANTED if granted else EventKind.SKIP_REFUSED
    _write_skip(case, kind, skip, by=by, on=on, note=skip.opinion)
    return skip


def _write_skip(
    case: Case, kind: EventKind, skip: Skip, *, by: User, on: date, note: str
) -> CaseEvent:
    return history.write(
        case,
        kind,
        by=by,
        happened=FuzzyDate.on(on),
        note=note,
        step=Step(skip.step),
        details={"skip": skip.pk},
        policy=OWN_RULE,
    )


@transaction.atomic
def record_court(
    uid: str,
    act: CourtAct,
    *,
    by: User,
    on: date,
    happened: FuzzyDate,
    version: int,
    note: str = "",
    details: dict[str, Any] | None = None,
    promised_on: date | None = None,
) -> CaseEvent:
    """What the court did. A return that was promised there becomes a due date of the township.

    `details` may hold court, number (the court's own), days, fine, households. An event may come
    after the child is back: the court closes in its own time.
    """
    case = fetch(uid, CaseRight.COURT, by=by, version=version)
    known_day(happened, on)
    branch = _branch(case)
    if branch is None:
        raise Refused(f"个案还没有进入第四步，不能登记“{act.label}”（{OWN_RULE}）。")
    if ONLY_IN.get(act, branch) is not branch:
        raise Refused(f"“{act.label}”不属于{step_title(branch)}（{COURT_ARTICLES[branch]}）。")
    told = {**(details or {}), "act": act}
    if promised_on:
        told["promised_on"] = promised_on.isoformat()
        _promise(case, promised_on, happened, on)
    seat = next(held for held in acting(by, case) if held.role in MAY[CaseRight.COURT])
    return history.write(
        case,
        EventKind.COURT,
        by=by,
        happened=happened,
        note=note,
        step=branch,
        details=told,
        policy=COURT_ARTICLES[branch],
        seat=seat,
    )


def _branch(case: Case) -> Step | None:
    """The branch of the fourth step that was entered last, in this round or before the child was
    back: what a court began it ends in its own time."""
    if case.step in BRANCHES:
        return Step(case.step)
    entered = case.events.filter(kind=EventKind.STEP, step__in=list(BRANCHES))
    last = entered.last()
    return Step(last.step) if last else None


def _promise(case: Case, promised_on: date, happened: FuzzyDate, on: date) -> None:
    """The day the child is to be back is a day somebody looks."""
    if case.state not in OUT_OF_SCHOOL:
        return
    set_deadline(
        case,
        DeadlineKind.PROMISE,
        starts_on=happened.latest or on,
        due_on=promised_on,
        who=Role.TOWNSHIP,
        article=PROMISE_ARTICLE,
    )
