"""往年底数 from a file: what a county knows of a cohort up to a day, checked row by row."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from accounts import history
from accounts.enums import COUNTY_ROLES
from accounts.imports import Line, Outcome, Rejection, lines_of, value_or
from accounts.models import User
from accounts.sheets import read_tables
from regions.clock import now, today
from regions.paths import common
from regions.refusals import Refused
from regions.values import BadValue, plain, read_day
from reports.enums import CohortCount
from reports.models import CohortBaseline
from reports.queries.rates_json import NOT_YOURS, path_of

COUNTED = {
    "入学人数": CohortCount.ENTRANTS,
    "转入": CohortCount.CAME_IN,
    "转出": CohortCount.WENT_OUT,
    "死亡": CohortCount.DIED,
    "出国": CohortCount.ABROAD,
    "留级离开": CohortCount.HELD_OUT,
    "留级进入": CohortCount.HELD_IN,
    "休学": CohortCount.SUSPENDED,
    "毕业生数": CohortCount.GRADUATES,
    "毕业班人数": CohortCount.NINTH,
}
HEADINGS = {
    "单位代码": "单位代码", "区划代码": "单位代码",
    "入学年份": "入学年份", "一年级入学年份": "入学年份",
    "截至日期": "截至日期", "来源": "来源", "资料来源": "来源",
    "九年前入学人数": "入学人数", "出国（境）": "出国", "留级转出": "留级离开",
    "毕业班学生数": "毕业班人数", **{heading: heading for heading in COUNTED},
}  # fmt: skip
FIRST_YEAR = 1986  # the year 义务教育法 came into force


@dataclass
class CohortPlan:
    outcome: Outcome = field(default_factory=Outcome)
    rows: list[CohortBaseline] = field(default_factory=list)


def import_cohorts(
    content: bytes, filename: str, *, by: User, apply: bool, partial: bool = False
) -> Outcome:
    """Read a file of baselines, one row a unit and cohort; with `apply`, write it in one go."""
    if not by.reach.holds(*COUNTY_ROLES):
        raise Refused("往年底数由县教育体育局或县控辍保学专班导入。")
    lines = lines_of(read_tables(content, filename), HEADINGS, "入学年份")
    with transaction.atomic():
        plan = _plan(lines, by)
        if apply and (partial or not plan.outcome.rejected):
            _apply(plan, by)
            plan.outcome.applied = True
    return plan.outcome


def _plan(lines: list[Line], by: User) -> CohortPlan:
    plan = CohortPlan()
    plan.outcome.rows = len(lines)
    standing = {(one.path, one.entered): one for one in CohortBaseline.objects.all()}
    for line in lines:
        faults: list[Rejection] = []
        fresh = _read(line, by, faults)
        if fresh is None or faults:
            plan.outcome.rejected += faults
            continue
        before = standing.get((fresh.path, fresh.entered))
        standing[fresh.path, fresh.entered] = fresh
        if before is None:
            plan.outcome.created += 1
        elif _values_of(before) == _values_of(fresh):
            plan.outcome.unchanged += 1
            continue
        else:
            plan.outcome.updated += 1
        plan.rows.append(fresh)
    return plan


def _values_of(one: CohortBaseline) -> tuple:
    return one.until, one.counts, one.source


def _read(line: Line, by: User, faults: list[Rejection]) -> CohortBaseline | None:
    path = path_of(line.text("单位代码"))
    if not path or not by.reach.holds(*COUNTY_ROLES, over=path):
        faults.append(line.reject("单位代码", NOT_YOURS))
    entered = value_or(line, "入学年份", _year, faults)
    until = value_or(line, "截至日期", _until, faults)
    counts = {}
    for heading, kind in COUNTED.items():
        number = value_or(line, heading, lambda raw, h=heading: _people(raw, h), faults)
        if number is not None:
            counts[kind] = number
    if CohortCount.ENTRANTS not in counts and not faults:
        faults.append(line.reject("入学人数", "请填这一届一年级入学时的人数。"))
    if not line.text("来源"):
        faults.append(line.reject("来源", "请写明资料来源，例如“2017年学籍年报”。"))
    if faults:
        return None
    return CohortBaseline(
        path=path, entered=entered, until=until, counts=counts, source=line.text("来源")[:120]
    )


def _year(raw: object) -> int:
    text = plain(raw).removesuffix("年")
    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= today().year:
        raise BadValue("入学年份应写成 2017。")
    return int(text)


def _until(raw: object) -> date:
    day = read_day(raw, what="截至日期")
    if day is None:
        raise BadValue("请填底数截至哪一天，例如 2026-08-31；此后按学籍逐人统计。")
    return day


def _people(raw: object, heading: str) -> int | None:
    text = plain(raw)
    if not text:
        return None
    if not text.isdecimal():
        raise BadValue(f"{heading}应填人数（整数）。")
    return int(text)


def _apply(plan: CohortPlan, by: User) -> None:
    for row in plan.rows:
        CohortBaseline.objects.update_or_create(
            path=row.path,
            entered=row.entered,
            defaults={
                "until": row.until, "counts": row.counts, "source": row.source,
                "entered_at": now(), "entered_by": by,
            },
        )  # fmt: skip
    history.record(
        "cohorts.import",
        "cohorts",
        "",
        path=common(row.path for row in plan.rows),
        by=by,
        on=today(),
        after={"rows": len(plan.rows)},
    )
