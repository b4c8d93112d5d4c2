"""A count of children out of school on a day that the calendar leaves open for some classes: the
decided part and what it lacks, never a zero that nobody can vouch for. Pure."""

from dataclasses import dataclass

from regions.refusals import UNDECIDED, undecided_classes


@dataclass(frozen=True, slots=True)
class Lack:
    """What counts leave out: `classes` whose day nobody has decided. `any_decided`: are there others
    whose day is decided, so that there is a decided part at all?"""

    classes: int = 0
    any_decided: bool = True

    def __bool__(self) -> bool:
        return self.classes > 0

    @property
    def said(self) -> str:
        """缺 2 班，无法核定：校历未定; "" where nothing is left out."""
        return f"缺 {self.classes:,} 班，{UNDECIDED}" if self else ""

    @property
    def who_decides(self) -> str:
        """The same with how many classes and who decides it; "" where nothing is left out."""
        return undecided_classes(self.classes) if self else ""

    def hides(self, count: int) -> bool:
        """Is there nothing to show: nobody known, and no class whose day is decided?"""
        return bool(self) and not self.any_decided and not count

    def words(self, count: int, unit: str = "人") -> str:
        """3 人; 3 人（缺 2 班，无法核定：校历未定）; 无法核定：校历未定 where nothing is decided."""
        if self.hides(count):
            return UNDECIDED
        return f"{count:,} {unit}（{self.said}）" if self else f"{count:,} {unit}"


WHOLE = Lack()
