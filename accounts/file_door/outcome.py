"""What comes of a file: what it would do, row by row, and why a cell was rejected."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from accounts.file_door.bounds import MOST_REJECTED
from accounts.file_door.rows import Rejection, Row, RowSet, endless

SHOWN_REJECTED = 200  # on a page; all of them stand in the file of rejected rows


@dataclass
class Outcome:
    """The counts of an import, planned or done.

    `rows` are the data rows; `passed_over` the repeated headings, signing lines and notes between
    them. `notes` say what was not read (hidden sheets), `warnings` what to look at. `already` is the
    sentence of a file that was imported before and leaves nothing to do. `spoilt` are the rows of
    merged cells that were rejected, by sheet and number.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    missing: int = 0
    ended: int = 0
    passed_over: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    applied: bool = False
    already: str = ""
    spoilt: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, rows: RowSet) -> "Outcome":
        spoilt = {(row.sheet, row.number) for row in rows if row.spoilt}
        return cls(
            rows=len(rows.rows),
            passed_over=rows.passed_over,
            notes=list(rows.notes),
            spoilt=spoilt,
        )

    def sound(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that can be read; the faults of the others are taken up as rejections."""
        for row in rows:
            if row.faults:
                self.reject(row.faults)
            elif not row.spoilt:
                yield row

    def reject(self, faults: Iterable[Rejection]) -> None:
        """Take up rejections. Raises Refused for a file in which nearly nothing is right."""
        self.rejected += faults
        if len(self.rejected) > MOST_REJECTED:
            raise endless(self.rejected[0])

    @property
    def shown_rejected(self) -> list[Rejection]:
        """The first rejections, as many as a page can hold."""
        return self.rejected[:SHOWN_REJECTED]

    @property
    def rejected_rows(self) -> int:
        """How many rows do not come in; each counts once, however many faults it has."""
        return len({(one.sheet, one.row) for one in self.rejected} | self.spoilt)

    @property
    def refusal(self) -> str:
        """Why nothing came in."""
        return f"有 {self.rejected_rows} 行退回，什么都没有导入。"

    @property
    def idle(self) -> bool:
        """Would nothing be written?"""
        return not self.created and not self.updated and not self.ended

    def as_json(self) -> dict[str, Any]:
        told = {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "missing": self.missing,
            "rejected_rows": self.rejected_rows,
            "rejected": [rejection.as_json() for rejection in self.rejected],
            "warnings": self.warnings,
            "applied": self.applied,
            "passed_over": self.passed_over,
            "notes": self.notes,
        }
        return told | ({"already": self.already} if self.already else {})


@dataclass
class FilePlan(ABC):
    """All a file would do. `told` is what the preview stands for, as JSON can hold it: a plan made
    later that tells something else is another plan. `claimed` is what makes another import of the
    same content: the places it was brought for, however they were named."""

    outcome: Outcome

    @abstractmethod
    def told(self) -> object: ...

    def claimed(self) -> list[str]:
        return []
