"""Short ways to give seats and to ask what they reach."""

from datetime import date, timedelta

from accounts.enums import Role
from accounts.models import Seat, User
from accounts.seats.granting import Term, grant
from tests.counties import TODAY

MONDAY = date(2026, 12, 7)
DAY = timedelta(days=1)


def give(username: str, role: Role, unit, by: User, began: date = TODAY, **more) -> Seat:
    """A seat for an account of this name, made where none stands."""
    known = User.objects.filter(username=username).exists()
    name = more.pop("name", "" if known else "新人")
    return grant(username, Term(role, unit, began, **more), name=name, by=by, on=TODAY).seat


def reach_of(user: User, on: date = TODAY) -> set[str]:
    return {held.path for held in User.objects.get(pk=user.pk).reach_on(on).seats}
