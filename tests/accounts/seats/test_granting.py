"""Seats given: by whom, to whom, for which days; one 班主任 a class."""

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role, SeatState
from accounts.models import Change, Seat, User
from accounts.seats.activating import activate
from accounts.seats.ending import end
from accounts.seats.granting import Term, grant
from accounts.seats.slips import issue
from regions.refusals import Refused
from tests import factories as make
from tests.accounts.seats.giving import DAY, MONDAY, give, reach_of
from tests.counties import TODAY, person, unit_in

pytestmark = pytest.mark.django_db


class TestGranting:
    def test_from_above_it_works_at_once_and_brings_an_account(self, world, office):
        granted = grant(
            "bzr2",
            Term(Role.TEACHER, world.here.school_class, TODAY),
            name="陈海燕",
            by=office,
            on=TODAY,
        )
        user = User.objects.get(username="bzr2")
        assert user.check_password(granted.password) and user.must_change_password
        assert granted.seat.state == SeatState.ACTIVE and granted.seat.activated_by is None
        assert reach_of(user) == {world.here.school_class.path}
        change = Change.objects.get(verb="seats.grant")
        assert (change.uid, change.by, change.after["state"]) == ("bzr2", office, "active")

    @pytest.mark.parametrize("by_another", [True, False])
    def test_a_first_password_nobody_changed_ends_when_another_gives_a_seat(
        self, world, office, by_another
    ):
        first = grant("bzr2", Term(Role.TEACHER, world.here.school_class, TODAY), name="陈海燕",
                      by=office, on=TODAY)  # fmt: skip
        beside = make.school_class(world.here.school, number=8)
        by = person(Role.PRINCIPAL, world.here) if by_another else office
        give("bzr2", Role.TEACHER, beside, by)
        user = User.objects.get(username="bzr2")
        assert user.check_password(first.password) is not by_another
        assert bool(user.sessions_from) is by_another
        if by_another:
            (slip,) = issue(["bzr2"], by=by, on=TODAY)
            assert User.objects.get(username="bzr2").check_password(slip.password)

    def test_a_password_of_one_s_own_stays(self, world, office):
        teacher = person(Role.TEACHER, world.here)
        before = teacher.password
        give(teacher.username, Role.TEACHER, make.school_class(world.here.school, number=8), office)
        assert User.objects.get(pk=teacher.pk).password == before

    def test_by_a_system_administrator_it_waits_and_reaches_nobody(self, world, root):
        """Acceptance 1: he files himself a seat of the bureau; nobody lets it in."""
        seat = give(root.username, Role.BUREAU, world.here.county, root)
        assert seat.state == SeatState.PROPOSED
        assert User.objects.get(pk=root.pk).reach.roles == {Role.SYSTEM_ADMIN}
        with pytest.raises(Refused, match="安全管理员启用或退回"):
            activate([seat.pk], by=User.objects.get(pk=root.pk), on=TODAY)
        answer = activate([seat.pk], by=make.user(Role.SECURITY_ADMIN), on=TODAY)
        assert [why for _, why in answer.left] == ["三员要分开：这一份只能退回。"]
        assert reach_of(root) == {""}

    @pytest.mark.parametrize(
        ("giver", "role", "unit", "says"),
        [
            (Role.OFFICE, Role.TEACHER, "school_by", "教务处"),
            (Role.OFFICE, Role.PRINCIPAL, "here", "县教育体育局"),
            (Role.TEACHER, Role.TEACHER, "here", "教务处"),
            (Role.CENTRAL, Role.TEACHER, "here", "教务处"),
            (Role.BUREAU, Role.TEACHER, "here", "教务处"),
            (Role.BUREAU, Role.OFFICE, "far", "县教育体育局"),
            (Role.TOWNSHIP, Role.VILLAGE, "school_by", "乡镇"),
            (Role.TOWNSHIP, Role.TOWNSHIP, "here", "专班"),
            (Role.COUNTY_OFFICE, Role.BUREAU, "here", "系统管理员"),
            (Role.BUREAU, Role.INSPECTOR, "here", "系统管理员"),
            (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, "here", "系统管理员"),
        ],
    )
    def test_is_refused_to_who_is_not_above(self, world, giver, role, unit, says):
        at = unit_in(role, getattr(world, unit))
        with pytest.raises(Refused, match=says):
            give("new1", role, at, person(giver, world.here))
        assert not User.objects.filter(username="new1").exists()

    def test_nobody_gives_himself_a_seat_that_works_at_once(self, world, office):
        with pytest.raises(Refused, match="自己"):
            give(office.username, Role.TEACHER, world.here.school_class, office)

    @pytest.mark.parametrize(
        ("began", "says"),
        [(TODAY - 30 * DAY, ""), (TODAY - 31 * DAY, "太早"), (TODAY + 180 * DAY, ""),
         (TODAY + 181 * DAY, "太远")],
    )  # fmt: skip
    def test_may_begin_30_days_back_and_180_ahead(self, world, office, began, says):
        if says:
            with pytest.raises(Refused, match=says):
                give("new1", Role.TEACHER, world.here.school_class, office, began)
        else:
            give("new1", Role.TEACHER, world.here.school_class, office, began)

    @pytest.mark.parametrize(
        ("role", "unit"), [(Role.OFFICE, "county"), (Role.VILLAGE, "township"), (Role.BUREAU, None)]
    )
    def test_a_role_sits_at_its_own_kind_of_unit(self, world, root, role, unit):
        at = getattr(world.here, unit) if unit else None
        with pytest.raises(Refused, match="不在这一级"):
            give("new1", role, at, root)

    def test_a_name_of_another_is_not_taken_over(self, world, office):
        make.user(username="bzr2", name="李娜")
        with pytest.raises(Refused, match="另一个人"):
            give("bzr2", Role.TEACHER, world.here.school_class, office, name="陈海燕")

    def test_to_a_stopped_account_it_is_refused(self, world, office):
        User.objects.filter(pk=make.user(username="bzr2").pk).update(is_active=False)
        with pytest.raises(Refused, match="停用"):
            give("bzr2", Role.TEACHER, world.here.school_class, office)

    def test_twice_it_is_refused_in_words_and_by_the_database(self, world, office):
        seat = give("bzr2", Role.TEACHER, world.here.school_class, office)
        with pytest.raises(Refused, match="已有这份任职"):
            give("bzr2", Role.TEACHER, world.here.school_class, office)
        seat.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            seat.save()

    @pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
    def test_an_administrator_gets_no_class(self, world, office, role):
        admin = make.user(role)
        with pytest.raises(Refused, match="三员"):
            give(admin.username, Role.TEACHER, world.here.school_class, office)


class TestOneTeacherAClass:
    def test_a_second_one_is_named_and_refused(self, world, office):
        give("bzr2", Role.TEACHER, world.here.school_class, office, name="张海波")
        with pytest.raises(Refused, match=r"七\(1\)班已有班主任张海波，先办离任或换班。"):
            give("bzr3", Role.TEACHER, world.here.school_class, office)

    def test_one_after_the_other_is_right(self, world, office):
        first = give("bzr2", Role.TEACHER, world.here.school_class, office)
        end(first.pk, last=MONDAY - DAY, reason="调走", by=office, on=TODAY)
        give("bzr3", Role.TEACHER, world.here.school_class, office, MONDAY)
        with pytest.raises(Refused, match="已有班主任"):
            give("bzr4", Role.TEACHER, world.here.school_class, office, MONDAY - DAY)

    def test_a_stand_in_beside_the_teacher_is_right_for_60_days(self, world, office):
        teacher = give("bzr2", Role.TEACHER, world.here.school_class, office)
        last = TODAY + 59 * DAY
        seat = give("bzr3", Role.STAND_IN, world.here.school_class, office, until=last,
                    stands_in_for=teacher)  # fmt: skip
        assert seat.stands_in_for == teacher
        for until in (last + DAY, None):
            with pytest.raises(Refused, match="60 天"):
                give("bzr4", Role.STAND_IN, world.here.school_class, office, until=until)
            with pytest.raises(IntegrityError), transaction.atomic():
                Seat.objects.filter(pk=seat.pk).update(until=until)

    def test_a_stand_in_stands_in_for_the_class_s_own_teacher(self, world, office):
        other = give("bzr2", Role.TEACHER, world.class_by.school_class, office)
        with pytest.raises(Refused, match="本班班主任"):
            give("bzr3", Role.STAND_IN, world.here.school_class, office, until=TODAY,
                 stands_in_for=other)  # fmt: skip
