"""Who can become whom: for every role, alone and with an account it made, what it can come to hold.

Nobody alone, nor an administrator with an account he made, gets a seat that reads a pupil.
"""

from datetime import timedelta
from itertools import product

import pytest

from accounts.enums import ADMIN_ROLES, CHILD_READERS, LOOKING_ON, REFERRAL_ROLES, Role, SeatState
from accounts.models import Seat, User
from accounts.seats.accounts import reset_password
from accounts.seats.activating import activate
from accounts.seats.ending import end
from accounts.seats.granting import Term, grant, move
from regions.refusals import Refused
from students.models import Student
from tests import factories as make
from tests.counties import TODAY, World, person, two_counties, unit_in

pytestmark = pytest.mark.django_db
ADMINS = sorted(ADMIN_ROLES)
SEATS = sorted(set(Role) - {Role.SYSTEM})


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = TODAY


@pytest.fixture
def world() -> World:
    return two_counties()


def fresh(user: User) -> User:
    """The account as a new request finds it."""
    return User.objects.get(pk=user.pk)


def read_by(*users: User) -> int:
    """How many pupils these accounts read between them."""
    return sum(Student.objects.visible_to(fresh(user)).count() for user in users)


def tries(act) -> object:
    try:
        return act()
    except Refused:
        return None


def asks_for(by: User, username: str, role: Role, world: World, name: str = ""):
    until = TODAY if role is Role.STAND_IN else None
    term = Term(role, unit_in(role, world.here), TODAY, until)
    return tries(lambda: grant(username, term, name=name, by=fresh(by), on=TODAY))


def lets_in_all(by: User) -> None:
    waiting = list(Seat.objects.waiting().values_list("pk", flat=True))
    tries(lambda: activate(waiting, by=fresh(by), on=TODAY))


@pytest.mark.parametrize("role", SEATS)
def test_alone_nobody_comes_to_read_more_than_before(world, role):
    """Every seat asked for oneself, and let in by oneself."""
    one = person(role, world.here)
    before = read_by(one)
    for wanted in SEATS:
        asks_for(one, one.username, wanted, world)
        lets_in_all(one)
    assert read_by(one) == before
    if role in ADMIN_ROLES | REFERRAL_ROLES | LOOKING_ON:
        assert before == 0


@pytest.mark.parametrize("role", ADMINS)
def test_with_accounts_of_their_own_making_administrators_read_nobody(world, role):
    """An administrator makes one account of each role, the administrators' among them, and each of
    these asks and lets in in turn: none of them reaches a pupil without an independent second."""
    one = person(role, world.here)
    for kind in set(ADMIN_ROLES) - {role}:
        make.user(kind)  # somebody else stands there, and does nothing
    made: list[User] = []
    for wanted in [*ADMINS, *SEATS]:
        granted = asks_for(one, f"made_{wanted}", wanted, world, name="新人")
        made += [granted.seat.user] if granted else []
    for maker, wanted in product(made, SEATS):
        asks_for(maker, f"made_{wanted}", wanted, world)
    for judge in [one, *made]:
        lets_in_all(judge)
    assert read_by(one, *made) == 0
    assert not Seat.objects.filter(granted_by=one, state=SeatState.ACTIVE).exists()


def test_nor_after_a_second_security_administrator_of_their_making_was_let_in(world):
    """The chain that two acts of different people must not open: he proposes a security
    administrator, another lets that one in, and that one lets in what he proposes next."""
    root, security = make.user(Role.SYSTEM_ADMIN), make.user(Role.SECURITY_ADMIN)
    second = asks_for(root, "sec2", Role.SECURITY_ADMIN, world, name="新人").seat.user
    lets_in_all(security)
    assert fresh(second).reach.roles == {Role.SECURITY_ADMIN}
    bureau = asks_for(root, "bureau9", Role.BUREAU, world, name="新人").seat.user
    lets_in_all(second)
    assert read_by(bureau) == 0
    lets_in_all(security)
    assert read_by(bureau) > 0, "control: an independent second does let it in"


def test_nor_by_taking_over_the_other_administrator_s_password(world):
    """A new password of the submitter in the hands of who lets in: no second word for 30 days."""
    root, security = make.user(Role.SYSTEM_ADMIN), make.user(Role.SECURITY_ADMIN)
    reset_password(root.username, by=security, on=TODAY)
    bureau = asks_for(root, "bureau9", Role.BUREAU, world, name="新人").seat.user
    lets_in_all(security)
    assert read_by(bureau) == 0


@pytest.mark.parametrize("role", SEATS)
def test_a_system_administrator_resets_no_password(world, role):
    """Whoever sets a password can act as that person."""
    root, other = make.user(Role.SYSTEM_ADMIN), person(role, world.here)
    assert tries(lambda: reset_password(other.username, by=root, on=TODAY)) is None


@pytest.mark.parametrize(("giver", "wanted"), product(SEATS, SEATS))
def test_what_works_at_once_opens_no_pupil_that_its_giver_does_not_read(world, giver, wanted):
    by = person(giver, world.here)
    granted = asks_for(by, "new1", wanted, world, name="新人")
    if granted is None or granted.seat.state != SeatState.ACTIVE:
        return
    mine = set(Student.objects.visible_to(fresh(by)).values_list("uid", flat=True))
    theirs = Student.objects.visible_to(granted.seat.user).values_list("uid", flat=True)
    assert set(theirs) <= mine


def test_the_readers_are_named(world):
    """Control: the roles that read pupils do read one here, all others none."""
    for role in SEATS:
        assert (read_by(person(role, world.here)) > 0) is (role in CHILD_READERS), role


def test_a_moved_teacher_never_reads_two_classes_by_himself(world):
    """Nor does anybody move himself."""
    teacher = make.user(Role.TEACHER, world.here.school_class)
    seat = teacher.seats.get()
    moved = tries(
        lambda: move(seat.pk, world.class_by.school_class, first=TODAY, by=teacher, on=TODAY)
    )
    assert moved is None and read_by(teacher) == 1


def test_a_puppet_among_the_security_administrators_acts_for_nobody(world):
    """The system administrator has an account made and let in as a second 安全管理员, whose first
    password he knows: it lets nothing in and resets no password of the county, until another
    security administrator has reset its own."""
    root = make.user(Role.SYSTEM_ADMIN, name="段立新")
    honest = make.user(Role.SECURITY_ADMIN, name="赵志华")
    clerk = person(Role.BUREAU, world.here)
    asks_for(root, "puppet", Role.SECURITY_ADMIN, world, name="李建国")
    lets_in_all(honest)
    puppet = User.objects.get(username="puppet")
    with pytest.raises(Refused, match="段立新建立的"):
        reset_password(clerk.username, by=fresh(puppet), on=TODAY)
    other = make.user(Role.SYSTEM_ADMIN, name="另一位")
    asks_for(other, "second", Role.BUREAU, world, name="何建军")
    lets_in_all(puppet)
    assert Seat.objects.waiting().count() == 1, "nor what another administrator submitted"
    with pytest.raises(Refused, match="最后一位"):
        end(honest.seats.get().pk, last=TODAY, reason="调动", by=fresh(root), on=TODAY)
    reset_password("puppet", by=fresh(honest), on=TODAY)
    assert reset_password(clerk.username, by=fresh(puppet), on=TODAY)


def test_an_account_that_once_sat_at_the_county_is_not_a_schools_to_reset(world):
    """A clerk who left is given a class by a school: the password is still the security
    administrator's to reset, and a name is asked for that nobody mistypes."""
    clerk, office = person(Role.BUREAU, world.here), person(Role.OFFICE, world.here)
    clerk.seats.update(until=TODAY - timedelta(days=1))
    term = Term(Role.STAND_IN, world.here.school_class, TODAY, TODAY)
    with pytest.raises(Refused, match="同时填写姓名"):
        grant(clerk.username, term, by=office, on=TODAY)
    grant(clerk.username, term, name=clerk.name, by=office, on=TODAY)
    with pytest.raises(Refused, match="安全管理员"):
        reset_password(clerk.username, by=office, on=TODAY)
