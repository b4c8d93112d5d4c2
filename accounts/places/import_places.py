"""Places from a file: regions and schools, checked row by row, applied all or nothing."""

import re
from dataclasses import dataclass, field
from datetime import date

from accounts import history
from accounts.file_door.door import Door, bring, preview
from accounts.file_door.headings import column, simple_headings
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.reading import read_book
from accounts.file_door.rows import Row, RowSet, rows_of
from accounts.models import User
from accounts.rights import AdminRight, require
from regions.enums import CODE_LENGTHS, SCHOOL_KIND_ALIASES, SchoolKind, Stage
from regions.models import Region, RegionCode, School, SchoolClass
from regions.paths import common, region_segment, school_segment
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.values import BadValue, plain, read_day

COLUMNS = [
    column("区划代码", "行政区划代码 代码", longest=12, filled=True),
    column("名称", "区划名称", longest=60),
    column("学校标识码", "学校(机构)标识码", longest=10),
    column("学校名称", longest=80),
    column("办学类型", "学校类型", longest=20, filled=True),
    column("学制", longest=10, filled=True),
    column("中心校标识码", "中心校", longest=10, filled=True),
    column("预警起算日期", longest=30, day=True, filled=True),
]
HEADINGS = simple_headings(COLUMNS, "区划代码")
PROVINCES = {"53": "云南省"}
CODE = re.compile(r"[0-9]+")
SCHOOL_CODE_LENGTH = 10
LEADER_REJECTED = "它的中心校在这份文件里的那一行退回了。请先改好那一行，或改正标识码。"
LOSES = (
    "这所学校现有{stage}的班，办学类型不能是“{kind}”。请核对；两个学段都有的填“九年一贯制学校”。"
)
BOTH = {SchoolKind.NINE_YEAR, SchoolKind.TWELVE_YEAR, SchoolKind.SPECIAL}
PRIMARY_ONLY = {SchoolKind.PRIMARY, SchoolKind.TEACHING_POINT}


@dataclass
class PlacesPlan(FilePlan):
    """Regions and schools a file wants, by code, and the outcome it would have."""

    regions: dict[str, str] = field(default_factory=dict)
    schools: dict[str, dict] = field(default_factory=dict)

    def told(self) -> object:
        outcome = self.outcome
        counts = [outcome.created, outcome.updated, outcome.unchanged]
        return [counts, self.regions, self.schools]


@dataclass(frozen=True, slots=True)
class Known:
    """The regions and schools that stand, by code, the codes of the schools in the file, and which
    school (by code) has classes of which stage."""

    regions: dict[str, Region]
    schools: dict[str, School]
    in_file: set[str]
    classes: set[tuple[str, str]]


def import_places(
    content: bytes, filename: str, *, by: User, on: date, apply: bool, partial: bool = False
) -> Outcome:
    """Read a file of regions and schools; with `apply`, write it in one transaction."""
    if apply:
        return bring(PLACES, content, filename, by=by, on=on, partial=partial).plan.outcome
    return preview(PLACES, content, filename, by=by, on=on).outcome


def _rows(content: bytes, filename: str) -> RowSet:
    return rows_of(read_book(content, filename), HEADINGS)


def plan_places(rows: RowSet, *, by: User, on: date) -> PlacesPlan:
    """What the rows would make and rename. Regions are read first, wherever they stand."""
    plan = PlacesPlan(Outcome.of(rows))
    codes = RegionCode.objects.filter(ended=None).select_related("region")
    sound = list(plan.outcome.sound(rows))
    known = Known(
        regions={code.code: code.region for code in codes},
        schools={school.code: school for school in School.objects.select_related("led_by")},
        in_file={row.text("学校标识码") for row in sound},
        classes=set(SchoolClass.objects.running(on).values_list("school__code", "stage")),
    )
    rows_in: dict[str, Row] = {}
    for row in sorted(sound, key=lambda row: bool(row.text("学校标识码"))):
        if code := row.text("学校标识码"):
            _plan_school(row, plan, known, on)
            rows_in |= {} if row.faults else {code: row}
        else:
            _plan_region(row, plan, known)
        plan.outcome.reject(row.faults[:1])
    _reject_led_by_rejected(plan, known, rows_in)
    for code, wanted in plan.schools.items():
        standing = known.schools.get(code)
        _count(plan.outcome, standing and _as_planned(standing, wanted), True)
    plan.outcome.rejected.sort(key=lambda rejection: rejection.row)
    return plan


def _reject_led_by_rejected(plan: PlacesPlan, known: Known, rows_in: dict[str, Row]) -> None:
    """A school comes in with its 中心校 or not at all; so does a school that is led by that one."""
    while lost := _without_leader(plan, known):
        for code in lost:
            del plan.schools[code]
            plan.outcome.reject([rows_in[code].reject("中心校标识码", LEADER_REJECTED)])


def _without_leader(plan: PlacesPlan, known: Known) -> list[str]:
    there = {"", *known.schools, *plan.schools}
    return [code for code, wanted in plan.schools.items() if wanted["led_by"] not in there]


def _plan_region(row: Row, plan: PlacesPlan, known: Known) -> None:
    code, name = row.text("区划代码"), row.text("名称")
    if not CODE.fullmatch(code) or len(code) not in CODE_LENGTHS:
        row.fault("区划代码", "区划代码应为 2、4、6、9 或 12 位数字。")
    elif not name:
        row.fault("名称", "名称不能为空。")
    elif code in plan.regions:
        row.fault("区划代码", "这个区划代码在文件里出现了两次。")
    else:
        plan.regions[code] = name
        standing = known.regions.get(code)
        _count(plan.outcome, standing and standing.name, name)


def _count(outcome: Outcome, before: object, after: object) -> None:
    if before is None:
        outcome.created += 1
    elif before == after:
        outcome.unchanged += 1
    else:
        outcome.updated += 1


def _plan_school(row: Row, plan: PlacesPlan, known: Known, on: date) -> None:
    code, region_code = row.text("学校标识码"), row.text("区划代码")
    kind = SCHOOL_KIND_ALIASES.get(row.text("办学类型"))
    stages = row.take("学制", lambda raw: _stage_years(kind, raw)) if kind else None
    begins = row.take("预警起算日期", _alerts_from, on)
    if not CODE.fullmatch(code) or len(code) != SCHOOL_CODE_LENGTH:
        row.fault("学校标识码", "学校标识码应为 10 位数字，请把该列设为“文本”。")
    elif code in plan.schools:
        row.fault("学校标识码", "这个学校标识码在文件里出现了两次。")
    elif not row.text("学校名称"):
        row.fault("学校名称", "学校名称不能为空。")
    elif kind is None:
        kinds = "、".join(dict.fromkeys(SCHOOL_KIND_ALIASES))
        row.fault("办学类型", f"办学类型不认识，可填：{kinds}。")
    elif region_code not in plan.regions and region_code not in known.regions:
        row.fault("区划代码", "没有这个区划。请先导入区划，或改正代码。")
    elif (wrong := _wrong_link(row, known)) is not None:
        row.fault(*wrong)
    elif stages and (lost := _lost_stage(code, stages, known)):
        row.fault("办学类型", LOSES.format(stage=lost.label, kind=kind.label))
    elif stages and not row.faults:
        plan.schools[code] = {
            "name": row.text("学校名称"),
            "kind": kind,
            "region_code": region_code,
            "primary_years": stages[0],
            "junior_years": stages[1],
            "led_by": row.text("中心校标识码"),
            "alerts_from": begins,
        }


def _wrong_link(row: Row, known: Known) -> tuple[str, str] | None:
    """The column and the reason, where a school would be led by nobody, or moved by a file."""
    leader, code = row.text("中心校标识码"), row.text("学校标识码")
    if leader and leader not in known.schools and leader not in known.in_file:
        return "中心校标识码", "没有这所中心校。请先导入它，或改正标识码。"
    standing, region = known.schools.get(code), known.regions.get(row.text("区划代码"))
    if standing and (region is None or region.pk != standing.region_id):
        return "区划代码", "这所学校已登记在另一个区划，文件不能把学校迁走。请核对区划代码。"
    return None


def _lost_stage(code: str, stages: tuple[int, int], known: Known) -> Stage | None:
    """The stage that the school has classes of and would no longer teach."""
    taught = dict(zip((Stage.PRIMARY, Stage.JUNIOR), stages, strict=True))
    return next((one for one in taught if not taught[one] and (code, one) in known.classes), None)


def _as_planned(school: School, wanted: dict) -> bool:
    leader = school.led_by.code if school.led_by else ""
    if wanted["led_by"] not in ("", school.code, leader):
        return False
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


def _alerts_from(raw: object, on: date) -> date | None:
    day = read_day(raw, what="预警起算日期")
    if day and (refusal := believable.why_not(DateKind.ALERTS_FROM, day, on=on)):
        raise BadValue(refusal)
    return day


def apply_places(plan: PlacesPlan, *, by: User, on: date) -> None:
    """Make and rename what the plan wants; inside the frame's transaction."""
    codes = sorted(plan.regions, key=len)
    touched = [_region(code, plan.regions[code]).path for code in codes]
    touched += [_school(code, dict(wanted)).path for code, wanted in plan.schools.items()]
    for code, wanted in plan.schools.items():
        leader = School.objects.filter(code=wanted["led_by"]).first()
        if leader and leader.code != code:
            School.objects.filter(code=code).update(led_by=leader)
    history.record(
        "places.import",
        "places",
        "",
        path=common(touched),
        by=by,
        on=on,
        after={"regions": len(plan.regions), "schools": len(plan.schools)},
    )


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


PLACES = Door(
    name="places", title="区划与学校", read=_rows, plan=plan_places, apply=apply_places,
    require=lambda by: require(AdminRight.PLACES, by), scopes=lambda by: [""],
)  # fmt: skip
