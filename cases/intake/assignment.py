"""Who reaches a case changes: 指定责任乡镇, 转乡镇办理, 移送, 移送结束; and 建档有误, which ends it."""

from datetime import date

from django.db import transaction

from accounts.enums import REFERRAL_ROLES, Role
from accounts.models import User
from cases import history
from cases.contacts.named_people import vacate
from cases.enums.records import PostKey
from cases.enums.states import AccessKind, CaseState, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.lifecycle import release
from cases.models import Case, CaseAccess, CaseEvent
from cases.permissions import CaseRight, fetch
from cases.reach import to_village, village_of
from regions.enums import Level
from regions.models import Region
from regions.paths import covers
from regions.refusals import Refused
from regions.rules.lengths import whole

SHORTEST_REASON = 4
OWNER_BY = "义务教育法 第58条"
REFERRAL_BY = "未成年人保护法 第11条"


@transaction.atomic
def assign(uid: str, township: Region, *, by: User, on: date, version: int) -> CaseEvent:
    """指定责任乡镇: take a case off the list to assign and give it to a township of its county."""
    case = fetch(uid, CaseRight.ASSIGN, by=by, version=version)
    _must_be_open(case)
    if not case.to_assign:
        raise Refused("这份档案已有责任乡镇。要换，请用“转乡镇办理”。")
    _must_be_of_the_county(case, township)
    owner = _owner(case)
    if owner.path != township.path:
        _end(owner, on)
        _give(case, township, by=by, on=on)
        _follow_home(case, by=by, on=on)
    _no_longer_to_assign(case)
    return history.write(
        case,
        EventKind.HANDED_OVER,
        by=by,
        happened=FuzzyDate.on(on),
        note=f"指定{township.name}为责任乡镇",
        details={"from": owner.path, "to": township.path, "assigned": True},
        policy=OWNER_BY,
    )


@transaction.atomic
def hand_over(
    uid: str, township: Region, *, by: User, on: date, version: int, reason: str
) -> CaseEvent:
    """转乡镇办理: the new township acts from now on, the old one only reads; duties go along."""
    case = fetch(uid, CaseRight.HAND_OVER, by=by, version=version)
    _must_be_open(case)
    said = _reason(reason, "请写明为什么转办，例如“监护人已迁居青山乡”。")
    _must_be_of_the_county(case, township)
    owner = _owner(case)
    if owner.path == township.path:
        raise Refused(f"这份档案本来就由{township.name}办理。")
    _end(owner, on)
    CaseAccess.objects.create(
        case=case,
        kind=AccessKind.FORMER,
        path=owner.path,
        unit=owner.unit,
        began=on,
        why=said,
        by=by,
    )
    _give(case, township, by=by, on=on, why=said)
    _no_longer_to_assign(case)
    _follow_home(case, by=by, on=on)
    return history.write(
        case,
        EventKind.HANDED_OVER,
        by=by,
        happened=FuzzyDate.on(on),
        note=f"由{owner.unit}转{township.name}办理：{said}",
        details={"from": owner.path, "to": township.path},
        policy=OWNER_BY,
    )


@transaction.atomic
def refer(uid: str, role: Role, *, by: User, on: date, version: int, reason: str) -> CaseEvent:
    """移送: a body of the county sees this one case, and may add a remark, until it ends."""
    case = fetch(uid, CaseRight.REFER, by=by, version=version)
    _must_be_open(case)
    if role not in REFERRAL_ROLES:
        offered = "、".join(one.label for one in Role if one in REFERRAL_ROLES)
        raise Refused(f"只能移送：{offered}。")
    said = _reason(reason, "请写明移送的理由，例如“疑似使用童工，请查处”。")
    if _referral(case, role):
        raise Refused(f"已移送{role.label}，不用再移送。")
    _not_before(case.opened_on, on)
    CaseAccess.objects.create(
        case=case,
        kind=AccessKind.REFERRAL,
        path=case.county_path,
        unit=role.label,
        role=role,
        began=on,
        why=said,
        by=by,
    )
    return history.write(
        case,
        EventKind.REFERRED,
        by=by,
        happened=FuzzyDate.on(on),
        note=f"移送{role.label}：{said}",
        details={"role": role},
        policy=REFERRAL_BY,
    )


@transaction.atomic
def end_referral(
    uid: str, role: Role, *, by: User, on: date, version: int, note: str = ""
) -> CaseEvent:
    """移送结束: the body no longer sees the case. Also after the case is closed."""
    case = fetch(uid, CaseRight.END_REFERRAL, by=by, version=version)
    standing = _referral(case, role)
    if standing is None:
        raise Refused(f"没有移送{role.label}，或已经结束。")
    _end(standing, on)
    said = f"：{note.strip()}" if note.strip() else ""
    return history.write(
        case,
        EventKind.REFERRAL_ENDED,
        by=by,
        happened=FuzzyDate.on(on),
        note=f"移送{role.label}结束{said}",
        details={"role": role},
    )


@transaction.atomic
def set_mistake(uid: str, *, by: User, on: date, version: int, reason: str) -> CaseEvent:
    """建档有误: the case ought not to have been opened. It stays on file, with who said so and why."""
    case = fetch(uid, CaseRight.MISTAKE, by=by, version=version)
    _must_be_open(case)
    said = _reason(reason, "请写明错在哪里，例如“重名，错认了学生”。")
    _not_before(case.opened_on, on)
    case.state, case.closed_on = CaseState.MISTAKE, on
    case.save(update_fields=["state", "closed_on"])
    release(case, on)
    return history.write(
        case,
        EventKind.NOTED,
        by=by,
        happened=FuzzyDate.on(on),
        note=f"建档有误：{said}",
        details={"mistake": True},
    )


def _must_be_open(case: Case) -> None:
    if not case.is_open:
        raise Refused(f"这份档案{CaseState(case.state).label}，不能再办理。")


def _must_be_of_the_county(case: Case, township: Region) -> None:
    if township.level != Level.TOWNSHIP or not covers(case.county_path, township.path):
        raise Refused("只能交给本县的乡镇（街道）。县外的，请登记去向并发核查函。")


def _reason(reason: str, wanted: str) -> str:
    said = whole(reason.strip(), 200, "原因")
    if len(said) < SHORTEST_REASON:
        raise Refused(wanted)
    return said


def _owner(case: Case) -> CaseAccess:
    return case.access_rows.get(kind=AccessKind.OWNER, until=None)


def _referral(case: Case, role: Role) -> CaseAccess | None:
    return case.access_rows.filter(kind=AccessKind.REFERRAL, role=role, until=None).first()


def _give(case: Case, township: Region, *, by: User, on: date, why: str = "") -> None:
    """Make the township the owner; one that once was no longer stands as the former."""
    for row in case.access_rows.filter(kind=AccessKind.FORMER, path=township.path, until=None):
        _end(row, on)
    CaseAccess.objects.create(
        case=case,
        kind=AccessKind.OWNER,
        path=township.path,
        unit=township.name,
        began=on,
        why=why,
        by=by,
    )


def _follow_home(case: Case, *, by: User, on: date) -> None:
    """The village is the one the child lives in now; the township's named cadre answers no longer."""
    if village := village_of(case.student, case.county_path):
        to_village(case, village, by=by, on=on, why="转乡镇办理")
    vacate(case.student, PostKey.TOWNSHIP_CADRE, on)


def _end(row: CaseAccess, on: date) -> None:
    _not_before(row.began, on)
    row.until = on
    row.save(update_fields=["until"])


def _not_before(began: date, on: date) -> None:
    if on < began:
        raise Refused(f"日期早于{began:%Y-%m-%d}，请改正。")


def _no_longer_to_assign(case: Case) -> None:
    case.to_assign = False
    case.save(update_fields=["to_assign"])
