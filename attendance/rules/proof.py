"""A proof: all that an alert was raised on, from which the same answer can be computed again.

Shape (JSON): {"on": day, "threshold": n, "teacher_days": n, "policy": source, "days": [{"day",
"state", "taken", "listed", "mark", "leave", "away", "held", "settled", "by", "note"}],
"off": [{"day", "why"}]}; days in order, from the day the child was last seen (or the first on file)
to `on`. A `settled` day was answered for by an alert before this one and is not counted again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from attendance.enums import Mark
from attendance.rules.streaks import DayFacts, Unseen, day_state, unseen
from students.enums import AbsenceState


@dataclass(frozen=True, slots=True)
class Source:
    """Where a day's facts come from: who took the register, and the note beside the mark."""

    by: str = ""
    note: str = ""


def write(
    on: date,
    days: Sequence[date],
    facts: Mapping[date, DayFacts],
    sources: Mapping[date, Source],
    *,
    threshold: int,
    teacher_days: int,
    policy: str,
    settled: Collection[date] = (),
) -> dict:
    """The proof of what the rule said on `on`."""
    run = unseen(days, facts, teacher_days)
    since = run.last_seen or (days[0] if days else on)
    return {
        "on": on.isoformat(),
        "threshold": threshold,
        "teacher_days": teacher_days,
        "policy": policy,
        "days": [
            _line(day, facts.get(day, DayFacts(taken=False)), sources.get(day, Source()), settled)
            for day in days
            if day >= since
        ],
    }


def _line(day: date, known: DayFacts, source: Source, settled: Collection[date]) -> dict:
    return {
        "day": day.isoformat(),
        "state": day_state(known).value,
        "taken": known.taken,
        "listed": known.listed,
        "mark": known.mark if known.mark else "",
        "leave": known.leave if known.leave else "",
        "away": known.away,
        "held": known.held,
        "settled": day in settled,
        "by": source.by,
        "note": source.note,
    }


def read(proof: Mapping) -> Unseen:
    """Compute the run again from a stored proof alone."""
    facts = {
        date.fromisoformat(line["day"]): DayFacts(
            taken=line["taken"],
            listed=line["listed"],
            mark=Mark(line["mark"]) if line["mark"] else None,
            leave=AbsenceState(line["leave"]) if line["leave"] else None,
            away=line["away"],
            held=line["held"],
        )
        for line in proof["days"]
    }
    settled = [date.fromisoformat(line["day"]) for line in proof["days"] if line["settled"]]
    return unseen(sorted(facts), facts, proof["teacher_days"]).outside(settled, settled)
