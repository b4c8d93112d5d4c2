"""The year's 责任书 of the demo: drafted and issued in September, most of them signed."""

from datetime import date, timedelta

from accounts.enums import Role
from accounts.models import Seat, User
from contracts.contracts import draft_year, issue, sign
from contracts.enums import SEATS, Link, Side
from contracts.models import Contract
from regions.clock import pinned
from regions.models import Region
from regions.rules.classnames import school_year

# Of every so many contracts of a link, one is left unsigned below; of the villages, one above too.
UNSIGNED_BELOW = {
    Link.COUNTY_BUREAU: 2,
    Link.COUNTY_TOWNSHIP: 4,
    Link.BUREAU_SCHOOL: 7,
    Link.TOWNSHIP_VILLAGE: 3,
}


def sign_contracts(county: Region, until: date) -> None:
    """Draft, issue and sign in the second week of September; nothing where the demo ends before."""
    year = school_year(until)
    issued_on, signed_on = date(year, 9, 8), date(year, 9, 13)
    if until < signed_on:
        return
    drafters = [
        _seated(Role.COUNTY_OFFICE, county.path),
        _seated(Role.BUREAU, county.path),
        *User.objects.filter(seats__role=Role.TOWNSHIP).order_by("seats__path"),
    ]
    with pinned(issued_on):
        for drafter in filter(None, drafters):
            draft_year(county, year, by=drafter, on=issued_on)
        for drafter in filter(None, drafters):
            _issue_own(drafter, issued_on)
    with pinned(signed_on):
        for link, every in UNSIGNED_BELOW.items():
            rows = Contract.objects.filter(link=link, state="issued").order_by("lower_path")
            for number, contract in enumerate(rows, 1):
                _sign(contract, link, signed_on, left_out=number % every == 0)


def _seated(role: Role, path: str) -> User | None:
    seat = Seat.objects.filter(role=role, path=path).order_by("pk").first()
    return seat.user if seat else None


def _issue_own(by: User, on: date) -> None:
    paths = {held.path for held in by.reach.seats}
    drafts = Contract.objects.visible_to(by).filter(state="draft", upper_path__in=paths)
    roles = by.reach.roles
    links = {
        Link.COUNTY_TOWNSHIP: Role.COUNTY_OFFICE,
        Link.COUNTY_BUREAU: Role.COUNTY_OFFICE,
        Link.BUREAU_SCHOOL: Role.BUREAU,
        Link.TOWNSHIP_VILLAGE: Role.TOWNSHIP,
    }
    mine = [link for link, role in links.items() if role in roles]
    uids = list(drafts.filter(link__in=mine).values_list("uid", flat=True))
    if uids:
        issue(uids, by=by, on=on, due_on=on + timedelta(days=22))


def _sign(contract: Contract, link: Link, on: date, *, left_out: bool) -> None:
    for side, path in ((Side.UPPER, contract.upper_path), (Side.LOWER, contract.lower_path)):
        signer = _seated(SEATS[link][side], path)
        if signer and not (left_out and side is Side.LOWER):
            sign(contract.uid, by=signer, on=on)
