"""One row of a file of accounts: who, in which role, at which unit, for which days."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import ROLE_ALIASES, Role, Unit, unit_of
from accounts.file_door.headings import column, simple_headings
from accounts.file_door.rows import Row
from accounts.models import Seat
from accounts.seats.granting import STOPPED, Term
from accounts.seats.permissions import Unit as AnyUnit
from accounts.seats.rules.granting import levels_of, why_not_days
from accounts.seats.usernames import why_not_username
from regions.enums import Level
from regions.models import RegionCode, School, SchoolClass
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.classnames import read_class
from regions.rules.values import read_day

TAKEN = "已有账号 {username}，只差大小写，容易混淆。请换一个用户名，或照原样填写。"
BEGAN, UNTIL = "任职起", "任职止"
HEADINGS = simple_headings(
    [
        column("用户名", "账号", longest=40),
        column("姓名", longest=40),
        column("角色", "岗位", longest=20, filled=True),
        column("单位代码", "学校标识码 区划代码", longest=12, filled=True),
        column("班级", longest=30, filled=True),
        column(BEGAN, longest=30, day=True, filled=True),
        column(UNTIL, longest=30, day=True, filled=True),
    ],
    "用户名",
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account that stands: the name shown, and may it log in."""

    username: str
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that could be read: an account, and the seat it is to have."""

    row: Row
    username: str
    name: str
    term: Term

    @property
    def seat(self) -> tuple[str, str]:
        return self.term.role.value, self.term.path

    @property
    def speaks_for(self) -> tuple[str, str]:
        return speaks_for(self.term.role, self.term.unit)


def speaks_for(role: Role, unit: AnyUnit | None) -> tuple[str, str]:
    """The role and unit that such a row speaks for: for a class, all classes of the school."""
    at = unit.school if isinstance(unit, SchoolClass) else unit
    return role.value, at.path if at else ""


def unit_of_seat(seat: Seat) -> tuple[str, str]:
    return speaks_for(Role(seat.role), seat.unit)


def read_row(row: Row, spelled: dict[str, Account], on: date) -> Wanted | None:
    """The row as wanted; None with its faults kept. `spelled`: accounts by their names in small."""
    username, name = row.text("用户名"), row.text("姓名")
    if refusal := why_not_username(username):
        return row.fault("用户名", refusal)
    standing = spelled.get(username.lower())
    if standing and standing.username != username:
        return row.fault("用户名", TAKEN.format(username=standing.username))
    if standing and not standing.is_active:
        return row.fault("用户名", STOPPED)
    if not name:
        return row.fault("姓名", "姓名不能为空。")
    role = ROLE_ALIASES.get(row.text("角色")) or _by_value(row.text("角色"))
    if role is None or role is Role.SYSTEM:
        offered = "、".join(role.label for role in Role if role is not Role.SYSTEM)
        return row.fault("角色", f"角色不认识，可填：{offered}。")
    unit = _unit(row, role, on)
    began, until = _days(row, role, on)
    if row.faults:
        return None
    return Wanted(row, username, name, Term(role, unit, began, until))


def _by_value(text: str) -> Role | None:
    return Role(text) if text in set(Role) else None


def _days(row: Row, role: Role, on: date) -> tuple[date, date | None]:
    """任职起 (today where it is empty) and 任职止 (open); faults are kept beside each."""
    began = row.take(BEGAN, read_day, what=BEGAN) or on
    until = row.take(UNTIL, read_day, what=UNTIL)
    if refusal := believable.why_not(DateKind.SEAT, began, on=on):
        row.fault(BEGAN, refusal)
    elif not row.faults and (refusal := _why_not_until(role, began, until, on)):
        row.fault(UNTIL, refusal)
    return began, until


def _why_not_until(role: Role, began: date, until: date | None, on: date) -> str:
    far = believable.why_not(DateKind.SEAT_ENDS, until, on=on) if until else ""
    return far or why_not_days(role, began, until)


def _unit(row: Row, role: Role, on: date) -> AnyUnit | None:
    """The unit a row names; None where the role has none, or with a fault kept."""
    kind, code = unit_of(role), row.text("单位代码")
    if kind is Unit.NONE:
        return None
    if kind is Unit.REGION:
        return _region(row, role, code)
    school = School.objects.filter(code=code).first()
    if school is None:
        return row.fault("单位代码", "没有这所学校，请先导入学校。")
    return _class_of(row, school, on) if kind is Unit.CLASS else school


def _region(row: Row, role: Role, code: str) -> AnyUnit | None:
    found = RegionCode.objects.filter(code=code, ended=None).select_related("region").first()
    levels = levels_of(role)
    if found and found.region.level in levels:
        return found.region
    named = "、".join(Level(level).label for level in sorted(levels))
    wrong = f"{role.label}的单位应是{named}一级，请改正区划代码。"
    return row.fault("单位代码", wrong if found else "没有这个区划，请先导入区划。")


def _class_of(row: Row, school: School, on: date) -> SchoolClass | None:
    named = row.take("班级", read_class, on, school.stages)
    if named is None:
        return None
    found = SchoolClass.objects.filter(
        school=school, stage=named.stage, entry_year=named.entry_year, number=named.number
    ).first()
    if found is None:
        return row.fault("班级", "本校没有这个班。班级随名册建立，请先导入名册，或改正班级。")
    found.school = school
    return found
