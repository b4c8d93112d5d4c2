"""Which calendar rows may stand together: one rule for a file, a form and a decision."""

from dataclasses import dataclass, field
from typing import Self

from regions.days import as_rule
from regions.enums import DayKind
from regions.models import CalendarRow
from regions.refusals import Refused
from regions.rules.calendar import CalendarRule, StandingRows

STANDS = "已有的一条"


@dataclass
class Standing:
    """The rows that stand, those of the file that came in before included, and where each is found."""

    rules: StandingRows = field(default_factory=StandingRows)
    found: dict[CalendarRule, str] = field(default_factory=dict)
    keys: dict[tuple, CalendarRule] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | None = None) -> Self:
        """Every active row, or those of one place: rows of two places cannot contradict."""
        active = CalendarRow.objects.active().order_by("pk")
        made = cls()
        for row in active if path is None else active.filter(path=path):
            made.add(row, STANDS)
        return made

    def add(self, row: CalendarRow, where: str) -> None:
        rule = as_rule(row)
        self.rules.add(rule)
        self.found[rule] = f"{where}冲突：{told(rule)}（{row.scope}）"
        self.keys[_key(row)] = rule

    def clash(self, row: CalendarRow) -> str:
        """Why this row cannot stand beside those that do; "" when it can."""
        if same := self.keys.get(_key(row)):
            return f"与{self.found[same]}。范围、日期和类别都一样，原来的说明是“{same.reason}”。"
        if other := self.rules.against(as_rule(row)):
            return f"与{self.found[other]}。同一天、同样具体的范围，对同一个学生只能有一条。"
        return ""


def refuse_clash(row: CalendarRow) -> None:
    """Refused when the row contradicts one that stands at its place."""
    standing = Standing.load(row.path)
    if as_rule(row) in standing.rules:
        raise Refused("这一条已经有了，不用再录。")
    if clash := standing.clash(row):
        raise Refused(clash.removeprefix("与").replace(f"{STANDS}冲突", "与已有的一条冲突", 1))


def _key(row: CalendarRow) -> tuple:
    return row.scope, row.begins, row.ends, row.kind


def told(rule: CalendarRule) -> str:
    """2026-11-05 至 2026-11-06 停课."""
    label = DayKind(rule.kind).label
    return f"{rule.begins:%Y-%m-%d} 至 {rule.ends:%Y-%m-%d} {label}"
