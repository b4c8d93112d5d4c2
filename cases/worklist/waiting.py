"""等你办理: what of the open cases waits for one person, and the badge that counts it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.enums import COUNTY_ROLES
from accounts.models import User
from cases.due import alike
from cases.enums.records import DeadlineKind
from cases.enums.states import AccessKind, Step, step_title
from cases.intake.acts import ASSIGN
from cases.ladder.acts import DECIDE_SKIP
from cases.models import Case, Deadline, Skip
from cases.worklist.rows import ActionButton, CaseRow


@dataclass(frozen=True, slots=True)
class PendingAction:
    """A case that waits for the reader: why, and the one thing to press."""

    row: CaseRow
    said: str
    press: ActionButton


def waits_for(by: User, rows: Iterable[CaseRow]) -> list[PendingAction]:
    """For the county, which looks on at most cases: what only it can do. Nothing for who does most."""
    if not by.reach.holds(*COUNTY_ROLES):
        return []
    listed = list(rows)
    asked = {skip.case_id: skip for skip in _asked(by).filter(case__in=[r.case.pk for r in listed])}
    found = []
    for row in listed:
        if row.case.to_assign:
            found.append(_to_assign(row))
        if skip := asked.get(row.case.pk):
            found.append(_to_decide(row, skip))
        if row.next.mine and row.next.kind is not DeadlineKind.DECIDE_SKIP:
            found.append(PendingAction(row, row.next.what, row.press))
    return found


def _asked(by: User):
    """Requests to leave a step out that this person decides."""
    if not by.reach.holds(*DECIDE_SKIP.roles):
        return Skip.objects.none()
    return Skip.objects.filter(granted=None)


def _to_assign(row: CaseRow) -> PendingAction:
    owner = next((one.unit for one in row.rows if one.kind == AccessKind.OWNER), "学校所在乡镇")
    said = f"监护人住址不明或不在本县，暂归{owner}"
    return PendingAction(row, said, ActionButton(ASSIGN.label, ASSIGN.url(row.case)))


def _to_decide(row: CaseRow, skip: Skip) -> PendingAction:
    said = f"申请跳过{step_title(Step(skip.step))}：{skip.reason}"
    return PendingAction(row, said, ActionButton(DECIDE_SKIP.label, DECIDE_SKIP.url(row.case)))


def waiting_cases(by: User, on: date) -> int:
    """The badge: cases within reach with a duty of this user's that is late or due today; for the
    county all that waits for it."""
    own = Deadline.objects.standing().filter(who__in=list(alike(by.reach.roles)))
    reached = Case.objects.visible_to(by).open()
    if not by.reach.holds(*COUNTY_ROLES):
        due = own.filter(due_on__lte=on)
        return reached.filter(pk__in=due.values("case_id")).count()
    waits = Q(pk__in=own.values("case_id")) | Q(to_assign=True)
    return reached.filter(waits | Q(pk__in=_asked(by).values("case_id"))).count()
