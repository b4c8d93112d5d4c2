"""抽查: the bureau looks at a few of the leaves that schools granted alone."""

from datetime import date, time, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.seats.independence import why_dependent
from attendance.authorised_absences.writing import locked, record, require, require_state
from attendance.rights import RegisterRight
from attendance.rules.sampling import WEEK, Grant, draw, monday
from regions.clock import at, local, now
from regions.paths import inside
from regions.refusals import Refused
from regions.rules.lengths import whole
from students.enums import AbsenceState, SampleResult
from students.models import AuthorisedAbsence

MONTH = timedelta(days=38)  # a week's month begins at most so long before its Sunday
CARRIED = 4  # weeks for which a draw stays to be looked at


def drawn_of(path: str, week: date) -> list[int]:
    """The keys of the leaves to look at, of the week of `week`, among those granted at a county."""
    return draw(_granted(path, week, week), week)


def to_look_at(path: str, on: date) -> list[int]:
    """What was drawn at a county of the last whole week, and of the three before it what nobody has
    looked at yet: a draw does not end on Monday."""
    last = monday(on) - WEEK
    earlier = [last - WEEK * back for back in range(1, CARRIED)]
    grants = _granted(path, earlier[-1], last)
    owed = {key for week in earlier for key in draw(grants, week)}
    unseen = AuthorisedAbsence.objects.filter(pk__in=owed, sample_result="")
    return sorted({*draw(grants, last), *unseen.values_list("pk", flat=True)})


def waiting_samples(path: str, on: date) -> int:
    """How many of these nobody has looked at yet."""
    keys = to_look_at(path, on)
    return AuthorisedAbsence.objects.filter(pk__in=keys, sample_result="").count() if keys else 0


def _granted(path: str, first: date, last: date) -> list[Grant]:
    """What schools granted alone from the month of the week of `first` to the week of `last`."""
    begins, ends = monday(first) + WEEK - MONTH, monday(last) + WEEK
    days = Q(first_at__gte=at(begins, time()), first_at__lt=at(ends, time()))
    decided = AuthorisedAbsence.objects.leaves().filter(days, inside("path", path), why_second="")
    rows = decided.exclude(state=AbsenceState.REFUSED)
    return [
        Grant(pk, place.split("C", 1)[0], local(first_at).date())
        for pk, place, first_at in rows.values_list("pk", "path", "first_at")
    ]


@transaction.atomic
def mark_sample(
    absence_id: int, *, result: SampleResult, note: str, by: User, on: date
) -> AuthorisedAbsence:
    """What the bureau found of a leave that the school granted alone. Said once."""
    absence = locked(absence_id, by)
    require(RegisterRight.APPROVE, by, absence.path)
    require_state(absence, AbsenceState.APPROVED, AbsenceState.WITHDRAWN)
    if absence.why_second or absence.first_by is None:
        raise Refused("抽查的是学校自己准的假；这一份由县里批准，不用抽查。")
    if absence.sample_result:
        raise Refused("这一份已经核过。")
    if refusal := why_dependent(by, absence.first_by, on):
        raise Refused(refusal)
    if result is SampleResult.FALSE and not note.strip():
        raise Refused("不实的，请写明查到了什么。")
    absence.sampled_by, absence.sampled_at = by, now()
    absence.sample_result, absence.sample = result, whole(note.strip(), 200, "核查情况")
    absence.save(update_fields=["sampled_by", "sampled_at", "sample_result", "sample"])
    record("sample", absence, by, on, f"{result.label} {absence.sample}".strip())
    return absence
