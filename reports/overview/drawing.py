"""Small drawings as values: a rate as a dot on its track, people as parts of a bar. Pure.

Rates near 100 are dots on a track, never truncated bars; the number beside it is the content.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

LOWEST, HIGHEST = Fraction(193, 2), Fraction(100)
TRACK, BAR, GAP = 240, 300, Fraction(3, 2)


@dataclass(frozen=True, slots=True)
class RateTrack:
    """The axis that all dots of a table share, in percent."""

    low: Fraction = LOWEST
    width: int = TRACK

    @property
    def low_said(self) -> str:
        return f"{float(self.low):g} %"

    def at(self, percent: Fraction) -> Fraction:
        """Where a percentage lies; what lies outside stands at the end."""
        share = (min(max(percent, self.low), HIGHEST) - self.low) / (HIGHEST - self.low)
        return share * self.width


@dataclass(frozen=True, slots=True)
class Dot:
    """A rate on the track: a circle where the target is met, a triangle where not."""

    x: str
    triangle: str
    target: str
    met: bool | None


def track_of(values: Sequence[Fraction | None], width: int = TRACK) -> RateTrack:
    """From 96.5 %, or from the whole percent below the lowest value where that is less."""
    known = [value * 100 for value in values if value is not None]
    lowest: Fraction = min([LOWEST, *known])
    return RateTrack(
        LOWEST if lowest == LOWEST else Fraction(floor(max(lowest, Fraction(0)))), width
    )


def dot(
    track: RateTrack, value: Fraction | None, target: Decimal | None, met: bool | None
) -> Dot | None:
    if value is None:
        return None
    x = float(track.at(value * 100))
    tick = f"M{float(track.at(Fraction(target))):.1f} 1V17" if target is not None else ""
    return Dot(f"{x:.1f}", f"M{x:.1f} 3.5l5.5 10h-11z", tick, met)


@dataclass(frozen=True, slots=True)
class BarPart:
    """A part of a bar: where it begins and how long it is, in the units of its view box."""

    x: str
    width: str


def parts_of_bar(
    counts: Sequence[int], whole: int | None = None, width: int = BAR
) -> list[BarPart]:
    """The parts of a bar in proportion, a gap between them; `whole` fills the width."""
    total = whole if whole is not None else sum(counts)
    made, x = [], Fraction(0)
    for count in counts:
        length = Fraction(count * width, total) if total else Fraction(0)
        shown = max(length - GAP, Fraction(1)) if count else Fraction(0)
        made.append(BarPart(f"{float(x):.1f}", f"{float(shown):.1f}"))
        x += length
    return made
