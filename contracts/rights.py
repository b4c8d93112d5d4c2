"""Who may do what with 责任书: the table beside the rule. Verbs ask it; pages only reflect it."""

from datetime import date

from accounts.enums import SCHOOL_STAFF, Role
from accounts.models import Seat, User
from contracts.enums import SEATS, Link, Side

# Who drafts and issues a link, over the place of its upper side.
ISSUERS: dict[Link, frozenset[Role]] = {
    Link.COUNTY_TOWNSHIP: frozenset({Role.COUNTY_OFFICE}),
    Link.TOWNSHIP_VILLAGE: frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP}),
    Link.COUNTY_BUREAU: frozenset({Role.COUNTY_OFFICE, Role.BUREAU}),
    Link.BUREAU_SCHOOL: frozenset({Role.BUREAU}),
    Link.SCHOOL_TEACHER: frozenset({Role.PRINCIPAL}),
}
CHOOSERS = frozenset({Role.COUNTY_OFFICE, Role.BUREAU})
DRAFTERS = frozenset().union(*ISSUERS.values())
SIGNERS = frozenset(role for seats in SEATS.values() for role in seats.values())

# Who sees which links, for lower sides at or below their place.
_SCHOOL = frozenset({Link.BUREAU_SCHOOL, Link.SCHOOL_TEACHER})
SEES: dict[Role, frozenset[Link]] = {
    Role.COUNTY_OFFICE: frozenset(Link),
    Role.BUREAU: frozenset(Link),
    Role.TOWNSHIP: frozenset({Link.COUNTY_TOWNSHIP, Link.TOWNSHIP_VILLAGE}),
    Role.VILLAGE: frozenset({Link.TOWNSHIP_VILLAGE}),
    Role.CENTRAL: _SCHOOL,
    **dict.fromkeys(SCHOOL_STAFF, _SCHOOL),
    Role.TEACHER: frozenset({Link.SCHOOL_TEACHER}),
}
READERS = frozenset(SEES)

NOT_ISSUER = "{link}的责任书由甲方下达，你的账号不能起草或签发。"
NOT_A_PARTY = "这份责任书由双方在岗的人签，你不在其中任何一方的岗位上。"
NOT_CHOOSER = "要不要签到班主任、要不要一票否决，由县控辍保学专班或县教育体育局定。"


def may_issue(by: User, link: Link, upper_path: str, on: date) -> bool:
    return by.reach_on(on).holds(*ISSUERS[link], over=upper_path)


def seats_held(
    by: User, link: Link, upper_path: str, lower_path: str, on: date
) -> dict[Side, Seat]:
    """The sides whose very seat `by` holds on a day; a seat above it does not sign for it."""
    roles, places = SEATS[link], {Side.UPPER: upper_path, Side.LOWER: lower_path}
    held = {}
    for seat in Seat.objects.on(on).filter(user=by, path__in=set(places.values())):
        for side in Side:
            if seat.role == roles[side] and seat.path == places[side]:
                held[side] = seat
    return held
