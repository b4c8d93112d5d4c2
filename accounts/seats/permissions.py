"""Who may give and end whose seat: the rule of granting, asked for a user and a unit."""

from collections.abc import Iterable
from datetime import date

from accounts.enums import STANDING, Role
from accounts.models import Seat, User
from accounts.seats.rules.granting import Effect, Place, effect_of
from regions.enums import Level, SchoolKind
from regions.models import Region, School, SchoolClass
from regions.paths import county_of, covers, township_of
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
NO_ACCOUNT = "没有这个账号，或不在你的管辖范围内。"


def place_of(unit: Unit | None) -> Place:
    """A unit as the rule of granting asks about it."""
    if unit is None:
        return Place()
    township, county = township_of(unit.path), county_of(unit.path)
    if isinstance(unit, Region):
        return Place(level=Level(unit.level), township=township, county=county)
    school = unit.school if isinstance(unit, SchoolClass) else unit
    return Place(
        teaching_point=school.kind == SchoolKind.TEACHING_POINT,
        school=school.path,
        led_by=school.led_by_id,
        township=township,
        county=county,
    )


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
