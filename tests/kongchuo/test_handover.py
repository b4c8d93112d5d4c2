"""交接: what stands open in a leaver's name is the successor's, once, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import Change, Seat
from cases.contacts.plans import add_task, finish_task
from cases.enums.states import EventKind
from cases.models import PlanTask
from kongchuo.people.handover import move_all, open_of
from kongchuo.people.roster import leavers
from students.handover import CHARGES, charges_of
from students.models import Charge
from tests import factories as make
from tests.cases.case_county import case_of, county

pytestmark = pytest.mark.django_db
ON = make.THURSDAY


@pytest.fixture
def place(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def charge(student, user, post="teacher") -> Charge:
    return Charge.objects.create(
        student=student,
        user=user,
        name=user.name,
        post=post,
        unit="白水中学",
        began=ON - timedelta(30),
    )


def tasks(place, case, teacher, count: int) -> list[PlanTask]:
    label = f"{teacher.name}（{teacher.seats.get().unit_label(ON)} 班主任）"
    made = []
    for number in range(count):
        case.refresh_from_db()
        made.append(
            add_task(case.uid, by=place.officer, on=ON, version=case.version, who=label,
                     what=f"家访 {number + 1}", due_on=ON + timedelta(7), standard="见到监护人")
        )  # fmt: skip
    return made


def counts(seat) -> dict[str, int]:
    return {one.kind.label: one.count for one in open_of(seat, ON)}


def test_six_children_and_two_tasks_move_once(place):
    """year: hand-over of 6 children and 2 tasks, twice: 6 + 6 rows, 2 tasks; then nothing."""
    teacher = make.user(Role.TEACHER, place.school_class, name="张海波")
    successor = make.user(Role.TEACHER, place.school_class, name="王建华")
    children = [place.student, *make.pupils(place.school_class, 5)]
    for child in children:
        charge(child, teacher)
    case = case_of(place.student)
    made = tasks(place, case, teacher, 2)
    seat = teacher.seats.get()
    assert counts(seat) == {"包保": 6, "帮扶任务": 2}
    moved = move_all(seat, to=successor, by=place.office, on=ON)
    assert [one.count for one in moved] == [6, 2]
    assert Charge.objects.count() == 12
    assert set(Charge.objects.filter(until=None).values_list("user__name", flat=True)) == {"王建华"}
    assert {task.user for task in PlanTask.objects.filter(pk__in=[t.pk for t in made])} == {
        successor
    }
    assert counts(seat) == {} and move_all(seat, to=successor, by=place.office, on=ON) == []
    assert Charge.objects.count() == 12
    said = case.events.filter(kind=EventKind.PLANNED, note__startswith="任务移交").first()
    assert "王建华" in said.note and "张海波" in said.note
    assert Change.objects.filter(verb="charges.hand_over").count() == 6


def test_what_is_done_stays_with_who_did_it(place):
    teacher = make.user(Role.TEACHER, place.school_class, name="张海波")
    successor = make.user(Role.TEACHER, place.school_class, name="王建华")
    case = case_of(place.student)
    done, left = tasks(place, case, teacher, 2)
    case.refresh_from_db()
    finish_task(case.uid, done.pk, by=place.officer, on=ON, version=case.version)
    move_all(teacher.seats.get(), to=successor, by=place.office, on=ON)
    done.refresh_from_db()
    left.refresh_from_db()
    assert (done.user, left.user) == (teacher, successor)


def test_with_another_seat_left_only_that_seats_children_move(place):
    teacher = make.user(Role.TEACHER, place.school_class, name="张海波")
    other_class = make.school_class(place.school_class.school, number=9)
    make.seat(teacher, Role.TEACHER, other_class)
    elsewhere = make.pupils(other_class, 1)[0]
    charge(place.student, teacher)
    charge(elsewhere, teacher)
    successor = make.user(Role.TEACHER, place.school_class, name="王建华")
    seat = teacher.seats.get(path=place.school_class.path)
    move_all(seat, to=successor, by=place.office, on=ON)
    open_charges = Charge.objects.filter(until=None)
    assert open_charges.get(student=place.student).user == successor
    assert open_charges.get(student=elsewhere).user == teacher
    Seat.objects.filter(user=teacher, path=other_class.path).update(until=ON - timedelta(1))
    assert counts(seat) == {"包保": 1}


def test_counted_for_many_seats_at_once_as_one_by_one(place):
    """Children of the class, the school, the village, a place; a holder with another seat, and without."""
    other = make.school_class(place.school_class.school, number=8)
    third, village = make.school_class(other.school, number=9), make.region("539901001001")
    units = [
        (Role.TEACHER, place.school_class),
        (Role.OFFICE, other.school),
        (Role.VILLAGE, village),
    ]
    away = make.pupils(other, 2)
    seats = []
    for keeps in (True, False):
        for role, unit in units:
            user = make.user(role, unit)
            if keeps:
                make.seat(user, Role.TEACHER, third)
            for child in (place.student, *away):
                charge(child, user, post=user.username)
            for over in (village.path, make.region("539901002").path):
                Charge.objects.create(
                    user=user, name="甲", post=user.username, over_path=over, began=ON
                )
            seats.append(user.seats.order_by("pk").first())
    counted = CHARGES.counts(seats, ON)
    one_by_one = {seat.pk: charges_of(seat, ON).count() for seat in seats}
    assert dict(counted) == one_by_one and len(set(one_by_one.values())) > 2


def test_leavers_take_as_many_statements_for_many_as_for_few(place):
    def leave(number: int) -> None:
        teacher = make.user(Role.TEACHER, place.school_class, name=f"教师{number}")
        charge(place.student, teacher, post=teacher.username)
        teacher.seats.update(until=ON - timedelta(1))

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            found = leavers(Seat.objects.filter(path=place.school_class.path), ON)
        return len(found), len(captured)

    leave(0)
    few = asked()
    for number in range(1, 9):
        leave(number)
    assert few[0] == 1 and asked() == (9, few[1])
