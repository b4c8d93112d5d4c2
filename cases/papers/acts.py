"""The acts of papers: issue, record, serve, void."""

from typing import Any

from django.urls import reverse

from cases import legal_basis
from cases.act import OF_PAPER, OUT, Act, Filling, Occasion
from cases.enums.records import DeadlineKind, PaperKind
from cases.models import Case, Paper
from cases.papers import issuing, recording, serving
from cases.papers.forms import PaperIssueForm, RecordForm, ServeForm, VoidForm
from cases.permissions import CaseRight
from regions.days import place_rules_of
from students.models import Guardian


def _order(at: Occasion) -> Filling:
    case, guardians = at.case, list(at.case.student.guardians.all())
    policies = place_rules_of(case.county_path).policies
    days = policies.number("order_days", case.county_path, at.on)
    return Filling(
        initial={"days": days, "person": at.by.name},
        options={"guardians": guardians},
        refused="" if at.posted else _why_nobody(case, guardians),
    )


def _why_nobody(case: Case, guardians: list[Guardian]) -> str:
    """Why an order can be issued to none of these people, or nothing where it can to one."""
    asked: list[Guardian | None] = [*guardians] or [None]
    refusals = [issuing.why_not_issue(case, PaperKind.ORDER, guardian) for guardian in asked]
    return "" if None in refusals else str(refusals[0])


def _issue_order(uid: str, **told: Any) -> Paper:
    return issuing.issue(uid, PaperKind.ORDER, **told)


def _its_page(at: Occasion, issued: Paper) -> str:
    return reverse("cases:paper", args=[at.case.uid, issued.uid])


def _from_outside(at: Occasion) -> Filling:
    bases = legal_basis.of_place(at.case.county_path).filter(allows_fine=True)
    return Filling(
        options={"guardians": list(at.case.student.guardians.all()), "bases": bases},
        intro="平台外已有的文书，照原件登记",
    )


def _to_serve(at: Occasion) -> Filling:
    if at.paper is None:
        return Filling()
    return Filling(initial={"recipient": at.paper.addressee_name}, intro=at.paper.number)


def _to_void(at: Occasion) -> Filling:
    return Filling(intro=f"{at.paper.number}，编号保留" if at.paper else "")


ISSUE = Act(
    CaseRight.ISSUE, "paper_issue", "制发文书", title="制发责令限期改正通知书",
    button="制发责令限期改正通知书", icon="file-earmark-text",
    says="责令限期改正通知书等，自动编号", states=OUT, path="papers/issue", form=PaperIssueForm,
    verb=_issue_order, fill=_order, after=_its_page, kept="写在个案的经过里。", settles=(DeadlineKind.ISSUE,),
)  # fmt: skip
RECORD = Act(
    CaseRight.ISSUE, "paper_record", "补录文书", button="补录文书", icon="file-earmark-plus",
    says="系统外已有的文书", states=OUT, path="papers/record", form=RecordForm,
    verb=recording.record_paper, fill=_from_outside,
)  # fmt: skip
SERVE = Act(
    CaseRight.SERVE, "paper_serve", "登记送达", button="登记送达", icon="envelope-check",
    base=OF_PAPER, path="serve", form=ServeForm, verb=serving.serve, fill=_to_serve,
    settles=(DeadlineKind.SERVE,),
)  # fmt: skip
VOID = Act(
    CaseRight.VOID, "paper_void", "作废文书", button="作废文书", base=OF_PAPER, path="void",
    form=VoidForm, verb=issuing.void, fill=_to_void,
)  # fmt: skip
