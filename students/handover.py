"""包保 that goes with a seat: the children a leaver answers for get the successor's name."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts import history
from accounts.enums import CLASS_ROLES, SCHOOL_ROLES
from accounts.models import Seat, User
from accounts.seats.handed_over import HandedOver, is_last_of_holder
from regions.paths import inside
from students.models import Charge, Enrolment, Student


def children_of(seat: Seat, on: date) -> QuerySet[Student]:
    """The children a seat stands for: of the class, of the school, or who live in the place."""
    if seat.role in CLASS_ROLES:
        spells = Enrolment.objects.on(on).filter(school_class__path=seat.path)
        return Student.objects.filter(pk__in=spells.values("student_id"))
    if seat.role in SCHOOL_ROLES:
        return Student.objects.filter(inside("school_path", seat.path))
    return Student.objects.filter(
        inside("household_path", seat.path) | inside("residence_path", seat.path)
    )


def charges_of(seat: Seat, on: date) -> QuerySet[Charge]:
    """The open charges of the holder over children or places of the seat; all, with the last seat."""
    held = Charge.objects.filter(user=seat.user_id, until=None)
    if is_last_of_holder(seat, on):
        return held
    return held.filter(Q(student__in=children_of(seat, on)) | inside("over_path", seat.path))


def _count(seat: Seat, on: date) -> int:
    return charges_of(seat, on).count()


def _move(seat: Seat, to: User, by: User, on: date) -> int:
    """End each charge and begin the successor's, of the same post over the same child or place."""
    charges = list(charges_of(seat, on).select_for_update(of=("self",)).order_by("pk"))
    for charge in charges:
        charge.until = max(on, charge.began)
        charge.save(update_fields=["until"])
        successor = Charge.objects.create(
            post=charge.post,
            student_id=charge.student_id,
            over_path=charge.over_path,
            user=to,
            name=to.name,
            unit=charge.unit,
            began=charge.until,
            source=charge.source,
            recorded_by=by,
        )
        history.record(
            "charges.hand_over",
            "charge",
            successor.uid,
            path=seat.path,
            by=by,
            on=on,
            before={"charge": charge.uid},
            after={"charge": successor.uid, "post": charge.post},
        )
    return len(charges)


def _holders() -> QuerySet:
    return Charge.objects.filter(until=None, user__isnull=False).values("user")


CHARGES = HandedOver("包保", "项", _count, _move, _holders)
