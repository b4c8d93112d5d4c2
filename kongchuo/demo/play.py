"""The stories played, act by act in the order of days, each day as if it were today."""

from collections import defaultdict
from datetime import date

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from attendance.flagging import flag_absences
from cases.escalation.nightly import escalate
from kongchuo.demo.acting import DEMO_CLAUSE, Stage
from kongchuo.demo.deeds import sign_deeds
from kongchuo.demo.past import look_back
from kongchuo.demo.plan import Plan
from kongchuo.demo.reporting import report_last_month
from kongchuo.demo.stories import STORIES, Act
from kongchuo.demo.truth import remember
from regions.clock import pinned
from regions.days import place_rules_of
from regions.enums import Level
from regions.models import LegalBasis, Region
from students.models import Student


@transaction.atomic
def play(plan: Plan) -> None:
    """Play every story that found its child; then what is left undone rises, as every night."""
    county = Region.objects.get(level=Level.COUNTY)
    _invent_a_clause(county)
    sign_deeds(county, plan.until)
    land = place_rules_of(county.path)
    people: dict[tuple[Role, str], User] = {}
    students = {student.uid: student for student in Student.objects.filter(uid__in=_cast(plan))}
    for day, acts in sorted(_script(plan).items()):
        with pinned(day):
            for uid, act in acts:
                act(Stage(students[uid], day, land, county, people))
            escalate(day, county)
    with pinned(plan.until):
        flag_absences(plan.until, county)
        escalate(plan.until, county)
    look_back(plan, county)
    report_last_month(plan, county)


def _cast(plan: Plan) -> dict[str, str]:
    names = {story.name for story in STORIES}
    return {child.uid: child.fate for child in plan.children if child.fate in names}


def _script(plan: Plan) -> dict[date, list[tuple[str, Act]]]:
    stories = {story.name: story for story in STORIES}
    script: dict[date, list[tuple[str, Act]]] = defaultdict(list)
    for child in plan.children:
        if story := stories.get(child.fate):
            days = plan.own_days(child, plan.land.first, plan.until)
            for ago, act in story.acts:
                script[days[-1 - ago]].append((child.uid, act))
    return script


def open_cases(plan: Plan) -> list[str]:
    """The uids whose case is open at the end, sorted: as the stories say, and children in no story
    who passed into 疑似辍学 while their school was silent, whose cases opened by themselves."""
    ends = {story.name: story.open for story in STORIES}
    return sorted(
        child.uid
        for child in plan.children
        if ends.get(child.fate, remember(plan, child, plan.until).suspected(plan.until))
    )


def _invent_a_clause(county: Region) -> None:
    LegalBasis.objects.create(
        region=county, title=DEMO_CLAUSE, issuer="虚构，仅供演示", article="第二十一条",
        text="（虚构条文，仅供演示）责令后仍不送子女入学的，由乡（镇）人民政府处五百元以下罚款。",
        valid_from=date(2020, 1, 1), allows_fine=True, competent="乡（镇）人民政府", fine_max=500,
        verified_by="演示",
    )  # fmt: skip
