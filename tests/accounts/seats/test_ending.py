"""Seats moved and ended: the last day, what is as if never, the last administrator of a kind."""

import pytest
from django.test import Client

from accounts.enums import Role, SeatState
from accounts.models import Change, Seat, User
from accounts.seats.accounts import stop
from accounts.seats.ending import end
from accounts.seats.granting import move
from regions.refusals import Refused
from tests import factories as make
from tests.accounts.seats.giving import DAY, MONDAY, give, reach_of
from tests.counties import TODAY

pytestmark = pytest.mark.django_db


class TestMovingAndEnding:
    def test_a_teacher_changes_class_from_a_day(self, world, office, settings):
        """Acceptance 2: 七(1) until 12-06, then 404."""
        teacher = make.user(Role.TEACHER, world.here.school_class)
        new = move(
            teacher.seats.get().pk, world.class_by.school_class, first=MONDAY, by=office, on=TODAY
        )
        assert new.replaces.until == MONDAY - DAY and new.began == MONDAY
        for day, answers in ((MONDAY - DAY, (200, 404)), (MONDAY, (404, 200))):
            settings.KONGCHUO_TODAY = day
            client = Client()
            client.force_login(User.objects.get(pk=teacher.pk))
            told = [
                client.get(f"/students/{at.child.uid}/").status_code
                for at in (world.here, world.class_by)
            ]
            assert tuple(told) == answers, day
        verbs = list(Change.objects.values_list("verb", flat=True))
        assert verbs.count("seats.grant") == verbs.count("seats.end") == 1

    def test_a_move_to_a_class_with_a_teacher_is_refused_and_changes_nothing(self, world, office):
        teacher = make.user(Role.TEACHER, world.here.school_class)
        make.user(Role.TEACHER, world.class_by.school_class)
        with pytest.raises(Refused, match="已有班主任"):
            move(
                teacher.seats.get().pk,
                world.class_by.school_class,
                first=MONDAY,
                by=office,
                on=TODAY,
            )
        assert teacher.seats.get().until is None

    def test_a_move_out_of_one_s_school_is_refused(self, world, office):
        teacher = make.user(Role.TEACHER, world.here.school_class)
        with pytest.raises(Refused, match="教务处"):
            move(
                teacher.seats.get().pk,
                world.school_by.school_class,
                first=MONDAY,
                by=office,
                on=TODAY,
            )

    def test_an_ended_seat_reaches_until_its_last_day_and_stays_readable(self, world, office):
        seat = give("bzr2", Role.TEACHER, world.here.school_class, office)
        end(seat.pk, last=TODAY + DAY, reason="生育", by=office, on=TODAY)
        assert reach_of(seat.user, TODAY + DAY) and not reach_of(seat.user, TODAY + 2 * DAY)
        kept = Seat.objects.get(pk=seat.pk)
        assert (kept.state, kept.ended_by, kept.end_reason) == (SeatState.ACTIVE, office, "生育")
        change = Change.objects.get(verb="seats.end")
        assert (change.before["until"], change.after["until"]) == (None, str(TODAY + DAY))

    def test_one_that_would_end_before_it_began_is_as_if_never(self, world, office):
        seat = give("bzr2", Role.TEACHER, world.here.school_class, office, MONDAY)
        end(seat.pk, last=TODAY, reason="填错人", by=office, on=TODAY)
        seat.refresh_from_db()
        assert seat.state == SeatState.REVOKED and not reach_of(seat.user, MONDAY)
        give("bzr3", Role.TEACHER, world.here.school_class, office, MONDAY)

    def test_the_submitter_takes_back_what_still_waits(self, world, root):
        seat = give("new1", Role.BUREAU, world.here.county, root)
        assert end(seat.pk, last=TODAY, reason="填错", by=root, on=TODAY).state == SeatState.REVOKED

    def test_what_is_over_ends_no_second_time(self, world, office):
        seat = give("bzr2", Role.TEACHER, world.here.school_class, office)
        end(seat.pk, last=TODAY, reason="调走", by=office, on=TODAY)
        with pytest.raises(Refused, match="已经止于"):
            end(seat.pk, last=TODAY + DAY, reason="调走", by=office, on=TODAY + DAY)

    def test_ends_the_sessions_of_the_account(self, world, office):
        teacher = make.user(Role.TEACHER, world.here.school_class)
        client = Client()
        client.force_login(teacher)
        assert client.get("/account/").status_code == 200
        end(teacher.seats.get().pk, last=TODAY - DAY, reason="调走", by=office, on=TODAY)
        assert client.get("/account/")["Location"].startswith("/login/")

    @pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
    def test_the_last_administrator_of_a_kind_neither_ends_nor_is_stopped(self, root, role):
        only = root if role is Role.SYSTEM_ADMIN else make.user(role)
        with pytest.raises(Refused, match="最后一位"):
            end(only.seats.get().pk, last=TODAY, reason="调走", by=root, on=TODAY)
        if role is not Role.SYSTEM_ADMIN:
            with pytest.raises(Refused, match="最后一位"):
                stop(only.username, reason="调走", by=root, on=TODAY)
        make.user(role)
        assert only.seats.get().until is None
        assert end(only.seats.get().pk, last=TODAY, reason="调走", by=root, on=TODAY).until == TODAY

    def test_one_who_is_leaving_already_is_no_other_administrator(self, root):
        one, two = make.user(Role.AUDIT_ADMIN), make.user(Role.AUDIT_ADMIN)
        end(one.seats.get().pk, last=TODAY + 9 * DAY, reason="调走", by=root, on=TODAY)
        with pytest.raises(Refused, match="最后一位"):
            end(two.seats.get().pk, last=TODAY, reason="调走", by=root, on=TODAY)
