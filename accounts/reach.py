"""Reach: what a user's seats reach, as a value. Each app's queryset turns it into its own columns.

The education line reaches a child through the school, the government line through home (双线).
"""

from dataclasses import dataclass

from accounts.enums import ADMIN_ROLES, REFERRAL_ROLES, Role
from regions.paths import covers

EDUCATION_LINE = {
    Role.TEACHER,
    Role.STAND_IN,
    Role.OFFICE,
    Role.PRINCIPAL,
    Role.CENTRAL,
    Role.TOWNSHIP,
    Role.BUREAU,
    Role.COUNTY_OFFICE,
}
GOVERNMENT_LINE = {Role.VILLAGE, Role.TOWNSHIP, Role.BUREAU, Role.COUNTY_OFFICE}
SCHOOL_LINE_ALONE = EDUCATION_LINE - GOVERNMENT_LINE
REACHES_NO_PUPIL = ADMIN_ROLES | REFERRAL_ROLES | {Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class Held:
    """One seat held: the role, the path it reaches, and what the unit is called."""

    role: Role
    path: str
    unit: str


@dataclass(frozen=True, slots=True)
class Reach:
    """All that a user's seats reach on one day."""

    seats: tuple[Held, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(held.role for held in self.seats)

    @property
    def school_paths(self) -> tuple[str, ...]:
        """Paths down the education line: a child is reached through its school."""
        return tuple(held.path for held in self.seats if held.role in EDUCATION_LINE and held.path)

    @property
    def home_paths(self) -> tuple[str, ...]:
        """Paths down the government line: a child is reached through its home."""
        return tuple(h.path for h in self.seats if h.role in GOVERNMENT_LINE and h.path)

    def paths(self, *roles: Role) -> tuple[str, ...]:
        """The paths held in any of `roles`."""
        return tuple(held.path for held in self.seats if held.role in roles and held.path)

    def holds(self, *roles: Role, over: str | None = None) -> bool:
        """Is a seat of one of `roles` held, over the place `over` where one is asked for?"""
        return any(
            held.role in roles and (over is None or covers(held.path, over)) for held in self.seats
        )
