"""Accounts and seats from a file."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts import history
from accounts.enums import ADMIN_ROLES, ROLE_ALIASES, Role, SeatState, Unit, unit_of
from accounts.file_door.door import Door, bring, preview
from accounts.file_door.headings import column, simple_headings
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.reading import read_book
from accounts.file_door.rows import Row, RowSet, rows_of
from accounts.login.password_rule import first_password
from accounts.login.passwords import set_password
from accounts.models import Seat, User
from accounts.rights import AdminRight, require
from accounts.seats.rules.granting import levels_of
from accounts.seats.usernames import SYSTEM, USERNAME
from regions.enums import Level
from regions.models import Region, RegionCode, School, SchoolClass
from regions.rules.classnames import read_class

TAKEN = "已有账号 {username}，只差大小写，容易混淆。请换一个用户名，或照原样填写。"
HEADINGS = simple_headings(
    [
        column("用户名", "账号", longest=40),
        column("姓名", longest=40),
        column("角色", "岗位", longest=20, filled=True),
        column("单位代码", "学校标识码 区划代码", longest=12, filled=True),
        column("班级", longest=30, filled=True),
    ],
    "用户名",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One account row of a file: who, in which role, for which unit."""

    username: str
    name: str
    role: Role
    unit: Region | School | SchoolClass | None


@dataclass
class UsersPlan(FilePlan):
    """The accounts and seats a file wants beyond those that stand."""

    wanted: list[Wanted] = field(default_factory=list)

    def told(self) -> object:
        counts = [self.outcome.created, self.outcome.updated, self.outcome.unchanged]
        seats = [(one.username, one.role, one.unit.path if one.unit else "") for one in self.wanted]
        return [counts, seats]


def import_users(
    content: bytes, filename: str, *, by: User, on: date, apply: bool, partial: bool = False
) -> tuple[Outcome, list[tuple[str, str, str]]]:
    """Accounts and seats from a file. Returns the outcome and (username, name, first password)s.

    First passwords exist only in that answer: they are kept nowhere in clear.
    """
    if not apply:
        return preview(USERS, content, filename, by=by, on=on).outcome, []
    answer = bring(USERS, content, filename, by=by, on=on, partial=partial)
    return answer.plan.outcome, answer.given or []


def _rows(content: bytes, filename: str) -> RowSet:
    return rows_of(read_book(content, filename), HEADINGS)


def plan_users(rows: RowSet, *, by: User, on: date) -> UsersPlan:
    """Which accounts and seats the rows ask for that do not stand on the day."""
    plan = UsersPlan(Outcome.of(rows))
    seats: dict[str, set[tuple[str, str]]] = {}
    held = Seat.objects.on(on).values_list("user__username", "role", "path")
    for username, role, path in held:
        seats.setdefault(username, set()).add((role, path))
    names = dict(User.objects.values_list("username", "name"))
    spelled = {username.lower(): username for username in names}
    for row in plan.outcome.sound(rows):
        _plan_row(row, plan, names, spelled, seats, on)
        plan.outcome.reject(row.faults)
    return plan


def _plan_row(row: Row, plan: UsersPlan, names: dict, spelled: dict, seats: dict, on: date) -> None:
    username, name = row.text("用户名"), row.text("姓名")
    role = ROLE_ALIASES.get(row.text("角色")) or _by_value(row.text("角色"))
    if username.lower() == SYSTEM:
        return row.fault("用户名", "system 是系统任务的账号，请换一个用户名。")
    if not USERNAME.fullmatch(username):
        return row.fault("用户名", "用户名只能用字母、数字、_ . @ -，2 至 40 位。")
    standing = spelled.get(username.lower(), username)
    if standing != username:
        return row.fault("用户名", TAKEN.format(username=standing))
    if not name:
        return row.fault("姓名", "姓名不能为空。")
    if role is None or role is Role.SYSTEM:
        offered = "、".join(role.label for role in Role if role is not Role.SYSTEM)
        return row.fault("角色", f"角色不认识，可填：{offered}。")
    if names.get(username, name) != name:
        return row.fault("姓名", "这个用户名已是另一个人的，请换一个用户名。")
    unit = _unit(row, role, on)
    if row.faults:
        return None
    if _mixes_administrators(role, seats.get(username, set())):
        return row.fault("角色", "系统、安全、审计三员要分开，不能由同一账号兼任。")
    held = (role, unit.path if unit else "")
    if held in seats.get(username, set()):
        plan.outcome.unchanged += 1
        return None
    counted = "updated" if username in names else "created"
    setattr(plan.outcome, counted, getattr(plan.outcome, counted) + 1)
    names[username], spelled[username.lower()] = name, username
    seats.setdefault(username, set()).add(held)
    plan.wanted.append(Wanted(username, name, role, unit))
    return None


def _by_value(text: str) -> Role | None:
    return Role(text) if text in set(Role) else None


def _mixes_administrators(role: Role, held: set[tuple[str, str]]) -> bool:
    """三员: an administrator holds that one seat and no other."""
    others = {Role(value) for value, _ in held} - {role}
    return bool(others) and bool(({role} | others) & ADMIN_ROLES)


def _unit(row: Row, role: Role, on: date) -> Region | School | SchoolClass | None:
    """The unit a row names; None where the role has none, or with a fault kept."""
    kind, code = unit_of(role), row.text("单位代码")
    if kind is Unit.NONE:
        return None
    if kind is Unit.REGION:
        found = RegionCode.objects.filter(code=code, ended=None).select_related("region").first()
        levels = levels_of(role)
        if found and found.region.level in levels:
            return found.region
        named = "、".join(Level(level).label for level in sorted(levels))
        wrong = f"{role.label}的单位应是{named}一级，请改正区划代码。"
        return row.fault("单位代码", wrong if found else "没有这个区划，请先导入区划。")
    school = School.objects.filter(code=code).first()
    if school is None:
        return row.fault("单位代码", "没有这所学校，请先导入学校。")
    return _class_of(row, school, on) if kind is Unit.CLASS else school


def _class_of(row: Row, school: School, on: date) -> SchoolClass | None:
    named = row.take("班级", read_class, on, school.stages)
    if named is None:
        return None
    found = SchoolClass.objects.filter(
        school=school, stage=named.stage, entry_year=named.entry_year, number=named.number
    ).first()
    if found is None:
        row.fault("班级", "本校没有这个班。班级随名册建立，请先导入名册，或改正班级。")
    return found


def apply_users(plan: UsersPlan, *, by: User, on: date) -> list[tuple[str, str, str]]:
    """Make the accounts and seats; (username, name, first password) of each new account."""
    passwords = []
    for wanted in plan.wanted:
        user = User.objects.filter(username=wanted.username).first()
        if user is None:
            user = User(username=wanted.username, name=wanted.name)
            password = first_password()
            set_password(user, password, first=True)
            user.save()
            passwords.append((user.username, user.name, password))
        seat = _seat(user, wanted, on)
        history.record(
            "users.seat",
            "user",
            user.username,
            path=seat.path,
            by=by,
            on=on,
            after={"role": wanted.role, "path": seat.path},
        )
    return passwords


def _seat(user: User, wanted: Wanted, on: date) -> Seat:
    links = {Region: "region", School: "school", SchoolClass: "school_class"}
    link = {links[type(wanted.unit)]: wanted.unit} if wanted.unit else {}
    path = wanted.unit.path if wanted.unit else ""
    until = on + timedelta(days=59) if wanted.role is Role.STAND_IN else None
    return Seat.objects.create(
        user=user,
        role=wanted.role,
        path=path,
        began=on,
        until=until,
        state=SeatState.ACTIVE,
        **link,
    )


USERS = Door(
    name="users", title="账号", read=_rows, plan=plan_users, apply=apply_users,
    require=lambda by: require(AdminRight.USERS, by), scopes=lambda by: [""],
)  # fmt: skip
