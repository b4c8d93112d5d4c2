"""经过: the history of a case as lines: when it happened, when it was entered, what, who."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse

from accounts.models import Attachment
from attendance.models import AbsenceAlert
from cases.day_words import happened_dense
from cases.enums.records import CourtAct
from cases.enums.states import (
    ContactWay,
    EventKind,
    OpinionOf,
    Step,
    step_title,
)
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case, CaseEvent, Contact
from regions.clock import at, local

DAY = timedelta(days=1)
CONTACTS = {EventKind.CONTACT}
PAPERS = {
    EventKind.ISSUED, EventKind.VOIDED, EventKind.SERVED, EventKind.LAPSED, EventKind.COURT,
}  # fmt: skip
TOPICS = {"contact": "联系", "paper": "文书", "state": "状态"}
ICONS = {
    EventKind.OPENED: "folder-plus", EventKind.SUSPECTED: "flag", EventKind.DROPOUT: "flag-fill",
    EventKind.VERIFIED: "search", EventKind.CONTACT: "house-door",
    EventKind.CRITICISM: "megaphone", EventKind.STEP: "arrow-right-circle",
    EventKind.SKIP_ASKED: "skip-forward", EventKind.SKIP_GRANTED: "skip-forward",
    EventKind.SKIP_REFUSED: "x-circle", EventKind.ISSUED: "file-earmark-text",
    EventKind.VOIDED: "slash-circle", EventKind.SERVED: "envelope-check",
    EventKind.LAPSED: "hourglass-bottom", EventKind.COURT: "bank", EventKind.LEFT: "geo-alt",
    EventKind.RETURNED: "box-arrow-in-left", EventKind.PLACED: "geo-alt",
    EventKind.READY: "check-circle", EventKind.OPINION: "pen", EventKind.CLOSED: "check2-square",
    EventKind.RELAPSED: "arrow-repeat", EventKind.EXITED: "door-open",
    EventKind.REOPENED: "arrow-repeat", EventKind.HANDED_OVER: "arrow-left-right",
    EventKind.REFERRED: "send", EventKind.REFERRAL_ENDED: "send-x",
    EventKind.PLANNED: "card-checklist", EventKind.RISEN: "arrow-up-circle",
    EventKind.NOTED: "chat-left-text",
}  # fmt: skip
WAY_ICONS = {
    ContactWay.VISIT: "house-door", ContactWay.CALL: "telephone",
    ContactWay.LETTER: "envelope", ContactWay.TALK: "chat-dots",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventLink:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line. `late` is by how many days it was entered later than the day it happened."""

    topic: str
    happened: str
    entered: datetime
    late: int
    icon: str
    bold: str
    text: str
    cites: str
    who: str
    unit: str
    links: tuple[EventLink, ...]
    order: tuple


def entries_of(
    case: Case,
    events: Iterable[CaseEvent],
    contacts: Iterable[Contact],
    files: Collection[Attachment],
    *,
    on: date,
    alert_opens: bool = False,
) -> list[TimelineEntry]:
    """Events, and the contacts that stand before the case; the youngest first.

    `alert_opens`: may the reader open the alert that the case came from?
    """
    laid = {file.pk: file for file in files}
    known = {one.pk: one for one in contacts}
    told, entries = set(), []
    for event in events:
        contact = known.get(event.contact_id or 0)
        if contact:
            told.add(contact.pk)
        entries.append(_of_event(case, event, contact, laid, alert_opens, on))
    entries += [_of_contact(one, on) for pk, one in known.items() if pk not in told]
    return sorted(entries, key=lambda entry: entry.order, reverse=True)


def _of_event(
    case: Case,
    event: CaseEvent,
    contact: Contact | None,
    laid: dict,
    alert_opens: bool,
    on: date,
) -> TimelineEntry:
    kind = EventKind(event.kind)
    topic = "contact" if kind in CONTACTS else "paper" if kind in PAPERS else "state"
    bold, text = _format_event(event, kind, contact)
    links = _file_links(case, event, laid)
    if alert_opens and kind is EventKind.OPENED and (alert := alert_of(case)):
        links = (EventLink("未到预警", reverse("cases:alert", args=[alert.pk])), *links)
    return TimelineEntry(
        topic=topic,
        happened=happened_dense(event.happened, on),
        entered=event.entered_at,
        late=_late(event.happened, event.entered_at),
        icon=WAY_ICONS[ContactWay(contact.way)] if contact else ICONS[kind],
        bold=bold,
        text=text,
        cites=event.policy,
        who=event.by.name if event.by else "系统",
        unit=event.unit,
        links=links,
        order=(event.happened_to or event.entered_at.date(), event.entered_at, event.pk),
    )


def _format_event(event: CaseEvent, kind: EventKind, contact: Contact | None) -> tuple[str, str]:
    if contact:
        return _contact_said(contact)
    if kind is EventKind.STEP and event.step:
        return f"进入{step_title(Step(event.step))}", event.note
    if kind is EventKind.COURT and event.details.get("act") in set(CourtAct):
        return f"法院：{CourtAct(event.details['act']).label}", event.note
    if kind is EventKind.OPINION and event.details.get("opinion_of") in set(OpinionOf):
        return OpinionOf(event.details["opinion_of"]).label, event.note
    if event.details.get("report"):
        return "学校书面报告", event.note
    if event.file_id:
        return "证据", event.note
    return event.label, event.note


def _contact_said(contact: Contact) -> tuple[str, str]:
    way = ContactWay(contact.way).label
    return f"{way}，{contact.get_met_display()}", contact.note


def _of_contact(contact: Contact, on: date) -> TimelineEntry:
    bold, text = _contact_said(contact)
    happened = FuzzyDate.on(contact.on)
    return TimelineEntry(
        topic="contact",
        happened=happened_dense(happened, on),
        entered=contact.entered_at,
        late=_late(happened, contact.entered_at),
        icon=WAY_ICONS[ContactWay(contact.way)],
        bold=bold,
        text=text,
        cites="",
        who=contact.by.name,
        unit="",
        links=(),
        order=(contact.on, contact.entered_at, contact.pk),
    )


def _file_links(case: Case, event: CaseEvent, laid: dict[int, Attachment]) -> tuple[EventLink, ...]:
    file = laid.get(event.file_id or 0)
    if file is None:
        return ()
    return (EventLink(file.name, reverse("cases:evidence_file", args=[case.uid, file.pk])),)


def alert_of(case: Case) -> AbsenceAlert | None:
    """The alert a case was opened from."""
    return getattr(case.finding, "alert", None)


def _late(happened: FuzzyDate, entered: datetime) -> int:
    """Days between the day it happened and its entry, when over 24 hours passed; 0 otherwise."""
    if happened.latest is None:
        return 0
    over = local(entered) - at(happened.latest + DAY, time())
    return (local(entered).date() - happened.latest).days if over > DAY else 0


def counted(entries: Collection[TimelineEntry]) -> list[tuple[str, str, int]]:
    """The filters above the history: key, label, how many."""
    found = [("", "全部", len(entries))]
    return found + [
        (key, label, sum(entry.topic == key for entry in entries)) for key, label in TOPICS.items()
    ]
