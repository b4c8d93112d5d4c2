"""责任书 as pages and exports list them: the tree of both lines, and who has not signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from accounts.enums import Role
from accounts.models import Seat, User
from contracts.enums import (
    ContractState,
    Gap,
    Line,
    Link,
    Side,
)
from contracts.models import Contract
from contracts.rights import may_issue
from contracts.rules import texts, tree
from contracts.rules.tree import Coverage, Node
from contracts.units import Post, holders, post_of

LINE_HEADS = {
    Line.GOVERNMENT: "政府线：县 → 乡镇 → 村",
    Line.EDUCATION: "教育线：县 → 县教育体育局 → 学校",
}
UNSIGNED_HEADER = [
    "责任线", "签订层级", "甲方", "乙方", "未签原因", "待签岗位", "签发日期", "应签截止", "逾期天数",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartyView:
    """One side as a page shows it: who signed and when, or who is to."""

    side: Side
    unit: str
    post: str
    people: str
    signed_at: object = None

    @property
    def label(self) -> str:
        return Side(self.side).label

    @property
    def vacant(self) -> bool:
        return not self.people

    @property
    def shown(self) -> str:
        return self.people or f"（{self.post}空缺）"


@dataclass(frozen=True, slots=True)
class ContractStatus:
    """A state as a tag: tone, word, icon."""

    tone: str
    word: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class ContractList:
    """The standing contracts of a year that a user sees, with who sits in their seats."""

    user: User
    on: date
    contracts: dict[str, Contract]
    nodes: dict[str, Node]
    seated: dict[Post, list[Seat]]

    @property
    def all(self) -> list[Node]:
        return list(self.nodes.values())

    def of(self, contract: Contract) -> Node:
        return self.nodes[contract.uid]

    def parties(self, contract: Contract) -> tuple[PartyView, PartyView]:
        return party_view(contract, Side.UPPER, self.seated), party_view(
            contract, Side.LOWER, self.seated
        )

    def mine_to_sign(self) -> list[Contract]:
        """Issued contracts that wait for this very user."""
        return [one for one in self.contracts.values() if side_to_sign(one, self)]

    def mine_to_issue(self) -> list[Contract]:
        return [
            one
            for one in self.contracts.values()
            if one.state == ContractState.DRAFT
            and may_issue(self.user, Link(one.link), one.upper_path, self.on)
        ]


def contract_list(user: User, year: int, on: date) -> ContractList:
    """Everything the pages ask, in four statements however many contracts there are."""
    rows = list(
        Contract.objects.visible_to(user)
        .standing()
        .of_year(year)
        .defer("text")
        .prefetch_related("signatures")
    )
    return stand(rows, user, on)


def years(user: User, year: int) -> list[int]:
    """The school years a user can look at, the latest first; `year` is always one."""
    found = Contract.objects.visible_to(user).order_by().values_list("year", flat=True).distinct()
    return sorted({*found, year}, reverse=True)


def stand(rows: Sequence[Contract], user: User, on: date) -> ContractList:
    seated = holders(rows, on)
    uids = {row.pk: row.uid for row in rows}
    nodes = {row.uid: _node(row, uids.get(row.parent_id or 0, ""), seated) for row in rows}
    return ContractList(user, on, {row.uid: row for row in rows}, nodes, seated)


def _node(row: Contract, above: str, seated: dict[Post, list[Seat]]) -> Node:
    return Node(
        key=row.uid,
        link=Link(row.link),
        state=ContractState(row.state),
        above=above,
        signed=frozenset(Side(one.side) for one in row.signatures.all()),
        vacant=frozenset(side for side in Side if not seated.get(post_of(row, side))),
        replaces=row.replaces_id is not None,
        due_on=row.due_on,
    )


def party_view(contract: Contract, side: Side, seated: dict[Post, list[Seat]]) -> PartyView:
    role, _ = post = post_of(contract, side)
    unit = contract.upper_name if side is Side.UPPER else contract.lower_name
    for one in contract.signatures.all():
        if one.side == side:
            return PartyView(side, unit, Role(role).label, one.name, one.at)
    names = list(dict.fromkeys(seat.user.name for seat in seated.get(post, [])))
    people = names[0] if len(names) == 1 else f"{names[0]}等 {len(names)} 人" if names else ""
    return PartyView(side, unit, Role(role).label, people)


def side_to_sign(contract: Contract, on: ContractList) -> Side | None:
    """The side that waits for this very user; nobody signs both sides of one contract."""
    signatures = contract.signatures.all()
    if contract.state != ContractState.ISSUED:
        return None
    if any(one.user_id == on.user.pk for one in signatures):
        return None
    signed = {one.side for one in signatures}
    for side in Side:
        holding = {seat.user_id for seat in on.seated.get(post_of(contract, side), [])}
        if side not in signed and on.user.pk in holding:
            return side
    return None


def contract_status(node: Node, on: date) -> ContractStatus:
    """The tag of a contract: signed, or whose turn it is, and by how many days it is late."""
    why, late = tree.why_unsigned(node), tree.days_late(node, on)
    if why is None:
        return ContractStatus("ok", "双方已签")
    if why is Gap.NOT_ISSUED:
        return ContractStatus("plain", "拟稿，未签发", "pencil")
    if why in (Gap.UPPER, Gap.LOWER):
        waits = "双方" if not node.signed else "甲方" if why is Gap.UPPER else "乙方"
        word = f"待{waits}签"
    else:
        word = Gap(why).label
    if late:
        return ContractStatus("bad", f"{word}，逾期 {late} 天")
    return ContractStatus("warn", word, "person-x" if why is Gap.VACANT else "pen")


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A line of the tree: a head, or one contract under it."""

    depth: int
    label: str
    contract: Contract | None = None
    parties: tuple[PartyView, ...] = ()
    targets: str = ""
    face: ContractStatus | None = None
    below: Coverage | None = None
    opened: bool = False
    toggle: str = ""
    to_sign: bool = False


@dataclass
class Index:
    rows: list[ContractRow] = field(default_factory=list)
    links: list[tuple[Link, str, Coverage]] = field(default_factory=list)
    total: Coverage = field(default_factory=Coverage)


def index(
    on: ContractList, *, opened: set[str] | None = None, only_unsigned: bool = False
) -> Index:
    """Five coverages and the two trees. `opened` names contracts whose lower level is shown."""
    nodes, counts = on.all, tree.by_link(on.all)
    made = Index(total=tree.coverage(nodes))
    made.links = [(link, link.label, counts[link]) for link in Link if counts[link].total]
    lines = tree.by_line(nodes)
    walk = _Walk(on, tree.below(nodes), _opened(on, opened), only_unsigned)
    for line in Line:
        roots = [n for n in nodes if n.line is line and not n.above]
        under = walk.rows(roots, 1)
        if under:
            made.rows += [ContractRow(0, LINE_HEADS[line], below=lines[line]), *under]
    return made


def _opened(on: ContractList, asked: set[str] | None) -> set[str]:
    """Without a wish: the roots of a line that has one; a county's many townships stay shut."""
    if asked is not None:
        return asked
    roots = [node for node in on.all if not node.above]
    return {n.key for n in roots if sum(m.line is n.line for m in roots) == 1}


@dataclass
class _Walk:
    on: ContractList
    counts: dict[str, Coverage]
    opened: set[str]
    only_unsigned: bool

    def __post_init__(self) -> None:
        self.under: dict[str, list[Node]] = {}
        for node in self.on.all:
            self.under.setdefault(node.above, []).append(node)

    def rows(self, nodes: Sequence[Node], depth: int) -> list[ContractRow]:
        found: list[ContractRow] = []
        for node in nodes:
            lower = self.under.get(node.key, [])
            count = self.counts.get(node.key)
            if self.only_unsigned and node.done and not self._lacks(node):
                continue
            is_open = self._is_open(node)
            found.append(self._row(node, depth, count, is_open))
            if lower and is_open:
                found += self.rows(lower, depth + 1)
        return found

    def _lacks(self, node: Node) -> bool:
        return any(not one.done or self._lacks(one) for one in self.under.get(node.key, []))

    def _is_open(self, node: Node) -> bool:
        whole = self.only_unsigned and node.link is not Link.BUREAU_SCHOOL
        return whole or node.key in self.opened

    def _row(self, node: Node, depth: int, count: Coverage | None, is_open: bool) -> ContractRow:
        contract = self.on.contracts[node.key]
        changed = self.opened - {node.key} if is_open else self.opened | {node.key}
        return ContractRow(
            depth,
            contract.lower_name,
            contract,
            self.on.parties(contract),
            texts.shortly(contract.targets),
            contract_status(node, self.on.on),
            count,
            is_open,
            ",".join(sorted(changed)) if count else "",
            side_to_sign(contract, self.on) is not None,
        )


@dataclass(frozen=True, slots=True)
class UnsignedRow:
    contract: Contract
    upper: PartyView
    lower: PartyView
    waits_for: str
    face: ContractStatus
    why: str
    late: int


@dataclass(frozen=True, slots=True)
class UnsignedLine:
    label: str
    coverage: Coverage
    reasons: list[tuple[str, int]]
    rows: list[UnsignedRow]


def unsigned_lines(on: ContractList, link: Link | None = None) -> list[UnsignedLine]:
    """Who has not signed, by line, the latest first; with `link`, of that link alone."""
    nodes = [node for node in on.all if link is None or node.link is link]
    counts = tree.by_line(nodes)
    return [
        UnsignedLine(
            Line(one.line).label,
            counts[one.line],
            [(gap.label, one.reasons[gap]) for gap in Gap if one.reasons[gap]],
            [_unsigned_row(row, on) for row in one.rows],
        )
        for one in tree.unsigned(nodes, on.on)
        if counts[one.line].total
    ]


def _unsigned_row(row: tree.Unsigned, on: ContractList) -> UnsignedRow:
    contract = on.contracts[row.node.key]
    upper, lower = on.parties(contract)
    waiting = [one for one in (upper, lower) if one.signed_at is None]
    told = "；".join(f"{one.label} {one.post} {one.shown}" for one in waiting)
    if row.why is Gap.NOT_ISSUED:
        told = "等签发"
    return UnsignedRow(
        contract,
        upper,
        lower,
        told,
        contract_status(row.node, on.on),
        Gap(row.why).label,
        row.late,
    )


def unsigned_rows(user: User, year: int, on: date) -> list[dict[str, object]]:
    """The rows of the export 未签责任书, each with UNSIGNED_HEADER's columns in that order."""
    held = contract_list(user, year, on)
    rows = []
    for line in unsigned_lines(held):
        for row in line.rows:
            one = row.contract
            values: list[object] = [
                line.label,
                Link(one.link).label,
                one.upper_name,
                one.lower_name,
                row.why,
                row.waits_for,
                one.issued_on,
                one.due_on,
                row.late,
            ]
            rows.append(dict(zip(UNSIGNED_HEADER, values, strict=True)))
    return rows
