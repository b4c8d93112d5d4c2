"""One order of locks: verbs that write the same seats at the same moment wait, and never for each other."""

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, close_old_connections, connection, transaction

from accounts.enums import Role, SeatState
from accounts.models import Seat, User
from accounts.seats.accounts import stop
from accounts.seats.activating import activate
from accounts.seats.ending import end
from accounts.seats.granting import Term, grant, lay, move
from accounts.seats.rules.granting import Effect
from tests import factories as make
from tests.accounts.seats.giving import DAY, MONDAY
from tests.counties import TODAY

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SEAT_ROWS, USER_ROWS = '"accounts_seat"', '"accounts_user"'


class Racer(threading.Thread):
    """A verb in its own connection. Before the first statement that `holds` names it waits until
    `go` (a second at most: in one order the other waits as well); having locked rows of `tells`, it
    says so."""

    def __init__(self, verb: Callable[[], object], holds: str = "", tells: str = "") -> None:
        super().__init__()
        self.verb, self.holds, self.tells = verb, holds, tells
        self.reached, self.go = threading.Event(), threading.Event()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with connection.execute_wrapper(self._step):
                self.verb()
        except Exception as fault:
            self.error = fault
        finally:
            self.reached.set()
            connection.close()

    def _step(self, execute, sql, params, many, context):
        if self.holds and sql.startswith(self.holds) and not self.reached.is_set():
            self.reached.set()
            self.go.wait(1)
        answer = execute(sql, params, many, context)
        if self.tells and "FOR " in sql and "UPDATE" in sql and f"FROM {self.tells}" in sql:
            self.reached.set()
        return answer


def race(first: Callable[[], object], second: Callable[[], object], *, at: str, tells: str) -> list:
    """Run `first` until it is about to do `at`, then `second` until it has locked rows of `tells`,
    then both; what went wrong with either."""
    one, two = Racer(first, holds=at), Racer(second, tells=tells)
    one.start()
    assert one.reached.wait(5)
    two.start()
    two.reached.wait(1)
    one.go.set()
    for racer in (one, two):
        racer.join(20)
    close_old_connections()
    return [racer.error for racer in (one, two) if racer.error]


@pytest.fixture
def security() -> User:
    return make.user(Role.SECURITY_ADMIN, name="赵志华")


@pytest.fixture
def swap(world, root):
    """A teacher's seat, and the one proposed to take its place from Monday."""
    teacher = make.user(Role.TEACHER, world.here.school_class)
    old = teacher.seats.get()
    with transaction.atomic():
        term = Term(Role.TEACHER, world.class_by.school_class, MONDAY, replaces=old)
        new = lay(teacher, term, Effect.PROPOSED, by=root, on=TODAY)
    return old, new


def test_letting_in_and_ending_what_it_replaces(swap, office, security):
    """The end stands: it came earlier than the day before the other class begins."""
    old, new = swap
    errors = race(
        lambda: activate([new.pk], by=security, on=TODAY),
        lambda: end(old.pk, last=TODAY, reason="调走", by=office, on=TODAY),
        at='UPDATE "accounts_seat"',
        tells=SEAT_ROWS,
    )
    assert errors == []
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.until, new.state) == (TODAY, SeatState.ACTIVE)


def test_moving_and_letting_in_for_the_same_person(world, swap, office, security):
    old, new = swap
    third = make.school_class(world.here.school, number=3)
    errors = race(
        lambda: move(old.pk, third, first=MONDAY, by=office, on=TODAY),
        lambda: activate([new.pk], by=security, on=TODAY),
        at='SELECT "accounts_user"',
        tells=SEAT_ROWS,
    )
    assert [str(error) for error in errors] == ["这份任职不在任，不能换。"], "the later one is told"
    old.refresh_from_db()
    assert old.until == MONDAY - DAY


def test_two_administrators_who_stop_each_other(root):
    """The history row of each names the other, whose account is locked: one stays, both verbs end."""
    other = make.user(Role.SYSTEM_ADMIN, name="李文强")
    make.user(Role.SECURITY_ADMIN)
    names = [root.username, other.username]

    def stops(by: str, of: str) -> Callable[[], object]:
        return lambda: stop(of, reason="病", by=User.objects.get(username=by), on=TODAY)

    errors = race(stops(*names), stops(*names[::-1]), at='UPDATE "accounts_user"', tells=USER_ROWS)
    assert [type(error).__name__ for error in errors] == ["Refused"]
    assert User.objects.filter(username__in=names, is_active=True).count() == 1


def test_one_new_username_at_two_schools_the_later_one_is_told(world):
    def gives(by: User, number: int) -> Callable[[], object]:
        school = by.seats.get().school
        term = Term(Role.TEACHER, make.school_class(school, number=number), TODAY)
        return lambda: grant("same1", term, name="陈海燕", by=by, on=TODAY)

    here = make.user(Role.OFFICE, world.here.school)
    beside = make.user(Role.OFFICE, world.school_by.school)
    errors = race(
        gives(here, 7), gives(beside, 8), at='INSERT INTO "accounts_user"', tells=USER_ROWS
    )
    assert [str(error) for error in errors] == ["这个用户名已是另一个人的，请换一个用户名。"]
    assert Seat.objects.get(user__username="same1").granted_by in (here, beside)


def test_control_the_old_order_waits_for_itself(swap):
    """Seat before account on one side, account before seat on the other."""
    old, _ = swap

    @transaction.atomic
    def seat_first():
        Seat.objects.select_for_update(of=("self",)).get(pk=old.pk)
        User.objects.filter(pk=old.user_id).update(sessions_from=None)

    @transaction.atomic
    def account_first():
        list(User.objects.select_for_update().filter(pk=old.user_id))
        Seat.objects.filter(pk=old.pk).update(end_reason="")

    errors = race(account_first, seat_first, at='UPDATE "accounts_seat"', tells=SEAT_ROWS)
    assert [type(error) for error in errors] == [OperationalError]
