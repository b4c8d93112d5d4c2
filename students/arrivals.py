"""Writing a roster: classes, children, guardians and spells, in the transaction of the file door."""

from collections.abc import Mapping
from datetime import date

from pypinyin import Style, lazy_pinyin

from accounts import history
from accounts.enums import Precision
from accounts.models import Change, User
from regions.clock import now
from regions.models import Region, SchoolClass
from regions.paths import class_segment, common
from regions.rules.classnames import ClassName, school_year
from students import enrolments
from students.changes import FIELD_NAMES, guardian_kind
from students.enums import Began
from students.matching import Planned, Standing
from students.models import Enrolment, Guardian, Student
from students.rows import Person, RosterRow
from students.traits import keep_before, now_of

LONGEST_INITIALS = 20
ClassKey = tuple[int, ClassName]


def write_roster(
    planned: list[Planned], standing: Standing, counts: Mapping[str, int], *, by: User, on: date
) -> None:
    """Write what each row would do; inside the frame's transaction. `counts` go into the history."""
    new = _make_classes(planned, standing)
    fresh = [one for one in planned if one.student is None]
    standing_before = [one for one in planned if one.student is not None and one.changes]
    _create(fresh, standing, new, by, on)
    for one in standing_before:
        _update(one, standing, by, on)
    path = common(standing.classes[one.class_key].path for one in planned)
    history.record("roster.import", "roster", "", path=path, by=by, on=on, after=dict(counts))


def _make_classes(planned: list[Planned], standing: Standing) -> set[ClassKey]:
    """The classes the rows want that do not stand; `standing` knows them from then on."""
    made_now = set()
    for one in planned:
        if one.class_key in standing.classes:
            continue
        name = one.row.class_name
        made = SchoolClass.objects.create(
            school=one.school,
            stage=name.stage,
            entry_year=name.entry_year,
            number=name.number,
            years=one.school.stages[name.stage],
        )
        made.path = one.school.path + class_segment(made.pk)
        made.save(update_fields=["path"])
        made_now.add(one.class_key)
        standing.classes[one.class_key] = made
    return made_now


def _create(
    fresh: list[Planned], standing: Standing, new: set[ClassKey], by: User, on: date
) -> None:
    """New children with their guardians, spells and history, in bulk."""
    for one in fresh:
        one.student = _student(one.row, standing.classes[one.class_key])
        _set_homes(one.child, one.row, standing)
    Student.objects.bulk_create([one.child for one in fresh], batch_size=500)
    Guardian.objects.bulk_create(
        [
            _guardian(one.child, order, person)
            for one in fresh
            for order, person in enumerate(one.row.guardians, 1)
        ],
        batch_size=500,
    )
    Enrolment.objects.bulk_create(
        [_spell(one, standing, new, by, on) for one in fresh], batch_size=500
    )
    Change.objects.bulk_create(
        [
            Change(
                verb="roster.create",
                kind="student",
                uid=one.child.uid,
                path=one.child.school_path,
                by=by,
                precision=Precision.DAY,
                happened_from=on,
                happened_to=on,
                after={"row": one.row.number},
            )
            for one in fresh
        ],
        batch_size=500,
    )


def _student(row: RosterRow, school_class: SchoolClass) -> Student:
    student = Student(school_path=school_class.path)
    _set_fields(student, row)
    return student


def _set_fields(student: Student, row: RosterRow) -> None:
    for name in FIELD_NAMES:
        if name in row.given:
            setattr(student, name, row.given[name])
    student.traits = {**(student.traits or {}), **row.traits}
    student.initials = initials(student.name)
    if row.id_no:
        student.id_no = row.id_no
    if row.xueji_no:
        student.xueji_no = row.xueji_no


def initials(name: str) -> str:
    """First letters of a name's pinyin, for search and order: 岩香 is yx; of a long name the first 20.

    Made small before they are counted: İ is two characters in small letters.
    """
    first = "".join(part[0] for part in lazy_pinyin(name, style=Style.NORMAL) if part)
    return first.lower()[:LONGEST_INITIALS]


def _set_homes(student: Student, row: RosterRow, standing: Standing) -> None:
    for kind, code in (("household", row.household_code), ("residence", row.residence_code)):
        region: Region | None = standing.regions.get(code)
        if region is not None:
            setattr(student, f"{kind}_region", region)
            setattr(student, f"{kind}_path", region.path)


def _guardian(student: Student, order: int, person: Person) -> Guardian:
    guardian = Guardian(
        student=student,
        order=order,
        name=person.name,
        relation=person.relation,
        kind=guardian_kind(person.relation).value,
    )
    guardian.phone, guardian.id_no = person.phone, person.id_no
    return guardian


def _spell(one: Planned, standing: Standing, new: set[ClassKey], by: User, on: date) -> Enrolment:
    school_class = standing.classes[one.class_key]
    return Enrolment(
        student=one.student,
        school_class=school_class,
        seat_no=one.row.seat_no,
        began=_began(one.row, school_class, on, is_new=one.class_key in new),
        how=Began.ENTERED,
        recorded_at=now(),
        recorded_by=by,
    )


def _began(row: RosterRow, school_class: SchoolClass, on: date, *, is_new: bool) -> date:
    """When the child came into the class: as the file says; into a class that is new to the portal,
    when the class or the child entered; into one that stands already, on the day of the import."""
    if row.joined_on:
        return row.joined_on
    if not is_new:
        return on
    opened = date(school_class.entry_year, 9, 1)
    entered = row.entered if row.entered and school_year(row.entered) >= opened.year else opened
    return min(max(opened, entered), on)


def _update(one: Planned, standing: Standing, by: User, on: date) -> None:
    student, before = one.child, now_of(one.child)
    _set_fields(student, one.row)
    _set_homes(student, one.row, standing)
    student.version += 1
    student.save()
    keep_before(student, before, on=on)
    _update_guardians(student, one.row.guardians)
    target = standing.classes[one.class_key]
    if one.moves:
        enrolments.place(
            student,
            target,
            began=one.row.joined_on or on,
            how=Began.TRANSFER_IN,
            by=by,
            seat_no=one.row.seat_no,
            note="名册导入",
        )
    elif one.spell and one.row.seat_no:
        Enrolment.objects.filter(pk=one.spell.pk).update(seat_no=one.row.seat_no)
    labels = [label for label, _, _ in one.changes]
    history.record(
        "roster.update",
        "student",
        student.uid,
        path=student.school_path,
        by=by,
        on=on,
        after={"row": one.row.number, "fields": labels},
    )


def _update_guardians(student: Student, people: list[Person]) -> None:
    standing = {guardian.order: guardian for guardian in student.guardians.all()}
    for order, person in enumerate(people, 1):
        guardian = standing.get(order)
        if guardian is None:
            _guardian(student, order, person).save()
            continue
        guardian.name = person.name
        if person.relation:
            guardian.relation, guardian.kind = person.relation, guardian_kind(person.relation).value
        if person.phone:
            guardian.phone = person.phone
        if person.id_no:
            guardian.id_no = person.id_no
        guardian.save()
