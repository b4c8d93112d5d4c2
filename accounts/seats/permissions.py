"""Who may give, end and look after whose seat: the rule of granting, asked for a user and a unit."""

from collections.abc import Iterable, Sequence
from datetime import date

from accounts.enums import STANDING, Role, SeatState
from accounts.models import Seat, User
from accounts.seats.independence import made_by
from accounts.seats.rules.granting import Effect, Place, effect_of, is_of_the_county
from regions.enums import Level, SchoolKind
from regions.models import Region, School, SchoolClass
from regions.paths import covers
from regions.refusals import Refused

Unit = Region | School | SchoolClass

GIVEN_BY = {
    Role.TEACHER: "班主任由本校教务处或校长安排，教学点由中心校安排。",
    Role.STAND_IN: "代班由本校教务处或校长安排，教学点由中心校安排。",
    Role.OFFICE: "教务处由县教育体育局任命。",
    Role.PRINCIPAL: "校长由县教育体育局任命。",
    Role.CENTRAL: "中心校由县教育体育局任命。",
    Role.VILLAGE: "村干部由乡镇控辍专干登记。",
    Role.TOWNSHIP: "乡镇控辍专干由县控辍保学专班登记。",
    Role.LEADER: "乡镇、村的单位负责人由县控辍保学专班登记，县里的由系统管理员提交。",
}
BY_THE_SYSTEM_ADMINISTRATOR = "这类任职由系统管理员提交，安全管理员启用。"
NOT_ALL = "这个账号还有你管不到的任职，只有能办理它全部任职的人才能这样做。"
NO_SEAT = "这个账号没有在任的岗位，由系统管理员处理。"
NOTHING_TO_OPEN = "这个账号没有在任的岗位，密码没有人能重置。先办任职，再由安排任职的上级重置。"
NOT_ONESELF = "自己的账号不能由自己这样处理。"
NO_ACCOUNT = "没有这个账号，或不在你的管辖范围内。"
PASSWORD_BY_SECURITY = "县级岗位的密码由安全管理员重置。"  # noqa: S105
OWN_PASSWORD_KNOWN = "你的账号是{maker}建立的，先请另一位安全管理员重置你的密码，再办理。"  # noqa: S105
PASSWORD_FROM_ABOVE = "密码由安排任职的上级重置：教师找教务处，学校找县教育体育局，村找乡镇。"  # noqa: S105


def place_of(unit: Unit | None) -> Place:
    """A unit as the rule of granting asks about it."""
    if isinstance(unit, Region):
        return Place(level=Level(unit.level))
    school = unit.school if isinstance(unit, SchoolClass) else unit
    return Place(teaching_point=school is not None and school.kind == SchoolKind.TEACHING_POINT)


def effect(by: User, role: Role, unit: Unit | None) -> Effect | None:
    """What comes of `by` giving this role at this unit; None where it may not."""
    held = {
        seat.role
        for seat in by.reach.seats
        if seat.role is Role.SYSTEM_ADMIN or (unit is not None and covers(seat.path, unit.path))
    }
    return effect_of(role, place_of(unit), held)


def require_effect(by: User, role: Role, unit: Unit | None) -> Effect:
    """As `effect`. Raises Refused with who does give such a seat."""
    found = effect(by, role, unit)
    if found is None:
        raise Refused(GIVEN_BY.get(role, BY_THE_SYSTEM_ADMINISTRATOR))
    return found


def locked_account(username: str) -> User:
    """The account, its row locked. Raises Refused for an unknown one."""
    found = User.objects.select_for_update(no_key=True).filter(username=username).first()
    if found is None:
        raise Refused(NO_ACCOUNT)
    return found


def open_seats(user: User, on: date) -> list[Seat]:
    return list(user.seats.open(on).with_units())


def still_open(seats: Iterable[Seat], on: date) -> list[Seat]:
    """Of seats read before those that are not over on a day: as `open_seats`, without a query."""
    standing = [seat for seat in seats if seat.state in STANDING]
    return [seat for seat in standing if seat.until is None or seat.until >= on]


def why_not_look_after(user: User, *, by: User, seats: Sequence[Seat]) -> str:
    """Why `by` may not rename, stop or reopen an account with these open seats; "" when it may give
    all of them."""
    if user.pk == by.pk:
        return NOT_ONESELF
    if not seats:
        return "" if by.reach.holds(Role.SYSTEM_ADMIN) else NO_SEAT
    if all(effect(by, Role(seat.role), seat.unit) for seat in seats):
        return ""
    return NOT_ALL


def why_not_reset(user: User, *, by: User, seats: Sequence[Seat]) -> str:
    """Why `by` may not give an account with these open seats a new first password; "" when it may.

    Whoever sets a password could act as that person: so it is the unit above that gives all seats
    at once, and for seats of the county the security administrator, never the system administrator.
    """
    if user.pk == by.pk:
        return NOT_ONESELF
    if not seats:
        return NOTHING_TO_OPEN
    if is_kept_by_security(user, seats):
        return why_not_security(by)
    mine = [effect(by, Role(seat.role), seat.unit) is Effect.AT_ONCE for seat in seats]
    if all(mine):
        return ""
    return NOT_ALL if any(mine) else PASSWORD_FROM_ABOVE


def is_kept_by_security(user: User, seats: Sequence[Seat]) -> bool:
    """Has the account a seat of the county among these open ones, or was it ever active in one?"""
    active = [seat for seat in user.seats.all() if seat.state == SeatState.ACTIVE]
    return any(
        is_of_the_county(Role(seat.role), place_of(seat.unit).level) for seat in [*seats, *active]
    )


def why_not_security(by: User) -> str:
    """Why `by` may not reset the password of a seat of the county: it is no security administrator,
    or another may still know its own."""
    if not by.reach.holds(Role.SECURITY_ADMIN):
        return PASSWORD_BY_SECURITY
    makers = made_by(by)
    return OWN_PASSWORD_KNOWN.format(maker=makers[0].name) if makers else ""
