"""The rules of 责任书 as tables: why one is not signed, how late, and that every sum closes."""

from datetime import date
from itertools import product

import pytest

from contracts.enums import LINE_OF, ContractState, Gap, Line, Link, Side
from contracts.rules import texts
from contracts.rules.tree import (
    Coverage,
    Node,
    below,
    by_line,
    by_link,
    coverage,
    days_late,
    unsigned,
    why_unsigned,
)

U, L = Side.UPPER, Side.LOWER
DRAFT, ISSUED, SIGNED = ContractState.DRAFT, ContractState.ISSUED, ContractState.SIGNED
DUE, TODAY = date(2026, 11, 7), date(2026, 11, 19)


def node(key="a", link=Link.TOWNSHIP_VILLAGE, state=ISSUED, signed=(), vacant=(), **more) -> Node:
    return Node(key, link, state, signed=frozenset(signed), vacant=frozenset(vacant), **more)


@pytest.mark.parametrize(
    ("state", "signed", "vacant", "replaces", "why"),
    [
        (SIGNED, {U, L}, (), False, None),
        (SIGNED, {U, L}, {L}, True, None),
        (DRAFT, (), (), False, Gap.NOT_ISSUED),
        (DRAFT, (), {U, L}, True, Gap.NOT_ISSUED),
        (ISSUED, (), {L}, False, Gap.VACANT),
        (ISSUED, {U}, {L}, False, Gap.VACANT),
        (ISSUED, {L}, {U}, True, Gap.VACANT),
        (ISSUED, {U}, {U}, False, Gap.LOWER),
        (ISSUED, {U}, {U}, True, Gap.CHANGED),
        (ISSUED, (), (), True, Gap.CHANGED),
        (ISSUED, (), (), False, Gap.UPPER),
        (ISSUED, {L}, (), False, Gap.UPPER),
        (ISSUED, {U}, (), False, Gap.LOWER),
    ],
)
def test_why_one_is_not_signed(state, signed, vacant, replaces, why):
    assert why_unsigned(node(state=state, signed=signed, vacant=vacant, replaces=replaces)) == why


@pytest.mark.parametrize(
    ("state", "due_on", "late"),
    [
        (ISSUED, DUE, 12),
        (ISSUED, TODAY, 0),
        (ISSUED, date(2026, 11, 18), 1),
        (ISSUED, date(2026, 12, 1), 0),
        (ISSUED, None, 0),
        (DRAFT, None, 0),
        (SIGNED, DUE, 0),
    ],
)
def test_how_late(state, due_on, late):
    assert days_late(node(state=state, due_on=due_on), TODAY) == late


def forest() -> list[Node]:
    """Every link in every state with every set of signatures, hung under one of the link above."""
    above = {Link.TOWNSHIP_VILLAGE: "county_township-0", Link.BUREAU_SCHOOL: "county_bureau-0",
             Link.SCHOOL_TEACHER: "bureau_school-0"}  # fmt: skip
    cases = [
        (SIGNED, {U, L}, (), False),
        *((ISSUED, s, v, r) for s, v, r in product([(), {U}, {L}], [(), {U}, {L}], [True, False])),
        (DRAFT, (), (), False),
    ]
    return [
        node(f"{link}-{n}", link, state, signed, vacant, replaces=replaces,
             above=above.get(link, ""), due_on=date(2026, 11, 1 + n))
        for link in Link for n, (state, signed, vacant, replaces) in enumerate(cases)
    ]  # fmt: skip


def test_links_add_up_to_lines_and_lines_to_all():
    nodes = forest()
    links, lines, whole = by_link(nodes), by_line(nodes), coverage(nodes)
    for line in Line:
        mine = sum((links[link] for link in Link if LINE_OF[link] is line), Coverage())
        assert mine == lines[line]
    assert sum(lines.values(), Coverage()) == whole == Coverage(5, len(nodes))


def test_signed_and_every_reason_add_up_to_the_line():
    nodes = forest()
    for one in unsigned(nodes, TODAY):
        total = by_line(nodes)[one.line]
        assert sum(one.reasons.values()) == len(one.rows) == total.missing
        assert set(one.reasons) == set(Gap)


def test_the_level_under_a_contract_is_counted_once():
    nodes = forest()
    counts = below(nodes)
    assert sum(counts.values(), Coverage()) == coverage(n for n in nodes if n.above)
    assert counts["county_township-0"] == by_link(nodes)[Link.TOWNSHIP_VILLAGE]


def test_the_latest_stands_first():
    for one in unsigned(forest(), TODAY):
        late = [row.late for row in one.rows]
        assert late == sorted(late, reverse=True) and late[0] > 0


@pytest.mark.parametrize("link", list(Link))
def test_every_link_has_a_wording_with_targets_and_sources(link):
    wording = texts.WORDINGS[link]
    text = texts.compose(
        wording, year=2026, upper="甲单位", lower="乙单位", targets=wording.targets
    )  # fmt: skip
    assert text.startswith("甲方：甲单位\n乙方：乙单位\n")
    assert "2026年9月1日至2027年8月31日" in text and "一票否决" not in text
    assert all(texts.format_target(one) in text and one["source"] for one in wording.targets)
    assert all(duty in text for duty in wording.duties)


def test_a_veto_stands_in_the_text_with_its_document_only():
    wording = texts.WORDINGS[Link.BUREAU_SCHOOL]
    whom = {"year": 2026, "upper": "甲", "lower": "乙", "targets": wording.targets}
    assert "一票否决" not in texts.compose(wording, **whom)
    text = texts.compose(wording, **whom, veto_source="澜政办发〔2026〕31号")
    assert "一票否决" in text and "澜政办发〔2026〕31号" in text


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (texts.government_name("白水镇"), "白水镇人民政府"),
        (texts.government_name("城关街道"), "城关街道办事处"),
        (texts.village_name("岩脚村"), "岩脚村村民委员会"),
        (texts.village_name("白水社区"), "白水社区居民委员会"),
        (texts.bureau_name("澜屏县", "县教育体育局"), "澜屏县教育体育局"),
        (texts.bureau_name("澜屏县", "澜屏县教育局"), "澜屏县教育局"),
        (texts.bureau_name("澜屏市", "教育体育局"), "澜屏市教育体育局"),
    ],
)
def test_units_sign_under_their_full_names(made, name):
    assert made == name


@pytest.mark.parametrize(("value", "number"), [("≥ 99.2", 99.2), ("0", 0), ("", 0), ("≤ 1", 1)])
def test_the_number_in_a_target(value, number):
    assert texts.number(value) == number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("≥ 99", 99),
        ("≥ 99.5", 99.5),
        ("0", 0),
        ("", 0),
        ("不少于", 0),
        (".", 0),
        ("≥ 99.5.1", 99.5),
    ],
)
def test_the_number_of_a_target_however_it_is_written(value, number):
    assert texts.number(value) == number
