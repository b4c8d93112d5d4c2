"""The cases acted out in the order of days, each day as if it were today."""

from collections import defaultdict
from datetime import date

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from attendance.flagging import flag_absences
from cases.escalation.nightly import escalate
from demo.county.plan import CountyPlan
from demo.load.contracts import sign_contracts
from demo.load.month_reports import report_last_month
from demo.load.past_snapshots import build_past_snapshots
from demo.scenarios.absence_requests import act_out_requests
from demo.scenarios.case_actions import DEMO_CLAUSE, CaseDay
from demo.scenarios.case_scenarios import CASE_SCENARIOS, CaseAction
from demo.scenarios.seats import act_out_seats
from regions.clock import pinned
from regions.days import place_rules_of
from regions.enums import Level
from regions.models import LegalBasis, Region
from students.models import Student


@transaction.atomic
def run_scenarios(plan: CountyPlan) -> None:
    """Act out every case that found its child; then what is left undone rises, as every night."""
    county = Region.objects.get(level=Level.COUNTY)
    _invent_a_clause(county)
    sign_contracts(county, plan.until)
    land = place_rules_of(county.path)
    people: dict[tuple[Role, str], User] = {}
    by_day = _actions_by_day(plan)
    uids = {uid for actions in by_day.values() for uid, _ in actions}
    students = Student.objects.in_bulk(uids, field_name="uid")
    for day, actions in sorted(by_day.items()):
        with pinned(day):
            for uid, action in actions:
                action(CaseDay(students[uid], day, land, county, people))
            escalate(day, county)
    with pinned(plan.until):
        flag_absences(plan.until, county)
        act_out_requests(plan, county)
        escalate(plan.until, county)
    build_past_snapshots(plan, county)
    report_last_month(plan, county)
    act_out_seats(plan)


def _actions_by_day(plan: CountyPlan) -> dict[date, list[tuple[str, CaseAction]]]:
    scenarios = {scenario.name: scenario for scenario in CASE_SCENARIOS}
    by_day: dict[date, list[tuple[str, CaseAction]]] = defaultdict(list)
    for child in plan.children:
        if scenario := scenarios.get(child.scenario):
            days = plan.own_days(child)
            for ago, action in scenario.actions:
                by_day[days[-1 - ago]].append((child.uid, action))
    return by_day


def _invent_a_clause(county: Region) -> None:
    LegalBasis.objects.create(
        region=county,
        title=DEMO_CLAUSE,
        issuer="虚构，仅供演示",
        article="第二十一条",
        text="（虚构条文，仅供演示）责令后仍不送子女入学的，由乡（镇）人民政府处五百元以下罚款。",
        valid_from=date(2020, 1, 1),
        allows_fine=True,
        competent="乡（镇）人民政府",
        fine_max=500,
        verified_by="演示",
    )
