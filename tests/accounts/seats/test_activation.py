"""Seats a system administrator proposed: who lets them in, and who cannot."""

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role, SeatState
from accounts.models import Change, Seat, User
from accounts.seats.accounts import reset_password
from accounts.seats.activating import activate, refuse_seat
from accounts.seats.ending import end
from accounts.seats.granting import Term, grant, move
from regions.clock import now
from regions.refusals import Refused
from tests import factories as make
from tests.accounts.seats.giving import DAY, MONDAY, give, reach_of
from tests.counties import TODAY, person

pytestmark = pytest.mark.django_db


class TestActivation:
    @pytest.fixture
    def waiting(self, world, root) -> Seat:
        return give("new1", Role.BUREAU, world.here.county, root, name="何建军")

    def test_lets_the_seat_reach_and_says_who_did(self, world, security, waiting):
        (seat,) = activate([waiting.pk], by=security, on=TODAY).seats
        assert (seat.state, seat.activated_by) == (SeatState.ACTIVE, security)
        assert reach_of(seat.user) == {world.here.county.path}
        change = Change.objects.get(verb="seats.activate")
        assert (change.by, change.before["state"], change.after["state"]) == (
            security, "proposed", "active",
        )  # fmt: skip

    def test_the_database_knows_no_activation_by_the_submitter(self, root, waiting):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seat.objects.filter(pk=waiting.pk).update(
                state=SeatState.ACTIVE, activated_by=root, activated_at=now()
            )

    def test_a_proposed_seat_has_no_activation_and_has_a_submitter(self, security, waiting):
        chosen = Seat.objects.filter(pk=waiting.pk)
        for wrong in ({"activated_by": security, "activated_at": now()}, {"granted_by": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                chosen.update(**wrong)

    def test_twice_the_second_is_told_that_it_is_done(self, security, waiting):
        activate([waiting.pk], by=security, on=TODAY)
        assert [why for _, why in activate([waiting.pk], by=security, on=TODAY).left] == [
            "这份任职已处理过。"
        ]

    def test_ones_own_seat_is_let_in_by_another(self, world, root, security):
        seat = give("new2", Role.BUREAU, world.here.county, root)
        Seat.objects.filter(pk=seat.pk).update(user=security)
        assert [why for _, why in activate([seat.pk], by=security, on=TODAY).left] == [
            "自己的任职由另一位安全管理员启用。"
        ]

    def test_a_security_administrator_made_by_the_submitter_lets_in_nothing_of_his(
        self, world, root, security, waiting
    ):
        """Whoever made the account may still know its first password."""
        second = give("sec2", Role.SECURITY_ADMIN, None, root)
        activate([second.pk], by=security, on=TODAY)
        (left,) = activate([waiting.pk], by=second.user, on=TODAY).left
        assert "由段立新建立" in left[1]
        reset_password("sec2", by=security, on=TODAY)
        assert (
            len(activate([waiting.pk], by=User.objects.get(username="sec2"), on=TODAY).seats) == 1
        )

    def test_who_reset_the_submitter_s_password_is_no_second_word_for_30_days(
        self, root, security, waiting
    ):
        """Acceptance 30."""
        reset_password(root.username, by=security, on=TODAY - 10 * DAY)
        (left,) = activate([waiting.pk], by=security, on=TODAY).left
        assert "重置过段立新的密码" in left[1]
        User.objects.filter(pk=root.pk).update(must_change_password=False)
        assert activate([waiting.pk], by=security, on=TODAY + 20 * DAY).seats

    @pytest.mark.parametrize("changed", [False, True])
    def test_a_first_password_from_another_ends_with_the_seat_let_in(
        self, world, office, root, security, changed
    ):
        """A school made the account of a coming person of the county, and could come in as that."""
        early = grant("liu1", Term(Role.TEACHER, world.here.school_class, TODAY), name="刘建",
                      by=office, on=TODAY)  # fmt: skip
        if changed:
            User.objects.filter(username="liu1").update(must_change_password=False)
        end(early.seat.pk, last=TODAY, reason="调走", by=office, on=TODAY)
        coming = give("liu1", Role.BUREAU, world.here.county, root, began=MONDAY, name="刘建")
        assert User.objects.get(username="liu1").check_password(early.password)
        assert activate([coming.pk], by=security, on=TODAY).seats
        user = User.objects.get(username="liu1")
        assert user.check_password(early.password) is changed
        said = Change.objects.get(verb="seats.activate", uid="liu1").note
        assert said == ("" if changed else "原来的初始密码是杨雪梅发的，已作废，请另发密码条")

    def test_a_first_password_from_who_lets_the_seat_in_stays(self, world, root, security, waiting):
        activate([waiting.pk], by=security, on=TODAY)
        password = reset_password("new1", by=security, on=TODAY)
        more = give("new1", Role.INSPECTOR, world.here.county, root)
        assert activate([more.pk], by=security, on=TODAY).seats
        assert User.objects.get(username="new1").check_password(password)

    def test_refused_it_is_never_let_in(self, security, waiting):
        refuse_seat([waiting.pk], reason="本县没有这个人", by=security, on=TODAY)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.ended_by) == (SeatState.REFUSED, security)
        assert not activate([waiting.pk], by=security, on=TODAY).seats
        with pytest.raises(Refused, match="已处理"):
            refuse_seat([waiting.pk], by=security, on=TODAY)

    @pytest.mark.parametrize("role", [Role.AUDIT_ADMIN, Role.BUREAU, Role.OFFICE])
    def test_nobody_but_the_security_administrator_judges(self, world, waiting, role):
        by = person(role, world.here)
        for act in (lambda: activate([waiting.pk], by=by, on=TODAY),
                    lambda: refuse_seat([waiting.pk], by=by, on=TODAY)):  # fmt: skip
            with pytest.raises(Refused, match="安全管理员"):
                act()

    def test_two_teachers_who_swap_classes_come_in_together(self, world, root, security):
        one, two = world.here.school_class, world.class_by.school_class
        first, second = make.user(Role.TEACHER, one), make.user(Role.TEACHER, two)
        moved = [
            move(first.seats.get().pk, two, first=MONDAY, by=root, on=TODAY),
            move(second.seats.get().pk, one, first=MONDAY, by=root, on=TODAY),
        ]
        assert reach_of(first, MONDAY) == {one.path}, "the old seat stands until the new is let in"
        alone = activate([moved[0].pk], by=security, on=TODAY)
        assert not alone.seats and "已有班主任" in alone.left[0][1]
        assert len(activate([seat.pk for seat in moved], by=security, on=TODAY).seats) == 2
        assert (reach_of(first, MONDAY), reach_of(second, MONDAY)) == ({two.path}, {one.path})
        assert reach_of(first, MONDAY - DAY) == {one.path}

    def test_of_two_proposed_for_one_class_one_comes_in(self, world, root, security):
        seats = [
            give(name, Role.TEACHER, world.here.school_class, root, name=name)
            for name in ("b1", "b2")
        ]
        answer = activate([seat.pk for seat in seats], by=security, on=TODAY)
        assert answer.seats == [seats[0]] and "只启用一位" in answer.left[0][1]
