"""Accounts: the first administrator, accounts and seats from a file, passwords."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import history
from accounts.enums import ADMIN_ROLES, CLASS_ROLES, ROLE_ALIASES, Role, Unit, unit_of
from accounts.imports import Line, Outcome, lines_of
from accounts.models import Seat, User
from accounts.passwords import first_password
from accounts.rights import MAY, REFUSALS, AdminRight, require
from accounts.sheets import read_tables
from regions.classnames import read_class
from regions.clock import now
from regions.enums import Level
from regions.models import Region, RegionCode, School, SchoolClass
from regions.paths import common, covers
from regions.refusals import Refused
from regions.values import BadValue

SYSTEM = "system"
USERNAME = re.compile(r"[A-Za-z0-9_.@-]{2,40}")
HEADINGS = {
    "用户名": "用户名", "账号": "用户名",
    "姓名": "姓名",
    "角色": "角色", "岗位": "角色",
    "单位代码": "单位代码", "学校标识码": "单位代码", "区划代码": "单位代码",
    "班级": "班级",
}  # fmt: skip

LEVEL_OF = {Role.VILLAGE: Level.VILLAGE, Role.TOWNSHIP: Level.TOWNSHIP}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One account row of a file: who, in which role, for which unit."""

    username: str
    name: str
    role: Role
    unit: Region | School | SchoolClass | None


@dataclass
class Plan:
    on: date
    outcome: Outcome = field(default_factory=Outcome)
    wanted: list[Wanted] = field(default_factory=list)


def first_admin(username: str, password: str, *, on: date) -> User:
    """The first system administrator. Refused when one stands, or when the password is too weak."""
    if Seat.objects.filter(role=Role.SYSTEM_ADMIN).exists():
        raise Refused("系统管理员已经有了。要加人，请用他的账号导入。")
    if not USERNAME.fullmatch(username):
        raise Refused("账号只能用字母、数字、_ . @ -，2 至 40 位。")
    with transaction.atomic():
        user = User(username=username, name="系统管理员", must_change_password=False)
        _set_password(user, password, first=False)
        user.save()
        Seat.objects.create(user=user, role=Role.SYSTEM_ADMIN, began=on)
        history.record("users.first_admin", "user", username, path="", by=user, on=on)
    return user


def system_account(*, on: date) -> User:
    """The account jobs run as. It has no password, and reaches no pupil."""
    user, made = User.objects.get_or_create(
        username=SYSTEM, defaults={"name": "系统任务", "must_change_password": False}
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Seat.objects.create(user=user, role=Role.SYSTEM, began=on)
    return user


def import_users(
    content: bytes, filename: str, *, by: User, on: date, apply: bool, partial: bool = False
) -> tuple[Outcome, list[tuple[str, str, str]]]:
    """Accounts and seats from a file. Returns the outcome and (username, name, first password)s.

    First passwords exist only in that answer: they are kept nowhere in clear.
    """
    require(AdminRight.USERS, by)
    with transaction.atomic():
        plan = _plan(lines_of(read_tables(content, filename), HEADINGS, "用户名"), on)
        passwords: list[tuple[str, str, str]] = []
        if apply and (partial or not plan.outcome.rejected):
            passwords = _apply(plan, by, on)
            plan.outcome.applied = True
    return plan.outcome, passwords


def _plan(lines: list[Line], on: date) -> Plan:
    plan = Plan(on)
    plan.outcome.rows = len(lines)
    seats: dict[str, set[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    rows = Seat.objects.on(on).values_list("user__username", "user__name", "role", "path")
    for username, name, role, path in rows:
        seats.setdefault(username, set()).add((role, path))
        names[username] = name
    for username, name in User.objects.values_list("username", "name"):
        names[username] = name
    for line in lines:
        _plan_line(line, plan, names, seats)
    return plan


def _plan_line(line: Line, plan: Plan, names: dict, seats: dict) -> None:
    reject = plan.outcome.rejected.append
    username, name = line.text("用户名"), line.text("姓名")
    role = ROLE_ALIASES.get(line.text("角色")) or _by_value(line.text("角色"))
    if username == SYSTEM:
        return reject(line.reject("用户名", "system 是系统任务的账号，请换一个用户名。"))
    if not USERNAME.fullmatch(username):
        return reject(line.reject("用户名", "用户名只能用字母、数字、_ . @ -，2 至 40 位。"))
    if not name:
        return reject(line.reject("姓名", "姓名不能为空。"))
    if role is None or role is Role.SYSTEM:
        offered = "、".join(role.label for role in Role if role is not Role.SYSTEM)
        return reject(line.reject("角色", f"角色不认识，可填：{offered}。"))
    if names.get(username, name) != name:
        return reject(line.reject("姓名", "这个用户名已是另一个人的，请换一个用户名。"))
    unit = _unit(line, role, plan)
    if isinstance(unit, str):
        return None
    if _mixes_administrators(role, seats.get(username, set())):
        return reject(line.reject("角色", "系统、安全、审计三员要分开，不能由同一账号兼任。"))
    held = (role, unit.path if unit else "")
    if held in seats.get(username, set()):
        plan.outcome.unchanged += 1
        return None
    counted = "updated" if username in names else "created"
    setattr(plan.outcome, counted, getattr(plan.outcome, counted) + 1)
    names[username] = name
    seats.setdefault(username, set()).add(held)
    plan.wanted.append(Wanted(username, name, role, unit))
    return None


def _by_value(text: str) -> Role | None:
    return Role(text) if text in set(Role) else None


def _mixes_administrators(role: Role, held: set[tuple[str, str]]) -> bool:
    """三员: an administrator holds that one seat and no other."""
    others = {Role(value) for value, _ in held} - {role}
    return bool(others) and bool(({role} | others) & ADMIN_ROLES)


def _unit(line: Line, role: Role, plan: Plan):
    """The unit a row names; "" after a rejection."""
    kind, code = unit_of(role), line.text("单位代码")
    if kind is Unit.NONE:
        return None
    if kind is Unit.REGION:
        found = RegionCode.objects.filter(code=code, ended=None).select_related("region").first()
        level = LEVEL_OF.get(role, Level.COUNTY)
        if found and found.region.level == level:
            return found.region
        wrong = f"{role.label}的单位应是{Level(level).label}一级，请改正区划代码。"
        message = wrong if found else "没有这个区划，请先导入区划。"
        plan.outcome.rejected.append(line.reject("单位代码", message))
        return ""
    school = School.objects.filter(code=code).first()
    if school is None:
        plan.outcome.rejected.append(line.reject("单位代码", "没有这所学校，请先导入学校。"))
        return ""
    return _class_of(line, school, plan) if kind is Unit.CLASS else school


def _class_of(line: Line, school: School, plan: Plan):
    try:
        named = read_class(line.text("班级"), plan.on, school.stages)
    except BadValue as wrong:
        plan.outcome.rejected.append(line.reject("班级", str(wrong)))
        return ""
    found = SchoolClass.objects.filter(
        school=school, stage=named.stage, entry_year=named.entry_year, number=named.number
    ).first()
    if found is None:
        message = "本校没有这个班。班级随名册建立，请先导入名册，或改正班级。"
        plan.outcome.rejected.append(line.reject("班级", message))
        return ""
    return found


def _apply(plan: Plan, by: User, on: date) -> list[tuple[str, str, str]]:
    passwords = []
    for wanted in plan.wanted:
        user = User.objects.filter(username=wanted.username).first()
        if user is None:
            user = User(username=wanted.username, name=wanted.name)
            password = first_password()
            _set_password(user, password, first=True)
            user.save()
            passwords.append((user.username, user.name, password))
        seat = _seat(user, wanted, on)
        history.record(
            "users.seat", "user", user.username, path=seat.path, by=by, on=on,
            after={"role": wanted.role, "path": seat.path},
        )  # fmt: skip
    return passwords


def _seat(user: User, wanted: Wanted, on: date) -> Seat:
    links = {Region: "region", School: "school", SchoolClass: "school_class"}
    link = {links[type(wanted.unit)]: wanted.unit} if wanted.unit else {}
    path = wanted.unit.path if wanted.unit else ""
    return Seat.objects.create(user=user, role=wanted.role, path=path, began=on, **link)


def _set_password(user: User, password: str, *, first: bool) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Refused("".join(weak.messages)) from None
    user.set_password(password)
    user.must_change_password, user.password_at = first, now()


@transaction.atomic
def change_password(user: User, *, old: str, new: str, on: date) -> None:
    """Change one's own password. Refused when the old one is wrong or the new one too weak."""
    if not user.check_password(old):
        raise Refused("原密码不对。")
    if old == new:
        raise Refused("新密码要和原来的不同。")
    _set_password(user, new, first=False)
    user.save(update_fields=["password", "must_change_password", "password_at"])
    history.record("users.change_password", "user", user.username, path="", by=user, on=on)


def resettable_teachers(by: User, on: date) -> list[User]:
    """The teachers whose passwords `by` may reset: those who only hold classes of its schools."""
    schools = by.reach.paths(*MAY[AdminRight.RESET_TEACHER])
    teachers = User.objects.filter(
        pk__in=Seat.objects.on(on).filter(role__in=CLASS_ROLES).values("user_id"),
        is_active=True,
    ).prefetch_related("seats__school_class__school", "seats__school", "seats__region")
    return [user for user in teachers.order_by("name") if _only_at(user, schools, on)]


def _only_at(user: User, schools: tuple[str, ...], on: date) -> bool:
    held = [s for s in user.seats.all() if s.began <= on and (s.until is None or s.until >= on)]
    return all(
        Role(seat.role) in CLASS_ROLES and any(covers(path, seat.path) for path in schools)
        for seat in held
    )


@transaction.atomic
def reset_password(username: str, *, by: User, on: date) -> str:
    """A new first password for a teacher of one's school; shown once, to be changed at login."""
    if not by.reach.holds(*MAY[AdminRight.RESET_TEACHER]):
        raise Refused(REFUSALS[AdminRight.RESET_TEACHER])
    teachers = resettable_teachers(by, on)
    user = next((one for one in teachers if one.username == username), None)
    if user is None:
        raise Refused(REFUSALS[AdminRight.RESET_TEACHER])
    password = first_password()
    _set_password(user, password, first=True)
    user.save(update_fields=["password", "must_change_password", "password_at"])
    history.record(
        "users.reset_password", "user", user.username, by=by, on=on,
        path=common(seat.path for seat in user.seats.all()),
    )  # fmt: skip
    return password
