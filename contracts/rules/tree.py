"""The tree of 责任书: how much of it is signed, and why the rest is not. Standing contracts only."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from contracts.enums import LINE_OF, ContractState, Gap, Line, Link, Side


@dataclass(frozen=True, slots=True)
class Node:
    """One standing contract: `above` is the key of the contract its upper side signed as lower.

    `signed` and `vacant` name sides; a side is vacant when nobody sits in its seat today.
    """

    key: str
    link: Link
    state: ContractState
    above: str = ""
    signed: frozenset[Side] = frozenset()
    vacant: frozenset[Side] = frozenset()
    replaces: bool = False
    due_on: date | None = None

    @property
    def line(self) -> Line:
        return LINE_OF[self.link]

    @property
    def done(self) -> bool:
        return self.state is ContractState.SIGNED


@dataclass(frozen=True, slots=True)
class Coverage:
    """已签 / 应签."""

    signed: int = 0
    total: int = 0

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.signed + other.signed, self.total + other.total)

    @property
    def missing(self) -> int:
        return self.total - self.signed


def coverage(nodes: Iterable[Node]) -> Coverage:
    counted = [node.done for node in nodes]
    return Coverage(sum(counted), len(counted))


def by_link(nodes: Sequence[Node]) -> dict[Link, Coverage]:
    """Coverage of every link; those of a line add up to the line's."""
    return {link: coverage(n for n in nodes if n.link is link) for link in Link}


def by_line(nodes: Sequence[Node]) -> dict[Line, Coverage]:
    return {line: coverage(n for n in nodes if n.line is line) for line in Line}


def below(nodes: Sequence[Node]) -> dict[str, Coverage]:
    """Coverage of the level directly under each contract that has one."""
    counts: dict[str, Coverage] = {}
    for node in nodes:
        if node.above:
            mine = Coverage(int(node.done), 1)
            counts[node.above] = counts.get(node.above, Coverage()) + mine
    return counts


def why_unsigned(node: Node) -> Gap | None:
    """The one reason a contract is not signed; None when it is.

    A side nobody can sign comes before a side somebody has not signed, and a change of hands before
    plain waiting: the first thing to mend is named.
    """
    if node.done:
        return None
    if node.state is ContractState.DRAFT:
        return Gap.NOT_ISSUED
    if node.vacant - node.signed:
        return Gap.VACANT
    if node.replaces:
        return Gap.CHANGED
    return Gap.LOWER if Side.UPPER in node.signed else Gap.UPPER


def days_late(node: Node, on: date) -> int:
    """Days past the day it was to be signed by; 0 when signed, not due, or without such a day."""
    if node.done or node.due_on is None:
        return 0
    return max(0, (on - node.due_on).days)


@dataclass(frozen=True, slots=True)
class Unsigned:
    node: Node
    why: Gap
    late: int


@dataclass(frozen=True, slots=True)
class LineOfUnsigned:
    """The unsigned of one line, the latest first, and how many for each reason."""

    line: Line
    rows: tuple[Unsigned, ...] = ()
    reasons: Counter[Gap] = field(default_factory=Counter)


def unsigned(nodes: Sequence[Node], on: date) -> list[LineOfUnsigned]:
    """What is not signed, by line. Signed and unsigned of a line add up to its contracts."""
    lines = []
    for line in Line:
        rows = [
            Unsigned(node, why, days_late(node, on))
            for node in nodes
            if node.line is line and (why := why_unsigned(node))
        ]
        rows.sort(key=lambda one: -one.late)
        lines.append(LineOfUnsigned(line, tuple(rows), Counter(row.why for row in rows)))
    return lines
