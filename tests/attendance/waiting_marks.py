"""Marks over an alert in the random lives: which ones wait is checked here, apart from the portal."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attendance.alerts import last_judged
from attendance.enums import AlertState, ProposalState
from attendance.models import AbsenceAlert, ProposedMark
from attendance.proposed_marks import deciding
from regions.clock import now
from tests.attendance.oracle import Answer, Version, answer

if TYPE_CHECKING:
    from tests.attendance.histories import Life

WORDS = "已问班主任和家长，当天在校"


class ProposedMarks:
    """What the saved sheets left to another's word, and how the life goes on after it."""

    def __init__(self, life: "Life") -> None:
        self.life = life
        self.held = self.confirmed = self.refused = 0

    def follow(self, room: str, on: date, marks: dict[str, str]) -> None:
        """Note a sheet as it was saved. No child with an alert has fewer unexplained days by it, and
        what waits would have taken one."""
        life, world = self.life, self.life.world
        by_uid = {student.pk: uid for uid, student in life.students.items()}
        waiting = {
            by_uid[row.student_id]: row
            for row in ProposedMark.objects.filter(on=on, state=ProposalState.ASKED)
            if row.register.school_class == life.classes[room]
        }
        alerted = self._alerted(room, on, by_uid)
        judged = max(on, last_judged(life.classes[room].path) or on)
        before = {uid: answer(uid, judged, world) for uid in alerted}
        versions = world.registers[room].setdefault(on, [])
        made = Version(life.tick, dict(marks))
        versions.append(made)
        as_said = {uid: answer(uid, judged, world) for uid in alerted}
        for uid, row in waiting.items():
            if row.wanted == marks.get(uid, ""):
                made.marks[uid] = row.was
        for uid in alerted:
            after = answer(uid, judged, world)
            assert not taken(before[uid], after), (uid, on, before[uid], after)
            if uid in waiting and made.marks.get(uid, "") != marks.get(uid, ""):
                self.held += 1
                was = before[uid]
                assert taken(was, as_said[uid]) or on in was.held or was.verdict == "alert"
                days = life.rng.randint(0, 6)
                life.at(life.today + timedelta(days=days), self._decide, uid, room, waiting[uid].pk)

    def _alerted(self, room: str, on: date, by_uid: dict[int, str]) -> list[str]:
        """The children of the room with an alert, where the day is past or was judged."""
        life = self.life
        judged = last_judged(life.classes[room].path)
        if not (on < life.today or (judged and on <= judged)):
            return []
        alerts = AbsenceAlert.objects.filter(state=AlertState.OPEN)
        sat = set(life._roll(room, on))
        return [by_uid[a.student_id] for a in alerts if by_uid[a.student_id] in sat]

    def _decide(self, uid: str, room: str, pk: int) -> None:
        row = ProposedMark.objects.get(pk=pk)
        if row.state != ProposalState.ASKED or self.life.rng.random() < 0.2:
            return
        agreed = self.life.rng.random() < 0.6
        verb = deciding.confirm if agreed else deciding.turn_down
        done = verb(pk, words=WORDS, by=self.life.bureau, on=self.life.today, at=now())
        if done.state == ProposalState.REPLACED:
            return
        self.confirmed += agreed
        self.refused += not agreed
        said = row.wanted if agreed else "absent" if row.was == "pending" else row.was
        for name, days in self.life.world.registers.items():
            versions = days.get(row.on)
            if versions and versions[-1].marks.get(uid) == row.was:
                marks = dict(versions[-1].marks)
                marks.pop(uid) if not said else marks.update({uid: said})
                versions[-1] = replace(versions[-1], marks=marks)
                self.life.intent[uid, row.on] = said
                assert name == room or not self.life.world.registers[room].get(row.on)


def taken(before: Answer, after: Answer) -> bool:
    """Has the child fewer unexplained days than before?"""
    return not set(before.unexplained) <= set(after.unexplained)
