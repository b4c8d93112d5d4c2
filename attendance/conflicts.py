"""Somebody saved in between: what stood, what they made of it, and what you filled in, side by side."""

from datetime import date
from typing import cast
from uuid import uuid4

from accounts.models import Change
from accounts.versions import Conflict
from attendance.enums import mark_label
from attendance.models import Register
from attendance.pages import url_of
from attendance.registers import FilledRegister
from students.models import Enrolment


def page_of(class_id: int, on: date, sheet: FilledRegister, conflict: Conflict) -> dict:
    """The context of the conflict page; only real clashes need a choice."""
    standing = cast(Register, conflict.theirs)
    told = list(standing.absences.values_list("student__uid", "mark", "note"))
    theirs = {uid: mark for uid, mark, _note in told}
    opened = _opened(standing, sheet.version)
    mine = {uid: marked.mark for uid, marked in sheet.marks.items()}
    notes = {uid: note for uid, _mark, note in told}
    notes |= {uid: marked.note for uid, marked in sheet.marks.items() if marked.note}
    spells = Enrolment.objects.on(on).filter(school_class_id=class_id).select_related("student")
    rows = [
        _row(spell.student, opened, theirs, mine, notes)
        for spell in spells.order_by("seat_no", "pk")
        if {opened.get(spell.student.uid), theirs.get(spell.student.uid)} != {None}
        or spell.student.uid in mine
    ]
    return {
        "conflict": {
            "who": conflict.who,
            "at": conflict.at,
            "on": on,
            "url": url_of(class_id, on),
            "version": standing.version,
            "client_key": str(uuid4()),
            "taken_at": sheet.taken_at.isoformat() if sheet.taken_at else "",
            "class_label": standing.school_class.label(on),
            "reason": sheet.reason,
        },
        "rows": rows,
    }


def _opened(standing: Register, version: int) -> dict[str, str]:
    """The marks as they stood at `version`: nobody marked before the first."""
    if version == 0:
        return {}
    change = Change.objects.filter(
        kind="register", uid=str(standing.pk), before__version=version
    ).first()
    marks = change.before["marks"] if change else {}
    return {uid: mark for uid, (mark, _note) in marks.items()}


def _row(student, opened: dict, theirs: dict, mine: dict, notes: dict) -> dict:
    values = [marks.get(student.uid, "") for marks in (opened, theirs, mine)]
    before, other, own = values
    return {
        "uid": student.uid,
        "name": student.name,
        "opened": _shown(before),
        "theirs": _shown(other),
        "mine": _shown(own),
        "differs": other != own and other != before and own != before,
        "chosen": other if own == before else own,
        "note": notes.get(student.uid, ""),
    }


def _shown(value: str) -> dict[str, str]:
    return {"value": value, "label": mark_label(value)}
