"""Optimistic locking: whoever saves second keeps their input and sees who saved first."""

from datetime import datetime
from typing import Any

from django.db import models

from regions.refusals import Refused


class Conflict(Refused):
    """Somebody saved in between. Carries who, when, and the row as it stands now."""

    def __init__(self, theirs: models.Model, who: str, at: datetime | None) -> None:
        when = f"在 {at:%H:%M} " if at else ""
        super().__init__(f"你打开之后，{who}{when}改过。你的填写还在，没有丢。")
        self.theirs, self.who, self.at = theirs, who, at


def save_version(row: models.Model, version: int, **changes: Any) -> bool:
    """Change `row` if it still stands at `version`, in one statement; False when it does not."""
    changed = (
        type(row)
        ._default_manager.filter(pk=row.pk, version=version)
        .update(version=version + 1, **changes)
    )
    if changed:
        for field, value in {"version": version + 1, **changes}.items():
            setattr(row, field, value)
    return bool(changed)
