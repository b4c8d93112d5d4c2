"""Places from a file: regions and schools, checked row by row, applied all or nothing."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from accounts import history
from accounts.imports import Line, Outcome, lines_of, value_or
from accounts.models import User
from accounts.rights import AdminRight, require
from accounts.sheets import read_tables
from regions.enums import CODE_LENGTHS, SCHOOL_KIND_ALIASES, SchoolKind
from regions.models import Region, RegionCode, School
from regions.paths import common, region_segment, school_segment
from regions.values import BadValue, plain, read_day

HEADINGS = {
    "区划代码": "区划代码", "行政区划代码": "区划代码", "代码": "区划代码",
    "名称": "名称", "区划名称": "名称",
    "学校标识码": "学校标识码", "学校(机构)标识码": "学校标识码",
    "学校名称": "学校名称",
    "办学类型": "办学类型", "学校类型": "办学类型",
    "学制": "学制",
    "中心校标识码": "中心校标识码", "中心校": "中心校标识码",
    "预警起算日期": "预警起算日期",
}  # fmt: skip
PROVINCES = {"53": "云南省"}
SCHOOL_CODE_LENGTH = 10
BOTH = {SchoolKind.NINE_YEAR, SchoolKind.TWELVE_YEAR, SchoolKind.SPECIAL}
PRIMARY_ONLY = {SchoolKind.PRIMARY, SchoolKind.TEACHING_POINT}


@dataclass
class Plan:
    """Regions and schools a file wants, by code, and the outcome it would have."""

    outcome: Outcome = field(default_factory=Outcome)
    regions: dict[str, str] = field(default_factory=dict)
    schools: dict[str, dict] = field(default_factory=dict)


def import_places(
    content: bytes, filename: str, *, by: User, on: date, apply: bool, partial=False
) -> Outcome:
    """Read a file of regions and schools; with `apply`, write it in one transaction."""
    require(AdminRight.PLACES, by)
    with transaction.atomic():
        plan = _plan(lines_of(read_tables(content, filename), HEADINGS, "区划代码"))
        if apply and (partial or not plan.outcome.rejected):
            _apply(plan, by, on)
            plan.outcome.applied = True
    return plan.outcome


def _plan(lines: list[Line]) -> Plan:
    plan = Plan()
    names = dict(RegionCode.objects.filter(ended=None).values_list("code", "region__name"))
    known_schools = {school.code: school for school in School.objects.select_related("region")}
    plan.outcome.rows = len(lines)
    for line in sorted(lines, key=lambda line: bool(line.text("学校标识码"))):
        before = len(plan.outcome.rejected)
        if line.text("学校标识码"):
            _plan_school(line, plan, names, known_schools)
        else:
            _plan_region(line, plan, names)
        del plan.outcome.rejected[before + 1 :]
    plan.outcome.rejected.sort(key=lambda one: one.row)
    return plan


def _plan_region(line: Line, plan: Plan, names: dict[str, str]) -> None:
    code, name = line.text("区划代码"), line.text("名称")
    rejected = plan.outcome.rejected
    if not code.isdecimal() or len(code) not in CODE_LENGTHS:
        rejected.append(line.reject("区划代码", "区划代码应为 2、4、6、9 或 12 位数字。"))
    elif not name:
        rejected.append(line.reject("名称", "名称不能为空。"))
    elif code in plan.regions:
        rejected.append(line.reject("区划代码", "这个区划代码在文件里出现了两次。"))
    else:
        plan.regions[code] = name
        _count(plan.outcome, names.get(code), name)


def _count(outcome: Outcome, before: object, after: object) -> None:
    if before is None:
        outcome.created += 1
    elif before == after:
        outcome.unchanged += 1
    else:
        outcome.updated += 1


def _plan_school(line: Line, plan: Plan, names: dict, known: dict[str, School]) -> None:
    rejected = plan.outcome.rejected
    code, region_code = line.text("学校标识码"), line.text("区划代码")
    kind = SCHOOL_KIND_ALIASES.get(line.text("办学类型"))
    stages = value_or(line, "学制", lambda raw: _stage_years(kind, raw), rejected) if kind else None
    begins = value_or(line, "预警起算日期", _alerts_from, rejected)
    if not code.isdecimal() or len(code) != SCHOOL_CODE_LENGTH:
        rejected.append(line.reject("学校标识码", "学校标识码应为 10 位数字，请把该列设为“文本”。"))
    elif code in plan.schools:
        rejected.append(line.reject("学校标识码", "这个学校标识码在文件里出现了两次。"))
    elif not line.text("学校名称"):
        rejected.append(line.reject("学校名称", "学校名称不能为空。"))
    elif kind is None:
        kinds = "、".join(dict.fromkeys(SCHOOL_KIND_ALIASES))
        rejected.append(line.reject("办学类型", f"办学类型不认识，可填：{kinds}。"))
    elif region_code not in plan.regions and region_code not in names:
        rejected.append(line.reject("区划代码", "没有这个区划。请先导入区划，或改正代码。"))
    elif stages:
        plan.schools[code] = {
            "name": line.text("学校名称"), "kind": kind, "region_code": region_code,
            "primary_years": stages[0], "junior_years": stages[1],
            "led_by": line.text("中心校标识码"), "alerts_from": begins,
        }  # fmt: skip
        standing = known.get(code)
        _count(plan.outcome, standing and _as_planned(standing, plan.schools[code]), True)


def _as_planned(school: School, wanted: dict) -> bool:
    same = all(
        getattr(school, name) == wanted[name]
        for name in ("name", "kind", "primary_years", "junior_years")
    )
    return same and (wanted["alerts_from"] in (None, school.alerts_from))


def _stage_years(kind: SchoolKind, raw: object) -> tuple[int, int]:
    """Years of primary and junior school, from 办学类型 and 学制 (六三 unless it says 五四)."""
    text = plain(raw)
    if text not in ("", "六三", "63", "六三制", "五四", "54", "五四制"):
        raise BadValue("学制请填“六三”或“五四”，不填按六三。")
    primary, junior = (5, 4) if text.startswith(("五四", "54")) else (6, 3)
    if kind in PRIMARY_ONLY:
        return primary, 0
    return (primary, junior) if kind in BOTH else (0, junior)


def _alerts_from(raw: object):
    return read_day(raw, what="预警起算日期")


def _apply(plan: Plan, by: User, on: date) -> None:
    codes = sorted(plan.regions, key=len)
    touched = [_region(code, plan.regions[code]).path for code in codes]
    touched += [_school(code, dict(wanted)).path for code, wanted in plan.schools.items()]
    for code, wanted in plan.schools.items():
        leader = School.objects.filter(code=wanted["led_by"]).first()
        if leader and leader.code != code:
            School.objects.filter(code=code).update(led_by=leader)
    history.record(
        "places.import", "places", "", path=common(touched), by=by, on=on,
        after={"regions": len(plan.regions), "schools": len(plan.schools)},
    )  # fmt: skip


def _region(code: str, name: str = "") -> Region:
    """The region that bears `code`, made with every region above it; renamed when it has a name."""
    standing = RegionCode.objects.filter(code=code, ended=None).select_related("region").first()
    if standing:
        if name and standing.region.name != name:
            standing.region.name = name
            standing.region.save(update_fields=["name"])
        return standing.region
    above = max((length for length in CODE_LENGTHS if length < len(code)), default=0)
    parent = _region(code[:above]) if above else None
    region = Region.objects.create(
        name=name or PROVINCES.get(code, code), level=int(CODE_LENGTHS[len(code)]), parent=parent
    )
    region.path = (parent.path if parent else "") + region_segment(region.pk)
    region.save(update_fields=["path"])
    RegionCode.objects.create(region=region, code=code)
    return region


def _school(code: str, wanted: dict) -> School:
    region = _region(wanted.pop("region_code"))
    wanted.pop("led_by")
    if wanted["alerts_from"] is None:
        del wanted["alerts_from"]
    standing = School.objects.filter(code=code).first()
    if standing:
        for name, value in wanted.items():
            setattr(standing, name, value)
        standing.save(update_fields=list(wanted))
        return standing
    school = School.objects.create(code=code, region=region, **wanted)
    school.path = region.path + school_segment(school.pk)
    school.save(update_fields=["path"])
    return school
