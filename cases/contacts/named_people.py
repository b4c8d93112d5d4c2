"""包保责任人: the named people of a child. Who answered when is kept; a phone is sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts import history
from accounts.models import User
from cases import history as events
from cases.contacts.answerable import holder_of, seats_around
from cases.enums.records import PostKey
from cases.enums.states import EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case
from cases.permissions import MAY, REFUSALS, CaseRight, acting, reachable, seats_for
from regions.refusals import Refused
from students.models import Charge, Student


@dataclass(frozen=True, slots=True)
class Named:
    """Who is to answer in a post. `phone` None keeps the one on file, while it is the same person."""

    name: str
    unit: str
    phone: str | None = None

    def same(self, standing: Charge) -> bool:
        there = (standing.name, standing.unit) == (self.name, self.unit)
        return there and self.phone in (None, standing.phone)

    def phone_after(self, standing: Charge | None) -> str:
        if self.phone is not None:
            return self.phone
        return standing.phone if standing and standing.name == self.name else ""


@transaction.atomic
def name_people(
    uid: str, wanted: Mapping[PostKey, Named], *, by: User, on: date
) -> dict[PostKey, Charge]:
    """Name who answers for the child `uid` from `on`; whoever stood in a post ends that day.

    One line in the history of a case, whatever the number of posts. The same person with the same
    unit and phone stays as they are. Who holds a seat that goes with the post is known by account.
    """
    student = reachable(by).select_for_update(of=("self",)).get(uid=uid)
    case = Case.objects.visible_to(by).open().filter(student=student).first()
    if not seats_for(by, CaseRight.NAME, student, case):
        raise Refused(REFUSALS[CaseRight.NAME])
    standing = {PostKey(one.post): one for one in student.charges.filter(until=None)}
    people, told, seats = {}, [], seats_around(student, on)
    for post, one in wanted.items():
        person, before = _trimmed(one, post), standing.get(post)
        if before and person.same(before):
            people[post] = before
            continue
        account = holder_of(post, person.name, seats)
        people[post] = _name(student, post, person, before, account, by=by, on=on)
        told.append(_format_change(post, people[post], before))
    if told and case and any(held.role in MAY[CaseRight.NAME] for held in acting(by, case)):
        named = {post: people[post].uid for post in people}
        events.write(
            case,
            EventKind.NOTED,
            by=by,
            happened=FuzzyDate.on(on),
            details={"named": named},
            note=f"包保责任人：{'，'.join(told)}",
        )
    return people


def vacate(student: Student, post: PostKey, on: date) -> None:
    """Whoever stood in a post answers no longer: the page shows it as vacant."""
    for person in student.charges.filter(post=post, until=None):
        person.until = max(on, person.began)
        person.save(update_fields=["until"])


def _trimmed(one: Named, post: PostKey) -> Named:
    name, unit = one.name.strip(), one.unit.strip()
    if not name:
        raise Refused(f"请写明{post.label}的姓名。")
    return Named(name, unit, None if one.phone is None else one.phone.strip())


def _name(
    student: Student,
    post: PostKey,
    one: Named,
    before: Charge | None,
    account: User | None,
    *,
    by: User,
    on: date,
) -> Charge:
    if before:
        before.until = on
        before.save(update_fields=["until"])
    person = Charge(
        student=student,
        post=post,
        user=account,
        name=one.name,
        unit=one.unit,
        began=on,
        recorded_by=by,
    )
    person.phone = one.phone_after(before)
    person.save()
    history.record(
        "naming.name_person",
        "student",
        student.uid,
        path=student.school_path,
        by=by,
        on=on,
        before={"post": post, "person": before.uid} if before else {},
        after={"post": post, "person": person.uid},
    )
    return person


def _format_change(post: PostKey, person: Charge, before: Charge | None) -> str:
    was = f"（原为{before.name}）" if before and before.name != person.name else ""
    return f"{post.label} {person.name}{was}"
