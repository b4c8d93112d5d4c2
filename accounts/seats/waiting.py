"""待启用 as the security administrator reads it: by unit and role, and what stands in the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.enums import ADMIN_ROLES, CLASS_ROLES, LOOKING_ON, Role
from accounts.models import Seat, SeatQuerySet, User
from accounts.reach import REACHES_NO_PUPIL
from accounts.seats.activating import Judging
from accounts.seats.permissions import place_of
from regions.enums import Level
from regions.models import Region
from regions.paths import COUNTY, inside

LONGEST_NUMBER = 18  # digits of the greatest key of a row
WITH_THE_SUBMITTER = ("user", "granted_by", "region", "school", "school_class__school",
                      "replaces__user", "replaces__school_class__school")  # fmt: skip


@dataclass
class Group:
    """Seats of one role at one unit, given by one person, at once or bit by bit.

    `children` is how many pupils they open, filled in by who may count them; `barred` why none of
    them can be let in by this reader.
    """

    key: str
    unit: str
    role: Role
    submitter: User
    path: str
    seats: list[Seat] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    children: int = 0
    scope: str = ""
    tone: str = "plain"
    ticked: bool | None = None

    @property
    def barred(self) -> str:
        """The one reason that bars all of them; "" where at least one can be let in."""
        reasons = {self.notes.get(seat.pk, "") for seat in self.seats}
        return "；".join(sorted(reasons)) if "" not in reasons else ""

    @property
    def pks(self) -> str:
        return ",".join(str(seat.pk) for seat in self.seats)

    @property
    def times(self) -> list[datetime]:
        """When they were handed in: the first and the last time, one where it was once."""
        at = sorted({seat.granted_at for seat in self.seats if seat.granted_at})
        return [at[0], at[-1]] if len(at) > 1 else at

    @property
    def opens(self) -> str:
        """Where the pupils are that these seats open, before their number."""
        return "本班学生，共" if self.role in CLASS_ROLES else self.unit

    @property
    def chosen(self) -> bool:
        """Is it ticked? To begin with what is neither wide nor barred: that is ticked by hand alone;
        after a refusal what was ticked then."""
        if self.ticked is not None:
            return self.ticked
        return self.tone == "plain" and not self.barred

    @property
    def who(self) -> str:
        return self.names[0] + (" 等" if len(self.names) > 1 else "")

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(seat.user.name for seat in self.seats))


def inside_unit(path: str) -> SeatQuerySet:
    """What waits at a unit and below; at a county also the administrators, who have no unit."""
    waiting = Seat.objects.waiting()
    found = waiting.filter(inside("path", path))
    return found | waiting.filter(path="") if len(path) <= COUNTY else found


def groups_for(reader: User, on: date, *, apart: str = "") -> list[Group]:
    """All that waits, the widest units first; with what bars each seat for this reader.

    The group with the key `apart` is told seat by seat.
    """
    seats = Seat.objects.waiting().select_related(*WITH_THE_SUBMITTER).order_by("path", "pk")
    found: dict[str, Group] = {}
    judging = Judging(reader, on)
    for seat in seats:
        group = _group_of(seat, found, apart)
        group.seats.append(seat)
        if reason := judging.why_not(seat):
            group.notes[seat.pk] = reason
    for group in found.values():
        group.scope, group.tone = _scope_of(group)
    return sorted(found.values(), key=lambda one: (len(one.path), one.path, one.role, one.key))


def _group_of(seat: Seat, found: dict[str, Group], apart: str) -> Group:
    """The group a seat belongs to: classes go with their school; a barred own seat stands alone."""
    role, submitter = Role(seat.role), seat.granted_by
    at = seat.school_class.school if seat.school_class else seat.school or seat.region
    own = "own" if submitter and seat.user_id == submitter.pk else ""
    path = at.path if at else ""
    key = "-".join([path, role, str(seat.granted_by_id), own])
    key = f"{key}-{seat.pk}" if key == apart else key
    if key not in found:
        assert submitter is not None  # noqa: S101 (a constraint holds it for what waits)
        found[key] = Group(key, at.name if at else "全县", role, submitter, path)
    return found[key]


def _scope_of(group: Group) -> tuple[str, str]:
    """How far these seats reach, in words and as a tone."""
    if any(seat.user_id == seat.granted_by_id for seat in group.seats):
        return "本人提交给本人", "bad"
    if group.role in ADMIN_ROLES:
        return "三员，看不到学生", "warn"
    unit = group.seats[0].unit
    if group.role in REACHES_NO_PUPIL:
        return "只看移送的个案", "warn"
    level = place_of(unit).level if isinstance(unit, Region) else None
    if level is Level.COUNTY:
        return ("只看汇总数" if group.role in LOOKING_ON else "看得到全县"), "warn"
    if level is not None:
        return {Level.TOWNSHIP: "一个乡镇", Level.VILLAGE: "一个村"}.get(level, ""), "plain"
    return ("本班" if group.role in CLASS_ROLES else "一所学校"), "plain"


def numbered(pks: Iterable[str]) -> list[int]:
    """The row numbers a form sent; what is no number of a row is left out."""
    return [int(pk) for pk in pks if pk.isdecimal() and len(pk) <= LONGEST_NUMBER]
