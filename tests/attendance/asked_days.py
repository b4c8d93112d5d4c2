"""What is asked for in a random life, and what a school, a township and the bureau make of it.

Each act goes through its verb and into an `oracle.Request`, as `histories` does with the rest.
"""

from datetime import date, timedelta

from attendance.authorised_absences import requests
from attendance.authorised_absences.lawful_exits import enter_exit
from attendance.enums import AlertState
from attendance.models import AbsenceAlert
from regions.clock import today
from regions.refusals import Refused
from students.enums import FROM_FILES, AbsenceKind
from tests.attendance.almanacs import every_day
from tests.attendance.oracle import Answer, Request, Span

# What follows a request, in order; an act that its state does not allow is passed over.
FATES = [
    [],
    ["refuse"],
    ["agree"],
    ["agree_on_proof"],
    ["agree_on_proof", "approve"],
    ["agree_on_proof", "approve"],
    ["agree", "approve"],
    ["agree_on_proof", "refuse"],
    ["agree", "send_back", "agree_on_proof", "approve"],
    ["withdraw"],
    ["agree_on_proof", "withdraw"],
    ["agree_on_proof", "approve", "withdraw"],
    ["agree_on_proof", "approve", "end_early"],
]
STATUS_FATES = [
    [],
    [],
    ["agree_on_proof"],
    ["agree_on_proof", "approve"],
    ["agree_on_proof", "approve"],
    ["agree_on_proof", "approve", "end_early"],
    ["agree_on_proof", "refuse"],
    ["agree_on_proof", "withdraw"],
]
MAY_FOLLOW = {
    "asked": {"agree", "agree_on_proof", "refuse", "withdraw"},
    "passed": {"approve", "refuse", "send_back", "withdraw"},
    "approved": {"withdraw", "end_early"},
    "refused": set(),
    "withdrawn": set(),
}


class AskedDays:
    """The requests of one `histories.Life`."""

    def __init__(self, life) -> None:
        self.life = life

    def plan_leave(self, uid: str, asked: Span) -> None:
        """Asked for, and then what a school, the bureau and a second thought make of it."""
        rng = self.life.rng
        kind = rng.choice([AbsenceKind.SICK, AbsenceKind.SICK, AbsenceKind.PERSONAL])
        weekdays: tuple[int, ...] = ()
        if rng.random() < 0.25:
            kind, weekdays = AbsenceKind.TREATMENT, tuple(sorted(rng.sample(range(1, 6), 3)))
        written = asked.first + timedelta(days=rng.randint(-2, 6))
        request = Request(asked, weekdays=weekdays)
        held: dict[str, int] = {}
        self.life.at(written, self._ask, uid, request, held, kind)
        day = written
        for act in rng.choice(FATES):
            day += timedelta(days=rng.randint(0, 4))
            self.life.at(day, self._act, act, request, held)

    def plan_status(self, uid: str, first: date) -> None:
        rng = self.life.rng
        lasting = Span(first, first + timedelta(days=rng.randint(2, 15)))
        entered = max(self.life.window.first, first + timedelta(days=rng.randint(-3, 5)))
        request, held = Request(lasting), {}
        kind = rng.choice([*FROM_FILES, AbsenceKind.SUSPENDED])
        township = kind is AbsenceKind.SUSPENDED and rng.random() < 0.5
        self.life.at(entered, self._enter_status, uid, kind, request, held, township)
        day = entered
        for act in rng.choice(STATUS_FATES):
            day += timedelta(days=rng.randint(0, 4))
            self.life.at(day, self._act, act, request, held)

    def _ask(self, uid: str, request: Request, held: dict[str, int], kind: AbsenceKind) -> None:
        if self._is_asked_for(uid, request):
            return
        try:
            asked = requests.ask(
                self.life.students[uid], kind=kind, first=request.span.first, last=request.span.last,
                weekdays="".join(map(str, request.weekdays)), reason="家长来校请假", by=self.life.office,
                on=today(),
            )  # fmt: skip
        except Refused as refusal:
            if "个教学日" in str(refusal):  # too long, alone or as a chain
                return
            raise
        held["pk"] = asked.pk
        self.life.world.children[uid].requests.append(request)

    def _is_asked_for(self, uid: str, wanted: Request) -> bool:
        """Does something that stands hold one of the days? The portal takes no other."""
        child = self.life.world.children[uid]
        days = [day for day in every_day(wanted.span.first, wanted.span.last) if day in wanted]
        standing = [each for each in (*child.requests, *child.away) if each.holds]
        return any(day in each for each in standing for day in days)

    def _act(self, act: str, request: Request, held: dict[str, int]) -> None:
        """One thing that a school or the bureau does with what was asked, and the plain fact of it.

        Whether the school's word was enough is what the verb says: its rule has tables of its own.
        """
        if "pk" not in held or act not in MAY_FOLLOW[request.state]:
            return
        pk, on = held["pk"], today()
        if act in ("agree", "agree_on_proof"):
            self._agree(pk, request, on, proof="县医院证明" if act == "agree_on_proof" else "")
        elif act == "approve":
            self._approve(pk, request, on)
        elif act == "refuse":
            by = self.life.office if request.state == "asked" else self.life.bureau
            requests.refuse(pk, by=by, on=on)
            request.state = "refused"
        elif act == "send_back" and not request.lawful:
            requests.send_back(pk, by=self.life.bureau, on=on)
            request.state = "asked"
        elif act == "withdraw":
            requests.withdraw(pk, by=self.life.bureau, on=on)
            request.state = "withdrawn"
        elif act == "end_early" and request.span.first < request.span.last:
            last = request.span.last - timedelta(days=1)
            requests.end_early(pk, last=last, by=self.life.office, on=on)
            request.span = Span(request.span.first, last)

    def _agree(self, pk: int, request: Request, on: date, proof: str) -> None:
        try:
            said = requests.pass_(pk, by=self.life.office, on=on, proof=proof)
        except Refused as refusal:
            if "个教学日" in str(refusal):  # a closure that was taken back made it too long
                return
            raise
        request.state = said.state.value

    def _approve(self, pk: int, request: Request, on: date) -> None:
        try:
            requests.approve(pk, by=self.life.bureau, on=on)
        except Refused as refusal:
            if "缺证明" in str(refusal) or "个教学日" in str(refusal):
                return
            raise
        request.state = "approved"

    def _enter_status(
        self, uid: str, kind: AbsenceKind, request: Request, held: dict[str, int], township: bool
    ) -> None:
        if township:
            self._exit(uid, kind, request, held)
        elif self._is_asked_for(uid, request) or not self._ask_status(uid, kind, request, held):
            return
        child = self.life.world.children[uid]
        (child.requests if kind is AbsenceKind.LONG_LEAVE else child.away).append(request)

    def _ask_status(
        self, uid: str, kind: AbsenceKind, request: Request, held: dict[str, int]
    ) -> bool:
        """Asked by the office. 借读 to the holidays ends in the next term: there it may meet another."""
        try:
            asked = requests.ask(
                self.life.students[uid], kind=kind, first=request.span.first, last=request.span.last,
                reason="由学校提出手续", proof="县医院证明", by=self.life.office, on=today(),
            )  # fmt: skip
        except Refused as refusal:
            if kind is AbsenceKind.STUDY_ELSEWHERE and "重叠" in str(refusal):
                return False
            raise
        held["pk"] = asked.pk
        assert asked.last == request.span.last or kind is AbsenceKind.STUDY_ELSEWHERE
        request.span = Span(asked.first, asked.last)
        return True

    def _exit(self, uid: str, kind: AbsenceKind, request: Request, held: dict[str, int]) -> None:
        """The township suspends the child: what held these days gives way."""
        child, first = self.life.world.children[uid], request.span.first
        for each in (*child.requests, *child.away):
            days = every_day(each.span.first, each.span.last)
            if each.holds and any(day in each and day in request for day in days):
                if each.span.first < first:
                    each.span = Span(each.span.first, first - timedelta(days=1))
                else:
                    each.state = "withdrawn"
        made = enter_exit(
            self.life.students[uid], kind, first=first, last=request.span.last, proof="县医院证明",
            cause="休学", approver="乡镇", sensitive=False, by_township=True, by=self.life.officer,
            on=today(),
        )  # fmt: skip
        held["pk"], request.state, request.lawful = made.pk, "passed", True


def known_about(told: dict[int, Answer]) -> set[int]:
    """Children lost on days that the bureau explained while their alert stood: 已说明原因."""
    explained = AbsenceAlert.objects.filter(state=AlertState.EXPLAINED)
    few = {pk for pk, said in told.items() if len(said.unexplained) < 3}
    standing = AbsenceAlert.objects.filter(state=AlertState.OPEN)
    here = explained.filter(student__in=few).exclude(student__in=standing.values("student"))
    return set(here.values_list("student_id", flat=True))
