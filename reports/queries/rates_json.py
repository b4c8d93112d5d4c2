"""The rates of a place as a machine asks for them: a code, a day, a user."""

from datetime import date
from typing import Any

from accounts import access, job_runs
from accounts.enums import Access
from accounts.models import User
from regions.models import Region, RegionCode, School
from regions.paths import COUNTY, county_of
from regions.refusals import Refused
from reports.counting.roll_up import JOB, roll_up
from reports.models import Snapshot
from reports.queries.snapshots import figures_at, may_read, snapshot_on
from reports.rules.indicators import Figure

NOT_YOURS = "这个区划或学校不在你的管辖范围内。"
WRITTEN_DIGITS = 6


def rates_on(code: str, on: date, *, by: User, today: date) -> dict[str, Any]:
    """Every indicator of the place that bears `code`, from the snapshot of the day.

    Where the day has none it is rolled up first. Refused for a place beyond the user's reach, for
    one that does not exist alike, for one above a county and for a day to come.
    """
    path = path_of(code)
    if not path or not may_read(by, path):
        raise Refused(NOT_YOURS)
    if len(path) < COUNTY:
        raise Refused("指标按县统计，请填县、乡镇的区划代码或学校标识码。")
    if on > today:
        raise Refused("这一天还没有到，无法统计。")
    snapshot = snapshot_on(path, on) or _roll_up(path, on)
    access.log(Access.LIST, "rates", by=by, scope=f"{code} {on}")
    return {
        "region": code,
        "on": on.isoformat(),
        "version": snapshot.version,
        "state": snapshot.state,
        "indicators": [as_json(one) for one in figures_at(snapshot, path)],
    }


def path_of(code: str) -> str:
    """The path of a region or a school; "" for an unknown one."""
    region = RegionCode.objects.filter(code=code).select_related("region").first()
    if region:
        return region.region.path
    school = School.objects.filter(code=code).first()
    return school.path if school else ""


def _roll_up(path: str, on: date) -> Snapshot:
    """Run the job for the county under its claim; one that another worker runs is not waited for."""
    county = Region.objects.get(path=county_of(path))
    job_runs.run_claimed(JOB, county.path, on, lambda held: roll_up(on, county, held), again=True)
    snapshot = snapshot_on(path, on)
    if snapshot is None:
        raise Refused("这一天的统计正在进行，请稍后再试。")
    return snapshot


def as_json(one: Figure) -> dict[str, Any]:
    """`value` is in percent, exact to six decimals; null where there is none, and never 100."""
    value = None if one.value is None else round(float(one.value * 100), WRITTEN_DIGITS)
    return {
        "id": one.id,
        "variant": one.variant,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "value": value,
        "text": one.text,
        "formula": one.formula,
    }
