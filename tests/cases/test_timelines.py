"""Court and persuasion histories that were published, replayed through the verbs.

The facts stand below, as (step, date, precision); what a source does not report (an opinion, a visit
before an order) is entered with an unknown day, as an officer would who brings a paper file along.
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from accounts.enums import Role
from cases.case_deadlines import set_deadline
from cases.contacts.recording import record_contact
from cases.enums.records import CourtAct, DeadlineKind, ExitKind, PaperKind, ServiceMode
from cases.enums.states import CaseState, ContactWay, EventKind, Met, Step
from cases.fuzzy_dates import FuzzyDate
from cases.ladder import steps
from cases.models import Case, Paper
from cases.papers.recording import record_paper
from cases.papers.serving import serve
from cases.returns.exits import leave_by_exit
from cases.returns.returning import record_return
from regions.clock import local, today
from regions.refusals import Refused
from students.models import Guardian
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.ladder_acts import a_clause, at

pytestmark = pytest.mark.django_db
FILE = Path(__file__).resolve().parents[3] / "shared" / "cases" / "timelines.json"
UNKNOWN = FuzzyDate.unknown()
NOT_TOLD = "原始材料没有写明日期"
FACTS = {
    "T01": [
        ("dropout", "2017-03", "month"), ("step1_education", "", "unknown"),
        ("step4_civil_suit", "2017-11-03", "day"), ("hearing", "2017-11-24", "day"),
        ("mediation", "2017-11-24", "day"), ("partial_return", "2017-12-07", "by"),
        ("visit_followup", "2017-12-11", "day"), ("suspension_休学", "2017-12-12", "by"),
        ("unreachable", "", "unknown"),
    ],
    "T03": [
        ("hearing", "2019-06-04", "day"), ("mediation", "2019-06-04", "day"),
        ("promised_return", "2019-06-17", "day"),
    ],
    "T05": [
        ("dropout", "2017-10", "month"), ("step2_order", "2018-04-20", "day"),
        ("step1_education", "", "unknown"), ("step3_penalty", "", "unknown"),
        ("order_deadline", "2018-05-02", "day"), ("fine_deadline", "2018-05-05", "day"),
        ("review_period_expired", "", "unknown"), ("step4_enforcement_application", "", "unknown"),
        ("ruling_enforce", "", "unknown"), ("enforcement_notice", "", "unknown"),
        ("detention", "2019-03-14", "by"),
    ],
    "T08": [
        ("dropout", "2019-09-01", "about"), ("step1_education", "", "unknown"),
        ("step2_order", "2019-09-02", "day"), ("step4_civil_suit", "2019-10-04", "day"),
        ("closed_by_court", "2019-10-08", "day"), ("returned", "", "unknown"),
    ],
    "T10": [
        ("step1_education", "", "unknown"), ("step4_civil_suit", "2018-07-03", "day"),
        ("hearing", "2018-07-25", "by"),
    ],
    "T12": [
        ("dropout", "2022-09-01", "day"), ("step1_education", "", "unknown"),
        ("step2_order", "2022-12-01", "day"), ("order_deadline", "2022-12-07", "day"),
        ("step4_civil_suit", "2023-01-09", "day"), ("hearing", "2023-02-08", "day"),
    ],
    "T14": [("step1_team_leaves", "2015-09-03", "day"), ("returned", "2015-09-06", "day")],
}  # fmt: skip
COURT = {
    "hearing": CourtAct.HEARING, "mediation": CourtAct.MEDIATION, "closed_by_court": CourtAct.CLOSED,
    "ruling_enforce": CourtAct.RULING, "enforcement_notice": CourtAct.ENFORCEMENT,
    "detention": CourtAct.DETENTION,
}  # fmt: skip
# Read from the case, or told with the act before them.
DERIVED = {"dropout", "order_deadline", "fine_deadline", "review_period_expired", "promised_return"}


@pytest.fixture(autouse=True)
def pinned_day(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def world():
    return county()


def fuzzy(told: str, precision: str) -> FuzzyDate:
    if precision == "unknown":
        return UNKNOWN
    if precision == "month":
        year, month = told.split("-")
        return FuzzyDate.month(int(year), int(month))
    making = {"day": FuzzyDate.on, "by": FuzzyDate.not_later, "about": FuzzyDate.about}
    return making[precision](date.fromisoformat(told))


def told(name: str, step: str) -> FuzzyDate:
    return next(fuzzy(day, how) for one, day, how in FACTS[name] if one == step)


def opened(name: str, student) -> Case:
    case = case_of(student, on=date(2015, 9, 1), note=name)
    if any(one == "dropout" for one, _, _ in FACTS[name]):
        left = told(name, "dropout")
        case.left_from, case.left_to = left.earliest, left.latest
        case.left_precision = left.precision
        case.save(update_fields=["left_from", "left_to", "left_precision"])
    return case


class Replay:
    """One case, told event by event by the township's officer."""

    def __init__(self, name: str, case: Case, world) -> None:
        self.name, self.case, self.world = name, case, world

    @property
    def acting(self) -> dict:
        return {"by": self.world.officer, "version": at(self.case)}

    def tell(self, names: Iterable[str]) -> None:
        for step in names:
            if step not in DERIVED:
                self.one(step, told(self.name, step))

    def one(self, step: str, happened: FuzzyDate) -> None:
        if step in COURT:
            self.court(COURT[step], happened)
        elif step.startswith("step1") or step == "unreachable":
            self.persuade(happened)
        else:
            {
                "step2_order": self.order, "step3_penalty": self.penalty,
                "step4_civil_suit": self.sue, "step4_enforcement_application": self.enforce,
                "partial_return": self.back, "returned": self.back,
            }[step](happened)  # fmt: skip

    def persuade(self, happened: FuzzyDate) -> None:
        said = {"happened": happened, "note": "干部、教师多次上门劝返"}
        steps.record_persuasion(self.case.uid, on=today(), **said, **self.acting)
        steps.criticise(self.case.uid, on=today(), **said, **self.acting)

    def paper(
        self, kind: PaperKind, issued: FuzzyDate, service: FuzzyDate | None, **fields
    ) -> Paper:
        number = f"{self.name}{kind}{self.case.pk}"
        father = self.case.student.guardians.first()
        paper = record_paper(
            self.case.uid, kind, on=today(), number=number, issued=issued, addressee=father, **fields,
            **self.acting,
        )  # fmt: skip
        if service is not None:
            serve(
                paper.uid, on=today(), mode=ServiceMode.DIRECT, served=service, recipient="监护人", note=NOT_TOLD,
                **self.acting,
            )  # fmt: skip
        return paper

    def order(self, happened: FuzzyDate) -> None:
        """Where a deadline is reported, it was served that day and the days are the difference."""
        if not self.case.events.filter(kind=EventKind.CRITICISM).exists():
            self.persuade(UNKNOWN)
        steps.advance(self.case.uid, Step.ORDER, on=today(), happened=happened, **self.acting)
        days = None
        if any(one == "order_deadline" for one, _, _ in FACTS[self.name]):
            days = (told(self.name, "order_deadline").exact - happened.exact).days
        self.paper(PaperKind.ORDER, happened, happened if days else UNKNOWN, days=days)

    def penalty(self, happened: FuzzyDate) -> None:
        clause = a_clause("乡镇人民政府", valid_from=date(2010, 1, 1))
        steps.advance(self.case.uid, Step.PENALTY, on=today(), happened=happened, **self.acting)
        fine = {"fine": Decimal(1000), "legal_basis": clause}
        paper = self.paper(PaperKind.PENALTY, happened, happened, **fine)
        for kind, step in (
            (DeadlineKind.ORDER, "order_deadline"),
            (DeadlineKind.FINE, "fine_deadline"),
        ):
            due = told(self.name, step).exact
            set_deadline(
                self.case,
                kind,
                starts_on=due,
                due_on=due,
                who=None,
                article="文书载明",
                paper=paper,
            )

    def leave_out(self, *left_out: Step) -> None:
        for step in left_out:
            if self.case.events.filter(kind=EventKind.STEP, step=step).exists():
                continue
            asked = {"on": ON, "reason": "原始材料没有记载这一步"}
            steps.ask_skip(self.case.uid, step, **asked, **self.acting)
            steps.decide_skip(
                self.case.uid, step, by=self.world.county_office, on=ON, version=at(self.case),
                granted=True, opinion="按原卷补录",
            )  # fmt: skip

    def sue(self, happened: FuzzyDate) -> None:
        if not self.case.events.filter(kind=EventKind.CRITICISM).exists():
            self.persuade(UNKNOWN)
        self.leave_out(Step.ORDER, Step.PENALTY)
        self.paper(PaperKind.LEGAL_OPINION, UNKNOWN, None)
        steps.advance(self.case.uid, Step.SUE, on=today(), happened=happened, **self.acting)
        self.court(CourtAct.FILED, happened)

    def enforce(self, happened: FuzzyDate) -> None:
        self.paper(PaperKind.DEMAND, UNKNOWN, UNKNOWN)
        steps.advance(self.case.uid, Step.ENFORCE, on=today(), happened=happened, **self.acting)
        self.paper(PaperKind.ENFORCEMENT, happened, None)

    def court(self, act: CourtAct, happened: FuzzyDate) -> None:
        details = {"days": 15} if act is CourtAct.DETENTION else {}
        promised = None
        if act is CourtAct.MEDIATION and any(
            one == "promised_return" for one, _, _ in FACTS[self.name]
        ):
            promised = told(self.name, "promised_return").exact
        steps.record_court(
            self.case.uid, act, on=today(), happened=happened, details=details,
            promised_on=promised, **self.acting,
        )  # fmt: skip

    def back(self, happened: FuzzyDate) -> None:
        record_return(self.case.uid, on=today(), returned=happened, **self.acting)


def replayed(name: str, world, student=None) -> Case:
    case = opened(name, student or world.student)
    Replay(name, case, world).tell([step for step, _, _ in FACTS[name]])
    return Case.objects.get(pk=case.pk)


def when(case: Case, kind: EventKind, **narrow) -> list[FuzzyDate]:
    return [one.happened for one in case.events.filter(kind=kind, **narrow)]


if FILE.exists():  # a checkout alone holds the copy

    def test_the_copy_of_the_facts_is_the_published_one():
        for one in json.loads(FILE.read_text(encoding="utf-8"))["timelines"]:
            told = [(e["step"], e.get("date", ""), e["precision"]) for e in one["events"]]
            assert FACTS[one["id"]] == told, one["id"]


def test_one_suit_over_five_households_some_back_one_suspended_two_out(world):
    """T01: one mediation, three returns "by" a day, and then each its own way."""
    home = {"residence_region": world.village, "residence_path": world.village.path}
    cases = [opened("T01", world.student)]
    cases += [
        opened("T01", make.pupil(world.school_class, n, **home)) for n in ("甲", "乙", "丙", "丁")
    ]
    for case in cases:
        Replay("T01", case, world).tell(["step1_education", "step4_civil_suit", "hearing"])
    for case in cases:
        steps.record_court(
            case.uid, CourtAct.MEDIATION, on=today(), by=world.officer, version=at(case),
            happened=told("T01", "mediation"), details={"households": 5},
        )  # fmt: skip
    for case in cases[:3]:
        Replay("T01", case, world).tell(["partial_return"])
    followed = {"way": ContactWay.VISIT, "met": Met.GUARDIAN, "note": "回访", "client_key": uuid4()}
    visit = record_contact(
        cases[3].student, on=today(), contacted_on=told("T01", "visit_followup").exact,
        by=world.officer, **followed,
    )  # fmt: skip
    leave_by_exit(
        cases[0].uid, ExitKind.SUSPENDED, on=today(), approved=told("T01", "suspension_休学"), until=ON + timedelta(90),
        proof="县医院诊断证明，村委会签注", by=world.officer, version=at(cases[0]),
    )  # fmt: skip
    for case in cases[3:]:
        Replay("T01", case, world).tell(["unreachable"])
    for case in cases:
        case.refresh_from_db()
        assert case.left == FuzzyDate.month(2017, 3)
        assert when(case, EventKind.STEP) == [FuzzyDate.on(date(2017, 11, 3))]
        mediation = case.events.get(kind=EventKind.COURT, details__act="mediation")
        assert mediation.details["households"] == 5
        assert case.events.get(kind=EventKind.STEP).details["left_out"] == ["order", "penalty"]
    states = [CaseState(case.state) for case in cases]
    assert states == [CaseState.EXITED, *[CaseState.RETURNED] * 2, *[CaseState.PERSUADING] * 2]
    for case in cases[:3]:
        assert when(case, EventKind.RETURNED) == [FuzzyDate.not_later(date(2017, 12, 7))]
    assert cases[0].events.get(kind=EventKind.EXITED).sensitive, (
        "health is not for everybody's eyes"
    )
    assert visit.on == date(2017, 12, 11)
    assert UNKNOWN in when(cases[4], EventKind.CONTACT)


def test_a_promise_in_court_is_a_due_date_that_reminds(world):
    """T03: hearing and mediation alone are reported; the promise, thirteen days on, is looked at."""
    case = opened("T03", world.student)
    replay = Replay("T03", case, world)
    replay.sue(UNKNOWN)
    replay.tell(["hearing", "mediation"])
    promise = case.deadlines.get(kind=DeadlineKind.PROMISE)
    assert (promise.due_on, promise.who) == (date(2019, 6, 17), Role.TOWNSHIP)
    assert (promise.due_on - promise.starts_on).days == 13
    assert case.deadlines.standing().filter(due_on__lt=ON, kind=DeadlineKind.PROMISE).exists()
    assert case.events.get(kind=EventKind.STEP).details["undated"] is True
    assert case.events.get(details__act="mediation").happened == FuzzyDate.on(date(2019, 6, 4))


def test_a_penalty_of_unknown_day_is_enforced_to_the_end(world):
    """T05: the enforcement branch; visits go on after the order; one paper sets two due dates."""
    case = replayed("T05", world)
    assert case.step == Step.ENFORCE and case.state == CaseState.PERSUADING
    assert case.left == FuzzyDate.month(2017, 10)
    entered = {e.step: e for e in case.events.filter(kind=EventKind.STEP)}
    assert list(entered) == ["order", "penalty", "enforce"]
    assert entered["order"].happened == FuzzyDate.on(date(2018, 4, 20))
    assert [entered[one].details.get("undated") for one in ("penalty", "enforce")] == [True, True]
    order = case.papers.get(kind=PaperKind.ORDER)
    assert order.days == 12
    assert order.deadlines.get(kind=DeadlineKind.ORDER).due_on == date(2018, 5, 2)
    penalty = case.papers.get(kind=PaperKind.PENALTY)
    stated = {d.kind: d.due_on for d in penalty.deadlines.all()}
    assert stated == {"order": date(2018, 5, 2), "fine": date(2018, 5, 5)}
    assert (penalty.fine, penalty.issued) == (Decimal(1000), UNKNOWN)
    later = case.events.filter(kind=EventKind.CONTACT, pk__gt=entered["order"].pk)
    assert later.exists(), "education goes on after the order"
    detention = case.events.get(details__act="detention")
    assert (detention.happened, detention.details["days"]) == (
        FuzzyDate.not_later(date(2019, 3, 14)),
        15,
    )


def test_a_suit_filed_in_the_national_holiday_without_step_three(world):
    """T08: an order on the second day of term, a suit 32 days on, two fathers, both back."""
    second = make.pupil(
        world.school_class,
        "玉叫",
        residence_region=world.village,
        residence_path=world.village.path,
    )
    Guardian.objects.create(student=second, name="岩叫", relation="父亲")
    for student in (world.student, second):
        case = replayed("T08", world, student)
        assert case.left == FuzzyDate.about(date(2019, 9, 1))
        order, suit = when(case, EventKind.STEP)
        assert (suit.exact - order.exact).days == 32
        assert when(case, EventKind.COURT) == [suit, FuzzyDate.on(date(2019, 10, 8))]
        assert case.events.get(kind=EventKind.STEP, step="sue").details["left_out"] == ["penalty"]
        assert (case.state, when(case, EventKind.RETURNED)) == (CaseState.RETURNED, [UNKNOWN])
        assert case.events.get(kind=EventKind.RETURNED).details["step"] == "sue"


def test_a_hearing_in_the_summer_break_by_a_day(world):
    """T10: tried, result not reported: the case stands where it stood."""
    case = replayed("T10", world)
    assert case.events.get(details__act="hearing").happened == FuzzyDate.not_later(
        date(2018, 7, 25)
    )
    assert (case.step, case.state) == (Step.SUE, CaseState.PERSUADING)


def test_a_suit_thirty_three_days_after_an_order_of_six_days(world):
    """T12, and the same suit a day within the order is refused."""
    case = replayed("T12", world)
    due = case.deadlines.get(kind=DeadlineKind.ORDER).due_on
    assert due == date(2022, 12, 7)
    assert case.papers.get(kind=PaperKind.ORDER).days == 6
    suit = when(case, EventKind.STEP, step=Step.SUE)[0]
    assert (suit.exact - due).days == 33
    assert case.events.get(details__act="hearing").happened == FuzzyDate.on(date(2023, 2, 8))


def test_the_suit_within_the_order_is_refused(world):
    case = opened("T12", world.student)
    replay = Replay("T12", case, world)
    replay.tell(["step1_education", "step2_order"])
    with pytest.raises(Refused, match="责令的期限还没有届满，2022年12月8日起可以"):
        replay.sue(FuzzyDate.on(date(2022, 12, 7)))
    assert when(case, EventKind.STEP) == [FuzzyDate.on(date(2022, 12, 1))]


def test_many_come_back_on_the_day_it_is_in_shanghai(world):
    """T14: a bus at three in the morning of a make-up Sunday; in UTC it is still the day before."""
    home = {"residence_region": world.village, "residence_path": world.village.path}
    cases = [opened("T14", make.pupil(world.school_class, f"生{n}", **home)) for n in range(175)]
    for case in cases:
        Replay("T14", case, world).tell(["step1_team_leaves"])
    arrived = local(datetime(2015, 9, 5, 19, 0, tzinfo=UTC)).date()
    for case in cases:
        record_return(
            case.uid, by=world.officer, on=today(), returned=arrived, version=at(case), note="接回"
        )
        assert when(case, EventKind.RETURNED) == [told("T14", "returned")]
