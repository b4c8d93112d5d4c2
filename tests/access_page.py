"""What a line of the access table says, and the sets of roles its lines are written in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from tests.counties import Spot

CLASS = {Role.TEACHER, Role.STAND_IN}
STAFF = {Role.OFFICE, Role.PRINCIPAL}
SCHOOL = STAFF | {Role.CENTRAL}
HOME = {Role.VILLAGE, Role.TOWNSHIP}
COUNTY = {Role.BUREAU, Role.COUNTY_OFFICE}
COURTS = {Role.COURT, Role.PROCURATORATE, Role.JUSTICE, Role.POLICE, Role.LABOUR}
ADMINS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
PUPILS = CLASS | SCHOOL | HOME | COUNTY
OVERSEERS = COUNTY | {Role.CENTRAL, Role.TOWNSHIP}
LOOKERS = {Role.LEADER, Role.INSPECTOR}
ALL = PUPILS | COURTS | ADMINS | LOOKERS
NO_LOGIN = None


def upload(content: str, name: str = "file.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def answers(roles: set[Role], status: int, *methods: str) -> dict[tuple[Role, str], int]:
    """Every one of these roles gets this answer to these methods (both, where none is named)."""
    return {(role, method): status for role in roles for method in methods or ("GET", "POST")}


@dataclass(frozen=True)
class Page:
    """Who may open a page and what it answers to them: `get` and `post` on what is in reach.

    `post` None: the page reads only, and a POST is read like a GET. `args` names what the address
    is about; `unlike` holds the answers of roles that differ, by (role, method); `before` brings
    what is in reach to where the act makes sense. `everywhere`: roles whose seats have no place, and
    who find what stands anywhere.
    """

    roles: set[Role] | None
    get: int = 200
    post: int | None = None
    args: tuple[str, ...] = ()
    body: Callable[[Spot], dict] = lambda at: {}
    unlike: dict[tuple[Role, str], int] = field(default_factory=dict)
    before: Callable[[Spot], object] = lambda at: None
    everywhere: frozenset[Role] = frozenset()
