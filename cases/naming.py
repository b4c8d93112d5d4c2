"""包保责任人: the named people of a child. Who answered when is kept; a phone is sealed."""

from datetime import date

from django.db import transaction

from accounts import history
from accounts.models import User
from cases import events
from cases.children import reachable, seats_for
from cases.fuzzy import FuzzyDate
from cases.kinds import POST_LABELS, Post
from cases.models import Case
from cases.rights import MAY, REFUSALS, Act, acting
from cases.words import EventKind
from regions.refusals import Refused
from students.models import NamedPerson, Student


@transaction.atomic
def name_person(
    uid: str, post: Post, name: str, unit: str, phone: str = "", *, by: User, on: date
) -> NamedPerson:
    """Name who answers for the child `uid` in a post from `on`; whoever stood there ends that day.

    The same person with the same unit and phone stays as they are.
    """
    student = reachable(by).select_for_update(of=("self",)).get(uid=uid)
    case = Case.objects.visible_to(by).open().filter(student=student).first()
    if not seats_for(by, Act.NAME, student, case):
        raise Refused(REFUSALS[Act.NAME])
    name, unit, phone = name.strip(), unit.strip(), phone.strip()
    if not name:
        raise Refused("请写明姓名。")
    standing = NamedPerson.objects.filter(student=student, post=post.value, until=None).first()
    if standing and (standing.name, standing.unit, standing.phone) == (name, unit, phone):
        return standing
    if standing:
        standing.until = on
        standing.save(update_fields=["until"])
    person = NamedPerson(
        student=student, post=post.value, name=name, unit=unit, began=on, recorded_by=by
    )
    person.phone = phone
    person.save()
    _write(student, case, post, standing, person, by=by, on=on)
    return person


def _write(
    student: Student, case: Case | None, post: Post, before: NamedPerson | None,
    after: NamedPerson, *, by: User, on: date,
) -> None:  # fmt: skip
    history.record(
        "naming.name_person", "student", student.uid, by=by, on=on,
        before={"post": post.value, "person": before.uid} if before else {},
        after={"post": post.value, "person": after.uid},
    )  # fmt: skip
    if case and any(held.role in MAY[Act.NAME] for held in acting(by, case)):
        was = f"（原为{before.name}）" if before and before.name != after.name else ""
        events.write(
            case, EventKind.NOTED, by=by, happened=FuzzyDate.on(on),
            note=f"包保责任人：{POST_LABELS[post]} {after.name}{was}",
            details={"named": after.uid, "post": post.value},
        )  # fmt: skip
