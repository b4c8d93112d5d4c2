"""Contacts: an honest attempt to reach the family, also when nobody was met."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import history
from accounts.models import User
from accounts.words import CLASS_ROLES, HOME_ROLES, SCHOOL_STAFF
from attendance.handling import note_contact
from attendance.models import AbsenceAlert
from attendance.words import AlertState
from cases.models import Contact
from cases.words import CONTACT_WAY_LABELS, MET_LABELS, ContactWay, Met
from regions.clock import today
from regions.refusals import Refused
from students.models import Student

MAKERS = CLASS_ROLES | SCHOOL_STAFF | HOME_ROLES


def record_contact(
    student: Student,
    *,
    way: ContactWay,
    on: date,
    met: Met,
    note: str,
    by: User,
    client_key: UUID,
    next_on: date | None = None,
) -> Contact:
    """Write a contact down; the same client key again is the same contact. `student` is in reach."""
    if not by.reach.holds(*MAKERS):
        raise Refused("联系记录由班主任、学校、村和乡镇登记。")
    if on > today():
        raise Refused("联系日期还没有到，请改成实际联系的那一天。")
    try:
        with transaction.atomic():
            return _record(student, way, on, met, note, by, client_key, next_on)
    except IntegrityError:
        same = Contact.objects.filter(client_key=client_key, by=by, student=student).first()
        if same is None:
            raise Refused("这张表的编号已用在别的登记上，请刷新页面后重新填写。") from None
        return same


def _record(student, way, on, met, note, by, client_key, next_on) -> Contact:
    alert = AbsenceAlert.objects.filter(student=student, state=AlertState.OPEN).first()
    contact = Contact.objects.create(
        student=student, alert=alert, way=way.value, on=on, met=met.value, note=note,
        next_on=next_on, by=by, client_key=client_key, path=student.school_path,
    )  # fmt: skip
    if alert:
        said = f"{CONTACT_WAY_LABELS[way]}，{MET_LABELS[met]}"
        note_contact(alert, on=on, by=by, said=said)
    history.record(
        "contacts.record", "student", student.uid, by=by, on=on,
        after={"way": way.value, "met": met.value},
    )  # fmt: skip
    return contact
