"""A county comes out of every state of its administrators by documented means: the verbs of the page,
`reset_admin` at the server, and at most 30 days of waiting."""

from contextlib import contextmanager, suppress
from datetime import date, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.enums import ADMIN_ROLES, Role
from accounts.login import brakes
from accounts.models import Change, Seat, User
from accounts.seats.accounts import reopen, reset_password, stop
from accounts.seats.activating import activate
from accounts.seats.ending import end
from accounts.seats.first_accounts import first_admin, reset_admin
from accounts.seats.granting import Term, grant
from accounts.seats.independence import RESET_HOLDS, made_by
from regions import clock
from regions.refusals import Refused
from tests import factories as make
from tests.counties import TODAY

pytestmark = pytest.mark.django_db
PASSWORD, FRESH = "Lanping-2026", "Baishui-2027"
DAY = timedelta(days=1)
KINDS = sorted(ADMIN_ROLES)
NAMES = [f"admin{n}" for n in range(6)]


class County:
    """The administrators of a county, and what they do to each other, day after day."""

    def __init__(self, settings) -> None:
        self.settings = settings
        self.go_to(TODAY)
        for name, role in zip(NAMES, KINDS, strict=False):
            first_admin(name, PASSWORD, role=role, on=TODAY)

    def go_to(self, day: date) -> None:
        self.on = self.settings.KONGCHUO_TODAY = day

    def holders(self, role: Role) -> list[User]:
        """Who can log in as one of the kind; each read anew."""
        seats = Seat.objects.on(self.on).filter(role=role, user__is_active=True)
        return list(User.objects.filter(pk__in=seats.values("user")).order_by("pk"))

    def bring(self, by: User, username: str, role: Role) -> None:
        name = "" if User.objects.filter(username=username).exists() else username
        grant(username, Term(role, None, self.on), name=name, by=by, on=self.on)

    def let_in(self, by: User) -> None:
        waiting = list(Seat.objects.waiting().values_list("pk", flat=True))
        activate(waiting, by=by, on=self.on)

    def end(self, by: User, of: User) -> None:
        for seat in of.seats.on(self.on):
            end(seat.pk, last=self.on, reason="调走", by=by, on=self.on)

    def anything(self, rng: Random) -> None:
        """One act of one administrator, allowed or refused."""
        system, security = (self.holders(role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN))
        asker, judge = rng.choice(system), rng.choice(security)
        other = User.objects.filter(username=rng.choice(NAMES)).first() or judge
        act = rng.choice(
            ["bring", "bring", "in", "in", "reset", "reset", "end", "end", "stop", "back"]
        )
        try:
            if act == "bring":
                self.bring(asker, rng.choice(NAMES), Role(rng.choice(KINDS)))
            elif act == "in":
                self.let_in(judge)
            elif act == "reset":
                reset_password(other.username, by=judge, on=self.on)
            elif act == "end":
                self.end(asker, other)
            elif act == "stop":
                stop(other.username, reason="病", by=asker, on=self.on)
            else:
                reopen(other.username, by=asker, on=self.on)
        except Refused:
            pass

    @contextmanager
    def undone(self):
        day, point = self.on, transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)
        self.go_to(day)

    def comes_out(self) -> bool:
        """Everybody forgot the password and waited: can new administrators of each kind come in, who
        can do their work?"""
        with self.undone():
            for role in KINDS:
                for user in self.holders(Role(role)):
                    reset_admin(user.username, FRESH, on=self.on)
            self.go_to(self.on + RESET_HOLDS)
            return any(
                self._staffs(asker.pk, judge.pk)
                for asker in self.holders(Role.SYSTEM_ADMIN)
                for judge in self.holders(Role.SECURITY_ADMIN)
            )

    def _staffs(self, asker: int, judge: int) -> bool:
        for role in KINDS:
            self.bring(User.objects.get(pk=asker), f"new-{role}-{asker}-{judge}", Role(role))
        try:
            self.let_in(User.objects.get(pk=judge))
            for role in KINDS:
                reset_password(
                    f"new-{role}-{asker}-{judge}", by=User.objects.get(pk=judge), on=self.on
                )
        except Refused:
            return False
        fresh = User.objects.get(username=f"new-{Role.SECURITY_ADMIN}-{asker}-{judge}")
        return fresh.reach.holds(Role.SECURITY_ADMIN) and not made_by(fresh)


@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", range(6))
def test_after_anything_administrators_did_a_county_comes_out(settings, seed):
    county, rng = County(settings), Random(seed)
    left = 0
    for _ in range(30):
        county.anything(rng)
        county.go_to(county.on + rng.randrange(3) * DAY)
        assert county.comes_out(), f"stuck on {county.on}"
        left = Change.objects.filter(verb="seats.end").count()
    assert left or Change.objects.filter(verb="seats.grant").exists(), "nothing happened"


def test_a_security_administrator_who_once_gave_the_only_system_administrator_is_not_left_alone(
    settings,
):
    """He is no second word to him, for good: nothing could ever be let in again."""
    county = County(settings)
    (first,), (judge,) = county.holders(Role.SYSTEM_ADMIN), county.holders(Role.SECURITY_ADMIN)
    county.bring(first, "second", Role.SYSTEM_ADMIN)
    county.let_in(judge)
    county.end(first, first)
    county.go_to(county.on + DAY)
    second = User.objects.get(username="second")
    county.bring(second, first.username, Role.SECURITY_ADMIN)
    county.let_in(User.objects.get(pk=judge.pk))
    reset_password(first.username, by=User.objects.get(pk=judge.pk), on=county.on)
    assert not made_by(first), "he can log in as himself alone"
    for leave in (county.end, lambda by, of: stop(of.username, reason="病", by=by, on=county.on)):
        with pytest.raises(Refused, match="算最后一位"):
            leave(User.objects.get(pk=second.pk), User.objects.get(pk=judge.pk))
    assert county.comes_out()


def test_who_has_had_no_password_from_another_yet_is_no_other_security_administrator(settings):
    county = County(settings)
    (root,), (judge,) = county.holders(Role.SYSTEM_ADMIN), county.holders(Role.SECURITY_ADMIN)
    county.bring(root, "second", Role.SECURITY_ADMIN)
    county.let_in(judge)
    with pytest.raises(Refused, match="算最后一位"):
        county.end(root, judge)
    reset_password("second", by=User.objects.get(pk=judge.pk), on=county.on)
    county.end(User.objects.get(pk=root.pk), judge)
    assert county.comes_out()


class TestAtTheServer:
    def run(self, username: str) -> str:
        out = StringIO()
        call_command("reset_admin", username, stdout=out)
        return out.getvalue()

    def test_the_last_security_administrator_gets_in_again(self, settings, monkeypatch):
        monkeypatch.setenv("KONGCHUO_ADMIN_PASSWORD", FRESH)
        (judge,) = County(settings).holders(Role.SECURITY_ADMIN)
        where = brakes.door(judge.username, "10.0.0.1")
        for _ in range(5):
            with suppress(brakes.Braked):
                brakes.tried(where, lambda: None, at=clock.now())
        said = self.run(judge.username)
        judge.refresh_from_db()
        assert judge.check_password(FRESH) and judge.must_change_password and judge.sessions_from
        assert where.wait(clock.now()) is None
        change = Change.objects.get(verb="users.reset_password")
        assert (change.by, change.uid, change.note) == (None, judge.username, "在服务器上重置")
        assert FRESH not in said

    def test_it_also_frees_one_whose_password_its_maker_may_know(self, settings, monkeypatch):
        monkeypatch.setenv("KONGCHUO_ADMIN_PASSWORD", FRESH)
        county = County(settings)
        (root,), (judge,) = county.holders(Role.SYSTEM_ADMIN), county.holders(Role.SECURITY_ADMIN)
        county.bring(root, "second", Role.SECURITY_ADMIN)
        county.let_in(judge)
        second = User.objects.get(username="second")
        assert made_by(second) == [root]
        self.run("second")
        assert made_by(second) == []

    @pytest.mark.parametrize("role", [None, Role.BUREAU, Role.OFFICE])
    def test_of_no_other_account(self, settings, monkeypatch, role):
        monkeypatch.setenv("KONGCHUO_ADMIN_PASSWORD", FRESH)
        County(settings)
        unit = {Role.BUREAU: make.region("539901"), Role.OFFICE: make.school()}.get(role)
        user = make.user(role, unit)
        for username in (user.username, "nobody"):
            with pytest.raises(CommandError, match="。"):
                self.run(username)
        assert User.objects.get(pk=user.pk).check_password(make.PASSWORD)

    def test_not_with_a_weak_password_nor_of_a_stopped_account(self, settings, monkeypatch):
        county = County(settings)
        (judge,) = county.holders(Role.SECURITY_ADMIN)
        monkeypatch.setenv("KONGCHUO_ADMIN_PASSWORD", "lanping")
        with pytest.raises(CommandError, match="密码"):
            self.run(judge.username)
        monkeypatch.setenv("KONGCHUO_ADMIN_PASSWORD", FRESH)
        User.objects.filter(pk=judge.pk).update(is_active=False)
        with pytest.raises(CommandError, match="停用"):
            self.run(judge.username)
        assert not Change.objects.filter(verb="users.reset_password").exists()


def test_what_was_done_at_the_server_is_told_so_to_the_audit_administrator(settings, client):
    county = County(settings)
    reset_admin(NAMES[1], FRESH, on=county.on)
    client.force_login(make.user(Role.AUDIT_ADMIN))
    shown = client.get("/trail/seats/").content.decode()
    assert "服务器上" in shown and "在服务器上重置" in shown
