"""An act on a case, declared once: who may, where it is, what it asks, which verb it calls.

Each feature declares its rows in its own `acts.py`; `cases.acts` joins them into the one table that
addresses, offered buttons, links of the work list, refusals and pages are read from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from cases.enums.records import DeadlineKind
from cases.enums.states import OUT_OF_SCHOOL, CaseState, OpinionOf
from cases.form_fields import ActForm
from cases.models import Case, Paper
from cases.permissions import MAY, REFUSALS, CaseRight

OUT = frozenset(OUT_OF_SCHOOL)
BACK = frozenset({CaseState.RETURNED, CaseState.OBSERVING})
OPEN = OUT | BACK
GONE = frozenset({CaseState.EXITED})
EVERY = frozenset(CaseState)
NEVER: frozenset[CaseState] = frozenset()

OF_CASE = "cases/<str:uid>/"
OF_CHILD = "students/<str:uid>/"
OF_PAPER = "cases/<str:uid>/papers/<str:paper_uid>/"


@dataclass(frozen=True, slots=True)
class Button:
    """An act as a page draws it; `shut` is why it cannot be pressed yet."""

    label: str
    url: str
    icon: str = ""
    says: str = ""
    shut: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """To what an act is done, by whom, on which day; `posted` when the form was sent."""

    case: Case
    by: User
    on: date
    paper: Paper | None = None
    posted: bool = False

    @property
    def uid(self) -> str:
        """The uid the verb takes: the paper's where the act is about a paper."""
        return self.paper.uid if self.paper else self.case.uid


@dataclass(frozen=True, slots=True)
class Filling:
    """How the form starts: initial values, what its class is made with, the words around it.

    `refused` says why the act cannot be done yet; where `asks` is False there is no form at all.
    `around` are the panels the page shows beside the form: steps, closing, proofs.
    """

    initial: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    intro: str = ""
    refused: str = ""
    asks: bool = True
    around: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides, beside the state of a case, whether an act makes sense now."""

    case: Case
    deadlines: frozenset[str]
    skip_asked: bool
    opinions: frozenset[str]
    referred: bool


def _empty(_: Occasion) -> Filling:
    return Filling()


def _always(_: Situation) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """One row of the table. `label` names the act on buttons, on its page and once it is done.

    `verb` is called with the uid, `by`, `on` and what `form.told()` says; an act without a form has
    a page of its own that `cases.urls` names. `called` is its name in the sentence said
    once it is done, `kept` says where it can be read. `settles` are the deadlines whose next step it is,
    `settles_late` those whose next step it becomes once they have passed.
    """

    right: CaseRight
    name: str
    label: str
    button: str = ""
    title: str = ""
    icon: str = ""
    says: str = ""
    states: frozenset[CaseState] = NEVER
    base: str = OF_CASE
    path: str = ""
    form: type[ActForm] | None = None
    verb: Callable[..., Any] | None = None
    fill: Callable[[Occasion], Filling] = _empty
    fits: Callable[[Situation], bool] = _always
    after: Callable[[Occasion, Any], str] | None = None
    settles: tuple[DeadlineKind, ...] = ()
    settles_late: tuple[DeadlineKind, ...] = ()
    called: str = ""
    kept: str = "写在下面的经过里。"

    @property
    def roles(self) -> frozenset[Role]:
        return MAY[self.right]

    @property
    def refusal(self) -> str:
        return REFUSALS[self.right]

    @property
    def heading(self) -> str:
        return self.title or self.label

    @property
    def done(self) -> str:
        """What is said once it is done."""
        return f"已保存：{self.called or self.label}。{self.kept}"

    @property
    def route(self) -> str:
        return f"{self.base}{self.path or self.name}/"

    def url(self, case: Case, paper: Paper | None = None) -> str:
        """Its address for this case; "" where it is about a paper and none is named."""
        if self.base == OF_CHILD:
            return reverse(f"cases:{self.name}", args=[case.student.uid])
        if self.base == OF_PAPER:
            return reverse(f"cases:{self.name}", args=[case.uid, paper.uid]) if paper else ""
        return reverse(f"cases:{self.name}", args=[case.uid])

    def offer(self, case: Case) -> Button:
        return Button(self.label, self.url(case), self.icon, self.says)


def opinion_missing(opinion_of: OpinionOf) -> Callable[[Situation], bool]:
    return lambda now: opinion_of not in now.opinions
