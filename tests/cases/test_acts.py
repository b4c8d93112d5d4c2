"""The table of acts: whole, without a twin, and what pages, buttons and links are read from."""

from collections import Counter

import pytest
from django.urls import resolve, reverse

from cases.act import OF_CASE, OF_CHILD, OF_PAPER
from cases.acts import ACTS, SETTLES, named, with_page_here
from cases.enums.records import DeadlineKind
from cases.permissions import MAY, REFUSALS, CaseRight
from cases.urls import urlpatterns

OWN_PAGE = {"contact", "plan", "people"}
# Nothing a person does on the case ends these: the next step is theirs by another deadline.
RUNS_BY_ITSELF = {
    DeadlineKind.OBSERVE,
    DeadlineKind.PUBLIC_NOTICE,
    DeadlineKind.COURT_WINDOW,
    DeadlineKind.EXIT_ENDS,
}


def test_every_right_has_an_act_and_every_act_its_sentence():
    assert {act.right for act in ACTS} == set(CaseRight)
    for act in ACTS:
        assert (act.roles, act.refusal) == (MAY[act.right], REFUSALS[act.right])


def test_an_act_has_a_form_with_a_verb_or_a_page_of_its_own():
    for act in ACTS:
        assert bool(act.form) == bool(act.verb) == (act.name not in OWN_PAGE), act.name
        assert bool(act.button) == bool(act.form), act.name


def test_no_act_stands_twice():
    assert max(Counter((act.right, act.name) for act in ACTS).values()) == 1
    shared = {act.name for act in ACTS if len(named(act.name)) > 1}
    assert shared == {"opinion"}
    for name in shared:
        assert len({act.route for act in named(name)}) == 1


def test_a_deadline_is_settled_by_one_act():
    for late in (False, True):
        kinds = [k for act in ACTS for k in (act.settles_late if late else act.settles)]
        assert len(kinds) == len(set(kinds))
    assert not RUNS_BY_ITSELF & SETTLES.keys()


@pytest.mark.parametrize("name", with_page_here())
def test_each_act_has_its_address_and_opens_to_the_roles_of_its_right(name):
    act = named(name)[0]
    args = {OF_CASE: ["C1"], OF_CHILD: ["S1"], OF_PAPER: ["C1", "P1"]}[act.base]
    page = resolve(reverse(f"cases:{name}", args=args)).func
    assert page.open_to == frozenset().union(*(one.roles for one in named(name)))


def test_no_address_stands_twice():
    names = Counter(pattern.name for pattern in urlpatterns)
    assert [name for name, times in names.items() if times > 1] == []
    assert {act.name for act in ACTS} <= names.keys()
