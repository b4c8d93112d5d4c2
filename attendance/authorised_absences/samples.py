"""抽查: the bureau looks at a few of the leaves that schools granted alone, or their 中心校 granted."""

from datetime import date, time, timedelta

from django.db import transaction
from django.db.models import Case, Q, When

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

NOT_BY_BUREAU = Q(why_second="") | Q(by_central=True)
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


def _granted(path: str, first: date, last: date) -> list[Grant]:
    """What the bureau did not grant itself, from the month of the week of `first` to the week of
    `last`."""
    begins, ends = at(monday(first) + WEEK - MONTH, time()), at(monday(last) + WEEK, time())
    rows = (
        AuthorisedAbsence.objects.leaves()
        .annotate(granted_at=Case(When(by_central=True, then="second_at"), default="first_at"))
        .filter(inside("path", path), NOT_BY_BUREAU, granted_at__gte=begins, granted_at__lt=ends)
        .exclude(state=AbsenceState.REFUSED)
    )
    return [
        Grant(pk, place.split("C", 1)[0], local(granted_at).date())
        for pk, place, granted_at in rows.values_list("pk", "path", "granted_at")
    ]


def may_be_sampled(absence: AuthorisedAbsence) -> bool:
    return bool(absence.first_by_id) and (absence.by_central or not absence.why_second)


@transaction.atomic
def mark_sample(
    absence_id: int, *, result: SampleResult, note: str, by: User, on: date
) -> AuthorisedAbsence:
    """What the bureau found of a leave that it did not grant itself. Said once."""
    absence = locked(absence_id, by)
    require(RegisterRight.APPROVE, by, absence.path)
    require_state(absence, AbsenceState.APPROVED, AbsenceState.WITHDRAWN)
    if not may_be_sampled(absence) or absence.first_by is None:
        raise Refused("抽查的是学校、中心校准的假；这一份由县里批准，不用抽查。")
    if absence.sample_result:
        raise Refused("这一份已经核过。")
    for granter in (absence.first_by, absence.second_by):
        if granter and (refusal := why_dependent(by, granter, on)):
            raise Refused(refusal)
    if result is SampleResult.FALSE and not note.strip():
        raise Refused("不实的，请写明查到了什么。")
    absence.sampled_by, absence.sampled_at = by, now()
    absence.sample_result, absence.sample = result, whole(note.strip(), 200, "核查情况")
    absence.save(update_fields=["sampled_by", "sampled_at", "sample_result", "sample"])
    record("sample", absence, by, on, f"{result.label} {absence.sample}".strip())
    return absence
