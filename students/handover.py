"""包保 that goes with a seat: the children a leaver answers for get the successor's name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from accounts import history
from accounts.enums import CLASS_ROLES, SCHOOL_ROLES
from accounts.models import Seat, User
from accounts.seats.handed_over import HandedOver, is_last_of_holder, last_of_holders
from regions.paths import covers, inside
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


def counts_of(
    seats: Sequence[Seat], held: Iterable[tuple[int, int | None, str]], on: date
) -> Counter[int]:
    """How many of these things, (account, child, place) each, go with each seat: those of its holder
    over children or places of the seat; all of them, with the last seat. Three statements."""
    things: dict[int, list[tuple[int | None, str]]] = {}
    for user, student, over in held:
        things.setdefault(user, []).append((student, over))
    children = {student for mine in things.values() for student, _ in mine if student}
    classes: dict[int, set[str]] = {}
    spells = Enrolment.objects.on(on).filter(student__in=children)
    for student, path in spells.values_list("student_id", "school_class__path"):
        classes.setdefault(student, set()).add(path)
    places = {
        pk: (school, homes)
        for pk, school, *homes in Student.objects.filter(pk__in=children).values_list(
            "pk", "school_path", "household_path", "residence_path"
        )
    }
    last = last_of_holders(seats, on)

    def stands_for(seat: Seat, student: int) -> bool:
        school, homes = places[student]
        if seat.role in CLASS_ROLES:
            return seat.path in classes.get(student, ())
        if seat.role in SCHOOL_ROLES:
            return covers(seat.path, school)
        return any(covers(seat.path, home) for home in homes)

    return Counter({
        seat.pk: sum(
            seat.pk in last or covers(seat.path, over) or bool(student and stands_for(seat, student))
            for student, over in things.get(seat.user_id, [])
        )
        for seat in seats
    })  # fmt: skip


def _counts(seats: Sequence[Seat], on: date) -> Counter[int]:
    held = Charge.objects.filter(user__in=[seat.user_id for seat in seats], until=None)
    return counts_of(seats, held.values_list("user_id", "student_id", "over_path"), on)


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


def _children(seat: Seat, on: date) -> list[int | None]:
    return list(charges_of(seat, on).order_by("pk").values_list("student_id", flat=True))


CHARGES = HandedOver("包保", "项", _counts, _move, _holders, _children)
