"""Two officers on one case, in any order: nothing is lost, and no step is entered without its needs."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.versions import Conflict
from cases.contacts import notes
from cases.enums.records import PaperKind, ServiceMode
from cases.enums.states import CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.ladder import steps
from cases.ladder.facts import facts_of
from cases.law.steps import checks, why_not
from cases.models import Case, CaseEvent
from cases.papers.recording import record_paper
from cases.papers.serving import serve
from regions.clock import today
from regions.models import LegalBasis, Policy
from regions.refusals import Refused
from tests.cases.case_county import ON, case_of, county
from tests.cases.ladder_acts import a_clause

RACES, PER_CASE = 500, 25
STEPS = [Step.ORDER, Step.PENALTY, Step.ENFORCE, Step.SUE]
KINDS = (
    "contact criticise note ask grant grant refuse paper paper serve serve".split()
    + ["advance"] * 5
)
LEAVES = {
    "contact": EventKind.CONTACT, "criticise": EventKind.CRITICISM, "advance": EventKind.STEP,
    "ask": EventKind.SKIP_ASKED, "grant": EventKind.SKIP_GRANTED, "refuse": EventKind.SKIP_REFUSED,
    "note": EventKind.NOTED, "paper": EventKind.ISSUED, "serve": EventKind.SERVED,
}  # fmt: skip


@dataclass
class Board:
    """A case, who acts on it, and the acts that were accepted."""

    case: Case
    world: object
    accepted: list[str] = field(default_factory=list)

    def version(self) -> int:
        return Case.objects.values_list("version", flat=True).get(pk=self.case.pk)


def some_day(dice: random.Random) -> FuzzyDate:
    """A day within the last half year or so, as sure as it may be."""
    day = ON - timedelta(days=dice.randrange(240))
    return dice.choice(
        [FuzzyDate.on(day), FuzzyDate.month(day.year, day.month),
         FuzzyDate.not_later(day), FuzzyDate.about(day), FuzzyDate.unknown(), FuzzyDate.unknown()]
    )  # fmt: skip


Wish = tuple[str, Step | PaperKind | None]
TO_COURT: list[Wish] = [
    ("contact", None), ("criticise", None), ("advance", Step.ORDER), ("paper", PaperKind.ORDER),
    ("serve", PaperKind.ORDER), ("paper", PaperKind.DEMAND), ("serve", PaperKind.DEMAND),
]  # fmt: skip
LEAVING_OUT_3: list[Wish] = [("ask", Step.PENALTY), ("grant", Step.PENALTY)] * 3
# Ways up the ladder, with what the county must have for the last of their steps.
WAYS: list[tuple[str, list[Wish]]] = [
    ("", [*TO_COURT, ("advance", Step.PENALTY)]),
    ("clause", [*TO_COURT, ("advance", Step.PENALTY)]),
    ("clause", [*TO_COURT, *LEAVING_OUT_3, ("advance", Step.ENFORCE)]),
    ("court", [*TO_COURT, *LEAVING_OUT_3, ("advance", Step.ENFORCE)]),
    (
        "court",
        [*TO_COURT, *LEAVING_OUT_3, ("paper", PaperKind.LEGAL_OPINION), ("advance", Step.SUE)],
    ),
]


def acts(board: Board, dice: random.Random, wish: Wish | None = None) -> Callable[[int], str]:
    """One act at random, by one of the two officers or the county office; says what it was.

    A wish names the act and its step or paper, on a day nobody knows; all else stays with the dice.
    """
    uid, world = board.case.uid, board.world
    by = dice.choice([world.officer, world.bureau])
    happened = some_day(dice)
    kind = dice.choice(KINDS)
    step, skipped = dice.choice(STEPS), dice.choice([Step.ORDER, Step.PENALTY])
    made, which = (
        dice.choice([PaperKind.ORDER, PaperKind.LEGAL_OPINION, PaperKind.DEMAND]),
        dice.random(),
    )
    late = dice.choice([happened, FuzzyDate.on(ON), FuzzyDate.on(ON)])
    if wish:
        kind, which, happened, late = wish[0], 0.999, FuzzyDate.unknown(), FuzzyDate.on(ON)
        by = world.officer
        step = skipped = made = wish[1]

    def act(version: int) -> str:
        what = {"by": by, "version": version}
        if kind == "contact":
            steps.record_persuasion(
                uid, on=today(), happened=happened, note="上门劝返，家长说考虑", **what
            )
        elif kind == "criticise":
            steps.criticise(uid, on=today(), happened=happened, note="当面批评教育监护人", **what)
        elif kind == "note":
            notes.note(uid, on=ON, said="情况说明", **what)
        elif kind == "ask":
            steps.ask_skip(uid, skipped, on=ON, reason="家长外出无法送达", **what)
        elif kind in ("grant", "refuse"):
            steps.decide_skip(uid, skipped, by=world.county_office, version=version, on=ON,
                granted=kind == "grant", opinion="同意起诉，理由充分",
            )  # fmt: skip
        elif kind == "advance":
            steps.advance(uid, step, on=today(), happened=late, **what)
        elif kind == "paper":
            record_paper(
                uid,
                made,
                on=today(),
                number="",
                issued=happened,
                addressee=world.guardian,
                days=7,
                **what,
            )
        else:
            papers = list(board.case.papers.order_by("pk"))
            if wish:
                papers = [one for one in papers if one.kind == wish[1] and one.issued_by == by]
            if not papers:
                raise Refused("没有文书。")
            paper = papers[int(which * len(papers))]
            serve(
                paper.uid,
                on=today(),
                mode=ServiceMode.DIRECT,
                served=happened,
                recipient="岩温",
                **what,
            )
        return kind

    return act


def climbed_as_the_table_asks(case: Case) -> None:
    """Judged again, event by event, with what was on file just before each step was entered."""
    for event in CaseEvent.objects.filter(case=case, kind=EventKind.STEP):
        step = Step(event.step)
        kinds = {e.kind for e in case.events.filter(pk__lt=event.pk)}
        if step in (Step.ORDER, Step.SUE):
            assert EventKind.CONTACT in kinds and EventKind.CRITICISM in kinds
        before = {Step(e.step) for e in case.events.filter(pk__lt=event.pk, kind=EventKind.STEP)}
        granted = {
            Step(e.step) for e in case.events.filter(pk__lt=event.pk, kind=EventKind.SKIP_GRANTED)
        }
        gone_before = {
            Step.PENALTY: {Step.ORDER}, Step.ENFORCE: {Step.ORDER, Step.PENALTY},
            Step.SUE: {Step.ORDER, Step.PENALTY},
        }.get(step, set())  # fmt: skip
        assert gone_before <= before | granted
        served = case.events.filter(pk__lt=event.pk, kind=EventKind.SERVED, details__kind="order")
        opinion = case.events.filter(
            pk__lt=event.pk, kind=EventKind.ISSUED, details__kind="legal_opinion"
        )
        if step in (Step.PENALTY, Step.ENFORCE) or (step is Step.SUE and Step.ORDER not in granted):
            assert served.exists()
        if step is Step.SUE:
            assert opinion.exists()
        if step is Step.PENALTY:
            assert LegalBasis.objects.filter(allows_fine=True).exists()
        assert step is not Step.ENFORCE or case.papers.filter(kind=PaperKind.DEMAND).exists()


def kept(board: Board) -> None:
    """Every accepted act has its event, and the version counts them."""
    case = Case.objects.get(pk=board.case.pk)
    for act, kind in LEAVES.items():
        assert case.events.filter(kind=kind).count() == board.accepted.count(act), act
    assert case.version == board.case.version + len(board.accepted)


def a_board(world, source: str = "test") -> Board:
    return Board(case_of(world.student, on=ON - timedelta(days=250), note=source), world)


def the_court_takes_orders(world) -> None:
    Policy.objects.create(
        region=world.region,
        key="enforceable",
        value="责令改正",
        since=date(2020, 1, 1),
        source="县法院复函",
    )


@pytest.mark.django_db
def test_no_sequence_of_acts_enters_a_step_without_what_it_needs(settings):
    """Ways up the ladder, each act of them followed by two at random: every step is reached, but no
    penalty before the county has its clause, no enforcement of an order the court does not take."""
    settings.KONGCHUO_TODAY = ON
    world, dice, reached = county(), random.Random(7), []
    for n, (has, way) in enumerate(WAYS):
        if has == "clause" and not LegalBasis.objects.exists():
            a_clause("乡镇人民政府")
        if has == "court" and not Policy.objects.exists():
            the_court_takes_orders(world)
        Case.objects.update(state=CaseState.MISTAKE)
        board = a_board(world, f"t{n}")
        for wish in way:
            one_act(board, dice, wish)
            one_act(board, dice)
            one_act(board, dice)
        kept(board)
        climbed_as_the_table_asks(board.case)
        taken = board.case.events.filter(kind=EventKind.STEP).values_list("step", flat=True)
        reached.append({Step(step) for step in taken})
    assert all(Step.ORDER in one for one in reached)
    assert Step.PENALTY not in reached[0] and Step.PENALTY in reached[1]
    assert not any(Step.ENFORCE in one for one in reached[:3]) and Step.ENFORCE in reached[3]
    assert Step.SUE in reached[4]


def one_act(board: Board, dice: random.Random, wish: Wish | None = None) -> None:
    """Taken or refused; a step that was entered has all that it asks for, and is not entered twice."""
    try:
        board.accepted.append(acts(board, dice, wish)(board.version()))
    except Refused:
        return
    now = Case.objects.select_related("student", "finding").get(pk=board.case.pk)
    facts = facts_of(now, ON)
    assert why_not(facts, Step(now.step), None, ON) is not None
    assert all(one.met for one in checks(facts, Step(now.step), FuzzyDate.unknown()))


class Pair:
    """Two people with a connection each, who opened the page at the same moment."""

    def __init__(self) -> None:
        self.pool, self.barrier = ThreadPoolExecutor(2), Barrier(2)

    def __enter__(self) -> "Pair":
        return self

    def __exit__(self, *error) -> None:
        list(self.pool.map(self._leave, range(2)))
        self.pool.shutdown()

    def _leave(self, _: int) -> None:
        self.barrier.wait()
        connection.close()

    def press(self, acts_of_both, version: int) -> list[str | None]:
        """Both press the button together; None for who was refused or came second."""

        def one(act) -> str | None:
            self.barrier.wait()
            try:
                return act(version)
            except (Refused, Conflict):
                return None

        return list(self.pool.map(one, acts_of_both))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_five_hundred_races_of_two_lose_nothing(settings):
    settings.KONGCHUO_TODAY = ON
    world, dice, won = county(), random.Random(20261119), 0
    a_clause("乡镇人民政府")
    the_court_takes_orders(world)
    with Pair() as pair:
        for n in range(RACES // PER_CASE):
            Case.objects.update(state=CaseState.MISTAKE)
            board = a_board(world, f"t{n}")
            for _ in range(PER_CASE):
                history = board.case.events.count()
                both = [acts(board, dice), acts(board, dice)]
                answers = [one for one in pair.press(both, board.version()) if one]
                assert len(answers) <= 1, "both wrote over the same page"
                board.accepted += answers
                assert board.case.events.count() >= history + len(answers), "history shrank"
            kept(board)
            climbed_as_the_table_asks(board.case)
            won += len(board.accepted)
    assert won > RACES // 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_the_version_check_the_second_overwrites_unseen(settings, monkeypatch):
    """With the protection off both press, both are told they saved, and one never saw the other."""
    settings.KONGCHUO_TODAY = ON
    world = county()
    board = Board(case_of(world.student, on=ON), world)

    def blind(uid, act, *, by, version):
        case = Case.objects.visible_to(by).select_related("student").get(uid=uid)
        Case.objects.filter(pk=case.pk).update(version=version + 1, changed_by=by)
        return case

    monkeypatch.setattr(steps, "fetch", blind)
    version = board.version()

    def criticism(by):
        told = {"happened": FuzzyDate.on(ON), "note": "当面批评教育监护人"}
        return lambda version: steps.criticise(
            board.case.uid, on=today(), by=by, version=version, **told
        )

    with Pair() as pair:
        both = pair.press([criticism(world.officer), criticism(world.bureau)], version)
    assert len([one for one in both if one]) == 2
    assert board.version() == version + 1, "two were told they saved, one of them was never counted"
