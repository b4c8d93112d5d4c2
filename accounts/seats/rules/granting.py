"""Who gives which seat, and whether it works at once: the table beside the rule.

A seat given from above works at once; what only a system administrator gives waits until the
security administrator activates it (待启用). Standard library only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.enums import (
    ADMIN_ROLES,
    CLASS_ROLES,
    COUNTY_ROLES,
    LONGEST_STAND_IN,
    REFERRAL_ROLES,
    SCHOOL_ROLES,
    SCHOOL_STAFF,
    Role,
)
from regions.enums import Level


class Effect(StrEnum):
    """What giving a seat brings about."""

    AT_ONCE = "at_once"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a seat is to stand, as far as the table asks: its level, and is it a 教学点? Whose office
    it is that gives the seat follows from the paths, and of a 教学点 from the school that leads it."""

    level: Level | None = None
    teaching_point: bool = False
    school: str = ""
    township: str = ""
    county: str = ""
    led_by: int | None = None


BY_FILE = frozenset({Role.SYSTEM_ADMIN})
# Whose seats the system administrator alone gives; a leader at the county is one more.
OF_THE_COUNTY = frozenset(COUNTY_ROLES | {Role.INSPECTOR} | REFERRAL_ROLES | ADMIN_ROLES)


def givers(role: Role, at: Place) -> frozenset[Role]:
    """Who gives a seat of this role so that it works at once; nobody for those of the county."""
    if role in CLASS_ROLES:
        return frozenset(SCHOOL_STAFF | ({Role.CENTRAL} if at.teaching_point else set()))
    if role in SCHOOL_ROLES:
        return frozenset({Role.BUREAU})
    if role is Role.VILLAGE:
        return frozenset({Role.TOWNSHIP})
    if role is Role.TOWNSHIP:
        return frozenset({Role.COUNTY_OFFICE})
    if role is Role.LEADER and at.level in (Level.TOWNSHIP, Level.VILLAGE):
        return frozenset({Role.COUNTY_OFFICE})
    return frozenset()


def line_above(role: Role, at: Place) -> frozenset[Role]:
    """Who gives a seat of this role at once, who gives theirs, and so on up."""
    found: set[Role] = set()
    coming = givers(role, at)
    while coming:
        found |= coming
        coming = frozenset(up for one in coming for up in givers(one, Place())) - found
    return frozenset(found)


Office = tuple[Role, str]


def giving_offices(seats: Iterable[tuple[Role, Place]]) -> frozenset[Office]:
    """The offices, (role, where), each of which gives all these seats at once."""
    return _shared(seats, givers)


def offices_above(seats: Iterable[tuple[Role, Place]]) -> frozenset[Office]:
    """The offices each of which stands above all these seats: gives them, or gives who gives them."""
    return _shared(seats, line_above)


def _shared(
    seats: Iterable[tuple[Role, Place]], whose: Callable[[Role, Place], frozenset[Role]]
) -> frozenset[Office]:
    known = [frozenset((up, _where(up, at)) for up in whose(role, at)) for role, at in seats]
    return frozenset.intersection(*known) if known else frozenset()


def _where(giver: Role, at: Place) -> str:
    """Which office of a kind it is that gives at a place: of the school, the township, the county."""
    if giver in SCHOOL_STAFF:
        return at.school
    if giver is Role.CENTRAL:
        return str(at.led_by or at.school)
    return at.township if giver is Role.TOWNSHIP else at.county


def effect_of(role: Role, at: Place, held: Iterable[Role]) -> Effect | None:
    """What comes of giving `role` by who holds these roles over the place; None: may not."""
    mine = set(held)
    if role is Role.SYSTEM:
        return None
    if mine & givers(role, at):
        return Effect.AT_ONCE
    return Effect.PROPOSED if mine & BY_FILE else None


def given_by(held: Iterable[Role]) -> frozenset[Role]:
    """The roles that somebody with these roles gives at once, at one place or another."""
    mine = set(held)
    places = [Place(teaching_point=True), *(Place(level) for level in Level)]
    return frozenset(role for role in Role if any(mine & givers(role, at) for at in places))


def is_of_the_county(role: Role, level: Level | None) -> bool:
    """Is this a seat of the county, whose password the security administrator alone resets?"""
    return role in OF_THE_COUNTY or (role is Role.LEADER and level is Level.COUNTY)


def levels_of(role: Role) -> frozenset[Level]:
    """At regions of which level a role may sit; none for who sits at a school or nowhere."""
    if role is Role.LEADER:
        return frozenset({Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE})
    if role is Role.VILLAGE:
        return frozenset({Level.VILLAGE})
    if role is Role.TOWNSHIP:
        return frozenset({Level.TOWNSHIP})
    if role in COUNTY_ROLES | REFERRAL_ROLES | {Role.INSPECTOR}:
        return frozenset({Level.COUNTY})
    return frozenset()


def why_not_days(role: Role, began: date, until: date | None) -> str:
    """Why a seat cannot run from a day until a day; "" when it can."""
    if until is not None and until < began:
        return f"任职止 {until} 早于任职起 {began}。"
    if role is Role.STAND_IN:
        if until is None:
            return f"代班要填任职止，最长 {LONGEST_STAND_IN} 天。"
        if (until - began).days >= LONGEST_STAND_IN:
            days = (until - began).days + 1
            return f"代班最长 {LONGEST_STAND_IN} 天，现在是 {days} 天。更久请安排班主任。"
    return ""


def why_not_together(role: Role, others: Iterable[Role]) -> str:
    """三员: an administrator holds that one kind of seat and no other. "" when they go together."""
    beside = set(others) - {role}
    if beside and (beside | {role}) & ADMIN_ROLES:
        return "系统、安全、审计三员要分开，不能由同一账号兼任。"
    return ""
