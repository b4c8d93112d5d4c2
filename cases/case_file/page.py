"""The case page as values: who the child is, what happens next, the ladder, history, duties, proof."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.enums import CHILD_READERS, REFERRAL_ROLES, Role
from accounts.models import Attachment, User
from attendance.records import AbsenceAssessment, assess
from attendance.strips import StripDay, sentence, strip_of
from cases import due as dues
from cases import timeline
from cases.act import Button
from cases.case_file.head import facts_of_head, level_of, standing_of
from cases.case_file.proofs import Proof, proofs_of
from cases.day_words import day_said, happened_said
from cases.due import Due, Next, due_for, next_of
from cases.enums.records import (
    EVIDENCE,
    PaperKind,
)
from cases.enums.states import (
    OUT_OF_SCHOOL,
    STEP_NUMBERS,
    AccessKind,
    CaseState,
    EventKind,
    Step,
)
from cases.ladder.facts import facts_of
from cases.ladder.panel import StepColumn, columns_of
from cases.law.conditions import CaseFacts
from cases.models import Case, CaseAccess, CaseEvent, Contact, Deadline, Paper, Skip
from cases.papers.permissions import NEVER_SERVED
from cases.permissions import SEES_SENSITIVE, acting, acts_on, withheld_from
from cases.returns.panels import ClosingPanel, WatchPanel, panels
from cases.timeline import TimelineEntry
from cases.worklist.buttons import Offer, first_button, offers_of
from cases.worklist.rows import classes_of
from regions.days import PlaceRules
from regions.paths import covers
from regions.refusals import NoCalendar
from students.models import Guardian, Student

HEAD_BUTTONS = 2


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A deadline that stands, as the page says it."""

    due: Due
    label: str
    article: str
    who: str
    note: str


@dataclass
class CasePage:
    """All the page shows."""

    case: Case
    student: Student
    level: tuple[str, str]
    stands: str
    where: str
    facts: list[tuple[str, str, str]]
    guardians: list[Guardian]
    knows_child: bool
    is_reading: bool
    is_referral: bool
    next: Next
    next_more: str
    primary: Button | None
    buttons: list[Button]
    more: list[Button]
    columns: list[StepColumn]
    ladder_said: str
    strip: list[StripDay]
    strip_said: str
    no_calendar: str
    entries: list[TimelineEntry]
    topics: list[tuple[str, str, int]]
    topic: str
    withheld: int
    papers: list[dict[str, Any]]
    duties: list[DutyLine]
    proofs: list[Proof]
    files: list[Attachment]
    contacts: list[Contact]
    referrals: list[CaseAccess] = field(default_factory=list)
    relapses: int = 0
    previous: Case | None = None
    watch: WatchPanel | None = None
    closing: ClosingPanel | None = None

    @property
    def is_out(self) -> bool:
        return self.case.state in OUT_OF_SCHOOL

    @property
    def there(self) -> int:
        return sum(proof.there for proof in self.proofs)


def case_page(case: Case, by: User, on: date, place_rules: PlaceRules, topic: str = "") -> CasePage:
    """The page of one case for one reader, as of `on`."""
    student, rows = case.student, list(case.access_rows.order_by("pk"))
    standing = [row for row in rows if row.until is None]
    seats = acting(by, case, standing)
    roles = {held.role for held in seats}
    events, kept = history_of(case, by, standing)
    contacts = _contacts(case)
    files = files_of(case, kept)
    deadlines = list(case.deadlines.standing().select_related("paper"))
    papers = list(case.papers.prefetch_related("services").order_by("-pk"))
    coming = next_of(deadlines, standing, on, roles)
    words = list(case.closing_opinions.filter(round=case.round, withdrawn_on=None))
    skips = list(case.skips.filter(round=case.round))
    offered = offers_of(case, by, standing, deadlines, skips, words)
    primary = first_button(case, coming, offered) if case.is_open else None
    relapses = [one for one in events if one.kind == EventKind.RELAPSED]
    withheld = withheld_from(by, student, contacts)
    open_contacts = [one for one in contacts if one.pk not in withheld]
    entries = timeline.entries_of(
        case, events, open_contacts, files, on=on, alert_opens=by.reach.holds(*CHILD_READERS)
    )
    assessment, no_calendar = _assessed(student, on, place_rules)
    watch, closing = panels(case, by, standing, on, place_rules, assessment)
    if closing and closing.button:
        primary = closing.button
    buttons, more = _buttons(offered, primary)
    guardians = list(student.guardians.all())
    return CasePage(
        case=case,
        student=student,
        level=level_of(case, deadlines, on),
        stands=standing_of(case, on),
        where=classes_of([student.pk], on).get(student.pk, "不在册"),
        facts=facts_of_head(case, standing, bool(roles & SEES_SENSITIVE), on),
        guardians=guardians,
        knows_child=_knows(by, student),
        is_reading=not roles or roles <= REFERRAL_ROLES,
        is_referral=bool(roles & REFERRAL_ROLES) and roles <= REFERRAL_ROLES,
        next=coming,
        next_more=_after(case, coming),
        primary=primary,
        buttons=buttons,
        more=more,
        columns=columns_of(_ladder_facts(case, events, skips, on), _since(case, events, on), on),
        ladder_said=_ladder_said(case, relapses, on),
        strip=strip_of(assessment, place_rules.calendar) if assessment and assessment.days else [],
        strip_said=sentence(assessment) if assessment and assessment.run.unexplained else "",
        no_calendar=no_calendar,
        entries=[one for one in entries if not topic or one.topic == topic],
        topics=timeline.counted(entries),
        topic=topic,
        withheld=len(kept),
        papers=[_paper(paper, on) for paper in papers],
        duties=[_duty(one, standing, on) for one in deadlines],
        proofs=proofs_of(
            case,
            on,
            assessment=assessment,
            contacts=contacts,
            papers=papers,
            guardians=guardians,
            files=files,
            events=events,
        ),
        files=files,
        contacts=contacts,
        referrals=[row for row in standing if row.kind == AccessKind.REFERRAL],
        relapses=len(relapses),
        previous=case.previous,
        watch=watch,
        closing=closing,
    )


def history_of(
    case: Case, by: User, rows: list[CaseAccess] | None = None
) -> tuple[list[CaseEvent], list[CaseEvent]]:
    """The history this reader may see, and the sensitive part that is kept from them."""
    events = list(case.events.select_related("by"))
    if acts_on(by, case, rows):
        return events, []
    kept = [one for one in events if one.sensitive and one.by_id != by.pk]
    return [one for one in events if one not in kept], kept


def files_of(case: Case, kept: list[CaseEvent]) -> list[Attachment]:
    """The evidence of a case without what hangs on events kept from the reader."""
    hidden = {one.file_id for one in kept}
    laid = Attachment.objects.filter(kind=EVIDENCE, uid=case.uid).order_by("pk")
    return [file for file in laid if file.pk not in hidden]


def _contacts(case: Case) -> list[Contact]:
    """Contacts of the case, and those of the alert it came from; the youngest first."""
    of_alert = Q(alert__finding=case.finding_id) if case.finding_id else Q()
    return list(Contact.objects.filter(Q(case=case) | of_alert).select_related("by"))


def _assessed(
    student: Student, on: date, place_rules: PlaceRules
) -> tuple[AbsenceAssessment | None, str]:
    if not student.school_path:
        return None, ""
    answer = assess([student.pk], on, place_rules).get(student.pk)
    if isinstance(answer, NoCalendar):
        return None, str(answer)
    return answer, ""


def _knows(by: User, student: Student) -> bool:
    """May the reader open the child's own page? The same as `Student.visible_to`."""
    school = any(covers(path, student.school_path) for path in by.reach.school_paths)
    homes = (student.household_path, student.residence_path)
    return school or any(covers(path, home) for path in by.reach.home_paths for home in homes)


def _after(case: Case, coming: Next) -> str:
    """What follows from the next step, where two ways lie open."""
    if coming.kind in (dues.DeadlineKind.ORDER, dues.DeadlineKind.PROMISE):
        return "已返校，登记返校，进入安置；未返校，继续劝返，或办理下一步。"
    if coming.kind is dues.DeadlineKind.VERIFY:
        return "联系监护人，弄清去向和原因；未见到人也是一次联系，照实记。"
    return ""


def _buttons(offered: list[Offer], primary: Button | None) -> tuple[list[Button], list[Button]]:
    """Two white buttons beside the filled one; everything else in a list of its own."""
    rest = [button for _, button in offered if not primary or button.url != primary.url]
    return rest[:HEAD_BUTTONS], rest[HEAD_BUTTONS:]


def _ladder_facts(case: Case, events: list[CaseEvent], skips: list[Skip], on: date) -> CaseFacts:
    """All that is on file while the child is out; of one who is back, how far the ladder went."""
    if case.state in OUT_OF_SCHOOL:
        return facts_of(case, on)
    entered = [one for one in events if one.kind == EventKind.STEP and one.round == case.round]
    return CaseFacts(
        state=CaseState(case.state),
        step=Step(case.step),
        entered={Step(one.step): one.happened for one in entered if one.step},
        left_out=frozenset(Step(one.step) for one in skips if one.granted),
    )


def _since(case: Case, events: list[CaseEvent], on: date) -> dict[Step, str]:
    """When each step of this round was entered, and by which unit."""
    first = day_said(case.opened_on, on) if not case.round else ""
    found = {Step.PERSUADE: f"{first}起" if first else ""}
    for one in events:
        if one.kind == EventKind.STEP and one.round == case.round and one.step:
            found[Step(one.step)] = f"{happened_said(one.happened, on)}起 · {one.unit or '系统'}"
    return found


def _ladder_said(case: Case, relapses: list[CaseEvent], on: date) -> str:
    if relapses and case.state in OUT_OF_SCHOOL:
        last = happened_said(relapses[-1].happened, on)
        return f"再次辍学 {len(relapses)} 次，最近 {last}；从第一步重新办理"
    if case.state in (CaseState.RETURNED, CaseState.OBSERVING):
        number = STEP_NUMBERS[Step(case.step)]
        return f"返校时在第{number}步；再次辍学从第一步重新办理"
    return ""


def _paper(paper: Paper, on: date) -> dict[str, Any]:
    """A paper with its last service; what is void keeps its number in the list."""
    service = next(iter(reversed(list(paper.services.all()))), None)
    served = f"{happened_said(service.served, on)} {service.mode_label}" if service else ""
    kind = PaperKind(paper.kind)
    if service and service.effective_on and service.effective_on > on:
        served += f"，{day_said(service.effective_on, on)}视为送达"
    return {
        "paper": paper,
        "served": served,
        "issued": happened_said(paper.issued, on),
        "to_serve": kind not in NEVER_SERVED,
        "body": "" if kind is PaperKind.LEGAL_OPINION else paper.body,
    }


def _duty(one: Deadline, rows: list[CaseAccess], on: date) -> DutyLine:
    who = dues.name_of(Role(one.who), rows) if one.who else ""
    label = f"{one.label}（{one.paper.label}）" if one.paper else one.label
    return DutyLine(due_for(one, on), label, one.article, who, one.note)
