"""大屏: what may hang on a wall. Counts only, and no place so small that a count names a child."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.overview.drawing import Dot, dot, track_of
from reports.overview.page import Board, PlaceRow

SMALLEST = 10
TRACK = 450


@dataclass(frozen=True, slots=True)
class WallRow:
    row: PlaceRow
    dot: Dot | None


@dataclass(frozen=True, slots=True)
class Wall:
    rows: list[WallRow]
    left_out: int


def wall(page: Board) -> Wall:
    """The townships that may be shown, from the lowest rate up."""
    shown = big_enough(page.rows)
    track = track_of([row.figure.value for row in shown], TRACK)
    target = page.target.percent if page.target else None
    rows = [WallRow(row, dot(track, row.figure.value, target, row.figure.met)) for row in shown]
    return Wall(rows, len(page.rows) - len(shown))


def big_enough(rows: Sequence[PlaceRow]) -> list[PlaceRow]:
    """Places where at least ten children are expected."""
    return [row for row in rows if row.figure.denominator >= SMALLEST]
