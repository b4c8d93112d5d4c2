"""Closures that the schools of a random life ask for, and what becomes of them."""

from datetime import date, timedelta

from accounts.places import calendar_rows
from accounts.places.calendar_rows import Draft
from regions.clock import today
from regions.enums import DayKind
from regions.refusals import Refused
from tests.attendance.almanacs import contradict
from tests.attendance.oracle import Notice, Span

# What follows, in order, each some days after the one before.
FATES = [
    [],
    [],
    ["approve"],
    ["approve"],
    ["approve", "end"],
    ["refuse"],
    ["refuse"],
    ["take_back"],
]
SCHOOLS = {"A": "5399010001", "B": "5399010002"}


class AskedClosures:
    """The closures of one `histories.Life`."""

    def __init__(self, life) -> None:
        self.life = life
        self.open: list[Notice] = []  # asked for and not decided, whether the day waits or not

    def plan(self, days: list[date], schools: str) -> None:
        """On each of `days` a school asks: for today, for tomorrow, for a past day, or for two."""
        rng = self.life.rng
        for day in days:
            asked = day + timedelta(days=rng.choice([0, 0, 0, -1, 2]))
            span = Span(day, day + timedelta(days=rng.choice([0, 0, 0, 1])))
            notice = Notice(span, False, rng.choice(schools))
            held: dict[str, int] = {}
            self.life.at(asked, self._ask, notice, held)
            for act in rng.choice(FATES):
                asked += timedelta(days=rng.randint(0, 4))
                self.life.at(asked, self._act, act, notice, held)

    def _ask(self, notice: Notice, held: dict[str, int]) -> None:
        almanac = self.life.world.almanac
        standing = (*almanac.notices, *self.open, *self.life.halves)
        if any(contradict(notice, other) for other in standing):
            return
        first, last = notice.span.first, notice.span.last
        wanted = Draft(SCHOOLS[notice.school], DayKind.CLOSURE, first, last, "停水", "")
        waits = {one.span.first for one in almanac.waiting if one.school == notice.school}
        try:
            held["pk"] = calendar_rows.ask_closure(wanted, by=self.life.office, on=today()).pk
        except Refused:
            assert len(waits - {first}) >= 2, "two days may wait, no third"
            return
        held["state"] = "asked"
        self.open.append(notice)
        if first == last and first - today() in (timedelta(0), timedelta(days=1)):
            almanac.waiting.append(notice)

    def _act(self, act: str, notice: Notice, held: dict[str, int]) -> None:
        almanac, on = self.life.world.almanac, today()
        if held.get("state") != ("approved" if act == "end" else "asked"):
            return
        standing = (*almanac.notices, *self.life.halves)
        if act == "approve" and any(contradict(notice, other) for other in standing):
            return
        if act in ("approve", "refuse"):
            agreed = act == "approve"
            calendar_rows.decide_closure(
                held["pk"], agreed=agreed, words="看过，照常上课", by=self.life.bureau, on=on
            )
        else:
            by = self.life.bureau if act == "end" else self.life.office
            calendar_rows.end_row(held["pk"], reason="不停了，照常上课", by=by, on=on)
        held["state"] = {"approve": "approved", "refuse": "refused"}.get(act, "over")
        for known in (self.open, almanac.waiting, almanac.notices):
            known[:] = [each for each in known if each is not notice]
        if act == "approve":
            almanac.notices.append(notice)
