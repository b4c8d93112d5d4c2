"""The list a person comes from when it does something with a seat, by the name its menu gives it."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.enums import SCHOOL_STAFF, Role
from accounts.models import User
from kongchuo.people.roster import READERS


@dataclass(frozen=True, slots=True)
class Home:
    """The name of an address and what menu and titles call it."""

    name: str
    title: str

    @property
    def url(self) -> str:
        return reverse(self.name)


OF_SCHOOLS = Home("people:index", "班主任与岗位")
OF_OTHERS = Home("people:index", "岗位")
OF_ADMINISTRATORS = Home("accounts:users", "账号")
WAITING = Home("people:waiting", "待启用任职")


def home_of(user: User) -> Home:
    """Schools give classes their teachers; others give seats; administrators keep accounts."""
    if user.reach.holds(*SCHOOL_STAFF):
        return OF_SCHOOLS
    return OF_OTHERS if user.reach.holds(*READERS) else OF_ADMINISTRATORS


def passwords_from(user: User) -> Home:
    """Where 发放初始密码 was pressed."""
    home = home_of(user)
    security = home is OF_ADMINISTRATORS and user.reach.holds(Role.SECURITY_ADMIN)
    return WAITING if security else home
