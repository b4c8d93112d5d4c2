"""发放初始密码: a filed account has no password; who may reset it prints slips, and nobody else."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import Change, User
from accounts.seats.import_users import USERS, bring
from accounts.seats.rules.granting import given_by
from accounts.seats.slips import issue, newcomers
from regions.clock import now
from regions.refusals import Refused
from tests import factories as make
from tests.accounts.seats.giving import give
from tests.counties import TODAY, person, unit_in

pytestmark = pytest.mark.django_db


def seen_by(by: User) -> set[str]:
    return {one.user.name for one in newcomers(by, TODAY)}


def filed(root: User, *lines: str) -> None:
    head = "用户名,姓名,角色,单位代码,班级,任职起,任职止"
    bring(USERS, "\n".join([head, *lines]).encode(), "users.csv", by=root, on=TODAY)


@pytest.fixture
def everywhere(world) -> dict[str, User]:
    """One newcomer in each kind of seat here, and a teacher in each place beside."""
    new = {
        role: make.newcomer(role, unit_in(role, world.here), name=role.label)
        for role in Role
        if role is not Role.SYSTEM
    }
    for name in ("school_by", "far"):
        make.newcomer(Role.TEACHER, getattr(world, name).school_class, name=name)
    return new


OF_CLASSES = {Role.TEACHER, Role.STAND_IN}
OF_SCHOOLS = {Role.OFFICE, Role.PRINCIPAL, Role.CENTRAL}
WHOSE = {
    Role.OFFICE: OF_CLASSES,
    Role.PRINCIPAL: OF_CLASSES,
    Role.BUREAU: OF_SCHOOLS,
    Role.TOWNSHIP: {Role.VILLAGE},
    Role.COUNTY_OFFICE: {Role.TOWNSHIP},
    Role.SECURITY_ADMIN: set(Role) - OF_CLASSES - OF_SCHOOLS
    - {Role.VILLAGE, Role.TOWNSHIP, Role.SYSTEM},
}  # fmt: skip


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}), ids=lambda role: role)
def test_each_sees_and_serves_those_it_may_reset(world, everywhere, role):
    by = person(role, world.here)
    assert seen_by(by) == {one.label for one in WHOSE.get(role, set())}
    for of, user in everywhere.items():
        if of in WHOSE.get(role, set()):
            (slip,) = issue([user.username], by=by, on=TODAY)
            assert authenticate(username=user.username, password=slip.password) == user
        else:
            with pytest.raises(Refused, match="。"):
                issue([user.username], by=by, on=TODAY)
            assert not User.objects.get(pk=user.pk).has_usable_password()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}), ids=lambda role: role)
def test_what_a_role_gives_at_once_is_told_by_the_table(role):
    leaders = {Role.LEADER} if role is Role.COUNTY_OFFICE else set()
    points = OF_CLASSES if role is Role.CENTRAL else set()
    wanted = set() if role is Role.SECURITY_ADMIN else WHOSE.get(role, set())
    assert given_by([role]) == wanted | leaders | points


def test_a_filed_account_opens_to_nobody_until_its_office_gave_a_slip(world, root, office):
    filed(root, "new1,魏岩板,班主任,5399010001,七(1)班,,")
    user = User.objects.get(username="new1")
    assert not user.has_usable_password()
    assert seen_by(office) == {"魏岩板"}, "also while the seat waits"
    (slip,) = issue(["new1"], by=office, on=TODAY)
    user.refresh_from_db()
    assert user.check_password(slip.password) and user.must_change_password
    assert (slip.posts, slip.username) == ("白水中学 七(1)班 班主任", "new1")
    change = Change.objects.get(verb="users.reset_password")
    assert (change.by, change.uid) == (office, "new1")
    assert slip.password not in str(list(Change.objects.values()))


def test_a_slip_is_given_again_only_where_that_was_asked_for(world, office):
    user = make.newcomer(Role.TEACHER, world.here.school_class)
    (first,) = issue([user.username], by=office, on=TODAY)
    with pytest.raises(Refused, match="已经发过"):
        issue([user.username], by=office, on=TODAY)
    assert User.objects.get(pk=user.pk).check_password(first.password), "the paper still holds"
    (again,) = issue([], again=[user.username], by=office, on=TODAY)
    user.refresh_from_db()
    assert user.check_password(again.password) and not user.check_password(first.password)
    assert Change.objects.filter(verb="users.reset_password").count() == 2


def test_who_has_come_in_gets_no_slip_and_the_others_none_with_him(world, office):
    come, other = (make.newcomer(Role.TEACHER, world.here.school_class, name=n) for n in "甲乙")
    issue([come.username], by=office, on=TODAY)
    User.objects.filter(pk=come.pk).update(last_login=now())
    assert seen_by(office) == {"乙"}
    with pytest.raises(Refused, match="甲已经登录过"):
        issue([other.username], again=[come.username], by=office, on=TODAY)
    assert not User.objects.get(pk=other.pk).has_usable_password(), "all or none"


def test_not_for_who_left_is_stopped_or_holds_more_than_one_may_give(world, office):
    of = world.here.school_class
    left, stopped, more = (make.newcomer(Role.TEACHER, of, name=name) for name in "甲乙丙")
    left.seats.update(until=TODAY - timedelta(days=1))
    User.objects.filter(pk=stopped.pk).update(is_active=False)
    make.seat(more, Role.TEACHER, world.school_by.school_class)
    assert seen_by(office) == set()
    for user in (left, stopped, more):
        with pytest.raises(Refused):
            issue([user.username], by=office, on=TODAY)


def test_nobody_chosen_and_nobody_known(office):
    with pytest.raises(Refused, match="没有选人"):
        issue([], by=office, on=TODAY)
    with pytest.raises(Refused, match="没有这个账号"):
        issue(["nobody"], by=office, on=TODAY)


def test_accounts_of_the_demo_and_of_old_are_not_asked_for(world, office):
    make.user(Role.TEACHER, world.here.school_class)
    assert seen_by(office) == set()


def test_what_a_system_administrator_proposes_brings_him_no_password(world, root):
    given = give("new1", Role.OFFICE, world.here.school, root)
    assert not given.user.has_usable_password()


@pytest.mark.parametrize("role", [Role.OFFICE, Role.SECURITY_ADMIN])
def test_the_list_takes_as_many_statements_for_many_as_for_few(world, role):
    of, kind = (world.here.school_class, Role.TEACHER) if role is Role.OFFICE else (
        world.here.county, Role.BUREAU)  # fmt: skip

    def asked() -> int:
        by = User.objects.get(pk=who.pk)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            newcomers(by, TODAY)
        return len(captured)

    who = person(role, world.here)
    make.newcomer(kind, of)
    few = asked()
    for _ in range(12):
        make.newcomer(kind, of)
    assert len(newcomers(who, TODAY)) == 13 and asked() == few
