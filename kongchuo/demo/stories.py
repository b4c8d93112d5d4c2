"""Stories of the demo's cases: how long a child has been out, and what people did about it.

`pattern` has a letter per school day of the child as in `fates`; the last letter is the last day. An
act stands at the school day it happened on, counted back from the last day (0).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from kongchuo.demo.acting import Stage
from kongchuo.demo.fates import Cast, Fate
from kongchuo.demo.plan import Child

Act = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class Story:
    """A case to be played: `open` says whether it is open at the end; a `homeless` child's home is
    not on file, so that the bureau assigns the township."""

    name: str
    pattern: str
    acts: tuple[tuple[int, Act], ...] = field(default=())
    open: bool = True
    homeless: bool = False


def out(days: int) -> str:
    """Present once, then absent on `days` school days."""
    return "." + "A" * days


def back(days: int, since: int) -> str:
    """Absent on `days` school days, then back for the last `since`."""
    return "." + "A" * days + "." * since


def confirm(stage: Stage) -> None:
    """The school confirms and reports in writing the same day."""
    stage.confirm()
    stage.report()


CONFIRM = confirm
NOBODY = partial(Stage.visit, met="nobody", said="门锁着，邻居说父母在外县务工")
FATHER = partial(Stage.visit, met="guardian", said="父亲说孩子不想读，答应再劝", reasons=("weary",))
CALLED = partial(Stage.call, said="母亲接了电话，说在外地，月底回来")
PROMISED = partial(Stage.visit, met="both", said="孩子和父亲都答应返校", promised_in=3)
CRITICISED = partial(Stage.criticise, said="向父亲说明送子女入学是法定义务")
ORDERED = Stage.order
SERVED = Stage.serve
RETURNED = Stage.come_back
PLACED = Stage.place
PERSUADED = ((22, NOBODY), (20, FATHER), (19, CRITICISED))
TO_ORDER = (*PERSUADED, (17, ORDERED), (16, SERVED))

STORIES = (
    Story("case_new", out(4), ((0, Stage.confirm),)),
    Story("case_unverified", out(9), ((5, Stage.confirm),)),
    Story("case_nobody_met", out(7), ((4, CONFIRM), (3, NOBODY))),
    Story("case_promised", out(10), ((7, CONFIRM), (5, PROMISED))),
    Story("case_suspected", out(12), ((9, CONFIRM), (8, NOBODY), (4, FATHER), (3, Stage.plan))),
    Story("case_criticised", out(14), ((11, CONFIRM), (9, FATHER), (5, CRITICISED), (4, CALLED))),
    Story(
        "case_order_to_serve", out(16),
        ((13, CONFIRM), (11, FATHER), (8, CRITICISED), (1, ORDERED)),
    ),
    Story(
        "case_order_running", out(17),
        ((14, CONFIRM), (12, FATHER), (9, CRITICISED), (4, ORDERED), (3, SERVED), (2, CALLED)),
    ),
    Story(
        "case_order_due", out(18),
        ((15, CONFIRM), (13, FATHER), (10, CRITICISED), (7, ORDERED), (5, SERVED), (3, FATHER)),
    ),
    Story("case_order_lapsed", out(26), ((23, CONFIRM), *TO_ORDER, (2, NOBODY))),
    Story(
        "case_order_voided", out(19),
        ((16, CONFIRM), (14, FATHER), (11, CRITICISED), (6, ORDERED), (5, Stage.void), (5, ORDERED),
         (4, SERVED), (2, CALLED)),
    ),
    Story("case_dropout", out(30), ((27, CONFIRM), (24, NOBODY), (15, CALLED), (3, FATHER))),
    Story("case_skip_asked", out(27), ((24, CONFIRM), *TO_ORDER, (6, Stage.ask_skip), (4, CALLED))),
    Story(
        "case_suing", out(33),
        ((30, CONFIRM), *TO_ORDER, (9, Stage.ask_skip), (8, Stage.grant_skip), (7, Stage.opinion),
         (6, Stage.sue), (3, CALLED), (1, Stage.hearing)),
    ),
    Story("case_penalty", out(32), ((29, CONFIRM), *TO_ORDER, (9, Stage.penalise), (2, NOBODY))),
    Story("case_enforcing", out(40), ((40, Stage.brought_along),)),
    Story("case_to_assign", out(8), ((5, CONFIRM), (3, CALLED)), homeless=True),
    Story("case_handed_over", out(11), ((8, CONFIRM), (6, NOBODY), (4, Stage.hand_over), (3, CALLED))),
    Story("case_lost", "." + "X" * 5, ((3, CONFIRM), (2, NOBODY), (1, Stage.refer_to_police))),
    Story("case_back_today", back(9, 1), ((6, CONFIRM), (4, FATHER), (0, RETURNED))),
    Story(
        "case_observed", back(10, 5),
        ((12, CONFIRM), (9, FATHER), (4, RETURNED), (4, PLACED)),
    ),
    Story(
        "case_order_obeyed", back(15, 8),
        ((20, CONFIRM), (18, FATHER), (15, CRITICISED), (13, ORDERED), (12, SERVED), (7, RETURNED),
         (7, PLACED)),
    ),
    Story(
        "case_ready", back(9, 12),
        ((18, CONFIRM), (15, FATHER), (11, RETURNED), (11, PLACED), (2, Stage.observe),
         (1, Stage.school_word)),
    ),
    Story(
        "case_to_approve", back(8, 13),
        ((18, CONFIRM), (16, FATHER), (12, RETURNED), (12, PLACED), (2, Stage.observe),
         (2, Stage.school_word), (1, Stage.township_word)),
    ),
    Story(
        "case_closed", back(7, 20),
        ((24, CONFIRM), (22, FATHER), (19, RETURNED), (19, PLACED), (8, Stage.observe),
         (8, Stage.school_word), (7, Stage.township_word), (6, Stage.approve)),
        open=False,
    ),
    Story(
        "case_relapsed", ".AAAAAA....AAAA",
        ((11, CONFIRM), (9, FATHER), (7, RETURNED), (7, PLACED), (1, Stage.observe), (0, NOBODY)),
    ),
    Story(
        "case_again", ".AAAAAA" + "." * 15 + "AAAAA",
        ((23, CONFIRM), (21, FATHER), (19, RETURNED), (19, PLACED), (9, Stage.observe),
         (9, Stage.school_word), (9, Stage.township_word), (8, Stage.approve), (1, CONFIRM)),
    ),
    Story(
        "case_transferred", back(6, 7),
        ((10, CONFIRM), (9, CALLED), (6, Stage.transfer_out)), open=False,
    ),
)  # fmt: skip


def assign_stories(cast: Cast) -> None:
    """Give every story to one child where it fits; it is played once the county stands."""
    for story in STORIES:
        cast.give(story.name, partial(_fits, cast, story))


def _fits(cast: Cast, story: Story, child: Child) -> bool:
    homeless = not child.household and not child.residence
    days = cast.own_days(child)[-len(story.pattern) :]
    begins = cast.plan.land.classes[child.spells[-1].klass].school.alerts_from
    counted = begins is None or begins <= days[0]
    return counted and homeless is story.homeless and cast.lay(child, Fate("", story.pattern))
