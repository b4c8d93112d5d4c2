"""Which marks of a sheet wait, and what stands in their place until they are decided."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.enums import SCHOOL_STAFF
from accounts.models import User
from attendance.alerts import as_it_stood
from attendance.enums import TEACHERS_WORD, AlertState, Mark, ProposalState
from attendance.models import Absence, AbsenceAlert, ProposedMark, Register
from attendance.records import AbsenceAssessment, assess
from attendance.rolls import Pupil
from attendance.rules.lessening import lessens
from regions.days import PlaceRules
from regions.refusals import NoCalendar
from regions.rules.lengths import whole


@dataclass(frozen=True, slots=True)
class HeldMark:
    """One cell that waits: what stands (`was`), and what was entered (None: 到校)."""

    pupil: Pupil
    was: Mark
    was_note: str
    wanted: Mark | None
    note: str = ""


def held_marks(
    wanted: Mapping[str, tuple[Mark, str]],
    pupils: Iterable[Pupil],
    on: date,
    *,
    judged_on: date | None,
    today: date,
    place_rules: PlaceRules,
) -> dict[str, HeldMark]:
    """The cells of a sheet for `on` that would take days from an open alert, by the child's uid.

    `wanted` are its exceptions. Only a day that is past is asked about, and on the day itself a mark
    that stood when it was judged: who first marks the day says who came, be it late. No statement
    where no child of the class has an alert.
    """
    told = on < today or (judged_on is not None and on <= judged_on)
    alerted = [pupil for pupil in pupils if pupil.alerted and (told or on <= pupil.alerted)]
    if not alerted:
        return {}
    ids = [pupil.student_id for pupil in alerted]
    stood = {row.student_id: row for row in Absence.objects.filter(student_id__in=ids, on=on)}
    judged = _judged(ids, max(on, judged_on or on), place_rules)
    found = {}
    for pupil in alerted:
        mark, note = wanted.get(pupil.uid, (None, ""))
        row, answer = stood.get(pupil.student_id), judged[pupil.student_id]
        first_word_today = row is None and on == today
        if first_word_today or (row and row.mark == mark):
            continue
        if _takes_days(answer, on, mark, changes=bool(row)):
            was = Mark(row.mark) if row else Mark.PENDING
            found[pupil.uid] = HeldMark(pupil, was, row.note if row else "", mark, note)
    return found


def _judged(
    ids: list[int], on: date, place_rules: PlaceRules
) -> dict[int, AbsenceAssessment | NoCalendar]:
    alerts = AbsenceAlert.objects.filter(student_id__in=ids, state=AlertState.OPEN)
    of = {alert.student_id: [alert] for alert in alerts}
    return {
        pk: as_it_stood(answer, of[pk]) if isinstance(answer, AbsenceAssessment) else answer
        for pk, answer in assess(ids, on, place_rules).items()
    }


def _takes_days(
    answer: AbsenceAssessment | NoCalendar, on: date, mark: Mark | None, *, changes: bool
) -> bool:
    """Where the calendar cannot tell, whatever changes a mark is held."""
    if isinstance(answer, NoCalendar):
        return changes
    if on not in answer.facts:
        return False
    return lessens(answer.days, answer.facts, on, mark, answer.teacher_days)


def propose(
    held: Collection[HeldMark],
    register: Register,
    pupils: Iterable[Pupil],
    *,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    """Keep what was entered, beside what stands; the same again is the same. Call it in the
    transaction that has saved the register."""
    ids = [pupil.student_id for pupil in pupils]
    waiting = ProposedMark.objects.filter(
        student_id__in=ids, on=register.on, state=ProposalState.ASKED
    )
    open_ones = {row.student_id: row for row in waiting.select_for_update()}
    by_school = by.reach.holds(*SCHOOL_STAFF, over=register.path)
    for one in held:
        old = open_ones.pop(one.pupil.student_id, None)
        wanted = one.wanted or ""
        if old and old.wanted == wanted:
            continue
        if old:
            _replace(old)
        ProposedMark.objects.create(
            student_id=one.pupil.student_id,
            on=register.on,
            register=register,
            path=register.path,
            was=one.was,
            wanted=wanted,
            note=whole(one.note, 100, "备注"),
            reason=whole(reason, 200, "更正原因"),
            by_county=by_school or one.wanted in TEACHERS_WORD,
            asked_by=by,
            asked_at=at,
        )
    _let_go(open_ones)


def _let_go(others: dict[int, ProposedMark]) -> None:
    """What waited over a cell that was since changed in the register itself waits no more."""
    if not others:
        return
    days = {row.on for row in others.values()}
    rows = Absence.objects.filter(student_id__in=others, on__in=days)
    stands = dict(rows.values_list("student_id", "mark"))
    for pk, row in others.items():
        if stands.get(pk, "") != row.was:
            _replace(row)


def _replace(row: ProposedMark) -> None:
    row.state = ProposalState.REPLACED
    row.save(update_fields=["state"])
