"""Last month's 月报告 in the demo: most schools signed, one corrected, one a draft, one missing."""

from datetime import date, timedelta

from accounts.enums import Role
from demo.county.plan import CountyPlan
from demo.load.rows import nearest_holder
from regions.clock import pinned
from regions.enums import SchoolKind
from regions.models import Region, School
from regions.paths import inside
from reports.monthly import reports
from reports.queries import snapshots


def report_last_month(plan: CountyPlan, county: Region) -> None:
    """Reports of the last full month that has numbers, on the first days after it; the county's
    own numbers of it are final. Nothing where the term is younger than a month."""
    month = (plan.until.replace(day=1) - timedelta(days=1)).replace(day=1)
    last = snapshots.latest(county.path, reports.last_day(month))
    if last is None or last.on < max(month, plan.places.first):
        return
    held = School.objects.filter(inside("path", county.path)).select_related("led_by")
    schools = list(held.order_by("code"))
    if len(schools) < 4:
        return
    corrected, *plain, drafted, _missing = schools
    day = reports.last_day(month) + timedelta(days=1)
    with pinned(day):
        for school in (corrected, *plain):
            _draft(school, month, day)
            _sign(school, month, day)
        _draft(drafted, month, day)
        bureau = nearest_holder(Role.BUREAU, county.path)
        title = f"{month.year}年{month.month}月控辍保学月报"
        snapshots.freeze(county.path, last.on, by=bureau, title=title)
    with pinned(day + timedelta(days=1)):
        reports.correct(
            corrected.code,
            month,
            by=nearest_holder(Role.OFFICE, corrected.path),
            on=day + timedelta(days=1),
            reason="情况说明漏写，补报一份",
        )
        _sign(corrected, month, day + timedelta(days=1))


def _draft(school: School, month: date, day: date) -> None:
    reports.draft(
        school.code,
        month,
        by=nearest_holder(Role.OFFICE, school.path),
        on=day,
        note="每日考勤按时填报，缺勤学生当天联系了家长。",
    )


def _sign(school: School, month: date, day: date) -> None:
    waiting = reports.Report.objects.filter(school=school, period=month).latest("edition")
    led = school.kind == SchoolKind.TEACHING_POINT and school.led_by
    signer = (
        nearest_holder(Role.CENTRAL, led.path)
        if led
        else nearest_holder(Role.PRINCIPAL, school.path)
    )
    reports.sign(school.code, month, by=signer, on=day, seen=waiting.digest)
