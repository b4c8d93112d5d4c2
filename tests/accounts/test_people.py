"""Accounts and seats: the first administrator, files of users, the three administrators, resets."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.enums import Role, Unit, unit_of
from accounts.models import Change, Seat, User
from accounts.seats.accounts import reset_password
from accounts.seats.activating import activate
from accounts.seats.first_accounts import first_admin, system_account
from accounts.seats.import_users import import_users
from regions.refusals import Refused
from tests import factories as make
from tests.counties import TODAY, World, person, two_counties, unit_in

pytestmark = pytest.mark.django_db
HEAD = "用户名,姓名,角色,单位代码,班级,任职起,任职止"
ADMINS = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = TODAY


@pytest.fixture
def world() -> World:
    return two_counties()


@pytest.fixture
def root() -> User:
    return first_admin("root1", "Lanping-2026", on=TODAY).user


@pytest.fixture
def office(world) -> User:
    return person(Role.OFFICE, world.here)


def let_in(username: str) -> User:
    """Activate all that waits for an account; the account read anew."""
    waiting = Seat.objects.waiting().filter(user__username=username).values_list("pk", flat=True)
    activate(waiting, by=make.user(Role.SECURITY_ADMIN), on=TODAY)
    return User.objects.get(username=username)


def bring(root: User, *lines: str, apply: bool = True, partial: bool = False):
    content = "\n".join([HEAD, *lines]).encode()
    return import_users(content, "users.csv", by=root, on=TODAY, apply=apply, partial=partial)


def code_for(role: Role, world: World) -> str:
    unit = unit_in(role, world.here)
    if unit_of(role) is Unit.CLASS:
        return unit.school.code
    return unit.code if unit_of(role) is Unit.SCHOOL else unit.codes.get().code


class TestFirstAdministrator:
    def test_has_one_seat_and_keeps_the_password_given(self):
        root = first_admin("root1", "Lanping-2026", on=TODAY).user
        assert root.reach.roles == {Role.SYSTEM_ADMIN} and not root.must_change_password
        assert (
            Client().post("/login/", {"username": "root1", "password": "Lanping-2026"})["Location"]
            == "/"
        )
        assert Change.objects.get().verb == "users.first_admin"

    def test_there_is_no_second_one(self, root):
        with pytest.raises(Refused, match="已经有了"):
            first_admin("root2", "Lanping-2026", on=TODAY)
        assert User.objects.count() == 1

    @pytest.mark.parametrize(
        ("username", "password"),
        [
            ("root1", "lanping"),
            ("r", "Lanping-2026"),
            ("管理员", "Lanping-2026"),
            ("a b", "Lanping-2026"),
        ],
    )
    def test_a_weak_password_or_a_bad_name_makes_nobody(self, username, password):
        with pytest.raises(Refused):
            first_admin(username, password, on=TODAY)
        assert not User.objects.exists() and not Seat.objects.exists()

    @pytest.mark.parametrize("username", ["bzr1", "BZR1", "System", "system"])
    def test_takes_no_name_that_stands_in_any_case(self, username):
        make.user(username="bzr1")
        with pytest.raises(Refused, match=r"大小写|system"):
            first_admin(username, "Lanping-2026", on=TODAY)

    def test_the_command_prints_the_name_and_never_the_password(self, monkeypatch):
        monkeypatch.setenv("KONGCHUO_ADMIN_PASSWORD", "Lanping-2026")
        out, err = StringIO(), StringIO()
        call_command("first_admin", "root1", stdout=out, stderr=err)
        seat = Seat.objects.get()
        assert json.loads(out.getvalue()) == {
            "username": "root1",
            "role": "system_admin",
            "seat": seat.pk,
        }
        assert "Lanping-2026" not in out.getvalue() + err.getvalue()


class TestAFileOfUsers:
    def test_names_that_differ_in_case_alone_are_one_name(self, world, root):
        school = world.here.school.code
        first, second = f"abc,魏岩板,教务处,{school},", f"ABC,李娜,校长,{school},"
        outcome = bring(root, first, second)
        (rejected,) = outcome.rejected
        assert (rejected.row, rejected.column) == (3, "用户名") and "abc" in rejected.message
        bring(root, first)
        for line in (second, second.replace("李娜", "魏岩板"), f"SYSTEM,李娜,校长,{school},"):
            outcome = bring(root, line)
            assert [one.column for one in outcome.rejected] == ["用户名"]

    def test_the_database_holds_no_two_names_that_differ_in_case_alone(self):
        make.user(username="abc")
        with pytest.raises(IntegrityError), transaction.atomic():
            make.user(username="ABC")

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}), ids=lambda role: role)
    def test_each_role_sits_at_its_unit(self, world, root, role):
        needs_unit = unit_of(role) is not Unit.NONE
        code = code_for(role, world) if needs_unit else ""
        school_class = "七(1)班" if unit_of(role) is Unit.CLASS else ""
        until = "2026-12-31" if role is Role.STAND_IN else ""
        line = f"new1,魏岩板,{role.label},{code},{school_class},,{until}"
        outcome = bring(root, line)
        assert outcome.rejected == [] and outcome.created == 1
        assert User.objects.get(username="new1").reach.seats == (), "it waits, and reaches nobody"
        user = let_in("new1")
        (held,) = user.reach.seats
        assert (held.role, held.path) == (
            role,
            unit_in(role, world.here).path if needs_unit else "",
        )
        assert user.name == "魏岩板" and user.must_change_password
        assert not user.has_usable_password(), "whoever brings the file knows nobody's password"

    @pytest.mark.parametrize(
        ("line", "column"),
        [
            (",魏岩板,教务处,5399010001,", "用户名"),
            ("老师一,魏岩板,教务处,5399010001,", "用户名"),
            ("x,魏岩板,教务处,5399010001,", "用户名"),
            ("new1,,教务处,5399010001,", "姓名"),
            ("new1,魏岩板,厨师,5399010001,", "角色"),
            ("new1,魏岩板,,5399010001,", "角色"),
            ("new1,魏岩板,系统任务,,", "角色"),
            ("new1,魏岩板,system,,", "角色"),
            ("new1,魏岩板,教务处,5399019999,", "单位代码"),
            ("new1,魏岩板,教务处,,", "单位代码"),
            ("new1,魏岩板,教务处,539901,", "单位代码"),
            ("new1,魏岩板,乡镇,539901888,", "单位代码"),
            ("new1,魏岩板,村干部,539901,", "单位代码"),
            ("new1,魏岩板,村干部,539901001,", "单位代码"),
            ("new1,魏岩板,乡镇,539901,", "单位代码"),
            ("new1,魏岩板,县教育局,539901001,", "单位代码"),
            ("new1,魏岩板,县教育局,53,", "单位代码"),
            ("new1,魏岩板,法院,539901001,", "单位代码"),
            ("new1,魏岩板,班主任,5399010001,", "班级"),
            ("new1,魏岩板,班主任,5399010001,七(9)班", "班级"),
            ("new1,魏岩板,班主任,5399010001,幼儿园", "班级"),
            ("taken,别人,教务处,5399010001,", "姓名"),
        ],
    )
    def test_a_bad_row_is_named_and_the_whole_file_stays_out(self, world, root, line, column):
        make.user(name="普文昌", username="taken")
        before = (User.objects.count(), Seat.objects.count())
        outcome = bring(root, "good1,杨雨欣,校长,5399010001,", line)
        (rejected,) = outcome.rejected
        assert (rejected.row, rejected.column) == (3, column)
        assert rejected.message.endswith("。")
        assert not outcome.applied
        assert (User.objects.count(), Seat.objects.count()) == before

    def test_the_good_rows_come_in_alone_only_when_asked_to(self, world, root):
        lines = ("good1,杨雨欣,校长,5399010001,", "new1,魏岩板,厨师,,")
        outcome = bring(root, *lines, partial=True)
        assert outcome.applied and User.objects.filter(username="good1").exists()
        assert not User.objects.filter(username="new1").exists()

    def test_a_dry_run_writes_nothing(self, world, root):
        outcome = bring(root, "good1,杨雨欣,校长,5399010001,", apply=False)
        assert outcome.created == 1 and not outcome.applied
        assert not User.objects.filter(username="good1").exists()

    def test_the_same_file_again_changes_nothing(self, world, root):
        line = "good1,杨雨欣,校长,5399010001,"
        bring(root, line)
        outcome = bring(root, line)
        assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, 1)
        assert Seat.objects.filter(user__username="good1").count() == 1

    @pytest.mark.parametrize("changed", [True, False])
    def test_a_second_seat_leaves_the_holder_s_own_password_and_ends_a_first_one_of_another(
        self, world, root, office, changed
    ):
        bring(root, "good1,杨雨欣,班主任,5399010001,七(1)班")
        password = reset_password(let_in("good1").username, by=office, on=TODAY)
        User.objects.filter(username="good1").update(must_change_password=not changed)
        outcome = bring(root, "good1,杨雨欣,班主任,5399010001,七(2)班")
        assert outcome.updated == 1
        user = let_in("good1")
        assert user.check_password(password) is changed and len(user.reach.seats) == 1

    def test_who_gave_which_seat_is_on_record(self, world, root):
        bring(root, "good1,杨雨欣,校长,5399010001,")
        change = Change.objects.get(verb="seats.grant")
        assert (change.by, change.uid, change.after["role"]) == (root, "good1", "principal")

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMIN}), ids=lambda role: role)
    def test_nobody_but_the_system_administrator_brings_users(self, world, role):
        with pytest.raises(Refused, match="系统管理员"):
            bring(person(role, world.here), "good1,杨雨欣,校长,5399010001,")
        assert not User.objects.filter(username="good1").exists()


class TestThreeAdministrators:
    @pytest.mark.parametrize("first", ADMINS)
    @pytest.mark.parametrize("second", [*ADMINS, Role.OFFICE])
    @pytest.mark.parametrize("order", [1, -1])
    def test_are_three_people(self, world, root, first, second, order):
        """In one file and in two, whichever of the two seats comes first."""
        if first is second:
            return
        lines = [
            f"new1,魏岩板,{role.label},{code_for(role, world) if role is Role.OFFICE else ''},"
            for role in (first, second)[::order]
        ]
        together = bring(root, *lines)
        assert [one.message for one in together.rejected] == [
            "系统、安全、审计三员要分开，不能由同一账号兼任。"
        ]
        assert not User.objects.filter(username="new1").exists()
        bring(root, lines[0])
        apart = bring(root, lines[1])
        assert len(apart.rejected) == 1
        assert User.objects.get(username="new1").seats.count() == 1

    def test_two_seats_that_are_no_administrators_may_be_one_person(self, world, root):
        office, teacher = (
            "good1,杨雨欣,教务处,5399010001,",
            "good1,杨雨欣,班主任,5399010001,七(1)班",
        )
        assert bring(root, office, teacher).rejected == []


class TestReset:
    @pytest.mark.parametrize("role", [Role.TEACHER, Role.STAND_IN])
    def test_a_teacher_of_ones_school_gets_a_first_password_again(self, world, office, role):
        teacher = person(role, world.class_by)
        client = Client()
        client.post("/login/", {"username": teacher.username, "password": make.PASSWORD})
        fresh = reset_password(teacher.username, by=office, on=TODAY)
        teacher.refresh_from_db()
        assert teacher.check_password(fresh) and teacher.must_change_password
        assert client.get("/account/").status_code == 302, "the old session is over"
        change = Change.objects.get(verb="users.reset_password")
        assert (change.by, change.uid) == (office, teacher.username)
        assert fresh not in str(change.after) + change.note

    def refused(self, username: str, by: User) -> None:
        before = dict(User.objects.values_list("username", "password"))
        with pytest.raises(Refused, match="。"):
            reset_password(username, by=by, on=TODAY)
        assert dict(User.objects.values_list("username", "password")) == before

    @pytest.mark.parametrize("where", ["school_by", "far"])
    def test_not_of_a_teacher_elsewhere(self, world, office, where):
        self.refused(person(Role.TEACHER, getattr(world, where)).username, office)

    @pytest.mark.parametrize(
        "role", sorted(set(Role) - {Role.TEACHER, Role.STAND_IN}), ids=lambda role: role
    )
    def test_not_of_anybody_who_is_no_teacher(self, world, office, role):
        self.refused(person(role, world.here).username, office)

    @pytest.mark.parametrize("more", [Role.OFFICE, Role.TOWNSHIP, Role.SYSTEM_ADMIN])
    def test_not_of_a_teacher_who_holds_another_seat(self, world, office, more):
        teacher = person(Role.TEACHER, world.here)
        make.seat(teacher, more, unit_in(more, world.here))
        self.refused(teacher.username, office)

    def test_not_of_a_teacher_with_a_class_at_another_school_too(self, world, office):
        teacher = person(Role.TEACHER, world.here)
        make.seat(teacher, Role.TEACHER, world.school_by.school_class)
        self.refused(teacher.username, office)

    def test_not_of_a_teacher_who_has_left(self, world, office):
        teacher = person(Role.TEACHER, world.here)
        teacher.seats.update(until=TODAY - timedelta(days=1))
        self.refused(teacher.username, office)

    def test_not_of_nobody(self, world, office):
        self.refused("nobody", office)

    @pytest.mark.parametrize(
        "role", sorted(set(Role) - {Role.OFFICE, Role.PRINCIPAL}), ids=lambda role: role
    )
    def test_not_by_anybody_but_the_school(self, world, role):
        self.refused(person(Role.TEACHER, world.here).username, person(role, world.here))


def test_the_account_of_the_jobs_cannot_log_in_and_reaches_no_child(world):
    account = system_account(on=TODAY)
    assert system_account(on=TODAY) == account
    assert not account.has_usable_password()
    assert account.reach.school_paths == account.reach.home_paths == ()


def test_the_system_account_gets_no_seat_from_a_file(tmp_path):
    county = make.region("539901")
    admin = make.user(Role.SYSTEM_ADMIN)
    content = f"用户名,姓名,角色,单位代码,班级\nsystem,某人,县教育局,{county.codes.get().code},\n"
    outcome = import_users(content.encode(), "a.csv", by=admin, on=TODAY, apply=True)
    assert "换一个用户名" in outcome.rejected[0].message
