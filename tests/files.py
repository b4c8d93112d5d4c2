"""Bringing a file through its door, for tests."""

from datetime import date

from accounts.file_door.door import Door, bring, preview
from accounts.file_door.outcome import Outcome
from accounts.models import User


def outcome_of(
    door: Door, content: bytes, name: str, *, by: User, on: date, apply: bool = True,
    partial: bool = False, seen: str = "",
) -> Outcome:  # fmt: skip
    """What came of the file, or without `apply` what would."""
    if not apply:
        return preview(door, content, name, by=by, on=on).outcome
    return bring(door, content, name, by=by, on=on, partial=partial, seen=seen).plan.outcome
