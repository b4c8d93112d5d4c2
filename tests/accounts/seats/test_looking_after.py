"""Accounts looked after by who may give all their seats; who is no second word to whom."""

import pytest
from django.db import transaction
from django.test import Client

from accounts.enums import Role, SeatState
from accounts.history import record
from accounts.models import Change, User
from accounts.seats.accounts import rename, reopen, reset_password, stop, unlock
from accounts.seats.independence import why_dependent
from regions.refusals import Refused
from tests import factories as make
from tests.accounts.seats.giving import DAY, MONDAY, give
from tests.counties import TODAY, person

pytestmark = pytest.mark.django_db


class TestLookingAfterAnAccount:
    @pytest.fixture
    def teacher(self, world) -> User:
        return make.user(Role.TEACHER, world.here.school_class, name="杨雪梅")

    def test_each_act_is_on_record_with_old_and_new(self, office, teacher):
        rename(teacher.username, "杨雪莲", by=office, on=TODAY)
        stop(teacher.username, reason="离职", by=office, on=TODAY)
        reopen(teacher.username, by=office, on=TODAY)
        unlock(teacher.username, by=office, on=TODAY)
        teacher.refresh_from_db()
        assert teacher.name == "杨雪莲" and teacher.is_active
        changes = {one.verb: one for one in Change.objects.filter(uid=teacher.username)}
        assert set(changes) == {"users.rename", "users.stop", "users.reopen", "users.unlock"}
        renamed = changes["users.rename"]
        assert (renamed.before, renamed.after) == ({"name": "杨雪梅"}, {"name": "杨雪莲"})

    def test_a_stopped_account_is_out_at_once(self, office, teacher):
        client = Client()
        client.force_login(teacher)
        stop(teacher.username, reason="离职", by=office, on=TODAY)
        assert client.get("/account/")["Location"].startswith("/login/")

    @pytest.mark.parametrize("act", [
        lambda name, by: rename(name, "别人", by=by, on=TODAY),
        lambda name, by: stop(name, reason="离职", by=by, on=TODAY),
        lambda name, by: unlock(name, by=by, on=TODAY),
        lambda name, by: reset_password(name, by=by, on=TODAY),
    ])  # fmt: skip
    def test_asks_for_all_open_seats_waiting_and_coming_ones_too(
        self, world, office, root, teacher, act
    ):
        coming = make.seat(teacher, Role.TEACHER, world.school_by.school_class, began=MONDAY)
        with pytest.raises(Refused, match="县教育体育局"):
            act(teacher.username, office)
        coming.delete()
        give(teacher.username, Role.BUREAU, world.here.county, root)
        with pytest.raises(Refused, match="。"):
            act(teacher.username, office)

    @pytest.mark.parametrize(
        ("role", "who"),
        [
            (Role.TEACHER, {Role.OFFICE, Role.PRINCIPAL}),
            (Role.OFFICE, {Role.BUREAU}),
            (Role.CENTRAL, {Role.BUREAU}),
            (Role.VILLAGE, {Role.TOWNSHIP}),
            (Role.TOWNSHIP, {Role.COUNTY_OFFICE}),
            (Role.BUREAU, {Role.SECURITY_ADMIN}),
            (Role.INSPECTOR, {Role.SECURITY_ADMIN}),
            (Role.SYSTEM_ADMIN, {Role.SECURITY_ADMIN}),
            (Role.SECURITY_ADMIN, {Role.SECURITY_ADMIN}),
        ],
    )
    def test_a_password_is_reset_from_above_and_in_the_county_by_security(self, world, role, who):
        of = person(role, world.here)
        able = set()
        for giver in Role:
            by = person(giver, world.here)
            try:
                with transaction.atomic():
                    reset_password(of.username, by=by, on=TODAY)
                    able.add(giver)
                    transaction.set_rollback(True)
            except Refused:
                pass
        assert able == who

    def test_oneself_is_looked_after_by_another(self, office, security):
        for act in (lambda: reset_password(security.username, by=security, on=TODAY),
                    lambda: stop(office.username, reason="", by=office, on=TODAY)):  # fmt: skip
            with pytest.raises(Refused, match="自己"):
                act()


def changed(user: User) -> None:
    """Its holder changed the first password."""
    user.must_change_password = False
    user.save(update_fields=["must_change_password"])


def reset_of(user: User, by: User) -> None:
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    record("users.reset_password", "user", user.username, path="", by=by, on=TODAY)


class TestIndependence:
    def test_who_gave_a_seat_is_never_second_word_to_its_holder(self, world, office):
        seat = give("bzr2", Role.TEACHER, world.here.school_class, office)
        assert "不能做新人的第二人" in why_dependent(office, seat.user, TODAY + 400 * DAY)
        changed(seat.user)
        assert why_dependent(seat.user, office, TODAY) == ""

    @pytest.mark.parametrize(("days", "free"), [(0, False), (10, False), (29, False), (30, True)])
    def test_who_reset_a_password_is_none_for_30_days(self, world, office, days, free):
        teacher = make.user(Role.TEACHER, world.here.school_class)
        reset_password(teacher.username, by=office, on=TODAY)
        changed(teacher)
        assert (why_dependent(office, teacher, TODAY + days * DAY) == "") is free

    def test_nor_as_long_as_it_is_still_the_password_in_use(self, world, office):
        teacher = make.user(Role.TEACHER, world.here.school_class)
        reset_password(teacher.username, by=office, on=TODAY)
        teacher.refresh_from_db()
        assert "还在用" in why_dependent(office, teacher, TODAY + 400 * DAY)
        other = make.user(Role.OFFICE, world.here.school)
        assert why_dependent(other, teacher, TODAY + 400 * DAY) == ""
        changed(teacher)
        assert why_dependent(office, teacher, TODAY + 400 * DAY) == ""

    @pytest.mark.parametrize("let_in", [True, False])
    def test_nor_who_gave_a_seat_to_who_gave_it(self, world, let_in):
        bureau, beside = (make.user(Role.BUREAU, world.here.county) for _ in range(2))
        head = give("head", Role.PRINCIPAL, world.here.school, bureau)
        teacher = give("bzr2", Role.TEACHER, world.here.school_class, head.user).user
        if not let_in:
            head.user.seats.update(state=SeatState.REFUSED, ended_by=bureau)
        assert ("安排的人" in why_dependent(bureau, teacher, TODAY)) is let_in
        assert why_dependent(beside, teacher, TODAY) == ""

    def test_a_circle_of_giving_ends(self, world, django_assert_max_num_queries):
        one, other, third = (make.user(Role.OFFICE, world.here.school) for _ in range(3))
        for by, to in ((one, other), (other, one), (other, third)):
            to.seats.update(granted_by=by)
        with django_assert_max_num_queries(8):
            assert "安排的人" in why_dependent(one, third, TODAY)
        assert why_dependent(third, one, TODAY) == ""

    def test_nor_an_account_whose_first_password_the_asker_or_its_maker_set(self, world, office):
        bureau = make.user(Role.BUREAU, world.here.county)
        asker = give("bzr2", Role.TEACHER, world.here.school_class, office).user
        changed(asker)
        for setter in (asker, office):
            reset_of(bureau, setter)
            assert "先改密码" in why_dependent(bureau, asker, TODAY)
        reset_of(bureau, make.user(Role.SECURITY_ADMIN))
        assert why_dependent(bureau, asker, TODAY) == ""
        reset_of(bureau, office)
        changed(bureau)
        assert why_dependent(bureau, asker, TODAY) == ""

    def test_nobody_is_his_own(self, office):
        assert why_dependent(office, office, TODAY)

    def test_strangers_are_independent(self, office, root):
        assert why_dependent(office, root, TODAY) == ""


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.OFFICE])
def test_without_a_seat_no_password_is_given_and_nobody_is_sent_to_himself(world, role):
    """The system administrator was told to leave it to the system administrator."""
    gone = make.user(name="杨雪梅")
    with pytest.raises(Refused, match="先办任职") as said:
        reset_password(gone.username, by=person(role, world.here), on=TODAY)
    assert "由系统管理员处理" not in str(said.value)
