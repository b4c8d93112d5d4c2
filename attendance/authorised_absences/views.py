"""The pages of explained days: the lists, one request with what it would change, and its buttons."""

from dataclasses import replace
from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import access
from accounts.enums import SCHOOL_ROLES, Access, Role
from accounts.gate import open_to
from accounts.inline import show_file
from accounts.requests import Request
from accounts.saving import sentence_of
from accounts.seats.waiting import numbered
from attendance.authorised_absences.acts import ACTS, forms_for, is_open_to
from attendance.authorised_absences.batches import Together, grant_together
from attendance.authorised_absences.deciders import Decider, decider_of
from attendance.authorised_absences.lists import (
    READERS,
    TABS,
    absence_page,
    class_labels,
    in_reach,
    reads_proof,
)
from attendance.authorised_absences.opened import note_opening
from attendance.authorised_absences.outlook import outlook_of
from attendance.authorised_absences.pending import pending_of
from attendance.authorised_absences.requests import proof_files
from attendance.authorised_absences.weighing import TOGETHER, has_lapsed, span_of
from attendance.records import AbsenceAssessment, assess
from attendance.rights import REFUSALS, RegisterRight
from attendance.rules.absence_kinds import KINDS, weekdays_in_words
from attendance.rules.second_word import (
    TOGETHER_ALONE,
    WEEKDAYS_ALONE,
    AbsenceRequest,
    why_refused,
)
from attendance.rules.streaks import unseen
from attendance.strips import StripDay, sentence, strip_of
from regions.clock import today
from regions.days import PlaceRules, place_rules_of
from regions.paths import county_of
from regions.refusals import Refused
from students.enums import AWAY, AbsenceState
from students.models import AuthorisedAbsence

DECIDERS = SCHOOL_ROLES | {Role.BUREAU}


@open_to(*READERS)
def absences(request: Request) -> HttpResponse:
    """What waits for this person, and who is out with or without papers."""
    tab = request.GET.get("tab", "waiting")
    if tab not in TABS:
        raise Http404
    return _list(request, tab)


def _list(
    request: Request, tab: str, together: Together | None = None, error: str = ""
) -> HttpResponse:
    paths = request.user.reach.paths(*READERS)
    request.place_rules = place_rules_of(county_of(paths[0]))
    page = absence_page(request.user, tab, today(), request.place_rules)
    access.log(
        Access.LIST, "absences", by=request.user, scope=f"请假与休学：{TABS[tab]}", request=request
    )
    bureau = request.user.reach.holds(Role.BUREAU)
    tabs = {name: label for name, label in TABS.items() if bureau or name != "sample"}
    decides_last = request.user.reach.holds(Role.BUREAU, Role.CENTRAL)
    context = {"page": page, "tabs": tabs, "together": together, "error": error,
               "decides_last": decides_last}  # fmt: skip
    status = 409 if error or (together and not together.granted) else 200
    return render(request, "attendance/absences.html", context, status=status)


@open_to(*DECIDERS)
@require_POST
def absences_grant(request: Request) -> HttpResponse:
    """Grant together what this person has opened and ticked; says how many, and which not."""
    try:
        done = grant_together(
            numbered(request.POST.getlist("absences")), by=request.user, on=today()
        )
    except Refused as refusal:
        return _list(request, "waiting", error=str(refusal))
    if done.refusals:
        return _list(request, "waiting", done)
    on = f"，其中 {done.passed_on} 份报上一级批准" if done.passed_on else ""
    messages.success(request, f"已办 {done.granted} 份{on}，考勤和预警已重算。")
    return redirect("attendance:absences")


@open_to(*READERS)
def absence(request: Request, absence_id: int) -> HttpResponse:
    """One request: its words and proof, what approving it would change, and what may be done."""
    found = get_object_or_404(in_reach(request.user), pk=absence_id)
    note_opening(found, request)
    return _show(request, found)


@open_to(*READERS)
def absence_file(request: Request, absence_id: int, file_id: int) -> FileResponse:
    """A file of proof, for whoever reads the request; one access row per look."""
    found = get_object_or_404(in_reach(request.user), pk=absence_id)
    if not reads_proof(request.user, found):
        raise Http404
    file = get_object_or_404(proof_files(found), pk=file_id)
    return show_file(request, file, uid=found.student.uid, scope="请假证明")


@open_to(*DECIDERS)
@require_POST
def absence_act(request: Request, absence_id: int, name: str) -> HttpResponse:
    """Press a button of a request."""
    found = get_object_or_404(in_reach(request.user), pk=absence_id)
    if name not in ACTS:
        raise Http404
    act = ACTS[name]
    decider = decider_of(found, today())
    if not is_open_to(request.user, found, act, decider):
        raise PermissionDenied(
            decider.refusal if act.right is RegisterRight.SECOND else REFUSALS[act.right]
        )
    form = act.form(request.POST, request.FILES, prefix=name, auto_id=f"id_{name}_%s")
    if form.is_valid():
        try:
            done = act.verb(found.pk, by=request.user, on=today(), **form.cleaned_data)
            messages.success(request, _said(act.said, done, decider))
            return redirect("attendance:absence", absence_id)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
    found.refresh_from_db()
    return _show(request, found, {name: form})


def _said(said: str, done: AuthorisedAbsence, decider: Decider) -> str:
    """What was done; where the school's word was not enough, why it went on."""
    if done.state == AbsenceState.PASSED:
        return f"{said}，报{decider.name}批准：{done.why_second}。"
    return f"{said}。"


def _show(
    request: Request, found: AuthorisedAbsence, filled: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """The page of a request; `filled`: forms that were not taken, with what was typed."""
    day = today()
    request.place_rules = rules = place_rules_of(county_of(found.path))
    waits = found.state in (AbsenceState.ASKED, AbsenceState.PASSED)
    outlook = outlook_of(found, on=day, place_rules=rules) if waits else None
    decider = decider_of(found, day, rules)
    offered = forms_for(request.user, found, decider) | (filled or {})
    names = sorted(offered, key=lambda name: not found.proof and name != "send-back")
    context = {
        "absence": found,
        "student": found.student,
        "today": day,
        "decider": decider,
        "has_lapsed": found.state == AbsenceState.APPROVED and has_lapsed(found, day),
        "where": class_labels([found], day).get(found.path, ""),
        "weekdays": weekdays_in_words(found.weekdays),
        "pending": next(iter(pending_of([found], day, rules)), None)
        if found.state == AbsenceState.PASSED
        else None,
        "reads_proof": reads_proof(request.user, found),
        "files": list(proof_files(found)) if reads_proof(request.user, found) else [],
        "acts": [(name, ACTS[name], offered[name]) for name in names],
        "outlook": outlook,
        "checks": _checks(found, outlook.asked) if outlook else [],
        **(_strips(found, day, rules) if waits else {}),
    }
    status = 409 if filled else 200
    return render(request, "attendance/absence.html", context, status=status)


def _checks(found: AuthorisedAbsence, asked: AbsenceRequest) -> list[tuple[bool, str]]:
    """审核要点: what the rule looks at, each right or not."""
    rule = KINDS[asked.kind]
    unit = rule.unit.label
    checks = [
        (asked.days <= rule.longest, f"{asked.days} {unit}，一次最长 {_limit(rule.longest, unit)}"),
        (
            not why_refused(asked),
            f"连同前后相隔不到 3 个到校日的，共 {asked.chained} {unit}，最长 {_limit(rule.chain, unit)}",
        ),
        (asked.proof or not asked.proof_is_due, _of_proof(asked)),
        (not asked.explains_marks, _of_marks(asked)),
    ]
    if found.kind in TOGETHER and asked.together > (asked.school_days or 0):
        together = f"连同前后各种请假，共 {asked.together} 个教学日，学校可准 {TOGETHER_ALONE} 天"
        checks.append((asked.together <= TOGETHER_ALONE, together))
    if found.weekdays:
        often = f"每周 {asked.in_week} 天，学校可准每周 {WEEKDAYS_ALONE} 天"
        checks.append((asked.in_week <= WEEKDAYS_ALONE, often))
    return checks


def _of_marks(asked: AbsenceRequest) -> str:
    around = f"，前后补假还有 {asked.marked_before} 天" if asked.marked_before else ""
    return f"已登记未到 {asked.marked} 天{around}" + "，有预警" * asked.alert


def _limit(number: int, unit: str) -> str:
    return f"{number} {unit}" if number < 2000 else "不限"


def _of_proof(asked: AbsenceRequest) -> str:
    if asked.proof:
        return "有证明材料"
    return f"没有证明材料（要：{KINDS[asked.kind].proof}）" if asked.proof_is_due else "不要求证明"


def _strips(
    found: AuthorisedAbsence, day: date, rules: PlaceRules
) -> dict[str, list[StripDay] | str]:
    """The child's last days as they stand, and as they would with this request approved."""
    now = assess([found.student_id], day, rules).get(found.student_id)
    if not isinstance(now, AbsenceAssessment) or not now.days:
        return {}
    then = _approved(now, found)
    return {
        "before": strip_of(now, rules.calendar),
        "after": strip_of(then, rules.calendar),
        "sentence": sentence(now) if now.run.unexplained else "",
        "left": str(len(then.run.unexplained)),
    }


def _approved(now: AbsenceAssessment, found: AuthorisedAbsence) -> AbsenceAssessment:
    """The same days with the request approved: what the rule would then say."""
    span, away = span_of(found), found.kind in AWAY
    facts = {
        day: replace(known, away=known.away or away, leave=known.leave if away else APPROVED)
        if day in span
        else known
        for day, known in now.facts.items()
    }
    run = unseen(now.days, facts, now.teacher_days)
    return replace(now, facts=facts, run=run)


APPROVED = AbsenceState.APPROVED
