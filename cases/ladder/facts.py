"""The rows of a case, read into the facts that the ladder asks for."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch

from cases import legal_basis
from cases.enums.records import DeadlineKind, PaperKind, PaperState
from cases.enums.states import AccessKind, CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.law.conditions import CaseFacts, Decision, Enforceable, FineBasis, Served
from cases.law.periods import ORDER_DAYS, court_window
from cases.law.service_periods import clocks
from cases.law.steps import ORDERERS
from cases.law.workdays import national
from cases.legal_basis import body_name
from cases.models import Case, CaseEvent, Contact, Deadline, Paper, Service
from regions.days import policies_of
from regions.models import LegalBasis
from regions.paths import ancestors
from regions.refusals import NoCalendar
from students.enums import FindingKind, GuardianKind

CHINA = "CHN"
DECIDES = {Enforceable.PENALTY: PaperKind.PENALTY, Enforceable.ORDER: PaperKind.ORDER}


def facts_of(case: Case, on: date) -> CaseFacts:
    """What is on file in the present round of a case; `on` chooses the county's setting."""
    events = _events(case)
    papers = _papers(case, _since(case))
    accepted = enforceable(case.county_path, on)
    return CaseFacts(
        state=CaseState(case.state),
        step=Step(case.step),
        chinese=case.student.nationality == CHINA,
        entered={Step(one.step): one.happened for one in events if one.kind == EventKind.STEP},
        left_out=frozenset(
            Step(step)
            for step in case.skips.filter(round=case.round, granted=True).values_list(
                "step", flat=True
            )
        ),
        contacts=_contacts(case, events),
        criticisms=tuple(
            one.happened
            for one in events
            if one.kind == EventKind.CRITICISM and one.role in ORDERERS
        ),
        orders=tuple(_served(papers, PaperKind.ORDER, DeadlineKind.ORDER)),
        decision=_decision(papers, DECIDES[accepted]),
        demands=tuple(_served(papers, PaperKind.DEMAND, DeadlineKind.DEMAND)),
        opinions=tuple(paper.issued for paper in papers if paper.kind == PaperKind.LEGAL_OPINION),
        bases=fine_bases(owner_path(case)),
        enforceable=accepted,
    )


def owner_path(case: Case) -> str:
    """The township that answers for the case; the county until one is named."""
    owner = case.access_rows.filter(kind=AccessKind.OWNER, until=None).first()
    return owner.path if owner else case.county_path


def enforceable(county_path: str, on: date) -> Enforceable:
    """The decision the county's court accepts: the policy row in force, else a penalty."""
    return Enforceable(policies_of(county_path).setting("enforceable", county_path, on).readable)


def fine_bases(path: str) -> tuple[FineBasis, ...]:
    """Clauses of this place, or of one above it, that allow a fine, with whom they let impose it."""
    rows = LegalBasis.objects.filter(allows_fine=True, region__path__in=ancestors(path))
    names = {role: body_name(role, path) for role in ORDERERS} if rows else {}
    return tuple(
        FineBasis(
            said=legal_basis.cited(row),
            competent=row.competent,
            since=row.valid_from,
            until=row.valid_to,
            bodies=frozenset(r for r, name in names.items() if legal_basis.lets(row, r, name)),
        )
        for row in rows
    )


def _events(case: Case) -> list[CaseEvent]:
    """What was done in this round, since the child was last back or lawfully away.

    A visit of last year entered today is no evidence for the new absence.
    """
    kinds = [EventKind.STEP, EventKind.CRITICISM, EventKind.CONTACT]
    since = _since(case)
    return [
        one
        for one in case.events.filter(round=case.round, kind__in=list(kinds))
        if since is None or one.happened_to is None or one.happened_to >= since
    ]


def _since(case: Case) -> date | None:
    """From when on acts speak of this absence: since the child left, or was last back or lawfully
    away. None where nobody knows."""
    if not case.round:
        return case.left_from
    back = case.events.filter(
        kind__in=[EventKind.RETURNED, EventKind.EXITED], round__lt=case.round
    ).last()
    return back.happened_to if back else None


def _contacts(case: Case, events: Iterable[CaseEvent]) -> tuple[FuzzyDate, ...]:
    """Contacts of this round; in the first, those of the alert the case came from too."""
    told = [one.happened for one in events if one.kind == EventKind.CONTACT]
    finding = case.finding
    if case.round or finding is None or finding.kind != FindingKind.ALERT:
        return tuple(told)
    of_alert = Contact.objects.filter(case=None, alert__finding=finding)
    days = of_alert.order_by("on", "pk").values_list("on", flat=True)
    return (*(FuzzyDate.on(day) for day in days), *told)


def _papers(case: Case, since: date | None) -> list[Paper]:
    """Papers of this round that stand, and are not older than the absence. One addressed to an
    entrusted carer binds nobody."""
    services = Service.objects.order_by("pk")
    standing = Deadline.objects.filter(dropped_on=None)
    papers = case.papers.filter(round=case.round, state=PaperState.ISSUED)
    if since:
        papers = papers.exclude(issued_to__lt=since)
    return list(
        papers.exclude(addressee__kind=GuardianKind.CARER).prefetch_related(
            Prefetch("services", services), Prefetch("deadlines", standing)
        )
    )


def _served(papers: Iterable[Paper], kind: PaperKind, period: DeadlineKind) -> Iterable[Served]:
    for paper in papers:
        if paper.kind == kind and paper.services.all():
            yield Served(_service_day(paper), _due(paper, period))


def _service_day(paper: Paper) -> FuzzyDate:
    """The day service took effect: thirty days on for a public notice, the first of several."""
    days = [one.effective_on for one in paper.services.all() if one.effective_on]
    return FuzzyDate.on(min(days)) if days else paper.services.all()[0].served


def _due(paper: Paper, kind: DeadlineKind) -> date | None:
    """When a period of the paper ends: as stored, else the first day it may, counted from the
    earliest day of service; None where nothing says when that was."""
    stored = next((one.due_on for one in paper.deadlines.all() if one.kind == kind), None)
    return stored or _first_end(paper, kind)


def _first_end(paper: Paper, kind: DeadlineKind) -> date | None:
    service = next(iter(paper.services.all()), None)
    start = (service.effective_on or service.served_from or paper.issued_from) if service else None
    if start is None:
        return None
    started = clocks(
        PaperKind(paper.kind),
        start,
        days=paper.days or ORDER_DAYS[0],
        told=paper.text.get("remedies_told", True),
        work=national(),
    )
    return next((one.due_on for one in started if one.kind is kind), None)


def _decision(papers: Iterable[Paper], kind: PaperKind) -> Decision | None:
    """The latest decision of that kind that was served."""
    served = [paper for paper in papers if paper.kind == kind and paper.services.all()]
    if not served:
        return None
    paper = served[-1]
    suit = _due(paper, DeadlineKind.SUIT)
    appeals = [day for day in (_due(paper, DeadlineKind.REVIEW), suit) if day]
    until = _due(paper, DeadlineKind.COURT_WINDOW) or _window(suit)
    return Decision(_service_day(paper), max(appeals, default=None), until)


def _window(suit_until: date | None) -> date | None:
    """When the window of an order closes, which no deadline of its own says.

    In a year whose holidays nobody has decided it ends as it falls.
    """
    if suit_until is None:
        return None
    try:
        return court_window(suit_until, national().is_holiday).last
    except NoCalendar:
        return court_window(suit_until, lambda day: False).last
