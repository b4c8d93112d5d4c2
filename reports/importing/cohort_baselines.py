"""往年底数 from a file: what a county knows of a cohort up to a day, checked row by row."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from accounts import history
from accounts.enums import COUNTY_ROLES
from accounts.file_door.door import Door
from accounts.file_door.headings import column, simple_headings
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.reading import read_book
from accounts.file_door.rows import Row, RowSet, rows_of
from accounts.models import User
from regions.clock import now
from regions.paths import common
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.values import BadValue, plain, read_day
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
OTHER_HEADINGS = {"入学人数": "九年前入学人数", "出国": "出国（境）", "留级离开": "留级转出",
                  "毕业班人数": "毕业班学生数"}  # fmt: skip
COLUMNS = [
    column("单位代码", "区划代码", longest=12, filled=True),
    column("入学年份", "一年级入学年份", longest=10, filled=True),
    column("截至日期", longest=30, day=True, filled=True),
    column("来源", "资料来源", longest=120, filled=True),
    *(column(name, OTHER_HEADINGS.get(name, ""), longest=10) for name in COUNTED),
]
HEADINGS = simple_headings(COLUMNS, "入学年份")
TWICE = "这个单位的这一届在文件里出现了两次。请只留一行。"
CAME = ("入学人数", "转入", "留级进入")
LEFT = ("转出", "死亡", "出国", "留级离开", "休学")
AT_THE_END = ("毕业生数", "毕业班人数")
TOO_EARLY = "{entered} 年的一年级 {opens} 才入学，截至日期不能更早。请核对入学年份和截至日期。"
NOT_NINTH = "{entered} 年入学的 {ninth} 才上九年级，截至日期以前没有{heading}。请核对，没有就不填。"
TOO_MANY = "{what} {count} 人，多于曾在这一届的 {most} 人（{came}）。请核对。"
FIRST_YEAR = 1986  # the year 义务教育法 came into force


@dataclass
class CohortsPlan(FilePlan):
    """The baselines to be written, new or with other numbers."""

    rows: list[CohortBaseline] = field(default_factory=list)

    def told(self) -> object:
        return [(row.path, row.entered, row.until, row.counts, row.source) for row in self.rows]


def _require(by: User) -> None:
    if not by.reach.holds(*COUNTY_ROLES):
        raise Refused("往年底数由县教育体育局或县控辍保学专班导入。")


def _rows(content: bytes, filename: str) -> RowSet:
    return rows_of(read_book(content, filename), HEADINGS)


def plan_cohorts(rows: RowSet, *, by: User, on: date) -> CohortsPlan:
    """The baselines of the rows that do not stand yet, or stand with other numbers."""
    plan = CohortsPlan(Outcome.of(rows))
    standing = {(row.path, row.entered): row for row in CohortBaseline.objects.all()}
    told: set[tuple[str, int]] = set()
    place_of = cache(path_of)  # a unit stands in many rows: looked up once a file
    for row in plan.outcome.sound(rows):
        fresh = _read(row, place_of, by, on)
        if fresh and (fresh.path, fresh.entered) in told:
            row.fault("入学年份", TWICE)
        if fresh is None or row.faults:
            plan.outcome.reject(row.faults)
            continue
        told.add((fresh.path, fresh.entered))
        _count(plan, fresh, standing.get((fresh.path, fresh.entered)))
    return plan


def _count(plan: CohortsPlan, fresh: CohortBaseline, before: CohortBaseline | None) -> None:
    if before and _values_of(before) == _values_of(fresh):
        plan.outcome.unchanged += 1
        return
    plan.rows.append(fresh)
    if before:
        plan.outcome.updated += 1
    else:
        plan.outcome.created += 1


def _values_of(baseline: CohortBaseline) -> tuple:
    return baseline.until, baseline.counts, baseline.source


def _read(row: Row, place_of: Callable[[str], str], by: User, on: date) -> CohortBaseline | None:
    """The row as a baseline; None, with all its faults kept."""
    path = place_of(row.text("单位代码"))
    if not path or not by.reach.holds(*COUNTY_ROLES, over=path):
        row.fault("单位代码", NOT_YOURS)
    entered = row.take("入学年份", _year, on)
    until = row.take("截至日期", _until, on)
    counts = {}
    for name, kind in COUNTED.items():
        number = row.take(name, _people, name)
        if number is not None:
            counts[kind] = number
    if CohortCount.ENTRANTS not in counts and not row.faults:
        row.fault("入学人数", "请填这一届一年级入学时的人数。")
    if not row.faults:
        _must_fit(row, entered, until, counts)
    if not row.text("来源"):
        row.fault("来源", "请写明资料来源，例如“2017年学籍年报”。")
    if row.faults:
        return None
    return CohortBaseline(
        path=path, entered=entered, until=until, counts=counts, source=row.text("来源")
    )


def _must_fit(row: Row, entered: int, until: date, counts: dict[CohortCount, int]) -> None:
    """A cohort enters before it is counted, and no more leave or finish than ever were in it."""
    opens, ninth = date(entered, 9, 1), date(entered + 8, 9, 1)
    if until < opens:
        row.fault("截至日期", TOO_EARLY.format(entered=entered, opens=opens))
        return
    most = sum(counts.get(COUNTED[name], 0) for name in CAME)
    here = {name: counts.get(COUNTED[name], 0) for name in (*LEFT, *AT_THE_END)}
    left = {name: here[name] for name in LEFT if here[name]}
    if sum(left.values()) > most:
        row.fault(max(left, key=lambda name: left[name]), _too_many(left, most))
    for name in AT_THE_END:
        if here[name] and until < ninth:
            row.fault(name, NOT_NINTH.format(entered=entered, ninth=ninth, heading=name))
        elif here[name] > most:
            row.fault(name, _too_many({name: here[name]}, most))


def _too_many(counted: dict[str, int], most: int) -> str:
    what = "、".join(counted) + ("合计" if len(counted) > 1 else "")
    return TOO_MANY.format(what=what, count=sum(counted.values()), most=most, came="、".join(CAME))


def _year(raw: object, on: date) -> int:
    text = plain(raw).removesuffix("年")
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= on.year:
        raise BadValue(f"入学年份应写成 2017，在 {FIRST_YEAR} 年至今年之间。")
    return int(text)


def _until(raw: object, on: date) -> date:
    day = read_day(raw, what="截至日期")
    if day is None:
        raise BadValue("请填底数截至哪一天，例如 2026-08-31；此后按学籍逐人统计。")
    if refusal := believable.why_not(DateKind.BASELINE, day, on=on):
        raise BadValue(refusal)
    return day


def _people(raw: object, heading: str) -> int | None:
    text = plain(raw).removesuffix("人")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", text):
        raise BadValue(f"{heading}应填人数（整数）。")
    return int(text)


def apply_cohorts(plan: CohortsPlan, *, by: User, on: date) -> None:
    """Write the baselines."""
    for row in plan.rows:
        CohortBaseline.objects.update_or_create(
            path=row.path,
            entered=row.entered,
            defaults={
                "until": row.until,
                "counts": row.counts,
                "source": row.source,
                "entered_at": now(),
                "entered_by": by,
            },
        )
    history.record(
        "cohorts.import",
        "cohorts",
        "",
        path=common(row.path for row in plan.rows),
        by=by,
        on=on,
        after={"rows": len(plan.rows)},
    )


COHORTS = Door(
    name="cohorts", title="往年底数", read=_rows, plan=plan_cohorts, apply=apply_cohorts,
    require=_require,
)  # fmt: skip
