"""The page 考勤更正: what waits for whose word, what confirming it would change, what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import QuerySet

from accounts.enums import SCHOOL_ROLES, SCHOOL_STAFF, Role
from accounts.models import User
from attendance import alerts
from attendance.enums import Mark, ProposalState
from attendance.models import ProposedMark
from attendance.proposed_marks.deciding import why_not_decide
from attendance.records import AbsenceAssessment, assess
from attendance.rules.lessening import with_mark
from attendance.rules.streaks import unseen
from regions.clock import at
from regions.days import PlaceRules
from regions.models import SchoolClass
from regions.paths import inside_any

READERS = SCHOOL_ROLES | {Role.BUREAU}
SHOWN, MOST_ROWS = timedelta(days=30), 100


@dataclass
class ProposedRow:
    """One mark of the page: `effect` says what confirming it would change, `why_not` why this
    person has no word on it."""

    proposed: ProposedMark
    where: str
    effect: str = ""
    why_not: str = ""

    @property
    def stands(self) -> str:
        was = self.proposed.was
        return "这一天还没有记到他" if was == Mark.PENDING else Mark(was).label


@dataclass
class ProposedPage:
    """What waits, those this person may decide first, and what was decided in the last 30 days."""

    waiting: list[ProposedRow]
    decided: list[ProposedRow]

    @property
    def mine(self) -> int:
        return sum(not row.why_not for row in self.waiting)


def proposed_page(user: User, on: date, place_rules: PlaceRules) -> ProposedPage:
    """Gather the page; a fixed number of statements but for who may speak on the bureau's rows."""
    reached = ProposedMark.objects.filter(inside_any("path", user.reach.paths(*READERS)))
    rows = reached.select_related("student", "asked_by", "decided_by")
    waiting = list(rows.filter(state=ProposalState.ASKED).order_by("asked_at", "pk")[:MOST_ROWS])
    since = at(on - SHOWN, time())
    done = list(rows.exclude(state=ProposalState.ASKED).filter(asked_at__gte=since)
                .order_by("-asked_at", "-pk")[:MOST_ROWS])  # fmt: skip
    labels = _labels([*waiting, *done], on)
    effects = _effects(waiting, on, place_rules)
    page = ProposedPage(
        [
            ProposedRow(
                one,
                labels.get(one.path, ""),
                effects.get(one.pk, ""),
                why_not_decide(one, user, on),
            )
            for one in waiting
        ],
        [ProposedRow(one, labels.get(one.path, "")) for one in done],
    )
    page.waiting.sort(key=lambda row: bool(row.why_not))
    return page


def waiting_marks(user: User) -> QuerySet[ProposedMark]:
    """Those that wait for this person's word."""
    school, bureau = user.reach.paths(*SCHOOL_STAFF), user.reach.paths(Role.BUREAU)
    if not school and not bureau:
        return ProposedMark.objects.none()
    asked = ProposedMark.objects.filter(state=ProposalState.ASKED).exclude(asked_by=user)
    mine = asked.filter(inside_any("path", school), by_county=False) if school else asked.none()
    theirs = asked.filter(inside_any("path", bureau), by_county=True) if bureau else asked.none()
    return mine | theirs


def _labels(rows: Iterable[ProposedMark], on: date) -> dict[str, str]:
    classes = SchoolClass.objects.filter(path__in={row.path for row in rows})
    return {
        one.path: f"{one.school.name} {one.label(on)}" for one in classes.select_related("school")
    }


def _effects(rows: list[ProposedMark], on: date, place_rules: PlaceRules) -> dict[int, str]:
    """What confirming each would change, by its key."""
    if not rows:
        return {}
    judged = max(alerts.last_judged(rows[0].path) or on, *(row.on for row in rows))
    answers = assess({row.student_id for row in rows}, judged, place_rules)
    return {row.pk: _effect(row, answers[row.student_id]) for row in rows}


def _effect(row: ProposedMark, answer: object) -> str:
    if not isinstance(answer, AbsenceAssessment):
        return "校历未定，暂时算不出"
    if row.on not in answer.facts:
        return "不影响现在的天数"
    facts = with_mark(answer.facts, row.on, Mark(row.wanted) if row.wanted else None)
    after = unseen(answer.days, facts, answer.teacher_days)
    threshold = answer.threshold.number
    before, then = len(answer.run.unexplained), len(after.unexplained)
    if before == then and bool(answer.run.lost) == bool(after.lost):
        return f"仍是 {then} 天未到"
    withdrawn = not after.lost and then < threshold
    return f"未到从 {before} 天变为 {then} 天" + ("，预警撤回" if withdrawn else "，预警仍在")
