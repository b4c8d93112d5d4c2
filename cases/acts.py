"""The table of acts on a case, in the order a page offers them: one row each, joined by feature."""

from cases.act import Act
from cases.contacts import acts as contacts
from cases.enums.records import DeadlineKind
from cases.intake import acts as intake
from cases.ladder import acts as ladder
from cases.papers import acts as papers
from cases.returns import acts as returns

ACTS = (
    contacts.CONTACT,
    returns.RETURN,
    returns.PLACE,
    returns.SCHOOL_OPINION,
    returns.TOWNSHIP_OPINION,
    returns.APPROVE,
    returns.SEND_BACK,
    contacts.PLAN,
    contacts.PEOPLE,
    ladder.CRITICISE,
    ladder.ADVANCE,
    papers.ISSUE,
    papers.RECORD,
    papers.SERVE,
    papers.VOID,
    ladder.ASK_SKIP,
    ladder.DECIDE_SKIP,
    ladder.COURT,
    contacts.REPORT,
    contacts.NOTE,
    contacts.EVIDENCE,
    returns.EXIT,
    returns.REOPEN,
    intake.ASSIGN,
    intake.HAND_OVER,
    intake.REFER,
    intake.END_REFERRAL,
    intake.MISTAKE,
)
SETTLES: dict[DeadlineKind, Act] = {kind: act for act in ACTS for kind in act.settles}
SETTLES_LATE: dict[DeadlineKind, Act] = {kind: act for act in ACTS for kind in act.settles_late}


def named(name: str) -> list[Act]:
    """The acts behind one address: two where school and township each give their own opinion."""
    return [act for act in ACTS if act.name == name]


def with_page_here() -> list[str]:
    """The names of the addresses that `cases.act_view` serves, each once."""
    return list(dict.fromkeys(act.name for act in ACTS if act.form))
