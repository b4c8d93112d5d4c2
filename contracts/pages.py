"""What the pages of 责任书 show of a contract and to whom they offer which step."""

from datetime import date

from accounts.models import Attachment, Change, User
from contracts import listing
from contracts.contracts import KIND, draft_text
from contracts.enums import ContractState, Link
from contracts.models import Contract
from contracts.rights import CHOOSERS, may_issue, seats_held
from contracts.rules.texts import format_target, year_label
from contracts.units import Pair
from contracts.wording import Wordings, choice_of
from regions.paths import county_of
from regions.rules.classnames import school_year

VERBS = {
    "contracts.draft": "起草",
    "contracts.issue": "签发",
    "contracts.sign": "签署",
    "contracts.scan": "上传扫描件",
    "contracts.supersede": "岗位换人，作废",
    "contracts.renew": "换人重签，发出新的一份",
}


def index_page(
    user: User, shelf: listing.ContractList, index: listing.Index, year: int, missing: list[Pair]
) -> dict:
    """The tree with the one next step of this user: draft, issue or sign."""
    drafts, waiting = shelf.mine_to_issue(), shelf.mine_to_sign()
    steps = {"draft": missing, "issue": drafts, "sign": waiting}
    return {
        "index": index,
        "year": year,
        "year_label": year_label(year),
        "years": [(one, year_label(one)) for one in listing.years(user, school_year(shelf.on))],
        "missing": missing,
        "drafts": drafts,
        "waiting": waiting,
        "next": next((name for name, rows in steps.items() if rows), ""),
        "may_choose": user.reach.holds(*CHOOSERS),
    }


def may_issue_now(user: User, contract: Contract, on: date) -> bool:
    drafted = contract.state == ContractState.DRAFT
    return drafted and may_issue(user, Link(contract.link), contract.upper_path, on)


def contract_page(user: User, contract: Contract, on: date) -> dict:
    """One contract; a draft shows the text it would be issued with today."""
    shelf = listing.stand([contract], user, on)
    is_draft = contract.state == ContractState.DRAFT
    text = contract.text
    if is_draft:
        county = county_of(contract.lower_path)
        text = draft_text(contract, Wordings(county, contract.year, on), choice_of(county))
    superseded = contract.state == ContractState.SUPERSEDED
    link = Link(contract.link)
    party = seats_held(user, link, contract.upper_path, contract.lower_path, on)
    issuer = may_issue(user, link, contract.upper_path, on)
    return {
        "contract": contract,
        "link": Link(link).label,
        "year_label": year_label(contract.year),
        "lines": [(line, _is_heading(line)) for line in text.splitlines()],
        "targets": [(one, format_target(one)) for one in contract.targets],
        "parties": shelf.parties(contract),
        "face": SUPERSEDED if superseded else listing.contract_status(shelf.of(contract), on),
        "is_draft": is_draft,
        "superseded": superseded,
        "newer": Contract.objects.filter(replaces=contract).first(),
        "sign_side": listing.side_to_sign(contract, shelf),
        "may_issue": may_issue_now(user, contract, on),
        "may_scan": not is_draft and not superseded and bool(party or issuer),
        "scans": Attachment.objects.filter(kind=KIND, uid=contract.uid).select_related("added_by"),
        "history": [
            (one, VERBS.get(one.verb, one.verb))
            for one in Change.objects.filter(kind=KIND, uid=contract.uid).select_related("by")
        ],
    }


SUPERSEDED = listing.ContractStatus("plain", "已换人重签", "arrow-repeat")


def _is_heading(line: str) -> bool:
    return line[1:2] == "、"
