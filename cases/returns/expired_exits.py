"""Exits that end: the child is seen again, the reason has run out, or another case has taken over.

Part of the nightly watch: who left by a lawful reason is never lost from sight.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from attendance.enums import DayState
from attendance.records import AbsenceAssessment, HistoryFile, assess, read_file
from attendance.rules.streaks import day_state
from cases import history
from cases.enums.records import DeadlineKind, ExitKind
from cases.enums.states import OPEN_STATES, CaseState, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.law.exits import EXITS
from cases.models import Case, Deadline
from cases.returns.exits import end_status, take_up_again
from regions.days import PlaceRules
from regions.models import Region
from regions.refusals import NoCalendar
from students.enums import AbsenceState
from students.models import AuthorisedAbsence, Student

ONE_DAY = timedelta(days=1)


def follow_exits(on: date, region: Region, place_rules: PlaceRules, latest: bool) -> None:
    """End exits whose child is back in class, and take cases up again where the reason ran out and
    the child stays away. Inside the caller's transaction; what stands is found again by every run.
    """
    exited = list(_standing(region, on))
    if not exited:
        return
    _end_refused(exited, on)
    back = _seen_again(exited, on, place_rules)
    for case in exited:
        if case.pk in back:
            _over(case, back[case.pk])
    if latest:
        _take_up(
            [one for one in exited if one.pk not in back and _ran_out(one, on)], on, place_rules
        )


def _standing(region: Region, on: date):
    """Exits of children on a roll that no later case has overtaken; their reminders go else."""
    later = Case.objects.filter(student=OuterRef("student_id"), pk__gt=OuterRef("pk"))
    exited = Case.objects.at(region.path).filter(state=CaseState.EXITED, closed_on__lte=on)
    overtaken = Deadline.objects.standing().filter(
        kind=DeadlineKind.EXIT_ENDS, case__in=exited.filter(Exists(later))
    )
    overtaken.update(dropped_on=on)
    lasting = exited.exclude(exit_until=None).exclude(Exists(later))
    return lasting.filter(student__enrolments__ended=None, student__enrolments__isnull=False)


def _end_refused(exited: list[Case], on: date) -> None:
    """休学 that the township approved and the bureau did not agree to: no reason from its first day."""
    refused = AuthorisedAbsence.objects.filter(
        student__in=[case.student_id for case in exited],
        by_township=True,
        state=AbsenceState.REFUSED,
    )
    told = set(refused.values_list("student_id", "first"))
    for case in exited:
        if (case.student_id, case.closed_on) in told and case.exit_until != case.closed_on:
            case.exit_until = case.closed_on
            case.save(update_fields=["exit_until"])
            history.write(
                case,
                EventKind.NOTED,
                by=None,
                happened=FuzzyDate.on(on),
                policy=EXITS[ExitKind(case.exit_kind)].cites,
                note=f"县教育体育局不同意{ExitKind(case.exit_kind).label}，事由不成立",
                sensitive=EXITS[ExitKind(case.exit_kind)].sensitive,
            )


def _seen_again(exited: list[Case], on: date, place_rules: PlaceRules) -> dict[int, date]:
    """By case, the first day after its exit on which a register shows the child."""
    since = min(case.closed_on for case in exited if case.closed_on)
    file = read_file({case.student_id for case in exited}, on, place_rules, since)
    found = {case.pk: _first_seen(file, case) for case in exited}
    return {pk: day for pk, day in found.items() if day}


def _first_seen(file: HistoryFile, case: Case) -> date | None:
    after, child = case.closed_on or file.on, file.children[case.student_id]
    try:
        days = [day for day in replace(file, since=after).days_of(child) if day > after]
    except NoCalendar:
        return None
    facts = file.facts_of(child, days)
    return next((day for day in days if day_state(facts[day]) is DayState.SEEN), None)


def _over(case: Case, back: date) -> None:
    """The child is in class again from `back` on: the reason ends the day before, once."""
    case = Case.objects.select_for_update(of=("self",)).select_related("student").get(pk=case.pk)
    if case.state != CaseState.EXITED:
        return
    kind = ExitKind(case.exit_kind)
    Deadline.objects.standing().filter(case=case, kind=DeadlineKind.EXIT_ENDS).update(met_on=back)
    if case.exit_until is None or case.exit_until < back:
        return
    case.exit_until = max(back - ONE_DAY, case.closed_on or back)
    case.save(update_fields=["exit_until"])
    end_status(case.student, EXITS[kind], back, by=None)
    history.write(
        case,
        EventKind.NOTED,
        by=None,
        happened=FuzzyDate.on(back),
        policy=EXITS[kind].cites,
        note=f"考勤显示到校，{ExitKind(kind).label}的事由结束",
        sensitive=EXITS[kind].sensitive,
        details={"exit_over": back.isoformat()},
    )


def _ran_out(case: Case, on: date) -> bool:
    return case.exit_until is not None and case.exit_until < on


def _take_up(cases: Iterable[Case], on: date, place_rules: PlaceRules) -> None:
    """再次劝返: as many unexplained school days after the last day of the reason as alert a child."""
    waiting = {case.student_id: case for case in cases}
    for pk, answer in assess(waiting, on, place_rules).items():
        case = waiting[pk]
        missed = _missed(answer, case)
        if not isinstance(answer, AbsenceAssessment) or len(missed) < answer.threshold.number:
            continue
        Student.objects.select_for_update(of=("self",)).get(pk=pk)
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        open_now = Case.objects.filter(student=pk, state__in=list(OPEN_STATES))
        if locked.state != CaseState.EXITED or open_now.exists():
            continue
        locked.student = case.student
        said = f"{ExitKind(case.exit_kind).label}到期后，{len(missed)} 个教学日无正当理由未到"
        take_up_again(locked, on, by=None, note=said)


def _missed(answer: AbsenceAssessment | NoCalendar, case: Case) -> list[date]:
    if not isinstance(answer, AbsenceAssessment) or case.exit_until is None:
        return []
    return [day for day in answer.run.unexplained if day > case.exit_until]
