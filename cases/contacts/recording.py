"""Contacts: an honest attempt to reach the family, also when nobody was met."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts import history
from accounts.attachments import attach
from accounts.enums import Role
from accounts.models import Attachment, User
from accounts.reach import Held
from attendance.enums import AlertState
from attendance.handling import note_contact
from attendance.models import AbsenceAlert
from cases import history as events
from cases.case_deadlines import in_touch, set_deadline, touched
from cases.enums.records import EVIDENCE, SENSITIVE_REASONS, DeadlineKind, Reason
from cases.enums.states import (
    OUT_OF_SCHOOL,
    CaseState,
    ContactWay,
    EventKind,
    Met,
)
from cases.fuzzy_dates import FuzzyDate
from cases.law.articles import PERSUASION_ARTICLE, PROMISE_ARTICLE
from cases.models import Case, Contact
from cases.permissions import MAY, REFUSALS, CaseRight, acting, seats_for
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from students.models import Student

MAKERS = MAY[CaseRight.CONTACT]
CONTACT_FILE = "contact"
AGREED_ARTICLE = "上次联系约定"


@dataclass(frozen=True, slots=True)
class Told:
    """What a contact brought to light: reasons, where the child is, and who was told of a danger."""

    reasons: tuple[Reason, ...] = ()
    whereabouts: str = ""
    reported_to: str = ""
    reported_on: date | None = None

    @property
    def sensitive(self) -> bool:
        return bool(SENSITIVE_REASONS & set(self.reasons))

    def details(self) -> dict[str, Any]:
        """As an event keeps it; what nobody said is left out."""
        said = {
            "reasons": list(self.reasons),
            "whereabouts": self.whereabouts,
            "reported_to": self.reported_to,
            "reported_on": self.reported_on.isoformat() if self.reported_on else "",
        }
        return {name: value for name, value in said.items() if value}


def record_contact(
    student: Student,
    *,
    by: User,
    on: date,
    way: ContactWay,
    contacted_on: date,
    met: Met,
    note: str,
    client_key: UUID,
    next_on: date | None = None,
    promised_on: date | None = None,
    place: str = "",
    language: str = "",
    interpreter: str = "",
    companions: str = "",
    photo: UploadedFile | None = None,
    reasons: Iterable[Reason] = (),
    whereabouts: str = "",
    reported_to: str = "",
    reported_on: date | None = None,
) -> Contact:
    """Write a contact down; the same client key again is the same contact. `student` is in reach.

    It was on `contacted_on` and is entered on `on`. On a case `by` acts on it is an event: the
    first since opening answers the verification, each sets the day of the next. It moves no clock.
    """
    _must_be_past(contacted_on, reported_on, on)
    _must_follow(contacted_on, next_on, promised_on)
    told = Told(
        tuple(dict.fromkeys(reasons)), whereabouts.strip(), reported_to.strip(), reported_on
    )
    try:
        with transaction.atomic():
            case = _case_of(student, by)
            first = case.began_on if case else None
            if refusal := believable.why_not(DateKind.HAPPENED, contacted_on, on=on, first=first):
                raise Refused(refusal)
            seats = seats_for(by, CaseRight.CONTACT, student, case)
            if not seats:
                raise Refused(REFUSALS[CaseRight.CONTACT])
            contact = Contact.objects.create(
                student=student,
                case=case,
                alert=_alert_of(student),
                way=way,
                on=contacted_on,
                met=met,
                note=note,
                place=place,
                language=language,
                interpreter=interpreter,
                companions=companions,
                next_on=next_on,
                promised_on=promised_on,
                by=by,
                client_key=client_key,
                path=student.school_path,
                reasons=list(told.reasons),
                whereabouts=told.whereabouts,
            )
            _note_it(contact, told, photo, seats[0])
            return contact
    except IntegrityError:
        same = Contact.objects.filter(client_key=client_key, by=by, student=student).first()
        if same is None:
            raise Refused("这张表的编号已用在别的登记上，请刷新页面后重新填写。") from None
        return same


def _must_be_past(contacted_on: date, reported_on: date | None, on: date) -> None:
    if contacted_on > on:
        raise Refused("联系日期还没有到，请改成实际联系的那一天。")
    if reported_on and reported_on > on:
        raise Refused("报告的日期还没有到，请改成实际报告的那一天。")


def _must_follow(contacted_on: date, next_on: date | None, promised_on: date | None) -> None:
    if next_on and next_on < contacted_on:
        raise Refused("下次联系的日期早于这一次，请改。")
    if promised_on and promised_on < contacted_on:
        raise Refused("承诺返校的日期早于这一次联系，请改。")


def _case_of(student: Student, by: User) -> Case | None:
    """The open case of the child, locked, where `by` acts on it and does not merely read it."""
    cases = Case.objects.visible_to(by).open().select_related("student")
    case = cases.select_for_update(of=("self",)).filter(student=student).first()
    acts = case is not None and any(held.role in MAKERS for held in acting(by, case))
    return case if acts else None


def _alert_of(student: Student) -> AbsenceAlert | None:
    return AbsenceAlert.objects.filter(student=student, state=AlertState.OPEN).first()


def _note_it(contact: Contact, told: Told, photo: UploadedFile | None, seat: Held) -> None:
    """Beside the alert, in the case, and in the child's history."""
    said = f"{ContactWay(contact.way).label}，{Met(contact.met).label}"
    laid = _lay(contact, photo)
    if contact.alert:
        note_contact(contact.alert, on=contact.on, by=contact.by, said=said + _why(told))
    if contact.case:
        _write_into(contact.case, contact, said, told, laid, seat)
    history.record(
        "contacts.record",
        "student",
        contact.student.uid,
        path=contact.student.school_path,
        by=contact.by,
        on=contact.on,
        after={"way": contact.way, "met": contact.met, **told.details()},
    )


def _why(told: Told) -> str:
    """The reasons everybody on the alert may read."""
    plain = [Reason(one).label for one in told.reasons if one not in SENSITIVE_REASONS]
    return f"；可能的原因：{'、'.join(plain)}" if plain else ""


def _lay(contact: Contact, photo: UploadedFile | None) -> Attachment | None:
    """The photo: among the evidence of the case, or beside a contact that stands before one."""
    if photo is None:
        return None
    if case := contact.case:
        return attach(photo, kind=EVIDENCE, uid=case.uid, path=case.county_path, by=contact.by)
    uid = str(contact.pk)
    return attach(photo, kind=CONTACT_FILE, uid=uid, path=contact.path, by=contact.by)


def _write_into(
    case: Case, contact: Contact, said: str, told: Told, laid: Attachment | None, seat: Held
) -> None:
    happened = FuzzyDate.on(contact.on)
    events.write(
        case,
        EventKind.CONTACT,
        by=contact.by,
        happened=happened,
        note=f"{said}：{contact.note}",
        details={"way": contact.way, "met": contact.met, **told.details()},
        contact=contact,
        file=laid,
        policy=PERSUASION_ARTICLE,
        sensitive=told.sensitive,
        seat=seat,
    )
    in_touch(case, by=contact.by, happened=happened, on=contact.on, note=said, seat=seat)
    case.reasons = list(dict.fromkeys([*case.reasons, *[one.value for one in told.reasons]]))
    case.whereabouts = told.whereabouts or case.whereabouts
    case.save(update_fields=["reasons", "whereabouts"])
    if CaseState(case.state) in OUT_OF_SCHOOL and _is_latest(case, contact):
        _set_dates(case, contact, seat)


def _is_latest(case: Case, contact: Contact) -> bool:
    """A visit entered late does not pull back what a later one has agreed."""
    return not case.contacts.filter(on__gt=contact.on).exists()


def _set_dates(case: Case, contact: Contact, seat: Held) -> None:
    """The next contact by rule, the one agreed on, and the day the family promised."""
    on, kind = contact.on, DeadlineKind
    touched(case, on)
    if contact.next_on:
        set_deadline(
            case,
            kind.NEXT_CONTACT,
            starts_on=on,
            due_on=contact.next_on,
            who=seat.role,
            article=AGREED_ARTICLE,
        )
    if contact.promised_on:
        set_deadline(
            case,
            kind.PROMISE,
            starts_on=on,
            due_on=contact.promised_on,
            who=Role.TOWNSHIP,
            article=PROMISE_ARTICLE,
        )


def photos_of(contacts: Iterable[Contact]) -> set[int]:
    """Which of these have a photo of their own: those that stand before a case."""
    uids = [str(one.pk) for one in contacts if one.case_id is None]
    found = Attachment.objects.filter(kind=CONTACT_FILE, uid__in=uids)
    return {int(uid) for uid in found.values_list("uid", flat=True)}
