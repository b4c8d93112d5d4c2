"""Which papers of which cases a user gets hold of, and under which seat they act on one."""

from accounts.models import User
from accounts.reach import Held
from cases.enums.records import PaperKind
from cases.enums.states import AccessKind
from cases.models import Case, Paper
from cases.permissions import ORDERS, REFUSALS, CaseRight, acting
from regions.paths import covers
from regions.refusals import Refused

FILES = "paper"
NEVER_SERVED = {PaperKind.ENFORCEMENT, PaperKind.COMPLAINT, PaperKind.LEGAL_OPINION}


def issuing_seat(by: User, case: Case) -> Held:
    """The seat under which `by` issues papers of this case: owner township, or the bureau."""
    held = next((seat for seat in acting(by, case) if seat.role in ORDERS), None)
    if held is None:
        raise Refused(REFUSALS[CaseRight.ISSUE])
    return held


def paper_within(uid: str, by: User) -> Paper:
    """A paper of a case within reach. Raises Paper.DoesNotExist out of it."""
    reached = Paper.objects.filter(case__in=Case.objects.visible_to(by))
    return reached.select_related("case__student", "addressee").get(uid=uid)


def _handed_over(paper: Paper) -> bool:
    """Has the township that issued it given the case away?"""
    former = paper.case.access_rows.filter(kind=AccessKind.FORMER, path=paper.body_path, until=None)
    return former.exists()


def seat_over(by: User, paper: Paper, refusal: str, *, heirs: bool = False) -> Held:
    """The acting seat at or above the body that issued `paper`. Raises Refused with `refusal`.

    `heirs`: the township that has taken the case over may too, since its duties went along.
    """
    seats = [seat for seat in acting(by, paper.case) if seat.role in ORDERS]
    held = next((seat for seat in seats if covers(seat.path, paper.body_path)), None)
    if held is None and heirs and _handed_over(paper):
        held = next(iter(seats), None)
    if held is None:
        raise Refused(refusal)
    return held
