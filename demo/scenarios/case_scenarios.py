"""The demo's cases: how long a child has been out, and what people did about it.

`letters` are days as in `attendance_patterns`, the last letter is the last day. An action stands at
the school day it happened on, counted back from the last day (0).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from demo.county.plan import ChildPlan
from demo.scenarios.attendance_patterns import Assignment, Pattern
from demo.scenarios.case_actions import CaseDay

CaseAction = Callable[[CaseDay], None]


@dataclass(frozen=True, slots=True)
class CaseScenario:
    """A case to be acted out: `open` says whether it is open at the end; a `homeless` child's home is
    not on file, so that the bureau assigns the township."""

    name: str
    letters: str
    actions: tuple[tuple[int, CaseAction], ...] = field(default=())
    open: bool = True
    homeless: bool = False


def absent(days: int) -> str:
    """Present once, then absent on `days` school days."""
    return "." + "A" * days


def returned(days: int, since: int) -> str:
    """Absent on `days` school days, then back for the last `since`."""
    return "." + "A" * days + "." * since


def confirm(case_day: CaseDay) -> None:
    """The school confirms and reports in writing the same day."""
    case_day.confirm()
    case_day.report()


CONFIRM = confirm
NOBODY = partial(CaseDay.visit, met="nobody", said="门锁着，邻居说父母在外县务工")
FATHER = partial(
    CaseDay.visit, met="guardian", said="父亲说孩子不想读，答应再劝", reasons=("weary",)
)
CALLED = partial(CaseDay.call, said="母亲接了电话，说在外地，月底回来")
PROMISED = partial(CaseDay.visit, met="both", said="孩子和父亲都答应返校", promised_in=3)
CRITICISED = partial(CaseDay.criticise, said="向父亲说明送子女入学是法定义务")
ORDERED = CaseDay.order
SERVED = CaseDay.serve
RETURNED = CaseDay.come_back
PLACED = CaseDay.place
PERSUADED = ((22, NOBODY), (20, FATHER), (19, CRITICISED))
TO_ORDER = (*PERSUADED, (17, ORDERED), (16, SERVED))

CASE_SCENARIOS = (
    CaseScenario("case_new", absent(4), ((0, CaseDay.confirm),)),
    CaseScenario("case_unverified", absent(9), ((5, CaseDay.confirm),)),
    CaseScenario("case_nobody_met", absent(7), ((4, CONFIRM), (3, NOBODY))),
    CaseScenario("case_promised", absent(10), ((7, CONFIRM), (5, PROMISED))),
    CaseScenario("case_suspected", absent(12), ((9, CONFIRM), (8, NOBODY), (4, FATHER), (3, CaseDay.plan))),
    CaseScenario("case_criticised", absent(14), ((11, CONFIRM), (9, FATHER), (5, CRITICISED), (4, CALLED))),
    CaseScenario(
        "case_order_to_serve", absent(16),
        ((13, CONFIRM), (11, FATHER), (8, CRITICISED), (1, ORDERED)),
    ),
    CaseScenario(
        "case_order_running", absent(17),
        ((14, CONFIRM), (12, FATHER), (9, CRITICISED), (4, ORDERED), (3, SERVED), (2, CALLED)),
    ),
    CaseScenario(
        "case_order_due", absent(18),
        ((15, CONFIRM), (13, FATHER), (10, CRITICISED), (7, ORDERED), (5, SERVED), (3, FATHER)),
    ),
    CaseScenario("case_order_lapsed", absent(26), ((23, CONFIRM), *TO_ORDER, (2, NOBODY))),
    CaseScenario(
        "case_order_voided", absent(19),
        ((16, CONFIRM), (14, FATHER), (11, CRITICISED), (6, ORDERED), (5, CaseDay.void), (5, ORDERED),
         (4, SERVED), (2, CALLED)),
    ),
    CaseScenario("case_dropout", absent(30), ((27, CONFIRM), (24, NOBODY), (15, CALLED), (3, FATHER))),
    CaseScenario(
        "case_skip_asked", absent(27),
        ((24, CONFIRM), *TO_ORDER, (6, CaseDay.ask_skip), (4, CALLED)),
    ),
    CaseScenario(
        "case_suing", absent(33),
        ((30, CONFIRM), *TO_ORDER, (9, CaseDay.ask_skip), (8, CaseDay.grant_skip), (7, CaseDay.legal_opinion),
         (6, CaseDay.sue), (3, CALLED), (1, CaseDay.hearing)),
    ),
    CaseScenario("case_penalty", absent(32), ((29, CONFIRM), *TO_ORDER, (9, CaseDay.penalise), (2, NOBODY))),
    CaseScenario("case_enforcing", absent(40), ((40, CaseDay.enter_old_case),)),
    CaseScenario("case_to_assign", absent(8), ((5, CONFIRM), (3, CALLED)), homeless=True),
    CaseScenario(
        "case_handed_over", absent(11),
        ((8, CONFIRM), (6, NOBODY), (4, CaseDay.hand_over), (3, CALLED)),
    ),
    CaseScenario("case_lost", "." + "X" * 5, ((3, CONFIRM), (2, NOBODY), (1, CaseDay.refer_to_police))),
    CaseScenario("case_back_today", returned(9, 1), ((6, CONFIRM), (4, FATHER), (0, RETURNED))),
    CaseScenario(
        "case_observed", returned(10, 5),
        ((12, CONFIRM), (9, FATHER), (4, RETURNED), (4, PLACED)),
    ),
    CaseScenario(
        "case_order_obeyed", returned(15, 8),
        ((20, CONFIRM), (18, FATHER), (15, CRITICISED), (13, ORDERED), (12, SERVED), (7, RETURNED),
         (7, PLACED)),
    ),
    CaseScenario(
        "case_ready", returned(9, 12),
        ((18, CONFIRM), (15, FATHER), (11, RETURNED), (11, PLACED), (2, CaseDay.observe),
         (1, CaseDay.school_opinion)),
    ),
    CaseScenario(
        "case_to_approve", returned(8, 13),
        ((18, CONFIRM), (16, FATHER), (12, RETURNED), (12, PLACED), (2, CaseDay.observe),
         (2, CaseDay.school_opinion), (1, CaseDay.township_opinion)),
    ),
    CaseScenario(
        "case_closed", returned(7, 20),
        ((24, CONFIRM), (22, FATHER), (19, RETURNED), (19, PLACED), (8, CaseDay.observe),
         (8, CaseDay.school_opinion), (7, CaseDay.township_opinion), (6, CaseDay.approve)),
        open=False,
    ),
    CaseScenario(
        "case_relapsed", ".AAAAAA....AAAA",
        ((11, CONFIRM), (9, FATHER), (7, RETURNED), (7, PLACED), (1, CaseDay.observe), (0, NOBODY)),
    ),
    CaseScenario(
        "case_again", ".AAAAAA" + "." * 15 + "AAAAA",
        ((23, CONFIRM), (21, FATHER), (19, RETURNED), (19, PLACED), (9, CaseDay.observe),
         (9, CaseDay.school_opinion), (9, CaseDay.township_opinion), (8, CaseDay.approve), (1, CONFIRM)),
    ),
    CaseScenario(
        "case_transferred", returned(6, 7),
        ((10, CONFIRM), (9, CALLED), (6, CaseDay.transfer_out)), open=False,
    ),
)  # fmt: skip


def assign_case_scenarios(assignment: Assignment) -> None:
    """Give every case to one child where it fits; it is acted out once the county stands."""
    for scenario in CASE_SCENARIOS:
        assignment.give(scenario.name, partial(_fits, assignment, scenario))


def _fits(assignment: Assignment, scenario: CaseScenario, child: ChildPlan) -> bool:
    homeless = not child.household and not child.residence
    days = assignment.own_days(child)[-len(scenario.letters) :]
    begins = assignment.plan.last_class(child).school.alerts_from
    counted = begins is None or begins <= days[0]
    return (
        counted
        and homeless is scenario.homeless
        and assignment.write_last_days(child, Pattern("", scenario.letters))
    )
