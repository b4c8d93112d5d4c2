"""一生一案: the plan for one child, and its tasks with 四定 (who, what, by when, to what standard)."""

from datetime import date

from django.db import transaction

from accounts.models import User
from cases import history
from cases.contacts.answerable import labels_of, seats_around
from cases.day_words import day_said
from cases.enums.states import EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case, Plan, PlanTask
from cases.permissions import CaseRight, fetch
from regions.clock import now
from regions.refusals import Refused

PLANNED_BY = "云政办规〔2022〕5号"


@transaction.atomic
def save_plan(
    uid: str, *, by: User, on: date, version: int, diagnosis: str, goal: str, measures: str
) -> Plan:
    """Write the plan or change it. `version` is the case's; each wording stays in the history."""
    case = _open_case(uid, by, version)
    said = {"diagnosis": diagnosis.strip(), "goal": goal.strip(), "measures": measures.strip()}
    if not all(said.values()):
        raise Refused("原因诊断、帮扶目标、帮扶措施都要写。")
    standing = Plan.objects.filter(case=case).first()
    plan = standing or Plan(case=case, version=0)
    plan.diagnosis, plan.goal, plan.measures = said["diagnosis"], said["goal"], said["measures"]
    plan.version, plan.changed_by, plan.changed_at = plan.version + 1, by, now()
    plan.save()
    _write(case, by, on, f"{'修改' if standing else '制定'}一生一案：{plan.goal}", said)
    return plan


@transaction.atomic
def add_task(
    uid: str, *, by: User, on: date, version: int, who: str, what: str, due_on: date, standard: str
) -> PlanTask:
    """One task of the plan: 定人员, 定任务, 定时间, 定标准.

    `who` is a name, or one of the labels of `labels_of`: then it is that account's to do.
    """
    case = _open_case(uid, by, version)
    if not (who.strip() and what.strip() and standard.strip()):
        raise Refused("定人员、定任务、定标准都要写。")
    if due_on < on:
        raise Refused("完成时间早于今天，请改。")
    accounts = labels_of(seats_around(case.student, on), on)
    task = PlanTask.objects.create(
        case=case,
        who=who.strip(),
        user=accounts.get(who.strip()),
        what=what.strip(),
        due_on=due_on,
        standard=standard.strip(),
    )
    details = {"task": task.pk, "who": task.who, "due_on": due_on.isoformat()}
    _write(case, by, on, f"安排任务：{task.who}，{task.what}", details)
    return task


@transaction.atomic
def finish_task(uid: str, task: int, *, by: User, on: date, version: int) -> PlanTask:
    """Say that a task of this case is done."""
    case = _open_case(uid, by, version)
    found = case.tasks.filter(pk=task).first()
    if found is None:
        raise Refused("这份档案没有这项任务，请刷新页面。")
    if found.done_on:
        raise Refused(f"这项任务{day_said(found.done_on, on)}已完成。")
    found.done_on, found.done_by = on, by
    found.save(update_fields=["done_on", "done_by"])
    _write(case, by, on, f"完成任务：{found.who}，{found.what}", {"task": found.pk, "done": True})
    return found


def _open_case(uid: str, by: User, version: int) -> Case:
    case = fetch(uid, CaseRight.PLAN, by=by, version=version)
    if not case.is_open:
        raise Refused(f"这份档案{case.state_label}，一生一案不再修改。")
    return case


def _write(case: Case, by: User, on: date, said: str, details: dict) -> None:
    history.write(
        case,
        EventKind.PLANNED,
        by=by,
        happened=FuzzyDate.on(on),
        note=said,
        details=details,
        policy=PLANNED_BY,
    )
