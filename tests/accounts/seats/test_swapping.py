"""对换: two teachers change places in one act; and one 代班 a class and day."""

import pytest

from accounts.enums import Role
from accounts.file_door.door import preview
from accounts.models import Change, Seat, User
from accounts.seats.activating import activate
from accounts.seats.checking import check_seats
from accounts.seats.ending import end
from accounts.seats.import_users import USERS
from accounts.seats.swapping import swap
from regions.refusals import Refused
from tests import factories as make
from tests.accounts.seats.giving import DAY, MONDAY, give, reach_of
from tests.counties import TODAY, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(world) -> list[Seat]:
    people = [person(Role.TEACHER, at, name=name) for at, name in
              ((world.here, "张海波"), (world.class_by, "王建华"))]  # fmt: skip
    return [one.seats.get() for one in people]


def test_two_teachers_take_each_other_s_class_from_a_day(two, office):
    one, other = two
    new = swap(one.pk, other.pk, first=MONDAY, by=office, on=TODAY)
    for seat, path in ((one, other.path), (other, one.path)):
        assert reach_of(seat.user, MONDAY - DAY) == {seat.path}
        assert reach_of(seat.user, MONDAY) == {path}
    assert [seat.replaces_id for seat in new] == [one.pk, other.pk]
    assert check_seats(MONDAY) == []
    verbs = list(Change.objects.values_list("verb", flat=True))
    assert verbs.count("seats.end") == verbs.count("seats.grant") == 2


def test_each_keeps_the_last_day_of_its_own_seat(two, office):
    one, other = two
    Seat.objects.filter(pk=one.pk).update(until=MONDAY + 30 * DAY)
    mine, theirs = swap(one.pk, other.pk, first=MONDAY, by=office, on=TODAY)
    assert (mine.until, theirs.until) == (MONDAY + 30 * DAY, None)


def test_a_swap_that_cannot_be_leaves_both_where_they_are(world, two, office):
    one, other = two
    elsewhere = person(Role.TEACHER, world.school_by).seats.get()
    stands_in = person(Role.STAND_IN, world.class_by).seats.get()
    third = make.school_class(world.here.school, number=3)
    make.seat(other.user, Role.TEACHER, third)
    for pks in ((one.pk, one.pk), (one.pk, elsewhere.pk), (one.pk, stands_in.pk)):
        with pytest.raises(Refused):
            swap(*pks, first=MONDAY, by=office, on=TODAY)
    end(other.pk, last=TODAY, reason="调走", by=office, on=TODAY)
    with pytest.raises(Refused, match="王建华这份任职到那天已经不在任"):
        swap(one.pk, other.pk, first=MONDAY, by=office, on=TODAY)
    assert Seat.objects.get(pk=one.pk).until is None
    assert not Change.objects.filter(verb="seats.grant").exists()


@pytest.mark.parametrize("role", [Role.BUREAU, Role.CENTRAL, Role.TOWNSHIP, Role.SYSTEM_ADMIN])
def test_only_by_who_gives_both_at_once(world, two, role):
    with pytest.raises(Refused):
        swap(two[0].pk, two[1].pk, first=MONDAY, by=person(role, world.here), on=TODAY)
    assert Seat.objects.filter(until=None, role=Role.TEACHER).count() == 2


class TestOneStandInADay:
    UNTIL = TODAY + 20 * DAY

    @pytest.fixture
    def first(self, world, office) -> Seat:
        return give("dai1", Role.STAND_IN, world.here.school_class, office, until=self.UNTIL)

    def test_a_second_one_on_a_day_of_the_first_is_refused(self, world, office, first):
        for began in (TODAY, self.UNTIL):
            with pytest.raises(Refused, match="已有代班教师"):
                give("dai2", Role.STAND_IN, world.here.school_class, office, began,
                     until=self.UNTIL + DAY)  # fmt: skip

    def test_one_after_the_other_and_in_the_next_class_is_right(self, world, office, first):
        later = self.UNTIL + DAY
        give("dai2", Role.STAND_IN, world.here.school_class, office, later, until=later)
        give("dai3", Role.STAND_IN, world.class_by.school_class, office, until=self.UNTIL)
        give("bzr1", Role.TEACHER, world.here.school_class, office)
        assert check_seats(TODAY) == []

    def test_nor_are_two_let_in_that_were_proposed(self, world, root, security):
        for name in ("dai1", "dai2"):
            give(name, Role.STAND_IN, world.here.school_class, root, until=self.UNTIL)
        waiting = Seat.objects.waiting().values_list("pk", flat=True)
        answer = activate(list(waiting), by=User.objects.get(pk=security.pk), on=TODAY)
        assert len(answer.seats) == len(answer.left) == 1

    def test_nor_named_by_one_file(self, world, root):
        lines = [f"dai{n},代{n},代班教师,5399010001,七(1)班,,{self.UNTIL}" for n in (1, 2)]
        head = "用户名,姓名,角色,单位代码,班级,任职起,任职止"
        content = "\n".join([head, *lines]).encode()
        plan = preview(USERS, content, "a.csv", by=root, on=TODAY)
        (rejected,) = plan.outcome.rejected
        assert "只有一位代班教师" in rejected.message

    def test_two_that_stand_all_the_same_are_found(self, world):
        for _ in range(2):
            make.user(Role.STAND_IN, world.here.school_class)
        assert [one["kind"] for one in check_seats(TODAY)] == ["two_teachers"]
