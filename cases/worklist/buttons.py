"""What a case page offers to whoever reads it: the acts of the case's state that are theirs."""

from collections.abc import Collection

from accounts.models import User
from cases.act import OF_PAPER, Act, Button, Situation
from cases.acts import ACTS
from cases.due import Next
from cases.enums.states import AccessKind
from cases.models import Case, CaseAccess, ClosingOpinion, Deadline, Skip
from cases.permissions import CaseRight, may
from cases.worklist.rows import act_for

Offer = tuple[Act, Button]


def offers_of(
    case: Case,
    by: User,
    rows: list[CaseAccess],
    deadlines: Collection[Deadline],
    skips: Collection[Skip],
    opinions: Collection[ClosingOpinion],
) -> list[Offer]:
    """Everything this user may do to the case now."""
    now = Situation(
        case=case,
        deadlines=frozenset(deadline.kind for deadline in deadlines),
        skip_asked=any(skip.granted is None for skip in skips),
        opinions=frozenset(opinion.opinion_of for opinion in opinions),
        referred=any(row.kind == AccessKind.REFERRAL for row in rows),
    )
    return [
        (act, act.offer(case))
        for act in ACTS
        if case.state in act.states and act.fits(now) and may(by, act.right, case, rows)
    ]


def first_button(case: Case, coming: Next, offered: list[Offer]) -> Button | None:
    """The one filled button: the next step, when it is this user's to take."""
    leads = act_for(coming)
    if leads is None:
        return None
    if leads.base == OF_PAPER:
        mine = any(act.right is CaseRight.ISSUE for act, _ in offered)
        paper = coming.deadline.paper if coming.deadline else None
        url = leads.url(case, paper) if mine else ""
        return Button(leads.label, url, leads.icon) if url else None
    buttons = (Button(act.label, button.url, act.icon) for act, button in offered if act is leads)
    return next(buttons, None)
