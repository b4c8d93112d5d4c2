"""经过 of a threshold: its rows with their own 依据, who entered each, and what became of it."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from regions.models import Policy
from regions.paths import ancestors
from regions.rules.day_words import whole_day
from regions.rules.policies import THRESHOLDS, Setting


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page shows it. `tone` and `word`: in force, to come, over, replaced, withdrawn."""

    row: Policy
    value: str
    entered_by: str
    ended_by: str
    tone: str
    word: str
    may_withdraw: bool


def lines_of(key: str, path: str, *, on: date, withdraws_at: str = "") -> list[Line]:
    """The rows of a threshold at a place and above it, the youngest first; who is at `withdraws_at`
    may take back its own."""
    rows = list(
        Policy.objects.filter(key=key, region__path__in=[*ancestors(path), path])
        .select_related("region")
        .order_by("-since", "-pk")
    )
    usernames = {name for row in rows for name in (row.entered_by, row.ended_by)}
    people = dict(User.objects.filter(username__in=usernames).values_list("username", "name"))
    unit = THRESHOLDS[key].unit
    return [
        Line(
            row,
            f"{row.value} {unit}".strip(),
            people.get(row.entered_by, row.entered_by),
            people.get(row.ended_by, row.ended_by),
            *_state(row, on),
            may_withdraw=row.ended_at is None and row.region.path == withdraws_at,
        )
        for row in rows
    ]


def _state(row: Policy, on: date) -> tuple[str, str]:
    if row.ended_at:
        return "plain", "已撤销" if row.end_reason else "已由别的一条代替"
    if row.since > on:
        return "go", "还没有开始"
    if row.until and row.until < on:
        return "plain", "已到期"
    return "ok", "执行中"


def in_words(said: Setting) -> str:
    """2026年9月1日起 2 个教学日（县〔2026〕3号）."""
    until = f"至 {whole_day(said.until)}" if said.until else "起"
    value = f"{said.value} {THRESHOLDS[said.key].unit}".strip()
    return f"{whole_day(said.since)}{until} {value}（{said.source}）"
